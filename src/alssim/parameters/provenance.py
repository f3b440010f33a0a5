"""Where each value comes from: the file that set it and the source it gives."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from alssim.errors import ParameterError

T = TypeVar("T")
MOST_LISTED = 40  # known words that a message lists in full
MOST_PROBLEMS = 200  # more than a reader can use; a hostile file could cause thousands


@dataclass(frozen=True, slots=True)
class File:
    """A file of parameters, as messages name it.

    ``folder`` is where its relative paths start; None (an upload) allows names alone. In a
    ``complete`` file, which extends no other, each number of a world gives its unit and source.
    ``over``: no file, but changes that are laid over one for a run.
    """

    label: str
    name: str = ""
    folder: Path | None = None
    path: Path | None = None
    complete: bool = False
    over: bool = False


@dataclass(frozen=True, slots=True)
class Origin:
    """One value of a resolved record: what it is, why, and which file set it."""

    value: object
    unit: str
    source: str
    file: str


@dataclass(frozen=True, slots=True)
class Resolved(Generic[T]):
    """A checked record with the origin of each of its values.

    ``origins`` maps dotted keys, as in ``pace.median`` or ``symptoms.fatigue.share``, to origins.
    A row without a name is counted from one: ``effects.1.size``.
    """

    record: T
    origins: Mapping[str, Origin]
    label: str


def nothing_sourced(kind: type[Any], name: str) -> bool:
    """Ask no source of any number."""
    return False


@dataclass(slots=True)
class Notes:
    """What a reading collects: all problems, and the origin of each value."""

    needs_source: Callable[[type[Any], str], bool] = nothing_sourced
    problems: list[str] = field(default_factory=list)
    origins: dict[str, Origin] = field(default_factory=dict)

    def report(self, file: File, problem: str) -> None:
        """Note a problem in a file."""
        self.problems.append(f"{file.label}: {problem}")

    def report_unknown(self, file: File, path: str, key: str, known: list[list[str]]) -> None:
        """Note an unknown key, with the likely one; suggestions stop when problems abound.

        ``known`` are the keys allowed there, and then those that lie elsewhere.
        """
        hint = suggestion(key, *known) if len(self.problems) < MOST_PROBLEMS else ""
        self.report(file, f"{joined(path, shown_key(key))} is unknown{hint}")

    def adopt(self, error: ParameterError) -> None:
        """Take over the problems of another reading."""
        self.problems.extend(error.problems)

    def resolved(self, record: T | None, label: str) -> Resolved[T]:
        """Return the record with its origins, or raise ``ParameterError`` with all problems."""
        if self.problems or record is None:
            raise ParameterError(label, _shortened(self.problems))
        return Resolved(record, MappingProxyType(dict(self.origins)), label)


def suggestion(word: str, known: list[str], further: list[str] | None = None) -> str:
    """Return ``; did you mean …?`` with the closest known words, else a short list of them all."""
    every = [*known, *(further or [])]
    ends = [name for name in every if name.rpartition(".")[2] == word]
    if close := ends[:3] or get_close_matches(word[:80], every, n=3, cutoff=0.6):
        return f"; did you mean {' or '.join(close)}?"
    return f"; known: {', '.join(known)}" if 0 < len(known) <= MOST_LISTED else ""


def joined(path: str, key: str) -> str:
    """Return the dotted path of a key."""
    return f"{path}.{key}" if path else key


def shown_key(key: str) -> str:
    """Show a key in a message: plain if it is a short, plain word, else quoted and shortened."""
    plain = key.replace("_", "").replace("-", "").isalnum() and key.isascii()
    return key if plain and len(key) <= 60 else repr(key[:60])


def _shortened(problems: list[str]) -> list[str]:
    unique = list(dict.fromkeys(problems))
    rest = len(unique) - MOST_PROBLEMS
    return unique if rest <= 0 else [*unique[:MOST_PROBLEMS], f"and {rest} further problems"]
