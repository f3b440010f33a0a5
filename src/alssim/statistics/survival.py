"""Survival curves of times that may be censored on the right and truncated on the left.

Times may be in any unit; every function gives back the unit it was given. Who is at risk when:
see ``followup``.

Sources: Kaplan and Meier 1958 (J Am Stat Assoc 53:457) for the estimate; Greenwood 1926 for its
variance; Kalbfleisch and Prentice 1980 for the interval on the log(-log) scale; Brookmeyer and
Crowley 1982 (Biometrics 38:29) for quantiles; Andersen et al. 1993 for left truncation.
"""

from dataclasses import dataclass
from statistics import NormalDist
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from alssim.errors import UsageError
from alssim.statistics.effect import checked_level
from alssim.statistics.followup import BoolArray as BoolArray
from alssim.statistics.followup import FloatArray as FloatArray
from alssim.statistics.followup import FollowUp, count_at_risk, follow_up, freeze
from alssim.statistics.followup import IntArray as IntArray

ROUNDING = 1e-9  # two shares closer than this are the same share


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its interval; not-a-number stands for "not reached" or "not known"."""

    value: float
    low: float
    high: float

    def times(self, factor: float) -> "Estimate":
        """Return the same in another unit; the factor is above 0."""
        return Estimate(factor * self.value, factor * self.low, factor * self.high)


class Steps(Protocol):
    """A survival curve that can be read: of people who count alike, or by weight."""

    @property
    def times(self) -> FloatArray:
        """Ascending times at which an event happened [step]."""

    @property
    def survival(self) -> FloatArray:
        """Chance of living beyond that time [step]."""

    @property
    def lower(self) -> FloatArray:
        """Lower limit [step]."""

    @property
    def upper(self) -> FloatArray:
        """Upper limit [step]."""

    @property
    def last(self) -> float:
        """Longest follow-up."""


@dataclass(frozen=True, slots=True, eq=False)
class SurvivalCurve:
    """A Kaplan-Meier curve: 1 before the first event, then one row per distinct event time.

    times      [step]  ascending times at which an event happened
    survival   [step]  chance of living beyond that time
    lower      [step]  lower limit of the pointwise interval
    upper      [step]  upper limit
    at_risk    [step]  patients under observation just before that time
    events     [step]  events at that time
    patients           number of patients
    last               longest follow-up; the curve is unknown beyond it unless it has reached 0
    level              coverage of the interval, for example 0.95
    """

    times: FloatArray
    survival: FloatArray
    lower: FloatArray
    upper: FloatArray
    at_risk: IntArray
    events: IntArray
    patients: int
    last: float
    level: float

    def __post_init__(self) -> None:
        freeze(self)


def kaplan_meier(
    time: ArrayLike, event: ArrayLike, entry: ArrayLike | None = None, level: float = 0.95
) -> SurvivalCurve:
    """Estimate survival from times that may be censored or enter late.

    Parameters
    ----------
    time : [patient], time of the event, or of the end of follow-up
    event : [patient], true where the event happened at ``time``, false where it is censored
    entry : [patient], time from which the patient is observed, below ``time``; None = always
    level : coverage of the pointwise interval, between 0 and 1

    Raises ``UsageError`` for no patients, unequal lengths, times that are not finite, or an
    entry that is not before its time.

    At a survival of 0 the variance is infinite; there the lower limit is 0 and the upper limit
    stays that of the step before, which is never too narrow.
    """
    return curve_of(follow_up(time, event, entry), level)


def curve_of(seen: FollowUp, level: float = 0.95) -> SurvivalCurve:
    """Estimate survival from a follow-up, as ``kaplan_meier`` does."""
    when, events = np.unique(seen.time[seen.event], return_counts=True)
    at_risk = count_at_risk(seen.time, seen.entry, when)
    survival = np.cumprod(1 - events / at_risk, dtype=np.float64)
    variance = _greenwood(survival, at_risk, events)
    lower, upper = log_log_limits(survival, variance, normal_quantile(level))
    last = float(seen.time.max())
    return SurvivalCurve(when, survival, lower, upper, at_risk, events, seen.patients, last, level)


def survival_at(curve: Steps, months: ArrayLike) -> FloatArray:
    """Return the chance of living beyond each time; same shape as ``months``.

    Not-a-number beyond the longest follow-up, unless the curve has reached 0 by then.
    """
    return _read(curve, curve.survival, months)


def interval_at(curve: Steps, months: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return the lower and upper limit of the curve at each time, as ``survival_at`` does."""
    return _read(curve, curve.lower, months), _read(curve, curve.upper, months)


def quantile(curve: Steps, share: float = 0.5) -> Estimate:
    """Return the time by which a share of the patients has had the event, with its interval.

    The first time at which the curve is at or below 1 - ``share``; the limits are the first
    times at which the lower and the upper limit of the curve are. Not-a-number: not reached.
    """
    if not 0 < share < 1:
        raise UsageError(f"share = {share:g} is not between 0 and 1")
    left = 1 - share
    rows = (curve.survival, curve.lower, curve.upper)
    value, low, high = (_first_at_or_below(curve.times, row, left) for row in rows)
    return Estimate(value, low, high)


