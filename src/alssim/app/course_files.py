"""What can be taken away from one person's course: visits, a figure, the scenario, a report."""

import numpy as np
from matplotlib.figure import Figure

from alssim.app import export
from alssim.app.course import ARM, course, follow
from alssim.app.downloads import File, data_files, figure_files, report_file, scenario_file
from alssim.app.text import say
from alssim.model.anatomy import REGION_COUNT
from alssim.model.simulate import Simulation
from alssim.present.figures import Course, course_figure, rendered
from alssim.present.report import Part


def course_files(people: Simulation, patient: int, name: str) -> list[File]:
    """Offer the files of one virtual person; ``name`` is the made-up one."""
    number = int(people.patients.number[patient])
    record, stem = people.record, f"patient-{number}"

    def draw() -> Figure:
        return course_figure(drawn(people, patient))

    def parts() -> list[Part]:
        told = course(people, patient, 0)
        story = [f"{one['when']}: {one['text']}" for one in told["story"]]
        alt = told["alts"]["score"]
        return [Part(name, story, figure=rendered(draw(), "svg", record), alt=alt)]

    visits = say("downloads.visits")
    return [
        *data_files(visits, f"{stem}-visits", lambda: export.visits(people, number), record),
        *figure_files(say("downloads.course_picture"), f"{stem}-course", draw, record),
        scenario_file(record),
        report_file(say("walk.title"), stem, parts, record),
    ]


def drawn(people: Simulation, patient: int) -> Course:
    """Return the months lived, for a figure."""
    assert people.visits is not None
    life, told = follow(people, patient), course(people, patient, 0)
    neurons = people.scenario.world.numerics.neurons_per_pool
    lived = slice(0, life.lived + 1)
    lost = people.visits.lost[ARM, patient, lived, :REGION_COUNT]
    return Course(
        months=np.arange(life.lived + 1.0),
        total=people.visits.total[ARM, patient, lived].astype(np.float64),
        left=1 - lost / neurons,
        regions=tuple(one["name"] for one in told["regions"]),
        milestones={one["name"]: float(one["month"]) for one in told["milestones"]},
    )
