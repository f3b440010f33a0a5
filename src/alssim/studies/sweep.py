"""Sweeps: one scenario at many settings, each point simulated and summed up in one row.

A point depends on its scenario alone, so its row has the same digits for any number of workers,
in any order, and a sweep that stopped can go on from the rows that it left.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from alssim.errors import ParameterError, UsageError
from alssim.model.backend import Backend
from alssim.model.record import package_version
from alssim.model.simulate import Progress
from alssim.parameters import digest, entries
from alssim.parameters.schema import Scenario
from alssim.randomness import uniforms, words
from alssim.statistics.survival import Estimate, restricted_mean, survival_at
from alssim.studies.comparison import Comparison, compare
from alssim.studies.lives import live

MOST_POINTS = 20_000
RESTRICTED = 60.0  # months to which mean survival is restricted, or the horizon if that is less
LANDMARK = 36.0  # months after which who is alive is counted
OF_EACH = ("median", "median_low", "median_high", "rmst", "alive_36")
OF_TREATED = ("gain", "gain_low", "gain_high", "gain_median")

Settings = Mapping[str, Any]
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Point:
    """One scenario of a sweep: its settings by dotted key, and what they make of it."""

    settings: Settings
    scenario: Scenario
    digest: str


def grid(vary: Mapping[str, Sequence[Any]]) -> list[Settings]:
    """Return every combination of the values of each key, the last key first to change.

    Raises ``UsageError`` for a key without values, and for too many combinations.
    """
    if not vary:
        raise UsageError("a sweep varies at least one key")
    if empty := [key for key, values in vary.items() if not values]:
        raise UsageError(f"{empty[0]} has no value to vary over")
    _check_count(int(np.prod([float(len(values)) for values in vary.values()])))
    return [dict(zip(vary, values, strict=True)) for values in product(*vary.values())]


def latin_hypercube(
    ranges: Mapping[str, tuple[float, float]],
    points: int,
    seed: int,
    whole: Collection[str] = (),
) -> list[Settings]:
    """Return points spread evenly: each of ``points`` equal parts of each range is hit once.

    ``ranges`` are the lowest and the highest value of each key; keys in ``whole`` get whole
    numbers. Values depend on (seed, key, ``points``) alone.
    Raises ``UsageError`` for a range that is none, and for too few or too many points.
    """
    if points < 1:
        raise UsageError(f"{points} points; a sample has at least one")
    _check_count(points)
    columns = {
        key: _spread(key, low, high, points, seed, key in whole)
        for key, (low, high) in ranges.items()
    }
    rows = zip(*columns.values(), strict=True)
    return [dict(zip(columns, values, strict=True)) for values in rows]


def whole_numbers(scenario: Scenario) -> frozenset[str]:
    """Return the dotted keys of a scenario that hold whole numbers."""
    return frozenset(entry.path for entry in entries(scenario) if entry.part.base is int)


def make_points(
    load: Callable[[Settings], Scenario],
    settings: Sequence[Settings],
    progress: Progress | None = None,
) -> list[Point]:
    """Load the scenario of every point; all have the same arms.

    Raises ``ParameterError`` with the problems of all points.
    """
    found: list[Point] = []
    problems: dict[str, list[Settings]] = {}
    for done, chosen in enumerate(settings, 1):
        try:
            scenario = load(chosen)
            found.append(Point(chosen, scenario, digest(scenario)))
        except ParameterError as error:
            for problem in error.problems:
                problems.setdefault(problem, []).append(chosen)
        if progress is not None:
            progress(done, len(settings))
    if problems:
        raise ParameterError("sweep", _told(problems, len(settings)))
    _check_arms(found)
    return found


def row_columns(arms: Sequence[str]) -> tuple[str, ...]:
    """Return the names of what ``summarise`` tells of a point, in order."""
    first, *treated = arms
    each = [f"{arm}.{name}" for arm in (first,) for name in OF_EACH]
    for arm in treated:
        each += [f"{arm}.{name}" for name in (*OF_EACH, *OF_TREATED)]
    return ("version", "patients", "rmst_months", *each)


def summarise(scenario: Scenario, backend: Backend = "auto") -> Row:
    """Simulate one point and sum it up; not-a-number is what cannot be said."""
    comparison = compare(live(scenario, backend=backend), landmarks=())
    limit = min(RESTRICTED, float(scenario.horizon))
    row: Row = {
        "version": package_version(),
        "patients": scenario.patients,
        "rmst_months": limit,
    }
    for arm, name in enumerate(comparison.arms):
        values = _of_arm(comparison, arm, limit)
        row |= {f"{name}.{column}": value for column, value in values.items()}
    return row


def _of_arm(comparison: Comparison, arm: int, limit: float) -> dict[str, float]:
    curve, gains = comparison.curves[arm], comparison.gains[arm]
    values = {
        **_with_limits("median", comparison.medians[arm]),
        "rmst": restricted_mean(curve, limit),
        "alive_36": float(survival_at(curve, LANDMARK)),
    }
    if arm:
        values |= {**_with_limits("gain", gains.mean), "gain_median": gains.median}
    return values


def _with_limits(name: str, found: Estimate) -> dict[str, float]:
    low, high = float(found.low), float(found.high)
    return {name: float(found.value), f"{name}_low": low, f"{name}_high": high}


def _spread(key: str, low: float, high: float, points: int, seed: int, whole: bool) -> list[float]:
    if not (np.isfinite([low, high]).all() and low <= high):
        raise UsageError(f"{key} = {low:g} to {high:g} is no range; give the lower end first")
    raw = words(seed, np.arange(points), f"sweep {key}", 2)
    part = np.argsort(np.argsort(raw[:, 0], kind="stable"), kind="stable")
    share = (part + uniforms(raw[:, 1])) / points
    if whole:
        return [int(low + step) for step in np.floor(share * (high - low + 1))]
    rounded = [float(f"{value:.6g}") for value in low + (high - low) * share]
    return [min(max(value, low), high) for value in rounded]


def _check_count(points: int) -> None:
    if points > MOST_POINTS:
        raise UsageError(f"{points:,} points; a sweep has at most {MOST_POINTS:,}")


def _check_arms(points: Sequence[Point]) -> None:
    arms = {tuple(arm.name for arm in point.scenario.arms) for point in points}
    if len(arms) > 1:
        raise UsageError("the points of a sweep must have the same arms, of the same names")


def _told(problems: Mapping[str, Sequence[Settings]], points: int) -> list[str]:
    """Say each problem once, with how many points have it and which is the first."""
    return [
        f"{problem} (in {len(where)} of {points} points; the first: {in_words(where[0])})"
        for problem, where in problems.items()
    ]


def in_words(settings: Settings) -> str:
    """Return settings as they are typed: ``pace.median=0.07, care=minimal``."""
    return ", ".join(f"{key}={value}" for key, value in settings.items())
