"""Characters that are not seen but steer a terminal or a page: refused, or shown as escapes."""

import json
import sys
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alssim.errors import ParameterError
from alssim.plain_text import hidden_character, json_visible, visible

LAW = settings(deadline=None, derandomize=True, max_examples=100)
ANYTHING = st.text(st.characters(exclude_categories=[]), max_size=200)
EVERY = [chr(code) for code in range(sys.maxunicode + 1)]
STEERING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}  # UAX 9


def test_every_control_character_and_every_turn_of_direction_is_hidden() -> None:
    hidden = {c for c in EVERY if hidden_character(c)}
    controls = {c for c in EVERY if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")}
    turns = {c for c in EVERY if unicodedata.bidirectional(c) in STEERING}
    marks = set("\u061c\u200e\u200f\u200b\ufeff\u00ad\U000e0041")
    assert controls | turns | marks <= hidden
    assert {c for c in EVERY if not hidden_character(c, lines=True)} - set("\n\t") == (
        set(EVERY) - hidden
    )
    assert {c for c in hidden if unicodedata.category(c)[0] in "LMNPS"} == set()


@pytest.mark.parametrize("text", ["", "Zoë", "β-Amyloid, 5 µg", "می‌خواهم", "क्‍ष", "👩‍⚕️", "日本"])
def test_what_people_write_is_welcome(text: str) -> None:
    assert hidden_character(text) is None
    assert visible(text) == text


@LAW
@given(ANYTHING, st.booleans())
def test_what_is_made_visible_hides_nothing_and_stays_as_it_was_else(
    text: str, lines: bool
) -> None:
    shown = visible(text, lines)
    assert hidden_character(shown, lines) is None
    assert visible(shown, lines) == shown
    assert (shown == text) == (hidden_character(text, lines) is None)


@LAW
@given(st.recursive(ANYTHING, lambda inner: st.lists(inner) | st.dictionaries(ANYTHING, inner)))
def test_a_json_document_means_the_same(document: object) -> None:
    shown = json_visible(json.dumps(document, ensure_ascii=False, indent=2))
    assert hidden_character(shown, lines=True) is None
    assert json.loads(shown) == json.loads(json.dumps(document))


def test_an_error_shows_escapes_and_one_problem_a_line() -> None:
    error = ParameterError("a\x1b]0;b\x07.toml", ["x = \u202e1", "two\nlines"])
    assert str(error) == "a\\x1b]0;b\\x07.toml: 2 problems\n  x = \\u202e1\n  two\\nlines"
    assert error.problems == ["x = \\u202e1", "two\\nlines"]
