"""Slopes of repeated measurements: one for each patient, and the mean of a random-slope model."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alssim.studies.validation.estimates import NOTHING, Parts, Sample

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
ROUNDS = 50


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Straight lines through each patient's visits, by least squares.

    slope, residual (sum of squares), spread (sum of squared distances in time), visits [patient]
    """

    slope: FloatArray
    residual: FloatArray
    spread: FloatArray
    visits: FloatArray


def lines(months: FloatArray, values: FloatArray, seen: BoolArray) -> Lines:
    """Fit each patient's line: ``months`` [visit]; ``values`` and ``seen`` [patient, visit]."""
    count = seen.sum(axis=1).astype(np.float64)
    many = np.maximum(count, 1)
    when = np.where(seen, months, 0.0)
    shown = np.where(seen, values, 0.0)
    x = np.where(seen, months - (when.sum(axis=1) / many)[:, None], 0.0)
    y = np.where(seen, values - (shown.sum(axis=1) / many)[:, None], 0.0)
    spread, common = (x * x).sum(axis=1), (x * y).sum(axis=1)
    slope = common / np.where(spread > 0, spread, np.inf)
    residual = np.maximum((y * y).sum(axis=1) - slope * common, 0.0)
    return Lines(slope, residual, spread, count)


def line_sample(found: Lines) -> Sample:
    """Return the lines of two or more visits as a sample for ``random_slope``."""
    kept = found.visits >= 2
    return tuple(row[kept] for row in (found.slope, found.residual, found.spread, found.visits))


def random_slope(sample: Sample) -> Parts:
    """Return the mean slope of a model with a random slope for each patient.

    Columns as ``line_sample`` gives them. Each line weighs by what is known of it:
    1 / (variance between patients + error variance / spread in time), so that short courses
    count little (Swamy 1970, Econometrica 38:311). The variance between patients is found by
    the method of moments (Paule and Mandel 1982, J Res NBS 87:377).
    """
    slope, residual, spread, visits = (row.astype(np.float64) for row in sample)
    free = (visits - 2).sum()
    if len(slope) < 2 or free <= 0:
        return NOTHING
    within = residual.sum() / free / spread
    between = _between(slope, within)
    weight = 1 / np.maximum(between + within, 1e-12)
    return (float((weight * slope).sum() / weight.sum()),)


def _between(slope: FloatArray, within: FloatArray) -> float:
    """Return the variance between patients at which the weighted spread is as large as expected."""
    low, high = 0.0, float(slope.var()) * 4 + 1e-12
    for _ in range(ROUNDS):
        middle = (low + high) / 2
        low, high = (middle, high) if _excess(slope, within, middle) > 0 else (low, middle)
    return (low + high) / 2


def _excess(slope: FloatArray, within: FloatArray, between: float) -> float:
    weight = 1 / np.maximum(between + within, 1e-12)
    centre = (weight * slope).sum() / weight.sum()
    return float((weight * (slope - centre) ** 2).sum() - (len(slope) - 1))
