"""``alssim sweep``: one scenario at many settings, one row of a table for each."""

import argparse
import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, cast

from alssim.cli.asking import asked_scenario, progress, record_with_sources
from alssim.cli.text import say, tell, tell_json, tell_table
from alssim.errors import ParameterError, UsageError
from alssim.model.backend import Backend, choose
from alssim.model.record import RunRecord, package_version
from alssim.parameters import Resolved, parse_settings
from alssim.parameters.schema import Scenario
from alssim.present.sweep_files import SweepTable, open_sweep
from alssim.present.table_files import summary
from alssim.present.words import arm_name
from alssim.studies.sweep import (
    Point,
    Settings,
    grid,
    latin_hypercube,
    make_points,
    summarise,
    whole_numbers,
)
from alssim.studies.workers import check_workers, each

VALUE = re.compile(r'(?:"(?:\\.|[^"\\])*"|\[[^\]]*\]|[^,"\[])+')
MOST_SHOWN = 20  # points that are printed

Vary = dict[str, list[Any]]


def sweep_command(asked: argparse.Namespace) -> int:
    """Simulate every point that is not known yet; print and write one row for each."""
    check_workers(asked.workers, asked.scheduler)
    if Path(asked.out).exists() and not Path(asked.out).is_dir():
        raise UsageError(say("errors.not_folder", folder=asked.out))
    vary = _vary(asked.vary)
    base = asked_scenario(asked)
    settings = _settings(vary, asked.sample, base.record)
    with progress(say("sweep.reading")) as shown:
        points = make_points(lambda chosen: asked_scenario(asked, chosen).record, settings, shown)
    about = {"vary": vary, "sample": asked.sample, "points": len(points)}
    with open_sweep(asked.out, points, package_version()) as table:
        known = len(table.done)
        _work(points, table, asked)
        record = record_with_sources(base)
        files = table.finish(points, record, about)
    if asked.json:
        rows = [dict(zip(table.heading, row, strict=True)) for row in table.rows(points)]
        tell_json({"record": summary(record), **about, "known": known, "rows": rows,
                   "files": list(map(str, files))})  # fmt: skip
    else:
        _tell(base, points, table, files, known, record)
    return 0


def _vary(texts: Sequence[str]) -> Vary:
    """Return the values of each key from texts such as ``pace.median=0.06,0.07``."""
    found: Vary = {}
    problems: list[str] = []
    for text in texts:
        key, equals, listed = (part.strip() for part in text.partition("="))
        values = [value.strip() for value in VALUE.findall(listed)]
        try:
            if not (key and equals and values):
                raise ParameterError("--vary", [say("errors.not_varied", text=text[:80])])
            if key in found:
                raise ParameterError("--vary", [say("errors.varied_twice", name=key[:80])])
            found[key] = [parse_settings([f"{key}={value}"])[key] for value in values]
        except ParameterError as error:
            problems += error.problems
    if problems:
        raise ParameterError("--vary", [p.replace("--set: ", "--vary: ", 1) for p in problems])
    return found


def _settings(vary: Vary, sample: int | None, base: Scenario) -> list[Settings]:
    if sample is None:
        return grid(vary)
    return latin_hypercube(_ranges(vary), sample, base.people, whole_numbers(base))


def _ranges(vary: Vary) -> dict[str, tuple[float, float]]:
    """Return the two ends of each key; raise ``UsageError`` where there are no two numbers."""
    for key, values in vary.items():
        numbers = [v for v in values if isinstance(v, (int, float)) and not isinstance(v, bool)]
        if len(values) != 2 or len(numbers) != 2:
            raise UsageError(say("errors.no_range", name=key))
    return {key: (values[0], values[1]) for key, values in vary.items()}


def _work(points: Sequence[Point], table: SweepTable, asked: argparse.Namespace) -> None:
    """Do the points that are not known yet; what is done stays when the work is stopped."""
    left = {point.digest: point for point in points if point.digest not in table.done}
    jobs, done = list(left.values()), 0
    total = len(jobs)
    try:
        with progress(say("sweep.following")) as shown:
            scenarios = [point.scenario for point in jobs]
            work = partial(summarise, backend=_backend(asked, scenarios))
            for place, row in each(work, scenarios, asked.workers, asked.scheduler):
                table.add(jobs[place], row)
                done += 1
                if shown is not None:
                    shown(done, total)
    except KeyboardInterrupt:
        known = len(table.done)
        raise KeyboardInterrupt(
            say("sweep.stopped", known=known, points=known - done + total, folder=asked.out)
        ) from None


def _backend(asked: argparse.Namespace, scenarios: Sequence[Scenario]) -> Backend:
    """Choose the engine by the whole work of one worker here; elsewhere each chooses its own."""
    chosen: str = asked.backend
    if asked.scheduler is None:
        lanes = sum(scenario.patients * len(scenario.arms) for scenario in scenarios)
        chosen = choose(chosen, lanes // asked.workers).name
    return cast(Backend, chosen)


def _tell(
    base: Resolved[Scenario],
    points: Sequence[Point],
    table: SweepTable,
    files: Sequence[Path],
    known: int,
    record: RunRecord,
) -> None:
    tell(say("sweep.heading", title=base.record.title, points=len(points)))
    tell(say("notice"))
    tell()
    tell_table(_shown(points, table))
    if len(points) > MOST_SHOWN:
        tell(say("sweep.more", more=len(points) - MOST_SHOWN), "  ")
    tell()
    if known:
        tell(say("sweep.known", known=known))
    tell(say("run.files", folder=files[0].parent))
    for file in files:
        tell(say("run.other", file=file.name), "  ")
    tell()
    tell(record.short())


def _shown(points: Sequence[Point], table: SweepTable) -> list[list[str]]:
    """Return the settings and the medians of the first points, under a heading."""
    arms = [arm.name for arm in points[0].scenario.arms]
    keys = list(points[0].settings)
    rows = [[say("sweep.half"), *keys, *map(arm_name, arms)]]
    for row in table.rows(points[:MOST_SHOWN]):
        found = dict(zip(table.heading, row, strict=True))
        medians = (_month(found[f"{arm}.median"]) for arm in arms)
        rows.append([found["point"], *(found[key] for key in keys), *medians])
    return rows


def _month(text: str) -> str:
    return f"{float(text):.1f}" if text else say("table.not_reached")
