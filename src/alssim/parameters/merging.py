"""Parameter files as trees: tables of values that remember their file, laid one over another."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from alssim.parameters.provenance import File

MISSING: Final = object()
LEAF_KEYS = frozenset({"value", "unit", "source"})


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value with the unit and source given beside it; ``unknown`` are further keys."""

    value: object
    file: File
    unit: object = None
    source: object = None
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stray:
    """A change to a row that is not there."""

    key: str
    file: File


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a file; ``file`` is the last one that changed it."""

    file: File
    entries: "Mapping[str, Node]"

    def without(self, *keys: str) -> "Table":
        """Return the table without some keys."""
        return self.only(*(key for key in self.entries if key not in keys))

    def only(self, *keys: str) -> "Table":
        """Return the table with some of its keys alone."""
        return Table(self.file, {key: self.entries[key] for key in keys if key in self.entries})

    def put(self, key: str, node: "Node") -> "Table":
        """Return the table with one entry set."""
        return Table(self.file, {**self.entries, key: node})


Row = Table | Leaf | Stray
Node = Leaf | Table | list[Row]


def tree(data: Mapping[str, Any], file: File) -> Table:
    """Return the tree of a parsed file. ``{value, unit, source}`` is one value."""
    return Table(file, {key: _node(value, file) for key, value in data.items()})


def merge(below: Table, above: Table) -> Table:
    """Lay one table over another: its values replace those below, key by key in every group.

    A list is replaced whole; a table over a list of rows changes the rows it names.
    """
    entries = dict(below.entries)
    for key, node in above.entries.items():
        entries[key] = _laid_over(entries.get(key), node)
    return Table(_last(below.file, above.file) if above.entries else below.file, entries)


def row_keys(rows: list[Row]) -> list[str]:
    """Return the key of each row: its name if no other row has it, else its number from one."""
    return unique_keys([_row_name(row) for row in rows])


def unique_keys(names: list[str]) -> list[str]:
    """Return each name that is given once; for the others (empty: none) their number from one."""
    return [
        name if name and names.count(name) == 1 else str(number)
        for number, name in enumerate(names, 1)
    ]


def _node(value: Any, file: File) -> Node:
    if isinstance(value, Mapping):
        return _leaf(value, file) if _is_leaf(value) else tree(value, file)
    if isinstance(value, (list, tuple)) and any(isinstance(item, Mapping) for item in value):
        return [_row(item, file) for item in value]
    return Leaf(value, file)


def _row(item: Any, file: File) -> Row:
    return tree(item, file) if isinstance(item, Mapping) else Leaf(item, file)


def _is_leaf(data: Mapping[str, Any]) -> bool:
    return "value" in data or (bool(data) and LEAF_KEYS.issuperset(data))


def _leaf(data: Mapping[str, Any], file: File) -> Leaf:
    unknown = tuple(key for key in data if key not in LEAF_KEYS)
    return Leaf(data.get("value", MISSING), file, data.get("unit"), data.get("source"), unknown)


def _laid_over(below: Node | None, above: Node) -> Node:
    if isinstance(above, Table) and isinstance(below, Table):
        return merge(below, above)
    if isinstance(above, Table) and isinstance(below, list):
        return _changed_rows(below, above)
    return above


def _last(below: File, above: File) -> File:
    """Return the file that problems between values are laid to: both, where one is no file."""
    return replace(below, label=f"{below.label} with {above.label}") if above.over else above


def _changed_rows(rows: list[Row], changes: Table) -> list[Row]:
    keys = row_keys(rows)
    found = [changes.entries.get(key) for key in keys]
    changed = [_changed_row(row, change) for row, change in zip(rows, found, strict=True)]
    strays = [Stray(key, changes.file) for key in changes.entries if key not in keys]
    return [*changed, *strays]


def _changed_row(row: Row, change: Node | None) -> Row:
    if change is None:
        return row
    if isinstance(change, list):
        return Leaf([], change[0].file)  # no row can be a list; the checker says so
    return merge(row, change) if isinstance(row, Table) and isinstance(change, Table) else change


def _row_name(row: Row) -> str:
    name = row.entries.get("name") if isinstance(row, Table) else None
    return name.value if isinstance(name, Leaf) and isinstance(name.value, str) else ""


def renamed(table: Table, name: str) -> Table:
    """Return the table with a name, unless it has one."""
    if "name" in table.entries or not name:
        return table
    return table.put("name", Leaf(name, replace(table.file, complete=False)))
