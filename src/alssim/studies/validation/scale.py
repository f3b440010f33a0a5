"""How the ALSFRS-R falls (FRS): after diagnosis, at a clinic, and in trials.

``latent`` scores go on after death, as if it did not stop the course: what a joint model of decline
and death extrapolates. All other scores are those of the living, as rated.
"""

from collections.abc import Callable

import numpy as np

from alssim.randomness import uniforms, words
from alssim.studies.validation.cohorts import BoolArray, Cohort, Cohorts, FloatArray, IntArray
from alssim.studies.validation.entry import Entered, enrol, schedule
from alssim.studies.validation.estimates import (
    NOTHING,
    Parts,
    Sample,
    holds,
    mean,
    mean_and_range,
    quartiles,
)
from alssim.studies.validation.measuring import Measurement
from alssim.studies.validation.participation import attending
from alssim.studies.validation.slopes import line_sample, lines, random_slope

VISITS = ("visits",)
YEAR, TWO_YEARS, HALF_YEAR = 12, 24, 6
FULL = 48.0
LARGE_GAIN = 4  # points
QUARTILE = 0.6744897501960817  # of the standard normal distribution
# Subscores as columns of the items, and the one that belongs to each region of onset.
SUBSCORES = {
    "bulbar": slice(0, 3),
    "fine": slice(3, 6),
    "gross": slice(6, 9),
    "breathing": slice(9, 12),
}
OWN = {"bulbar": "bulbar", "arm": "fine", "leg": "gross"}
From = Callable[[Cohorts], Sample]


# ----------------------------------------------------------------------------- after diagnosis


def scores_after_diagnosis(cohort: Cohort) -> tuple[IntArray, IntArray, FloatArray]:
    """Return rows, month of the first visit, and latent totals then, 12 and 24 months later.

    Only those whose second year lies within the months that were simulated. Totals [patient, 3].
    """
    diagnosis = cohort.months("diagnosis")
    first = np.nan_to_num(np.ceil(diagnosis), nan=np.inf)
    rows = np.flatnonzero(first + TWO_YEARS <= cohort.last_visit)
    start = first[rows].astype(np.int64)
    when = start[:, None] + np.array([0, YEAR, TWO_YEARS])
    return rows, start, cohort.total[rows[:, None], when].astype(np.float64)


def _latent_slopes(cohorts: Cohorts) -> Sample:
    _, _, totals = scores_after_diagnosis(cohorts["visits"])
    return ((totals[:, 0] - totals[:, 2]) / TWO_YEARS,)


def _two_years(cohorts: Cohorts) -> Sample:
    """Return the losses of both years, and who is alive at the end of each [patient]."""
    cohort = cohorts["visits"]
    rows, start, totals = scores_after_diagnosis(cohort)
    alive = [~(cohort.death[rows] <= start + years) for years in (YEAR, TWO_YEARS)]
    return totals[:, 0] - totals[:, 1], totals[:, 1] - totals[:, 2], *alive


def least_deceleration(sample: Sample) -> Parts:
    """Return the loss of the first year over that of the second, the lesser of two such ratios.

    One is of the survivors' scores, one of everyone's course with what death cuts off.
    """
    first, second, alive, still = sample
    later = mean((second,))[0], mean((second[still],))[0]
    if 0.0 in later:
        return NOTHING
    earlier = mean((first,))[0], mean((first[alive],))[0]
    return (min(one / other for one, other in zip(earlier, later, strict=True)),)


def decelerates(sample: Sample) -> bool:
    """Whether the first year's loss is larger: of the survivors, and of everyone's course."""
    return least_deceleration(sample)[0] > 1


# -------------------------------------------------------------------------------- at the clinic


def attend(cohort: Cohort, low: float, middle: float, high: float) -> tuple[IntArray, IntArray]:
    """Return who attends a clinic, and the month since onset at which each is seen.

    The months of those seen are spread as the source's durations (log-normal through its median
    and quartiles); seen are those who are diagnosed and alive by then. Each patient has one visit.
    """
    months = np.arange(1, cohort.last_visit + 1)
    diagnosis = cohort.months("diagnosis")
    there = (diagnosis[:, None] <= months) & ~(cohort.death[:, None] <= months)
    width = np.log(high / low) / (2 * QUARTILE)
    wanted = np.exp(-0.5 * (np.log(months / middle) / width) ** 2) / months
    share = there.mean(axis=0)
    chance = np.cumsum(np.where(share > 0, wanted / np.maximum(share, 1 / len(there)), 0.0))
    luck = uniforms(words(cohort.seed, cohort.patients.number, "clinic_visit", 1))[:, 0]
    place = np.minimum(np.searchsorted(chance, luck * chance[-1]), len(months) - 1)
    rows = np.flatnonzero(there[np.arange(len(there)), place])
    return rows, months[place[rows]]


def _attenders(cohorts: Cohorts) -> tuple[IntArray, FloatArray]:
    """Return months since onset and totals of clinic attenders."""
    cohort, known = cohorts["visits"], cohorts.designs.thresholds
    rows, month = attend(cohort, known.duration_low, known.duration, known.duration_high)
    seen = np.isin(rows, attending(cohort, rows, cohorts.designs.clinic("germany")))
    return month[seen], cohort.total[rows[seen], month[seen]].astype(np.float64)


def _attenders_scores(cohorts: Cohorts) -> Sample:
    return (_attenders(cohorts)[1],)


def _attenders_slopes(cohorts: Cohorts) -> Sample:
    month, total = _attenders(cohorts)
    return ((FULL - total) / month,)


# ------------------------------------------------------------------------------------ in trials


