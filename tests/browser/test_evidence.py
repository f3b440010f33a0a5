"""Claims and validation in a real browser: what is asked for runs, what is stopped stops."""

import re
from pathlib import Path
from typing import Any

import pytest
from tests.browser.looking import keep
from tests.browser.serving import Served
from tests.browser.test_pages import DESKTOP, PHONE, Open, expect, settle, visitor


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def visit(request: pytest.FixtureRequest, contexts: Any, served: Served) -> Any:
    """Open pages at the width of a desktop and of a phone."""
    with visitor(contexts(request.param), served) as opened:
        yield opened


def test_a_claim_is_put_to_the_test_and_the_machine_runs(visit: Open) -> None:
    page = visit("claims?v=1&n=300&topic=treatment")
    assert page.locator("[role=graphics-document]").count() == 0
    page.get_by_role("button", name="Watch the untreated: Untreated people who walk").click()
    page.locator('[role="graphics-document"][aria-label^="Change of the ALSFRS-R"]').wait_for()
    page.get_by_role("button", name="Close").click()
    page.locator("[role=graphics-document]").first.wait_for(state="detached")
    page.get_by_role("button", name="Run the machine").press("Enter")
    page.locator('[role="graphics-document"][aria-label^="Late starters"]').wait_for()
    settle(page)
    said = page.get_by_text("virtual patients are seen at").first.inner_text()
    keep(page, "claims")
    page.reload()
    page.get_by_role("button", name="I understand").click()
    page.get_by_role("button", name="Run the machine").click()
    page.get_by_text(said).first.wait_for()
    page.get_by_text("Download", exact=True).click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Changes of each person (CSV)").click()
    assert Path(saved.value.path()).read_text("utf-8").startswith("patient,month,answers,total")


def test_a_register_is_opened_by_nobody_but_the_visitor(contexts: Any, served: Served) -> None:
    with visitor(contexts(DESKTOP), served) as visit:  # fails if a page leaves this machine
        page = visit("claims")
        link = page.get_by_role("link", name=re.compile("trialsearch.who.int"))
        assert link.get_attribute("href") == "https://trialsearch.who.int"


def test_the_model_is_validated_on_a_click(visit: Open) -> None:
    page = visit("validation?v=1&n=300&area=dly")
    assert page.get_by_role("table").count() == 0
    page.get_by_role("button", name="Run the validation").press("Enter")
    page.get_by_role("table").wait_for(timeout=90_000)
    settle(page)
    counts = page.get_by_role("heading", name=re.compile(r"\d+ of \d+ pass")).all_inner_texts()
    assert len(counts) == 3
    expect(page.locator("[role=graphics-document]")).to_have_count(5)
    beyond = "one => one.parentElement.scrollWidth - one.parentElement.clientWidth"
    assert page.get_by_role("table").first.evaluate(beyond) <= 0  # nobody has to scroll sideways
    page.get_by_role("button", name="Show survival curves").click()
    page.locator('[role="graphics-document"][aria-label^="Survival by age"]').wait_for()
    keep(page, "validation")
    page.reload()
    page.get_by_role("button", name="I understand").click()
    page.get_by_role("button", name="Run the validation").click()
    page.get_by_role("table").wait_for(timeout=90_000)
    again = page.get_by_role("heading", name=re.compile(r"\d+ of \d+ pass")).all_inner_texts()
    assert again == counts
    page.get_by_text("Download", exact=True).click()
    for label, begin in (("All rows (CSV)", "row,use,core"), ("Report with", "<!DOCTYPE html>")):
        with page.expect_download() as saved:
            page.get_by_role("button", name=label).click()
        assert Path(saved.value.path()).read_text("utf-8").startswith(begin)


def test_a_long_validation_can_be_stopped(contexts: Any, served: Served) -> None:
    with visitor(contexts(DESKTOP), served) as visit:
        page = visit("validation?v=1&n=20000")
        page.get_by_role("button", name="Run the validation").click()
        page.get_by_role("progressbar").first.wait_for()
        page.get_by_test_id("stMainBlockContainer").get_by_role("button", name="Stop").click()
        page.get_by_role("button", name="Run the validation").wait_for(timeout=90_000)
        settle(page)
        assert page.get_by_role("progressbar").count() == 0
