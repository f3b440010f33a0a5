"""The chance that correlated normal numbers leave a box around 0, without random numbers.

General routines for it draw random points, take a second for a few digits and lose the tail;
a p-value should be the same every time, and right far out. Here the distance from 0 is
integrated exactly and the direction over fixed points spread evenly.
"""

from math import erfc, pi, sqrt

import numpy as np

from alssim.statistics.followup import FloatArray

POINTS = 4_096  # up to three directions
MANY_POINTS = 32_768  # more than three
NEGLIGIBLE = 1e-10  # an axis with less of the variance than this has none


def chance_outside(correlation: FloatArray, limit: float) -> float:
    """Return the chance that any of several standard normal numbers exceeds +-``limit``.

    ``correlation`` [number, number] may be singular, as between tests of which one is the sum
    of others. Exact for one axis of variation; to 3 digits or better for two and three; to about
    2 digits, in the far tail, for more.

    The numbers are loadings @ w with independent normal w. Along a direction u of w the box
    ends at the distance limit / max |loadings @ u|, and the distance squared is chi-squared.
    The mean over directions is the chance.
    """
    loadings = _loadings(correlation)
    axes = loadings.shape[1]
    if axes == 1:
        return erfc(limit / float(np.abs(loadings).max()) / sqrt(2.0))
    from scipy.special import chdtrc  # takes long to load

    furthest = np.abs(_directions(axes) @ loadings.T).max(axis=1)
    return float(np.mean(chdtrc(axes, (limit / furthest) ** 2)))


def _loadings(correlation: FloatArray) -> FloatArray:
    """Return the principal axes that have any variance [number, axis]."""
    variances, axes = np.linalg.eigh(correlation)
    kept = variances > NEGLIGIBLE
    return np.asarray(axes[:, kept] * np.sqrt(variances[kept]), np.float64)


def _directions(axes: int) -> FloatArray:
    """Return unit vectors spread evenly over half of the directions, or all [point, axis]."""
    if axes == 2:
        angle = pi * (np.arange(POINTS) + 0.5) / POINTS
        return np.column_stack((np.cos(angle), np.sin(angle)))
    if axes == 3:
        return _half_sphere()
    from scipy.special import ndtri

    spread = ndtri(_lattice(axes))
    return np.asarray(spread / np.linalg.norm(spread, axis=1)[:, None], np.float64)


def _half_sphere() -> FloatArray:
    """Return the points of a Fibonacci spiral: equal areas, turned by the golden angle."""
    height = 1 - (np.arange(POINTS) + 0.5) / POINTS
    angle = pi * (1 + sqrt(5.0)) * np.arange(POINTS)
    radius = np.sqrt(1 - height**2)
    return np.column_stack((radius * np.cos(angle), radius * np.sin(angle), height))


def _lattice(axes: int) -> FloatArray:
    """Return points of the unit cube in steps of the powers of a generalized golden ratio."""
    root = 2.0
    for _ in range(60):  # root^(axes + 1) = root + 1
        root = (1 + root) ** (1 / (axes + 1))
    steps = root ** -np.arange(1.0, axes + 1)
    at = (0.5 + np.arange(1, MANY_POINTS + 1)[:, None] * steps) % 1.0
    return np.asarray(np.clip(at, 1e-12, 1 - 1e-12), np.float64)
