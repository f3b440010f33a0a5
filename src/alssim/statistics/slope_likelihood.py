"""Likelihood of the random-intercept-and-slope model, with exact first and second derivatives.

A patient's scores are y = X beta + Z b + noise, Z = [1, t], b ~ N(0, s2 D), noise ~ N(0, s2). With
S = Z'Z all that is needed is G = S (I + D S)^-1 and h = (I + S D)^-1 Z'y, both of size 2. Fixed
terms and s2 are profiled out; D = L L' with L = [[a, 0], [b, c]], so that every a, b, c is
allowed and a variance of zero is an ordinary point, as in lme4 (Bates and others 2015).

With X = Z A in each patient and e = h - G A beta, a change E of D changes (summed over patients)
log|I + D S| by tr(G E), the residual sum of squares by -e'E e, and X'V^-1X by -A'G E G A.
"""

from dataclasses import dataclass

import numpy as np

from alssim.statistics.followup import FloatArray
from alssim.statistics.newton import Shape
from alssim.statistics.repeated import Lines, products, totals


@dataclass(frozen=True, slots=True, eq=False)
class Fixed:
    """The fixed terms fitted for a given D.

    beta     [replicate, term]
    unscaled [replicate, term, term]  their covariance, divided by s2
    squares  [replicate]              residual sum of squares, in the metric of V
    volume   [replicate]              sum of log|I + D S|
    log_gram [replicate]              log|X'V^-1X| times s2
    g        3 x [replicate, patient] the elements 00, 01 and 11 of G
    e        2 x [replicate, patient] the elements of e
    along    2 x [replicate, patient, term] the rows of G A
    """

    beta: FloatArray
    unscaled: FloatArray
    squares: FloatArray
    volume: FloatArray
    log_gram: FloatArray
    g: tuple[FloatArray, FloatArray, FloatArray]
    e: tuple[FloatArray, FloatArray]
    along: tuple[FloatArray, FloatArray]


@dataclass(frozen=True, slots=True, eq=False)
class Bends:
    """Derivatives by the elements 00, 01 and 11 of D: [replicate, 3] and [replicate, 3, 3]."""

    slope: FloatArray
    curvature: FloatArray


