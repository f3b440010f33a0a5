"""Where the disease goes next, and when (SPR)."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from alssim.model.anatomy import (
    ARMS,
    BULBAR,
    LEFT_ARM,
    LEFT_LEG,
    LEGS,
    RESPIRATORY,
    RIGHT_ARM,
    RIGHT_LEG,
    TRUNK,
)
from alssim.model.patients import GENETIC_FORMS
from alssim.studies.validation.cohorts import BoolArray, Cohort, Cohorts, FloatArray, IntArray
from alssim.studies.validation.entry import schedule
from alssim.studies.validation.estimates import Sample, mean, mean_and_sd, ratio
from alssim.studies.validation.measuring import Measurement

USUAL, VISITS = ("usual",), ("visits",)
EVERY = 3  # months between the clinic's visits
AT_ONCE = 1.0  # months: two regions within it are a combined onset
# Bulbar, upper limb, lower limb: their regions, and the ALSFRS-R items that show them.
REGION_GROUPS = ((BULBAR,), ARMS, LEGS)
REGION_ITEMS = ((0, 1, 2), (3, 4), (7, 8))
BULBAR_GROUP, ARM_GROUP, LEG_GROUP = range(3)
# Sites that patients report, each with its level from above to below.
SITES = (BULBAR, LEFT_ARM, RIGHT_ARM, TRUNK, LEFT_LEG, RIGHT_LEG)
LEVELS = np.array([0, 1, 1, 2, 3, 3])
OTHER_SIDE = np.array([-1, 2, 1, -1, 5, 4])
SAME_SIDE = np.array([-1, 4, 5, -1, 1, 2])
NO_SPREAD, ACROSS, DOWN, UP, REMOTE = range(5)
From = Callable[[Cohorts], Sample]


def group_of_onset(cohort: Cohort) -> IntArray:
    """Return the region group in which the disease shows first [patient]; -1 for trunk, breath."""
    return np.select([cohort.bulbar, cohort.arm, cohort.leg], [0, 1, 2], -1)


# --------------------------------------------------------------------- a clinic's second region


@dataclass(frozen=True, slots=True, eq=False)
class Second:
    """The second region as a clinic dates it.

    onset, group [patient]: first and second region group (-1: none seen); month [patient]
    """

    onset: IntArray
    group: IntArray
    month: FloatArray


def second_region(cohort: Cohort) -> Second:
    """Date the second region of sporadic patients (bulbar, upper limb, lower limb).

    What is there at the first visit, after diagnosis, is dated by the patient's history; later
    regions by the first visit, every three months, at which one of their ALSFRS-R items is below
    4. Follow-up ends when breathing is affected, as in Fujimura-Kiyono 2011.
    """
    onset = group_of_onset(cohort)
    sporadic = cohort.patients.genetic_form == GENETIC_FORMS.index("sporadic")
    rows = np.flatnonzero(sporadic & (onset >= 0) & ~np.isnan(cohort.months("diagnosis")))
    first = np.ceil(cohort.months("diagnosis")[rows])
    when, seen = schedule(
        cohort, rows, first.astype(np.int64), np.arange(0, cohort.last_visit + 1, EVERY)
    )
    months = np.array([_dated(cohort, rows, first, when, seen, g) for g in range(3)])
    months[onset[rows], np.arange(len(rows))] = np.inf
    month, group = months.min(axis=0), months.argmin(axis=0)
    breathless = np.nan_to_num(cohort.weakness[RESPIRATORY, rows], nan=np.inf)
    there = np.isfinite(month) & (month <= breathless)
    return Second(onset[rows], np.where(there, group, -1), month)


def _dated(
    cohort: Cohort, rows: IntArray, first: FloatArray, when: IntArray, seen: BoolArray, group: int
) -> FloatArray:
    """Return when a region group was affected, as the clinic has it [patient]; inf if never."""
    weak = cohort.weakness[list(REGION_GROUPS[group])][:, rows]
    told = np.nan_to_num(weak, nan=np.inf).min(axis=0)
    items = cohort.items[rows[:, None], when][..., list(REGION_ITEMS[group])]
    below = seen & (items < 4).any(axis=-1)
    visit = when[np.arange(len(rows)), below.argmax(axis=1)]
    found = np.where(below.any(axis=1), visit, np.inf)
    return np.where(told <= first, told, found)


def _time_to_second(group: int | None = None) -> From:
    """Months to the second region; by region of onset without those of combined onset."""

    def sample(cohorts: Cohorts) -> Sample:
        second = second_region(cohorts["visits"])
        there = second.group >= 0
        if group is not None:
            there &= (second.onset == group) & (second.month > AT_ONCE)
        return (second.month[there],)

    return sample


def _combined(cohorts: Cohorts) -> Sample:
    second = second_region(cohorts["visits"])
    return ((second.group >= 0) & (second.month <= AT_ONCE),)


def _skips(cohorts: Cohorts) -> Sample:
    """Say whose second region is no neighbour of the first: bulbar and legs."""
    second = second_region(cohorts["visits"])
    there = second.group >= 0
    onset, group = second.onset[there], second.group[there]
    return ((onset != ARM_GROUP) & (group != ARM_GROUP),)


def _next_group(onset: int, wanted: int) -> From:
    """Say of those with an onset whether a region group is the next of the three."""

    def sample(cohorts: Cohorts) -> Sample:
        cohort = cohorts["usual"]
        weak = np.nan_to_num(cohort.weakness, nan=np.inf)
        months = np.array([weak[list(group)].min(axis=0) for group in REGION_GROUPS])
        months[onset] = np.inf
        there = (group_of_onset(cohort) == onset) & np.isfinite(months.min(axis=0))
        return (months.argmin(axis=0)[there] == wanted,)

    return sample


# ------------------------------------------------------------------- direction of first spread


def first_spread(cohort: Cohort) -> tuple[IntArray, IntArray]:
    """Return onset site and the next one [patient], as places in SITES; -1 for none."""
    weak = np.nan_to_num(cohort.weakness[list(SITES)], nan=np.inf)
    onset = np.full(len(cohort), -1)
    for place, region in enumerate(SITES):
        onset[cohort.onset == region] = place
    there = np.flatnonzero(onset >= 0)
    weak[onset[there], there] = np.inf
    following = np.where(np.isfinite(weak.min(axis=0)) & (onset >= 0), weak.argmin(axis=0), -1)
    return onset, following


def direction(onset: IntArray, following: IntArray) -> IntArray:
    """Return the direction of first spread [patient]; NO_SPREAD where there is none.

    Neighbouring levels are bulbar and arms, arms and trunk, trunk and legs; arms and legs count
    as neighbours too, as the trunk between them is often silent.
    """
    step = LEVELS[following] - LEVELS[onset]
    arms_and_legs = np.minimum(LEVELS[following], LEVELS[onset]) == 1
    near = (np.abs(step) == 1) | ((np.abs(step) == 2) & arms_and_legs)
    found = np.select([step == 0, near & (step > 0), near & (step < 0)], [ACROSS, DOWN, UP], REMOTE)
    return np.where((onset < 0) | (following < 0), NO_SPREAD, found)


def _directed(wanted: int) -> From:
    def sample(cohorts: Cohorts) -> Sample:
        found = direction(*first_spread(cohorts["usual"]))
        return ((found == wanted)[found != NO_SPREAD],)

    return sample


def _across_or_along(cohorts: Cohorts) -> Sample:
    """Say of limb onset whether the other side, or the other limb of the side, comes next."""
    onset, following = first_spread(cohorts["usual"])
    limb = (onset >= 0) & (following >= 0) & (OTHER_SIDE[onset] >= 0)
    onset, following = onset[limb], following[limb]
    return following == OTHER_SIDE[onset], following == SAME_SIDE[onset]


MEASUREMENTS = (
    Measurement("SPR-01", VISITS, _time_to_second(), mean),
    Measurement("SPR-02", VISITS, _time_to_second(ARM_GROUP), mean_and_sd),
    Measurement("SPR-03", VISITS, _time_to_second(LEG_GROUP), mean_and_sd),
    Measurement("SPR-04", VISITS, _time_to_second(BULBAR_GROUP), mean_and_sd),
    Measurement("SPR-05", VISITS, _combined, mean),
    Measurement("SPR-09", USUAL, _directed(ACROSS), mean),
    Measurement("SPR-10", USUAL, _directed(DOWN), mean),
    Measurement("SPR-11", USUAL, _directed(UP), mean),
    Measurement("SPR-12", USUAL, _directed(REMOTE), mean),
    Measurement("SPR-13", VISITS, _skips, mean),
    Measurement("SPR-14", USUAL, _next_group(BULBAR_GROUP, LEG_GROUP), mean),
    Measurement("SPR-15", USUAL, _next_group(LEG_GROUP, BULBAR_GROUP), mean),
    Measurement("SPR-16", USUAL, _across_or_along, ratio),
)
