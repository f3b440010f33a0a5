"""Thousands of virtual trials: power, false positives, exaggeration and wrong signs.

Everything is counted over trials drawn from the pool; nothing assumes a hazard ratio. The truth of
an estimate is its mean over the trials: what the same analysis gives on average.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from alssim.errors import UsageError
from alssim.model.backend import Backend
from alssim.model.simulate import Progress
from alssim.parameters.trial import Endpoint, Trial
from alssim.statistics.followup import FloatArray
from alssim.statistics.proportions import share
from alssim.studies.trial.drawing import Trials, draw
from alssim.studies.trial.endpoints import Result, analyse
from alssim.studies.trial.looks import Stopped, look
from alssim.studies.trial.plan import Plan
from alssim.studies.trial.pool import Pool, gather

RATINGS_AT_ONCE = 120_000  # visits of all trials that are drawn together
CLEAR = 3.0  # standard errors from nothing at which an effect counts as known
MOST_PEOPLE_AT_ONCE = 20_000  # fresh patients held together


@dataclass(frozen=True, slots=True)
class Chance:
    """A share of trials, with Wilson's 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, eq=False)
class EndpointOperating:
    """How one endpoint does over many trials.

    value, low, high, p   [replicate] of every trial; logarithms where ``ratio``
    truth        mean of the estimates, with its standard error ``truth_error``
    spread       SD of the estimates; middle 95 % of them from ``lowest`` to ``highest``
    power        share of the trials with p below the significance level
    right        share that is significant and favours the treatment
    exaggeration mean size of significant estimates over the size of the truth (type M)
    wrong_sign   share of the significant that point away from the truth (type S)
    covers       share of the 95 % intervals that hold the truth
    unknown      trials without an estimate

    Exaggeration and wrong signs are not-a-number where no trial is significant, and where the
    truth is within three standard errors of nothing: what is nothing cannot be exaggerated.
    """

    endpoint: Endpoint
    scale: str
    ratio: bool
    better: int
    value: FloatArray
    low: FloatArray
    high: FloatArray
    p: FloatArray
    control: float
    treated: float
    truth: float
    truth_error: float
    spread: float
    lowest: float
    highest: float
    power: Chance
    right: Chance
    exaggeration: float
    wrong_sign: float
    covers: Chance
    unknown: int


@dataclass(frozen=True, slots=True, eq=False)
class EarlyStops:
    """How a trial with interim looks does.

    shares       [look] of the patients seen;  limits, floors [look] of the z statistic
    stops        [look] share of the trials that stop there
    crossed      share of the trials that cross a limit at any look
    futile       share that stop for futility
    regardless   share that would cross a limit if futility never stopped a trial; with a
                 treatment that does nothing, the false-positive rate of whoever goes on
    mean_share   share of the patients seen on average;  mean_size: their number
    exaggeration of the estimates of trials that crossed
    """

    shares: tuple[float, ...]
    limits: tuple[float, ...]
    floors: tuple[float, ...]
    stops: tuple[float, ...]
    crossed: Chance
    futile: Chance
    regardless: Chance
    mean_share: float
    mean_size: float
    exaggeration: float


@dataclass(frozen=True, slots=True, eq=False)
class Operating:
    """What many trials of one design show; ``fresh``: each patient took part in one trial."""

    trial: Trial
    replicates: int
    people: int
    fresh: bool
    endpoints: tuple[EndpointOperating, ...]
    early: EarlyStops | None


def replicate(
    pool: Pool,
    replicates: int,
    trial: Trial | None = None,
    first: int = 0,
    progress: Progress | None = None,
) -> Operating:
    """Carry out many trials with people of the pool, and count what they show.

    ``trial`` may differ from the pool's as in ``draw``; ``first`` is the number of the first.
    """
    design = pool.trial if trial is None else trial
    check_replicates(replicates)
    batches = _drawn(pool, design, replicates, first)
    return _counted(design, batches, replicates, len(pool), False, progress)


def replicate_fresh(
    plan: Plan, replicates: int, backend: Backend = "auto", progress: Progress | None = None
) -> Operating:
    """Carry out many trials, each with people who take part in no other."""
    check_replicates(replicates)
    people = replicates * plan.trial.size
    batches = _drawn_fresh(plan, replicates, backend)
    return _counted(plan.trial, batches, replicates, people, True, progress)


def check_replicates(replicates: int) -> None:
    """Raise ``UsageError`` unless so many trials can be counted."""
    if not 2 <= replicates <= 100_000:
        raise UsageError(f"replicates = {replicates}; allowed: 2 to 100,000")


