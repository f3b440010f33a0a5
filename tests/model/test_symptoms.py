"""Symptoms: every one that the stage list names is there, and appears by its rule."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.model.cohorts import QUICK, assert_share, bits, scenario, world

from alssim.model.patients import draw_patients
from alssim.model.simulate import simulate
from alssim.model.symptoms import PLACES, present, prone
from alssim.parameters.schema import Symptom

WORLD = world()
NAMES = [symptom.name for symptom in WORLD.symptoms]
PEOPLE = draw_patients(WORLD, 1, np.arange(1500))
# What the stages and the symptom list of the disease model name, and the rule that stands for it.
NAMED = {
    "weak grip": "weak_grip",
    "foot drop": "foot_drop",
    "stiffness": "stiffness",
    "wasting": "wasting",
    "cramps": "cramps",
    "twitching": "twitching",
    "trouble swallowing": "trouble_swallowing",
    "falls and poor balance": "falls",
    "slurred speech": "slurred_speech",
    "choking": "choking",
    "drooling": "drooling",
    "breathlessness lying flat": "breathless_lying",
    "morning headache": "morning_headache",
    "fatigue from under-breathing": "fatigue",
    "emotional distress": "distress",
    "changes in thinking": "thinking",
    "loss of stability from a weak trunk": "weak_trunk",
    "loss of speech": "loss_of_speech",
    "walking becomes impossible": "walking_lost",
}


@pytest.mark.parametrize("said", NAMED)
def test_every_symptom_named_is_there(said: str) -> None:
    assert NAMED[said] in NAMES


def test_names_are_given_once() -> None:
    assert len(set(NAMES)) == len(NAMES)


def test_upper_loss_is_stiffness_and_lower_loss_wasting() -> None:
    rules = {symptom.name: symptom.measure for symptom in WORLD.symptoms}
    assert rules["stiffness"] == "upper"
    assert rules["wasting"] == rules["cramps"] == rules["twitching"] == "lower"


def rule(**values: Any) -> Symptom:
    return Symptom(**{"name": "x", "label": "x", "source": "x", "share": 1.0, **values})


def shows(symptom: Symptom, able: bool = True, **state: Any) -> bool:
    """Say whether a symptom is there in one visit of a person who is well but for ``state``."""
    left, strength = np.ones((1, 14)), np.ones((1, 7))
    for pool, share in state.get("left", {}).items():
        left[0, pool] = share
    for region, share in state.get("strength", {}).items():
        strength[0, region] = share
    found = present(
        (symptom,), np.array([[able]]), left, strength, np.array([state.get("capacity", 100.0)]),
        np.array([state.get("month", 5.0)]), np.array([state.get("diagnosis", np.nan)]),
    )  # fmt: skip
    return bool(found[0, 0])


def test_a_measure_below_its_level_at_its_place() -> None:
    grip = rule(place="hands", measure="strength", level=0.7)
    assert shows(grip, strength={2: 0.69})
    assert not shows(grip, strength={2: 0.7})
    assert not shows(grip, strength={0: 0.1})
    assert not shows(grip, able=False, strength={2: 0.1})
    stiff = rule(place="anywhere", measure="upper", level=0.6)
    assert shows(stiff, left={9: 0.5}) and not shows(stiff, left={2: 0.5})
    wasted = rule(place="legs", measure="lower", level=0.6)
    assert shows(wasted, left={6: 0.5}) and not shows(wasted, left={13: 0.5})
    breath = rule(place="respiratory", measure="capacity", level=55.0)
    assert shows(breath, capacity=54.9) and not shows(breath, capacity=55.0)


def test_symptoms_that_come_with_time() -> None:
    later = rule(place="anywhere", measure="months", level=12.0)
    assert shows(later, month=12.0) and not shows(later, month=11.0)
    told = rule(place="anywhere", measure="diagnosis", level=0.0)
    assert shows(told, month=5.0, diagnosis=4.5)
    assert not shows(told, month=5.0, diagnosis=5.5) and not shows(told)


def test_shares_of_people() -> None:
    able = prone(WORLD.symptoms, PEOPLE, 1)
    changed = PEOPLE.cognition > 0
    for column, symptom in enumerate(WORLD.symptoms):
        if symptom.cognition == "changed":
            assert not able[~changed, column].any()
            assert_share(int(able[changed, column].sum()), int(changed.sum()), symptom.share)
        else:
            assert_share(int(able[:, column].sum()), len(PEOPLE), symptom.share)


def test_another_symptom_changes_no_other() -> None:
    more = (rule(place="legs", measure="strength", level=0.5), *reversed(WORLD.symptoms))
    few, many = prone(WORLD.symptoms, PEOPLE, 1), prone(more, PEOPLE, 1)
    assert bits(many[:, :0:-1]) == bits(few)
    renamed = replace(WORLD.symptoms[0], label="in other words")
    assert bits(prone((renamed,), PEOPLE, 1)) == bits(few[:, :1])


def test_places_are_regions() -> None:
    assert PLACES["anywhere"] == tuple(range(7))
    assert PLACES["hands"] == PLACES["arms"] == (1, 2)


def test_symptoms_at_visits_stay_once_they_came() -> None:
    """No symptom rule leaves off again while the disease runs untreated."""
    found = simulate(scenario(patients=40), backend=QUICK, visits=True).visits
    assert found is not None
    both = found.alive[0, :, 1:] & found.alive[0, :, :-1]
    lost_again = found.symptoms[0, :, :-1] & ~found.symptoms[0, :, 1:]
    assert not lost_again[both].any()
    assert found.symptoms.shape[-1] == len(NAMES)
    assert found.symptoms[0].any(axis=(0, 1)).mean() > 0.9
