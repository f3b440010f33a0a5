"""The pages in a real browser, at the widths of a desktop and of a phone."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.browser.looking import settle, small_targets
from tests.browser.serving import Served

DESKTOP, PHONE = (1440, 900), (390, 844)
SLIDER = "Month since the first symptom"
# Streamlit asks for these below the address of a page before it finds its server.
STREAMLITS_OWN = re.compile(r"Failed to load resource: .* 404")
BUSY = (
    '[data-testid="stApp"]:not([data-test-script-state="notRunning"])'
    ':not(:has([data-testid="stMainBlockContainer"] [role="progressbar"]))'
)
"""The page while the server works on it, unless it shows how far the work is."""
Open = Callable[..., Any]


@contextmanager
def visitor(context: Any, app: Served) -> Iterator[Open]:
    """Open pages of the app; fail if one leaves this machine or reports an error."""
    asked: list[str] = []
    wrong: list[str] = []
    pages: list[Any] = []

    def visit(path: str = "", read: bool = True) -> Any:
        page = context.new_page()
        pages.append(page)
        page.add_locator_handler(page.locator(BUSY), lambda _: None)  # then it waits for the end
        page.on("request", lambda request: asked.append(request.url))
        page.on("websocket", lambda socket: asked.append(socket.url))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        page.goto(f"{app.url}/{path}")
        page.get_by_role("button", name="I understand").wait_for()
        if read:
            page.get_by_role("button", name="I understand").click()
            page.get_by_role("heading", level=1).wait_for()
        settle(page)
        return page

    yield visit
    for page in pages:
        page.close()
    local = (app.url, app.url.replace("http", "ws"), "data:", "blob:")
    assert [url for url in asked if not url.startswith(local)] == []
    assert [text for text in wrong if not STREAMLITS_OWN.search(text)] == []


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def visit(request: pytest.FixtureRequest, contexts: Any, served: Served) -> Iterator[Open]:
    """Open pages at the width of a desktop and of a phone."""
    with visitor(contexts(request.param), served) as opened:
        yield opened


def go(page: Any, group: str, title: str) -> None:
    """Go to a page by the navigation at the top."""
    page.get_by_test_id("stTopNavSection").filter(has_text=group).click()
    page.get_by_test_id("stTopNavDropdownLink").filter(has_text=title).click()
    page.get_by_role("heading", level=1, name=title).wait_for()


def expect(found: Any) -> Any:
    """Return Playwright's assertions about what was found: they wait until they hold."""
    return pytest.importorskip("playwright.sync_api").expect(found)


def files_begin(page: Any, *files: tuple[str, bytes]) -> None:
    """Take each file by its button, and check the first bytes of what comes."""
    for label, begin in files:
        settle(page)
        with page.expect_download() as saved:
            page.get_by_role("button", name=label).click()
        assert Path(saved.value.path()).read_bytes().startswith(begin)


def month(page: Any) -> int:
    """Return the month that the player shows."""
    return int(page.locator(".player").get_attribute("data-month"))


def month_is(page: Any, wanted: int) -> None:
    """Wait until the player shows a month."""
    page.wait_for_selector(f'.player[data-month="{wanted}"]')


def test_one_click_dismisses_the_notice(visit: Open) -> None:
    page = visit(read=False)
    assert page.get_by_role("heading", level=1).count() == 0
    page.get_by_role("button", name="I understand").click()
    page.get_by_role("heading", level=1).wait_for()
    assert page.get_by_text("It does not predict any person's course").last.is_visible()


def test_the_keyboard_walks_through_a_course(visit: Open) -> None:
    page = visit("walk?case=leg&month=6")
    slider = page.get_by_label(SLIDER)
    slider.wait_for()
    month_is(page, 6)
    slider.focus()
    page.keyboard.press("ArrowRight")
    month_is(page, 7)
    assert slider.get_attribute("aria-valuetext").startswith("Month 7, King's stage")
    page.wait_for_url(re.compile("month=7"))
    page.keyboard.press("PageDown")
    settle(page)
    assert month(page) > 7
    page.keyboard.press("Home")
    month_is(page, 0)


def test_clicks_do_what_the_slider_does(visit: Open) -> None:
    page = visit("walk?month=6")
    page.get_by_label(SLIDER).wait_for()
    page.get_by_role("button", name="+1 month").click()
    month_is(page, 7)
    page.get_by_role("button", name="−1 month").click()
    month_is(page, 6)
    page.get_by_role("button", name="← Milestone").click()
    month_is(page, 0)
    page.locator(".events button").last.click()
    month_is(page, int(page.get_by_label(SLIDER).get_attribute("max")))
    assert "Death" not in page.locator("svg.body").text_content()


def test_the_treated_twin_walks_beside_the_untreated_one(visit: Open) -> None:
    page = visit("walk?case=arm&month=9")
    page.get_by_label(SLIDER).wait_for()
    lives = page.locator(".twin tbody tr")
    assert lives.count() == 0
    page.get_by_role("combobox").click()
    page.get_by_role("option", name="Slowing from the first symptom").click()
    lives.first.wait_for()
    month_is(page, 9)  # the month on the screen stays
    early = lives.all_inner_texts()
    assert len(early) == 4
    page.get_by_role("button", name="Milestone →").click()
    settle(page)
    assert lives.all_inner_texts() != early
    page.wait_for_url(re.compile("beside=slowing-from-onset"))
    page.get_by_role("button", name="Strength").click()
    assert "Line chart of strength" in page.locator('[data-chart="neurons"] svg').get_attribute(
        "aria-label"
    )


