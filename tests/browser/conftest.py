"""The served app and a real browser, for the tests of this folder."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from benchmarks.classroom.machine import CHROMIUM_OPTIONS, chromium_path
from tests.browser.serving import Served, serving

PATIENCE = 90_000
"""Milliseconds until something that is waited for is missing: other tests run at the same time."""


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The app as ``alssim app --headless`` serves it."""
    from alssim.app.launch import command

    folder = tmp_path_factory.mktemp("served")
    with serving(folder, lambda port: command(port, headless=True)) as app:
        yield app


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A headless Chromium; the test is skipped where there is none."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    chromium = chromium_path()
    if not chromium:
        pytest.skip("no Chromium on this machine")
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=chromium, args=[*CHROMIUM_OPTIONS])
        yield running
        running.close()


@pytest.fixture(scope="session")
def contexts(browser: Any) -> Iterator[Callable[[tuple[int, int], str], Any]]:
    """Windows by size and theme, each kept for all tests: pages load from its cache."""
    kept: dict[tuple[tuple[int, int], str], Any] = {}

    def window(size: tuple[int, int], theme: str = "light") -> Any:
        if (size, theme) not in kept:
            viewport = {"width": size[0], "height": size[1]}
            kept[size, theme] = browser.new_context(viewport=viewport, color_scheme=theme)
            kept[size, theme].set_default_timeout(PATIENCE)
        return kept[size, theme]

    yield window
    for context in kept.values():
        context.close()
