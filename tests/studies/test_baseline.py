"""Gains against a pinned arm are the same lives, read the other way round. About 2 s."""

from dataclasses import replace

import numpy as np
import pytest

from alssim.errors import UsageError
from alssim.model.simulate import Simulation, simulate
from alssim.parameters import load_scenario
from alssim.studies.comparison import compare
from alssim.studies.comparison.baseline import pinned
from alssim.studies.comparison.findings import findings


@pytest.fixture(scope="module")
def lives() -> Simulation:
    scenario = load_scenario("how-early-matters").record
    return simulate(replace(scenario, patients=40), backend="numpy")


def test_usual_care_pinned_changes_nothing(lives: Simulation) -> None:
    usual, view = compare(lives), compare(pinned(lives, lives.arms[0]))
    assert view.arms == usual.arms
    np.testing.assert_array_equal(view.gain, usual.gain)
    assert view.gains == usual.gains and view.landmarks == usual.landmarks


def test_gains_turn_round_with_the_baseline(lives: Simulation) -> None:
    baseline = lives.arms[2]
    usual, view = compare(lives), compare(pinned(lives, baseline))
    assert view.arms[0] == baseline and set(view.arms) == set(lives.arms)
    np.testing.assert_array_equal(view.gain[0], 0)
    np.testing.assert_array_equal(view.gain[1], -usual.gain[2])
    for place, name in enumerate(view.arms):
        own = usual.arms.index(name)
        np.testing.assert_array_equal(view.gain[place], usual.gain[own] - usual.gain[2])
        assert view.medians[place] == usual.medians[own]


def test_nobody_fails_to_begin_usual_care(lives: Simulation) -> None:
    view = pinned(lives, lives.arms[1])
    assert view.treated[view.arms.index(lives.arms[0])].all()
    assert not lives.treated[0].any()


def test_everything_is_found_against_a_pinned_arm(lives: Simulation) -> None:
    view = pinned(lives, lives.arms[1])
    whole = compare(view)
    found = findings(view, whole, whole.landmarks[0])
    stays = found.stays["documents"]
    for arm in range(1, len(view.arms)):
        total = sum(stay.difference[arm].value for stay in stays.stages)
        assert total == pytest.approx(whole.gains[arm].mean.value)


def test_an_unknown_baseline_is_refused(lives: Simulation) -> None:
    with pytest.raises(UsageError, match="there is no arm 'x'"):
        pinned(lives, "x")