def spread_matrix(factor: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the elements 00, 01 and 11 of D = L L', each [replicate, 1]."""
    a, b, c = factor[:, 0, None], factor[:, 1, None], factor[:, 2, None]
    return a * a, a * b, b * b + c * c


def fit_fixed(lines: Lines, factor: FloatArray) -> Fixed:
    """Fit the fixed terms by generalised least squares for a given D."""
    d00, d01, d11 = spread_matrix(factor)
    n, t, tt, level, drift = lines.count, lines.time, lines.time_time, lines.level, lines.drift
    area, spread = n * tt - t * t, d00 * d11 - d01 * d01
    grown = 1 + d00 * n + 2 * d01 * t + d11 * tt + spread * area
    g = ((n + area * d11) / grown, (t - area * d01) / grown, (tt + area * d00) / grown)
    other, across = tt * level - t * drift, n * drift - t * level
    h = (
        (level + d11 * other - d01 * across) / grown,
        (drift - d01 * other + d00 * across) / grown,
    )
    along = (
        g[0][..., None] * lines.on_level + g[1][..., None] * lines.on_slope,
        g[1][..., None] * lines.on_level + g[2][..., None] * lines.on_slope,
    )
    gram = products(lines.on_level, along[0]) + products(lines.on_slope, along[1])
    toward = totals(lines.on_level, h[0]) + totals(lines.on_slope, h[1])
    unscaled = np.asarray(np.linalg.inv(gram), np.float64)
    beta = np.einsum("rkl,rl->rk", unscaled, toward)
    explained = level * (d00 * h[0] + d01 * h[1]) + drift * (d01 * h[0] + d11 * h[1])
    squares = (lines.square - explained).sum(axis=1) - np.einsum("rk,rk->r", beta, toward)
    e = (h[0] - _dot(along[0], beta), h[1] - _dot(along[1], beta))
    volume = np.log(grown).sum(axis=1)
    log_gram = np.asarray(np.linalg.slogdet(gram)[1], np.float64)
    return Fixed(beta, unscaled, squares, volume, log_gram, g, e, along)


def volume_bends(fixed: Fixed) -> Bends:
    """Return the derivatives of the summed log|I + D S|."""
    g0, g1, g2 = fixed.g
    slope = np.stack([g0.sum(axis=1), 2 * g1.sum(axis=1), g2.sum(axis=1)], axis=1)
    return Bends(slope, -_twice(fixed.g, fixed.g))


def squares_bends(fixed: Fixed) -> Bends:
    """Return the derivatives of the residual sum of squares, fixed terms refitted."""
    e0, e1 = fixed.e
    b0, b1 = fixed.along
    outer = (e0 * e0, e0 * e1, e1 * e1)
    slope = -np.stack([_sum(e0, e0), 2 * _sum(e0, e1), _sum(e1, e1)], axis=1)
    pull = np.stack([totals(b0, e0), totals(b0, e1) + totals(b1, e0), totals(b1, e1)], axis=1)
    refit = np.einsum("rik,rkl,rjl->rij", pull, fixed.unscaled, pull)
    return Bends(slope, 2 * _twice(outer, fixed.g) - 2 * refit)


def gram_changes(fixed: Fixed) -> FloatArray:
    """Return minus the derivatives of s2 X'V^-1X [replicate, 3, term, term]."""
    b0, b1 = fixed.along
    cross = products(b0, b1)
    return np.stack([products(b0, b0), cross + np.swapaxes(cross, 1, 2), products(b1, b1)], axis=1)


def gram_bends(fixed: Fixed) -> Bends:
    """Return the derivatives of log|X'V^-1X|."""
    b0, b1 = fixed.along
    p0, p1 = b0 @ fixed.unscaled, b1 @ fixed.unscaled
    q = (_inner(p0, b0), _inner(p0, b1), _inner(p1, b1))
    slope = -np.stack([q[0].sum(axis=1), 2 * q[1].sum(axis=1), q[2].sum(axis=1)], axis=1)
    turned = fixed.unscaled[:, None] @ gram_changes(fixed)
    return Bends(slope, 2 * _twice(q, fixed.g) - np.einsum("rikl,rjlk->rij", turned, turned))


def determinant_bends(fixed: Fixed, restricted: bool) -> Bends:
    """Return the derivatives of all log determinants of -2 log likelihood."""
    volume = volume_bends(fixed)
    if not restricted:
        return volume
    gram = gram_bends(fixed)
    return Bends(volume.slope + gram.slope, volume.curvature + gram.curvature)


def profile(lines: Lines, factor: FloatArray, freedom: FloatArray, restricted: bool) -> Shape:
    """Return -2 log likelihood as a function of L, all else profiled out, without constants.

    ``freedom`` [replicate] is the number of scores, less the fixed terms where ``restricted``.
    """
    fixed = fit_fixed(lines, factor)
    volume = fixed.volume + fixed.log_gram if restricted else fixed.volume
    squares = np.maximum(fixed.squares, 1e-300)
    whole, rest = determinant_bends(fixed, restricted), squares_bends(fixed)
    lean = rest.slope / squares[:, None]
    slope = whole.slope + freedom[:, None] * lean
    bend = rest.curvature / squares[:, None, None] - lean[:, :, None] * lean[:, None, :]
    curvature = whole.curvature + freedom[:, None, None] * bend
    first, second = by_factor(Bends(slope, curvature), factor)
    return Shape(volume + freedom * np.log(squares), first, second)


def full_curvature(
    lines: Lines, factor: FloatArray, variance: FloatArray, freedom: FloatArray, restricted: bool
) -> FloatArray:
    """Return the second derivatives of -2 log likelihood by a, b, c and s2 [replicate, 4, 4]."""
    fixed = fit_fixed(lines, factor)
    whole, rest = determinant_bends(fixed, restricted), squares_bends(fixed)
    both = Bends(
        whole.slope + rest.slope / variance[:, None],
        whole.curvature + rest.curvature / variance[:, None, None],
    )
    found = np.empty((len(factor), 4, 4))
    found[:, :3, :3] = by_factor(both, factor)[1]
    lean = np.einsum("rdk,rd->rk", _by_element(factor), rest.slope)
    found[:, 3, :3] = found[:, :3, 3] = -lean / variance[:, None] ** 2
    found[:, 3, 3] = 2 * fixed.squares / variance**3 - freedom / variance**2
    return found


def covariance_changes(fixed: Fixed, factor: FloatArray, variance: FloatArray) -> FloatArray:
    """Return the derivatives of the covariance of beta by a, b, c, s2: [replicate, 4, ...]."""
    inner = fixed.unscaled[:, None]
    by_element = variance[:, None, None, None] * (inner @ gram_changes(fixed) @ inner)
    by_abc = np.einsum("rdk,rdij->rkij", _by_element(factor), by_element)
    return np.concatenate([by_abc, inner], axis=1)


def by_factor(bends: Bends, factor: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Carry derivatives by the elements of D over to the elements a, b, c of L."""
    change = _by_element(factor)
    slope = np.einsum("rdk,rd->rk", change, bends.slope)
    curvature = np.swapaxes(change, 1, 2) @ bends.curvature @ change
    first, mixed, last = bends.slope.T
    curvature[:, 0, 0] += 2 * first
    curvature[:, 0, 1] += mixed
    curvature[:, 1, 0] += mixed
    curvature[:, 1, 1] += 2 * last
    curvature[:, 2, 2] += 2 * last
    return slope, curvature


def _by_element(factor: FloatArray) -> FloatArray:
    """Return the derivatives of d00, d01, d11 by a, b, c [replicate, 3, 3]."""
    a, b, c = factor.T
    zero = np.zeros_like(a)
    rows = ((2 * a, zero, zero), (b, a, zero), (zero, 2 * b, 2 * c))
    return np.stack([np.stack(row, axis=1) for row in rows], axis=1)


def _twice(
    q: tuple[FloatArray, FloatArray, FloatArray], g: tuple[FloatArray, FloatArray, FloatArray]
) -> FloatArray:
    """Return the sums over patients of tr(Q E G F) for each two elements E and F of D."""
    (q0, q1, q2), (g0, g1, g2) = q, g
    s00, s01, s02 = _sum(q0, g0), _sum(q0, g1), _sum(q0, g2)
    s10, s11, s12 = _sum(q1, g0), _sum(q1, g1), _sum(q1, g2)
    s20, s21, s22 = _sum(q2, g0), _sum(q2, g1), _sum(q2, g2)
    rows = (
        (s00, s01 + s10, s11),
        (s01 + s10, s02 + 2 * s11 + s20, s12 + s21),
        (s11, s12 + s21, s22),
    )
    return np.stack([np.stack(row, axis=1) for row in rows], axis=1)


def _sum(left: FloatArray, right: FloatArray) -> FloatArray:
    return np.asarray(np.einsum("rp,rp->r", left, right))


def _dot(terms: FloatArray, beta: FloatArray) -> FloatArray:
    return np.asarray((terms @ beta[:, :, None])[..., 0])


def _inner(left: FloatArray, right: FloatArray) -> FloatArray:
    return np.asarray(np.einsum("rpk,rpk->rp", left, right))
