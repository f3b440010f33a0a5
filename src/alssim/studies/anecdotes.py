"""The anecdote machine: who looks better after nothing was done, and which case a clinic shows.

Everybody here is untreated. Each person is rated at a chosen moment and again some months later.
Ratings are noisy and decline is uneven, so some look stable or better. A clinic that treats n
people and publishes its best case shows the largest of n such changes; its distribution follows
exactly from the changes of the whole cohort, without drawing anything.
"""

from dataclasses import dataclass

import numpy as np

from alssim.errors import UsageError
from alssim.model.function import ITEM_NAMES
from alssim.randomness import uniforms, words
from alssim.statistics.followup import BoolArray, FloatArray, IntArray, freeze
from alssim.studies.watching import Watched, check_span, first_visit

TOTAL, ANY_ITEM, CAPACITY = "total", "any_item", "vital_capacity"
MEASURES = (TOTAL, ANY_ITEM, *ITEM_NAMES, CAPACITY)
GONE = -np.inf  # change of a person who has died: no case to show
MOST_PEOPLE = 10_000  # in one series
MOST_SERIES = 100_000


@dataclass(frozen=True, slots=True, eq=False)
class Changes:
    """What two visits of each person say, ``after`` months apart; read-only.

    person    [member]      who is seen at the moment: places in the cohort
    month     [member]      month of the first of the two visits
    answers   [member]      whether the person is alive at the second
    total     [member]      change of the ALSFRS-R total; not-a-number where there is no answer
    items     [member, 12]  change of each item
    capacity  [member]      change of vital capacity, whole % predicted
    left_out  people who are not seen at the moment, or whose second visit is not simulated
    """

    moment: str
    after: int
    person: IntArray
    month: IntArray
    answers: BoolArray
    total: FloatArray
    items: FloatArray
    capacity: FloatArray
    left_out: int

    def __post_init__(self) -> None:
        freeze(self)

    def of(self, measure: str) -> FloatArray:
        """Return the change by one measure [member].

        ``any_item`` is the change that somebody who looks for good news would tell: the largest
        rise of an item where one rises, else the largest fall. Raises ``UsageError`` for an
        unknown measure.
        """
        if measure == TOTAL:
            return self.total
        if measure == CAPACITY:
            return self.capacity
        if measure == ANY_ITEM:
            best = self.items.max(axis=1)
            return np.asarray(np.where(best > 0, best, self.items.min(axis=1)), np.float64)
        if measure not in ITEM_NAMES:
            raise UsageError(f"unknown measure {measure!r}; known: {', '.join(MEASURES)}")
        return self.items[:, ITEM_NAMES.index(measure)]


@dataclass(frozen=True, slots=True)
class Look:
    """How people look at the second visit by one measure; shares 0-1 of all seen at the first."""

    measure: str
    improved: float
    stable: float
    declined: float
    died: float

    @property
    def fine(self) -> float:
        """Share of those who look improved or stable."""
        return self.improved + self.stable


@dataclass(frozen=True, slots=True, eq=False)
class BestOf:
    """The ``place``-th best change among ``size`` people who got nothing; read-only.

    change  [value]  possible changes, ascending; minus infinity: fewer than ``place`` are alive
    share   [value]  chance of each
    """

    size: int
    place: int
    change: FloatArray
    share: FloatArray

    def __post_init__(self) -> None:
        freeze(self)

    def at_least(self, change: float) -> float:
        """Return the chance that the case shown changed by this much or more."""
        return float(self.share[self.change >= change].sum())

    def quantile(self, share: float) -> float:
        """Return the change that is reached or not exceeded with this chance."""
        reached = np.searchsorted(np.cumsum(self.share), share - 1e-12)
        return float(self.change[min(int(reached), len(self.change) - 1)])


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """Open-label series of ``size`` people who got nothing, repeated; read-only.

    improved     [repeat]  how many have a higher total at the second visit
    fine         [repeat]  how many have a higher or an equal one
    best         [repeat]  largest change of the total; not-a-number where nobody answers
    change       [repeat]  mean change of those who answer
    on_before    [repeat]  their monthly change minus the one before the moment: themselves as
                           their only comparison
    on_control   [repeat]  their mean change minus that of ``size`` others, drawn the same way
    """

    size: int
    improved: IntArray
    fine: IntArray
    best: FloatArray
    change: FloatArray
    on_before: FloatArray
    on_control: FloatArray

    def __post_init__(self) -> None:
        freeze(self)


