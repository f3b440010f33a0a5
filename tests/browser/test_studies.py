"""The pages that run a study on a click, in a real browser: the ladder and the virtual trial."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from tests.browser.looking import fits, keep, nothing_serious
from tests.browser.serving import Served
from tests.browser.test_pages import DESKTOP, PHONE, Open, files_begin, settle, visitor


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def visit(request: pytest.FixtureRequest, contexts: Any, served: Served) -> Iterator[Open]:
    """Open pages at the width of a desktop and of a phone."""
    with visitor(contexts(request.param), served) as opened:
        yield opened


def test_a_guess_and_a_ladder(visit: Open) -> None:
    page = visit("ladder?v=1&n=100&sizes=thirds")
    page.get_by_role("radio", name="a quarter").click()
    page.wait_for_url(re.compile("guess=quarter"))
    page.get_by_role("button", name="Climb the ladder").click()
    page.get_by_text("Your guess: a quarter.").wait_for()
    page.locator('[role="graphics-document"][aria-label^="Line chart of Slowing"]').wait_for()
    page.get_by_role("radio", name="Hazard ratio").click()
    page.locator("table.heat caption", has_text="hazard ratio").wait_for()
    settle(page)
    fits(page)
    nothing_serious(page)
    keep(page, "ladder-climbed")
    numbers = page.locator("table.heat").inner_text()
    again = visit("ladder" + page.url.partition("/ladder")[2])
    again.get_by_role("button", name="Climb the ladder").click()
    again.locator("table.heat").wait_for()
    assert again.locator("table.heat").inner_text() == numbers


def test_a_ladder_can_be_stopped(contexts: Any, served: Served) -> None:
    with visitor(contexts(DESKTOP), served) as visit:
        page = visit("ladder?v=1&n=3000&people=4711")
        page.get_by_role("button", name="Climb the ladder").click()
        page.get_by_role("progressbar").first.wait_for()
        page.get_by_test_id("stMainBlockContainer").get_by_role("button", name="Stop").click()
        page.get_by_role("button", name="Climb the ladder").wait_for()
        assert page.locator("table.heat").count() == 0


def test_a_ladder_can_be_taken_away(contexts: Any, served: Served) -> None:
    with visitor(contexts(DESKTOP), served) as visit:
        page = visit("ladder?v=1&n=100&sizes=thirds")
        page.get_by_role("button", name="Climb the ladder").click()
        page.get_by_text("Download", exact=True).click()
        files_begin(
            page,
            ("All rungs (CSV)", b"target,start,size"),
            ("Picture of the curves (PNG)", b"\x89PNG"),
            ("Picture of the map of months (SVG)", b"<?xml"),
            ("Report (HTML)", b"<!DOCTYPE html>"),
        )


def test_one_trial_and_two_hundred(visit: Open) -> None:
    page = visit("trial?v=1")
    page.get_by_text("Gallery:").click()
    page.get_by_role("button", name="Tofersen (VALOR), re-enacted").press("Enter")
    page.wait_for_url(re.compile("trial=tofersen"))
    page.get_by_role("button", name="Run one trial").click()
    page.get_by_text("Read this with the result").wait_for()
    assert page.locator('[aria-label^="Curves of who"]').count() == 0
    page.get_by_role("button", name="Show survival").click()
    page.locator('[role="graphics-document"][aria-label^="Curves of who"]').wait_for()
    page.get_by_role("button", name="Run it again 200 times").click()
    page.get_by_role("heading", name=re.compile(r"of 200 such trials")).wait_for()
    page.locator('[role="graphics-document"][aria-label^="Bar chart of what 200"]').wait_for()
    settle(page)
    fits(page)
    nothing_serious(page)
    keep(page, "trial-run")
    first = page.get_by_role("heading", name=re.compile("p = ")).inner_text()
    again = visit("trial" + page.url.partition("/trial")[2])
    again.get_by_role("button", name="Run one trial").click()
    again.get_by_role("heading", name=re.compile("p = ")).wait_for()
    assert again.get_by_role("heading", name=re.compile("p = ")).inner_text() == first
    again.get_by_role("button", name="Run it once more").click()
    again.wait_for_url(re.compile("number=1"))


def test_trials_can_be_stopped(contexts: Any, served: Served) -> None:
    with visitor(contexts(DESKTOP), served) as visit:
        page = visit("trial?v=1&trial=phoenix&seed=4711")
        page.get_by_role("button", name="Run one trial").click()
        page.get_by_role("progressbar").first.wait_for()
        page.get_by_test_id("stMainBlockContainer").get_by_role("button", name="Stop").click()
        page.get_by_role("button", name="Run one trial").wait_for()


def test_a_trial_can_be_taken_away(contexts: Any, served: Served) -> None:
    with visitor(contexts(DESKTOP), served) as visit:
        page = visit("trial?v=1&trial=niv")
        page.get_by_role("button", name="Run one trial").click()
        repeat = page.get_by_role("button", name="Run it again 200 times")
        repeat.wait_for()
        settle(page)
        repeat.click()
        page.get_by_role("heading", name=re.compile(r"of 200 such trials")).wait_for()
        page.get_by_text("Download", exact=True).click()
        files_begin(
            page,
            ("Visits of this trial (CSV)", b"patient,arm,month"),
            ("Estimates of all trials (PARQUET)", b"PAR1"),
            ("Picture of the estimates (SVG)", b"<?xml"),
            ("Report (HTML)", b"<!DOCTYPE html>"),
        )