def test_play_runs_to_the_end_and_pause_stops_it(visit: Open) -> None:
    page = visit("walk?month=3")
    play = page.get_by_role("button", name="Play")
    play.click()
    page.wait_for_selector('.player:not([data-month="3"])')
    page.get_by_role("button", name="Pause").click()
    stopped = month(page)
    assert stopped > 3
    page.wait_for_url(re.compile(f"month={stopped}"))


def test_the_map_follows_the_month(visit: Open) -> None:
    page = visit("walk?case=arm&month=0")
    page.get_by_label(SLIDER).wait_for()
    early = page.locator("svg.body desc").text_content()
    page.get_by_label(SLIDER).press("End")
    settle(page)
    late = page.locator("svg.body desc").text_content()
    shares = [[int(n) for n in re.findall(r"(\d+)%", text)] for text in (early, late)]
    assert len(shares[0]) == 14
    assert all(after <= before for before, after in zip(*shares, strict=True))


def test_another_person_is_one_click_away(visit: Open) -> None:
    page = visit("walk?case=speech")
    page.get_by_label(SLIDER).wait_for()
    before = page.url
    page.get_by_role("button", name="Another person like this one").click()
    page.wait_for_url(lambda url: url != before and "case=speech" in url)
    page.get_by_label(SLIDER).wait_for()


def test_survival_opens_on_a_click(visit: Open) -> None:
    page = visit("compare?n=100")
    assert page.get_by_text("Still alive, of 100").count() == 0
    page.get_by_role("button", name="Show survival").click()
    page.get_by_role("heading", name=re.compile(r"of 100 virtual patients")).wait_for()
    for chart in ("Survival curves", "Bar chart of months gained"):
        page.locator(f'[role="graphics-document"][aria-label^="{chart}"]').wait_for()
    page.get_by_text("Download", exact=True).click()
    for label, ending in (("Survival curves (CSV)", "curves.csv"), ("Report (HTML)", ".html")):
        with page.expect_download() as saved:
            page.get_by_role("button", name=label).click()
        assert saved.value.suggested_filename.endswith(ending)


def test_several_treatments_are_compared_by_clicks(visit: Open) -> None:
    page = visit("compare?n=100&arms=slowing-from-onset,own-2")
    page.get_by_role("button", name="Add another treatment").click()
    page.wait_for_url(re.compile("slowing-from-diagnosis"))
    page.get_by_role("button", name="Show survival").click()
    page.get_by_role("heading", name="More about this result").wait_for()
    page.get_by_text("Built here 2: protects neurons, 30 %", exact=True).last.click()
    page.wait_for_url(re.compile("look=own-2"))
    fold = page.locator("summary").filter(has_text="Where the gained time is lived")
    fold.focus()
    page.keyboard.press("Enter")
    chart = page.locator('[role="graphics-document"][aria-label^="Where the gained time"]')
    chart.wait_for()
    settle(page)
    wide = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) <= 0
    assert small_targets(page) == []


def test_choices_outlive_a_visit_to_the_other_page(contexts: Any, served: Served) -> None:
    with visitor(contexts(DESKTOP), served) as visit:
        page = visit("walk?case=leg&month=9")
        month_is(page, 9)
        go(page, "Learn", "Compare treatments")
        page.get_by_role("button", name="Fewer").click()
        page.wait_for_url(re.compile("n=500"))
        go(page, "Learn", "Walk the stages")
        month_is(page, 9)
        page.wait_for_url(re.compile("month=9.*case=leg"))
        go(page, "Learn", "Compare treatments")
        page.wait_for_url(re.compile("n=500"))


@pytest.mark.parametrize("path", ["walk", "compare?n=100"])
def test_every_picture_has_a_name(visit: Open, path: str) -> None:
    page = visit(path)
    if path != "walk":
        page.get_by_role("button", name="Show survival").click()
        page.get_by_text("Read this with the result").wait_for()
        settle(page)
    pictures = page.locator("[role=img], [role=graphics-document], img")
    for picture in pictures.all():
        named = picture.get_attribute("aria-label") or picture.get_attribute("aria-labelledby")
        assert named or picture.get_attribute("alt"), picture.evaluate("one => one.outerHTML")[:200]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_both_themes_are_followed(contexts: Any, served: Served, theme: str) -> None:
    with visitor(contexts(DESKTOP, theme), served) as visit:
        page = visit()
        paper = page.evaluate(
            "() => getComputedStyle(document.querySelector('.stApp')).backgroundColor"
        )
    red = int(re.findall(r"\d+", paper)[0])
    assert (red > 200) == (theme == "light")


def test_the_server_calls_nobody_while_it_is_used(contexts: Any, served: Served) -> None:
    with visitor(contexts(DESKTOP), served) as visit:
        visit("walk").get_by_label(SLIDER).wait_for()
        visit("compare?n=100").get_by_role("button", name="Show survival").click()
    used = served.addresses()
    assert [one for one in used if "127.0.0.1" not in one and "localhost" not in one] == []
