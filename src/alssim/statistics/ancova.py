"""Compare the change of a score from baseline to one visit between two arms.

Analysis of covariance: least squares of the outcome on arm and covariates, with normal noise of
equal size in both arms. For a change, the baseline score is a covariate (Vickers and Altman 2001,
BMJ 323:1123). Patients without both scores are left out: who has died or dropped out by the visit
does not count, so the comparison is one among survivors.

Many trials of the same size can be compared at once: a leading replicate axis is then kept.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from alssim.errors import UsageError
from alssim.statistics.effect import Effect, effect
from alssim.statistics.followup import BoolArray, FloatArray, IntArray, freeze

ALIKE = 1e-10  # a term of which less than this share is its own follows from the others


@dataclass(frozen=True, slots=True, eq=False)
class ArmDifference:
    """Least-squares means of two arms, and treated minus untreated.

    The means hold for the average covariates of the patients analysed, ``patients`` [replicate]
    in number.
    """

    untreated: Effect
    treated: Effect
    difference: Effect
    patients: IntArray

    def __post_init__(self) -> None:
        freeze(self)


def compare_change(
    baseline: ArrayLike,
    later: ArrayLike,
    treated: ArrayLike,
    covariates: ArrayLike | None = None,
    level: float = 0.95,
) -> ArmDifference:
    """Compare the change from baseline between two arms, adjusted for the baseline score.

    Parameters
    ----------
    baseline, later : [patient] or [replicate, patient]; not-a-number where there is no score
    treated : same shape or [patient], true in the treated arm
    covariates : [patient, column], with an optional replicate axis; further terms
    level : coverage of the intervals

    Raises ``UsageError`` as ``compare_outcome`` does.
    """
    first, last = np.asarray(baseline, np.float64), np.asarray(later, np.float64)
    if first.shape != last.shape:
        raise UsageError(f"baseline has shape {first.shape}, later has {last.shape}")
    known = np.where(np.isnan(last), np.nan, first)
    columns = known[..., None]
    if covariates is not None:
        more = np.asarray(covariates, np.float64)
        if more.ndim < 2 or more.shape[-2] != first.shape[-1]:
            raise UsageError(f"covariates has shape {more.shape}, expected [patient, column]")
        spread = np.broadcast_to(more, (*first.shape, more.shape[-1]))
        columns = np.concatenate([columns, spread], axis=-1)
    return compare_outcome(last - first, treated, np.where(np.isnan(columns), 0, columns), level)


def compare_outcome(
    outcome: ArrayLike, treated: ArrayLike, covariates: ArrayLike | None = None, level: float = 0.95
) -> ArmDifference:
    """Compare the mean of an outcome between two arms, adjusted for covariates.

    Arguments as in ``compare_change``; a patient without outcome is left out. Without covariates
    the test is Student's t test.

    Raises ``UsageError`` for shapes that do not fit, values that are not finite, an arm without
    patients, too few patients, or terms that cannot be told apart.
    """
    given = np.asarray(outcome, np.float64)
    if given.ndim not in (1, 2):
        raise UsageError(f"outcome must be [patient] or [replicate, patient]; shape {given.shape}")
    value = np.atleast_2d(given)
    seen = ~np.isnan(value)
    terms = _terms(value, seen, treated, covariates)
    weights = np.zeros((3, terms.shape[2]))
    weights[0, 0] = weights[1, 0] = weights[1, 1] = weights[2, 1] = 1
    estimate, error, freedom = _least_squares(np.where(seen, value, 0.0), terms, seen, weights)
    if given.ndim == 1:
        estimate, error, freedom = estimate[0], error[0], freedom[0]
    one, other, apart = (effect(estimate[..., k], error[..., k], freedom, level) for k in range(3))
    count = np.asarray(seen.sum(axis=1) if given.ndim == 2 else seen.sum())
    return ArmDifference(one, other, apart, count)


def _terms(
    value: FloatArray, seen: BoolArray, treated: ArrayLike, covariates: ArrayLike | None
) -> FloatArray:
    """Return [replicate, patient, term]: one, arm, covariates from their mean; 0 if left out."""
    arm = np.asarray(treated, np.float64)
    if arm.shape not in (value.shape[1:], value.shape) or not np.isin(arm, (0.0, 1.0)).all():
        raise UsageError("treated must be true or false for each patient")
    arm = np.broadcast_to(arm, value.shape)
    for name, side in (("treated", 1.0), ("untreated", 0.0)):
        if (empty := np.flatnonzero(~((arm == side) & seen).any(axis=1))).size:
            raise UsageError(f"replicate {empty[0]} has no {name} patient with an outcome")
    columns = np.zeros((*value.shape, 0)) if covariates is None else _columns(covariates, value)
    count = seen.sum(axis=1)[:, None, None]
    columns = columns - np.where(seen[..., None], columns, 0).sum(axis=1, keepdims=True) / count
    ones = np.ones_like(value)[..., None]
    return np.where(seen[..., None], np.concatenate([ones, arm[..., None], columns], axis=2), 0.0)


def _columns(covariates: ArrayLike, value: FloatArray) -> FloatArray:
    given = np.asarray(covariates, np.float64)
    if given.shape[:-1] not in (value.shape[1:], value.shape):
        raise UsageError(f"covariates has shape {given.shape}, expected [patient, column]")
    if not np.isfinite(given).all():
        raise UsageError("covariates must hold finite numbers")
    return np.broadcast_to(given, (*value.shape, given.shape[-1]))


def _least_squares(
    value: FloatArray, terms: FloatArray, seen: BoolArray, weights: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return weighted sums of the coefficients [replicate, sum], their errors, and freedom."""
    freedom = seen.sum(axis=1) - float(terms.shape[2])
    if (bad := np.flatnonzero(freedom < 1)).size:
        raise UsageError(f"replicate {bad[0]}: too few patients for {terms.shape[2]} terms")
    size = np.sqrt(np.einsum("rpk,rpk->rk", terms, terms))
    length = np.where(size > 0, size, 1.0)
    basis, corner = np.linalg.qr(terms / length[:, None, :])
    own = np.abs(np.einsum("rkk->rk", corner))
    if (bad := np.flatnonzero(~(own > ALIKE).all(axis=1))).size:
        raise UsageError(
            f"replicate {bad[0]}: a covariate is constant or follows from the others; leave it out"
        )
    toward = np.einsum("rpk,rp->rk", basis, value)
    rest = value - np.einsum("rpk,rk->rp", basis, toward)
    noise = np.einsum("rp,rp->r", rest, rest) / freedom
    back = np.swapaxes(np.linalg.inv(corner), 1, 2) @ (weights / length[:, None, :]).swapaxes(1, 2)
    error = np.sqrt(noise[:, None] * np.einsum("rks,rks->rs", back, back))
    return np.einsum("rks,rk->rs", back, toward), error, freedom
