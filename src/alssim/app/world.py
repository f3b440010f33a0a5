"""What the app asks of the model: the cohort to walk through and the runs to compare.

Nothing here knows Streamlit. Results are immutable and shared between visitors.
"""

from dataclasses import replace
from functools import cache
from threading import Lock

from alssim.model.simulate import Simulation, simulate
from alssim.parameters.loading import load_care, load_scenario, load_treatment
from alssim.parameters.locate import TREATMENTS, names
from alssim.parameters.schema import Scenario, Treatment

SCENARIO = "reference"
UNTREATED = "untreated"
WITHOUT_DRUG = "no-riluzole"
COHORT = 400
"""Virtual people to walk through."""
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


def cohort() -> Simulation:
    """Return the virtual people of *Walk the stages*, month by month; computed once."""
    with _one_at_a_time:
        return _cohort()


@cache
def _cohort() -> Simulation:
    usual = replace(scenario(), arms=(treatment(UNTREATED),), horizon=MONTHS)
    return simulate(usual, patients=COHORT, visits=True)


@cache
def scenario(care: str | None = None) -> Scenario:
    """Return the scenario of the app, under its own care or another."""
    return load_scenario(SCENARIO, {} if care is None else {"care": care}).record


def care_for(added: Treatment) -> Scenario:
    """Return the scenario in which a treatment is compared.

    A drug that belongs to usual care is never laid on top of itself: it is compared with the
    same care without it.
    """
    usual = scenario()
    return scenario(WITHOUT_DRUG) if added.name == usual.background.name else usual


def care_title(care: str) -> str:
    """Return the name of a care setting, for people."""
    return load_care(care).record.title


def twins(added: Treatment, patients: int, people: int) -> Simulation:
    """Follow virtual patients with usual care and, as their own twins, with a treatment."""
    arms = (treatment(UNTREATED), added)
    asked = replace(care_for(added), arms=arms, people=people, fate=people)
    return simulate(asked, patients=patients)
