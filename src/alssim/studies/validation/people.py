"""Who falls ill, where it begins, and when the diagnosis is made (EPI, DLY)."""

import numpy as np

from alssim.model.anatomy import ARMS, BULBAR, LEGS, RESPIRATORY, TRUNK
from alssim.studies.validation.cohorts import BoolArray, Cohort, Cohorts, IntArray
from alssim.studies.validation.estimates import (
    Sample,
    mean,
    mean_and_sd,
    median,
    quartiles,
    sd,
)
from alssim.studies.validation.measuring import Measurement

USUAL = ("usual",)
OLDER_THAN_70 = 71.0  # years: ages are published in full years


def begun(cohort: Cohort) -> BoolArray:
    """Say in whom a first symptom appears [patient]."""
    return cohort.onset >= 0


def regions_at_once(cohort: Cohort) -> IntArray:
    """Count the regions weak at month 0 [patient]: bulbar, arms, trunk with breathing, legs."""
    weak = cohort.weakness <= 0
    groups = ((BULBAR,), ARMS, (TRUNK, RESPIRATORY), LEGS)
    return np.asarray(sum(weak[list(group)].any(axis=0).astype(np.int64) for group in groups))


def _men(cohorts: Cohorts) -> Sample:
    cohort = cohorts["usual"]
    return (cohort.patients.male[begun(cohort)],)


def _ages(cohorts: Cohorts) -> Sample:
    cohort = cohorts["usual"]
    return (cohort.patients.age[begun(cohort)],)


def _ages_of_men(cohorts: Cohorts) -> Sample:
    cohort = cohorts["usual"]
    return (cohort.patients.age[begun(cohort) & cohort.patients.male],)


def _ages_of_women(cohorts: Cohorts) -> Sample:
    cohort = cohorts["usual"]
    return (cohort.patients.age[begun(cohort) & ~cohort.patients.male],)


def _older(cohorts: Cohorts) -> Sample:
    return (_ages(cohorts)[0] >= OLDER_THAN_70,)


def _bulbar(cohorts: Cohorts) -> Sample:
    cohort = cohorts["usual"]
    return (cohort.bulbar[begun(cohort)],)


def _arm(cohorts: Cohorts) -> Sample:
    cohort = cohorts["usual"]
    return (cohort.arm[begun(cohort)],)


def _leg(cohorts: Cohorts) -> Sample:
    cohort = cohorts["usual"]
    return (cohort.leg[begun(cohort)],)


def _trunk_or_several(cohorts: Cohorts) -> Sample:
    cohort = cohorts["usual"]
    trunk = np.isin(cohort.onset, (TRUNK, RESPIRATORY))
    return ((trunk | (regions_at_once(cohort) > 1))[begun(cohort)],)


def _one_region(cohorts: Cohorts) -> Sample:
    cohort = cohorts["usual"]
    return ((regions_at_once(cohort) == 1)[begun(cohort)],)


def delays(cohort: Cohort, who: BoolArray) -> Sample:
    """Return months from the first symptom to diagnosis of those who are diagnosed."""
    found = cohort.months("diagnosis")[who]
    return (found[~np.isnan(found)],)


def _delays(cohorts: Cohorts) -> Sample:
    cohort = cohorts["usual"]
    return delays(cohort, begun(cohort))


def _bulbar_delays(cohorts: Cohorts) -> Sample:
    return delays(cohorts["usual"], cohorts["usual"].bulbar)


def _limb_delays(cohorts: Cohorts) -> Sample:
    cohort = cohorts["usual"]
    return delays(cohort, cohort.arm | cohort.leg)


MEASUREMENTS = (
    Measurement("EPI-04", USUAL, _men, mean),
    Measurement("EPI-10", USUAL, _ages, mean),
    Measurement("EPI-11", USUAL, _ages, sd),
    Measurement("EPI-12", USUAL, _ages_of_men, median),
    Measurement("EPI-13", USUAL, _ages_of_women, median),
    Measurement("EPI-14", USUAL, _older, mean),
    Measurement("EPI-15", USUAL, _bulbar, mean),
    Measurement("EPI-16", USUAL, _arm, mean),
    Measurement("EPI-17", USUAL, _leg, mean),
    Measurement("EPI-18", USUAL, _trunk_or_several, mean),
    Measurement("EPI-20", USUAL, _one_region, mean),
    Measurement("DLY-01", USUAL, _delays, median),
    Measurement("DLY-02", USUAL, _delays, quartiles),
    Measurement("DLY-05", USUAL, _bulbar_delays, mean_and_sd),
    Measurement("DLY-06", USUAL, _limb_delays, mean_and_sd),
)