def changes(people: Watched, moment: str = "diagnosis", after: int = 3) -> Changes:
    """Return the change of every person from the first visit at a moment to ``after`` months on.

    Raises ``UsageError`` for an unknown moment, fewer than one month, or when nobody is seen.
    """
    check_span("after", after)
    first = first_visit(people, moment)
    person = np.flatnonzero((first >= 0) & (first + after <= people.horizon))
    if not person.size:
        raise UsageError(f"nobody is seen at {moment} and {after} months later")
    month = first[person]
    second = np.minimum(month + after, people.last_month)  # beyond it nobody is alive
    answers = people.alive[person, second] & (month + after <= people.last_month)
    rise, breath = (
        rows[person, second].astype(np.float64) - rows[person, month].astype(np.float64)
        for rows in (people.items, people.capacity)
    )
    rise[~answers] = breath[~answers] = np.nan
    return Changes(
        moment=moment,
        after=after,
        person=person,
        month=month,
        answers=answers,
        total=rise.sum(axis=1),
        items=rise,
        capacity=breath,
        left_out=len(first) - len(person),
    )


def look(found: Changes, measure: str = TOTAL) -> Look:
    """Return how many look improved, stable or worse by one measure, and how many have died."""
    change = found.of(measure)
    shares = (change > 0, change == 0, change < 0, np.isnan(change))
    return Look(measure, *(float(np.mean(row)) for row in shares))


def looks(found: Changes) -> tuple[Look, ...]:
    """Return how people look by every measure."""
    return tuple(look(found, measure) for measure in MEASURES)


def best_of(change: FloatArray, size: int, place: int = 1) -> BestOf:
    """Return the distribution of the best of ``size`` people drawn from a large population.

    ``change`` [member] is the cohort that stands for the population; not-a-number: died.
    ``place`` 2 is the second best. At least k of n people reach a change x with the chance that
    a binomial number of n and the share at x or above is k or more. Raises ``UsageError`` for
    no members, or a place that is not among the people.
    """
    from scipy.special import bdtrc  # takes long to load

    if not len(change):
        raise UsageError("change must list at least one person")
    if not 1 <= place <= size:
        raise UsageError(f"place = {place} of size = {size}; allowed: 1 to the size")
    value, count = np.unique(np.where(np.isnan(change), GONE, change), return_counts=True)
    above = np.cumsum(count[::-1])[::-1] / len(change)
    reached = np.where(above >= 1, 1.0, bdtrc(place - 1, size, np.minimum(above, 1.0)))
    return BestOf(size, place, value, reached - np.append(reached[1:], 0.0))


def people_needed(share: float, chance: float = 0.5) -> float:
    """Return how many people a clinic must treat to have a case of this kind; infinite if never.

    ``share`` of the people are such a case without treatment; ``chance`` of at least one.
    """
    if not 0 <= share <= 1 or not 0 < chance < 1:
        raise UsageError(f"share = {share:g} and chance = {chance:g} must lie between 0 and 1")
    if share in (0, 1):
        return 1.0 if share else float("inf")
    return float(np.ceil(np.log1p(-chance) / np.log1p(-share) - 1e-9))


def open_series(
    people: Watched, found: Changes, size: int = 10, repeats: int = 1000, seed: int = 1
) -> Series:
    """Draw open-label series of untreated people, each beside as many controls.

    People are drawn from the cohort with replacement: it stands for a large population. Raises
    ``UsageError`` for sizes out of range.
    """
    for name, value, most in (
        ("size of a series", size, MOST_PEOPLE),
        ("repeats", repeats, MOST_SERIES),
    ):
        if not 1 <= value <= most:
            raise UsageError(f"{name} = {value}; allowed: 1 to {most:,}")
    raw = words(seed, np.arange(repeats), "anecdote series", 2 * size)
    drawn = (uniforms(raw) * len(found.person)).astype(np.int64)
    treated, control = found.total[drawn[:, :size]], found.total[drawn[:, size:]]
    gained = (found.total / found.after - slope_before(people, found))[drawn[:, :size]]
    return Series(
        size=size,
        improved=np.sum(treated > 0, axis=1),
        fine=np.sum(treated >= 0, axis=1),
        best=np.asarray(np.fmax.reduce(treated, axis=1), np.float64),
        change=_mean(treated),
        on_before=_mean(gained),
        on_control=_mean(treated) - _mean(control),
    )


def slope_before(people: Watched, found: Changes) -> FloatArray:
    """Return the monthly change of the total in the ``after`` months before the moment [member].

    Not-a-number where the first symptom is more recent.
    """
    start = found.month - found.after
    total, known = people.total, start >= 0
    rise = total[found.person, found.month] - total[found.person, np.maximum(start, 0)]
    return np.where(known, rise / found.after, np.nan)


def _mean(rows: FloatArray) -> FloatArray:
    """Return the mean of each row over what is known; not-a-number where nothing is."""
    known = np.sum(~np.isnan(rows), axis=1)
    return np.where(known > 0, np.nansum(rows, axis=1) / np.maximum(known, 1), np.nan)
