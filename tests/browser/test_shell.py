"""The three kinds of user walk their main paths; links, themes and axe-core, in a real browser."""

import re
from pathlib import Path
from typing import Any

import pytest
from tests.browser.looking import fits, keep, small_targets
from tests.browser.serving import Served
from tests.browser.test_pages import (
    DESKTOP,
    PHONE,
    Open,
    expect,
    files_begin,
    go,
    month_is,
    settle,
    visitor,
)

from alssim.present.answer_files import read_answers
from alssim.present.class_codes import member
from alssim.present.lessons import grade


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def visit(request: pytest.FixtureRequest, contexts: Any, served: Served) -> Any:
    """Open pages at the width of a desktop and of a phone."""
    with visitor(contexts(request.param), served) as opened:
        yield opened


def test_a_learner_goes_from_start_to_one_person(visit: Open) -> None:
    page = visit()
    page.get_by_role("button", name="Show me").click()
    page.get_by_text("Meet one person").wait_for()
    page.get_by_role("button", name="Next", exact=True).click()
    page.get_by_text("Notice the silence").wait_for()
    keep(page, "start")
    page.locator(".stMainBlockContainer").get_by_role("link", name="Walk the stages").click()
    page.get_by_role("heading", level=1, name="Walk the stages").wait_for()
    page.locator(".player").wait_for()
    keep(page, "walk")


def test_a_teacher_opens_a_scenario_and_shares_a_link(visit: Open) -> None:
    page = visit("scenarios")
    page.get_by_label("Scenario").click()
    page.get_by_role("option", name="Bulbar onset").click()
    page.get_by_role("button", name="Open this scenario").click()
    page.wait_for_url(re.compile("scenario=bulbar-onset"))
    keep(page, "scenarios")
    page.locator(".stMainBlockContainer").get_by_role("link", name="The cohort").click()
    page.get_by_role("heading", level=1, name="The cohort").wait_for()
    page.wait_for_url(re.compile("cohort.*scenario=bulbar-onset"))
    settle(page)
    who = page.get_by_text("virtual people:").first.inner_text()
    keep(page, "cohort")
    again = visit(page.url.partition("/cohort")[2].join(["cohort", ""]))
    assert again.get_by_text("virtual people:").first.inner_text() == who


def test_a_modeler_changes_a_value_and_takes_the_file(visit: Open) -> None:
    page = visit("parameters")
    page.get_by_label("pace.median").fill("7")
    page.keyboard.press("Enter")
    page.get_by_text("The model refuses these values").wait_for()
    page.get_by_label("pace.median").fill("0.08")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("set=pace.median%3D0.08"))
    keep(page, "parameters")
    with page.expect_download() as saved:
        page.get_by_role("button", name="The scenario file, with what differs").click()
    text = Path(saved.value.path()).read_text("utf-8")
    assert "pace.median = 0.08" in text


def test_a_student_guesses_runs_and_reads(visit: Open) -> None:
    page = visit("lessons")
    page.get_by_role("button", name="Open: No two alike").click()
    page.get_by_role("heading", level=1, name="No two alike").wait_for()
    page.get_by_role("button", name="Next", exact=True).click()
    page.get_by_text("The simulation has not run yet").wait_for()
    page.get_by_text("two to three times as long").click()
    page.get_by_role("button", name="Run the simulation").click()
    page.get_by_role("heading", name=re.compile("In this simulation .* times as long")).wait_for()
    page.locator('[role="graphics-document"][aria-label^="Bar chart"]').wait_for()
    keep(page, "lesson")
    page.wait_for_url(re.compile("lesson=no-two-alike&step=2"))
    page.get_by_role("button", name="Next", exact=True).click()
    page.get_by_text("Step 3 of 3").wait_for()
    page.get_by_role("button", name="Next", exact=True).click()
    page.get_by_role("heading", name="of 1 right").wait_for()
    page.locator(".stMainBlockContainer").get_by_role("link", name="The cohort").click()
    page.get_by_role("heading", level=1, name="The cohort").wait_for()


def test_a_class_hands_in_a_file_that_can_be_graded(visit: Open) -> None:
    page = visit("lessons?code=BIO7")
    page.get_by_label("Your number in the class").fill("12")
    page.get_by_role("button", name="Join the class").click()
    page.get_by_text("Class BIO7, number 12.").wait_for()
    page.get_by_role("button", name="Open: Silent loss").click()
    page.get_by_role("button", name="Next", exact=True).click()
    page.get_by_role("slider").focus()
    for _ in range(5):
        page.keyboard.press("PageUp")
    page.get_by_role("button", name="Run the simulation").click()
    told = re.compile("In this simulation .* of 100")
    found = page.get_by_role("heading", name=told).inner_text()
    page.get_by_role("button", name="Next", exact=True).click()
    page.get_by_text("Step 3 of 3").wait_for()
    page.get_by_role("button", name="Next", exact=True).click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Answer file (TOML)").click()
    assert saved.value.suggested_filename == "alssim-answers-silent-loss-BIO7-12.toml"
    raw = Path(saved.value.path()).read_bytes()
    handed = read_answers(raw, "handed in")
    assert handed.member == member("BIO7", 12)
    (mark,) = grade(handed.lesson, handed.answers, handed.seeds).marks
    assert mark.found == found


def test_reload_brings_the_same_screen(contexts: Any, served: Served) -> None:
    with visitor(contexts(DESKTOP), served) as visit:
        page = visit("walk?v=1&patient=17&month=9&case=leg")
        month_is(page, 9)
        page.get_by_role("button", name="+1 month").click()
        page.wait_for_url(re.compile("month=10"))
        page.reload()
        page.get_by_role("button", name="I understand").click()
        month_is(page, 10)


