"""What the figures of a validation show, as small arrays."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from alssim.statistics.survival import SurvivalCurve, kaplan_meier
from alssim.studies.validation.cohorts import Cohort, Cohorts, FloatArray
from alssim.studies.validation.entry import schedule
from alssim.studies.validation.estimates import quantiles
from alssim.studies.validation.living import AGES, Group, aged, from_onset
from alssim.studies.validation.people import begun

COURSE = 36  # months after diagnosis
MILESTONES = {
    "kings_2a": "KNG-01",
    "kings_2b": "KNG-02",
    "kings_3": "KNG-03",
    "kings_4a": "KNG-04",
    "kings_4b": "KNG-05",
}
SPREAD = ("SPR-09", "SPR-10", "SPR-11", "SPR-12")
PLATEAUS = ("FRS-14", "FRS-15", "FRS-16", "FRS-17")
BY_ONSET = {"all": "SUR-01", "bulbar": "SUR-18", "arm": "SUR-19", "leg": "SUR-20"}
BY_AGE = {"to_50": "SUR-24", "51_to_60": "SUR-25", "61_to_70": "SUR-26", "from_71": "SUR-27"}


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """A course with its spread between patients: quartiles and mean, by month.

    months, low, middle, high, mean [month]; not-a-number where nobody is left.
    """

    months: FloatArray
    low: FloatArray
    middle: FloatArray
    high: FloatArray
    mean: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Outlines:
    """Arrays to draw.

    by_onset, by_age  survival from onset to death or tracheostomy, by group
    milestones  of King's stages: shares of the course in decedents (quartile, median, quartile)
    score, latent  ALSFRS-R after diagnosis: of the living, and of the course that death cuts off
    capacity  vital capacity of the living after diagnosis, % predicted
    """

    by_onset: Mapping[str, SurvivalCurve]
    by_age: Mapping[str, SurvivalCurve]
    milestones: Mapping[str, tuple[float, float, float]]
    score: Band
    latent: Band
    capacity: Band


def outline(cohorts: Cohorts) -> Outlines:
    """Return what the figures need of the cohorts."""
    groups: dict[str, Group] = {
        "all": begun,
        "bulbar": lambda c: c.bulbar,
        "arm": lambda c: c.arm,
        "leg": lambda c: c.leg,
    }
    ages = {name: aged(band) for name, band in zip(BY_AGE, AGES, strict=True)}
    usual, visits = cohorts["usual"], cohorts["visits"]
    return Outlines(
        by_onset=_curves(cohorts, groups),
        by_age=_curves(cohorts, ages),
        milestones={name: _milestone(usual, name) for name in MILESTONES},
        score=_course(visits, visits.total.astype(np.float64)),
        latent=_course(visits, visits.total.astype(np.float64), living=False),
        capacity=_course(visits, visits.capacity.astype(np.float64)),
    )


def _curves(cohorts: Cohorts, groups: Mapping[str, Group]) -> dict[str, SurvivalCurve]:
    """Return the survival of each group that has a patient."""
    found = {name: from_onset("usual", group)(cohorts) for name, group in groups.items()}
    return {name: kaplan_meier(time, event) for name, (time, event) in found.items() if len(time)}


def _milestone(cohort: Cohort, name: str) -> tuple[float, float, float]:
    month, death = cohort.months(name), cohort.death
    there = (death > 0) & (month <= death)
    low, middle, high = quantiles(month[there] / death[there], (0.25, 0.5, 0.75))
    return low, middle, high


def _course(cohort: Cohort, values: FloatArray, living: bool = True) -> Band:
    """Return the spread of values [patient, month] at months since diagnosis."""
    diagnosis = cohort.months("diagnosis")
    first = np.nan_to_num(np.ceil(diagnosis), nan=np.inf)
    rows = np.flatnonzero(first + COURSE <= cohort.last_visit)
    months = np.arange(COURSE + 1)
    when, seen = schedule(cohort, rows, first[rows].astype(np.int64), months)
    found = values[rows[:, None], when]
    shown = seen if living else np.ones_like(seen)
    spread = np.array(
        [quantiles(found[shown[:, m], m], (0.25, 0.5, 0.75)) for m in months], dtype=np.float64
    )
    sums = np.where(shown, found, 0.0).sum(axis=0)
    means = sums / np.where(shown.any(axis=0), shown.sum(axis=0), np.nan)
    low, middle, high = spread.T
    return Band(months.astype(np.float64), low, middle, high, means)