def median(curve: Steps) -> Estimate:
    """Return the time by which half of the patients have had the event."""
    return quantile(curve, 0.5)


def numbers_at_risk(time: ArrayLike, grid: ArrayLike, entry: ArrayLike | None = None) -> IntArray:
    """Count the patients under observation just before each time of ``grid``.

    As printed under a survival curve: who enters exactly at a time of the grid is counted there.
    """
    seen = follow_up(time, np.zeros(np.shape(time), dtype=bool), entry)
    return count_at_risk(seen.time, seen.entry, np.asarray(grid, np.float64), entered_at="at")


def restricted_mean(curve: Steps, horizon: float) -> float:
    """Return the mean time lived between 0 and ``horizon``: the area under the curve.

    Raises ``UsageError`` when the curve is not known up to ``horizon``.
    """
    if not horizon > 0:
        raise UsageError(f"horizon = {horizon:g} is not above 0")
    if np.isnan(survival_at(curve, horizon)):
        raise UsageError(f"horizon = {horizon:g} is beyond the follow-up of {curve.last:g}")
    inside = curve.times[(curve.times > 0) & (curve.times < horizon)]
    edges = np.concatenate(([0.0], inside, [horizon]))
    return float(np.sum(np.diff(edges) * survival_at(curve, edges[:-1])))


def influence(
    curve: SurvivalCurve,
    time: ArrayLike,
    event: ArrayLike,
    month: float,
    entry: ArrayLike | None = None,
) -> FloatArray:
    """Return what each patient adds to the survival at one time [patient]; the mean is 0.

    The empirical influence function of the Kaplan-Meier estimate (Reid 1981, Ann Stat 9:78).
    Without censoring it is 1 - survival for who lives beyond ``month`` and -survival for the
    others. Without late entry the mean square divided by the number of patients is Greenwood's
    variance; the difference of two such functions gives the variance of a paired difference.
    The patients must be those of ``curve``.
    """
    seen = follow_up(time, event, entry)
    steps = int(np.searchsorted(curve.times, month, side="right"))
    weight = np.zeros(len(curve.times))
    weight[:steps] = curve.survival[steps - 1] if steps else 1.0
    return spread_over_patients(curve, seen, weight)


def spread_over_patients(curve: SurvivalCurve, seen: FollowUp, weight: FloatArray) -> FloatArray:
    """Return the influence of each patient on a functional of the curve [patient].

    ``weight`` [step] is by how much the functional falls when the log of the curve falls by one
    at that step: the survival itself for survival at a later time, the area to come for a
    restricted mean. Where the curve reaches 0 the weight must be 0.
    """
    risk, died = curve.at_risk, curve.events
    left = np.maximum(risk - died, 1)  # 0 only where the weight is 0
    expected = np.concatenate(([0.0], np.cumsum(weight * died / (risk * left))))
    passed = np.searchsorted(curve.times, seen.time, side="right")
    each = expected[passed]
    if seen.entry is not None:
        each -= expected[np.searchsorted(curve.times, seen.entry, side="right")]
    each[seen.event] -= (weight / left)[passed[seen.event] - 1]
    return np.asarray(seen.patients * each, np.float64)


def normal_half_width(level: float, error: float) -> float:
    """Return half the width of a normal interval for a standard error."""
    return normal_quantile(level) * error


def normal_quantile(level: float) -> float:
    """Return how many standard errors half a normal interval spans: 1.96 for 0.95."""
    return NormalDist().inv_cdf((1 + checked_level(level)) / 2)


def _greenwood(survival: FloatArray, at_risk: IntArray, events: IntArray) -> FloatArray:
    """Greenwood's variance of the logarithm, while the curve is above 0 [step of these]."""
    alive = survival > 0
    died, risk = events[alive].astype(np.float64), at_risk[alive].astype(np.float64)
    return np.cumsum(died / (risk * (risk - died)))


def log_log_limits(
    survival: FloatArray, variance: FloatArray, z: float
) -> tuple[FloatArray, FloatArray]:
    """Carry the variance of the logarithm to the log(-log) scale and back.

    ``survival`` [step]; ``variance`` [step with a survival above 0].
    """
    lower, upper = np.zeros_like(survival), np.ones_like(survival)
    alive = survival > 0
    left = survival[alive]
    error = np.sqrt(variance) / -np.log(left)
    lower[alive] = left ** np.exp(z * error)
    upper[alive] = left ** np.exp(-z * error)
    if len(left):
        upper[~alive] = upper[alive][-1]
    return lower, upper


def _read(curve: Steps, row: FloatArray, months: ArrayLike) -> FloatArray:
    when = np.asarray(months, np.float64)
    steps = np.concatenate(([1.0], row))
    values = steps[np.searchsorted(curve.times, when, side="right")]
    ended = bool(len(curve.survival)) and curve.survival[-1] == 0
    unknown = np.isnan(when) if ended else ~(when <= curve.last)
    return np.where(unknown, np.nan, values)


def _first_at_or_below(times: FloatArray, row: FloatArray, left: float) -> float:
    reached = np.flatnonzero(row <= left + ROUNDING)
    return float(times[reached[0]]) if reached.size else float("nan")
