"""Months gained by the same patients: quartiles, mean, and how many gain or lose."""

from dataclasses import dataclass

import numpy as np

from alssim.errors import UsageError
from alssim.statistics.contrasts import mean_over_patients
from alssim.statistics.followup import BoolArray, FloatArray, IntArray
from alssim.statistics.survival import Estimate

NOTICEABLE = 0.5  # months; a smaller gain or loss counts as unchanged
LEVEL = 0.95
BIN_WIDTHS = (0.5, 1.0, 2.0, 3.0, 6.0, 12.0, 24.0, 60.0)
MOST_BINS = 25


@dataclass(frozen=True, slots=True)
class GainSummary:
    """Months gained by the patients of one arm against themselves with usual care.

    Quantiles and mean are of restricted gains: time after the end of follow-up is not counted.
    Shares are 0-1 of the patients: ``gains`` and ``loses`` by more than half a month,
    ``unchanged`` in between, ``never_treated``, and ``restricted``, whose gain is cut short by
    the end of follow-up. ``mean`` carries a 95 % interval over patients (not-a-number for one).
    """

    arm: str
    median: float
    lower_quartile: float
    upper_quartile: float
    mean: Estimate
    gains: float
    unchanged: float
    loses: float
    never_treated: float
    restricted: float


@dataclass(frozen=True, slots=True, eq=False)
class GainHistogram:
    """Share of patients by months gained; the middle bin holds those left unchanged.

    low, high [bin] months, share [bin] 0-1. Bins left of the middle hold low <= gain < high, bins
    right of it low < gain <= high, so that they agree with the shares of ``GainSummary``.
    """

    low: FloatArray
    high: FloatArray
    share: FloatArray


def gain_summary(
    arm: str, gain: FloatArray, restricted: BoolArray, treated: BoolArray
) -> GainSummary:
    """Sum up the gains of one arm [patient]."""
    lower, middle, upper = np.quantile(gain, [0.25, 0.5, 0.75])
    return GainSummary(
        arm=arm,
        median=float(middle),
        lower_quartile=float(lower),
        upper_quartile=float(upper),
        mean=mean_over_patients(gain, LEVEL),
        gains=float(np.mean(gain > NOTICEABLE)),
        unchanged=float(np.mean(np.abs(gain) <= NOTICEABLE)),
        loses=float(np.mean(gain < -NOTICEABLE)),
        never_treated=float(np.mean(~treated)),
        restricted=float(np.mean(restricted)),
    )


def gain_histogram(gain: FloatArray) -> GainHistogram:
    """Count patients by months gained, in bins of one width around a middle bin of +-0.5.

    ``gain`` [patient] months. The width is the smallest round one that needs at most 25
    bins; one empty bin may stand on either side of the middle.
    """
    if not len(gain):
        raise UsageError("gain must list at least one patient")
    for width in BIN_WIDTHS:
        bins = _bin(gain, width)
        first, last = min(int(bins.min()), -1), max(int(bins.max()), 1)
        if last - first < MOST_BINS:
            break
    share = np.bincount(bins - first, minlength=last - first + 1) / len(gain)
    number = np.arange(first, last + 1, dtype=np.float64)
    return GainHistogram(_edge(number - 0.5, width), _edge(number + 0.5, width), share)


def _bin(gain: FloatArray, width: float) -> IntArray:
    beyond = np.ceil(np.maximum(np.abs(gain) - NOTICEABLE, 0) / width)
    return np.asarray(np.sign(gain) * beyond, np.int64)


def _edge(position: FloatArray, width: float) -> FloatArray:
    away = NOTICEABLE + (np.abs(position) - 0.5) * width
    return np.asarray(np.sign(position) * away, np.float64)
