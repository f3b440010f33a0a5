"""Compare the arms of trials by each of their endpoints: estimate, interval and p-value.

In a trial each patient is in one arm, so tests of two groups are legitimate. What each estimate
counts, treated against control, is in ``SCALES``.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alssim.errors import UsageError
from alssim.parameters.trial import Endpoint
from alssim.statistics.ancova import compare_change
from alssim.statistics.contrasts import Contrast
from alssim.statistics.effect import Effect, effect
from alssim.statistics.followup import BoolArray, FloatArray
from alssim.statistics.joint import compare_joint_slopes
from alssim.statistics.joint_rank import compare_joint_rank
from alssim.statistics.logrank import logrank
from alssim.statistics.milestones import survival_difference
from alssim.statistics.mixed import compare_slopes
from alssim.statistics.proportions import compare_shares
from alssim.statistics.survival import kaplan_meier
from alssim.statistics.two_arms import HazardRatio, hazard_ratio
from alssim.studies.trial.drawing import Trials

SCALES = {
    "survival": "hazard ratio",
    "milestone": "share alive",
    "slope": "points per month",
    "change": "points",
    "cafs": "share of comparisons won less lost",
    "kings": "share who progress",
    "responders": "share of responders",
    "biomarker": "ratio",
}
RATIOS = ("hazard ratio", "ratio")
"""Scales whose estimates are kept as logarithms."""

BETTER = {"survival": -1, "kings": -1, "biomarker": -1}
"""Sign of an estimate that favours the treatment, where it is not +1."""


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """One endpoint of trials.

    effect   treated against control [replicate]; not-a-number where it cannot be told, with p = 1
    control, treated   what each arm shows by itself [replicate]: mean, slope, or share with the
             event
    """

    endpoint: Endpoint
    effect: Effect
    control: FloatArray
    treated: FloatArray

    @property
    def better(self) -> int:
        """The sign of an estimate that favours the treatment."""
        milestone = self.endpoint.analysis == "milestone"
        return 1 if milestone else BETTER.get(self.endpoint.kind, 1)

    @property
    def scale(self) -> str:
        """What the estimate counts."""
        if self.endpoint.kind == "kings" and self.endpoint.analysis == "logrank":
            return SCALES["survival"]
        return SCALES["milestone" if self.endpoint.analysis == "milestone" else self.endpoint.kind]

    @property
    def is_ratio(self) -> bool:
        """Whether the estimate is the logarithm of a ratio."""
        return self.scale in RATIOS


def analyse(trials: Trials, endpoint: Endpoint) -> Result:
    """Compare the arms of every trial by one endpoint.

    Raises ``UsageError``, with the name of the endpoint, where the trials are too small for it.
    """
    try:
        return _WAYS[endpoint.kind](trials, endpoint)
    except UsageError as error:
        trial = trials.trial
        size = f"per_arm = {trial.per_arm}, follow_up = {trial.follow_up}"
        remedy = "raise per_arm or follow_up, or leave the endpoint out"
        raise UsageError(f"endpoint {endpoint.name!r} ({size}): {error}; {remedy}") from None


def last_month(trials: Trials, endpoint: Endpoint) -> int:
    """Return the month of the comparison."""
    return endpoint.month or trials.trial.follow_up


# ------------------------------------------------------------------------------ time to an event


def followed(trials: Trials, endpoint: Endpoint) -> tuple[FloatArray, BoolArray]:
    """Return months followed and whether the event came [replicate, patient]."""
    limit = np.full(trials.person.shape, float(last_month(trials, endpoint)))
    if not trials.trial.deaths_known:
        limit = np.minimum(limit, trials.left)
    end = trials.ends[endpoint.event]
    return np.minimum(end, limit), end <= limit


def _survival(trials: Trials, endpoint: Endpoint) -> Result:
    time, event = followed(trials, endpoint)
    if endpoint.analysis == "milestone":
        return _alive_at(trials, endpoint, time, event)
    return _timed(trials, endpoint, time, event)


def _timed(trials: Trials, endpoint: Endpoint, time: FloatArray, event: BoolArray) -> Result:
    """Compare times by the log-rank test or Cox regression; the estimate is a log hazard ratio."""
    rows = [
        _hazards(t, e, trials.treated, endpoint.analysis) for t, e in zip(time, event, strict=True)
    ]
    value, error, p = (np.array(column) for column in zip(*rows, strict=True))
    shares = [event[:, arm].mean(axis=1) for arm in (~trials.treated, trials.treated)]
    return Result(endpoint, _with_p(effect(value, error), p), *shares)


def _hazards(
    time: FloatArray, event: BoolArray, treated: BoolArray, way: str
) -> tuple[float, float, float]:
    """Return log hazard ratio, its error and p; 1 where nothing tells the arms apart."""
    if not event.any():
        return np.nan, np.nan, 1.0
    found: HazardRatio = hazard_ratio(time, event, treated)
    p = found.p if way == "cox" else logrank(time, event, treated).p
    known = np.isfinite(found.log_ratio) and np.isfinite(found.error)
    value = (found.log_ratio, found.error) if known else (np.nan, np.nan)
    return *value, p if np.isfinite(p) else 1.0


def _alive_at(trials: Trials, endpoint: Endpoint, time: FloatArray, event: BoolArray) -> Result:
    """Compare the shares alive at a month, by Kaplan and Meier's estimate."""
    month, treated = float(last_month(trials, endpoint)), trials.treated
    rows = []
    for t, e in zip(time, event, strict=True):
        first, second = (kaplan_meier(t[arm], e[arm]) for arm in (~treated, treated))
        alive = (_at(curve.times, curve.survival, month) for curve in (first, second))
        rows.append((*_difference(survival_difference(first, second, month)), *alive))
    value, error, low, high, p, control, others = (np.array(x) for x in zip(*rows, strict=True))
    found = Effect(value, error, np.full_like(value, np.inf), low, high, p)
    return Result(endpoint, found, control, others)


