"""Commands about parameter files."""

import argparse
import sys
from collections.abc import Iterator
from typing import Any

from alssim.cli.asking import asked_scenario
from alssim.cli.kinds import check_file
from alssim.cli.text import at, say, tell, tell_json
from alssim.errors import ParameterError
from alssim.parameters import (
    CARE,
    SCENARIOS,
    TREATMENTS,
    TRIALS,
    WORLDS,
    load_care,
    load_scenario,
    load_treatment,
    load_trial,
    names,
)
from alssim.parameters import dump as dumped
from alssim.parameters import explain as explained
from alssim.parameters.schema import World
from alssim.parameters.walking import entries
from alssim.plain_text import visible

KINDS = (SCENARIOS, TREATMENTS, CARE, TRIALS, WORLDS)
LOADERS: dict[str, Any] = {
    SCENARIOS: load_scenario,
    TREATMENTS: load_treatment,
    CARE: load_care,
    TRIALS: load_trial,
}
SHOWN = ("summary", "claim", "found", "hypothetical", "evidence", "route", "cell_source", "notes")
SHOWN_OF_TRIALS = ("question", "assumed")


def check_command(asked: argparse.Namespace) -> int:
    """Check files of any kind; the status is 2 if one of them has a problem."""
    results = [_checked(file) for file in asked.files]
    if asked.json:
        tell_json({"files": results})
    else:
        for result in results:
            _tell_checked(result)
    return 0 if all(result["ok"] for result in results) else 2


def _checked(file: str) -> dict[str, Any]:
    try:
        kind = check_file(file)
    except ParameterError as error:
        return {"file": file, "ok": False, "kind": None, "problems": error.problems}
    return {"file": file, "ok": True, "kind": kind, "problems": []}


def _tell_checked(result: dict[str, Any]) -> None:
    if result["ok"]:
        print(visible(say("check.ok", file=result["file"], kind=result["kind"])))
    else:
        print(ParameterError(result["file"], result["problems"]), file=sys.stderr)


def explain_command(asked: argparse.Namespace) -> int:
    """Explain a key of a scenario, or a treatment, care setting or scenario by its name."""
    found = asked_scenario(asked)
    try:
        text = explained(found, asked.key)
    except ParameterError as error:
        if (named := _by_name(asked.key)) is None:
            raise error
        text = named
    if asked.json:
        tell_json({"key": asked.key, "text": text})
    else:
        for line in text.splitlines():
            tell(line, hanging=" " * (len(line) - len(line.lstrip()) + 2))
    return 0


def _by_name(name: str) -> str | None:
    for kind in (TREATMENTS, CARE, SCENARIOS, TRIALS):
        if name in names(kind):
            return "\n".join(_told(LOADERS[kind](name).record))
    return None


def _told(record: Any) -> Iterator[str]:
    """Yield what a file says for people."""
    yield f"{record.title} ({record.name})"
    for field in (*SHOWN, *SHOWN_OF_TRIALS):
        if text := getattr(record, field, ""):
            lines = str(text).strip().splitlines()
            yield f"  {at(f'explain.{field}')}: {lines[0]}"
            yield from (f"    {line}" for line in lines[1:])
    for citation in getattr(record, "citations", ()):
        yield f"  {at('explain.citations')}: {citation}"
    if arms := getattr(record, "arms", ()):
        yield f"  {at('explain.arms')}: {', '.join(arm.name for arm in arms)}"


def dump_command(asked: argparse.Namespace) -> int:
    """Print everything that a scenario resolves to."""
    found = asked_scenario(asked)
    if asked.json:
        tell_json({entry.path: entry.value for entry in entries(found.record)})
    else:
        print(dumped(found), end="")
    return 0


def list_command(asked: argparse.Namespace) -> int:
    """List what there is by name, with titles."""
    kinds = KINDS if asked.kind is None else (asked.kind,)
    listed = {kind: {name: _title(kind, name) for name in names(kind)} for kind in kinds}
    if asked.json:
        tell_json(listed)
        return 0
    for number, (kind, titles) in enumerate(listed.items()):
        if number:
            tell()
        tell(say(f"list.{kind}"))
        widest = max(map(len, titles), default=0)
        for name, title in titles.items():
            tell(title, f"  {name.ljust(widest)}  ", " " * (widest + 4))
    return 0


def _title(kind: str, name: str) -> str:
    if kind == WORLDS:
        return (World.__doc__ or "").splitlines()[0]
    return str(LOADERS[kind](name).record.title)
