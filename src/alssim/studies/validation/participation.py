"""Who takes part in a study, of those who could: its published case-mix, matched.

Registries hold older people than trials and clinics, more of them with bulbar onset, and more who
were diagnosed late. The chance to take part is logistic in such traits, with slopes at which the
means of those who take part are the published ones. Finding them is calibration of survey weights
with the logit distance (Deville and Sarndal 1992, J Am Stat Assoc 87:376), used for what
matching-adjusted comparisons use unbounded weights for (Phillippo 2018, 10.1177/0272989X17725740).
"""

from collections.abc import Iterable

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, logit

from alssim.randomness import uniforms, words
from alssim.studies.validation.cohorts import Cohort, FloatArray, IntArray
from alssim.studies.validation.designs import Clinic

Trait = tuple[FloatArray, float]
"""Values [patient] and the published mean of those who take part, in the same unit; 0: none."""

TYPICAL = 0.8  # chance of one whose traits are the published means: assumption
RIDGE = 1e-9  # holds the slopes finite where the published means are out of reach


def attending(cohort: Cohort, rows: IntArray, clinic: Clinic) -> IntArray:
    """Return which of these rows of a cohort a clinic sees: as old, and with such onsets."""
    luck = uniforms(words(cohort.seed, cohort.patients.number, "clinic_attenders", 1))[rows, 0]
    seen = luck < chances(people(cohort, rows, clinic.age, clinic.bulbar))
    return np.asarray(rows[seen])


def people(cohort: Cohort, rows: IntArray, age: float, bulbar: float) -> tuple[Trait, ...]:
    """Return the age at onset and the bulbar onset of these rows, each with its published mean."""
    return (cohort.patients.age[rows], age), (cohort.bulbar[rows].astype(np.float64), bulbar)


def chances(traits: Iterable[Trait]) -> FloatArray:
    """Return the chance to take part [patient], 0 to 1; at least one trait is given.

    Where nothing is published all take part. Means out of reach are met as nearly as they can be.
    """
    values, published = zip(*traits, strict=True)
    matched = np.array(published) != 0
    if not matched.any() or not len(values[0]):
        return np.ones(len(values[0]))
    apart = np.array(values)[matched] - np.array(published)[matched, None]
    spread = apart.std(axis=1, keepdims=True)
    apart /= np.where(spread > 0, spread, 1.0)
    typical = float(logit(TYPICAL))

    def cost(slopes: FloatArray) -> tuple[float, FloatArray]:
        score = typical + slopes @ apart
        value = np.logaddexp(0.0, score).mean() + RIDGE / 2 * slopes @ slopes
        return float(value), apart @ expit(score) / apart.shape[1] + RIDGE * slopes

    found = minimize(cost, np.zeros(len(apart)), jac=True, method="BFGS", options={"gtol": 1e-9})
    return np.asarray(expit(typical + found.x @ apart))
