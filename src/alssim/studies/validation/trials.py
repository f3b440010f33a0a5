"""What trials saw in their untreated arms (TRT, TRL, MIT).

The riluzole trials ran before riluzole, NIV and most feeding tubes: minimal care. Later ones ran
in usual care.
"""

from collections.abc import Callable

import numpy as np

from alssim.studies.validation.cohorts import BoolArray, Cohorts, FloatArray
from alssim.studies.validation.entry import enrol, schedule, survival
from alssim.studies.validation.estimates import Parts, Sample, Statistic, mean, survival_beyond
from alssim.studies.validation.measuring import Measurement
from alssim.studies.validation.slopes import lines

VISITS, MINIMAL = ("visits",), ("minimal",)
WEEK = 7 / 30.4375  # months
BETTER = 1.25  # points a month: a responder's slope is better by so much
From = Callable[[Cohorts], Sample]


def _from_entry(cohort_name: str, trial: str) -> From:
    """Return a sample: months from a trial's baseline to death or tracheostomy, whether it came."""

    def sample(cohorts: Cohorts) -> Sample:
        cohort = cohorts[cohort_name]
        return survival(cohort, enrol(cohort, cohorts.designs.trial(trial)), cohort.end)

    return sample


def _to_round_the_clock(cohorts: Cohorts) -> Sample:
    """Say who dies, has a tracheostomy or needs NIV day and night within a year of entry."""
    cohort = cohorts["visits"]
    entered = enrol(cohort, cohorts.designs.trial("epos"))
    end = np.fmin(cohort.end, cohort.months("niv_22h"))[entered.rows]
    return (end <= entered.baseline + 12,)


def _change(weeks: float) -> From:
    """Return the ALSFRS-R change over some weeks; of those who die, the last one seen."""

    def sample(cohorts: Cohorts) -> Sample:
        cohort = cohorts["visits"]
        entered = enrol(cohort, cohorts.designs.trial("enriched"))
        month = weeks * WEEK
        before, part = int(month), month - int(month)
        when, seen = schedule(cohort, entered.rows, entered.baseline, np.arange(before + 2))
        last = np.minimum(seen.sum(axis=1) - 1, before + 1)
        totals = cohort.total[entered.rows[:, None], when].astype(np.float64)
        held = np.where(seen, totals, totals[np.arange(len(last)), last][:, None])
        return ((1 - part) * held[:, before] + part * held[:, before + 1] - held[:, 0],)

    return sample


def _responders(cohorts: Cohorts) -> Sample:
    """Say whose slope over 28 weeks is better than that of the run-in by 1.25 points a month."""
    cohort, trial = cohorts["visits"], cohorts.designs.trial("declining")
    entered = enrol(cohort, trial)
    months = np.arange(-trial.run_in, int(28 * WEEK) + 1)
    when, seen = schedule(cohort, entered.rows, entered.baseline, months)
    totals = cohort.total[entered.rows[:, None], when].astype(np.float64)
    return (responds(months.astype(np.float64), totals, seen),)


def responds(months: FloatArray, totals: FloatArray, seen: BoolArray) -> BoolArray:
    """Say who responds [patient]; months [visit] count from the baseline, who dies does not."""
    before, after = months <= 0, months >= 0
    slopes = [lines(months[part], totals[:, part], seen[:, part]).slope for part in (before, after)]
    return np.asarray(seen[:, -1] & (slopes[1] - slopes[0] >= BETTER - 1e-9))


def _attrition(months: int) -> Statistic:
    """Return a statistic: the share that has left by a month; columns time, event, dropout."""
    beyond = survival_beyond(months)

    def left(sample: Sample) -> Parts:
        if not len(sample[0]):
            return beyond(sample)
        rate = float(sample[2][0])
        return (1 - beyond(sample)[0] * float(np.exp(-rate * months)),)

    return left


def _leaving(cohorts: Cohorts) -> Sample:
    """Add the chance of leaving for other reasons, which is no part of the disease."""
    time, event = _from_entry("visits", "pooled")(cohorts)
    return time, event, np.full(len(time), cohorts.designs.thresholds.dropout)


MEASUREMENTS = (
    Measurement("MIT-03", VISITS, _to_round_the_clock, mean),
    Measurement("TRT-01b", MINIMAL, _from_entry("minimal", "first-riluzole"), survival_beyond(12)),
    Measurement("TRT-04", MINIMAL, _from_entry("minimal", "second-riluzole"), survival_beyond(18)),
    Measurement("TRT-10", VISITS, _change(24), mean),
    Measurement("TRT-16", VISITS, _responders, mean),
    Measurement("TRL-01", VISITS, _leaving, _attrition(6)),
    Measurement("TRL-02", VISITS, _leaving, _attrition(12)),
    Measurement("TRL-03", VISITS, _leaving, _attrition(18)),
)
