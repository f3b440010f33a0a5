"""A real Chromium among the students: its answers are timed in the page, from click to picture.

The clock starts with the click and stops at the first frame in which what was asked for is drawn
and the server has nothing more to say. Without Playwright or a browser nothing is measured.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from alssim.app.text import say
from benchmarks.classroom.machine import CHROMIUM_OPTIONS, chromium_path
from benchmarks.classroom.students import people_of
from benchmarks.classroom.visiting import PATIENCE, WrongAnswer

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

FIRST_NUMBER = 9000
"""Number of the first student that the browser plays: it has people whom nobody saw before."""
MAIN = '[data-testid="stMain"]'
CHART = '[role="graphics-document"]'
CURVES = f'{CHART}[aria-label^="Survival curves"]'
ERRORS = '[data-testid="stException"], [data-testid="stAlertContentError"]'
IDLE = '[data-testid="stApp"][data-test-script-state="notRunning"]'

CLOCK = """([name, watched, idle]) => {
  const told = (one) => one.getAttribute("aria-label") + one.textContent;
  const look = () => [...document.querySelectorAll(watched)].map(told).join();
  const before = look();
  window[name] = new Promise((done) => {
    let began = null;
    addEventListener("click", () => { began ??= performance.now(); }, { capture: true });
    const frame = () => {
      const there = began !== null && ![before, ""].includes(look());
      if (there && document.querySelector(idle)) done((performance.now() - began) / 1000);
      else requestAnimationFrame(frame);
    };
    frame();
  });
}"""
Write = Callable[[str, float], None]
Pause = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Browser:
    """A window of a running Chromium, on the app."""

    page: "Page"
    url: str

    async def open(self, path: str, number: int) -> None:
        """Open a page with the people of a student, and read the notice."""
        await self.page.goto(f"{self.url}{path}&{people_of(number)}")
        await self.button("notice.button").click()
        await self.page.get_by_role("heading", level=1).wait_for()
        await self.page.wait_for_selector(IDLE)

    def button(self, text: str) -> "Locator":
        """Return the first button with a text of the app."""
        return self.page.get_by_role("button", name=say(text), exact=True).first

    async def timed(self, target: "Locator", watched: str, idle: str = IDLE) -> float:
        """Click; return the seconds until what is watched has changed and ``idle`` is there."""
        await self.watch("answer", watched, idle)
        await target.click()
        return await self.seconds("answer")

    async def watch(self, name: str, watched: str, idle: str) -> None:
        """Start a clock with the next click; it stops as above."""
        await self.page.evaluate(CLOCK, [name, watched, idle])

    async def seconds(self, name: str) -> float:
        """Return what a clock shows when it has stopped."""
        try:
            async with asyncio.timeout(PATIENCE):
                found = float(await self.page.evaluate(f"window.{name}"))
        except TimeoutError:
            raise WrongAnswer(f"browser, {self.page.url}: no answer") from None
        if await self.page.locator(ERRORS).count():
            raise WrongAnswer(f"browser, {self.page.url}: an error is shown")
        return found


@asynccontextmanager
async def chromium(url: str) -> AsyncIterator[Browser | None]:
    """Start a Chromium with an empty cache; None where there is none."""
    found = chromium_path()
    try:
        from playwright.async_api import async_playwright
    except ImportError:
        found = None
    if not found:
        yield None
        return
    async with async_playwright() as driver:
        running = await driver.chromium.launch(executable_path=found, args=CHROMIUM_OPTIONS)
        page = await running.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(1000 * PATIENCE)
        yield Browser(page, url)
        await running.close()


# ------------------------------------------------------------------------ among the students


async def walk_pages(browser: Browser, until: float, pause: Pause, write: Write) -> None:
    """Walk the pages, round by round with other people, until a moment of the monotonic clock."""
    number = FIRST_NUMBER
    while True:
        for work in (_walk, _cohort, _compare, _lesson):
            async for page, seconds in work(browser, number):
                write(page, seconds)
                await pause()
                if time.monotonic() > until:
                    return
            number += 1


Timed = AsyncIterator[tuple[str, float]]


async def _walk(browser: Browser, number: int) -> Timed:
    await browser.open("walk?case=leg", number)
    for _ in range(3):
        yield "walk", await browser.timed(browser.button("walk.another"), MAIN)


async def _cohort(browser: Browser, number: int) -> Timed:
    await browser.open("cohort?n=100", number)
    for way in ("sex", "age"):
        group = browser.page.get_by_role("radio", name=say(f"cohort.ways.{way}"), exact=True)
        yield "cohort", await browser.timed(group, CHART)
        yield "cohort", await browser.timed(browser.button("steps.more"), CHART)


async def _compare(browser: Browser, number: int) -> Timed:
    await browser.open("compare?n=1000", number)
    yield "compare", await browser.timed(browser.button("compare.show"), CURVES)
    await browser.page.locator("summary").filter(has_text=say("compare.change")).click()
    for _ in range(3):
        more = browser.page.get_by_role("button", name="+5%", exact=True)
        yield "compare", await browser.timed(more, CURVES)


async def _lesson(browser: Browser, number: int) -> Timed:
    await browser.open("lessons?lesson=silent-loss&step=2", number)
    more = browser.page.get_by_role("button", name="+1", exact=True)
    yield "lessons", await browser.timed(more, MAIN)
    yield "lessons", await browser.timed(browser.button("lessons.run"), MAIN)


# -------------------------------------------------------------------------------------- alone


async def alone(browser: Browser, repeats: int = 5) -> tuple[float, float]:
    """Return the median seconds from *Show survival* to headline and to chart, nobody else there.

    1,000 patients with and without a treatment; every time others whom nobody saw before.
    """
    headlines, charts = [], []
    for repeat in range(repeats):
        await browser.open("compare?n=1000", FIRST_NUMBER + 900 + repeat)
        await browser.watch("headline", "h2", "body")
        charts.append(await browser.timed(browser.button("compare.show"), CURVES, "body"))
        headlines.append(await browser.seconds("headline"))
        await browser.page.wait_for_selector(IDLE)
    return median(headlines), median(charts)
