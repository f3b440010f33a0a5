"""``alssim run``: simulate a scenario, print who lives how long, write its tables."""

import argparse
from pathlib import Path
from typing import Any

from alssim.cli.asking import asked_scenario, follow, record_with_sources
from alssim.cli.summing import alive_rows, arm_numbers, cause_rows
from alssim.cli.text import at, say, tell, tell_json, tell_table
from alssim.errors import UsageError
from alssim.model.record import RunRecord
from alssim.parameters.schema import Scenario
from alssim.present.table_files import TableFiles, check_format, open_tables, summary
from alssim.present.tables import FROM_VISITS, make_tables
from alssim.studies.comparison import compare
from alssim.studies.lives import Lives


def run_command(asked: argparse.Namespace) -> int:
    """Simulate the scenario that was asked for."""
    wanted = _wanted(asked)
    found = asked_scenario(asked)
    record = record_with_sources(found)
    if wanted:
        lives, files = _with_tables(found.record, asked, wanted, record)
    else:
        lives, files = follow(found.record, asked), []
    if asked.json:
        tell_json(_document(lives, record, files))
    else:
        _tell(lives, record, files)
    return 0


def _wanted(asked: argparse.Namespace) -> tuple[str, ...]:
    """Return the tables to write; raise ``UsageError`` where they cannot be."""
    on_request = [name for name in FROM_VISITS if getattr(asked, name)]
    if asked.out is None:
        if on_request:
            raise UsageError(say("errors.needs_out", option=f"--{on_request[0]}"))
        return ()
    if Path(asked.out).exists() and not Path(asked.out).is_dir():
        raise UsageError(say("errors.not_folder", folder=asked.out))
    check_format(asked.format)
    visits = () if asked.visits is False else ("visits",)
    return ("patients", "events", *visits, *(name for name in on_request if name != "visits"))


def _with_tables(
    scenario: Scenario, asked: argparse.Namespace, wanted: tuple[str, ...], record: RunRecord
) -> tuple[Lives, list[dict[str, Any]]]:
    with open_tables(asked.out, wanted, record, asked.format) as files:
        try:
            lives = follow(
                scenario,
                asked,
                visits=bool(set(wanted) & set(FROM_VISITS)),
                latent="latent" in wanted,
                also=lambda part: files.add(make_tables(scenario, part, wanted)),
            )
        except KeyboardInterrupt:
            left = say("stopped_writing", folder=asked.out) if any(files.rows.values()) else ""
            raise KeyboardInterrupt(left) from None
        return lives, _listed(files)


def _listed(files: TableFiles) -> list[dict[str, Any]]:
    """Finish the files; return name and rows of each."""
    rows = {file: files.rows[table] for table, file in files.names.items()}
    return [
        {"file": str(path), **({"rows": rows[path.name]} if path.name in rows else {})}
        for path in files.finish()
    ]


def _document(lives: Lives, record: RunRecord, files: list[dict[str, Any]]) -> dict[str, Any]:
    comparison = compare(lives)
    arms = [
        {**arm_numbers(lives.scenario, comparison, k), "causes": causes}
        for k, causes in enumerate(lives.causes())
    ]
    return {"record": summary(record), "arms": arms, "files": files}


def _tell(lives: Lives, record: RunRecord, files: list[dict[str, Any]]) -> None:
    scenario = lives.scenario
    one, many = at("run.arms")
    count = len(scenario.arms)
    arms = one if count == 1 else many.format(count=count)
    tell(say("run.heading", title=scenario.title, patients=scenario.patients, arms=arms))
    tell(say("notice"))
    tell()
    tell_table([*alive_rows(compare(lives)), *cause_rows(lives)])
    if files:
        tell()
        tell(say("run.files", folder=Path(files[0]["file"]).parent))
        for file in files:
            kind = "table" if "rows" in file else "other"
            name = Path(file["file"]).name
            tell(say(f"run.{kind}", file=name, rows=file.get("rows", 0)), "  ")
    tell()
    tell(record.short())
