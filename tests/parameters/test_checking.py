"""A wrong record cannot be made, nor copied into."""

from dataclasses import dataclass, replace
from typing import Annotated, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.parameters.kinds import Mix, Pace, Play, Sign, Toy, records, toy

from alssim.errors import ParameterError
from alssim.parameters import load_scenario
from alssim.parameters.checking import LONGEST_SHOWN, all_problems
from alssim.parameters.shape import Group, Rows, Value, layout, shape, top_keys
from alssim.quantity import Quantity

LAW = settings(deadline=None, derandomize=True, max_examples=60)


@LAW
@given(records(Play))
def test_what_the_annotations_allow_is_right(record: Play) -> None:
    assert all_problems(record) == []


@LAW
@given(st.floats(allow_nan=True, allow_infinity=True).filter(lambda x: not 0 <= x <= 1))
def test_a_copy_out_of_range_is_refused(value: float) -> None:
    with pytest.raises(ParameterError, match=r"median = .* (outside 0 to 1|not a finite number)"):
        replace(toy().pace, median=value)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("median", True, "True is not a number; allowed: 0 to 1 per month"),
        ("median", "fast", "'fast' is not a number"),
        ("median", None, "None is not a number"),
        ("median", 10**500, "a very long number is not a finite number"),
        ("steps", 2.5, "2.5 is not a whole number; allowed: 1 to 100 steps"),
        ("steps", 3.0, "3.0 is not a whole number"),
        ("steps", -(10**500), "a very long number is not a finite number"),
        ("fast", 1, "1 is not true or false"),
        ("mode", "fly", "'fly' is not one of: walk, run"),
        ("words", 3, "3 is not text"),
        ("words", "a\x1b[31mb", "text with the hidden character U+001B, in 'a\\x1b[31mb'"),
        ("words", "a\r\nb", "allowed: visible characters, new lines and tabs"),
        ("labels", ("a", "b\n"), "item 2 is wrong: text with the hidden character U+000A"),
        ("labels", ("\u202e",), "allowed: visible characters in one line"),
        ("pair", (0.0,), "a list of 1 values; wanted: 2 values"),
        ("pair", (0.0, 2.0), "item 2 is wrong: 2 is outside -1 to 1 ratio"),
        ("pair", 0.5, "0.5 is not a list; wanted: a list, each a number"),
        ("labels", ("a", 1), "item 2 is wrong: 1 is not text"),
        ("limit", 61, "61 is outside 0 to 60 months"),
    ],
)
def test_each_kind_of_wrong_value_is_named(field: str, value: Any, said: str) -> None:
    with pytest.raises(ParameterError) as refused:
        replace(toy().pace, **{field: value})
    assert len(refused.value.problems) == 1
    assert refused.value.problems[0].startswith(f"{field} = ")
    assert said in refused.value.problems[0]


@pytest.mark.parametrize("name", ["![x](https://example.org/x.png)", "<b>", "a.b", "", "a\nb"])
def test_names_that_become_keys_are_plain(name: str) -> None:
    """They are shown as labels, where Markdown would be read."""
    symptom = load_scenario("reference").record.world.symptoms[0]
    assert replace(symptom, name="caída de noche 2").name == "caída de noche 2"
    with pytest.raises(ParameterError, match="is not a plain name; allowed: letters, digits"):
        replace(symptom, name=name)


def test_all_problems_come_at_once() -> None:
    with pytest.raises(ParameterError) as refused:
        Pace(median=7, steps=0, mode="fly")
    assert [problem.split()[0] for problem in refused.value.problems] == ["median", "steps", "mode"]


def test_a_record_says_what_is_wrong_between_its_fields() -> None:
    with pytest.raises(ParameterError, match=r"left and right add to 1\.5, not to 1"):
        replace(toy().mix, left=0.75)
    with pytest.raises(ParameterError) as refused:  # asked only once each field is right
        Mix(left=2, right=0)
    assert refused.value.problems == ["left = 2 is outside 0 to 1 share"]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("mix", 3, "mix = 3 is not of type Mix"),
        ("signs", ("cramp",), "signs = 'cramp' is not of type Sign"),
        ("signs", [], "signs = a list is not a tuple of type Sign"),
    ],
)
def test_groups_and_rows_are_of_their_kind(field: str, value: Any, said: str) -> None:
    with pytest.raises(ParameterError, match=said):
        replace(toy(), **{field: value})


def test_messages_stay_short() -> None:
    found = all_problems(_unchecked(Pace, median="x" * 10_000))
    assert len(found) == 1
    assert len(found[0]) < LONGEST_SHOWN + 80


def test_the_shape_tells_values_groups_and_rows() -> None:
    assert shape(Play)["toy"] == Group(Toy)
    assert shape(Toy)["signs"] == Rows(Sign)
    median = shape(Pace)["median"]
    assert isinstance(median, Value)
    assert (median.base, median.is_list, median.optional) == (float, False, False)


def test_groups_alone_lie_in_place() -> None:
    assert layout(Play)["toy"] == ()
    assert layout(Play)["pace"] == ("pace", "extends")
    assert top_keys(Play) == ("title", "count", "pace", "mix", "signs", "doses", "spare")


def test_a_field_without_description_is_a_mistake_of_the_program() -> None:
    @dataclass
    class Bare:
        size: int

    @dataclass
    class Mixed:
        size: Annotated[int | str, Quantity("m", 0, 1, "either")]

    with pytest.raises(TypeError, match=r"Bare\.size has no description"):
        shape(Bare)
    with pytest.raises(TypeError, match="mixes several types"):
        shape(Mixed)


def _unchecked(kind: type[Any], **given: Any) -> Any:
    record = object.__new__(kind)
    known = {name: getattr(toy().pace, name) for name in shape(kind)} | given
    for name, value in known.items():
        object.__setattr__(record, name, value)
    return record
