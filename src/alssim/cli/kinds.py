"""Which kind of file the project reads this is, and what is wrong with it."""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alssim.cli.text import at, say
from alssim.errors import ParameterError
from alssim.parameters import load_any
from alssim.parameters.safe_toml import parse
from alssim.parameters.schema import Scenario
from alssim.parameters.shape import top_keys
from alssim.present.answer_files import read_answers
from alssim.present.claims import read_claims
from alssim.present.decks import read_deck
from alssim.present.lessons import read_lesson
from alssim.studies.calibration.plan import load_plan
from alssim.studies.ensemble import LIMITS, load_ensemble
from alssim.studies.validation.designs import load_designs
from alssim.studies.validation.targets import read_targets

Data = Mapping[str, Any]
CALIBRATION_KEYS = {"free", "weights", "rounds", "draws"}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file beside those of parameters: how it is told by its keys, what reads it."""

    name: str
    tells: Callable[[Data], bool]
    read: Callable[[str], object]


def check_file(file: str) -> str:
    """Return the kind of a file, in words.

    Raises ``ParameterError`` with all problems of the file.
    """
    path = Path(file)
    if path.suffix.lower() == ".csv" and path.is_file():
        _read_csv(path)
        return say("kinds.Targets")
    data = _keys_of(path)
    kind = next((one for one in KINDS if one.tells(data)), None)
    if kind is not None:
        kind.read(file)
        return say(f"kinds.{kind.name}")
    try:
        return say(f"kinds.{type(load_any(file).record).__name__}")
    except ParameterError as error:
        strange = bool(data) and not set(data) & {*top_keys(Scenario), "extends"}
        hint = [say("check.strange", kinds=", ".join(at("kinds").values()))] if strange else []
        raise ParameterError(error.source, [*error.problems, *hint]) from None


def _keys_of(path: Path) -> Data:
    """Return what a file holds; nothing where it cannot be read, which its reader will say."""
    try:
        return parse(path.read_bytes(), str(path), LIMITS)
    except (OSError, ValueError):  # ParameterError is a ValueError
        return {}


def _read_csv(path: Path) -> None:
    with path.open(encoding="utf-8", errors="replace", newline="") as lines:
        heading = next(csv.reader(lines), [])
    if "id" not in heading or "use" not in heading:
        raise ParameterError(str(path), [say("check.no_targets", file=path)])
    read_targets(path)


def _is_lesson(data: Data) -> bool:
    steps = data.get("steps")
    rows = [row for row in steps if isinstance(row, dict)] if isinstance(steps, list) else []
    return bool(rows) and ("number" in data or any("questions" in row for row in rows))


def _raw(file: str) -> bytes:
    return Path(file).read_bytes()


KINDS = (
    Kind("Ensemble", lambda data: isinstance(data.get("members"), list), load_ensemble),
    Kind("Plan", lambda data: len(CALIBRATION_KEYS & set(data)) > 1, load_plan),
    Kind("Designs", lambda data: "thresholds" in data, load_designs),
    Kind("Lesson", _is_lesson, lambda file: read_lesson(_raw(file), Path(file).name)),
    Kind("Deck", lambda data: "steps" in data, lambda file: read_deck(_raw(file), file)),
    Kind("Answers", lambda data: "answers" in data, lambda file: read_answers(_raw(file), file)),
    Kind("Claims", lambda data: "claims" in data, lambda file: read_claims(_raw(file), file)),
)