def _at(times: FloatArray, survival: FloatArray, month: float) -> float:
    place = int(np.searchsorted(times, month, side="right"))
    return float(survival[place - 1]) if place else 1.0


def _difference(found: Contrast) -> tuple[float, float, float, float, float]:
    p = found.p if np.isfinite(found.p) else 1.0
    return found.value, found.error, found.low, found.high, p


def _kings(trials: Trials, endpoint: Endpoint) -> Result:
    """Compare who reaches a higher King's stage, or dies, by a month."""
    time, event = _progression(trials, last_month(trials, endpoint))
    if endpoint.analysis == "logrank":
        return _timed(trials, endpoint, time, event)
    known = event | (time >= last_month(trials, endpoint))
    return _shares(trials, endpoint, event, known)


def _progression(trials: Trials, month: int) -> tuple[FloatArray, BoolArray]:
    """Return the month of progression or of the last visit, and whether there was progression."""
    start = int(np.flatnonzero(trials.months == 0)[0])
    later = (trials.months > 0) & (trials.months <= month)
    months = trials.months[later].astype(np.float64)
    stage = trials.kings[..., later]
    seen = stage > 0
    worse = seen & (stage > trials.kings[..., start, None])
    first = np.where(worse, months, np.inf).min(axis=2)
    last = np.where(seen, months, 0.0).max(axis=2)
    death = trials.ends["death"]
    known = death <= np.minimum(month, np.inf if trials.trial.deaths_known else trials.left)
    end = np.minimum(first, np.where(known, death, np.inf))
    event = np.isfinite(end)
    return np.where(event, end, np.maximum(last, 0.01)), event


# --------------------------------------------------------------------------------------- scores


def _slope(trials: Trials, endpoint: Endpoint) -> Result:
    month = last_month(trials, endpoint)
    kept = (trials.months >= 0) & (trials.months <= month)
    months = trials.months[kept].astype(np.float64)
    scores = trials.total[..., kept]
    arms = np.broadcast_to(trials.treated, trials.person.shape)
    if endpoint.analysis == "joint":
        died = trials.ends["death"] <= np.minimum(month, trials.left)
        end = np.minimum(trials.ends["death"], np.minimum(month, trials.left))
        joint = compare_joint_slopes(scores, months, np.maximum(end, 0.01), died, arms)
        return _slopes(endpoint, joint.difference, joint.untreated, joint.treated)
    found = compare_slopes(scores, months, arms)
    return _slopes(endpoint, found.difference, found.untreated, found.treated)


def _slopes(endpoint: Endpoint, apart: Effect, control: Effect, treated: Effect) -> Result:
    return Result(endpoint, apart, control.value, treated.value)


