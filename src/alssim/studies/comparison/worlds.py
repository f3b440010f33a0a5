"""The same question in many sets of parameters: what chance leaves open, and what knowledge does.

Every member of an ensemble is a scenario that differs in its parameters alone. The band of chance
is that of one finite cohort; the band of knowledge holds the middle of the members. They answer
different questions and are never merged.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from alssim.errors import UsageError
from alssim.parameters.schema import Scenario, World
from alssim.statistics.followup import FloatArray, freeze
from alssim.statistics.survival import Estimate, interval_at, survival_at
from alssim.studies.comparison.arms import Comparison

LEVEL = 0.95
MANY = 20  # members from which on a band holds the middle 95 of 100; below: all of them

Run = Callable[[Scenario], Comparison]


@dataclass(frozen=True, slots=True, eq=False)
class Bands:
    """A curve with two bands; all [arm, month], shares 0-1, not-a-number beyond the follow-up.

    alive                       of the first member
    chance_low, chance_high     95 % interval of a cohort of this size, in the first member
    known_low, known_high       between these lie the curves of the members: the middle 95 of
                                100, or all where there are fewer than 20
    """

    months: FloatArray
    alive: FloatArray
    chance_low: FloatArray
    chance_high: FloatArray
    known_low: FloatArray
    known_high: FloatArray

    def __post_init__(self) -> None:
        freeze(self)


@dataclass(frozen=True, slots=True, eq=False)
class ManyWorlds:
    """What a comparison finds in every member of an ensemble.

    comparisons  one per member, the first being the reference
    gained       [arm] mean months gained in the first member, with its interval of chance
    known        [arm] the same number with the limits that hold the members' means
    means        [member, arm] mean months gained
    medians      [member, arm] median months gained by the same patient
    """

    comparisons: tuple[Comparison, ...]
    bands: Bands
    gained: tuple[Estimate, ...]
    known: tuple[Estimate, ...]
    means: FloatArray
    medians: FloatArray

    def __post_init__(self) -> None:
        freeze(self)


def with_worlds(scenario: Scenario, worlds: Sequence[World]) -> tuple[Scenario, ...]:
    """Return the scenario in each world; its people, arms and seeds stay."""
    return tuple(replace(scenario, world=world) for world in worlds)


def compare_worlds(
    members: Sequence[Scenario], run: Run, months: FloatArray | None = None
) -> ManyWorlds:
    """Compare in every member of an ensemble.

    Parameters
    ----------
    members : scenarios with the same arms; the first is the reference
    run : simulates and compares one member, for example ``lambda one: compare(live(one))``
    months : at which the curves are read; None = every half year to the tenth year

    Raises ``UsageError`` for no members, or members with different arms.
    """
    check_members(members)
    found = tuple(run(member) for member in members)
    means = np.array([[gain.mean.value for gain in one.gains] for one in found])
    medians = np.array([[gain.median for gain in one.gains] for one in found])
    low, high = middle(means)
    known = (
        Estimate(gain.mean.value, *limits)
        for gain, *limits in zip(found[0].gains, low.tolist(), high.tolist(), strict=True)
    )
    when = np.arange(0.0, 120.1, 6.0) if months is None else months
    return ManyWorlds(
        found,
        _bands(found, when),
        tuple(gain.mean for gain in found[0].gains),
        tuple(known),
        means,
        medians,
    )


def check_members(members: Sequence[Scenario]) -> None:
    """Raise ``UsageError`` unless there are members, all with the same arms."""
    if not members:
        raise UsageError("an ensemble has at least one member")
    if len({tuple(arm.name for arm in member.arms) for member in members}) > 1:
        raise UsageError("the members of an ensemble must have the same arms")


def middle(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the limits that hold the middle 95 of 100 members [member, ...], or all of few."""
    if len(values) < MANY:
        return values.min(axis=0), values.max(axis=0)
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(values, [tail, 1 - tail], axis=0)
    return low, high


def _bands(found: Sequence[Comparison], months: FloatArray) -> Bands:
    alive = np.array([[survival_at(curve, months) for curve in one.curves] for one in found])
    limits = np.array([interval_at(curve, months) for curve in found[0].curves])
    low, high = middle(alive)
    return Bands(months, alive[0], limits[:, 0], limits[:, 1], low, high)
