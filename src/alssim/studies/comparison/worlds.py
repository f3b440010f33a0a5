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
HALF_YEARS = np.arange(0.0, 120.1, 6.0)
NEVER = 1e12  # months; larger than any, and finite
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
    return hold_together(tuple(run(member) for member in members), months)


def hold_together(found: Sequence[Comparison], months: FloatArray | None = None) -> ManyWorlds:
    """Hold the comparisons of all members together; the first is the reference.

    ``months`` as in ``compare_worlds``. Raises ``UsageError`` for none, or for different arms.
    """
    if not found or len({one.arms for one in found}) > 1:
        raise UsageError("an ensemble has at least one member, all with the same arms")
    means = np.array([[gain.mean.value for gain in one.gains] for one in found])
    medians = np.array([[gain.median for gain in one.gains] for one in found])
    low, high = middle(means)
    known = (
        Estimate(gain.mean.value, *limits)
        for gain, *limits in zip(found[0].gains, low.tolist(), high.tolist(), strict=True)
    )
    return ManyWorlds(
        tuple(found),
        bands_of(found, HALF_YEARS if months is None else months),
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


def alive_between(found: ManyWorlds, arm: int, month: float) -> tuple[Estimate, Estimate]:
    """Return the share alive at one month with its limits by chance, and by knowledge; 0-1.

    Not-a-number where the follow-up of the first member, or of any other, ends before.
    """
    bands = bands_of(found.comparisons, np.array([month]))
    alive = float(bands.alive[arm, 0])
    chance = Estimate(alive, float(bands.chance_low[arm, 0]), float(bands.chance_high[arm, 0]))
    return chance, Estimate(alive, float(bands.known_low[arm, 0]), float(bands.known_high[arm, 0]))


def median_between(found: ManyWorlds, arm: int) -> Estimate:
    """Return the month by which half have ended, with the limits that hold the members'.

    Not-a-number: not reached, in the first member or in those at that end.
    """
    values = np.array([one.medians[arm].value for one in found.comparisons])
    limits = middle(np.where(np.isnan(values), NEVER, values))
    low, high = (float(end) if end < NEVER / 1e6 else np.nan for end in limits)
    return Estimate(float(values[0]), low, high)


def bands_of(found: Sequence[Comparison], months: FloatArray) -> Bands:
    """Return both bands of the curves of all members at some months; the first is the reference."""
    alive = np.array([[survival_at(curve, months) for curve in one.curves] for one in found])
    limits = np.array([interval_at(curve, months) for curve in found[0].curves])
    low, high = middle(alive)
    return Bands(months, alive[0], limits[:, 0], limits[:, 1], low, high)