def test_a_hostile_link_is_answered_in_words(visit: Open) -> None:
    page = visit("about?v=1&set=pace.median%3D7&scenario=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E")
    page.get_by_text("This link asks for values that the model refuses").wait_for()
    assert page.locator("img[src=x]").count() == 0
    page.get_by_role("button", name="All right").click()
    page.get_by_text("This link asks for values").wait_for(state="detached")


def test_the_keyboard_alone_reaches_and_uses_the_doors(contexts: Any, served: Served) -> None:
    with visitor(contexts(DESKTOP), served) as visit:
        page = visit()
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("() => document.activeElement.innerText").strip() == "The cohort":
                break
        page.keyboard.press("Enter")
        page.get_by_role("heading", level=1, name="The cohort").wait_for()


def test_long_work_says_how_far_it_is_and_can_be_stopped(contexts: Any, served: Served) -> None:
    with visitor(contexts(DESKTOP), served) as visit:
        page = visit("cohort?v=1&people=4711&n=3000")
        page.get_by_label("Virtual people", exact=True).wait_for()
        page.get_by_role("button", name="More").click()
        page.get_by_role("progressbar").first.wait_for()
        page.get_by_test_id("stMainBlockContainer").get_by_role("button", name="Stop").click()
        page.wait_for_url(re.compile("n=300(&|$)"))
        page.get_by_text("300 virtual people:").wait_for()


def test_one_person_can_be_taken_away(contexts: Any, served: Served) -> None:
    with visitor(contexts(DESKTOP), served) as visit:
        page = visit("walk?v=1&patient=17")
        page.locator(".player").wait_for()
        page.get_by_text("Download", exact=True).click()
        files_begin(
            page,
            ("Monthly visits (PARQUET)", b"PAR1"),
            ("Picture of the course (PNG)", b"\x89PNG"),
            ("Picture of the course (SVG)", b"<?xml"),
            ("Report (HTML)", b"<!DOCTYPE html>"),
        )


def test_back_brings_the_same_person_at_the_same_month(contexts: Any, served: Served) -> None:
    with visitor(contexts(DESKTOP), served) as visit:
        page = visit("walk?v=1&patient=17&month=9&case=leg")
        month_is(page, 9)
        name = page.locator(".stMarkdown strong").first.inner_text()
        go(page, "Learn", "Glossary")
        settle(page)
        expect(page).to_have_url(re.compile(r"/glossary\?v=1"))  # else it may come after Back
        page.go_back()
        page.get_by_role("heading", level=1, name="Walk the stages").wait_for()
        month_is(page, 9)
        expect(page).to_have_url(re.compile("patient=17&month=9"))
        assert page.locator(".stMarkdown strong").first.inner_text() == name


def test_back_leads_from_each_page_of_the_menu_to_the_one_before(
    contexts: Any, served: Served
) -> None:
    pages = (("Learn", "The cohort"), ("Learn", "Glossary"), ("Model", "About"))
    with visitor(contexts(DESKTOP), served) as visit:
        page = visit("walk")
        expect(page).to_have_url(re.compile(r"\?v=1.*month="))  # the first link is a step, or not
        page.wait_for_function("history.fillsLinks")
        settle(page)
        before = page.evaluate("history.length")
        for group, title in pages:
            go(page, group, title)
            settle(page)
            expect(page).to_have_url(re.compile(r"\?v=1"))
        assert page.evaluate("history.length") == before + len(pages)
        for _, title in pages[-2::-1]:
            page.go_back()
            page.get_by_role("heading", level=1, name=title).wait_for()
            settle(page)
            expect(page).to_have_url(re.compile(r"\?v=1"))
        page.go_back()
        page.get_by_role("heading", level=1, name="Walk the stages").wait_for()


def test_back_leaves_the_app(contexts: Any, served: Served) -> None:
    with visitor(contexts(DESKTOP), served) as visit:
        page = visit("about")
        page.goto("about:blank")
        page.go_back()
        page.get_by_role("button", name="I understand").wait_for()
        for _ in range(4):
            page.go_back()
            if page.url == "about:blank":
                break
        assert page.url == "about:blank"


@pytest.mark.parametrize("path", ["walk?beside=blood-forming-cells-claimed", "walk", "cohort?n=30"])
def test_a_page_fits_with_larger_text(visit: Open, path: str) -> None:
    page = visit(f"{path}{'&' if '?' in path else '?'}text=large")
    page.get_by_role("button", name="Usual text size").wait_for()
    if path.startswith("walk"):
        page.locator(".player[data-month]").wait_for()
    else:
        page.get_by_role("button", name="Show survival").click()
        page.locator('[role="graphics-document"]').first.wait_for()
    settle(page)
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "20px"
    fits(page)
    for shown in page.locator(".card:visible table").all():
        assert shown.evaluate("(table) => table.scrollWidth - table.parentElement.clientWidth") <= 0
    assert small_targets(page) == []
    keep(page, f"{path.partition('?')[0]}-larger")


def test_an_embedded_page_has_its_content_and_no_head(visit: Open) -> None:
    page = visit("glossary?embed=true&v=1&text=large")
    page.get_by_role("heading", level=1, name="Glossary").wait_for()
    assert not page.get_by_test_id("stHeader").is_visible()
    page.get_by_role("button", name="Usual text size").click()
    page.wait_for_function("!location.search.includes('text=')")
    assert "embed=true" in page.url
    fits(page)
