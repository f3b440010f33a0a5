"""What is written can be read again, says all about each number, and has one digest."""

import random
import tomllib
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.parameters.kinds import TOY, WORDS, Play, Toy, load, read, records, toy, values

from alssim.errors import ParameterError
from alssim.parameters import (
    CARE,
    SCENARIOS,
    TREATMENTS,
    Scenario,
    Treatment,
    Upload,
    World,
    digest,
    dump,
    entries,
    explain,
    file_schema,
    load_care,
    load_scenario,
    load_treatment,
    load_world,
    names,
)
from alssim.parameters.json_schema import json_schema
from alssim.parameters.shape import Value
from alssim.parameters.writing import toml_text, toml_value
from alssim.quantity import Quantity

LAW = settings(deadline=None, derandomize=True, max_examples=60)
WORLD = load_world()
NUMBERS = [entry for entry in entries(WORLD.record) if isinstance(entry.part.about, Quantity)]


def number(value: Any, path: str) -> Any:
    """Find a value by its dotted key."""
    return next(entry.value for entry in entries(value) if entry.path == path)


@LAW
@given(records(Play))
def test_any_record_is_read_again_as_written(record: Play) -> None:
    again = load(Play, read(dump(record)))
    assert again.record == record
    assert digest(again) == digest(record)


@LAW
@given(WORDS)
def test_any_text_is_read_again_as_written(text: str) -> None:
    assert tomllib.loads(f"a = {toml_text(text)}\nb = [{toml_value([text])}]") == {
        "a": text,
        "b": [[text]],
    }


@pytest.mark.parametrize("text", ["word " * 300, "two\nlines " * 100, "  \n\n ", '"""\\', "\x7f\0"])
def test_long_and_odd_texts_are_wrapped(text: str) -> None:
    written = toml_text(text)
    assert tomllib.loads(f"a = {written}") == {"a": text}
    assert max(map(len, written.split("\n"))) < 400


@settings(LAW, max_examples=25)
@given(st.data())
def test_any_allowed_change_of_the_world_survives_writing(data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.sampled_from(NUMBERS), max_size=5, unique_by=lambda e: e.path))
    changes = {entry.path: data.draw(values(entry.part)) for entry in chosen}
    try:
        world = load_world("reference", changes)
    except ParameterError as error:  # shares that do not add, thresholds out of order
        assert not any("outside" in problem for problem in error.problems)
        return
    again = load_world(Upload("again.toml", dump(world)))
    assert again.record == world.record
    assert digest(again) == digest(world)
    assert all(number(again.record, path) == value for path, value in changes.items())


@pytest.mark.parametrize(
    ("kind", "load_it"),
    [(TREATMENTS, load_treatment), (CARE, load_care), (SCENARIOS, load_scenario)],
)
def test_all_that_ships_is_read_again_as_written(kind: str, load_it: Any) -> None:
    for name in names(kind):
        resolved = load_it(name)
        again = load_it(Upload("again.toml", dump(resolved)))
        assert again.record == resolved.record
        kept = {path: origin.source for path, origin in resolved.origins.items()}
        paths = [e.path for e in entries(resolved.record) if isinstance(e.part.about, Quantity)]
        assert [p for p in paths if again.origins[p].source != kept[p]] == []


def test_a_dump_says_value_unit_range_meaning_and_source_of_each_number() -> None:
    lines = dump(load(Toy, read(TOY))).splitlines()
    at = lines.index("# 0 to 1 per month: typical pace")
    assert lines[at + 1] == 'median = { value = 0.1, unit = "per month", source = "a book" }'
    text = dump(WORLD)
    for entry in NUMBERS:
        about, origin = entry.part.about, WORLD.origins[entry.path]
        assert isinstance(about, Quantity)
        assert about.meaning in text.replace("\n# ", " ")
        assert f"# {about.low:g} to {about.high:g} {about.unit}" in text
        assert toml_text(origin.source) in text
    assert max(map(len, text.splitlines())) < 1000


def test_a_changed_record_says_which_sources_no_longer_hold() -> None:
    resolved = load(Toy, read(TOY))
    changed = replace(resolved.record, pace=replace(resolved.record.pace, median=0.25))
    text = dump(changed, resolved.origins)
    assert '{ value = 0.25, unit = "per month", source = "set by the program" }' in text
    assert '{ value = 0.25, unit = "share", source = "a book" }' in text


def test_the_dump_of_a_scenario_needs_no_care_file(tmp_path: Any) -> None:
    (tmp_path / "ours.toml").write_text("title = 'Ours'\n[care]\nniv_acceptance = 0.125")
    (tmp_path / "mine.toml").write_text("care = './ours.toml'")
    scenario = load_scenario(tmp_path / "mine.toml")
    assert scenario.record.world.care.niv_acceptance == 0.125
    assert load_scenario(Upload("again", dump(scenario))).record == scenario.record


