"""Intervals of one number, and of the difference between two.

Two kinds of difference, never mixed: between groups of different people (``Contrast``, which has
a p-value), and between two courses of the same people (``Estimate``, which has none: twins are
no sample of a trial).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, sqrt

import numpy as np
from numpy.typing import ArrayLike

from alssim.statistics.effect import checked_level, t_quantile
from alssim.statistics.followup import FloatArray
from alssim.statistics.survival import Estimate, normal_half_width, normal_quantile

UNKNOWN = float("nan")


@dataclass(frozen=True, slots=True)
class Contrast(Estimate):
    """The second group minus the first, between groups that share no patient.

    error  standard error of the difference
    z      difference in standard errors; above 0: the second group has more
    p      two-sided p-value of no difference, from the normal distribution
    """

    error: float
    z: float
    p: float


def two_sided(z: float) -> float:
    """Return the two-sided p-value of a standard normal statistic."""
    return erfc(abs(z) / sqrt(2.0))


def upper_chi_squared(statistic: float, degrees: int) -> float:
    """Return the p-value of a chi-squared statistic; not-a-number without any degree."""
    if not degrees:
        return UNKNOWN
    if degrees == 1:
        return two_sided(sqrt(max(statistic, 0.0)))
    from scipy.special import chdtrc  # takes long to load; one degree does without

    return float(chdtrc(degrees, statistic))


def contrast(value: float, error: float, level: float, limits: Estimate | None = None) -> Contrast:
    """Return a difference with its test, and a normal interval unless limits are given."""
    z = value / error if error > 0 else UNKNOWN
    kept = limits or normal_estimate(value, error, level)
    return Contrast(value, kept.low, kept.high, error, z, two_sided(z))


def normal_estimate(value: float, error: float, level: float) -> Estimate:
    """Return a number with its normal interval."""
    half = normal_half_width(level, error)
    return Estimate(value, value - half, value + half)


def over_patients(value: float, each: FloatArray, level: float) -> Estimate:
    """Return a number with an interval over patients by Student's t.

    ``each`` [patient] is the influence of every patient on ``value``; its mean is 0.
    Not-a-number limits for a single patient.
    """
    count = len(each)
    if count < 2:
        return Estimate(value, UNKNOWN, UNKNOWN)
    error = sqrt(float(np.sum(each**2)) / (count * (count - 1)))
    half = float(t_quantile((1 + checked_level(level)) / 2, count - 1)) * error
    return Estimate(value, value - half, value + half)


def mean_over_patients(values: FloatArray, level: float) -> Estimate:
    """Return the mean of [patient] with its interval over patients."""
    mean = float(np.mean(values))
    return over_patients(mean, values - mean, level)


def share_interval(
    share: FloatArray, variance: FloatArray, counted: FloatArray, level: float
) -> tuple[FloatArray, FloatArray]:
    """Return the limits of shares by Wilson's score method; arrays of one shape.

    ``variance`` of the share gives the number of patients it is worth, share * (1 - share) /
    variance; where the variance is 0, ``counted`` patients. Of people all followed it is the
    interval of Wilson 1927 (J Am Stat Assoc 22:209).
    """
    known = variance > 0
    worth = np.where(known, share * (1 - share) / np.where(known, variance, 1.0), counted)
    return wilson(share, worth, level)


def wilson(share: ArrayLike, patients: ArrayLike, level: float) -> tuple[FloatArray, FloatArray]:
    """Return the limits of shares of so many patients, all followed; arrays of one shape.

    Wilson 1927 (J Am Stat Assoc 22:209). ``patients`` need not be whole.
    """
    part = np.asarray(share, np.float64)
    square = normal_quantile(level) ** 2 / np.asarray(patients, np.float64)
    middle = part + square / 2
    half = np.sqrt(square * (part * (1 - part) + square / 4))
    low, high = (middle - half) / (1 + square), (middle + half) / (1 + square)
    return np.clip(low, 0.0, part), np.clip(high, part, 1.0)


def score(first: float, second: float, patients: float, others: float) -> float:
    """Return the z statistic of the second share against the first, of independent groups.

    ``patients`` are those of the first share, ``others`` those of the second; they need not be
    whole. The error is that of two groups with one share: the square of z is the chi-squared
    statistic without continuity correction. Not-a-number where both shares are 0 or both are 1.
    """
    error = float(pooled_error(first, second, patients, others))
    return (second - first) / error if error > 0 else UNKNOWN


def pooled_error(
    first: ArrayLike, second: ArrayLike, patients: ArrayLike, others: ArrayLike
) -> FloatArray:
    """Return the standard error of a difference of shares where both are one, as ``score``."""
    one, other, size, rest = (np.asarray(x, np.float64) for x in (first, second, patients, others))
    pooled = (one * size + other * rest) / (size + rest)
    return np.asarray(np.sqrt(np.maximum(pooled * (1 - pooled), 0.0) * (1 / size + 1 / rest)))


def square_and_add(first: Estimate, second: Estimate) -> Estimate:
    """Return the second number minus the first, of independent groups, from their limits.

    Newcombe 1998 (Stat Med 17:873, method 10), for shares.
    """
    low, high = squared_and_added(
        (first.value, first.low, first.high), (second.value, second.low, second.high)
    )
    return Estimate(second.value - first.value, float(low), float(high))


def squared_and_added(
    first: Sequence[ArrayLike], second: Sequence[ArrayLike]
) -> tuple[FloatArray, FloatArray]:
    """Return the limits of many such differences; each group is value, low, high of one shape."""
    (here, below, above), (there, low, high) = (
        [np.asarray(row, np.float64) for row in group] for group in (first, second)
    )
    value = there - here
    return value - np.hypot(there - low, above - here), value + np.hypot(high - there, here - below)


def paired_shares(difference: float, spread: FloatArray, level: float) -> Estimate:
    """Return the difference of two shares of the same people, with its interval.

    Bonett and Price 2012 (J Educ Behav Stat 37:479). ``difference + spread`` [patient] is +1
    for who is counted only in the second course, -1 only in the first, 0 else (where follow-up
    was cut short: their expected values). Two made-up patients, one of each kind, keep the
    interval honest when few or none differ.
    """
    values = difference + spread
    count = len(values) + 2
    centre = float(values.sum()) / count
    variance = (float(np.sum(values**2)) + 2) / count - centre**2
    half = normal_half_width(level, sqrt(variance / count))
    return Estimate(difference, max(-1.0, centre - half), min(1.0, centre + half))
