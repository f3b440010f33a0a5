"""How long people live: from onset, from diagnosis, from a procedure (SUR, RSP-15, RSP-18).

The endpoint is death or tracheostomy where the source has both (Piedmont, Olmsted County, hospital
series), and death where the source followed people until death (Puglia, Lombardy, Rhineland), by
Kaplan-Meier; nobody is lost to follow-up but at the end of the simulation.
"""

from collections.abc import Callable

import numpy as np

from alssim.studies.validation.cohorts import BoolArray, Cohort, Cohorts, FloatArray
from alssim.studies.validation.estimates import (
    Sample,
    deaths_by,
    mean,
    survival_beyond,
    survival_median,
)
from alssim.studies.validation.measuring import Measurement
from alssim.studies.validation.participation import attending
from alssim.studies.validation.people import begun

USUAL, MINIMAL = ("usual",), ("minimal",)
DAYS_30 = 30 / 30.4375  # months
AGES = ((0.0, 51.0), (51.0, 61.0), (61.0, 71.0), (71.0, np.inf))  # published in full years

Group = Callable[[Cohort], BoolArray]
From = Callable[[Cohorts], Sample]


def after(cohort: Cohort, start: FloatArray, end: FloatArray, who: BoolArray) -> Sample:
    """Return months from a start to an end, and whether it came, of those who reach the start."""
    there = who & ~np.isnan(start) & ~(end <= start) & (start < cohort.horizon)
    stop = np.fmin(end, cohort.horizon)[there]
    return stop - start[there], (end <= cohort.horizon)[there]


def from_onset(name: str, group: Group = begun) -> From:
    """Return a sample: time from the first symptom to death or tracheostomy."""

    def sample(cohorts: Cohorts) -> Sample:
        cohort = cohorts[name]
        return after(cohort, np.zeros(len(cohort)), cohort.end, group(cohort) & begun(cohort))

    return sample


def from_event(name: str, event: str) -> From:
    """Return a sample: time from an event to death or tracheostomy."""

    def sample(cohorts: Cohorts) -> Sample:
        cohort = cohorts[name]
        return after(cohort, cohort.months(event), cohort.end, begun(cohort))

    return sample


def until_death(event: str | None = None) -> From:
    """Return a sample: time from the first symptom, or from an event, to death alone."""

    def sample(cohorts: Cohorts) -> Sample:
        cohort = cohorts["usual"]
        start = np.zeros(len(cohort)) if event is None else cohort.months(event)
        return after(cohort, start, cohort.death, begun(cohort))

    return sample


def aged(band: tuple[float, float]) -> Group:
    """Return a group: age at onset from the lower to below the upper limit."""
    low, high = band
    return lambda cohort: (cohort.patients.age >= low) & (cohort.patients.age < high)


def _series(cohorts: Cohorts) -> Sample:
    """Return time from the first symptom to death or tracheostomy in a younger hospital series."""
    cohort = cohorts["minimal"]
    seen = attending(cohort, np.arange(len(cohort)), cohorts.designs.clinic("milan"))
    return from_onset("minimal", lambda _: np.isin(np.arange(len(cohort)), seen))(cohorts)


def _soon_after_tube(cohorts: Cohorts) -> Sample:
    cohort = cohorts["usual"]
    tube = cohort.months("gastrostomy")
    return ((cohort.death <= tube + DAYS_30)[~np.isnan(tube)],)


ONSET, DIAGNOSED = from_onset("usual"), from_event("usual", "diagnosis")
ONSET_TO_DEATH, DIAGNOSIS_TO_DEATH = until_death(), until_death("diagnosis")
EARLIER, EARLIER_DIAGNOSED = from_onset("minimal"), from_event("minimal", "diagnosis")

MEASUREMENTS = (
    Measurement("SUR-01", USUAL, ONSET, survival_median),
    Measurement("SUR-02", USUAL, ONSET, survival_beyond(36)),
    Measurement("SUR-03", USUAL, ONSET_TO_DEATH, survival_median),
    Measurement("SUR-04", USUAL, DIAGNOSIS_TO_DEATH, survival_median),
    Measurement("SUR-05", USUAL, ONSET_TO_DEATH, survival_beyond(48)),
    Measurement("SUR-06", USUAL, DIAGNOSIS_TO_DEATH, survival_beyond(12)),
    Measurement("SUR-07", USUAL, DIAGNOSIS_TO_DEATH, survival_beyond(60)),
    Measurement("SUR-08", USUAL, DIAGNOSIS_TO_DEATH, survival_beyond(120)),
    Measurement("SUR-09", USUAL, DIAGNOSIS_TO_DEATH, deaths_by(12)),
    Measurement("SUR-10", MINIMAL, EARLIER, survival_beyond(60)),
    Measurement("SUR-11", MINIMAL, EARLIER, survival_median),
    Measurement("SUR-12", MINIMAL, EARLIER, survival_beyond(36)),
    Measurement("SUR-13", MINIMAL, EARLIER, survival_beyond(60)),
    Measurement("SUR-14", MINIMAL, EARLIER_DIAGNOSED, survival_median),
    Measurement("SUR-15", MINIMAL, _series, survival_beyond(12)),
    Measurement("SUR-16", MINIMAL, _series, survival_beyond(36)),
    Measurement("SUR-17", MINIMAL, _series, survival_beyond(60)),
    Measurement("SUR-18", USUAL, from_onset("usual", lambda c: c.bulbar), survival_median),
    Measurement("SUR-19", USUAL, from_onset("usual", lambda c: c.arm), survival_median),
    Measurement("SUR-20", USUAL, from_onset("usual", lambda c: c.leg), survival_median),
    Measurement("SUR-24", USUAL, from_onset("usual", aged(AGES[0])), survival_median),
    Measurement("SUR-25", USUAL, from_onset("usual", aged(AGES[1])), survival_median),
    Measurement("SUR-26", USUAL, from_onset("usual", aged(AGES[2])), survival_median),
    Measurement("SUR-27", USUAL, from_onset("usual", aged(AGES[3])), survival_median),
    Measurement("SUR-34", USUAL, ONSET, survival_beyond(12)),
    Measurement("SUR-35", USUAL, ONSET, survival_beyond(24)),
    Measurement("SUR-36", USUAL, ONSET, survival_beyond(60)),
    Measurement("SUR-37", USUAL, ONSET, survival_beyond(120)),
    Measurement("RSP-15", USUAL, from_event("usual", "niv"), survival_median),
    Measurement("RSP-18", USUAL, _soon_after_tube, mean),
)
