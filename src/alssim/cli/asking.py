"""From what was typed to a scenario, and to the lives of its virtual patients."""

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray

from alssim.cli.text import say
from alssim.errors import ParameterError, UsageError
from alssim.model.events import CAUSES, months_of
from alssim.model.record import RunRecord, record_of
from alssim.model.simulate import Part, Progress, simulate_parts
from alssim.parameters import (
    Origin,
    Resolved,
    dump,
    load_scenario,
    load_treatment,
    parse_settings,
)
from alssim.parameters.schema import Scenario, Treatment

FloatArray = NDArray[np.float64]
P = ParamSpec("P")
T = TypeVar("T")
UNTREATED = "untreated"
KEPT = ("death", "tracheostomy", "niv_22h", "diagnosis", "treatment_start")


def asked_scenario(asked: argparse.Namespace) -> Resolved[Scenario]:
    """Return the scenario that was asked for, with all changes.

    Raises ``ParameterError`` with all problems of its files and of the changes.
    """
    problems: list[str] = []
    changes = _collected(problems, parse_settings, asked.set) or {}
    changes |= _own_changes(asked)
    found = _collected(problems, load_scenario, asked.scenario, changes)
    added = [_collected(problems, load_treatment, name) for name in asked.added]
    if found is not None and not problems:
        found = _collected(problems, _with_arms, found, [arm for arm in added if arm])
    if found is None or problems:
        raise ParameterError(asked.scenario, problems)
    return found


def _collected(
    problems: list[str], work: Callable[P, T], *words: P.args, **more: P.kwargs
) -> T | None:
    """Return what the work returns; None, with its problems added, if it fails."""
    try:
        return work(*words, **more)
    except ParameterError as error:
        problems += error.problems
        return None


def _own_changes(asked: argparse.Namespace) -> dict[str, Any]:
    """Return the changes that have options of their own."""
    if asked.seed is not None and (asked.people is not None or asked.fate is not None):
        raise UsageError(say("errors.seeds"))
    given = {
        "patients": getattr(asked, "patients", None),
        "people": asked.people if asked.seed is None else asked.seed,
        "fate": asked.fate if asked.seed is None else asked.seed,
    }
    return {key: value for key, value in given.items() if value is not None}


def _with_arms(found: Resolved[Scenario], added: list[Resolved[Treatment]]) -> Resolved[Scenario]:
    """Add treatments as arms; a scenario without arms gets usual care first."""
    new = added if found.record.arms else [load_treatment(UNTREATED), *added]
    if not new:
        return found
    arms = (*found.record.arms, *(arm.record for arm in new))
    origins: dict[str, Origin] = dict(found.origins)
    for arm in new:
        for key, origin in arm.origins.items():
            origins[f"arms.{arm.record.name}.{key}"] = origin
    return Resolved(replace(found.record, arms=arms), origins, found.label)


def record_with_sources(found: Resolved[Scenario]) -> RunRecord:
    """Return the run record of a scenario, with the source of every value in its dump."""
    return replace(record_of(found.record), parameters=dump(found))


@dataclass(frozen=True, slots=True, eq=False)
class Lives:
    """What a comparison needs of a simulation, so that a large cohort is never held whole.

    kept   event -> months [arm, patient]; cause [arm, patient] index into CAUSES
    """

    scenario: Scenario
    kept: Mapping[str, FloatArray]
    cause: NDArray[np.int8]

    @property
    def arms(self) -> tuple[str, ...]:
        """Names of the arms."""
        return tuple(arm.name for arm in self.scenario.arms)

    @property
    def treated(self) -> NDArray[np.bool_]:
        """Say whose treatment began [arm, patient]."""
        return np.isfinite(self.kept["treatment_start"])

    def months(self, event: str) -> FloatArray:
        """Return the months of an event that was kept [arm, patient]."""
        return self.kept[event]

    def causes(self) -> list[dict[str, float]]:
        """Return the share of patients of each arm by cause of death."""
        shares = [np.bincount(row, minlength=len(CAUSES)) / len(row) for row in self.cause]
        return [dict(zip(CAUSES, row.tolist(), strict=True)) for row in shares]


def follow(
    scenario: Scenario,
    asked: argparse.Namespace,
    visits: bool = False,
    latent: bool = False,
    also: Callable[[Part], None] | None = None,
) -> Lives:
    """Simulate part by part, hand each part to ``also``, and keep what a comparison needs."""
    kept: dict[str, list[FloatArray]] = {event: [] for event in KEPT}
    causes = []
    with progress(say("run.following")) as shown:
        for part in simulate_parts(
            scenario,
            visits=visits,
            latent=latent,
            backend=asked.backend,
            threads=asked.threads,
            progress=shown,
        ):
            if also is not None:
                also(part)
            for event in KEPT:
                kept[event].append(months_of(part.events, event).copy())
            causes.append(part.cause)
    whole = {event: np.concatenate(rows, axis=1) for event, rows in kept.items()}
    return Lives(scenario, whole, np.concatenate(causes, axis=1))


@contextmanager
def progress(label: str) -> Iterator[Progress | None]:
    """Show a bar on standard error while a terminal is there; None where none is."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn(label), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
