"""The hazard ratio of two arms: Cox regression with one covariate that is 0 or 1.

The same numbers as ``cox`` (Efron's ties, late entry, model and robust errors), but counts of
people, or sums of their weights, take the place of sums over patients: sorted once, no sums per
Newton step over patients.
"""

from dataclasses import dataclass
from math import exp, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from alssim.errors import UsageError
from alssim.statistics.contrasts import UNKNOWN, normal_estimate, two_sided
from alssim.statistics.cox import CLOSE, MOST_STEPS, in_window, window_of
from alssim.statistics.deaths import Deaths, deaths_of, sum_clusters
from alssim.statistics.followup import (
    BoolArray,
    FloatArray,
    FollowUp,
    count_at_risk,
    weigh_at_risk,
)
from alssim.statistics.survival import Estimate

LONGEST = 1.5  # longest step: further it may overshoot


@dataclass(frozen=True, slots=True)
class HazardRatio:
    """The hazard of the second arm (true, 1) over that of the first, in a window of time.

    ratio          with an interval from the model: it holds if hazards are proportional and
                   no patient is in both arms
    robust         the same ratio with an interval from the sandwich: over patients, or over
                   clusters
    log_ratio      its logarithm
    error          standard error of that from the model
    robust_error   and from the sandwich
    z, p           Wald test of a ratio of 1 by the model's error, or by the robust one where
                   clusters or weights are given
    patients       in the window, without weights
    events         in each arm, in the window, without weights
    begin, until   the window; a hazard ratio describes no other time

    Where one arm has all the events that tell the arms apart, the ratio is 0 or infinite and
    the rest is not-a-number.
    """

    ratio: Estimate
    robust: Estimate
    log_ratio: float
    error: float
    robust_error: float
    z: float
    p: float
    patients: int
    events: tuple[int, int]
    begin: float
    until: float


