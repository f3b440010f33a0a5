"""``alssim story``: one patient's course, the same as in Python."""

from pathlib import Path

import numpy as np
import pytest
from tests.cli.conftest import Call

import alssim
from alssim.model.events import CAUSES
from alssim.present.tables import event_months

PATIENT = 7


@pytest.fixture(scope="module")
def life() -> alssim.Simulation:
    """The patient's course by way of Python, within a cohort."""
    scenario = alssim.load_scenario("claim-versus-trial", {"horizon": 120})
    return alssim.simulate(scenario, patients=PATIENT + 1, visits=True, backend="numpy")


WORDS = ("story", "claim-versus-trial", "--set", "horizon=120", "--patient", str(PATIENT))


@pytest.mark.parametrize("arm", [0, 1])
def test_the_story_is_that_of_the_cohort(call: Call, life: alssim.Simulation, arm: int) -> None:
    document = call(*WORDS, "--arm", life.arms[arm], "--json").document
    months = {name: float(row[arm, PATIENT]) for name, row in event_months(life).items()}
    assert document["events"] == {k: m for k, m in months.items() if not np.isnan(m)}
    assert document["cause"] == CAUSES[life.cause[arm, PATIENT]]
    assert document["arm"] == life.arms[arm]
    assert document["person"]["patient"] == PATIENT
    assert document["person"]["age_at_onset"] == life.patients.age[PATIENT]


def test_symptoms_are_those_of_the_visits(call: Call, life: alssim.Simulation) -> None:
    assert life.visits is not None
    found = call(*WORDS, "--json").document["symptoms"]
    lived = life.visits.symptoms[0, PATIENT][life.visits.alive[0, PATIENT]]
    for place, symptom in enumerate(life.scenario.world.symptoms):
        runs = found.get(symptom.label, [])
        months = [month for start, end in runs for month in range(start, end + 1)]
        assert months == np.flatnonzero(lived[:, place]).tolist()


def test_stages_are_reached_in_the_events(call: Call) -> None:
    document = call(*WORDS, "--json").document
    stages, events = document["stages"], document["events"]
    assert list(stages) == ["kings", "kings_alsfrs", "mitos", "ft9", "docs"]
    for scale, reached in stages.items():
        assert reached == {k: events[f"{scale}_{k.lower()}"] for k in reached}
    assert stages["kings"]["2A"] == events["diagnosis"]


def test_the_story_is_told_in_words(call: Call) -> None:
    answer = call(*WORDS)
    told = " ".join(answer.out.split())
    document = call(*WORDS, "--json").document
    assert answer.status == 0
    assert told.count("For learning only") == 1
    for moment in document["story"]:
        assert f"{moment['month']:.1f} {moment['text']}" in told
    for label in document["symptoms"]:
        assert label in told
    assert "King's stage 2" in told and "MiToS: " in told


def test_who_lives_on_is_said_to_be_alive(call: Call) -> None:
    answer = call("story", "--patient", "0", "--set", "horizon=3")
    assert "is alive when the simulation ends" in answer.out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--patient", "-1"), "--patient -1 is not between 0 and"),
        (("--patient", str(2**70)), "is not between 0 and"),
        (("--patient", "1", "--arm", "msc"), "there is no arm 'msc'; arms: untreated"),
        (("--patient", "first"), "'first' is not a whole number"),
        ((), "--patient"),
        (("nobody", "--patient", "1"), "there is no scenario or world 'nobody'"),
    ],
)
def test_what_is_wrong_is_told(call: Call, words: tuple[str, ...], told: str) -> None:
    answer = call("story", *words)
    assert answer.status == 2 and answer.out == ""
    assert told in answer.err


@pytest.mark.parametrize(("patient", "diagnosed"), [(PATIENT, True), (60, False)])
def test_the_course_is_drawn(call: Call, tmp_path: Path, patient: int, diagnosed: bool) -> None:
    file = tmp_path / "course.svg"
    answer = call(*WORDS[:-1], str(patient), "--figure", str(file))
    assert answer.status == 0 and f"Figure: {file}" in answer.out.replace("\n", "")
    drawn = file.read_text("utf-8")
    assert "left arm" in drawn and "ALSFRS-R total, 0 to 48" in drawn
    assert ("Diagnosis" in drawn) == diagnosed == ("it is ALS" in answer.out)
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("file", ["course.gif", "nowhere/course.svg"])
def test_a_figure_that_cannot_be_written_is_refused(call: Call, file: str) -> None:
    answer = call(*WORDS, "--figure", file)
    assert answer.status == 2 and answer.out == "" and f"--figure {file}: " in answer.err
