"""Grids and Latin hypercubes by their definition; a point's row is that of Python (about 5 s)."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import alssim
from alssim.errors import ParameterError, UsageError
from alssim.parameters import digest
from alssim.statistics.survival import restricted_mean
from alssim.studies.sweep import (
    MOST_POINTS,
    Settings,
    grid,
    latin_hypercube,
    make_points,
    row_columns,
    summarise,
    whole_numbers,
)

LAW = settings(deadline=None, derandomize=True, max_examples=60)


def load(chosen: Settings) -> alssim.Scenario:
    """Return a small scenario with these settings."""
    return alssim.load_scenario("claim-versus-trial", {"patients": 12, "horizon": 70, **chosen})


# ------------------------------------------------------ points


def test_a_grid_is_every_combination_in_order() -> None:
    assert grid({"a": [1, 2], "b": ["x", "y"]}) == [
        {"a": 1, "b": "x"},
        {"a": 1, "b": "y"},
        {"a": 2, "b": "x"},
        {"a": 2, "b": "y"},
    ]


@pytest.mark.parametrize(
    ("vary", "told"),
    [
        ({}, "varies at least one key"),
        ({"a": [1], "b": []}, "b has no value to vary over"),
        ({str(k): range(1000) for k in range(10)}, f"at most {MOST_POINTS:,}"),
    ],
)
def test_a_grid_that_cannot_be_is_refused(vary: dict[str, Any], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        grid(vary)


@LAW
@given(
    points=st.integers(1, 60),
    seed=st.integers(0, 2**62),
    low=st.floats(-10, 10),
    width=st.floats(0.01, 10),
    ends=st.tuples(st.integers(-5, 5), st.integers(0, 40)),
)
def test_a_sample_hits_each_part_of_each_range_once(
    points: int, seed: int, low: float, width: float, ends: tuple[int, int]
) -> None:
    first, more = ends
    ranges = {"x": (low, low + width), "n": (float(first), float(first + more))}
    found = latin_hypercube(ranges, points, seed, whole={"n"})
    assert found == latin_hypercube(ranges, points, seed, whole={"n"})
    xs = np.sort([one["x"] for one in found])
    part = (xs - low) / width * points
    rounded = 1e-3 * points * (abs(low) + width) / width  # values have six digits
    assert (part >= np.arange(points) - rounded).all()
    assert (part <= np.arange(points) + 1 + rounded).all()
    assert xs[0] >= low and xs[-1] <= low + width
    counts = np.bincount([one["n"] - first for one in found], minlength=more + 1)
    assert all(isinstance(one["n"], int) for one in found) and len(counts) == more + 1
    assert (abs(counts - points / (more + 1)) < 2).all()  # as even as whole numbers can be


def test_keys_and_seeds_are_spread_independently() -> None:
    ranges = {"a": (0.0, 1.0), "b": (0.0, 1.0)}
    one, other = (latin_hypercube(ranges, 500, seed) for seed in (1, 2))
    a, b = (np.array([point[key] for point in one]) for key in "ab")
    assert abs(np.corrcoef(a, b)[0, 1]) < 0.22  # beyond 4.9 standard errors: once in a million
    assert one != other
    alone = latin_hypercube({"b": (0.0, 1.0)}, 500, 1)
    assert [point["b"] for point in alone] == b.tolist()


@pytest.mark.parametrize(
    ("ranges", "points", "told"),
    [
        ({"a": (1.0, 0.0)}, 3, "a = 1 to 0 is no range"),
        ({"a": (0.0, math.inf)}, 3, "is no range"),
        ({"a": (math.nan, 1.0)}, 3, "is no range"),
        ({"a": (0.0, 1.0)}, 0, "at least one"),
        ({"a": (0.0, 1.0)}, MOST_POINTS + 1, "at most"),
    ],
)
def test_a_sample_that_cannot_be_is_refused(
    ranges: dict[str, tuple[float, float]], points: int, told: str
) -> None:
    with pytest.raises(UsageError, match=told):
        latin_hypercube(ranges, points, 1)


def test_which_keys_hold_whole_numbers() -> None:
    found = whole_numbers(load({}))
    assert {"patients", "people", "numerics.neurons_per_pool"} <= found
    assert not {"pace.median", "arms.msc-found.effects.1.size", "title"} & found


def test_points_are_scenarios_with_their_digest() -> None:
    told: list[tuple[int, int]] = []
    asked = grid({"pace.median": [0.06, 0.07], "care": ["modern", "minimal"]})
    points = make_points(load, asked, lambda *done: told.append(done))
    assert [point.settings for point in points] == asked
    assert [point.scenario.world.pace.median for point in points] == [0.06, 0.06, 0.07, 0.07]
    assert [point.digest for point in points] == [digest(point.scenario) for point in points]
    assert len({point.digest for point in points}) == 4
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_problems_of_all_points_are_told_once() -> None:
    asked = grid({"pace.median": [-1, 0.07], "pace.medain": [1, 2]})
    with pytest.raises(ParameterError) as refused:
        make_points(load, asked)
    first, second = refused.value.problems
    assert "pace.medain is unknown; did you mean median" in first
    assert first.endswith("(in 4 of 4 points; the first: pace.median=-1, pace.medain=1)")
    assert "pace.median = -1 is outside" in second and "in 2 of 4 points" in second


def test_points_with_other_arms_are_refused() -> None:
    with pytest.raises(UsageError, match="the same arms"):
        make_points(load, grid({"arms": [["untreated"], ["untreated", "antioxidant"]]}))


# ------------------------------------------------------ rows


def test_a_row_is_what_python_says() -> None:
    scenario = load({"patients": 60})
    found = summarise(scenario)
    simulation = alssim.simulate(scenario)
    comparison = alssim.compare(simulation)
    assert set(found) == set(row_columns(simulation.arms))
    assert (found["patients"], found["rmst_months"]) == (60, 60.0)
    for arm, name in enumerate(comparison.arms):
        median = comparison.medians[arm]
        assert found[f"{name}.median"] == median.value
        assert found[f"{name}.median_low"] == median.low
        lived = np.minimum(comparison.time[arm], 60.0)
        assert found[f"{name}.rmst"] == pytest.approx(lived.mean(), abs=1e-9)
        assert found[f"{name}.rmst"] == restricted_mean(comparison.curves[arm], 60.0)
        alive = (comparison.time[arm] > 36).mean()
        assert found[f"{name}.alive_36"] == pytest.approx(alive, abs=1e-12)
    gain = comparison.gain[2]
    assert found["msc-found.gain"] == pytest.approx(gain.mean(), abs=1e-12)
    assert found["msc-found.gain_median"] == np.median(gain)
    assert found["msc-found.gain_low"] <= found["msc-found.gain"] <= found["msc-found.gain_high"]


def test_a_short_follow_up_leaves_open_what_it_cannot_say() -> None:
    found = summarise(replace(load({}), horizon=20))
    assert found["rmst_months"] == 20 and math.isnan(found["untreated.alive_36"])


@pytest.mark.parametrize("patients", [1, 3])
def test_a_few_patients_are_enough(patients: int) -> None:
    found = summarise(load({"patients": patients}))
    assert found["untreated.rmst"] > 0
