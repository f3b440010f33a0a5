"""Who takes part in a trial, of those who meet its criteria: its published case-mix, matched.

Registries hold older people than trials, more of them with bulbar onset, and more who were
diagnosed late. The chance to take part is logistic in such traits, with slopes at which the means
of those who take part are the published ones. Finding them is calibration of survey weights with
the logit distance (Deville and Sarndal 1992, J Am Stat Assoc 87:376), used for what
matching-adjusted comparisons use unbounded weights for (Phillippo 2018, 10.1177/0272989X17725740).
"""

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, logit

from alssim.studies.validation.cohorts import FloatArray

TYPICAL = 0.8  # chance of one whose traits are the published means: assumption
RIDGE = 1e-9  # holds the slopes finite where the published means are out of reach


def chances(traits: FloatArray, published: FloatArray) -> FloatArray:
    """Return the chance to take part of each who meets the criteria [patient], 0 to 1.

    ``traits`` [trait, patient] and their ``published`` means [trait], in the same units. Without
    traits all take part. Means out of reach are met as nearly as they can be.
    """
    if not traits.size:
        return np.ones(traits.shape[1])
    spread = traits.std(axis=1, keepdims=True)
    apart = (traits - published[:, None]) / np.where(spread > 0, spread, 1.0)
    typical = float(logit(TYPICAL))

    def cost(slopes: FloatArray) -> tuple[float, FloatArray]:
        score = typical + slopes @ apart
        value = np.logaddexp(0.0, score).mean() + RIDGE / 2 * slopes @ slopes
        return float(value), apart @ expit(score) / apart.shape[1] + RIDGE * slopes

    found = minimize(cost, np.zeros(len(apart)), jac=True, method="BFGS", options={"gtol": 1e-9})
    return np.asarray(expit(typical + found.x @ apart))
