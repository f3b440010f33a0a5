"""Vital capacity, who is ventilated or fed by a tube, and what NIV adds (RSP)."""

from collections.abc import Callable

import numpy as np

from alssim.statistics.survival import kaplan_meier, quantile
from alssim.studies.validation.cohorts import BoolArray, Cohort, Cohorts, IntArray
from alssim.studies.validation.entry import Entered, enrol, schedule
from alssim.studies.validation.estimates import NOTHING, Parts, Sample, mean, mean_and_sd
from alssim.studies.validation.measuring import Measurement
from alssim.studies.validation.people import begun
from alssim.studies.validation.slopes import line_sample, lines, random_slope

USUAL, VISITS = ("usual",), ("visits",)
CARE_TRIAL = ("visits", "niv", "no_niv")
DAYS_PER_MONTH = 30.4375
EVERY = 2  # months between the visits of a trial that measures vital capacity: assumption
BULBAR_ITEMS = slice(0, 3)
GOOD_BULBAR = 20 / 41  # share of those randomised whose bulbar function was good (Bourke 2006)
From = Callable[[Cohorts], Sample]


def _trial_lines(trial: str, group: Callable[[Cohort], BoolArray] | None = None) -> From:
    """Return a sample: lines through each patient's vital capacity over a year of a trial."""

    def sample(cohorts: Cohorts) -> Sample:
        cohort = cohorts["visits"]
        entered = enrol(cohort, cohorts.designs.trial(trial))
        if group is not None:
            there = group(cohort)[entered.rows]
            entered = Entered(entered.rows[there], entered.baseline[there])
        months = np.arange(0, 13, EVERY)
        when, seen = schedule(cohort, entered.rows, entered.baseline, months)
        values = -cohort.capacity[entered.rows[:, None], when].astype(np.float64)
        return line_sample(lines(months.astype(np.float64), values, seen))

    return sample


def _baseline(cohorts: Cohorts) -> Sample:
    cohort = cohorts["visits"]
    entered = enrol(cohort, cohorts.designs.trial("empower"))
    return (cohort.capacity[entered.rows, entered.baseline].astype(np.float64),)


def _ever(event: str) -> From:
    def sample(cohorts: Cohorts) -> Sample:
        cohort = cohorts["usual"]
        return (~np.isnan(cohort.months(event))[begun(cohort)],)

    return sample


# ------------------------------------------------------------------------------ a trial of NIV


def _niv_trial(group: Callable[[IntArray], BoolArray] | None = None) -> From:
    """Randomise those who come to need NIV: every other patient uses it.

    Columns: days from need to death, whether death came, whether NIV was given.
    """

    def sample(cohorts: Cohorts) -> Sample:
        visits, arms = cohorts["visits"], (cohorts["no_niv"], cohorts["niv"])
        need = arms[0].months("niv_need")
        visit = np.ceil(need)
        randomised = visit <= visits.last_visit  # the course up to the need is the same in all
        if group is not None:
            rows = np.flatnonzero(randomised)
            score = visits.items[rows, visit[rows].astype(np.int64), BULBAR_ITEMS].sum(axis=1)
            randomised[rows] = group(score.astype(np.int64))
        rows = np.flatnonzero(randomised)
        given = np.arange(len(rows)) % 2
        death = np.where(given == 1, arms[1].death[rows], arms[0].death[rows])
        stop = np.fmin(death, arms[0].horizon) - need[rows]
        return stop * DAYS_PER_MONTH, death <= arms[0].horizon, given

    return sample


def good_bulbar(score: IntArray) -> BoolArray:
    """Say whose bulbar subscore is good: the better part, as large as in the trial."""
    if not len(score):
        return np.zeros(0, np.bool_)
    levels = np.unique(score)
    shares = np.array([(score >= level).mean() for level in levels])
    return np.asarray(score >= levels[np.abs(shares - GOOD_BULBAR).argmin()])


def difference_of_medians(sample: Sample) -> Parts:
    """Return the median survival of those treated less that of the others; columns as above."""
    time, died, given = sample
    medians = []
    for arm in (1, 0):
        there = given == arm
        if not there.any():
            return NOTHING
        medians.append(quantile(kaplan_meier(time[there], died[there])).value)
    return (medians[0] - medians[1],)


MEASUREMENTS = (
    Measurement("RSP-01", VISITS, _trial_lines("empower"), random_slope),
    Measurement("RSP-05", VISITS, _trial_lines("empower", lambda c: c.bulbar), random_slope),
    Measurement("RSP-06", VISITS, _trial_lines("empower", lambda c: ~c.bulbar), random_slope),
    Measurement("RSP-09", VISITS, _baseline, mean_and_sd),
    Measurement("RSP-10", VISITS, _trial_lines("pooled"), random_slope),
    Measurement("RSP-12", USUAL, _ever("niv"), mean),
    Measurement("RSP-13", USUAL, _ever("gastrostomy"), mean),
    Measurement("RSP-14", USUAL, _ever("tracheostomy"), mean),
    Measurement("RSP-19", CARE_TRIAL, _niv_trial(good_bulbar), difference_of_medians),
    Measurement("RSP-20", CARE_TRIAL, _niv_trial(lambda s: ~good_bulbar(s)), difference_of_medians),
    Measurement("RSP-21", CARE_TRIAL, _niv_trial(), difference_of_medians),
)
