"""What the player is told is what the model computed."""

import json

import numpy as np
import pytest

from alssim.app.cases import CASES, another, first_weak, members, name_of
from alssim.app.course import ARM, TREATED, course, follow, opening_month
from alssim.app.study import Study
from alssim.app.twins import both_lives
from alssim.app.world import cohort
from alssim.model.anatomy import ARMS, BULBAR, LEGS, REGION_COUNT
from alssim.model.staging import KINGS


@pytest.mark.parametrize("case", CASES)
def test_every_case_has_several_people(case: str) -> None:
    people = cohort()
    order = members(people, case)
    assert len(order) >= 5
    assert len(set(order)) == len(order)
    assert [another(order, one) for one in order] == [*order[1:], order[0]]


def test_cases_hold_whom_they_name() -> None:
    people = cohort()
    onset, slow = first_weak(people), people.patients.slow
    assert all(onset[one] in ARMS and not slow[one] for one in members(people, "arm"))
    assert all(onset[one] in LEGS for one in members(people, "leg"))
    assert all(onset[one] == BULBAR for one in members(people, "speech"))
    assert all(slow[one] for one in members(people, "slow"))
    assert all(people.patients.age[one] < 45 for one in members(people, "young"))


def test_names_fit_and_do_not_change() -> None:
    people = cohort()
    assert name_of(people, 3) == name_of(people, 3)
    women = {name_of(people, int(i)) for i in np.flatnonzero(~people.patients.male)}
    men = {name_of(people, int(i)) for i in np.flatnonzero(people.patients.male)}
    assert women & men == set()


@pytest.mark.parametrize("patient", range(0, 400, 37))
def test_every_list_has_one_value_a_month(patient: int) -> None:
    told = course(cohort(), patient, 5)
    months = told["last"] + 1
    rows = [*told["lower"], *told["upper"], *told["strength"], *told["parts"]]
    rows += [told["score"], told["capacity"]]
    rows += [scale["values"] for scale in told["scales"]]
    assert {len(row) for row in rows} == {months}
    assert len(told["lower"]) == len(told["upper"]) == len(told["regions"]) == REGION_COUNT
    assert all(0 <= one["month"] < months for one in [*told["story"], *told["milestones"]])
    assert json.loads(json.dumps(told))["person"] == told["person"]


@pytest.mark.parametrize("patient", range(0, 400, 37))
def test_numbers_are_those_of_the_model(patient: int) -> None:
    people = cohort()
    visits = people.visits
    assert visits is not None
    told, life = course(people, patient, 0), follow(people, patient)
    neurons = people.scenario.world.numerics.neurons_per_pool
    month = life.lived // 2
    left = 100 * (1 - visits.lost[ARM, patient, month] / neurons)
    shown = [row[month] for row in [*told["lower"], *told["upper"]]]
    assert np.abs(left - shown).max() <= 0.5
    assert told["score"][month] == visits.total[ARM, patient, month]
    strength = 100 * visits.strength[ARM, patient, month]
    assert np.abs(strength - [row[month] for row in told["strength"]]).max() <= 0.5
    assert told["scales"][0]["values"][month] == visits.kings[ARM, patient, month]


@pytest.mark.parametrize("patient", range(0, 400, 37))
def test_the_four_parts_add_up_to_the_score(patient: int) -> None:
    told = course(cohort(), patient, 0)
    assert np.array(told["parts"]).sum(axis=0).tolist() == told["score"]
    assert len(told["part_names"]) == len(told["parts"]) == 4


@pytest.mark.parametrize("patient", [0, 17, 399])
def test_the_life_beside_a_twin_is_the_one_that_is_walked_alone(patient: int) -> None:
    """The twin changes nothing: where care is the same, all that is told of the person stays."""
    alone = course(cohort(), patient, 5)
    both = course(both_lives(patient, "slowing-from-onset", Study()), 0, 5)
    assert alone["twin"] is None
    ends = {"twin", "last", "month", "scales"}  # what a twin who lives longer makes longer
    assert {key: alone[key] for key in alone.keys() - ends} == {
        key: both[key] for key in both.keys() - ends
    }
    for one, other in zip(alone["scales"], both["scales"], strict=True):
        assert other["values"][: alone["last"] + 1] == one["values"]
        assert set(other["values"][alone["last"] :]) == {one["values"][-1]}
        assert len(other["values"]) == both["last"] + 1


@pytest.mark.parametrize("patient", [0, 17, 399])
def test_the_twin_is_the_second_arm(patient: int) -> None:
    people = both_lives(patient, "slowing-from-onset", Study())
    told, life = course(people, 0, 0), follow(people, 0, TREATED)
    visits, twin = people.visits, told["twin"]
    assert visits is not None
    lived = slice(0, life.lived + 1)
    assert twin["score"][lived] == visits.total[TREATED, 0, lived].tolist()
    assert len(twin["score"]) == len(twin["kings"]) == len(twin["lower"][0]) == life.last + 1
    months = len(told["score"])
    pairs = zip(told["lower"], (row[:months] for row in twin["lower"]), strict=True)
    # fewer neurons are lost at every month, in every region, while both live
    assert all(all(b >= a for a, b in zip(*pair, strict=False)) for pair in pairs)
    assert told["last"] == max(months - 1, life.last)
    assert json.loads(json.dumps(twin))["notes"] == twin["notes"]


def test_a_drug_of_usual_care_is_compared_with_care_without_it() -> None:
    people = both_lives(3, "riluzole-like", Study())
    assert people.scenario.care == "no-riluzole"


def test_a_course_ends_with_death_and_says_so() -> None:
    people = cohort()
    patient = members(people, "arm")[0]
    told = course(people, patient, 0)
    death = float(people.months("death")[ARM, patient])
    assert told["death"] == told["last"] >= death > told["last"] - 2
    assert [KINGS[told["scales"][0]["values"][month]] for month in (-2, -1)][1] == "5"
    assert told["milestones"][-1]["name"].endswith("Death")
    assert "dies" in told["story"][-1]["text"]


def test_symptoms_are_the_stretches_in_which_they_are_present() -> None:
    people = cohort()
    visits = people.visits
    assert visits is not None
    patient = members(people, "speech")[0]
    told = {one["name"]: one["runs"] for one in course(people, patient, 0)["symptoms"]}
    for place, symptom in enumerate(people.scenario.world.symptoms):
        present = visits.symptoms[ARM, patient, : follow(people, patient).lived + 1, place]
        months = {m for first, last in told.get(symptom.label, []) for m in range(first, last + 1)}
        assert months == set(np.flatnonzero(present).tolist())


def test_a_walk_opens_at_diagnosis() -> None:
    people = cohort()
    patient = members(people, "leg")[0]
    diagnosis = float(people.months("diagnosis")[ARM, patient])
    assert diagnosis <= opening_month(people, patient) < diagnosis + 1


@pytest.mark.parametrize("asked", [-5, 10**9])
def test_any_month_can_be_asked(asked: int) -> None:
    told = course(cohort(), 0, asked)
    assert 0 <= told["month"] <= told["last"]
