"""Motor units: how many are lost, how fast, and by what law (MNU).

A unit counts as lost when its lower motor neuron is lost; a muscle is the lower pool of its region.
"""

from collections.abc import Callable

import numpy as np

from alssim.model.anatomy import ARMS, BULBAR, LEFT_ARM, LEFT_LEG, LEGS, RIGHT_ARM, TRUNK
from alssim.model.patients import GENETIC_FORMS
from alssim.randomness import normals, words
from alssim.studies.validation.cohorts import BoolArray, Cohort, Cohorts, FloatArray, IntArray
from alssim.studies.validation.designs import load_designs
from alssim.studies.validation.entry import schedule
from alssim.studies.validation.estimates import (
    NOTHING,
    Parts,
    Sample,
    holds,
    mean,
)
from alssim.studies.validation.measuring import Measurement
from alssim.studies.validation.slopes import Lines, line_sample, lines, random_slope

VISITS, SILENT = ("visits",), ("silent",)
LIMBS = (*ARMS, *LEGS)
EVERY = 3  # months between counts
LONGEST_COUNTS = 16  # months, about 500 days
LONGEST_INDEX = 15  # months
LONGEST_SERIES = 15  # months
FEWEST_COUNTS = 4  # of a series
MOST_SERIES = 4000
LEAST_LEFT = 0.01  # share of units below which nothing can be counted
HAND_ITEM = 3  # column of handwriting
SHAPES = np.round(np.arange(0.4, 3.01, 0.1), 1)  # of a Weibull law; 1 is exponential
HALF_LIVES = np.geomspace(1.0, 300.0, 90)  # months
HALF = 0.5
SMALLEST_ERROR = 1e-6  # of a share, squared
AUTOPSY = ((BULBAR,), ARMS, (TRUNK,), LEGS)  # hypoglossal, cervical, thoracic, lumbar
From = Callable[[Cohorts], Sample]


def _at_death(cohorts: Cohorts) -> Sample:
    """Return the share of units lost at death, a mean over four levels of the cord [patient]."""
    cohort = cohorts["visits"]
    rows = np.flatnonzero(cohort.death < cohort.last_visit)
    death = cohort.death[rows]
    before = np.floor(death).astype(np.int64)
    part = (death - before)[:, None]
    left = (1 - part) * cohort.left[rows, before] + part * cohort.left[rows, before + 1]
    return (1 - np.mean([left[:, list(level)].mean(axis=1) for level in AUTOPSY], axis=0),)


def _at_first_trouble(cohorts: Cohorts) -> Sample:
    """Return the share of the writing hand's units lost when handwriting first scores below 4."""
    cohort = cohorts["visits"]
    hand = np.where(cohort.patients.right_handed, RIGHT_ARM, LEFT_ARM)
    months = np.arange(cohort.last_visit + 1)
    below = (cohort.items[..., HAND_ITEM] < 4) & ~(cohort.death[:, None] <= months)
    rows = np.flatnonzero(below.any(axis=1))
    return (1 - cohort.left[rows, below[rows].argmax(axis=1), hand[rows]],)


def _before_onset(cohorts: Cohorts) -> Sample:
    """Return the share of limb units left in SOD1 carriers some months before the first symptom."""
    cohort = cohorts["silent"]
    carriers = cohort.patients.genetic_form == GENETIC_FORMS.index("sod1")
    return (cohort.left[carriers, 0][:, list(LIMBS)].mean(axis=1),)


# -------------------------------------------------------------------------- counts after diagnosis


def _visits(
    cohort: Cohort, who: BoolArray, months: IntArray
) -> tuple[IntArray, IntArray, BoolArray]:
    """Return rows, months of visits since onset and who is seen, from diagnosis on."""
    rows = np.flatnonzero(who & ~np.isnan(cohort.months("diagnosis")))
    first = np.ceil(cohort.months("diagnosis")[rows]).astype(np.int64)
    return rows, *schedule(cohort, rows, first, months)


