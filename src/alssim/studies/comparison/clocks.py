"""What month 0 is, from when a patient is observed, and what ends a life in a comparison.

Every clock is that of the untreated twin, in every arm: a treatment moves no clock.
"""

from typing import Literal, Protocol, get_args

import numpy as np
from numpy.typing import NDArray

from alssim.errors import UsageError
from alssim.parameters.outcomes import TrialEntry
from alssim.statistics.followup import FloatArray

Clock = Literal["onset", "diagnosis", "trial_entry"]
Endpoint = Literal["death", "death_or_tracheostomy", "death_tracheostomy_or_niv_22h"]

ENDPOINT_EVENTS: dict[Endpoint, tuple[str, ...]] = {
    "death": ("death",),
    "death_or_tracheostomy": ("death", "tracheostomy"),
    "death_tracheostomy_or_niv_22h": ("death", "tracheostomy", "niv_22h"),
}
NOT_ENTERED_AFTER = ("death", "tracheostomy", "niv_need")
"""Who has met one of these does not enter a trial."""


class Followed(Protocol):
    """A scenario, as far as a comparison needs it."""

    @property
    def horizon(self) -> float:
        """Months after the first symptom at which the simulation stops."""


class Twins(Protocol):
    """A simulation, as far as a comparison needs it."""

    @property
    def arms(self) -> tuple[str, ...]:
        """Names of the arms; the first is usual care without added treatment."""

    @property
    def scenario(self) -> Followed:
        """What was simulated."""

    @property
    def treated(self) -> NDArray[np.bool_]:
        """Whether a patient's treatment ever began [arm, patient]."""

    def months(self, event: str) -> NDArray[np.float64]:
        """Return the months of an event since the first symptom [arm, patient]; NaN = never."""


def month_zero(simulation: Twins, clock: Clock, entry: TrialEntry) -> FloatArray:
    """Return month 0 of a clock in months since the first symptom [patient]; NaN = none."""
    check_clock("clock", clock)
    diagnosis = simulation.months("diagnosis")[0]
    if clock == "onset":
        return np.zeros_like(diagnosis)
    return diagnosis if clock == "diagnosis" else _trial_entry(simulation, diagnosis, entry)


def _trial_entry(simulation: Twins, diagnosis: FloatArray, entry: TrialEntry) -> FloatArray:
    month = diagnosis + entry.delay
    barred = [simulation.months(event)[0] <= month for event in NOT_ENTERED_AFTER]
    barred.append(month > min(entry.longest, simulation.scenario.horizon))
    return np.where(np.logical_or.reduce(barred), np.nan, month)


def endpoint_months(simulation: Twins, endpoint: Endpoint) -> FloatArray:
    """Return the first of the endpoint's events [arm, patient]; NaN = none."""
    check_endpoint(endpoint)
    first, *others = (simulation.months(event) for event in ENDPOINT_EVENTS[endpoint])
    for other in others:
        first = np.fmin(first, other)
    return first


def check_clock(name: str, clock: str) -> None:
    """Raise ``UsageError`` for an unknown clock."""
    _check_word(name, clock, get_args(Clock))


def check_endpoint(endpoint: str) -> None:
    """Raise ``UsageError`` for an unknown endpoint."""
    _check_word("endpoint", endpoint, get_args(Endpoint))


def _check_word(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise UsageError(f"{name} = {value!r} is not one of: {', '.join(allowed)}")
