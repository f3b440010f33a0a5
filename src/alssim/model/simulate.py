"""Simulate a scenario: draw the patients and their fate, run every arm, gather the events."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alssim.errors import UsageError
from alssim.model.arms import Arm, Chunk, run_arms
from alssim.model.backend import Backend, choose
from alssim.model.events import CAUSES, EVENT_NAMES, months_of
from alssim.model.patients import BoolArray, Patients
from alssim.model.physics import compile_world
from alssim.model.record import RunRecord, record_of
from alssim.model.visits import Visits, visit
from alssim.parameters.schema import Scenario

FloatArray = NDArray[np.float64]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, eq=False)
class Simulation:
    """Every arm of a scenario on the same virtual patients; arrays are read-only.

    events  [arm, event, patient]  months since the first symptom of the untreated twin; NaN: never
    cause   [arm, patient]         cause of death, an index into CAUSES
    latent  whether the course goes on as if death did not stop it
    """

    scenario: Scenario
    patients: Patients
    events: FloatArray
    cause: NDArray[np.int8]
    visits: Visits | None
    latent: bool
    record: RunRecord

    def __post_init__(self) -> None:
        self.events.flags.writeable = self.cause.flags.writeable = False

    @property
    def arms(self) -> tuple[str, ...]:
        """Names of the arms; the first is usual care without added treatment."""
        return tuple(arm.name for arm in self.scenario.arms)

    def months(self, event: str) -> FloatArray:
        """Return the months of an event or milestone [arm, patient]; NaN where never.

        Raises ``UsageError`` for an unknown name.
        """
        if event not in EVENT_NAMES:
            raise UsageError(f"unknown event {event!r}; known: {', '.join(EVENT_NAMES)}")
        return months_of(self.events, event)

    @property
    def treated(self) -> BoolArray:
        """Say whose treatment began [arm, patient]; who never meets its start never is."""
        return np.isfinite(self.months("treatment_start"))

    def causes(self) -> list[dict[str, int]]:
        """Count the causes of death of each arm."""
        return [
            dict(zip(CAUSES, np.bincount(row, minlength=len(CAUSES)).tolist(), strict=True))
            for row in self.cause
        ]


def simulate(
    scenario: Scenario,
    *,
    patients: int | None = None,
    visits: bool = False,
    latent: bool = False,
    backend: Backend = "auto",
    threads: int = 1,
    first: int = 0,
    progress: Progress | None = None,
) -> Simulation:
    """Simulate all arms of a scenario on the same virtual patients.

    Parameters
    ----------
    patients : how many, instead of the scenario's own number
    visits : keep monthly visits (needs memory: about 0.1 MB a patient and arm)
    latent : go on after death, as if it did not stop the course; never shown as a patient's
    backend : "numpy", "numba" or "auto"; the results have the same bits
    threads : how many chunks run at the same time (numba)
    first : number of the first patient; patient i depends on the seeds and i alone
    progress : called with patients done and patients in all

    Raises ``UsageError`` where a number is out of range or a back end is not installed.
    """
    scenario = with_patients(scenario, patients)
    parts = simulate_parts(
        scenario,
        visits=visits,
        latent=latent,
        backend=backend,
        threads=threads,
        first=first,
        progress=progress,
    )
    return join(scenario, parts, latent)


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Some of a scenario's patients: what a simulation is joined from."""

    patients: Patients
    events: FloatArray
    cause: NDArray[np.int8]
    visits: Visits | None


