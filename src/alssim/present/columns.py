"""Columns of a table, and their bytes in a CSV file: made by whole columns, not value by value."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

ByteArray = NDArray[np.uint8]
IntArray = NDArray[np.int64]

EMPTY = np.uint8(0)  # a byte that stands for none; taken out at the end
ZERO, COMMA, NEWLINE, POINT, MINUS = (np.uint8(ord(sign)) for sign in "0,\n.-")


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """Numbers [row]; not-a-number is an empty field. ``decimals`` are kept; 0 makes whole ones."""

    values: NDArray[Any]
    decimals: int = 0

    def __len__(self) -> int:
        return len(self.values)

    def scaled(self) -> IntArray:
        """Return the numbers as whole multiples of the last decimal [row]; 0 where empty."""
        if self.values.dtype.kind != "f":
            return np.asarray(self.values.astype(np.int64) * 10**self.decimals, np.int64)
        known = np.where(self.known(), self.values.astype(np.float64), 0.0)
        return np.asarray(np.rint(known * 10.0**self.decimals), np.int64)

    def known(self) -> NDArray[np.bool_]:
        """Say which fields are not empty [row]."""
        if self.values.dtype.kind != "f":
            return np.ones(len(self.values), np.bool_)
        return np.asarray(np.isfinite(self.values), np.bool_)

    def listed(self) -> list[Any]:
        """Return the numbers as a table shows them; None where empty."""
        shown = self.scaled() / 10**self.decimals if self.decimals else self.scaled()
        known = self.known().tolist()
        return [x if here else None for x, here in zip(shown.tolist(), known, strict=True)]


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """Words out of a list: ``codes`` [row] are places in ``labels``; -1 is an empty field."""

    codes: NDArray[Any]
    labels: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.codes)

    def listed(self) -> list[str | None]:
        """Return the words as a table shows them; None where empty."""
        labels: list[str | None] = [None, *self.labels]
        return [labels[code + 1] for code in self.codes.tolist()]


Column = Numbers | Words


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A name and columns of one length, in order."""

    name: str
    columns: Mapping[str, Column]

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    def listed(self) -> dict[str, list[Any]]:
        """Return every column as a list of what a file shows; None for an empty field."""
        return {name: column.listed() for name, column in self.columns.items()}


def csv_heading(names: tuple[str, ...]) -> bytes:
    """Return the first line of a CSV file."""
    return ",".join(map(_quoted, names)).encode() + b"\n"


def csv_rows(table: Table) -> bytes:
    """Return the rows of a table as CSV in UTF-8, without the heading."""
    fields = [_field(column) for column in table.columns.values()]
    page = np.zeros((len(table), sum(field.shape[1] + 1 for field in fields)), np.uint8)
    end = 0
    for field in fields:
        start, end = end, end + field.shape[1] + 1
        page[:, start : end - 1] = field
        page[:, end - 1] = COMMA
    page[:, -1] = NEWLINE
    return page.tobytes().translate(None, delete=bytes([EMPTY]))


def _field(column: Column) -> ByteArray:
    """Return the bytes of a column [row, byte]; EMPTY where a field is shorter."""
    return _digits(column) if isinstance(column, Numbers) else _letters(column)


def _letters(column: Words) -> ByteArray:
    labels = [b"", *(_quoted(label).replace("\0", "").encode() for label in column.labels)]
    lined_up = np.array(labels)
    taken = lined_up[np.asarray(column.codes, np.int64) + 1]
    page: ByteArray = taken.view(np.uint8).reshape(len(taken), lined_up.itemsize)
    return page


def _digits(column: Numbers) -> ByteArray:
    """Write numbers digit by digit: sign, whole part, point, decimals."""
    scaled, decimals = column.scaled(), column.decimals
    size = np.abs(scaled)
    width = max(len(str(int(size.max(initial=0)))), decimals + 1)
    page = np.zeros((len(size), width + 2), np.uint8)  # one place for the sign, one for the point
    page[:, 0] = np.where(scaled < 0, MINUS, EMPTY)
    for place in range(width):
        power = 10 ** (width - 1 - place)
        digit = (size // power % 10).astype(np.uint8) + ZERO
        leading = width - 1 - place > decimals  # such a zero is left out
        shown = np.where(size >= power, digit, EMPTY) if leading else digit
        page[:, 1 + place + (width - place <= decimals)] = shown
    if decimals:
        page[:, 1 + width - decimals] = POINT
    page[~column.known()] = EMPTY
    return page


def _quoted(text: str) -> str:
    """Quote a text for CSV where that is needed."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow([text])
    return line.getvalue().removesuffix("\n") if text else ""
