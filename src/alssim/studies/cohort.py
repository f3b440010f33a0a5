"""Many virtual patients under usual care: who they are, which stage they are in, how it spreads.

A cohort is made from parts, so that a large one can be shown as it grows. Patient i depends on the
seeds and on i alone, whatever the size.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from alssim.model.anatomy import ARMS, BULBAR, LEGS, REGIONS
from alssim.model.events import KINGS_EVENTS, months_of
from alssim.model.patients import GENETIC_FORMS, Patients
from alssim.model.simulate import simulate
from alssim.parameters.schema import Scenario
from alssim.statistics.stages import Occupancy, occupancy, passages
from alssim.statistics.survival import SurvivalCurve, kaplan_meier
from alssim.studies.counting import people_of, told_of

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

DEAD = -1
"""Stands for the score of the dead."""
ONSETS = ("bulbar", "arm", "leg", "trunk")
"""Where the first weakness is; ``trunk`` includes breathing."""
NEXT = ("bulbar", "arm", "leg", "breathing", "none")
"""Which of King's regions is second; ``none``: no second one in the time followed."""
AGES = (50, 65, 75)
"""Years of age that part the age groups."""
GROUPS = {
    "everyone": ("everyone",),
    "onset": ONSETS,
    "age": ("below_50", "50_to_64", "65_to_74", "75_and_above"),
    "sex": ("women", "men"),
    "gene": GENETIC_FORMS,
}
"""Ways to part a cohort, and the groups of each."""
PLACES = ("diagnosis", "second_region", "third_region", "gastrostomy_need", "niv_need")
"""Events by which a patient's place among the others is told; death is told apart."""
FEWEST = 5
RAREST = 0.05
"""Living patients, and their share of the group, below which no median is told."""


@dataclass(frozen=True, slots=True, eq=False)
class Cohort:
    """Virtual patients under usual care; arrays are read-only.

    events  [event, patient]  months since the first symptom; not-a-number = not while followed
    total   [patient, month]  ALSFRS-R of each month, 0-48; DEAD after death
    horizon                   months that everybody is followed, or until death
    """

    patients: Patients
    events: FloatArray
    total: NDArray[np.int8]
    horizon: int

    def __post_init__(self) -> None:
        self.events.flags.writeable = self.total.flags.writeable = False

    def __len__(self) -> int:
        return len(self.total)

    def months(self, event: str) -> FloatArray:
        """Return the months of an event or milestone [patient]; not-a-number where never."""
        return months_of(self.events, event)


@dataclass(frozen=True, slots=True, eq=False)
class ScoreBands:
    """The ALSFRS-R of the living, month by month [month]: quarter, median, three quarters.

    Not-a-number where fewer than ``FEWEST``, or a share of less than ``RAREST``, are alive.
    """

    low: FloatArray
    middle: FloatArray
    high: FloatArray


@dataclass(frozen=True, slots=True)
class Place:
    """When something happens to a patient, and how many it happens to later, or never.

    ``month``: not-a-number = not in the time followed; ``later`` is then how many it never meets,
    of ``whole``: of 100, or of all where they are fewer.
    """

    event: str
    month: float
    later: int
    whole: int


def follow_part(scenario: Scenario, first: int, count: int) -> Cohort:
    """Follow patients ``first`` to ``first + count - 1`` of the first arm of a scenario."""
    people = simulate(scenario, patients=count, visits=True, first=first)
    assert people.visits is not None
    total = np.full((count, scenario.horizon + 1), DEAD, np.int8)
    shown = people.visits.total[0]
    total[:, : shown.shape[1]] = np.where(people.visits.alive[0], shown, DEAD)
    return Cohort(people.patients, np.array(people.events[0]), total, scenario.horizon)


def join_parts(parts: Sequence[Cohort]) -> Cohort:
    """Join parts, in order."""
    traits = {
        field.name: np.concatenate([getattr(part.patients, field.name) for part in parts])
        for field in fields(Patients)
    }
    return Cohort(
        Patients(**traits),
        np.concatenate([part.events for part in parts], axis=1),
        np.concatenate([part.total for part in parts]),
        parts[0].horizon,
    )