def simulate_parts(
    scenario: Scenario,
    *,
    visits: bool = False,
    latent: bool = False,
    backend: Backend = "auto",
    threads: int = 1,
    first: int = 0,
    progress: Progress | None = None,
) -> Iterator[Part]:
    """Yield a scenario's patients part by part, in order: for cohorts too large for memory."""
    if threads < 1:
        raise UsageError(f"threads = {threads}; allowed: 1 or more")
    if first < 0:
        raise UsageError(f"first = {first}; allowed: 0 or more")
    neurons = scenario.world.numerics.neurons_per_pool
    engine = choose(backend, scenario.patients * len(scenario.arms), neurons)
    size = max(1, engine.chunk * USUAL_NEURONS // max(neurons, USUAL_NEURONS))
    size = min(size, VISIT_CHUNK) if visits else size
    starts = range(first, first + scenario.patients, size)
    stop = first + scenario.patients
    physics = compile_world(scenario.world)

    def run(start: int) -> Part:
        numbers = np.arange(start, min(start + size, stop))
        chunk = Chunk.draw(scenario, physics, numbers, engine)
        return _part(
            scenario, chunk, run_arms(scenario, chunk, engine, visits, latent), visits, latent
        )

    done = 0
    for part in _in_order(run, starts, threads):
        done += len(part.patients)
        if progress is not None:
            progress(done, scenario.patients)
        yield part


USUAL_NEURONS = 256  # in a pool; more of them make smaller chunks
VISIT_CHUNK = 512  # patients whose monthly neurons are held at once


def _in_order(run: Callable[[int], Part], starts: range, threads: int) -> Iterator[Part]:
    """Run chunks, several at a time, and yield them in order; few are kept waiting."""
    if threads == 1:
        yield from map(run, starts)
        return
    with ThreadPoolExecutor(threads) as pool:
        waiting = [pool.submit(run, start) for start in starts[: 2 * threads]]
        for start in starts[2 * threads :]:
            yield waiting.pop(0).result()
            waiting.append(pool.submit(run, start))
        for future in waiting:
            yield future.result()


def _part(scenario: Scenario, chunk: Chunk, arms: list[Arm], visits: bool, latent: bool) -> Part:
    events = np.array([arm.events for arm in arms])
    cause = np.array([arm.cause for arm in arms])
    seen = _visits(scenario, chunk, arms, latent) if visits else None
    return Part(chunk.patients, events, cause, seen)


def _visits(scenario: Scenario, chunk: Chunk, arms: list[Arm], latent: bool) -> Visits:
    """Return the visits up to the month after the last death (or to the horizon)."""
    death = np.array([months_of(arm.events, "death") for arm in arms])
    ends = np.where(np.isnan(death), scenario.horizon, death)
    last = scenario.horizon if latent else min(int(np.ceil(ends.max())), scenario.horizon)
    rows = [
        visit(
            scenario.world,
            chunk.physics,
            chunk.patients,
            scenario.fate,
            arm.outcome,
            arm.effects,
            arm.events,
            last,
            latent,
        )
        for arm in arms
    ]
    return Visits(
        months=np.arange(last + 1.0),
        **{name: np.array([row[name] for row in rows]) for name in rows[0]},
    )


def join(scenario: Scenario, parts: Iterable[Part], latent: bool = False) -> Simulation:
    """Join parts, in order, to one simulation; each is let go as soon as it is copied."""
    whole: dict[str, NDArray[Any]] = {}
    visits, done = [], 0
    for part in parts:
        rows = slice(done, done + len(part.patients))
        for name, values in _by_patient(part).items():
            if name not in whole:
                whole[name] = np.empty((scenario.patients, *values.shape[1:]), values.dtype)
            whole[name][rows] = values
        visits += [part.visits] if part.visits is not None else []
        done = rows.stop
    events, cause = whole.pop("events"), whole.pop("cause")
    return Simulation(
        scenario=scenario,
        patients=Patients(**whole),
        events=np.moveaxis(events, 0, -1),
        cause=cause.T,
        visits=_join_visits(visits),
        latent=latent,
        record=record_of(scenario),
    )


def _by_patient(part: Part) -> dict[str, NDArray[Any]]:
    """Return a part's arrays by name, the patient first."""
    traits = {name: getattr(part.patients, name) for name in Patients.__dataclass_fields__}
    return {**traits, "events": np.moveaxis(part.events, -1, 0), "cause": part.cause.T}


def _join_visits(parts: list[Visits]) -> Visits | None:
    """Join visits; shorter parts go on as they end."""
    if not parts:
        return None
    length = max(len(part.months) for part in parts)
    joined = {
        name: np.concatenate([_lengthen(getattr(part, name), length) for part in parts], axis=1)
        for name in Visits.__dataclass_fields__
        if name != "months"
    }
    return Visits(months=np.arange(float(length)), **joined)


def _lengthen(values: NDArray[np.generic], length: int) -> NDArray[np.generic]:
    missing = [(0, 0)] * values.ndim
    missing[2] = (0, length - values.shape[2])
    return np.pad(values, missing, mode="edge")


def with_patients(scenario: Scenario, patients: int | None) -> Scenario:
    """Return the scenario with another number of patients; refuse one without arms."""
    if not scenario.arms:
        raise UsageError(f'scenario {scenario.name} has no arms; name at least "untreated"')
    return scenario if patients is None else replace(scenario, patients=patients)
