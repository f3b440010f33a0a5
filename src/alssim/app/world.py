"""What the app asks of the model: the cohort to walk through and the runs to compare.

Nothing here knows Streamlit. Results are immutable and shared between visitors.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache, lru_cache
from threading import Lock

from alssim.app.study import Study
from alssim.model.record import record_of
from alssim.model.simulate import Progress, Simulation, simulate
from alssim.parameters.changing import CARE_KEY
from alssim.parameters.loading import load_treatment
from alssim.parameters.locate import TREATMENTS, names
from alssim.parameters.schema import Scenario, Treatment
from alssim.present import naming

USUAL = Study()
"""The reference scenario, unchanged."""
UNTREATED = "untreated"
USUAL_CARE, WITHOUT_DRUG = "modern", "no-riluzole"
COHORT = 400
"""Virtual people among whom a walk finds its cases."""
CROWD = 10_000
"""Virtual people of the largest cohort; each of them can be walked through by number."""
CLASS = 32
"""Cohorts that are kept, of 10 MB each: with a class code every student has one."""
MONTHS = 240
"""Months of their lives that are kept."""
HORIZON = 120
"""Months that a comparison shows."""

LARGEST_SEED = 2**31 - 1

_one_at_a_time = Lock()


@cache
def treatment(name: str) -> Treatment:
    """Return a hypothetical treatment as its file has it."""
    return load_treatment(name).record


@cache
def treatments() -> tuple[str, ...]:
    """Return the names of all treatments to compare with usual care, by title."""
    found = [name for name in names(TREATMENTS) if name != UNTREATED]
    return tuple(sorted(found, key=lambda name: treatment(name).title))


def cohort(study: Study = USUAL) -> Simulation:
    """Return the virtual people of *Walk the stages*, month by month; computed once."""
    if study.private:
        return _cohort(study)
    with _one_at_a_time:
        return _shared_cohort(study)


@lru_cache(maxsize=CLASS)
def _shared_cohort(study: Study) -> Simulation:
    return _cohort(study)


def _cohort(study: Study) -> Simulation:
    return _untreated(study, COHORT)


def person(study: Study, number: int) -> Simulation:
    """Return one virtual person of a study, month by month; the record tells of all up to them."""
    found = _untreated(study, 1, number)
    everyone = replace(found.scenario, patients=number + 1)
    return replace(found, record=record_of(everyone))


def _untreated(study: Study, patients: int, first: int = 0) -> Simulation:
    usual = replace(study.record, arms=(treatment(UNTREATED),), horizon=MONTHS)
    return simulate(usual, patients=patients, first=first, visits=True)


def care_study(added: Sequence[Treatment], study: Study = USUAL) -> Study:
    """Return the study in which treatments are compared.

    A drug that belongs to usual care is never laid on top of itself: it is compared with the
    same care without it, and so is whatever stands beside it.
    """
    usual = study.record
    if not any(one.name == usual.background.name for one in added):
        return study
    if usual.world.care.riluzole_share == 0:
        return study
    if usual.care == USUAL_CARE:
        return study.changed(CARE_KEY, WITHOUT_DRUG)
    return study.changed("care.riluzole_share", "0")


def with_arms(usual: Scenario, added: Sequence[Treatment], patients: int) -> Scenario:
    """Return a scenario with usual care and treatments beside it, for so many virtual patients."""
    return replace(usual, arms=(treatment(UNTREATED), *added), patients=patients)


def care_title(care: str) -> str:
    """Return the name of a care setting, for people; one of a visitor's own file has its own."""
    return naming.care_title(care)


def twins(
    added: Sequence[Treatment],
    patients: int,
    study: Study = USUAL,
    progress: Progress | None = None,
) -> Simulation:
    """Follow virtual patients with usual care and, as their own twins, with each treatment."""
    usual = care_study(added, study).record
    return simulate(with_arms(usual, added, patients), progress=progress)
