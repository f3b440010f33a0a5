"""Which stage people are in, month by month, and how long they stay there.

Stages are reached in order and not left backwards; one may be skipped; the last may be death.
Stage 0 is that of people who have reached none. The share in a stage is the difference of two
survival curves: not yet at the next stage, less not yet at this one. That holds for right-censored
follow-up and late entry that do not depend on the course, and needs no Markov process. Of people
all followed it is the plain share, and the time in a stage the plain mean.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from alssim.errors import UsageError
from alssim.statistics.contrasts import over_patients, paired_shares, share_interval
from alssim.statistics.followup import FloatArray, FollowUp, check_length, follow_up, freeze
from alssim.statistics.means import restricted_mean_influence
from alssim.statistics.survival import (
    Estimate,
    SurvivalCurve,
    curve_of,
    influence,
    restricted_mean,
    survival_at,
)


@dataclass(frozen=True, slots=True, eq=False)
class Passages:
    """When people pass from stage to stage; made by ``passages``, which checks.

    reached  [patient, stage]  time at which the stage or a later one is reached, infinite =
                               never; stages 1, 2, ... in order
    until    [patient]  end of follow-up;  None = everybody is followed to the end
    entry    [patient]  time from which the patient is observed;  None = always
    """

    reached: FloatArray
    until: FloatArray | None
    entry: FloatArray | None

    def __post_init__(self) -> None:
        freeze(self)

    @property
    def patients(self) -> int:
        """Number of patients."""
        return len(self.reached)

    @property
    def stages(self) -> int:
        """Number of stages, stage 0 included."""
        return int(self.reached.shape[1]) + 1


@dataclass(frozen=True, slots=True, eq=False)
class Occupancy:
    """The share of people in each stage.

    months           [month]         as asked
    share            [stage, month]  0-1; adds up to 1 over stages; stage 0 = none reached yet.
                                     Not-a-number beyond the follow-up
    lower, upper     [stage, month]  limits of the pointwise interval
    """

    months: FloatArray
    share: FloatArray
    lower: FloatArray
    upper: FloatArray

    def __post_init__(self) -> None:
        freeze(self)


def passages(
    reached: ArrayLike, until: ArrayLike | None = None, entry: ArrayLike | None = None
) -> Passages:
    """Check times of reaching stages and put them together.

    Parameters
    ----------
    reached : [patient, stage] time at which each of the stages 1, 2, ... is reached;
        not-a-number = never, or not by the end of follow-up. Who reaches a later stage has
        reached the earlier ones by then.
    until : [patient] end of follow-up; None = everybody is followed to the end
    entry : [patient] time from which the patient is observed, below ``until``; None = always

    Raises ``UsageError`` for shapes that do not fit or ends that are not finite.
    """
    times = np.array(reached, np.float64)
    if times.ndim != 2 or not times.size:
        raise UsageError(f"reached must be [patient, stage]; it has shape {times.shape}")
    times[np.isnan(times)] = np.inf
    times = np.minimum.accumulate(times[:, ::-1], axis=1)[:, ::-1]
    if until is None:
        if entry is not None:
            raise UsageError("entry needs until: the end of follow-up of each patient")
        return Passages(times, None, None)
    ends = np.asarray(until, np.float64)
    check_length("until", ends, len(times))
    seen = follow_up(ends, np.zeros(len(ends), bool), entry)
    return Passages(times, seen.time, seen.entry)


def occupancy(people: Passages, months: ArrayLike, level: float = 0.95) -> Occupancy:
    """Return the share of people in each stage at each month.

    Intervals by Wilson's score method, for as many patients as the estimate is worth.
    """
    when = np.array(months, np.float64, ndmin=1)
    share, variance = _counted(people, when) if people.until is None else _pieced(people, when)
    counted = np.full_like(share, people.patients)
    return Occupancy(when, share, *share_interval(share, variance, counted, level))


def paired_occupancy_difference(
    first: Passages, second: Passages, months: ArrayLike, level: float = 0.95
) -> Occupancy:
    """Return shares in each stage in the second course minus the first, of the same patients.

    Patient i of ``first`` is patient i of ``second``. All rows of the record hold differences,
    -1 to 1, which add up to 0 over stages. Interval: ``paired_shares``.
    """
    _check_pairs(first, second)
    when = np.array(months, np.float64, ndmin=1)
    rows = np.empty((3, first.stages, len(when)))
    for place, (here, there) in enumerate(
        zip(_states(first, when), _states(second, when), strict=True)
    ):
        gain, each = there[0] - here[0], there[1] - here[1]
        for stage in range(first.stages):
            found = paired_shares(float(gain[stage]), each[stage], level)
            rows[:, stage, place] = found.value, found.low, found.high
    return Occupancy(when, rows[0], rows[1], rows[2])


def sojourn(people: Passages, horizon: float, level: float = 0.95) -> tuple[Estimate, ...]:
    """Return the mean time in each stage between 0 and ``horizon`` [stage], over patients.

    The times add up to the horizon. Raises ``UsageError`` when follow-up ends before it.
    """
    means, each = _stays(people, horizon)
    return tuple(
        over_patients(float(mean), row, level) for mean, row in zip(means, each, strict=True)
    )


def paired_sojourn_difference(
    first: Passages, second: Passages, horizon: float, level: float = 0.95
) -> tuple[Estimate, ...]:
    """Return the mean time in each stage in the second course minus the first [stage].

    Patient i of ``first`` is patient i of ``second``; the interval is over patients. Without
    the last stage, if that is death, these add up to the time gained.
    """
    _check_pairs(first, second)
    (here, each), (there, other) = _stays(first, horizon), _stays(second, horizon)
    return tuple(
        over_patients(float(gain), row, level)
        for gain, row in zip(there - here, other - each, strict=True)
    )


def _counted(people: Passages, months: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return shares and their variances of people all followed [stage, month]."""
    columns = np.sort(people.reached, axis=0).T
    past = np.array([np.searchsorted(column, months, side="right") for column in columns])
    everybody = np.full((1, len(months)), people.patients)
    counts = -np.diff(np.concatenate((everybody, past, np.zeros_like(everybody))), axis=0)
    share = counts / people.patients
    return share, np.asarray(share * (1 - share) / people.patients, np.float64)


