"""Build a checked record of any kind from a tree, noting every problem and every origin."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from alssim.errors import ParameterError
from alssim.parameters.checking import all_problems, part_problem, shown, single_problem
from alssim.parameters.merging import MISSING, Leaf, Node, Row, Stray, Table, row_keys
from alssim.parameters.provenance import (
    File,
    Notes,
    Origin,
    Resolved,
    joined,
    nothing_sourced,
    shown_key,
    suggestion,
)
from alssim.parameters.shape import (
    Group,
    Part,
    Rows,
    Value,
    has_default,
    in_place,
    layout,
    shape,
    top_keys,
)
from alssim.quantity import Quantity, Text

T = TypeVar("T")
FAILED = object()
SOURCE = Value(str, Text("where a number comes from", lines=True))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the builder is: the record's kind, its table and the dotted path of the table."""

    kind: type[Any]
    table: Table
    path: str
    notes: Notes

    @property
    def row_source(self) -> str:
        """The text under ``source`` that speaks for all numbers of a row."""
        node = self.table.entries.get("source") if "source" in shape(self.kind) else None
        return node.value if isinstance(node, Leaf) and isinstance(node.value, str) else ""


def build(
    kind: type[T],
    table: Table,
    label: str,
    needs_source: Callable[[type[Any], str], bool] = nothing_sourced,
) -> Resolved[T]:
    """Build a record from a tree.

    ``needs_source`` says, by kind and field, which numbers of a complete file give their source.
    Raises ``ParameterError`` with all problems, each with file and dotted key.
    """
    notes = Notes(needs_source)
    return notes.resolved(assemble(kind, table, "", notes), label)


def assemble(kind: type[T], table: Table, path: str, notes: Notes) -> T | None:
    """Build the record that lies at a path; problems and origins go to the notes."""
    place = _Place(kind, table, path, notes)
    _report_unknown_keys(place)
    parts = {name: _part(place, name, part) for name, part in shape(kind).items()}
    given = {name: value for name, value in parts.items() if value is not MISSING}
    if any(value is FAILED for value in given.values()):
        return None
    record: T | None = _constructed(place, given)
    if record is not None:
        _note_defaults(place, record, parts)
    return record


def _report_unknown_keys(place: _Place) -> None:
    known = top_keys(place.kind)
    for key, node in place.table.entries.items():
        if key not in known:
            hints = [list(known), [] if place.path else _inner_keys(place.kind)]
            place.notes.report_unknown(_file(node, place.table), place.path, key, hints)


def _inner_keys(kind: type[Any]) -> list[str]:
    """List the dotted keys of the values one level down."""
    found: list[str] = []
    for name, part in shape(kind).items():
        if in_place(part):
            found += _inner_keys(part.kind)
        elif isinstance(part, Group):
            found += [joined(name, inner) for inner in shape(part.kind)]
    return found


def _part(place: _Place, name: str, part: Part) -> Any:
    keys = layout(place.kind)[name]
    if isinstance(part, Group) and not keys:
        return _failed_if_none(assemble(part.kind, _inner(place, part), place.path, place.notes))
    node = _found(place.table, keys)
    path = joined(place.path, ".".join(keys))
    if node is None:
        return _absent(place, name, part, path)
    if isinstance(part, Group):
        return _group(place, part, node, path)
    if isinstance(part, Rows):
        return _rows(place, part, node, path)
    return _value(place, name, part, node, path)


def _inner(place: _Place, part: Group) -> Table:
    """Return the part of the table that belongs to a group without a table of its own."""
    inner = place.table.only(*top_keys(part.kind))
    for keys in layout(place.kind).values():
        node = inner.entries.get(keys[0]) if len(keys) > 1 else None
        if isinstance(node, Table):
            inner = inner.put(keys[0], node.without("extends"))
    return inner


def _found(table: Table, keys: tuple[str, ...]) -> Node | None:
    node: Node | None = table
    for key in keys:
        node = node.entries.get(key) if isinstance(node, Table) else None
    return node


def _absent(place: _Place, name: str, part: Part, path: str) -> Any:
    if name in has_default(place.kind):
        return MISSING
    if isinstance(part, Value) and part.optional:
        return None
    place.notes.report(place.table.file, f"{path} is missing")
    return FAILED


def _group(place: _Place, part: Group, node: Node, path: str) -> Any:
    if isinstance(node, Table):
        return _failed_if_none(assemble(part.kind, node, path, place.notes))
    return _fail(place, node, f"{path} must be a table, as in [{path}]")


def _rows(place: _Place, part: Rows, node: Node, path: str) -> Any:
    if isinstance(node, Leaf) and isinstance(node.value, (list, tuple)) and not node.value:
        return ()
    if not isinstance(node, list):
        return _fail(place, node, f"{path} must be a list of tables, as in [[{path}]]")
    keys = row_keys(node)
    built = [
        _row(place, part, row, joined(path, key), keys) for row, key in zip(node, keys, strict=True)
    ]
    return FAILED if any(row is FAILED for row in built) else tuple(built)


