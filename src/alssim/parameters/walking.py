"""Walk through a record: each of its values with its dotted key, in the order of the file."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from alssim.parameters.merging import unique_keys
from alssim.parameters.provenance import joined
from alssim.parameters.shape import Group, Rows, Value, layout, shape


@dataclass(frozen=True, slots=True)
class Entry:
    """One value of a record: its dotted key, the record's kind, the field and what it is about."""

    path: str
    kind: type[Any]
    name: str
    part: Value
    value: Any


def entries(record: Any, path: str = "") -> Iterator[Entry]:
    """Yield every value of a record and of the records in it."""
    kind = type(record)
    for name, part in shape(kind).items():
        value = getattr(record, name)
        inner = joined(path, ".".join(layout(kind)[name])) if layout(kind)[name] else path
        if isinstance(part, Value):
            yield Entry(inner, kind, name, part, value)
        elif isinstance(part, Group):
            yield from entries(value, inner)
        else:
            for key, row in keyed_rows(value):
                yield from entries(row, joined(inner, key))


def keyed_rows(rows: tuple[Any, ...]) -> list[tuple[str, Any]]:
    """Pair each row with its key: its name if that is unique, else its number from one."""
    return list(zip(unique_keys([getattr(row, "name", "") for row in rows]), rows, strict=True))


def groups(kind: type[Any], path: str = "") -> dict[str, type[Any]]:
    """Return the dotted key of each group and list of rows of a record -> kind of record in it."""
    found: dict[str, type[Any]] = {}
    for name, part in shape(kind).items():
        if isinstance(part, (Group, Rows)):
            inner = joined(path, name) if layout(kind)[name] else path
            found |= {inner: part.kind} if inner != path else {}
            found |= groups(part.kind, inner) if isinstance(part, Group) else {}
    return found
