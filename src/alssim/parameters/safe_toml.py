"""Parse TOML from people we do not know: bounded size, line length, nesting and number of values.

The standard parser needs seconds and gigabytes for one long dotted key, and stops with a
``RecursionError`` on deep nesting; both are refused here before or while parsing. Numbers that
are not finite, and dates, are left to the checker, which knows their key.
"""

import tomllib
from dataclasses import dataclass
from typing import Any

from alssim.errors import ParameterError


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a file may be: bytes, characters in a line, values, depth of nesting."""

    size: int = 64 * 1024
    line: int = 1000
    lines: int = 4000
    dots: int = 16
    leaves: int = 4000
    depth: int = 8


OWN = Limits(size=256 * 1024, line=2000, lines=8000)
UPLOAD = Limits()


def parse(raw: bytes, label: str, limits: Limits = UPLOAD) -> dict[str, Any]:
    """Return the tables of a TOML file.

    ``label`` names the file in messages. Raises ``ParameterError`` if the file is not UTF-8
    text, not TOML, or larger or deeper than ``limits`` allows.
    """
    text = _decoded(raw, label, limits)
    _check_lines(text, label, limits)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _refusal(label, f"not valid TOML: {error}") from None
    except (RecursionError, ValueError):
        raise _refusal(label, "nested too deeply, or holds a number that is too long") from None
    _check_nesting(data, label, limits)
    return data


def _decoded(raw: bytes, label: str, limits: Limits) -> str:
    if len(raw) > limits.size:
        raise _refusal(label, f"larger than {limits.size // 1024} KB")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refusal(label, "not UTF-8 text") from None


def _check_lines(text: str, label: str, limits: Limits) -> None:
    lines = text.split("\n")
    if len(lines) > limits.lines:
        raise _refusal(label, f"more than {limits.lines} lines")
    for number, line in enumerate(lines, 1):
        if len(line) > limits.line:
            raise _refusal(label, f"line {number} is longer than {limits.line} characters")
        if line.split("#")[0].split("=")[0].count(".") > limits.dots and "=" in line:
            raise _refusal(label, f"line {number} has a key of too many parts")


def _check_nesting(data: dict[str, Any], label: str, limits: Limits) -> None:
    found = 0
    waiting: list[tuple[Any, int]] = [(data, 0)]
    while waiting:
        node, depth = waiting.pop()
        found += 1
        if found > limits.leaves:
            raise _refusal(label, f"more than {limits.leaves} values")
        if depth > limits.depth:
            raise _refusal(label, "nested too deeply")
        inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
        waiting.extend((item, depth + 1) for item in inner)


def _refusal(label: str, problem: str) -> ParameterError:
    return ParameterError(label, [f"{label}: {problem}"])
