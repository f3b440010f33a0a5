"""Slides in a real browser: arrow keys, a clicker, full screen, live figures and the hand-out."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.browser.looking import fits, keep, nothing_serious
from tests.browser.serving import Served
from tests.browser.test_pages import DESKTOP, PHONE, SLIDER, Open, month_is, settle, visitor

DECK = "present?v=1&deck=same-person-twice"


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def visit(request: pytest.FixtureRequest, contexts: Any, served: Served) -> Iterator[Open]:
    """Open pages at the width of a desktop and of a phone."""
    with visitor(contexts(request.param), served) as opened:
        yield opened


def heading(page: Any, words: str) -> None:
    """Wait for the heading of a slide."""
    page.get_by_role("heading", level=1, name=words).wait_for()
    settle(page)


def slide(page: Any, words: str) -> None:
    """Wait for a slide that hears keys: it names its button when it begins to listen."""
    heading(page, words)
    page.get_by_role("button", name="Full screen").wait_for()


def test_the_keyboard_alone_gives_the_talk(contexts: Any, served: Served) -> None:
    with visitor(contexts(DESKTOP), served) as visit:
        page = visit(DECK)
        page.keyboard.press("ArrowRight")
        slide(page, "The comparison that cannot be made")
        assert not page.get_by_test_id("stHeader").is_visible()
        page.wait_for_url(re.compile("step=1"))
        page.keyboard.press("PageDown")
        slide(page, "In a simulation it can")
        page.keyboard.press("n")
        page.get_by_role("heading", name="Speaker notes").wait_for()
        page.keyboard.press("ArrowLeft")
        slide(page, "The comparison that cannot be made")
        page.keyboard.press("PageUp")
        heading(page, "The same person, twice")
        page.keyboard.press("PageDown")  # the cover has no clicker
        settle(page)
        heading(page, "The same person, twice")


def test_clicks_give_the_talk_and_run_what_is_live(visit: Open) -> None:
    page = visit(f"{DECK}&step=1")
    page.get_by_role("button", name="Next").click()
    heading(page, "In a simulation it can")
    assert page.locator('[role="graphics-document"]').count() == 0
    page.get_by_role("button", name="Live both lives").click()
    page.get_by_role("heading", name=re.compile("with and without")).wait_for()
    page.locator('[role="graphics-document"][aria-label^="ALSFRS-R"]').wait_for()
    settle(page)
    fits(page)
    nothing_serious(page)
    keep(page, "present-live")
    again = visit(page.url.partition("/present")[2].join(["present", ""]))
    heading(again, "In a simulation it can")
    again.get_by_role("button", name="Larger text").click()
    again.wait_for_url(re.compile("text=large"))
    fits(again)
    again.get_by_role("button", name="Close").click()
    heading(again, "The same person, twice")


def test_keys_on_a_slider_move_the_month_and_not_the_slide(contexts: Any, served: Served) -> None:
    with visitor(contexts(DESKTOP), served) as visit:
        page = visit("present?v=1&deck=one-course&step=3")
        page.get_by_role("button", name="Show this person").click()
        slider = page.get_by_label(SLIDER)
        slider.wait_for()
        month_is(page, 0)
        slider.focus()
        for _ in range(3):
            page.keyboard.press("ArrowRight")
        month_is(page, 3)
        settle(page)
        heading(page, "One virtual person")


def test_one_key_and_one_click_fill_the_screen(contexts: Any, served: Served) -> None:
    with visitor(contexts(DESKTOP), served) as visit:
        page = visit(f"{DECK}&step=1")
        full = "() => document.fullscreenElement !== null"
        page.get_by_role("button", name="Full screen").click()
        page.wait_for_function(full)
        page.get_by_role("button", name="Next").click()
        heading(page, "In a simulation it can")
        assert page.evaluate(full)
        page.get_by_role("button", name="Leave full screen").click()
        page.wait_for_function("() => document.fullscreenElement === null")
        page.keyboard.press("f")
        page.wait_for_function(full)
        page.keyboard.press("f")
        page.wait_for_function("() => document.fullscreenElement === null")


def test_the_slide_is_said_aloud(contexts: Any, served: Served) -> None:
    with visitor(contexts(DESKTOP), served) as visit:
        page = visit(f"{DECK}&step=1")
        page.get_by_role("button", name="Next").click()
        said = page.get_by_role("status").filter(has_text="Slide 2 of 5: In a simulation it can")
        said.wait_for(state="attached")


def test_an_embedded_slide_stays_embedded(contexts: Any, served: Served) -> None:
    with visitor(contexts(DESKTOP), served) as visit:
        page = visit(f"{DECK}&step=1&embed=true")
        page.get_by_role("button", name="Next").click()
        heading(page, "In a simulation it can")
        page.wait_for_url(re.compile("step=2"))
        assert "embed=true" in page.url


def test_the_hand_out_is_a_file(contexts: Any, served: Served) -> None:
    with visitor(contexts(DESKTOP), served) as visit:
        page = visit(DECK)
        for label, begin in (("Hand-out (PDF)", b"%PDF"), ("Hand-out (HTML)", b"<!DOCTYPE")):
            with page.expect_download() as saved:
                page.get_by_role("button", name=label).click()
            assert Path(saved.value.path()).read_bytes().startswith(begin)


def test_typing_a_deck_moves_no_slide(contexts: Any, served: Served) -> None:
    with visitor(contexts(DESKTOP), served) as visit:
        page = visit("present")
        box = page.get_by_label("Or write it here")
        box.fill('title = "Own"\n[[steps]]\ntitle = "First"\ntext = "<b>no"\n')
        page.get_by_role("button", name="Use this text").click()
        page.get_by_text("text holds HTML").wait_for()
        box.fill('title = "Own"\n[[steps]]\ntitle = "First"\ntext = "**yes**"\n')
        page.get_by_role("button", name="Use this text").click()
        heading(page, "Own")
        page.keyboard.press("ArrowRight")
        heading(page, "First")
        page.wait_for_url(re.compile("deck=own"))
        assert "First" not in page.url
