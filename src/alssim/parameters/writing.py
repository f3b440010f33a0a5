"""Write a resolved record as a TOML file that says all about each number; digest its content."""

import hashlib
import json
import re
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from alssim.parameters.provenance import Origin, Resolved, joined
from alssim.parameters.shape import Group, Rows, Value, in_place, layout, shape
from alssim.parameters.walking import Entry, entries, keyed_rows
from alssim.quantity import Choice, Quantity, Text, limits

BY_PROGRAM = "set by the program"
LONGEST = 300  # characters of a text on one line


def dump(resolved: Any, origins: Mapping[str, Origin] | None = None) -> str:
    """Return a TOML file of everything that was resolved: value, unit, range, meaning and source.

    Loading it gives an equal record. A comment above each value says its range and meaning.
    A bare record is welcome too; ``origins`` then tells of the values that are still as loaded.
    """
    if isinstance(resolved, Resolved):
        return dump(resolved.record, resolved.origins)
    title = f"{type(resolved).__name__} {getattr(resolved, 'name', '')}".strip()
    head = [f"# {_plain_line(title)}: every value that is used, none left to other files", ""]
    return "\n".join([*head, *_Writer(origins or {}).record(resolved)]).rstrip() + "\n"


def digest(record: Any) -> str:
    """Return the SHA-256 digest (hexadecimal) of the values of a record, or of a resolved one.

    Words for people, sources and the order of files do not enter; names, numbers and choices do.
    """
    inner = record.record if isinstance(record, Resolved) else record
    content = {entry.path: _canonical(entry.part, entry.value) for entry in _counted(inner)}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def toml_text(text: str) -> str:
    """Return a TOML string of any text; a long one is wrapped over several lines."""
    if len(text) <= LONGEST and "\n" not in text:
        return f'"{_escaped(text)}"'
    return f'"""\n{"".join(_wrapped(text))}"""'


def toml_value(value: Any) -> str:
    """Return a TOML value: a number, true or false, a text or a list of these."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, str):
        return toml_text(value)
    return f"[{', '.join(map(toml_value, value))}]"


@dataclass(slots=True)
class _Writer:
    """Writes records; what has been explained once in a list of rows is not explained again."""

    origins: Mapping[str, Origin]
    explained: set[tuple[type[Any], str]] = field(default_factory=set)

    def record(self, record: Any, path: str = "", table: str = "") -> Iterator[str]:
        """Yield the lines of a record: its own values, then its groups, then its rows."""
        yield from self._values(record, path)
        for kind in (Group, Rows):
            for name, part in shape(type(record)).items():
                if isinstance(part, kind):
                    yield from self._nested(record, name, part, path, table)

    def _values(self, record: Any, path: str) -> Iterator[str]:
        for name, part in shape(type(record)).items():
            keys = layout(type(record))[name]
            if isinstance(part, Value) and len(keys) == 1:
                entry = Entry(joined(path, name), type(record), name, part, getattr(record, name))
                yield from self._value(entry, record)
        yield from (f"{name} = []" for name in _empty_rows(record))
        yield ""

    def _nested(self, record: Any, name: str, part: Any, path: str, table: str) -> Iterator[str]:
        value = getattr(record, name)
        if in_place(part):
            yield from self._in_place(record, value, path, table)
        elif isinstance(part, Group):
            yield f"[{joined(table, name)}]"
            yield from self.record(value, joined(path, name), joined(table, name))
        else:
            yield from self._rows(value, joined(path, name), joined(table, name))

    def _in_place(self, record: Any, inner: Any, path: str, table: str) -> Iterator[str]:
        """Write groups that lie beside the values of ``record``, each after what it extends."""
        kind = type(record)
        extended = {keys[0]: name for name, keys in layout(kind).items() if len(keys) > 1}
        for name, part in shape(type(inner)).items():
            lines = self._nested(inner, name, part, path, table)
            yield next(lines, "")
            if name in extended:
                yield f"extends = {toml_text(getattr(record, extended[name]))}"
            yield from lines

    def _rows(self, rows: tuple[Any, ...], path: str, table: str) -> Iterator[str]:
        for key, row in keyed_rows(rows):
            yield f"[[{table}]]"
            yield from self.record(row, joined(path, key), table)

    def _value(self, entry: Entry, record: Any) -> Iterator[str]:
        if (entry.kind, entry.name) not in self.explained:
            self.explained.add((entry.kind, entry.name))
            yield from _comment(entry.part)
        if entry.value is not None:
            yield f"{entry.name} = {self._with_source(entry, record)}"

    def _with_source(self, entry: Entry, record: Any) -> str:
        value, about = toml_value(entry.value), entry.part.about
        if isinstance(about, Text):
            return value
        unit = f", unit = {toml_text(about.unit)}" if isinstance(about, Quantity) else ""
        origin = self.origins.get(entry.path)
        source = origin.source if origin and origin.value == entry.value else BY_PROGRAM
        if source and source != getattr(record, "source", None):
            return f"{{ value = {value}{unit}, source = {toml_text(source)} }}"
        return f"{{ value = {value}{unit} }}" if unit else value


def _empty_rows(record: Any) -> Iterator[str]:
    """Yield the names of the lists without a row; a file gives them before its tables."""
    for name, part in shape(type(record)).items():
        if isinstance(part, Rows) and not getattr(record, name):
            yield name
        elif in_place(part):
            yield from _empty_rows(getattr(record, name))


def _comment(part: Value) -> list[str]:
    """Return range or options, and meaning, as lines of comment."""
    about = part.about
    text = about.meaning
    if isinstance(about, Quantity):
        text = f"{limits(about)}: {text}"
    elif isinstance(about, Choice):
        text = f"{', '.join(about.options)}: {text}"
    return textwrap.wrap(text, 100, initial_indent="# ", subsequent_indent="# ")


def _plain_line(text: str) -> str:
    return re.sub(r"[^\x20-\x7e]", "?", text)


def _counted(record: Any) -> Iterator[Entry]:
    for entry in entries(record):
        if not isinstance(entry.part.about, Text) or entry.name == "name":
            yield entry


def _canonical(part: Value, value: Any) -> Any:
    if isinstance(value, tuple):
        return [_canonical(part, item) for item in value]
    if part.base is float and value is not None:
        return float(value) + 0.0  # -0.0 and 0.0 are one number
    return value


def _escaped(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1].replace("\x7f", "\\u007f")


def _wrapped(text: str) -> Iterator[str]:
    """Yield the lines of a multi-line string; a backslash at the end joins a line to the next."""
    for line in re.findall(r"[^\n]*\n|[^\n]+", text):
        pieces = _pieces(line.removesuffix("\n"))
        yield "\\\n".join(_escaped(piece) for piece in pieces)
        yield "\n" if line.endswith("\n") else ""


def _pieces(line: str) -> list[str]:
    """Cut a line before words so that each piece has about ``LONGEST`` characters."""
    pieces = [""]
    for word in re.findall(r"\S*\s*", line):
        if len(pieces[-1]) + len(word) > LONGEST and pieces[-1].endswith(" "):
            pieces.append("")
        pieces[-1] += word
    return pieces
