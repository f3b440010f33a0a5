"""Larger text: one choice for the whole visit, in the link and on every page."""

from html import escape
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest
from tests.app.opening import SECONDS, calm, click, query

from alssim.app.launch import entry_script
from alssim.app.text import say
from alssim.present.vega_parts import LARGER, SIZED, enlarged

LARGE = "font-size: 125%"


def visited(name: str, **link: str) -> AppTest:
    """Open a page with what stands around it."""

    def draw_page(name: str) -> None:
        from alssim.app.main import draw
        from alssim.app.registry import page
        from alssim.app.text_size import take_size

        take_size()
        draw(name, page(name).show)

    at = AppTest.from_function(draw_page, default_timeout=SECONDS, kwargs={"name": name})
    at.session_state["notice_read"] = True
    for key, value in link.items():
        at.query_params[key] = value
    return calm(at.run())


def style(at: AppTest) -> str:
    return "".join(one.proto.body for one in at.get("html"))


def charts(at: AppTest) -> str:
    return "".join(one.proto.spec for one in at.get("vega_lite_chart"))


def test_a_button_makes_the_text_larger_and_the_link_says_so() -> None:
    at = click(visited("glossary"), say("text_size.large"))
    assert query(at, "text") == "large"
    at = click(at, say("text_size.usual"))
    assert "text" not in at.query_params


def test_a_link_brings_larger_text_to_the_whole_app() -> None:
    at = AppTest.from_file(str(entry_script()), default_timeout=SECONDS)
    at.query_params["text"] = "large"
    at = calm(at.run())
    assert LARGE in style(at)
    assert LARGE not in style(click(at, say("text_size.usual")))


def test_the_list_of_parameters_is_drawn_in_words_where_text_is_larger() -> None:
    """A table on a canvas keeps its own size of text."""
    at = visited("parameters")
    assert at.dataframe
    at = click(at, say("text_size.large"))
    listed = " ".join(one.proto.body for one in at.get("html"))
    assert not at.dataframe and "<dt><b>pace.median</b></dt>" in listed


def test_the_larger_list_shows_the_letters_of_a_source_and_nothing_else() -> None:
    image = "<img src=http://a.org>"
    file = f'[pace]\nmedian = {{ value = 0.08, unit = "per month", source = "{image}" }}'
    at = visited("parameters", v="1", text="large")
    at = calm(at.file_uploader("parameters_file").upload("mine.toml", file.encode()).run())
    listed = " ".join(one.proto.body for one in at.get("html"))
    assert escape(image) in listed and "<img" not in listed


@pytest.mark.parametrize("name", ["cohort", "present"])
def test_a_choice_is_kept_beside_what_a_page_has_chosen(name: str) -> None:
    own = {"n": "30", "by": "sex"} if name == "cohort" else {"deck": "one-course", "step": "1"}
    at = visited(name, v="1", text="large", **own)
    assert {key: query(at, key) for key in own} == own
    assert query(at, "text") == "large"


def test_a_link_that_does_not_say_so_is_of_the_usual_size() -> None:
    assert say("text_size.large") in [one.label for one in visited("about", v="1").button]


def test_an_older_link_to_a_slide_of_the_usual_size_opens() -> None:
    at = visited("present", v="1", deck="one-course", step="1", text="usual")
    assert not at.warning and "text" not in at.query_params


@pytest.mark.parametrize("bad", ["huge", "<script>", "", "9" * 300])
def test_an_unknown_size_is_said_and_left_out(bad: str) -> None:
    at = visited("about", v="1", text=bad)
    assert bool(at.warning) == bool(bad)
    assert "text" not in at.query_params


def test_charts_are_drawn_with_larger_text() -> None:
    usual, large = (
        charts(click(visited("cohort", v="1", n="30", text=size), say("cohort.show")))
        for size in ("usual", "large")
    )
    assert '"labelFontSize": 13' in usual and '"labelFontSize": 16' in large
    assert '"labelFontSize": 13' not in large


specs: st.SearchStrategy[Any] = st.recursive(
    st.integers(0, 400) | st.booleans() | st.text(max_size=3),
    lambda one: (
        st.lists(one, max_size=3)
        | st.dictionaries(st.sampled_from([*SIZED, "data", "mark", "dx"]), one, max_size=4)
    ),
    max_leaves=12,
)


@settings(deadline=None, derandomize=True, max_examples=150)
@given(st.dictionaries(st.sampled_from([*SIZED, "data", "layer", "width"]), specs))
def test_a_chart_with_larger_text_differs_in_sizes_alone(spec: dict[str, Any]) -> None:
    def checked(before: Any, after: Any, name: str = "") -> None:
        if isinstance(before, dict):
            assert list(before) == list(after)
            for key in before:
                if key == "data":
                    assert after[key] == before[key]
                else:
                    checked(before[key], after[key], key)
        elif isinstance(before, list):
            assert len(before) == len(after)
            for one, other in zip(before, after, strict=True):
                checked(one, other)
        elif name in SIZED and isinstance(before, int) and not isinstance(before, bool):
            assert abs(after - LARGER * before) <= 0.5
        else:
            assert after == before

    checked(spec, enlarged(spec))