def _row(place: _Place, part: Rows, row: Row, path: str, keys: list[str]) -> Any:
    if isinstance(row, Table):
        return _failed_if_none(assemble(part.kind, row, path, place.notes))
    if isinstance(row, Stray):
        outer = path.rpartition(".")[0]
        known = [key for key in keys if key != row.key]
        return _fail(place, row, f"{joined(outer, row.key)} is unknown{suggestion(row.key, known)}")
    return _fail(place, row, f"{path} = {shown(row.value)} is not a table")


def _value(place: _Place, name: str, part: Value, node: Node, path: str) -> Any:
    if not isinstance(node, Leaf):
        return _fail(place, node, f"{path} = {_found_instead(node)} is not a single value")
    value = _converted(part, node.value)
    found = _leaf_problems(place, name, part, node)
    if value is not MISSING and (wrong := part_problem(part, value)):
        found.append(f"= {wrong}")
    for problem in found:
        place.notes.report(node.file, f"{path} {problem}")
    place.notes.origins[path] = Origin(value, _unit(part), _source(place, node), node.file.label)
    return FAILED if found else value


def _leaf_problems(place: _Place, name: str, part: Value, leaf: Leaf) -> list[str]:
    """Say what is wrong with the unit, the source and the keys beside a value."""
    found = [
        f"has an unknown key {shown(key)}{suggestion(key, ['value', 'unit', 'source'])}"
        for key in leaf.unknown
    ]
    if leaf.value is MISSING:
        found.append("has no value")
    if leaf.unit is not None and leaf.unit != _unit(part):
        wanted = f"its unit is {_unit(part)!r}" if _unit(part) else "it has none"
        found.append(f"has the unit {shown(leaf.unit)}; {wanted}")
    if leaf.source is not None and (wrong := single_problem(SOURCE, leaf.source)):
        found.append(f"has a wrong source: {wrong}")
    if isinstance(leaf.source, str) and not leaf.source.strip():
        found.append("has an empty source; leave it out, or say where the number comes from")
    return found + _bare_problems(place, name, part, leaf)


def _bare_problems(place: _Place, name: str, part: Value, leaf: Leaf) -> list[str]:
    """Say what a number of a complete file lacks."""
    asked = leaf.file.complete and place.notes.needs_source(place.kind, name)
    if not asked or place.row_source or not isinstance(part.about, Quantity):
        return []
    lacks = [key for key, given in (("unit", leaf.unit), ("source", leaf.source)) if not given]
    return [f"has no {' and no '.join(lacks)}"] if lacks else []


def _unit(part: Value) -> str:
    return part.about.unit if isinstance(part.about, Quantity) else ""


def _source(place: _Place, leaf: Leaf) -> str:
    if isinstance(leaf.source, str):
        return leaf.source
    row = place.table.entries.get("source")
    if place.row_source and isinstance(row, Leaf) and row.file == leaf.file:
        return place.row_source
    return f"set in {leaf.file.label}"


def _converted(part: Value, value: Any) -> Any:
    """Make lists tuples, whole numbers floats where a float is asked for, and 3.0 the integer 3."""
    if isinstance(value, (list, tuple)):
        return tuple(_converted(part, item) for item in value) if part.is_list else value
    if isinstance(value, bool):
        return value
    if part.base is float and isinstance(value, (int, float)) and abs(value) < 1e300:
        return float(value)
    if part.base is int and isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _constructed(place: _Place, given: dict[str, Any]) -> Any:
    try:
        record = place.kind(**given)
        found = all_problems(record)
    except ParameterError as error:
        record, found = None, error.problems
    for problem in found:
        where = f"{place.path}: " if place.path else ""
        place.notes.report(_blamed(place, problem), f"{where}{problem}")
    return None if found else record


def _blamed(place: _Place, problem: str) -> File:
    """Return the file of the value that a problem names first; else the last that had a say."""
    node = place.table.entries.get(problem.partition(" ")[0].rstrip(":"))
    return node.file if isinstance(node, Leaf) else place.table.file


def _note_defaults(place: _Place, record: Any, parts: dict[str, Any]) -> None:
    for name, value in parts.items():
        part = shape(place.kind)[name]
        if value is MISSING:
            path = joined(place.path, ".".join(layout(place.kind)[name]))
            _note_default(place, part, getattr(record, name), path)


def _note_default(place: _Place, part: Part, value: Any, path: str) -> None:
    if isinstance(part, Value):
        place.notes.origins[path] = Origin(value, _unit(part), "default", "")
    elif isinstance(part, Group):
        for name, inner in shape(part.kind).items():
            _note_default(place, inner, getattr(value, name), joined(path, name))


def _found_instead(node: Node | Stray) -> str:
    if isinstance(node, list):
        return "a list of tables"
    keys = ", ".join(shown_key(key) for key in node.entries) if isinstance(node, Table) else ""
    return f"a table with {keys}, and without value," if keys else "a table"


def _fail(place: _Place, node: Node | Stray, problem: str) -> Any:
    place.notes.report(_file(node, place.table), problem)
    return FAILED


def _failed_if_none(record: Any) -> Any:
    return FAILED if record is None else record


def _file(node: Node | Stray, table: Table) -> File:
    if isinstance(node, list):
        return node[0].file if node else table.file
    return node.file
