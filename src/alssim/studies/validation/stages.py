"""When King's stages are reached and how long they last (KNG)."""

from collections.abc import Callable

import numpy as np

from alssim.model.staging import kings_clinical, kings_from_alsfrs
from alssim.randomness import uniforms, words
from alssim.studies.validation.cohorts import BoolArray, Cohort, Cohorts, FloatArray, IntArray
from alssim.studies.validation.entry import enrol, schedule
from alssim.studies.validation.estimates import Sample, mean, median, quartiles, survival_median
from alssim.studies.validation.measuring import Measurement
from alssim.studies.validation.participation import attending

USUAL, VISITS, MINIMAL = ("usual",), ("visits",), ("minimal",)
REGISTRY_VISITS = 3  # months between the visits of a registry: assumption
BREATHLESS, VENTILATED = 9, 11  # columns of the items dyspnoea and respiratory insufficiency
From = Callable[[Cohorts], Sample]


def share_of_course(month: FloatArray, death: FloatArray) -> Sample:
    """Return month / death of the decedents who reach it in life."""
    there = (death > 0) & (month <= death)
    return (month[there] / death[there],)


def _milestone(event: str) -> From:
    def sample(cohorts: Cohorts) -> Sample:
        cohort = cohorts["usual"]
        return share_of_course(cohort.months(event), cohort.death)

    return sample


# ------------------------------------------------------- stages read from the ALSFRS-R at visits


def stages_seen(cohort: Cohort, rows: IntArray, when: IntArray) -> IntArray:
    """Return King's stage from the ALSFRS-R at visits [patient, visit], 1 to 4."""
    items = cohort.items[rows[:, None], when]
    tube = cohort.months("gastrostomy")[rows, None] <= when
    return kings_from_alsfrs(items, tube, np.ones(when.shape, np.bool_)).astype(np.int64)


def first_visit(there: BoolArray, when: IntArray) -> FloatArray:
    """Return the month of the first visit at which something is so [patient]; NaN if never."""
    month = when[np.arange(len(when)), there.argmax(axis=1)]
    return np.where(there.any(axis=1), month, np.nan)


def reading(cohort: Cohort, least: float, most: float) -> FloatArray:
    """Return the month at which a registry of the years before is read [patient]; NaN: not in it.

    Diagnoses are spread evenly over the years, so who died slowly is often still alive.
    """
    luck = uniforms(words(cohort.seed, cohort.patients.number, "registry_year", 1))[:, 0]
    return np.asarray(cohort.months("diagnosis") + least + luck * (most - least))


def _registry(stage: int) -> From:
    """Who has died when a registry is read: visits every three months; care is dated exactly."""

    def sample(cohorts: Cohorts) -> Sample:
        cohort, known = cohorts["visits"], cohorts.designs.thresholds
        read = reading(cohort, known.registry_least, known.registry_most)
        rows = np.flatnonzero((cohort.death > 0) & (cohort.death <= read))
        first = np.ceil(cohort.months("diagnosis")[rows]).astype(np.int64)
        months = np.arange(0, cohort.last_visit + 1, REGISTRY_VISITS)
        when, seen = schedule(cohort, rows, first, months)
        reached = first_visit(seen & (stages_seen(cohort, rows, when) >= stage), when)
        care = np.fmin(cohort.months("gastrostomy"), cohort.months("niv"))[rows]
        return share_of_course(np.fmin(reached, care), cohort.death[rows])

    return sample


def _trial(there: Callable[[Cohort, IntArray, IntArray], BoolArray]) -> From:
    """Who dies during a trial: the first visit at a stage, on monthly visits from entry on."""

    def sample(cohorts: Cohorts) -> Sample:
        cohort, trial = cohorts["visits"], cohorts.designs.trial("pooled")
        entered = enrol(cohort, trial)
        died = cohort.death[entered.rows] <= entered.baseline + trial.follow_up
        rows, first = entered.rows[died], entered.baseline[died]
        when, seen = schedule(cohort, rows, first, np.arange(trial.follow_up + 1))
        return share_of_course(
            first_visit(seen & there(cohort, rows, when), when), cohort.death[rows]
        )

    return sample


