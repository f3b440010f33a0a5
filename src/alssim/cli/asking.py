"""From what was typed to a scenario, and to the lives of its virtual patients."""

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from alssim.cli.text import say
from alssim.errors import ParameterError, UsageError
from alssim.model.record import RunRecord, record_of
from alssim.model.simulate import Part, Progress
from alssim.parameters import (
    Origin,
    Resolved,
    dump,
    load_scenario,
    load_treatment,
    parse_settings,
)
from alssim.parameters.reading import SETTINGS
from alssim.parameters.schema import Scenario, Treatment
from alssim.studies.lives import Lives, live

P = ParamSpec("P")
T = TypeVar("T")
UNTREATED = "untreated"
OPTIONS = ("patients", "people", "fate", "seed")
SEEDED = ("people", "fate", "luck")
"""What one seed sets."""
NOTHING: Mapping[str, Any] = {}


def asked_scenario(
    asked: argparse.Namespace, settings: Mapping[str, Any] = NOTHING
) -> Resolved[Scenario]:
    """Return the scenario that was asked for, with all changes; ``settings`` are further ones.

    Raises ``ParameterError`` with all problems of its files and of the changes.
    """
    problems: list[str] = []
    changes = collected(problems, parse_settings, asked.set) or {}
    changes |= {**_own_changes(asked), **settings}
    inside = [_taken(changes, f"arms.{Path(name).stem}.") for name in asked.added]
    found = collected(problems, load_scenario, asked.scenario, changes)
    added = [
        collected(problems, load_treatment, name, own)
        for name, own in zip(asked.added, inside, strict=True)
    ]
    if found is not None and not problems:
        found = collected(problems, _with_arms, found, [arm for arm in added if arm])
    if found is None or problems:
        options = {f"--{name}": getattr(asked, name, None) for name in OPTIONS}
        raise ParameterError(asked.scenario, as_typed(problems, options))
    return found


def as_typed(problems: list[str], options: Mapping[str, Any]) -> list[str]:
    """Return problems with values named by the options that gave them, each once.

    ``options`` are those that give a value of the scenario, as typed; None: not given.
    """
    told = []
    for problem in problems:
        key = problem.removeprefix(f"{SETTINGS}: ").split(" ")[0]
        given = {f"--{key}": options.get(f"--{key}")}
        if key in SEEDED:
            given["--seed"] = options.get("--seed")
        option = next((name for name, value in given.items() if value is not None), None)
        ours = option is not None and problem.startswith(f"{SETTINGS}: {key} = ")
        told.append(problem.replace(f"{SETTINGS}: {key}", str(option), 1) if ours else problem)
    return list(dict.fromkeys(told))


def _taken(changes: dict[str, Any], prefix: str) -> dict[str, Any]:
    """Take the changes whose key starts so, and return them without that start."""
    taken = [key for key in changes if key.startswith(prefix)]
    return {key.removeprefix(prefix): changes.pop(key) for key in taken}


def collected(
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


def follow(
    scenario: Scenario,
    asked: argparse.Namespace,
    visits: bool = False,
    latent: bool = False,
    also: Callable[[Part], None] | None = None,
) -> Lives:
    """Simulate part by part, hand each part to ``also``, and keep what a comparison needs."""
    with progress(say("run.following")) as shown:
        return live(
            scenario,
            visits=visits,
            latent=latent,
            backend=asked.backend,
            threads=asked.threads,
            also=also,
            progress=shown,
        )


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
