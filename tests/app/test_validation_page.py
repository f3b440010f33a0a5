"""Validation: nothing runs unasked, every row is there, and what is missed is said."""

import csv
import io
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest
from tests.app.opening import calm, click, opened, query, told

from alssim.app import validating
from alssim.app.pages.validation import AREAS, RESULTS, USES
from alssim.app.study import Study
from alssim.app.text import say, table
from alssim.errors import ParameterError
from alssim.parameters import Upload
from alssim.present import validation_words as words
from alssim.present.data_files import csv_text
from alssim.studies.validation import Validation, load_targets, validate

JUDGED = [one for one in load_targets() if one.use != "reference"]


@pytest.fixture(scope="module")
def found() -> Validation:
    return validate(300)


@pytest.fixture(scope="module")
def page() -> AppTest:
    return click(opened("validation", v="1", n="300"), say("validation.run"))


def test_nothing_runs_unasked_and_the_rule_is_in_sight() -> None:
    at = opened("validation", v="1")
    assert not at.table and not at.get("vega_lite_chart")
    text = told(at)
    assert say("validation.rule_text") in text
    for sentence in words.rule_sentences():
        assert sentence in text


def test_counts_are_those_of_the_command_line(page: AppTest, found: Validation) -> None:
    shown = [one.value for one in page.subheader]
    for tally in (found.core, found.calibration, found.validation):
        assert say("validation.tally", passed=tally.passed, rows=tally.rows) in shown
    assert say("validation.few", people="300") in told(page)


def test_every_row_is_in_the_table_with_its_source(page: AppTest) -> None:
    (shown,) = page.table
    text = shown.value.to_string().replace("\\", "")
    assert len(shown.value) == len(JUDGED)
    for one in JUDGED:
        assert one.id in text


def test_what_is_missed_is_said_farthest_first(page: AppTest, found: Validation) -> None:
    rows = validating.missed(found)
    assert {row.target.id for row in rows} == {r.target.id for r in found.rows if not r.passed}
    far = [abs(row.verdict.distance) for row in rows if row.verdict]
    finite = [one for one in far if one < float("inf")]
    assert finite == sorted(finite, reverse=True)
    assert rows[0].target.quantity in told(page).replace("\\", "")
    at = click(page, say("validation.missed_more"))
    assert query(at, "result") == "missed"
    assert len(at.table[0].value) == len(rows)
    at = calm(at.get("button_group")[1].set_value("all").run())
    assert len(at.table[0].value) == len(JUDGED)


@pytest.mark.parametrize("area", AREAS)
def test_rows_are_filtered(found: Validation, area: str) -> None:
    whole = validating.shown_rows(found, "all", "all", area)
    parts = [validating.shown_rows(found, "all", result, area) for result in RESULTS[1:]]
    assert len(whole) == sum(map(len, parts))
    uses = [validating.shown_rows(found, use, "all", area) for use in USES[2:]]
    assert len(whole) == sum(map(len, uses))
    core = validating.shown_rows(found, "core", "all", area)
    assert all(row.target.is_core for row in core) and len(core) <= len(whole)


def test_every_area_of_the_targets_has_a_name(found: Validation) -> None:
    assert {validating.area_of(row) for row in found.rows} == set(AREAS) - {"all"}
    assert set(table("validation.areas")) == set(AREAS)


def test_filters_are_kept_in_the_link(page: AppTest) -> None:
    at = calm(page.get("button_group")[0].set_value("validation").run())
    at = calm(at.get("button_group")[2].set_value("kng").run())
    assert (query(at, "rows"), query(at, "area")) == ("validation", "kng")
    again = opened("validation", **{name: query(at, name) for name in at.query_params})
    assert not again.table  # a link never runs anything
    again = click(again, say("validation.run"))
    assert again.table[0].value.equals(at.table[0].value)
    at = calm(at.get("button_group")[0].set_value("all").run())
    calm(at.get("button_group")[2].set_value("all").run())


def test_survival_curves_open_on_a_click(page: AppTest) -> None:
    alts = [one.proto.alt for one in page.get("vega_lite_chart")]
    assert len(alts) == 5 and not any("alive" in alt for alt in alts)
    at = click(page, say("validation.curves"))
    alts = [one.proto.alt for one in at.get("vega_lite_chart")]
    assert len(alts) == 7 and all(len(alt) > 60 for alt in alts)
    at = click(at, say("validation.curves_hide"))
    assert len(at.get("vega_lite_chart")) == 5


def test_steps_change_how_many_people_are_followed() -> None:
    at = opened("validation", v="1")
    at = calm(at.button("validation_size_more").click().run())
    assert query(at, "n") == "1000"
    assert query(opened("validation", v="1", n="99999999"), "n") == "20000"


def test_the_file_holds_every_row(found: Validation) -> None:
    rows = list(csv.DictReader(io.StringIO(csv_text(validating.row_columns(found.rows)))))
    assert [row["row"] for row in rows] == [one.id for one in JUDGED]
    assert all(row["citation"] and row["how"] and row["result"] for row in rows)
    passed = sum(row["result"] == "passed" for row in rows)
    assert passed == found.calibration.passed + found.validation.passed


def test_a_changed_value_is_validated_and_a_wrong_one_fails(found: Validation) -> None:
    at = opened("validation", v="1", n="300", set="pace.median=0.2")
    at = click(at, say("validation.run"))
    shown = [one.value for one in at.subheader]
    core = found.core
    assert say("validation.tally", passed=core.passed, rows=core.rows) not in shown
    assert say("validation.fails") in told(at)


def test_a_file_of_ones_own_is_left_out_and_it_is_said() -> None:
    text = 'extends = "reference"\ntitle = "Mine"\n[pace]\nmedian = 0.2\n'
    at = opened("validation", v="1", n="300")
    at.session_state["study"] = Study(given=Upload("mine.toml", text))
    assert say("validation.private") in told(calm(at.run()))


def test_a_statement_and_what_is_not_measured_are_told(found: Validation) -> None:
    (statement, *_) = [row for row in found.rows if row.target.rule == "true"]
    assert "statement" in validating.miss_sentence(statement)
    nothing = replace(statement, measured=None, verdict=None, reason="nobody counts it")
    assert "nobody counts it" in validating.miss_sentence(nothing)
    assert validating.outcome(nothing) == "unmeasured"
    for row in found.rows:
        assert row.target.quantity in validating.miss_sentence(row)


def test_the_same_request_is_computed_once(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    def again(*_: object) -> None:
        raise ParameterError("", ["computed again"])

    monkeypatch.setattr(validating, "judge_all", again)
    at = click(opened("validation", v="1", n="300"), say("validation.run"))
    assert not at.error and at.table
