"""The shipped targets: complete, typed twice, with the rule that their interval asks for."""

import math
import re
from collections import Counter
from pathlib import Path

import pytest
from tests.studies.validation.transcription import NUMBERS

from alssim.errors import ParameterError
from alssim.statistics.contrasts import wilson
from alssim.studies.validation.targets import (
    RULES,
    Target,
    load_targets,
    read_targets,
    target,
)

# Counts as the rows' own text gives them: row -> (events, patients).
COUNTS = {
    "EPI-04": (133 + 110 + 280, 231 + 193 + 483),
    "EPI-14": (60, 193),
    "SUR-09": (60, 176),
    "MIT-03": (45, 191),
    "RSP-11": (259, 1260),
    "RSP-14": (134, 1260),
    "RSP-18": (12, 330),
    "SPR-05": (16, 150),
    "SPR-14": (71, 244),
    "TRT-01": (57, 77),
    "TRT-01b": (45, 78),
    "TRT-04": (122, 242),
}


def known(number: float | None) -> float:
    return math.nan if number is None else float(number)


def test_the_second_transcription_agrees() -> None:
    assert {one.id for one in load_targets()} == set(NUMBERS)
    for one in load_targets():
        typed = tuple(map(known, NUMBERS[one.id]))
        assert (one.value, one.lo, one.hi, one.sd) == pytest.approx(typed, abs=0, nan_ok=True), (
            one.id
        )


def test_there_are_as_many_rows_as_published() -> None:
    assert Counter(one.use for one in load_targets()) == {
        "calibration": 67,
        "validation": 49,
        "reference": 35,
    }
    core = [one for one in load_targets() if one.is_core]
    assert len(core) == 42 and {one.use for one in core} == {"calibration"}


@pytest.mark.parametrize("one", load_targets(), ids=lambda one: one.id)
def test_every_row_says_what_it_is(one: Target) -> None:
    for text in ("quantity", "definition", "unit", "population", "citation", "confidence"):
        assert getattr(one, text).strip(), text
    assert math.isnan(one.lo) == math.isnan(one.hi)
    assert math.isnan(one.lo) or one.lo <= one.value <= one.hi


@pytest.mark.parametrize("one", load_targets(), ids=lambda one: one.id)
def test_the_rule_follows_the_interval(one: Target) -> None:
    """One rule for each kind of interval; the exceptions are those that the rule names."""
    assert one.rule == expected_rule(one)


def expected_rule(one: Target) -> str:
    kind = one.interval_type.lower()
    if one.use == "reference":
        return "input"
    if one.unit == "boolean":
        return "true"
    if "over cases" in one.population:
        return "cases"
    if "- upper bound" in one.population:  # of this row's population, not of another cohort's
        return "at_most"
    if kind == "iqr" or "reference range" in kind:
        return "spread"
    if kind == "sd":
        return "mean_and_sd"
    return "near" if math.isnan(one.lo) else "inside"


def test_rows_that_confidence_asks_to_check_say_what_was_found() -> None:
    doubted = [one for one in load_targets() if "confirm" in one.confidence]
    assert len(doubted) == 6
    assert [one.id for one in doubted if not one.note] == []


@pytest.mark.parametrize("name", COUNTS)
def test_computed_intervals_are_those_of_their_counts(name: str) -> None:
    events, patients = COUNTS[name]
    row = target(name)
    assert row.value == pytest.approx(events / patients, abs=0.0095)
    assert (row.lo, row.hi) == pytest.approx(wilson(events / patients, patients, 0.95), abs=0.0025)


def test_numbers_of_patients_come_from_the_rows_own_text() -> None:
    for one in load_targets():
        if one.n and "n:" not in one.note:
            assert re.search(rf"\b{one.n}\b", one.population), one.id


def test_all_rules_are_explained() -> None:
    assert {one.rule for one in load_targets()} == set(RULES)


GOOD = (
    "id,quantity,definition,value,lo,hi,interval_type,sd,se,n,unit,population,citation,"
    "doi_or_pmid,use,tier,confidence,rule,note\n"
    "A-1,q,d,1,,,,,,,months,p,c,,calibration,1,seen,near,\n"
)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("A-1,q,d,1,", "A-1,q,d,,"), "A-1: has no value"),
        (("A-1,q,d,1,", "A-1,q,d,many,"), "could not convert string to float: 'many'"),
        (("near,\n", "nearly,\n"), "rule = 'nearly' is not one of: inside"),
        ((",1,seen", ",first,seen"), "A-1: invalid literal"),
        (("A-1,q", "A-1,q,d,1,,,,,,,months,p,c,,calibration,1,seen,near,\nA-1,q"), "there twice"),
        ((",note\n", ",remark\n"), "A-1: 'note'"),
        (("A-1,q,d,1,,,,,,,months,p,c,,calibration,1,seen,near,\n", ""), "holds no target"),
    ],
)
def test_a_broken_file_is_told(tmp_path: Path, change: tuple[str, str], told: str) -> None:
    file = tmp_path / "targets.csv"
    file.write_text(GOOD.replace(*change), encoding="utf-8")
    with pytest.raises(ParameterError, match=told) as caught:
        read_targets(file)
    assert str(file) in str(caught.value)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="cannot be read: No such file"):
        read_targets(tmp_path / "none.csv")


def test_the_made_up_file_is_good(tmp_path: Path) -> None:
    file = tmp_path / "targets.csv"
    file.write_text(GOOD, encoding="utf-8")
    (one,) = read_targets(file)
    assert (one.id, one.value, one.n, one.rule) == ("A-1", 1.0, 0, "near")