def _change(trials: Trials, endpoint: Endpoint) -> Result:
    return _ancova(trials, endpoint, trials.total)


def _marker(trials: Trials, endpoint: Endpoint) -> Result:
    return _ancova(trials, endpoint, trials.marker)


def _ancova(trials: Trials, endpoint: Endpoint, values: FloatArray) -> Result:
    start, end = (
        int(np.flatnonzero(trials.months == m)[0]) for m in (0, last_month(trials, endpoint))
    )
    found = compare_change(values[..., start], values[..., end], trials.treated)
    return Result(endpoint, found.difference, found.untreated.value, found.treated.value)


def _cafs(trials: Trials, endpoint: Endpoint) -> Result:
    """Compare joint ranks of function and survival; the estimate does not grow with the trial."""
    month = float(last_month(trials, endpoint))
    kept = (trials.months >= 0) & (trials.months <= month)
    months, size = trials.months[kept].astype(np.float64), len(trials.treated)
    rows = []
    for scores, death, left in zip(
        trials.total[..., kept], trials.ends["death"], trials.left, strict=True
    ):
        gone = np.full_like(left, np.inf) if trials.trial.deaths_known else left
        end = np.minimum(np.minimum(death, gone), month)
        found = compare_joint_rank(scores, months, end, death <= end, trials.treated, month)
        apart = found.ranks.difference
        p = found.wilcoxon if endpoint.analysis == "wilcoxon" else float(apart.p)
        means = (float(arm.value) for arm in (found.ranks.untreated, found.ranks.treated))
        rows.append((float(apart.value), float(apart.error), float(apart.degrees), p, *means))
    value, error, degrees, p_values, *means_of = (np.array(x) for x in zip(*rows, strict=True))
    scale = 2 / size
    found_effect = _with_p(effect(value * scale, error * scale, degrees), p_values)
    return Result(endpoint, found_effect, means_of[0] / size, means_of[1] / size)


def _responders(trials: Trials, endpoint: Endpoint) -> Result:
    """Compare who declines more slowly than in the lead-in; who dies or leaves is none."""
    month = last_month(trials, endpoint)
    before = (trials.months <= 0, trials.months)
    after = ((trials.months >= 0) & (trials.months <= month), trials.months)
    gain = _own_slope(trials.total, *after) - _own_slope(trials.total, *before)
    last = int(np.flatnonzero(trials.months == month)[0])
    finished = ~np.isnan(trials.total[..., last])
    responds = finished & (gain >= endpoint.better)
    return _shares(trials, endpoint, responds, np.ones_like(responds))


def _own_slope(total: FloatArray, kept: BoolArray, months: NDArray[np.int64]) -> FloatArray:
    """Return each patient's least-squares slope over some visits; 0 with fewer than two."""
    scores, when = total[..., kept], months[kept].astype(np.float64)
    seen = ~np.isnan(scores)
    count = np.maximum(seen.sum(axis=-1), 1)
    middle = (seen * when).sum(axis=-1) / count
    apart = np.where(seen, when - middle[..., None], 0.0)
    spread = (apart**2).sum(axis=-1)
    along = (apart * np.where(seen, scores, 0.0)).sum(axis=-1)
    return np.asarray(np.where(spread > 0, along / np.where(spread > 0, spread, 1), 0.0))


def _shares(trials: Trials, endpoint: Endpoint, hits: BoolArray, known: BoolArray) -> Result:
    """Compare shares of the patients of whom it is known."""
    arms = (~trials.treated, trials.treated)
    counts = [(hits & known)[:, arm].sum(axis=1) for arm in arms]
    sizes = [np.maximum(known[:, arm].sum(axis=1), 1) for arm in arms]
    found = compare_shares(counts[1], sizes[1], counts[0], sizes[0])
    return Result(endpoint, found, counts[0] / sizes[0], counts[1] / sizes[1])


def _with_p(found: Effect, p: FloatArray) -> Effect:
    return Effect(found.value, found.error, found.degrees, found.low, found.high, p)


_WAYS: dict[str, Callable[[Trials, Endpoint], Result]] = {
    "survival": _survival,
    "slope": _slope,
    "change": _change,
    "cafs": _cafs,
    "kings": _kings,
    "responders": _responders,
    "biomarker": _marker,
}