def group_of(cohort: Cohort, way: str) -> IntArray:
    """Return the group of each patient [patient], an index into ``GROUPS[way]``."""
    people = cohort.patients
    if way == "onset":
        return onset_of(cohort)
    if way == "age":
        return np.searchsorted(AGES, people.age, side="right").astype(np.int64)
    if way == "sex":
        return people.male.astype(np.int64)
    if way == "gene":
        return np.asarray(people.genetic_form, np.int64)
    return np.zeros(len(cohort), np.int64)


def onset_of(cohort: Cohort) -> IntArray:
    """Return where the first weakness is [patient], an index into ``ONSETS``."""
    weak = np.array([cohort.months(f"weakness_{region}") for region in REGIONS])
    first = np.nan_to_num(weak, nan=np.inf).argmin(axis=0)
    kinds = np.full(len(REGIONS), ONSETS.index("trunk"))
    kinds[BULBAR] = ONSETS.index("bulbar")
    kinds[list(ARMS)], kinds[list(LEGS)] = ONSETS.index("arm"), ONSETS.index("leg")
    return np.asarray(kinds[first], np.int64)


def stage_shares(cohort: Cohort, members: BoolArray, months: FloatArray) -> Occupancy:
    """Return the share of some patients in each of King's stages; stage 0 is none, the last death.

    Raises ``UsageError`` if there are no patients.
    """
    reached = np.array([cohort.months(event)[members] for event in KINGS_EVENTS]).T
    return occupancy(passages(reached), months)


def living_shares(shares: Occupancy) -> FloatArray:
    """Return the share of the living in each stage [stage, month], death left out; adds up to 1.

    Not-a-number where nobody lives.
    """
    alive = shares.share[:-1]
    whole = alive.sum(axis=0)
    living: FloatArray = np.where(whole > 0, alive / np.where(whole > 0, whole, 1.0), np.nan)
    return living


def score_bands(cohort: Cohort, members: BoolArray) -> ScoreBands:
    """Return the quartiles of the ALSFRS-R of some patients while they live."""
    rows = np.full((3, cohort.horizon + 1), np.nan)
    own = cohort.total[members]
    fewest = max(FEWEST, RAREST * len(own))
    for month in range(cohort.horizon + 1):
        alive = own[own[:, month] != DEAD, month]
        if len(alive) >= fewest:
            rows[:, month] = np.quantile(alive, (0.25, 0.5, 0.75))
    return ScoreBands(*rows)


def survival(cohort: Cohort, members: BoolArray) -> SurvivalCurve:
    """Return the survival curve of some patients; raises ``UsageError`` if there are none."""
    death = cohort.months("death")[members]
    died = np.isfinite(death)
    return kaplan_meier(np.where(died, death, cohort.horizon), died)


def spread_counts(cohort: Cohort) -> IntArray:
    """Count patients by first and second region [ONSETS, NEXT].

    The second is the first of King's regions other than that of onset to become weak.
    """
    weak = np.array(
        [
            _earliest(cohort, (BULBAR,)),
            _earliest(cohort, ARMS),
            _earliest(cohort, LEGS),
            _earliest(cohort, (REGIONS.index("respiratory"),)),
        ]
    )
    onset = onset_of(cohort)
    for place, kind in enumerate(ONSETS[:3]):
        weak[place, onset == ONSETS.index(kind)] = np.inf
    first = np.where(np.isfinite(weak).any(axis=0), weak.argmin(axis=0), NEXT.index("none"))
    counts = np.zeros((len(ONSETS), len(NEXT)), np.int64)
    np.add.at(counts, (onset, first), 1)
    return counts


def _earliest(cohort: Cohort, regions: Sequence[int]) -> FloatArray:
    """Return when the first of some regions is weak [patient]; infinite = never."""
    weak = np.array([cohort.months(f"weakness_{REGIONS[region]}") for region in regions])
    return np.asarray(np.nan_to_num(weak, nan=np.inf).min(axis=0), np.float64)


def places(cohort: Cohort, patient: int, events: Sequence[str] = PLACES) -> list[Place]:
    """Return where a patient lies among all: who meets each event later."""
    found, whole = [], told_of(len(cohort))
    for event in events:
        months = np.nan_to_num(cohort.months(event), nan=np.inf)
        own = months[patient]
        others = months > own if np.isfinite(own) else np.isinf(months)
        later = people_of(float(np.mean(others)), whole)
        found.append(Place(event, own if np.isfinite(own) else np.nan, later, whole))
    return found
