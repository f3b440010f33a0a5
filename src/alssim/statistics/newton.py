"""Newton's method for many small problems at once.

Each row of ``parameters`` is a problem of its own, with the same number of unknowns. Steps follow
the absolute value of the curvature, so they lead downhill from anywhere, and are shortened until
the function falls.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from alssim.statistics.followup import BoolArray, FloatArray, IntArray

FLATTEST = 1e-9  # curvatures below this share of the largest count as this share
SHORTEST = 1e-12  # a step cut to this share of its length is given up
NOISE = 1e-12  # relative rounding of a function value
CURVED = 1e-7  # directions flatter than this share of the largest carry no information


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """A function near one point of each problem.

    value     [problem]
    slope     [problem, unknown]            first derivatives
    curvature [problem, unknown, unknown]   second derivatives
    """

    value: FloatArray
    slope: FloatArray
    curvature: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Minimum:
    """Where each problem has its minimum [problem, unknown], and whether it was found."""

    parameters: FloatArray
    found: BoolArray


Measure = Callable[[FloatArray, IntArray], Shape]


def minimise(
    measure: Measure, start: FloatArray, limit: int = 80, tolerance: float = 1e-8
) -> Minimum:
    """Find the minimum of each problem.

    Parameters
    ----------
    measure : maps parameters [some, unknown] and the numbers of these problems to their shape
    start : [problem, unknown]
    limit : most steps
    tolerance : a problem is done after a step that promised to gain less than this
    """
    point = start.copy()
    found = np.zeros(len(start), dtype=bool)
    busy = np.arange(len(start))
    here = measure(point, busy)
    for _ in range(limit):
        step = downhill(here)
        promise = -np.einsum("rk,rk->r", here.slope, step)
        moved = _search(measure, point[busy], here, step, busy)
        point[busy] = moved[0]
        done = (promise < tolerance) & np.isfinite(promise)
        found[busy] = done
        stuck = np.all(moved[0] == moved[2], axis=1) & ~done
        going = ~done & ~stuck
        busy = busy[going]
        if not len(busy):
            break
        here = _rows(moved[1], going)
    return Minimum(point, found)


def downhill(here: Shape) -> FloatArray:
    """Return Newton's step [problem, unknown], with every curvature taken as positive."""
    bends, ways = np.linalg.eigh(here.curvature)
    bends = np.abs(bends)
    bends = np.maximum(bends, np.maximum(FLATTEST * bends.max(axis=1, keepdims=True), 1e-300))
    along = np.einsum("rki,rk->ri", ways, here.slope) / bends
    return np.asarray(-np.einsum("rki,ri->rk", ways, along))


def inverse(curvature: FloatArray) -> FloatArray:
    """Return the inverse of each curvature, leaving out directions in which nothing is known."""
    scale = np.sqrt(np.abs(np.einsum("rkk->rk", curvature)))
    scale = np.where(scale > 0, scale, 1.0)
    even = curvature / (scale[:, :, None] * scale[:, None, :])
    bends, ways = np.linalg.eigh(even)
    known = bends > CURVED * bends.max(axis=1, keepdims=True)
    parts = np.where(known, 1 / np.where(known, bends, 1.0), 0.0)
    whole = np.einsum("rki,ri,rli->rkl", ways, parts, ways)
    return np.asarray(whole / (scale[:, :, None] * scale[:, None, :]))


def _search(
    measure: Measure, point: FloatArray, here: Shape, step: FloatArray, busy: IntArray
) -> tuple[FloatArray, Shape, FloatArray]:
    """Shorten each step until the function falls; return the new points, shapes, old points."""
    reached = point + step
    there = _anywhere(measure, reached, busy)
    share, limit = 1.0, here.value + NOISE * (1 + np.abs(here.value))
    while (poor := np.flatnonzero(~((there.value <= limit) & _sound(there)))).size:
        share /= 4
        give_up = share < SHORTEST
        reached[poor] = point[poor] + (0.0 if give_up else share) * step[poor]
        better = _rows(here, poor) if give_up else _anywhere(measure, reached[poor], busy[poor])
        _put(there, poor, better)
        if give_up:
            break
    return reached, there, point


def _anywhere(measure: Measure, point: FloatArray, busy: IntArray) -> Shape:
    """Measure points that may lie where the function overflows; such a step is shortened."""
    with np.errstate(all="ignore"):
        return measure(point, busy)


def _sound(shape: Shape) -> BoolArray:
    curved = np.isfinite(shape.curvature).all(axis=(1, 2))
    return np.asarray(curved & np.isfinite(shape.slope).all(axis=1))


def _rows(shape: Shape, rows: IntArray | BoolArray) -> Shape:
    return Shape(shape.value[rows], shape.slope[rows], shape.curvature[rows])


def _put(shape: Shape, rows: IntArray, part: Shape) -> None:
    shape.value[rows] = part.value
    shape.slope[rows] = part.slope
    shape.curvature[rows] = part.curvature