def _drawn(pool: Pool, design: Trial, replicates: int, first: int) -> Iterator[Trials]:
    size = max(1, RATINGS_AT_ONCE // (design.size * len(pool.months)))
    for start in range(first, first + replicates, size):
        numbers = np.arange(start, min(start + size, first + replicates))
        yield draw(pool, numbers, design)


def _drawn_fresh(plan: Plan, replicates: int, backend: Backend) -> Iterator[Trials]:
    size = max(1, MOST_PEOPLE_AT_ONCE // plan.trial.size)
    asked = 0
    for start in range(0, replicates, size):
        numbers = np.arange(start, min(start + size, replicates))
        pool = gather(plan, len(numbers) * plan.trial.size, backend, first=asked)
        asked += int(pool.asked.max())
        yield draw(pool, numbers, fresh=True)


def _counted(
    design: Trial,
    batches: Iterator[Trials],
    replicates: int,
    people: int,
    fresh: bool,
    progress: Progress | None,
) -> Operating:
    found: list[list[Result]] = [[] for _ in design.endpoints]
    stops: list[Stopped] = []
    done = 0
    for trials in batches:
        for row, endpoint in enumerate(design.endpoints):
            found[row].append(analyse(trials, endpoint))
        if design.looks.shares:
            stops.append(look(trials))
        done += len(trials)
        if progress is not None:
            progress(done, replicates)
    endpoints = tuple(_operating(parts, design.significance) for parts in found)
    first = endpoints[0]
    clear = abs(first.truth) > CLEAR * first.truth_error
    early = _early(stops, design.size, first.truth if clear else np.nan) if stops else None
    return Operating(design, replicates, people, fresh, endpoints, early)


def _operating(parts: list[Result], significance: float) -> EndpointOperating:
    one = parts[0]
    value, low, high, p = (
        np.concatenate([getattr(part.effect, name) for part in parts])
        for name in ("value", "low", "high", "p")
    )
    known = np.isfinite(value)
    truth, spread = _mean(value[known]), _sd(value[known])
    positive = p < significance
    right = positive & (value * one.better > 0)
    counted = positive & known
    covers = (low <= truth) & (truth <= high)
    error = spread / np.sqrt(max(int(known.sum()), 1))
    about = truth if abs(truth) > CLEAR * error else np.nan
    lowest, highest = np.quantile(value[known], [0.025, 0.975]) if known.any() else (np.nan,) * 2
    return EndpointOperating(
        endpoint=one.endpoint,
        scale=one.scale,
        ratio=one.is_ratio,
        better=one.better,
        value=value,
        low=low,
        high=high,
        p=p,
        control=_mean(np.concatenate([part.control for part in parts])),
        treated=_mean(np.concatenate([part.treated for part in parts])),
        truth=truth,
        truth_error=error,
        spread=spread,
        lowest=float(lowest),
        highest=float(highest),
        power=chance(int(positive.sum()), len(p)),
        right=chance(int(right.sum()), len(p)),
        exaggeration=_mean(np.abs(value[counted])) / abs(about),
        wrong_sign=_mean(np.where(np.isnan(about), np.nan, value[counted] * truth < 0)),
        covers=chance(int(covers[known].sum()), int(known.sum())),
        unknown=int((~known).sum()),
    )


def chance(count: int, trials: int) -> Chance:
    """Return a share of trials with its interval."""
    found = share(count, max(trials, 1))
    return Chance(float(found.value), float(found.low), float(found.high))


def _early(stops: list[Stopped], size: int, truth: float) -> EarlyStops:
    where, crossed, futile, ever, values = (
        np.concatenate([getattr(one, name) for one in stops])
        for name in ("look", "crossed", "futile", "ever", "value")
    )
    value, shares = np.abs(values)[crossed], stops[0].shares
    counts = np.bincount(where, minlength=len(shares)) / len(where)
    return EarlyStops(
        tuple(shares.tolist()),
        tuple(stops[0].limits.tolist()),
        tuple(stops[0].floors.tolist()),
        tuple(counts.tolist()),
        chance(int(crossed.sum()), len(crossed)),
        chance(int(futile.sum()), len(futile)),
        chance(int(ever.sum()), len(ever)),
        float(shares[where].mean()),
        float(shares[where].mean()) * size,
        _mean(value) / abs(truth),
    )


def _mean(values: FloatArray) -> float:
    kept = values[np.isfinite(values)]
    return float(kept.mean()) if len(kept) else float("nan")


def _sd(values: FloatArray) -> float:
    return float(values.std(ddof=1)) if len(values) > 1 else float("nan")