def _onset_limb_lines(cohort: Cohort, who: BoolArray) -> tuple[IntArray, Lines]:
    """Return rows, and lines through the logarithm of the units left in the limb of onset."""
    months = np.arange(0, LONGEST_COUNTS + 1)
    rows, when, seen = _visits(cohort, who, months)
    left = cohort.left[rows[:, None], when, cohort.onset[rows, None]]
    seen = seen & (left > LEAST_LEFT)
    return rows, lines(months.astype(np.float64), np.log(np.maximum(left, LEAST_LEFT)), seen)


def _count_lines(cohorts: Cohorts) -> Sample:
    cohort = cohorts["visits"]
    return line_sample(_onset_limb_lines(cohort, cohort.arm | cohort.leg)[1])


def percent_per_month(sample: Sample) -> Parts:
    """Return the mean compound loss, % a month, from lines through logarithms."""
    return (100 * (1 - float(np.exp(random_slope(sample)[0]))),)


def _less_affected(cohort: Cohort, rows: IntArray, when: IntArray) -> FloatArray:
    """Return the units left in the arm and leg of the side less affected at the first visit."""
    left = cohort.left[rows[:, None], when].astype(np.float64)
    sides = [left[..., arm] + left[..., leg] for arm, leg in zip(ARMS, LEGS, strict=True)]
    better = (sides[1][:, 0] > sides[0][:, 0])[:, None]
    return np.where(better, sides[1], sides[0])


def _relative_lines(cohorts: Cohorts) -> tuple[Lines, Lines]:
    """Return lines through units and ALSFRS-R, both in % of the first visit."""
    cohort = cohorts["visits"]
    months = np.arange(0, LONGEST_INDEX + 1, EVERY)
    rows, when, seen = _visits(cohort, cohort.onset >= 0, months)
    index = _less_affected(cohort, rows, when)
    total = cohort.total[rows[:, None], when].astype(np.float64)
    there = (index[:, 0] > 2 * LEAST_LEFT) & (total[:, 0] > 0) & seen[:, 0]
    share = [-100 * one[there] / one[there, :1] for one in (index, total)]
    fitted = [lines(months.astype(np.float64), one, seen[there]) for one in share]
    return fitted[0], fitted[1]


def _index_lines(cohorts: Cohorts) -> Sample:
    return line_sample(_relative_lines(cohorts)[0])


def _both_lines(cohorts: Cohorts) -> Sample:
    return tuple(column for one in _relative_lines(cohorts) for column in line_sample(one))


def ratio_of_slopes(sample: Sample) -> Parts:
    """Return the mean slope of the first four columns over that of the last four."""
    below = random_slope(sample[4:])[0]
    return (random_slope(sample[:4])[0] / below,) if below else NOTHING


# ----------------------------------------------------------------------------- the law of loss


def _series(cohorts: Cohorts) -> Sample:
    """Return AICs of an exponential and of a Weibull law for one muscle of each patient.

    The first limb that becomes weak, counted every three months from its first weakness on.
    """
    cohort = cohorts["visits"]
    weak = np.nan_to_num(cohort.weakness[list(LIMBS)], nan=np.inf)
    first = weak.min(axis=0)
    rows = np.flatnonzero(np.isfinite(first))[:MOST_SERIES]
    limb = np.array(LIMBS)[weak.argmin(axis=0)[rows]]
    months = np.arange(0, LONGEST_SERIES + 1, EVERY)
    when, seen = schedule(cohort, rows, np.ceil(first[rows]).astype(np.int64), months)
    left = _counted(cohort, rows, cohort.left[rows[:, None], when, limb[:, None]])
    enough = seen.sum(axis=1) >= FEWEST_COUNTS
    return laws(months.astype(np.float64), left[enough], seen[enough])


