"""Untreated people as a clinic sees them: rated once a month, from a chosen moment on.

A clinic sees people at visits. The first visit at a moment is the first monthly visit at or after
it; whoever has died by then is not seen.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from alssim.errors import UsageError
from alssim.model.backend import Backend
from alssim.model.events import EVENT_NAMES, months_of
from alssim.model.simulate import Part, Progress, Simulation, simulate_parts
from alssim.parameters.schema import Scenario
from alssim.statistics.followup import BoolArray, FloatArray, IntArray, freeze

MONTH = "month:"


@dataclass(frozen=True, slots=True, eq=False)
class Watched:
    """Untreated people, visited every month; read-only.

    number    [patient]             numbers of the people; luck of a study is drawn by them
    events    [event, patient]      months since the first symptom; not-a-number: never
    alive     [patient, month]      month 0 is the first symptom
    items     [patient, month, 12]  ALSFRS-R items as rated, 0-4; 0 after death
    capacity  [patient, month]      vital capacity, whole % predicted, as a report gives it
    horizon   month at which the simulation stops
    """

    number: IntArray
    events: FloatArray
    alive: BoolArray
    items: NDArray[np.int8]
    capacity: IntArray
    horizon: int

    def __post_init__(self) -> None:
        freeze(self)

    @property
    def total(self) -> IntArray:
        """ALSFRS-R total [patient, month], 0-48."""
        return np.asarray(self.items.sum(axis=-1, dtype=np.int64))

    @property
    def last_month(self) -> int:
        """Last month with a visit of anybody."""
        return int(self.alive.shape[1]) - 1

    def months(self, event: str) -> FloatArray:
        """Return the months of an event [patient]; not-a-number where never."""
        return months_of(self.events, event)


def watched(simulation: Simulation, arm: int = 0) -> Watched:
    """Return one arm of a simulation as a clinic sees it; the first arm has no added treatment.

    Raises ``UsageError`` unless the simulation kept visits and stops at death.
    """
    if simulation.visits is None:
        raise UsageError("the simulation kept no visits; simulate(..., visits=True)")
    if simulation.latent:
        raise UsageError("people are watched while they live: simulate with latent=False")
    part = Part(simulation.patients, simulation.events, simulation.cause, simulation.visits)
    return _joined([_seen(part, arm, simulation.scenario.horizon)])


def watch(
    scenario: Scenario,
    *,
    backend: Backend = "auto",
    threads: int = 1,
    progress: Progress | None = None,
) -> Watched:
    """Simulate the first arm of a scenario part by part and keep what a clinic sees.

    Options and errors as ``alssim.simulate``.
    """
    if not scenario.arms:
        raise UsageError(f'scenario {scenario.name} has no arms; name at least "untreated"')
    alone = replace(scenario, arms=scenario.arms[:1])
    parts = simulate_parts(alone, visits=True, backend=backend, threads=threads, progress=progress)
    return _joined(_seen(part, 0, scenario.horizon) for part in parts)


def months_of_moment(people: Watched, moment: str) -> FloatArray:
    """Return the month of a moment for each person [patient]; not-a-number where never.

    ``moment`` is an event or a stage (``diagnosis``, ``docs_4``, ``kings_3``) or a month since
    the first symptom (``month:12``). Raises ``UsageError`` for anything else.
    """
    check_moment(moment)
    if moment.startswith(MONTH):
        return np.full(len(people.number), _month(moment))
    return people.months(moment)


def check_moment(moment: str) -> None:
    """Raise ``UsageError`` unless a moment is an event, a stage or a month."""
    if moment.startswith(MONTH):
        _month(moment)
    elif moment not in EVENT_NAMES:
        known = ", ".join(EVENT_NAMES)
        raise UsageError(f"unknown moment {moment!r}; give {MONTH}12, or one of: {known}")


def first_visit(people: Watched, moment: str) -> IntArray:
    """Return the month of the first visit at or after a moment [patient]; -1 where none.

    Nobody is visited before the first symptom, after death, or beyond the end.
    """
    months = months_of_moment(people, moment)
    visit = np.ceil(np.where(np.isnan(months), -1.0, np.maximum(months, 0.0)) - 1e-9)
    there = np.where((visit >= 0) & (visit <= people.last_month), visit, -1).astype(np.int64)
    seen = (there >= 0) & people.alive[np.arange(len(there)), there]
    return np.where(seen, there, -1)


def check_span(name: str, months: int) -> None:
    """Raise ``UsageError`` unless a number of months between visits is 1 or more."""
    if months < 1:
        raise UsageError(f"{name} = {months}; allowed: 1 or more whole months")


def _month(moment: str) -> float:
    text = moment.removeprefix(MONTH)
    try:
        month = float(text)
    except ValueError:
        month = float("nan")
    if not 0 <= month < float("inf"):
        raise UsageError(f"moment {moment!r}: after {MONTH} give a number of 0 or more")
    return month


def _seen(part: Part, arm: int, horizon: int) -> Watched:
    visits = part.visits
    assert visits is not None
    return Watched(
        number=np.array(part.patients.number, np.int64),
        events=part.events[arm].copy(),
        alive=visits.alive[arm].copy(),
        items=visits.items[arm].copy(),
        capacity=np.rint(visits.vital_capacity[arm]).astype(np.int64),
        horizon=horizon,
    )


def _joined(parts: Iterable[Watched]) -> Watched:
    """Join parts; in those that end earlier nobody is alive later."""
    rows = list(parts)
    length = max(part.alive.shape[1] for part in rows)
    return Watched(
        number=np.concatenate([part.number for part in rows]),
        events=np.concatenate([part.events for part in rows], axis=1),
        alive=np.concatenate([_lengthened(part.alive, length) for part in rows]),
        items=np.concatenate([_lengthened(part.items, length) for part in rows]),
        capacity=np.concatenate([_lengthened(part.capacity, length) for part in rows]),
        horizon=rows[0].horizon,
    )


def _lengthened(values: NDArray[np.generic], length: int) -> NDArray[np.generic]:
    missing = [(0, 0)] * values.ndim
    missing[1] = (0, length - values.shape[1])
    return np.pad(values, missing)