def hazard_ratio(
    time: ArrayLike,
    event: ArrayLike,
    second: ArrayLike,
    entry: ArrayLike | None = None,
    cluster: ArrayLike | None = None,
    begin: float | None = None,
    until: float | None = None,
    level: float = 0.95,
    weight: ArrayLike | None = None,
) -> HazardRatio:
    """Return the hazard of one arm over the other.

    Parameters
    ----------
    time, event, entry : [patient], as for ``kaplan_meier``
    second : [patient], true for the arm whose hazard is divided by the other's
    cluster : [patient] rows with the same value share their luck; None = nobody
    begin, until : the window of time that the ratio describes
    level : coverage of the intervals
    weight : [patient] for how many people each stands, above 0, as for ``cox``; None = 1

    Raises ``UsageError`` where ``cox`` does, and unless both arms are in the window.
    """
    window = in_window(time, event, second, entry, cluster, begin, until, weight)
    seen, groups, arm = window.seen, window.groups, _arm(window.values)
    counts = _Counts.of(seen, arm, window.weight)
    log_ratio, error = counts.climb()
    robust_error = counts.robust_error(seen, arm, log_ratio, error, groups)
    sampled = groups is not None or weight is not None
    chosen = robust_error if sampled else error
    z = log_ratio / chosen if chosen else UNKNOWN  # 0 where every cluster holds the same life twice
    return HazardRatio(
        _ratio(log_ratio, error, level),
        _ratio(log_ratio, robust_error, level),
        log_ratio,
        error,
        robust_error,
        z,
        two_sided(z),
        seen.patients,
        (int(seen.event[~arm].sum()), int(seen.event[arm].sum())),
        *window_of(seen, begin, until),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Counts:
    """Who is at risk and who dies, by arm, each counted by weight.

    first, second  [slot] at risk in each arm
    dying          weight of all deaths of the second arm
    count          [slot] what each slot counts for
    died           whether anybody dies while both arms are at risk: of the first, of the second
    """

    deaths: Deaths
    first: FloatArray
    second: FloatArray
    dying: float
    count: FloatArray
    died: tuple[bool, bool]

    @classmethod
    def of(cls, seen: FollowUp, arm: BoolArray, weight: FloatArray | None) -> "_Counts":
        deaths = deaths_of(seen, weight)
        heavy = np.ones(seen.patients) if weight is None else weight
        at_risk, lost, present = [], [], []
        for members in (~arm, arm):
            group, at = seen.of(members), deaths.step_of[members[seen.event]]
            present.append(count_at_risk(group.time, group.entry, deaths.times))
            lost.append(np.bincount(at, heavy[members][group.event], len(deaths.times)))
            summed = np.asarray(present[-1], np.float64)
            if weight is not None:
                summed = weigh_at_risk(group.time, group.entry, weight[members], deaths.times)
            at_risk.append(summed[deaths.step] - deaths.part * lost[-1][deaths.step])
        both = (present[0] > 0) & (present[1] > 0)
        died = bool(lost[0][both].any()), bool(lost[1][both].any())
        dying = float(heavy[arm & seen.event].sum())
        return cls(deaths, at_risk[0], at_risk[1], dying, deaths.slot_weight(), died)

    def climb(self) -> tuple[float, float]:
        """Return the log hazard ratio and its error, by Newton's method in steps of at most 1.5."""
        if (edge := self.edge()) is not None:
            return edge, UNKNOWN
        log_ratio = 0.0
        for _ in range(MOST_STEPS):
            share = self.share(log_ratio)
            information = float(self.count @ (share * (1 - share)))
            move = (self.dying - float(self.count @ share)) / information
            log_ratio += min(max(move, -LONGEST), LONGEST)
            if move * move * information < CLOSE**2:
                share = self.share(log_ratio)
                return log_ratio, 1 / sqrt(float(self.count @ (share * (1 - share))))
        raise UsageError("the hazard ratio cannot be found: the arms hardly meet")

    def edge(self) -> float | None:
        """Return the log ratio where only one arm dies while both are at risk."""
        spared, died = self.died
        if died and spared:
            return None
        return UNKNOWN if not (died or spared) else float(np.inf if died else -np.inf)

    def share(self, log_ratio: float) -> FloatArray:
        """Return the share of the hazard that is in the second arm [slot]."""
        hazard = self.second * exp(log_ratio)
        return np.asarray(hazard / (self.first + hazard), np.float64)

    def robust_error(
        self,
        seen: FollowUp,
        arm: BoolArray,
        log_ratio: float,
        error: float,
        groups: NDArray[np.generic] | None,
    ) -> float:
        """Return the error from the sandwich over patients or clusters."""
        if np.isnan(error):
            return UNKNOWN
        each = sum_clusters(self.residuals(seen, arm, log_ratio), groups)
        return error**2 * sqrt(float(np.sum(each**2)))

    def residuals(self, seen: FollowUp, arm: BoolArray, log_ratio: float) -> FloatArray:
        """Return what each patient adds to the score [patient]."""
        deaths, share = self.deaths, self.share(log_ratio)
        rate = self.count / (self.first + self.second * exp(log_ratio))
        per_first, per_second = -share * rate, (1 - share) * rate * exp(log_ratio)
        steps = np.column_stack([deaths.per_step(row) for row in (per_first, per_second)])
        each = -deaths.per_patient(steps)[np.arange(seen.patients), arm.astype(np.intp)]
        # Who dies is at risk only in part for the deaths at the same time.
        at, dying = deaths.step_of, arm[seen.event]
        spared = [deaths.per_step(deaths.part * row)[at] for row in (per_first, per_second)]
        expected = deaths.per_step(share)[at] / deaths.tied[at]
        each[seen.event] += np.where(dying, spared[1], spared[0]) + dying - expected
        return np.asarray(each if deaths.weight is None else each * deaths.weight, np.float64)


def _arm(values: FloatArray) -> BoolArray:
    arm = values[:, 0]
    if values.shape[1] != 1 or not ((arm == 0) | (arm == 1)).all():
        raise UsageError("the second arm must be marked by 0 and 1, or false and true")
    if arm.all() or not arm.any():
        raise UsageError("both arms must be followed in the window")
    return np.asarray(arm, bool)


def _ratio(log_ratio: float, error: float, level: float) -> Estimate:
    found = normal_estimate(log_ratio, error, level)
    return Estimate(*(float(np.exp(limit)) for limit in (found.value, found.low, found.high)))
