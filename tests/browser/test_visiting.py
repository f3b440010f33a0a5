"""The class of ``benchmarks.class_load`` speaks the server's language, and hears what is wrong."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

import pytest
from benchmarks.class_load import grows
from benchmarks.classroom.students import PAGES, Page, open_page
from benchmarks.classroom.visiting import Visit, WrongAnswer
from tests.browser.serving import Served


def run(work: Coroutine[Any, Any, Any]) -> Any:
    """Carry out what waits, in a thread of its own: this one may hold a browser's loop."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_student_without_a_browser_changes_a_page(served: Served, page: Page) -> None:
    async def change() -> tuple[str, str]:
        async with Visit(f"{served.url}/{page.link_for(3, own=True)}") as visit:
            await open_page(visit, page)
            before = visit.link
            for _ in range(2):
                await page.change(visit, Random(1))
            return before, visit.link

    before, after = run(change())
    assert "people=" in before and "people=" in after
    assert (before != after) == (page.name != "lessons")  # a guess stands in no link


def test_a_page_without_the_control_is_a_wrong_answer(served: Served) -> None:
    async def press() -> None:
        async with Visit(f"{served.url}/about") as visit:
            await visit.press(visit.labelled("button", "Nobody wrote this"))

    with pytest.raises(WrongAnswer, match="Nobody wrote this"):
        run(press())


def test_memory_that_goes_on_growing_is_told_from_caches_that_fill() -> None:
    minutes = [400.0 + second for second in range(300)]
    filling = [400.0 + min(3 * second, 400) for second in range(300)]
    assert grows(minutes)
    assert not grows(filling)
