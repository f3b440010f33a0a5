"""Who enters a trial, and what is measured of them on its schedule.

A trial meets patients some months after diagnosis; the month is drawn once for each of them, from
the seed of the people. Who has died by then, or does not meet the criteria, is not there: a
sample of a trial is truncated on the left. Of the others some take part, so that their case-mix is
the published one.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv

from alssim.randomness import rounded, uniforms, words
from alssim.studies.validation.cohorts import BoolArray, Cohort, FloatArray, IntArray
from alssim.studies.validation.designs import Trial
from alssim.studies.validation.participation import Trait, chances, people

BREATHING_ITEMS = slice(9, 12)


@dataclass(frozen=True, slots=True, eq=False)
class Entered:
    """The patients of a trial: their rows in the cohort, and the month of their baseline."""

    rows: IntArray
    baseline: IntArray

    def __len__(self) -> int:
        return len(self.rows)


def enrol(cohort: Cohort, trial: Trial) -> Entered:
    """Return who enters a trial; ``baseline`` is the visit after the run-in."""
    luck = uniforms(words(cohort.seed, cohort.patients.number, "trial_entry", 2))
    wished = np.ceil(cohort.months("diagnosis") + delay(trial, luck[:, 0]))
    month = np.where(np.isnan(wished), cohort.last_visit, wished).astype(np.int64)
    baseline = month + trial.run_in
    seen = ~np.isnan(wished) & (baseline <= cohort.last_visit)
    rows = np.flatnonzero(seen)
    met = _meets(cohort, trial, rows, month[rows]) & _declined(cohort, trial, rows, month[rows])
    rows = rows[met]
    rows = rows[luck[rows, 1] < chances(_case_mix(cohort, trial, rows, month[rows]))]
    return Entered(rows, baseline[rows])


def _case_mix(cohort: Cohort, trial: Trial, rows: IntArray, month: IntArray) -> tuple[Trait, ...]:
    """Return what is matched at enrolment: time since diagnosis where time since onset is."""
    told = month - cohort.months("diagnosis")[rows]
    return (
        *people(cohort, rows, trial.age, trial.bulbar),
        (month.astype(np.float64), trial.duration),
        (told, trial.delay_mean if trial.duration else 0.0),
    )


def delay(trial: Trial, luck: FloatArray) -> FloatArray:
    """Return the months from diagnosis to enrolment [patient]: gamma, of uniform ``luck``."""
    shape = (trial.delay_mean / trial.delay_sd) ** 2
    months = np.asarray(gammaincinv(shape, luck) * trial.delay_mean / shape, np.float64)
    return rounded(months)


def _meets(cohort: Cohort, trial: Trial, rows: IntArray, month: IntArray) -> BoolArray:
    """Say who meets the criteria at enrolment."""
    age = np.floor(cohort.patients.age[rows])
    items = cohort.items[rows, month]
    unventilated = ~(np.fmin(cohort.months("niv_22h"), cohort.end)[rows] <= month)
    return np.asarray(
        unventilated
        & (month <= trial.onset_most)
        & (cohort.capacity[rows, month] >= trial.capacity_least)
        & (age >= trial.age_least)
        & (age <= trial.age_most)
        & (items.sum(axis=1) >= trial.total_least)
        & (items.min(axis=1) >= trial.item_least)
        & (items[:, BREATHING_ITEMS].min(axis=1) >= trial.breathing_item_least)
    )


def _declined(cohort: Cohort, trial: Trial, rows: IntArray, month: IntArray) -> BoolArray:
    """Say who lives through the run-in and declines as much as is asked for."""
    baseline = month + trial.run_in
    decline = cohort.total[rows, month] - cohort.total[rows, baseline]
    alive = ~(cohort.end[rows] <= baseline)
    return np.asarray(
        alive & (decline >= trial.decline_least) & (decline <= trial.decline_most)
        if trial.run_in
        else alive
    )


def schedule(
    cohort: Cohort, rows: IntArray, first: IntArray, months: NDArray[np.int64]
) -> tuple[IntArray, BoolArray]:
    """Return the month of each visit since onset, and who is seen then [patient, visit].

    ``first`` [patient] is the month of the first visit, ``months`` [visit] the schedule. Seen are
    the living within the months that were simulated.
    """
    when = first[:, None] + months
    seen = (when <= cohort.last_visit) & ~(cohort.death[rows, None] <= when)
    return np.minimum(when, cohort.last_visit), seen


def survival(cohort: Cohort, entered: Entered, end: FloatArray) -> tuple[FloatArray, BoolArray]:
    """Return months from baseline to an endpoint [patient in the cohort], and whether it came."""
    stop = np.fmin(end[entered.rows], cohort.horizon)
    return stop - entered.baseline, end[entered.rows] <= cohort.horizon
