"""What a lesson reads off a simulation: one number, or one for each arm.

Every reading simulates what it needs from a scenario. Shares are 0-1, times in months.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from alssim.errors import UsageError
from alssim.model.anatomy import REGION_COUNT, REGIONS
from alssim.model.physics import compile_world
from alssim.model.simulate import simulate
from alssim.parameters.schema import Scenario
from alssim.randomness import uniforms, words
from alssim.statistics.followup import FloatArray
from alssim.studies.anecdotes import best_of, changes, look
from alssim.studies.biases import immortal_time, regression_to_the_mean
from alssim.studies.comparison import compare
from alssim.studies.watching import watch, watched

SIGNIFICANT = 0.05
Reading = Callable[..., tuple[float, ...]]


def lost_at_onset(scenario: Scenario) -> tuple[float, ...]:
    """Mean share of the lower motor neurons lost at the first symptom where it is felt."""
    short = replace(scenario, horizon=1, arms=scenario.arms[:1])
    found = simulate(short, visits=True)
    assert found.visits is not None
    weak = np.array([found.months(f"weakness_{region}")[0] for region in REGIONS])
    first = np.argmin(np.nan_to_num(weak, nan=np.inf), axis=0)
    lost = found.visits.lost[0, :, 0, :REGION_COUNT] / compile_world(scenario.world).neurons
    return (float(lost[np.arange(len(first)), first].mean()),)


def alive_share(scenario: Scenario, month: float) -> tuple[float, ...]:
    """Share of people alive so many months after the first symptom, in each arm."""
    death = simulate(scenario).months("death")
    return tuple(float(np.mean(~(row <= month))) for row in death)


def ratio_of_lives(scenario: Scenario) -> tuple[float, ...]:
    """How many times as long a person among the longest tenth lives as one among the shortest."""
    death = simulate(replace(scenario, arms=scenario.arms[:1])).months("death")[0]
    lived = np.fmin(death, scenario.horizon)
    low, high = np.quantile(lived, [0.1, 0.9])
    return (float(high / low),)


def mean_gain(scenario: Scenario) -> tuple[float, ...]:
    """Mean months of life gained by the same people, in each arm."""
    return tuple(gain.mean.value for gain in compare(simulate(scenario), landmarks=()).gains)


def improved_share(
    scenario: Scenario, moment: str = "diagnosis", after: int = 3, measure: str = "total"
) -> tuple[float, ...]:
    """Share of untreated people who look better some months after a moment."""
    return (look(changes(watch(scenario), moment, after), measure).improved,)


def best_case_share(
    scenario: Scenario,
    size: int,
    gain: float = 1,
    moment: str = "diagnosis",
    after: int = 3,
    measure: str = "total",
) -> tuple[float, ...]:
    """Chance that the best of so many untreated people gains so many points or more."""
    found = changes(watch(scenario), moment, after).of(measure)
    return (best_of(found, size).at_least(gain),)


def seeming_slowing(
    scenario: Scenario, moment: str = "diagnosis", steepest: float = 0.25
) -> tuple[float, ...]:
    """Share by which untreated people, chosen for a steep decline, seem to slow afterwards."""
    found = regression_to_the_mean(watch(scenario), moment, steepest=steepest)
    return (1 - found.chosen_after / found.chosen_before,)


def immortal_months(scenario: Scenario, wait: float = 12) -> tuple[float, ...]:
    """Months that those who live to begin something useless seem to gain by it."""
    return (immortal_time(watch(scenario), wait=wait).months.wrong.value,)


def significant_share(
    scenario: Scenario,
    size: int,
    after: int = 6,
    treatment: str = "",
    repeats: int = 2000,
) -> tuple[float, ...]:
    """Share of trials whose difference in the ALSFRS-R total is significant (p below 0.05).

    Two groups of ``size`` people each, drawn apart, are rated at diagnosis and ``after`` months
    later; those alive then are compared by Welch's t test. ``treatment`` is the arm of the second
    group; empty: it gets nothing either.
    """
    names = [arm.name for arm in scenario.arms]
    if treatment and treatment not in names:
        raise UsageError(f"there is no arm {treatment!r}; arms: {', '.join(names)}")
    both = names[:1] + ([treatment] if treatment else [])
    arms = tuple(arm for arm in scenario.arms if arm.name in both)
    found = simulate(replace(scenario, arms=arms), visits=True)
    groups = [
        _drawn(changes(watched(found, arm), after=after).total, scenario.fate, side, size, repeats)
        for side, arm in (("control", 0), ("treated", len(arms) - 1))
    ]
    return (float(np.mean(_welch(*groups) < SIGNIFICANT)),)


def _welch(first: FloatArray, second: FloatArray) -> FloatArray:
    """Return two-sided p-values of Welch's t test [repeat] of groups [repeat, person].

    Not-a-number stands for who is not rated; one where a group has fewer than two people or
    nobody differs.
    """
    from scipy.special import stdtr  # takes long to load

    counts, means, errors = [], [], []
    for group in (first, second):
        known = ~np.isnan(group)
        count = np.maximum(known.sum(axis=1), 2)
        mean = np.where(known, group, 0.0).sum(axis=1) / count
        off = np.where(known, group - mean[:, None], 0.0)
        counts.append(count)
        means.append(mean)
        errors.append(np.sum(off**2, axis=1) / (count - 1) / count)
    whole = errors[0] + errors[1]
    told = (
        (whole > 0) & ((~np.isnan(first)).sum(axis=1) > 1) & ((~np.isnan(second)).sum(axis=1) > 1)
    )
    safe = np.where(told, whole, 1.0)
    parts = sum(error**2 / (count - 1) for error, count in zip(errors, counts, strict=True))
    degrees = safe**2 / np.where(told, parts, 1.0)
    p = 2 * stdtr(degrees, -np.abs(means[1] - means[0]) / np.sqrt(safe))
    return np.asarray(np.where(told, p, 1.0), np.float64)


def _drawn(total: FloatArray, seed: int, side: str, size: int, repeats: int) -> FloatArray:
    """Return the changes of people drawn with replacement [repeat, person]."""
    share = uniforms(words(seed, np.arange(repeats), f"lesson {side}", size))
    return total[(share * len(total)).astype(np.int64)]


READINGS: Mapping[str, Reading] = {
    work.__name__: work
    for work in (
        lost_at_onset,
        alive_share,
        ratio_of_lives,
        mean_gain,
        improved_share,
        best_case_share,
        seeming_slowing,
        immortal_months,
        significant_share,
    )
}
"""Readings by name."""


def read_off(name: str, scenario: Scenario, options: Mapping[str, Any]) -> tuple[float, ...]:
    """Return what a reading finds: one number, or one for each arm.

    Raises ``UsageError`` for an unknown reading or option.
    """
    if name not in READINGS:
        raise UsageError(f"unknown reading {name!r}; known: {', '.join(READINGS)}")
    try:
        return READINGS[name](scenario, **options)
    except TypeError as error:
        raise UsageError(f"reading {name}: {error}") from None
