"""How much median times differ: between groups, or for the same people.

A median varies as the curve at that time does, divided by the slope of the curve (Reid 1981, Ann
Stat 9:78). The slope is read between two quantiles on either side of the median, as far apart as
Hall and Sheather 1988 (J R Stat Soc B 50:381) advise. No bootstrap is needed; intervals hold the
truth in 93-97 % of repeats from about 60 patients a group on.

A median that is not reached is not-a-number, and so is the difference; then only the limit that
the curves support is given. A limit is also not-a-number where it rests on a limit of a median
that is not reached.
"""

from dataclasses import dataclass

import numpy as np

from alssim.statistics.contrasts import UNKNOWN, normal_estimate, over_patients
from alssim.statistics.followup import FloatArray, FollowUp, check_pairs
from alssim.statistics.milestones import variance_at
from alssim.statistics.survival import (
    Estimate,
    SurvivalCurve,
    curve_of,
    influence,
    median,
    normal_quantile,
)

HALF = 0.5
WIDEST = 0.4  # quantiles further from the median than this describe the ends of the curve


def median_difference(first: SurvivalCurve, second: SurvivalCurve, level: float = 0.95) -> Estimate:
    """Return the median of the second group minus that of the first, with its interval.

    For groups that share no patient. Both curves carry the coverage of their own intervals,
    which says whether a limit is reached.
    """
    here, there = _Median.of(first, level), _Median.of(second, level)
    error = float(np.hypot(here.error, there.error))
    return _closed(normal_estimate(there.value - here.value, error, level), here, there)


def paired_median_difference(first: FollowUp, second: FollowUp, level: float = 0.95) -> Estimate:
    """Return the median of the second course minus the first, of the same patients.

    Patient i of ``first`` is patient i of ``second``; the interval is over patients, by the
    influence of each on both medians. It is the difference of two medians, not the median of
    the differences.
    """
    check_pairs(first, second)
    curves = curve_of(first, level), curve_of(second, level)
    here, there = (_Median.of(curve, level) for curve in curves)
    if np.isnan(here.value - there.value):
        return _closed(Estimate(UNKNOWN, UNKNOWN, UNKNOWN), here, there)
    each = there.influence(curves[1], second) - here.influence(curves[0], first)
    return _closed(over_patients(there.value - here.value, each, level), here, there)


@dataclass(frozen=True, slots=True)
class _Median:
    """A median, the limits of its own interval, the slope of its curve there, its error."""

    value: float
    low: float
    high: float
    slope: float
    error: float

    @classmethod
    def of(cls, curve: SurvivalCurve, level: float) -> "_Median":
        middle = median(curve)
        variance = variance_at(curve, middle.value) if not np.isnan(middle.value) else 0.0
        if not variance > 0:  # not reached, or everybody at once
            return cls(middle.value, middle.low, middle.high, UNKNOWN, UNKNOWN)
        slope = _slope(curve, variance, level)
        error = float(np.sqrt(variance)) / slope
        return cls(middle.value, middle.low, middle.high, slope, error)

    def influence(self, curve: SurvivalCurve, seen: FollowUp) -> FloatArray:
        """Return what each patient adds to the median [patient]."""
        on_curve = influence(curve, seen.time, seen.event, self.value, seen.entry)
        return np.asarray(on_curve / self.slope, np.float64)


def _slope(curve: SurvivalCurve, variance: float, level: float) -> float:
    """Return the fall of the curve per unit of time around its median."""
    reach = _reach(HALF * HALF / variance, level)
    upper, lower = HALF + reach, max(HALF - reach, float(curve.survival[-1]))
    steps = np.concatenate(([1.0], curve.survival))
    times = np.concatenate(([min(0.0, float(curve.times[0]))], curve.times))
    late, early = np.interp([-lower, -upper], -steps, times)
    return (upper - lower) / float(late - early) if late > early else UNKNOWN


def _reach(worth: float, level: float) -> float:
    """Return how far from one half to read the curve, for so many patients' worth of data."""
    density = 1 / (2 * np.pi)  # of the standard normal at its median, squared
    reach = (normal_quantile(level) ** 2 * 1.5 * density / worth) ** (1 / 3)
    return min(float(reach), WIDEST)


def _closed(found: Estimate, here: _Median, there: _Median) -> Estimate:
    """Leave open the limits that the curves do not support."""
    if np.isnan(found.value):
        return Estimate(UNKNOWN, there.low - here.high, there.high - here.low)
    low = UNKNOWN if np.isnan(here.high) else found.low
    high = UNKNOWN if np.isnan(there.high) else found.high
    return Estimate(found.value, low, high)
