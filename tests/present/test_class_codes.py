"""A code and a number give seeds: always the same, never those of somebody else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alssim.errors import UsageError
from alssim.present.class_codes import LAST_NUMBER, Member, class_code, member

CODES = st.from_regex("[A-Z0-9]{3,10}", fullmatch=True)
NUMBERS = st.integers(1, LAST_NUMBER)


@given(CODES, NUMBERS)
def test_seeds_are_those_of_a_scenario_and_always_the_same(code: str, number: int) -> None:
    seeds = Member(code, number).seeds
    assert seeds == member(f" {code[:2].lower()}-{code[2:]} ", number).seeds
    assert all(0 <= seed < 2**31 for seed in seeds)


def test_the_seeds_of_a_class_are_written_down() -> None:
    assert member("BIO7", 1).seeds == (1724836693, 854769138)
    assert member("BIO7", 2).seeds == (1587645956, 592828604)


def test_nobody_has_the_people_of_somebody_else() -> None:
    # 3 x 2000 pairs of 31-bit seeds: two alike by chance in 4 of 10**12 drawings
    seeds = [Member(code, n).seeds for code in ("BIO7", "BIO8", "0BIO7") for n in range(1, 2001)]
    assert len(set(seeds)) == len(seeds)


@pytest.mark.parametrize("code", ["", "AB", "A" * 11, "BIO_7", "BÍO7", "٣٣٣", "<b>", "x" * 10**6])
def test_codes_that_are_none(code: str) -> None:
    with pytest.raises(UsageError, match="3 to 10 letters"):
        class_code(code)


@pytest.mark.parametrize("number", [0, -1, 10_000, 1.0, True, "1", None])
def test_numbers_that_are_none(number: object) -> None:
    with pytest.raises(UsageError, match="from 1 to 9999"):
        member("BIO7", number)
