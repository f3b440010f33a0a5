"""A class code and a number give each student virtual people of their own.

The teacher says one code to the class and gives everybody a number; names are not needed. The
seeds of a student are the first two words of the stream of patient ``number`` under the seed
``int("1" + code, 36)`` for the purpose "class code" (``alssim.randomness``), each cut to its 31
highest bits. So they need no list, are the same on every machine, and differ between codes and
between numbers.
"""

import re
from dataclasses import dataclass

from alssim.errors import UsageError
from alssim.present.lessons import Seeds
from alssim.randomness import words

CODE = re.compile(r"[A-Z0-9]{3,10}")
LAST_NUMBER = 9999
_IGNORED = re.compile(r"[\s-]+")
_SHIFT = 33  # of 64 bits: 31 are left


@dataclass(frozen=True, slots=True)
class Member:
    """A student: the code of the class and the number given out in it, 1 to ``LAST_NUMBER``."""

    code: str
    number: int

    @property
    def seeds(self) -> Seeds:
        """The seeds of the student's people and of their fate."""
        raw = words(int(f"1{self.code}", 36), [self.number], "class code", 2)[0]
        people, fate = (int(word) >> _SHIFT for word in raw)
        return people, fate


def member(code: str, number: object) -> Member:
    """Return the student with a typed code and number.

    Small letters, spaces and hyphens in the code do not matter. Raises ``UsageError``.
    """
    whole = isinstance(number, int) and not isinstance(number, bool)
    if not (whole and isinstance(number, int) and 1 <= number <= LAST_NUMBER):
        raise UsageError(f"the number must be a whole number from 1 to {LAST_NUMBER}")
    return Member(class_code(code), number)


def class_code(text: str) -> str:
    """Return a typed class code in capital letters. Raises ``UsageError``."""
    found = _IGNORED.sub("", text[:100]).upper()
    if not CODE.fullmatch(found):
        raise UsageError("a class code has 3 to 10 letters (A to Z) and digits, such as BIO7")
    return found
