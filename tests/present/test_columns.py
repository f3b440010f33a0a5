"""Columns as CSV: numbers with their decimals, words quoted where needed."""

import csv
import io
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alssim.present.columns import Numbers, Table, Words, csv_heading, csv_rows


def as_csv(**columns: Numbers | Words) -> list[list[str]]:
    """Write columns as CSV and read them with the standard reader."""
    raw = csv_heading(tuple(columns)) + csv_rows(Table("made_up", columns))
    return list(csv.reader(io.StringIO(raw.decode(), newline="")))


@settings(deadline=None, derandomize=True)
@given(
    st.lists(st.floats(-1e6, 1e6) | st.just(float("nan")), max_size=20),
    st.integers(0, 6),
)
def test_numbers_are_written_with_their_decimals(values: list[float], decimals: int) -> None:
    column = Numbers(np.array(values, np.float64), decimals)
    _, *found = as_csv(number=column, row=Numbers(np.arange(len(values))))
    for (text, _), value in zip(found, values, strict=True):
        if np.isnan(value):
            assert text == ""
        else:
            assert float(text) == pytest.approx(value, abs=0.5001 * 10**-decimals, rel=0)
            assert len(text.partition(".")[2]) == decimals
            assert text == f"{float(text) + 0.0:.{decimals}f}"
    kept = [None if text == "" else float(text) for text, _ in found]
    assert kept == column.listed()


@settings(deadline=None, derandomize=True)
@given(st.lists(st.integers(-(2**62), 2**63 - 1), max_size=9))
def test_whole_numbers_are_written_whole(values: list[int]) -> None:
    _, *found = as_csv(
        number=Numbers(np.array(values, np.int64)), row=Numbers(np.arange(len(values)))
    )
    assert [int(text) for text, _ in found] == values


ODD_WORDS = ("plain", 'with "quotes"', "a, b", "two\nlines", "ü – 五", "", " space ")


def test_words_are_quoted_where_needed() -> None:
    codes = np.array([0, 1, 2, 3, 4, 5, 6, -1, 0])
    column = Words(codes, ODD_WORDS)
    heading, *found = as_csv(word=column, number=Numbers(codes))
    assert heading == ["word", "number"]
    assert [word for word, _ in found] == [*ODD_WORDS, "", "plain"]
    assert column.listed()[-2] is None


def test_a_table_without_rows_is_empty() -> None:
    none: Any = np.zeros(0)
    assert as_csv(word=Words(none.astype(int), ("a",)), number=Numbers(none, 2)) == [
        ["word", "number"]
    ]
