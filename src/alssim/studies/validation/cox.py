"""A small Cox regression by Newton's method (Cox 1972, J R Stat Soc B 34:187).

Kept apart, so that a fuller one can take its place. Times are continuous here; ties would be
handled as by Breslow (1974, Biometrics 30:89).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alssim.errors import UsageError
from alssim.studies.validation.estimates import NORMAL_95

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
MOST_STEPS, SMALLEST_STEP = 50, 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class CoxFit:
    """Coefficients with their 95 % limits [covariate]; exponentiate for hazard ratios."""

    coefficient: FloatArray
    error: FloatArray

    @property
    def low(self) -> FloatArray:
        """Lower limit."""
        return np.asarray(self.coefficient - NORMAL_95 * self.error)

    @property
    def high(self) -> FloatArray:
        """Upper limit."""
        return np.asarray(self.coefficient + NORMAL_95 * self.error)


def cox(time: FloatArray, event: BoolArray, covariates: FloatArray) -> CoxFit:
    """Fit proportional hazards to ``covariates`` [patient, covariate].

    Raises ``UsageError`` when no maximum is found, as with covariates that are combinations of
    each other.
    """
    order = np.argsort(-time, kind="stable")  # the last first: a risk set is all up to here
    when, happened = time[order], event[order]
    x = covariates[order] - covariates.mean(axis=0)
    last = np.searchsorted(-when, -when, side="right") - 1  # who is at risk at each time
    beta = np.zeros(x.shape[1])
    for _ in range(MOST_STEPS):
        gradient, information = _derivatives(x, happened, last, beta)
        try:
            step = np.linalg.solve(information, gradient)
        except np.linalg.LinAlgError:
            break
        beta = beta + step
        if np.abs(step).max() < SMALLEST_STEP:
            return CoxFit(beta, np.sqrt(np.diag(np.linalg.inv(information))))
    raise UsageError("the Cox regression found no maximum; are covariates constant or redundant?")


def _derivatives(
    x: FloatArray, happened: BoolArray, last: NDArray[np.int64], beta: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return gradient and information of the partial likelihood."""
    weight = np.exp(np.clip(x @ beta, -500, 500))
    total = np.cumsum(weight)[last][happened]
    first = np.cumsum(weight[:, None] * x, axis=0)[last][happened] / total[:, None]
    gradient = (x[happened] - first).sum(axis=0)
    products = np.einsum("i,ij,ik->ijk", weight, x, x)
    second = np.cumsum(products, axis=0)[last][happened] / total[:, None, None]
    information = (second - np.einsum("ij,ik->ijk", first, first)).sum(axis=0)
    return np.asarray(gradient), np.asarray(information)
