"""The shape of a parameter record: which fields are values, groups of values or rows of groups."""

from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from functools import wraps
from types import NoneType, UnionType
from typing import Any, TypeGuard, TypeVar, Union, get_args, get_origin, get_type_hints

from alssim.quantity import About, described


@dataclass(frozen=True, slots=True)
class Value:
    """One described value, or a list of such values.

    ``base`` is ``float``, ``int``, ``bool`` or ``str``. ``length`` is None for a single value,
    -1 for a list of any length, else the length of the list.
    """

    base: type[Any]
    about: About
    length: int | None = None
    optional: bool = False

    @property
    def is_list(self) -> bool:
        """Whether the field holds a list of values."""
        return self.length is not None


@dataclass(frozen=True, slots=True)
class Group:
    """A nested record: a table in a file."""

    kind: type[Any]


@dataclass(frozen=True, slots=True)
class Rows:
    """A tuple of records: an array of tables in a file."""

    kind: type[Any]


Part = Value | Group | Rows
R = TypeVar("R")


def _once(work: Callable[[type[Any]], R]) -> Callable[[type[Any]], R]:
    """Keep the answer for each kind of record."""
    known: dict[type[Any], R] = {}

    @wraps(work)
    def remembered(kind: type[Any]) -> R:
        if kind not in known:
            known[kind] = work(kind)
        return known[kind]

    return remembered


@_once
def shape(kind: type[Any]) -> dict[str, Part]:
    """Return what each field of a record holds, in order: name -> part.

    Raises ``TypeError`` for a field that is neither described nor made of records.
    """
    values = described(kind)
    hints = get_type_hints(kind)
    return {
        field.name: _value(*values[field.name])
        if field.name in values
        else _nested(kind, field.name, hints[field.name])
        for field in fields(kind)
    }


@_once
def has_default(kind: type[Any]) -> frozenset[str]:
    """Return the names of the fields that a file may leave out."""
    return frozenset(
        field.name
        for field in fields(kind)
        if field.default is not field.default_factory  # both MISSING: no default
    )


def _value(hint: Any, about: About) -> Value:
    plain, optional = _without_none(hint)
    if get_origin(plain) is not tuple:
        return Value(plain, about, None, optional)
    parts = get_args(plain)
    return Value(parts[0], about, -1 if parts[-1] is Ellipsis else len(parts), optional)


def _without_none(hint: Any) -> tuple[Any, bool]:
    if get_origin(hint) not in (Union, UnionType):
        return hint, False
    rest = [part for part in get_args(hint) if part is not NoneType]
    if len(rest) != 1:
        raise TypeError(f"{hint!r} mixes several types")
    return rest[0], len(rest) < len(get_args(hint))


def _nested(owner: type[Any], name: str, hint: Any) -> Group | Rows:
    if is_dataclass(hint) and isinstance(hint, type):
        return Group(hint)
    if get_origin(hint) is tuple and is_dataclass(get_args(hint)[0]):
        return Rows(get_args(hint)[0])
    raise TypeError(f"{owner.__name__}.{name} has no description and is not made of records")


@_once
def layout(kind: type[Any]) -> dict[str, tuple[str, ...]]:
    """Return where a file keeps each field of a record: name -> keys.

    A record made of groups alone has no table of its own: its groups lie beside the other
    fields (no keys). A value whose name is also that of such a group is the group's ``extends``.
    """
    inner = {name for part in shape(kind).values() if in_place(part) for name in shape(part.kind)}
    return {
        name: () if in_place(part) else (name, "extends") if name in inner else (name,)
        for name, part in shape(kind).items()
    }


def in_place(part: Part) -> TypeGuard[Group]:
    """Whether a group has no table of its own, as it holds no value itself."""
    if not isinstance(part, Group):
        return False
    return not any(isinstance(inner, Value) for inner in shape(part.kind).values())


@_once
def top_keys(kind: type[Any]) -> tuple[str, ...]:
    """Return the keys that the table of a record may hold, in order."""
    keys: dict[str, None] = {}
    for name, part in shape(kind).items():
        inner = top_keys(part.kind) if in_place(part) else (name,)
        keys.update(dict.fromkeys(inner))
    return tuple(keys)


@_once
def kinds_within(kind: type[Any]) -> frozenset[type[Any]]:
    """Return a record's kind and all kinds nested in it."""
    nested = [part.kind for part in shape(kind).values() if not isinstance(part, Value)]
    return frozenset({kind}).union(*map(kinds_within, nested))
