"""Every page as it opens, on a light desktop and a dark phone: it fits, and anyone can use it."""

import re
from typing import Any

import pytest
from tests.browser.looking import fits, keep, nothing_serious, small_targets
from tests.browser.serving import Served
from tests.browser.test_pages import DESKTOP, PHONE, settle, visitor

PATHS = (
    "",
    "walk",
    "walk?beside=slowing-from-onset",
    "cohort?n=100",
    "compare?n=100",
    "ladder?n=100",
    "trial?trial=niv",
    "lessons",
    "lessons?lesson=no-two-alike&step=2",
    "claims?n=100",
    "present",
    "present?deck=why-trials-fail",
    "present?deck=why-trials-fail&step=2&notes=shown",
    "glossary",
    "scenarios",
    "parameters",
    "validation",
    "model",
    "about",
)


@pytest.mark.parametrize(
    ("size", "theme"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop", "phone"]
)
@pytest.mark.parametrize("path", PATHS)
def test_a_page_fits_and_anyone_can_use_it(
    contexts: Any, served: Served, path: str, size: tuple[int, int], theme: str
) -> None:
    with visitor(contexts(size, theme), served) as visit:
        page = visit(path)
        page.get_by_role("button").last.wait_for()
        settle(page)
        if path.startswith("walk"):
            page.locator(".player[data-month]").wait_for()
        fits(page)
        keep(page, f"{re.sub(r'[^a-z0-9]+', '-', path) or 'start'}-{theme}")
        tools = '[data-testid="stVegaLiteChart"], [data-testid="stTable"]'
        for shown in page.locator(tools).all()[:1]:
            shown.hover()  # its own buttons come forth
            page.get_by_test_id("stElementToolbar").first.wait_for()
        assert small_targets(page) == []
        nothing_serious(page)
