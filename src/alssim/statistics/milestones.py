"""Survival at one time, and how much it differs: between groups, or for the same people.

With late entry an estimate is only as sure as the smallest number at risk before that time, and
so is its interval: where a dozen are at risk early on, 95 % intervals held the truth in 87 to
90 % of simulated repeats. Begin at a time when some thirty are under observation.
"""

import numpy as np

from alssim.errors import UsageError
from alssim.statistics.contrasts import (
    Contrast,
    contrast,
    paired_shares,
    share_interval,
    square_and_add,
)
from alssim.statistics.followup import FollowUp, check_pairs
from alssim.statistics.survival import (
    Estimate,
    SurvivalCurve,
    curve_of,
    influence,
    survival_at,
)


def survival_difference(
    first: SurvivalCurve, second: SurvivalCurve, month: float, level: float = 0.95
) -> Contrast:
    """Return survival at one time in the second group minus that in the first.

    For groups that share no patient. The interval adds the squares of the two one-group
    intervals (Newcombe 1998, Stat Med 17:873); with censoring each group counts as the number
    of patients its Greenwood variance is worth. The test divides by the standard error of the
    difference; it is not known where both variances are 0.

    Raises ``UsageError`` where a curve is not known at ``month``.
    """
    here, there = (milestone(curve, month, level) for curve in (first, second))
    error = np.sqrt(variance_at(first, month) + variance_at(second, month))
    limits = square_and_add(here, there)
    return contrast(there.value - here.value, float(error), level, limits)


def paired_survival_difference(
    first: FollowUp, second: FollowUp, month: float, level: float = 0.95
) -> Estimate:
    """Return survival at one time in the second course minus the first, of the same patients.

    Patient i of ``first`` is patient i of ``second``. Interval: ``paired_shares``, over
    patients, by the influence of each on both curves.
    """
    check_pairs(first, second)
    curves = curve_of(first), curve_of(second)
    here, there = (_known(curve, month) for curve in curves)
    each = [
        influence(curve, seen.time, seen.event, month, seen.entry)
        for curve, seen in zip(curves, (first, second), strict=True)
    ]
    return paired_shares(there - here, each[1] - each[0], level)


def milestone(curve: SurvivalCurve, month: float, level: float = 0.95) -> Estimate:
    """Return survival at one time with a score interval that also holds near 0 and 1."""
    share = _known(curve, month)
    shares, spread = np.array([share]), np.array([variance_at(curve, month)])
    counted = np.array([max(_present(curve, month), 1.0)])
    low, high = share_interval(shares, spread, counted, level)
    return Estimate(share, float(low[0]), float(high[0]))


def variance_at(curve: SurvivalCurve, month: float) -> float:
    """Return Greenwood's variance of the survival at one time; 0 where it is 0 or 1."""
    steps = int(np.searchsorted(curve.times, month, side="right"))
    if not steps or curve.survival[steps - 1] == 0:
        return 0.0
    risk, died = curve.at_risk[:steps].astype(np.float64), curve.events[:steps]
    return float(curve.survival[steps - 1] ** 2 * np.sum(died / (risk * (risk - died))))


def _known(curve: SurvivalCurve, month: float) -> float:
    share = float(survival_at(curve, month))
    if np.isnan(share):
        raise UsageError(f"month = {month:g} is beyond the follow-up of {curve.last:g}")
    return share


def _present(curve: SurvivalCurve, month: float) -> float:
    """Return the patients that a curve without any spread rests on."""
    steps = int(np.searchsorted(curve.times, month, side="right"))
    return float(curve.at_risk[steps - 1]) if steps else float(curve.patients)
