"""The shipped ensemble: parameter sets that fit the calibration targets acceptably.

A study that runs over it shows what is not known of the parameters, beside chance.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from alssim.errors import ParameterError
from alssim.parameters import Resolved, folder, load_scenario
from alssim.parameters.safe_toml import OWN, parse
from alssim.parameters.schema import Scenario

FILE = "ensemble.toml"


def load_ensemble(path: str | Path | None = None) -> tuple[dict[str, float], ...]:
    """Return the members of the shipped ensemble, or of a file: parameters by dotted key.

    Raises ``ParameterError`` where the file is not an ensemble.
    """
    file = Path(path) if path is not None else folder() / FILE
    label = str(path) if path is not None else FILE
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise ParameterError(label, [f"cannot be read: {error.strerror}"]) from None
    table: Mapping[str, Any] = parse(raw, label, OWN)
    members = table.get("members")
    if not isinstance(members, list) or not members:
        raise ParameterError(label, ["members: at least one [[members]] table is needed"])
    problems = [
        f"members[{number}]: {key} = {value!r} is not a number"
        for number, member in enumerate(members)
        for key, value in _settings(member).items()
        if isinstance(value, bool) or not isinstance(value, (int, float))
    ]
    problems += [
        f"members[{number}]: settings is missing"
        for number, member in enumerate(members)
        if not _settings(member)
    ]
    if problems:
        raise ParameterError(label, problems)
    return tuple({key: float(v) for key, v in _settings(member).items()} for member in members)


def _settings(member: Any) -> dict[str, Any]:
    found = member.get("settings") if isinstance(member, dict) else None
    return dict(found) if isinstance(found, dict) else {}


def member_of(
    scenario: str, member: Mapping[str, float], settings: Mapping[str, Any] | None = None
) -> Resolved[Scenario]:
    """Return a scenario under one member's parameters; ``settings`` are laid over them.

    Raises ``ParameterError`` with all problems.
    """
    return load_scenario(scenario, {**member, **(settings or {})})


def ensemble_text(
    members: tuple[dict[str, float], ...], core: tuple[int, ...], tried: int, about: str
) -> str:
    """Return an ensemble as a TOML file that ``load_ensemble`` reads."""
    lines = [f"# {line}".rstrip() for line in about.splitlines()]
    lines += [f"tried = {tried}", ""]
    for member, rows in zip(members, core, strict=True):
        lines += ["[[members]]", f"core_rows = {rows}", "[members.settings]"]
        lines += [f'"{key}" = {value!r}' for key, value in sorted(member.items())]
        lines.append("")
    return "\n".join(lines)
