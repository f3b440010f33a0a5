"""A visit in a second language, in a real browser."""

from typing import Any

from tests.browser.looking import fits, keep, nothing_serious, small_targets
from tests.browser.serving import Served
from tests.browser.test_pages import DESKTOP, PHONE

LANGUAGE = "document.documentElement.lang"
CHOSEN = """words =>
    document.querySelector("[data-testid=stSelectbox]")?.outerHTML.includes(words)"""


def opened(context: Any, served: Served, path: str) -> Any:
    """Open a page in Spanish, past its notice."""
    page = context.new_page()
    page.goto(f"{served.url}/{path}")
    page.get_by_role("button", name="Entendido").click()
    page.get_by_role("heading", level=1).wait_for()
    return page


def test_a_page_in_spanish_fits_and_anyone_can_use_it(contexts: Any, served: Served) -> None:
    page = opened(contexts(PHONE, "dark"), served, "walk?lang=es")
    page.locator(".player[data-month]").wait_for()
    page.wait_for_function(f"{LANGUAGE} === 'es'")
    fits(page)
    keep(page, "walk-es-dark")
    assert small_targets(page) == []
    nothing_serious(page)
    page.close()


def test_a_change_of_language_keeps_what_is_chosen(contexts: Any, served: Served) -> None:
    page = opened(contexts(DESKTOP), served, "ladder?v=1&lang=es&n=100&target=spread")
    page.wait_for_function(CHOSEN, arg="Frena la extensión")
    page.get_by_role("button", name="English").first.click()
    page.get_by_role("heading", name="How big, how early?", level=1).wait_for()
    page.wait_for_function(CHOSEN, arg="Slows spread")
    page.wait_for_function(f"{LANGUAGE} === 'en'")
    page.get_by_role("button", name="More").first.click()
    page.wait_for_url("**n=300**")
    assert "target=spread" in page.url and "lang=" not in page.url
    page.close()