def _pieced(people: Passages, months: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return shares and their variances from survival curves [stage, month]."""
    share = np.empty((people.stages, len(months)))
    variance = np.empty_like(share)
    for place, (found, each) in enumerate(_states(people, months)):
        share[:, place] = found
        variance[:, place] = np.sum(each**2, axis=1) / people.patients**2
    return np.clip(share, 0.0, 1.0), variance


def _states(people: Passages, months: FloatArray) -> Iterator[tuple[FloatArray, FloatArray]]:
    """Give for each month the share in each stage [stage] and its influence [stage, patient]."""
    numbers = np.arange(people.stages)[:, None]
    boundaries = None if people.until is None else _boundaries(people)
    for month in months:
        if boundaries is None:
            state = np.sum(people.reached <= month, axis=1)
            here = (state == numbers).astype(np.float64)
            share = here.mean(axis=1)
            yield share, here - share[:, None]
        else:
            reached = [boundary.survival(float(month)) for boundary in boundaries]
            yield _between(reached, 1.0, people.patients)


def _stays(people: Passages, horizon: float) -> tuple[FloatArray, FloatArray]:
    """Return the mean time in each stage [stage] and its influence [stage, patient]."""
    if not 0 < horizon < np.inf:
        raise UsageError(f"horizon = {horizon:g} is not a finite number above 0")
    if people.until is not None:
        reached = [boundary.mean(horizon) for boundary in _boundaries(people)]
        return _between(reached, horizon, people.patients)
    edges = np.clip(people.reached, 0.0, horizon).T
    start, end = np.zeros((1, people.patients)), np.full((1, people.patients), horizon)
    stay = np.diff(np.concatenate((start, edges, end)), axis=0)
    means = stay.mean(axis=1)
    return means, stay - means[:, None]


@dataclass(frozen=True, slots=True, eq=False)
class _Boundary:
    """Survival without having reached a stage, of those seen before they reached it."""

    seen: FollowUp | None  # None: everybody had reached it at entry
    curve: SurvivalCurve | None
    members: FloatArray  # [patient] 0 for who had; else patients / members

    @classmethod
    def of(cls, people: Passages, stage: int) -> "_Boundary":
        assert people.until is not None
        reached = people.reached[:, stage]
        time = np.minimum(reached, people.until)
        start = np.full_like(time, -np.inf) if people.entry is None else people.entry
        before = start < time
        if not before.any():
            return cls(None, None, before.astype(np.float64))
        entry = None if people.entry is None else people.entry[before]
        seen = FollowUp(time[before], (reached <= people.until)[before], entry)
        return cls(seen, curve_of(seen), before * (len(before) / before.sum()))

    def survival(self, month: float) -> tuple[float, FloatArray]:
        """Return the share not yet there and its influence [patient]."""
        if self.seen is None or self.curve is None:
            return 0.0, self.members
        seen, curve = self.seen, self.curve
        each = influence(curve, seen.time, seen.event, month, seen.entry)
        return float(survival_at(curve, month)), self._spread(each)

    def mean(self, horizon: float) -> tuple[float, FloatArray]:
        """Return the mean time before getting there and its influence [patient]."""
        if self.seen is None or self.curve is None:
            return 0.0, self.members
        each = restricted_mean_influence(self.curve, self.seen, horizon)
        return restricted_mean(self.curve, horizon), self._spread(each)

    def _spread(self, each: FloatArray) -> FloatArray:
        found = self.members.copy()
        found[found > 0] *= each
        return found


def _boundaries(people: Passages) -> list[_Boundary]:
    return [_Boundary.of(people, stage) for stage in range(people.stages - 1)]


def _between(
    reached: list[tuple[float, FloatArray]], whole: float, patients: int
) -> tuple[FloatArray, FloatArray]:
    """Return what lies between one boundary and the next, with its influence."""
    nobody = np.zeros(patients)
    values = np.array([0.0, *(value for value, _ in reached), whole])
    each = np.array([nobody, *(row for _, row in reached), nobody])
    return np.diff(values), np.diff(each, axis=0)


def _check_pairs(first: Passages, second: Passages) -> None:
    if first.reached.shape != second.reached.shape:
        raise UsageError(
            f"pairs need the same patients and stages in both; reached has shapes "
            f"{first.reached.shape} and {second.reached.shape}"
        )