def _at(stage: int) -> Callable[[Cohort, IntArray, IntArray], BoolArray]:
    return lambda cohort, rows, when: stages_seen(cohort, rows, when) == stage


def _with_tube(cohort: Cohort, rows: IntArray, when: IntArray) -> BoolArray:
    return np.asarray(cohort.months("gastrostomy")[rows, None] <= when)


def _failing_breath(cohort: Cohort, rows: IntArray, when: IntArray) -> BoolArray:
    items = cohort.items[rows[:, None], when]
    return np.asarray((items[..., BREATHLESS] == 0) | (items[..., VENTILATED] < 4))


# --------------------------------------------------------------------------- time in each stage


def entries(cohort: Cohort) -> FloatArray:
    """Return the month at which each King's stage is entered [stage 1 to 5, patient]; inf: never.

    A stage is entered when it or a later one is first reached, so a stage that is skipped is
    entered and left at once.
    """
    need = np.fmin(cohort.months("gastrostomy_need"), cohort.months("niv_need"))
    reached = [cohort.months(name) for name in ("onset", "second_region", "third_region")]
    months = np.nan_to_num(np.array([*reached, need, cohort.death]), nan=np.inf)
    return np.asarray(np.minimum.accumulate(months[::-1], axis=0)[::-1])


def _sojourn(stage: int) -> From:
    def sample(cohorts: Cohorts) -> Sample:
        cohort = cohorts["minimal"]
        seen = attending(cohort, np.arange(len(cohort)), cohorts.designs.clinic("chengdu"))
        start, stop = entries(cohort)[stage - 1 : stage + 1, seen]
        there = (start < stop) & (start < cohort.horizon)
        time = np.minimum(stop, cohort.horizon)[there] - start[there]
        return time, (stop <= cohort.horizon)[there]

    return sample


def _reversals(cohorts: Cohorts) -> Sample:
    """Say of each trial patient whether a visit shows an earlier stage than the one before."""
    cohort, trial = cohorts["visits"], cohorts.designs.trial("pooled")
    entered = enrol(cohort, trial)
    stage = kings_clinical(cohort.events[:, entered.rows], np.arange(cohort.last_visit + 1.0))
    when, seen = schedule(cohort, entered.rows, entered.baseline, np.arange(trial.follow_up + 1))
    at_visits = np.take_along_axis(stage, when, axis=1).astype(np.int64)
    back = (np.diff(at_visits, axis=1) < 0) & seen[:, 1:]
    return (np.asarray(back.any(axis=1)),)


MEASUREMENTS = (
    Measurement("KNG-01", USUAL, _milestone("diagnosis"), median),
    Measurement("KNG-02", USUAL, _milestone("second_region"), median),
    Measurement("KNG-03", USUAL, _milestone("third_region"), median),
    Measurement("KNG-04", USUAL, _milestone("gastrostomy_need"), median),
    Measurement("KNG-05", USUAL, _milestone("niv_need"), median),
    Measurement("KNG-06", VISITS, _registry(2), median),
    Measurement("KNG-07", VISITS, _registry(3), median),
    Measurement("KNG-08", VISITS, _registry(4), median),
    Measurement("KNG-09", VISITS, _trial(_at(2)), quartiles),
    Measurement("KNG-10", VISITS, _trial(_at(3)), quartiles),
    Measurement("KNG-11", VISITS, _trial(_with_tube), quartiles),
    Measurement("KNG-12", VISITS, _trial(_failing_breath), quartiles),
    Measurement("KNG-13", VISITS, _trial(_at(4)), quartiles),
    Measurement("KNG-14", MINIMAL, _sojourn(1), survival_median),
    Measurement("KNG-15", MINIMAL, _sojourn(2), survival_median),
    Measurement("KNG-16", MINIMAL, _sojourn(3), survival_median),
    Measurement("KNG-17", MINIMAL, _sojourn(4), survival_median),
    Measurement("KNG-22", VISITS, _reversals, mean),
)
