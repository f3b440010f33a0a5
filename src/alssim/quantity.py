"""Unit, range and meaning of one value: what a reader, a slider and a checker need to know."""

import re
from dataclasses import dataclass, fields, is_dataclass
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from alssim.plain_text import hidden_character

PLAIN = re.compile(r"[\w '-]+")
LARGE, BEYOND = 1e5, 1e19
"""Between these a whole number is printed in digits."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number: its unit, the range it may take and what it means."""

    unit: str
    low: float
    high: float
    meaning: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A word out of a fixed list."""

    options: tuple[str, ...]
    meaning: str


@dataclass(frozen=True, slots=True)
class Text:
    """Words for people, without hidden characters; ``lines``: over several lines if need be.

    ``plain``: letters, digits, spaces and - _ ' alone, as in a name that becomes part of a key.
    """

    meaning: str
    lines: bool = False
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""

    meaning: str


About = Quantity | Choice | Text | Flag


def described(kind: type[Any]) -> dict[str, tuple[Any, About]]:
    """Return the described fields of a dataclass, in order: name -> (type, about).

    Fields without an annotation of this module (nested groups) are left out.
    """
    if not is_dataclass(kind):
        raise TypeError(f"{kind!r} is not a dataclass")
    hints = get_type_hints(kind, include_extras=True)
    found: dict[str, tuple[Any, About]] = {}
    for field in fields(kind):
        hint = hints[field.name]
        if get_origin(hint) is Annotated:
            base, about = get_args(hint)[:2]
            found[field.name] = (base, about)
    return found


def value_problem(about: About, value: object) -> str | None:
    """Say what is wrong with a value, or return None."""
    if isinstance(about, Quantity):
        return _number_problem(about, value)
    if isinstance(about, Choice):
        allowed = ", ".join(about.options)
        return None if value in about.options else f"{value!r} is not one of: {allowed}"
    if isinstance(about, Flag):
        return None if isinstance(value, bool) else f"{value!r} is not true or false"
    return _text_problem(about, value)


def _text_problem(about: Text, value: object) -> str | None:
    if not isinstance(value, str):
        return f"{value!r} is not text"
    if about.plain and not PLAIN.fullmatch(value):
        return f"{value!r} is not a plain name; allowed: letters, digits, spaces and - _ '"
    hidden = hidden_character(value, about.lines)
    if hidden is None:
        return None
    also = ", new lines and tabs" if about.lines else " in one line"
    return f"text with the hidden character {hidden}; allowed: visible characters{also}"


def _number_problem(about: Quantity, value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return f"{value!r} is not a number; allowed: {limits(about)}"
    if not about.low <= value <= about.high:  # also false for not-a-number
        return f"{in_digits(value)} is outside {limits(about)}"
    return None


def limits(about: Quantity) -> str:
    """Print the range of a number with its unit, as in ``1 to 10,000,000 patients``."""
    return f"{in_digits(about.low)} to {in_digits(about.high)} {about.unit}".rstrip()


def in_digits(value: float) -> str:
    """Print a number; a large whole one in digits rather than by a power of ten."""
    whole = LARGE <= abs(value) < BEYOND and float(value).is_integer()
    return f"{int(value):,}" if whole else f"{value:g}"
