"""The words of the command line, and how they are printed."""

import json
import math
import shutil
import textwrap
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from alssim.plain_text import json_visible, visible

WIDEST = 100


@cache
def words() -> Mapping[str, Any]:
    """Return all texts; not to be changed."""
    return tomllib.loads(files("alssim.cli").joinpath("text.toml").read_text("utf-8"))


def at(key: str) -> Any:
    """Return what stands at a dotted key: a text, a list or a table."""
    found: Any = words()
    for part in key.split("."):
        found = found[part]
    return found


def say(key: str, **values: object) -> str:
    """Return the text at a dotted key with its {names} filled in."""
    return str(at(key)).format(**values)


def tell(text: str = "", indent: str = "", hanging: str | None = None) -> None:
    """Print a text, wrapped to the width of the terminal; hidden characters as escapes."""
    width = min(shutil.get_terminal_size((WIDEST, 24)).columns, WIDEST)
    rest = indent if hanging is None else hanging
    for line in visible(text, lines=True).splitlines() or [""]:
        wrapped = textwrap.wrap(
            line,
            max(width, 40),
            initial_indent=indent,
            subsequent_indent=rest,
            break_on_hyphens=False,
        )
        print("\n".join(wrapped))


def tell_table(rows: Iterable[Sequence[str]], indent: str = "  ") -> None:
    """Print rows of cells lined up: the first column to the left, the others to the right."""
    cells = [[visible(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for first, *others in cells:
        right = (cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))
        print(f"{indent}{'  '.join([first.ljust(widths[0]), *right])}".rstrip())


def tell_json(document: Any) -> None:
    """Print one JSON document; what is not known is null."""
    text = json.dumps(plain(document), indent=2, ensure_ascii=False, allow_nan=False)
    print(json_visible(text))


def plain(value: Any) -> Any:
    """Return a value as JSON knows it; not-a-number and infinity become None."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)
