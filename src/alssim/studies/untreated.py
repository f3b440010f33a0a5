"""Everything that an untreated cohort shows of good news: one study, one record."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from alssim.errors import UsageError
from alssim.studies.anecdotes import (
    BestOf,
    Changes,
    Look,
    Series,
    best_of,
    changes,
    look,
    looks,
    open_series,
)
from alssim.studies.biases import (
    ImmortalTime,
    RegressionToTheMean,
    Survivorship,
    immortal_time,
    regression_to_the_mean,
    survivorship,
)
from alssim.studies.watching import Watched

R = TypeVar("R")
HALF_YEAR = 6  # months
SIZES = (1, 10, 20, 50, 100)  # people of a clinic that publishes its best case


@dataclass(frozen=True, slots=True, eq=False)
class Untreated:
    """What untreated people show, from a moment on.

    people      how many were simulated
    changes     of each person who is seen at the moment
    looks       how they look at the second visit, by each measure
    best        best case of 1, 10, ... people by the total score
    half_year   how they look by the total six months after the moment: what has been published;
                None where the simulation ends before
    series      open-label series of people who got nothing
    regression, waiting, asking    three biases; None where too few people can be compared
    """

    people: int
    changes: Changes
    looks: tuple[Look, ...]
    best: tuple[BestOf, ...]
    half_year: Look | None
    series: Series
    regression: RegressionToTheMean | None
    waiting: ImmortalTime | None
    asking: Survivorship | None

    def look(self, measure: str) -> Look:
        """Return how people look by one measure."""
        return next(one for one in self.looks if one.measure == measure)


def study_untreated(
    people: Watched,
    moment: str = "diagnosis",
    after: int = 3,
    size: int = 10,
    repeats: int = 1000,
    seed: int = 1,
    sizes: Sequence[int] = SIZES,
) -> Untreated:
    """Look at untreated people from a moment on, in every way that brings good news.

    ``size`` people in each of ``repeats`` open-label series; ``seed`` draws the series, tosses
    and waits. Raises ``UsageError`` as ``changes``, ``best_of`` and ``open_series``.
    """
    found = changes(people, moment, after)
    series = open_series(people, found, size, repeats, seed)
    return Untreated(
        people=len(people.number),
        changes=found,
        looks=looks(found),
        best=tuple(best_of(found.total, one) for one in sorted({*sizes, size})),
        half_year=_if_enough(lambda: look(changes(people, moment, HALF_YEAR))),
        series=series,
        regression=_if_enough(
            lambda: regression_to_the_mean(people, moment, after, after, seed=seed)
        ),
        waiting=_if_enough(lambda: immortal_time(people, moment, seed=seed)),
        asking=_if_enough(lambda: survivorship(people, moment, seed=seed)),
    )


def _if_enough(work: Callable[[], R]) -> R | None:
    """Return what the work returns; None where too few people can be compared."""
    try:
        return work()
    except UsageError:
        return None