def pooled_visits(cohorts: Cohorts, months: int) -> tuple[Cohort, Entered, IntArray, BoolArray]:
    """Return the pooled trials' patients with their monthly visits up to a month."""
    cohort = cohorts["visits"]
    entered = enrol(cohort, cohorts.designs.trial("pooled"))
    when, seen = schedule(cohort, entered.rows, entered.baseline, np.arange(months + 1))
    return cohort, entered, when, seen


def _trial_lines(cohorts: Cohorts) -> Sample:
    cohort, entered, when, seen = pooled_visits(cohorts, YEAR)
    totals = cohort.total[entered.rows[:, None], when].astype(np.float64)
    return line_sample(lines(np.arange(YEAR + 1.0), -totals, seen))


def _no_decline(months: int) -> From:
    """Say of those alive after some months of a trial who has not declined."""

    def sample(cohorts: Cohorts) -> Sample:
        cohort, entered, when, seen = pooled_visits(cohorts, months)
        totals = cohort.total[entered.rows[:, None], when]
        return ((totals[:, -1] >= totals[:, 0])[seen[:, -1]],)

    return sample


def _rising(cohorts: Cohorts) -> Sample:
    """Say of those alive after a year of a trial who has a rising stretch of 180 days or more."""
    cohort, entered, when, seen = pooled_visits(cohorts, YEAR)
    there = seen[:, -1]
    totals = cohort.total[entered.rows[there, None], when[there]].astype(np.float64)
    return (ever_rises(totals),)


def ever_rises(totals: FloatArray) -> BoolArray:
    """Say whose line rises over any six months or more [patient]; totals [patient, month]."""
    months = np.arange(totals.shape[1], dtype=np.float64)
    rises = np.zeros(len(totals), np.bool_)
    for first in range(len(months) - HALF_YEAR):
        for last in range(first + HALF_YEAR, len(months)):
            x = months[first : last + 1] - months[first : last + 1].mean()
            rises |= totals[:, first : last + 1] @ x > 1e-9
    return rises


def _large_gain(cohorts: Cohorts) -> Sample:
    months = cohorts.designs.trial("pooled").follow_up
    cohort, entered, when, seen = pooled_visits(cohorts, months)
    totals = cohort.total[entered.rows[:, None], when]
    return (gains_for_a_year(totals, seen),)


def gains_for_a_year(totals: IntArray, seen: BoolArray) -> BoolArray:
    """Say whose score stays four points or more above an earlier one for twelve months."""
    lowest = np.minimum.accumulate(totals, axis=1)
    found = np.zeros(len(totals), np.bool_)
    for start in range(1, totals.shape[1] - YEAR):
        stretch = totals[:, start : start + YEAR + 1]
        held = stretch.min(axis=1) >= lowest[:, start - 1] + LARGE_GAIN
        found |= held & seen[:, start + YEAR]
    return found


# ------------------------------------------------------------------------- order of the subscores


def _subscores(cohorts: Cohorts) -> Sample:
    """Return subscores at baseline [patient, 4], their falls over a year (NaN: dead), and onset."""
    cohort, entered, when, seen = pooled_visits(cohorts, YEAR)
    items = cohort.items[entered.rows[:, None], when[:, [0, -1]]].astype(np.float64)
    scores = np.stack([items[..., part].sum(axis=-1) for part in SUBSCORES.values()], axis=-1)
    falls = np.where(seen[:, -1:], scores[:, 0] - scores[:, 1], np.nan)
    rows = entered.rows
    onset = np.select([cohort.bulbar[rows], cohort.arm[rows], cohort.leg[rows]], [0, 1, 2], -1)
    return scores[:, 0], falls, onset


def order_margin(sample: Sample) -> Parts:
    """Return the least margin, in points, by which the order of the subscores holds.

    At baseline the subscore of the onset region lies below the others; over the year the
    breathing subscore falls less than the others.
    """
    scores, falls, onset = sample
    names = list(SUBSCORES)
    margins = [
        _margin(scores[onset == place].mean(axis=0), names.index(own))
        for place, own in enumerate(OWN.values())
        if (onset == place).any()
    ]
    if len(margins) < len(OWN) or np.isnan(falls[:, 0]).all():
        return NOTHING
    return (min(*margins, _margin(np.nanmean(falls, axis=0), names.index("breathing"))),)


def _margin(means: FloatArray, least: int) -> float:
    return float(np.delete(means, least).min() - means[least])


def sequential(sample: Sample) -> bool:
    """Whether the onset region's subscore is lowest at baseline, and breathing falls least."""
    return order_margin(sample)[0] > 0


MEASUREMENTS = (
    Measurement("FRS-01", VISITS, _latent_slopes, mean),
    Measurement("FRS-02", VISITS, _latent_slopes, mean_and_range),
    Measurement("FRS-03", VISITS, _two_years, holds(decelerates), least_deceleration),
    Measurement("FRS-06", VISITS, _trial_lines, random_slope),
    Measurement("FRS-07", VISITS, _trial_lines, random_slope),
    Measurement("FRS-08", VISITS, _subscores, holds(sequential), order_margin),
    Measurement("FRS-09", VISITS, _attenders_slopes, quartiles),
    Measurement("FRS-10", VISITS, _attenders_scores, quartiles),
    Measurement("FRS-14", VISITS, _no_decline(6), mean),
    Measurement("FRS-15", VISITS, _no_decline(12), mean),
    Measurement("FRS-16", VISITS, _no_decline(18), mean),
    Measurement("FRS-17", VISITS, _rising, mean),
    Measurement("FRS-18", VISITS, _large_gain, mean),
)
