"""Mean time lived up to a horizon, and how much it differs: between groups, or for the same people.

Sources: Uno et al. 2014 (J Clin Oncol 32:2380) for the restricted mean as a measure of an
effect; its variance is Greenwood's, carried through the area under the curve (Andersen et al.
1993, Statistical Models Based on Counting Processes).
"""

import numpy as np

from alssim.statistics.contrasts import Contrast, contrast, normal_estimate, over_patients
from alssim.statistics.followup import FloatArray, FollowUp, check_pairs
from alssim.statistics.survival import (
    Estimate,
    SurvivalCurve,
    curve_of,
    restricted_mean,
    spread_over_patients,
)


def restricted_mean_estimate(curve: SurvivalCurve, horizon: float, level: float = 0.95) -> Estimate:
    """Return the mean time lived between 0 and ``horizon`` with its interval.

    Raises ``UsageError`` when the curve is not known up to ``horizon``.
    """
    mean = restricted_mean(curve, horizon)
    return normal_estimate(mean, restricted_mean_error(curve, horizon), level)


def restricted_mean_error(curve: SurvivalCurve, horizon: float) -> float:
    """Return the standard error of the restricted mean.

    The root of the sum over events of (area under the curve from there to the horizon)^2 *
    events / (at risk * survivors of that step).
    """
    area = area_to_come(curve, horizon)
    counts = area > 0
    risk, died = curve.at_risk[counts].astype(np.float64), curve.events[counts]
    return float(np.sqrt(np.sum(area[counts] ** 2 * died / (risk * (risk - died)))))


def restricted_mean_difference(
    first: SurvivalCurve, second: SurvivalCurve, horizon: float, level: float = 0.95
) -> Contrast:
    """Return the restricted mean of the second group minus that of the first.

    For groups that share no patient. Raises ``UsageError`` when a curve is not known up to
    ``horizon``.
    """
    gain = restricted_mean(second, horizon) - restricted_mean(first, horizon)
    here, there = (restricted_mean_error(curve, horizon) for curve in (first, second))
    return contrast(gain, float(np.hypot(here, there)), level)


def paired_restricted_mean_difference(
    first: FollowUp, second: FollowUp, horizon: float, level: float = 0.95
) -> Estimate:
    """Return the restricted mean of the second course minus the first, of the same patients.

    Patient i of ``first`` is patient i of ``second``; the interval is over patients.
    """
    check_pairs(first, second)
    here, there = curve_of(first), curve_of(second)
    gain = restricted_mean(there, horizon) - restricted_mean(here, horizon)
    each = restricted_mean_influence(there, second, horizon)
    return over_patients(gain, each - restricted_mean_influence(here, first, horizon), level)


def restricted_mean_influence(curve: SurvivalCurve, seen: FollowUp, horizon: float) -> FloatArray:
    """Return what each patient adds to the restricted mean [patient]; the mean is 0.

    Without censoring it is the time the patient lived up to the horizon, minus the mean.
    The patients must be those of ``curve``.
    """
    return spread_over_patients(curve, seen, area_to_come(curve, horizon))


def area_to_come(curve: SurvivalCurve, horizon: float) -> FloatArray:
    """Return the area under the curve from each of its steps to the horizon [step]."""
    ends = np.clip(np.append(curve.times[1:], np.inf), 0.0, horizon)
    widths = ends - np.clip(curve.times, 0.0, horizon)
    return np.asarray(np.cumsum((curve.survival * widths)[::-1])[::-1], np.float64)
