"""One virtual person twice: with usual care, and with a hypothetical treatment added."""

from dataclasses import replace

import numpy as np

from alssim.app.study import Study
from alssim.app.text import say, table
from alssim.app.world import MONTHS, UNTREATED, care_study, treatment
from alssim.model.simulate import Simulation, simulate
from alssim.studies.cohort import PLACES


def both_lives(patient: int, name: str, world: Study) -> Simulation:
    """Follow one person of a study without and with a treatment, with visits [arm, 1, month]."""
    added = treatment(name)
    scenario = replace(
        care_study((added,), world).record, arms=(treatment(UNTREATED), added), horizon=MONTHS
    )
    return simulate(scenario, patients=1, first=patient, visits=True)


def twin_lines(both: Simulation) -> list[str]:
    """Say when each event comes in both lives of the one person."""
    return [_line(both, event) for event in (*PLACES, "death")]


def _line(both: Simulation, event: str) -> str:
    usual, treated = (
        say("twin.at_month", month=round(month)) if np.isfinite(month) else say("twin.never")
        for month in both.months(event)[:, 0].tolist()
    )
    name = table("cohort.events")[event]
    return say("twin.line", event=name, usual=usual, treated=treated)
