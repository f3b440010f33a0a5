"""``alssim story``: one virtual patient's course in words, with symptoms and stages."""

import argparse
from collections.abc import Iterator
from typing import Any

import numpy as np

from alssim.cli.asking import asked_scenario, record_with_sources
from alssim.cli.drawing import check_places, write_figure
from alssim.cli.text import at, say, tell, tell_json
from alssim.errors import UsageError
from alssim.model.anatomy import REGIONS
from alssim.model.events import CAUSES
from alssim.model.patients import COGNITION, GENETIC_FORMS
from alssim.model.record import RunRecord
from alssim.model.simulate import Simulation, simulate
from alssim.model.staging import KINGS
from alssim.parameters.schema import Scenario
from alssim.present import words
from alssim.present.table_files import summary
from alssim.present.tables import event_months

LARGEST = 2**63 - 2
RATED = ("kings_alsfrs", "mitos", "ft9", "docs")


def story_command(asked: argparse.Namespace) -> int:
    """Tell the course of the patient that was asked for."""
    found = asked_scenario(asked)
    arm = _arm(found.record, asked.arm)
    check_places(asked, "figure")
    if not 0 <= asked.patient <= LARGEST:
        raise UsageError(say("errors.patient_number", patient=asked.patient, most=LARGEST))
    life = simulate(found.record, patients=1, first=asked.patient, visits=True)
    record = record_with_sources(found)
    if asked.figure:
        _draw(life, arm, asked.figure, record)
    if asked.json:
        tell_json({"record": summary(record), **_document(life, arm), "figure": asked.figure})
    else:
        _tell(life, arm)
        if asked.figure:
            tell(say("story.figure", file=asked.figure))
        tell(life.record.short())
    return 0


def _draw(life: Simulation, arm: int, file: str, record: RunRecord) -> None:
    from alssim.present.figures import Course, course_figure

    visits, months = life.visits, _months(life, arm)
    assert visits is not None
    lived = visits.alive[arm, 0]
    neurons = life.scenario.world.numerics.neurons_per_pool
    told = words.texts()
    course = Course(
        months=visits.months[lived],
        total=visits.total[arm, 0, lived].astype(np.float64),
        left=1 - visits.lost[arm, 0, lived, : len(REGIONS)] / neurons,
        regions=tuple(told["regions"][region] for region in REGIONS),
        milestones={
            name: months[event] for event, name in told["milestones"].items() if event in months
        },
    )
    write_figure(course_figure(course), file, record)


def _arm(scenario: Scenario, name: str | None) -> int:
    names = [arm.name for arm in scenario.arms]
    if name is not None and name not in names:
        raise UsageError(say("errors.no_arm", arm=name, arms=", ".join(names)))
    return 0 if name is None else names.index(name)


def _months(life: Simulation, arm: int) -> dict[str, float]:
    """Return the month of everything that happens."""
    found = {name: float(months[arm, 0]) for name, months in event_months(life).items()}
    return {name: month for name, month in found.items() if not np.isnan(month)}


def _moments(life: Simulation, arm: int, months: dict[str, float]) -> list[tuple[float, str]]:
    first = {name: months.get(f"weakness_{name}", np.inf) for name in REGIONS}
    return words.story(
        months,
        age=float(life.patients.age[0]),
        male=bool(life.patients.male[0]),
        region=min(REGIONS, key=lambda name: first[name]),
        cause=CAUSES[int(life.cause[arm, 0])],
        horizon=float(life.scenario.horizon),
        stages=True,
    )


def _symptoms(life: Simulation, arm: int) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    """Yield each symptom that appears, with the first and last month of every stretch of it."""
    visits = life.visits
    assert visits is not None
    lived = visits.symptoms[arm, 0][visits.alive[arm, 0]]
    for place, symptom in enumerate(life.scenario.world.symptoms):
        there = np.concatenate([[False], lived[:, place], [False]]).astype(np.int8)
        edges = np.flatnonzero(np.diff(there)).reshape(-1, 2)
        if len(edges):
            yield symptom.label, [(int(start), int(end) - 1) for start, end in edges]


def _stages(life: Simulation, arm: int) -> dict[str, list[tuple[str, float]]]:
    """Return each scale's stages with the month at which they are first reached."""
    months = _months(life, arm)
    told = {"kings": [(stage, f"kings_{stage.lower()}") for stage in KINGS[1:]]}
    told |= {
        scale: [(str(n), f"{scale}_{n}") for n in range(9) if f"{scale}_{n}" in months]
        for scale in RATED
    }
    return {
        scale: [(stage, months[name]) for stage, name in stages if name in months]
        for scale, stages in told.items()
    }


def _person(life: Simulation) -> dict[str, Any]:
    people = life.patients
    return {
        "patient": int(people.number[0]),
        "sex": "male" if people.male[0] else "female",
        "age_at_onset": float(people.age[0]),
        "genetic_form": GENETIC_FORMS[int(people.genetic_form[0])],
        "cognition": COGNITION[int(people.cognition[0])],
        "handedness": "right" if people.right_handed[0] else "left",
    }


def _document(life: Simulation, arm: int) -> dict[str, Any]:
    months = _months(life, arm)
    return {
        "person": _person(life),
        "arm": life.arms[arm],
        "story": [{"month": m, "text": text} for m, text in _moments(life, arm, months)],
        "events": months,
        "cause": CAUSES[int(life.cause[arm, 0])],
        "symptoms": dict(_symptoms(life, arm)),
        "stages": {scale: dict(stages) for scale, stages in _stages(life, arm).items()},
    }


def _tell(life: Simulation, arm: int) -> None:
    person = _person(life)
    name = words.arm_name(life.arms[arm])
    tell(say("story.heading", patient=person["patient"], scenario=life.scenario.name, arm=name))
    tell(
        say(
            "story.who",
            sex=at(f"story.sex.{person['sex']}"),
            age=int(person["age_at_onset"]),
            form=at(f"story.form.{person['genetic_form']}"),
            cognition=at(f"story.cognition.{person['cognition']}"),
            hand=person["handedness"],
        )
    )
    tell(say("notice"))
    tell()
    for month, text in _moments(life, arm, _months(life, arm)):
        tell(text, f"{month:7.1f}  ", " " * 9)
    _tell_symptoms(life, arm)
    _tell_stages(life, arm)
    tell()


def _tell_symptoms(life: Simulation, arm: int) -> None:
    visits = life.visits
    assert visits is not None
    last = int(np.count_nonzero(visits.alive[arm, 0])) - 1
    tell()
    tell(say("story.symptoms"))
    for label, runs in _symptoms(life, arm):
        months = ", ".join(
            say("story.until_end" if end == last else "story.from_to", first=start, last=end)
            for start, end in runs
        )
        tell(say("story.symptom", label=label, months=months), "  ", "    ")


def _tell_stages(life: Simulation, arm: int) -> None:
    tell()
    tell(say("story.stages"))
    for scale, stages in _stages(life, arm).items():
        listed = ", ".join(
            say("story.reached", stage=stage, month=f"{month:.1f}".removesuffix(".0"))
            for stage, month in stages
        )
        told = listed or say("story.reached_never")
        tell(say("story.stage", scale=at(f"story.scales.{scale}"), stages=told), "  ", "    ")