def test_the_digest_does_not_depend_on_order_sources_or_words() -> None:
    lines = TOY.split("\n\n")
    random.Random(1).shuffle(lines)
    lines.sort(key=lambda part: "[[" in part)  # rows keep their order: it is part of the content
    rows = [part for part in TOY.split("\n\n") if "[[" in part]
    shuffled = "\n\n".join([part for part in lines if "[[" not in part] + rows)
    other = shuffled.replace('"a book"', '"another book"').replace('"a table"', '"a list"')
    assert other != TOY
    assert digest(load(Toy, read(other))) == digest(toy())
    worded = replace(toy(), pace=replace(toy().pace, words="other words"))
    assert digest(worded) == digest(toy())


def test_the_digest_changes_with_any_number_or_name() -> None:
    some = NUMBERS[::4]
    seen = {digest(WORLD)}
    for entry in some:
        value = entry.value + (1 if entry.part.base is int else 1e-9)
        for change in (value, entry.value - 1e-9):
            try:
                seen.add(digest(load_world("reference", {entry.path: change})))
                break
            except ParameterError:
                continue
    assert len(seen) > 0.95 * len(some)
    assert digest(replace(toy(), signs=toy().signs[:1])) != digest(toy())
    named = replace(toy().signs[0], name="spasm")
    assert digest(replace(toy(), signs=(named, toy().signs[1]))) != digest(toy())


def test_one_number_has_one_digest() -> None:
    zero = replace(toy().pace, median=0)
    assert digest(zero) == digest(replace(zero, median=0.0)) == digest(replace(zero, median=-0.0))
    assert len(digest(zero)) == 64


def test_the_five_facts_of_a_number_are_explained() -> None:
    assert explain(load(Toy, read(TOY)), "pace.median").splitlines() == [
        "pace.median = 0.1 per month",
        "  meaning: typical pace",
        "  range:   0 to 1 per month",
        "  source:  a book",
        "  file:    toy.toml",
    ]
    assert "  options: walk, run" in explain(load(Toy, read(TOY)), "pace.mode").splitlines()
    assert explain(load(Toy, read(TOY)), "pace").startswith(
        "pace: How fast it goes.\n  pace.median"
    )
    assert "signs.cramp.weight = 2 weight" in explain(load(Toy, read(TOY)), "signs")


@pytest.mark.parametrize(
    ("key", "said"),
    [("median", "did you mean pace.median?"), ("pace.medain", "did you mean pace.median"),
     ("\n", "is unknown"), ("", "is unknown")],
)  # fmt: skip
def test_an_unknown_key_is_answered_with_close_ones(key: str, said: str) -> None:
    with pytest.raises(ParameterError, match="unknown") as refused:
        explain(WORLD, key)
    assert said in str(refused.value)


def test_the_schema_allows_what_ships_and_refuses_what_is_wrong() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    for kind, resolved in (
        (World, WORLD),
        (Treatment, load_treatment("riluzole-like")),
        (Scenario, load_scenario("two-approved-drugs")),
    ):
        schema = file_schema(kind)
        check = jsonschema.Draft202012Validator(schema)
        check.check_schema(schema)
        assert list(check.iter_errors(tomllib.loads(dump(resolved)))) == []
        assert not check.is_valid({"nonsense": 1})
    check = jsonschema.Draft202012Validator(file_schema(Scenario))
    assert check.is_valid({"extends": "reference", "care": "full", "arms": ["untreated"]})
    assert check.is_valid({"care": {"extends": "full", "niv_acceptance": 0.5}})
    for wrong in ({"patients": 0}, {"pace": {"median": 9}}, {"care": {"niv_acceptance": True}},
                  {"pace": {"median": {"value": 0.1, "unit": "per year"}}}):  # fmt: skip
        assert not check.is_valid(wrong)


def test_the_schema_of_a_complete_file_asks_for_all_that_has_no_default() -> None:
    schema = json_schema(Play, complete=True)
    assert schema["required"] == ["title", "pace", "mix", "signs"]
    pair = schema["properties"]["pace"]["anyOf"][1]["properties"]["pair"]["anyOf"][0]
    assert (pair["minItems"], pair["maxItems"]) == (2, 2)
    assert schema["properties"]["spare"]["properties"]["size"]["description"] == "its size (share)"


def test_each_number_is_walked_once() -> None:
    paths = [entry.path for entry in entries(WORLD.record)]
    assert len(set(paths)) == len(paths)
    assert set(paths) == set(WORLD.origins)
    assert all(isinstance(entry.part, Value) for entry in entries(WORLD.record))
