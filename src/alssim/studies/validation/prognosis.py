"""Do covariates hang together as in patients? What is known at diagnosis, and how long life lasts.

Published: a short diagnostic delay, an early second region, higher age, bulbar onset and a fast
slope go with a shorter life (Chio 2002, 10.1212/WNL.59.1.99; Fujimura-Kiyono 2011,
10.1136/jnnp-2011-300141), and most of a course stays unexplained.
"""

import math
from dataclasses import dataclass

import numpy as np

from alssim.statistics.cox import cox
from alssim.studies.validation.cohorts import BoolArray, Cohorts, FloatArray
from alssim.studies.validation.estimates import NORMAL_95
from alssim.studies.validation.scale import FULL

NEEDS = ("usual", "visits")
COVARIATES = ("short_delay", "early_second_region", "older_age", "bulbar_onset", "fast_slope")
MOST_EXPLAINED = 0.5
LEAST_SLOPE = 0.02  # points a month: a score that is still full counts as this
YEARS = 10.0


@dataclass(frozen=True, slots=True)
class Ratio:
    """The hazard ratio of one covariate with its 95 % interval; above 1 is the published side."""

    covariate: str
    value: float
    low: float
    high: float

    @property
    def holds(self) -> bool:
        """Whether the ratio lies on the published side of 1, and its interval excludes 1."""
        return self.low > 1


@dataclass(frozen=True, slots=True)
class Prognosis:
    """A Cox model from diagnosis, and the share of the variance of log survival explained."""

    ratios: tuple[Ratio, ...]
    explained: float
    patients: int

    @property
    def holds(self) -> bool:
        """Whether every ratio holds and less than half of the variance is explained."""
        return all(ratio.holds for ratio in self.ratios) and self.explained < MOST_EXPLAINED


def prognosis(cohorts: Cohorts) -> Prognosis:
    """Fit the model to all who are diagnosed.

    Delay and slope are taken as logarithms per SD, age per decade; the others are yes or no.
    """
    time, event, known = at_diagnosis(cohorts)
    if event.sum() <= len(COVARIATES):
        return Prognosis(_ratios(*[[math.nan] * len(COVARIATES)] * 3), math.nan, len(time))
    explained = explained_share(np.log(time[event]), known[event])
    return Prognosis(_fitted(time, event, known), explained, len(time))


def _fitted(time: FloatArray, event: BoolArray, known: FloatArray) -> tuple[Ratio, ...]:
    """Return the ratios; not-a-number for a covariate in which all are alike."""
    found = np.full((3, len(COVARIATES)), np.nan)
    differ = np.ptp(known, axis=0) > 0
    fit = cox(time, event, known[:, differ])
    half = NORMAL_95 * fit.errors
    limits = [fit.coefficients, fit.coefficients - half, fit.coefficients + half]
    found[:, differ] = np.exp(limits)
    return _ratios(*found.tolist())


def _ratios(value: list[float], low: list[float], high: list[float]) -> tuple[Ratio, ...]:
    return tuple(Ratio(*one) for one in zip(COVARIATES, value, low, high, strict=True))


def at_diagnosis(cohorts: Cohorts) -> tuple[FloatArray, BoolArray, FloatArray]:
    """Return months from diagnosis to death or tracheostomy, whether it came, and covariates.

    Covariates [patient, covariate] in the order of ``COVARIATES``. The slope is 48 less the
    ALSFRS-R at the first visit after diagnosis, by the months since onset.
    """
    cohort, seen = cohorts["usual"], cohorts["visits"]
    diagnosis = cohort.months("diagnosis")
    visit = np.ceil(diagnosis)
    stop = np.fmin(cohort.end, cohort.horizon)
    rows = np.flatnonzero((stop > diagnosis) & (visit <= seen.last_visit) & (visit > 0))
    month = visit[rows].astype(np.int64)
    slope = np.maximum((FULL - seen.total[rows, month]) / month, LEAST_SLOPE)
    early = cohort.months("second_region")[rows] <= diagnosis[rows]
    known = np.column_stack(
        [
            -_standard(np.log(diagnosis[rows])),
            early.astype(np.float64),
            cohort.patients.age[rows] / YEARS,
            cohort.bulbar[rows].astype(np.float64),
            _standard(np.log(slope)),
        ]
    )
    return stop[rows] - diagnosis[rows], (cohort.end <= cohort.horizon)[rows], known


def _standard(values: FloatArray) -> FloatArray:
    spread = float(values.std())
    return np.asarray((values - values.mean()) / (spread if spread > 0 else 1.0))


def explained_share(outcome: FloatArray, known: FloatArray) -> float:
    """Return the share of the variance that a straight line in the covariates explains, 0-1."""
    design = np.column_stack([np.ones(len(known)), known])
    fitted = design @ np.linalg.lstsq(design, outcome, rcond=None)[0]
    return float(1 - ((outcome - fitted) ** 2).sum() / ((outcome - outcome.mean()) ** 2).sum())