def _counted(cohort: Cohort, rows: IntArray, left: FloatArray) -> FloatArray:
    """Return units as they are counted [patient, visit], each count with its own error."""
    raw = words(cohort.seed, cohort.patients.number[rows], "unit_count", left.shape[1])
    return np.asarray(left * (1 + load_designs().thresholds.count_error * normals(raw)))


def laws(months: FloatArray, left: FloatArray, seen: BoolArray) -> Sample:
    """Return the AIC of an exponential and of a Weibull law fitted to each series [series].

    ``left`` and ``seen`` [series, visit]; least squares over a fine grid of half-lives and
    shapes, with the number at the first visit free.
    """
    errors = np.array([_least_error(months, left, seen, shape) for shape in SHAPES])
    visits = seen.sum(axis=1)
    exponential, weibull = errors[np.flatnonzero(SHAPES == 1.0)[0]], errors.min(axis=0)
    return _aic(exponential, visits, 3), _aic(weibull, visits, 4)


def _least_error(months: FloatArray, left: FloatArray, seen: BoolArray, shape: float) -> FloatArray:
    """Return the least sum of squares of each series over all half-lives, at one shape."""
    curves = 0.5 ** ((months / HALF_LIVES[:, None]) ** shape)
    shown = np.where(seen, left, 0.0)
    common, size = shown @ curves.T, seen.astype(np.float64) @ (curves**2).T
    errors = (shown**2).sum(axis=1)[:, None] - common**2 / size
    return np.asarray(np.maximum(errors.min(axis=1), SMALLEST_ERROR))


def _aic(error: FloatArray, visits: IntArray, parameters: int) -> FloatArray:
    return np.asarray(visits * np.log(error / visits) + 2 * parameters)


def share_exponential(sample: Sample) -> Parts:
    """Return the share of series that the exponential law fits at least as well."""
    return mean((sample[0] <= sample[1],))


def exponential_fits(sample: Sample) -> bool:
    """Whether the exponential law fits at least half of the series at least as well."""
    return share_exponential(sample)[0] >= HALF


def _hands(cohorts: Cohorts) -> Sample:
    """Return the logarithmic slope of one hand's units, and whether the onset was in an arm."""
    cohort = cohorts["visits"]
    months = np.arange(0, LONGEST_SERIES + 1, EVERY)
    rows, when, seen = _visits(cohort, cohort.arm | cohort.leg, months)
    left_side = np.isin(cohort.onset[rows], (LEFT_ARM, LEFT_LEG))
    hand = np.where(left_side, LEFT_ARM, RIGHT_ARM)
    left = cohort.left[rows[:, None], when, hand[:, None]]
    found = lines(
        months.astype(np.float64), np.log(np.maximum(left, LEAST_LEFT)), seen & (left > LEAST_LEFT)
    )
    enough = found.visits >= 2
    return found.slope[enough], cohort.arm[rows][enough]


def excess_at_onset(sample: Sample) -> Parts:
    """Return the hand's typical rate of loss with arm onset less that with leg onset, per month."""
    slope, arm = sample[0].astype(np.float64), sample[1].astype(np.bool_)
    if arm.all() or not arm.any():
        return NOTHING
    return (float(np.median(slope[~arm]) - np.median(slope[arm])),)


def faster_at_onset(sample: Sample) -> bool:
    """Whether the hand's typical half-life is shorter with arm onset than with leg onset."""
    return excess_at_onset(sample)[0] > 0


MEASUREMENTS = (
    Measurement("MNU-01", VISITS, _at_death, mean),
    Measurement("MNU-03", VISITS, _index_lines, random_slope),
    Measurement("MNU-04", VISITS, _both_lines, ratio_of_slopes),
    Measurement("MNU-05", VISITS, _count_lines, percent_per_month),
    Measurement("MNU-07", VISITS, _series, holds(exponential_fits), share_exponential),
    Measurement("MNU-08", VISITS, _hands, holds(faster_at_onset), excess_at_onset),
    Measurement("MNU-15", SILENT, _before_onset, mean),
    Measurement("MNU-16", VISITS, _at_first_trouble, mean),
)
