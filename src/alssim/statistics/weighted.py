"""Kaplan-Meier curves of people who do not count alike, as carriers drawn more often than others.

Each patient stands for a number of people, the weight: usually one over the chance of having been
drawn. The curve is that of everybody (it equals the curve of rows repeated as often as whole
weights say), but its interval is not: a person drawn once tells as much as one person. It comes
from what each patient adds to the curve (Reid 1981, Ann Stat 9:78), multiplied by the weight, as
in Binder 1992 (Biometrika 79:139) for the Cox regression. Where all weights are the same and
nobody enters late this is Greenwood's variance.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from alssim.statistics.followup import (
    FloatArray,
    FollowUp,
    IntArray,
    checked_weight,
    count_at_risk,
    follow_up,
    freeze,
    weigh_at_risk,
)
from alssim.statistics.survival import log_log_limits, normal_quantile


@dataclass(frozen=True, slots=True, eq=False)
class WeightedCurve:
    """A Kaplan-Meier curve of everybody whom the patients stand for.

    times      [step]  ascending times at which an event happened
    survival   [step]  chance of living beyond that time, weighted
    lower      [step]  lower limit of the pointwise interval, over patients
    upper      [step]  upper limit
    at_risk    [step]  patients under observation just before that time, not weighted
    events     [step]  patients with the event at that time, not weighted
    patients           number of patients
    worth              patients of equal weight that would be as informative (Kish): the squared
                       sum of the weights over the sum of their squares
    last               longest follow-up
    level              coverage of the interval
    """

    times: FloatArray
    survival: FloatArray
    lower: FloatArray
    upper: FloatArray
    at_risk: IntArray
    events: IntArray
    patients: int
    worth: float
    last: float
    level: float

    def __post_init__(self) -> None:
        freeze(self)


def weighted_kaplan_meier(
    time: ArrayLike,
    event: ArrayLike,
    weight: ArrayLike,
    entry: ArrayLike | None = None,
    level: float = 0.95,
) -> WeightedCurve:
    """Estimate the survival of everybody whom patients stand for.

    Parameters
    ----------
    time, event, entry, level : as for ``kaplan_meier``
    weight : [patient] for how many people each stands; above 0, in any unit

    Raises ``UsageError`` where ``kaplan_meier`` does, and for weights that are not above 0.
    """
    seen = follow_up(time, event, entry)
    heavy = checked_weight(weight, seen.patients)
    times, step, events = np.unique(seen.time[seen.event], return_inverse=True, return_counts=True)
    risk = weigh_at_risk(seen.time, seen.entry, heavy, times)
    at_risk = count_at_risk(seen.time, seen.entry, times)
    died = np.bincount(step, heavy[seen.event], len(times))
    left = np.where(events == at_risk, 0.0, risk - died)
    survival = np.cumprod(left / risk, dtype=np.float64)
    alive = survival > 0
    rise = died[alive] / (risk[alive] * left[alive])
    variance = _variance(seen, heavy, times[alive], rise, left)
    lower, upper = log_log_limits(survival, variance, normal_quantile(level))
    worth = float(heavy.sum() ** 2 / np.sum(heavy**2))
    last = float(seen.time.max())
    return WeightedCurve(
        times, survival, lower, upper, at_risk, events, seen.patients, worth, last, level
    )


def _variance(
    seen: FollowUp, weight: FloatArray, times: FloatArray, rise: FloatArray, left: FloatArray
) -> FloatArray:
    """Return the variance of the logarithm of the curve [step], from what each patient adds.

    A patient adds the hazard lived through since entry, ``rise`` at each step, and from the event
    on less 1 / ``left``; all times the weight. Squares of this are summed step by step over those
    who have left and over those who are still there.
    """
    lived = np.concatenate(([0.0], np.cumsum(rise)))
    since = np.zeros(seen.patients, np.intp)
    if seen.entry is not None:
        since = np.searchsorted(times, seen.entry, side="right")
    until = np.searchsorted(times, seen.time, side="right")
    gone = np.searchsorted(times, seen.time, side="left") + 1  # the step by which one has left
    before = lived[since]
    whole = lived[until] - before
    ended = seen.event & (gone == until)  # else the curve has reached 0 at the event
    whole[ended] -= 1 / left[until[ended] - 1]

    def summed(row: FloatArray, *bounds: IntArray) -> FloatArray:
        """Sum from the first bound on, up to before the second [step]."""
        counts = [np.bincount(bound, row, len(times) + 2) for bound in bounds]
        step = counts[0] - counts[1] if len(counts) > 1 else counts[0]
        return np.asarray(np.cumsum(step)[1 : len(times) + 1], np.float64)

    squares, now = weight**2, lived[1:]
    there = now**2 * summed(squares, since, gone)
    there += summed(squares * before**2, since, gone)
    there -= 2 * now * summed(squares * before, since, gone)
    return np.maximum(there + summed(squares * whole**2, gone), 0.0)
