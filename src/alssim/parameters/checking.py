"""Say what is wrong with a value or a record; refuse wrong records at birth."""

import math
from datetime import date, time
from typing import Any

from alssim.errors import ParameterError
from alssim.parameters.shape import Group, Part, Rows, Value, shape
from alssim.quantity import Choice, Flag, Quantity, Text, limits, value_problem

LONGEST_SHOWN = 60  # characters of a wrong value that a message repeats


class Checked:
    """Base of parameter records: refuses wrong values at birth and on every copy."""

    __slots__ = ()

    def __post_init__(self) -> None:
        """Raise ``ParameterError`` with every problem of the record."""
        check(self)

    def problems(self) -> list[str]:
        """Say what is wrong between the fields; asked only when each field is right by itself."""
        return []


def check(record: Any) -> None:
    """Raise ``ParameterError`` with every problem of a record; for ``__post_init__``."""
    if found := all_problems(record):
        raise ParameterError(type(record).__name__, found)


def all_problems(record: Any) -> list[str]:
    """List what is wrong with a record: wrong fields, else what its own ``problems()`` says."""
    found = [
        f"{name} = {problem}"
        for name, part in shape(record.__class__).items()
        if (problem := part_problem(part, getattr(record, name)))
    ]
    return found or _own_problems(record)


def part_problem(part: Part, value: object) -> str | None:
    """Say what is wrong with the content of one field, or return None."""
    if isinstance(part, Group):
        return _kind_problem(part.kind, value)
    if isinstance(part, Rows):
        return _rows_problem(part, value)
    if value is None and part.optional:
        return None
    if part.is_list:
        return _list_problem(part, value)
    return single_problem(part, value)


def single_problem(part: Value, value: object) -> str | None:
    """Say what is wrong with one value, type and finiteness before range, or return None."""
    if isinstance(part.about, Quantity) and _is_number(value):
        return _number_problem(part, part.about, value)
    problem = value_problem(part.about, value)
    if isinstance(part.about, Text) and isinstance(value, str):
        return problem
    return f"{shown(value)} is not {_wanted(part)}" if problem else None


def shown(value: object) -> str:
    """Show a value in a message, shortened."""
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, (list, tuple)):
        return "a list"
    if isinstance(value, (date, time)):
        return f"the date or time {value}"
    text = "a very long number" if _is_huge(value) else repr(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 3]}..."


def _own_problems(record: Any) -> list[str]:
    ask = getattr(record, "problems", None)
    return list(ask()) if callable(ask) else []


def _number_problem(part: Value, about: Quantity, value: Any) -> str | None:
    if _is_huge(value) or not math.isfinite(value):
        return f"{shown(value)} is not a finite number; allowed: {limits(about)}"
    if part.base is int and not isinstance(value, int):
        return f"{value!r} is not a whole number; allowed: {limits(about)}"
    return value_problem(about, value)


def _rows_problem(part: Rows, value: object) -> str | None:
    if not isinstance(value, tuple):
        return f"{shown(value)} is not a tuple of type {part.kind.__name__}"
    return next(filter(None, (_kind_problem(part.kind, row) for row in value)), None)


def _kind_problem(kind: type[Any], value: object) -> str | None:
    return None if isinstance(value, kind) else f"{shown(value)} is not of type {kind.__name__}"


def _list_problem(part: Value, value: object) -> str | None:
    if not isinstance(value, tuple):
        return f"{shown(value)} is not a list; wanted: a list, each {_wanted(part)}"
    if part.length not in (-1, len(value)):
        return f"a list of {len(value)} values; wanted: {part.length} values"
    found = (
        f"a list whose item {number} is wrong: {problem}"
        for number, item in enumerate(value, 1)
        if (problem := single_problem(part, item))
    )
    return next(found, None)


def _wanted(part: Value) -> str:
    if isinstance(part.about, Quantity):
        return f"a number; allowed: {limits(part.about)}"
    if isinstance(part.about, Choice):
        return f"one of: {', '.join(part.about.options)}"
    return "true or false" if isinstance(part.about, Flag) else "text"


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_huge(value: object) -> bool:
    return isinstance(value, int) and value.bit_length() > 1000
