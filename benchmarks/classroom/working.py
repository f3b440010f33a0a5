"""A class at work: every student a task of its own, a browser among them, and one who watches."""

import asyncio
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from random import Random

from websockets.exceptions import WebSocketException

from benchmarks.classroom.browsing import Browser, walk_pages
from benchmarks.classroom.serving import Server
from benchmarks.classroom.students import EFFECTS, PAGES, Page, open_page, people_of, set_effect
from benchmarks.classroom.visiting import Visit, WrongAnswer

LOST = (WrongAnswer, OSError, EOFError, WebSocketException)
"""What a student notices when the app fails."""
FIRST_TOGETHER = 5000
"""Number of the first student of a question that all ask at the same time."""


@dataclass(frozen=True, slots=True)
class Class:
    """How many students, for how long, and how they work.

    seconds  of work;  think: shortest and longest pause in seconds;  own: share of the students
    with virtual people of their own, 0-1
    """

    students: int
    seconds: float
    think: tuple[float, float]
    own: float

    def has_own(self, number: int) -> bool:
        """Whether a student has people of their own; page by page the share is the same."""
        turn = number // len(PAGES)
        return int((turn + 1) * self.own) > int(turn * self.own)


@dataclass(frozen=True, slots=True)
class Answer:
    """The page, the seconds until it was complete, and whether its screen was asked for before."""

    page: str
    seconds: float
    again: bool


@dataclass(frozen=True, slots=True)
class Student:
    """Somebody at a page."""

    visit: Visit
    page: Page
    luck: Random


@dataclass(slots=True)
class Findings:
    """What is written down; memory in MiB.

    before  memory before anybody comes;  arrived: when all have;  memory: every second from then
    processor  seconds that the server used while the class worked
    browser  pages and seconds;  screens: what was asked for so far
    """

    before: float
    arrived: float = 0.0
    processor: float = 0.0
    answers: list[Answer] = field(default_factory=list)
    browser: list[tuple[str, float]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    screens: set[str] = field(default_factory=set)

    def write(self, page: str, seconds: float, link: str) -> None:
        """Write the answer of a student down."""
        screen = f"{page}?{link}"
        self.answers.append(Answer(page, seconds, screen in self.screens))
        self.screens.add(screen)


async def work(server: Server, group: Class, browser: Browser | None) -> Findings:
    """Let the class come, and work for its time."""
    found = Findings(before=server.memory())
    async with AsyncExitStack() as leaving:
        came = await asyncio.gather(
            *(_come(server, group, number, found, leaving) for number in range(group.students))
        )
        found.arrived = server.memory()
        until, used = time.monotonic() + group.seconds, server.seconds()
        tasks = [_study(one, group, until, found) for one in came if one is not None]
        if browser is not None:
            tasks.append(_browse(browser, group, until, found))
        await asyncio.gather(*tasks, _watch(server, until, found))
        found.processor = server.seconds() - used
    return found


async def _come(
    server: Server, group: Class, number: int, found: Findings, leaving: AsyncExitStack
) -> Student | None:
    """Open the page of a student."""
    page = PAGES[number % len(PAGES)]
    link = page.link_for(number + 1, group.has_own(number))
    try:
        visit = await leaving.enter_async_context(Visit(f"{server.url}{link}"))
        await open_page(visit, page)
    except LOST as error:
        found.errors.append(f"{page.name}: {error!r}")
        return None
    return Student(visit, page, Random(number))


async def _study(student: Student, group: Class, until: float, found: Findings) -> None:
    """Change one control after another; an error ends it."""
    visit, page, luck = student.visit, student.page, student.luck
    await asyncio.sleep(luck.uniform(0, group.think[1]))
    while time.monotonic() < until:
        try:
            found.write(page.name, await page.change(visit, luck), visit.link)
        except LOST as error:
            found.errors.append(f"{page.name}: {error!r}")
            return
        await asyncio.sleep(luck.uniform(*group.think))


async def _browse(browser: Browser, group: Class, until: float, found: Findings) -> None:
    luck = Random(group.students)

    async def pause() -> None:
        await asyncio.sleep(luck.uniform(*group.think))

    try:
        await walk_pages(browser, until, pause, lambda *one: found.browser.append(one))
    except Exception as error:  # Playwright's own errors are unknown where it is not installed
        found.errors.append(f"browser: {error!r}")


async def _watch(server: Server, until: float, found: Findings) -> None:
    while time.monotonic() < until:
        found.memory.append(server.memory())
        await asyncio.sleep(1)


# ------------------------------------------------------------------------- all at the same time


@dataclass(frozen=True, slots=True)
class Together:
    """A question that all ask at the same time: the seconds of each answer, the processor seconds
    of the server, and the simulations that it carried out.
    """

    answers: list[float]
    processor: float
    simulations: int


async def together(server: Server, students: int, same: bool) -> Together:
    """Let all ask for the same new comparison at the same time, or each for one of their own."""
    page = next(one for one in PAGES if one.name == "compare")
    first = FIRST_TOGETHER + (0 if same else 1)
    async with AsyncExitStack() as leaving:
        visits = []
        for number in range(students):
            people = people_of(first + (0 if same else number))
            visit = Visit(f"{server.url}{page.link}&{people}")
            visits.append(await leaving.enter_async_context(visit))
            await open_page(visit, page)
        processor, simulated = server.seconds(), server.simulated().total()
        answers = await asyncio.gather(*(set_effect(visit, EFFECTS[0]) for visit in visits))
        return Together(
            sorted(answers), server.seconds() - processor, server.simulated().total() - simulated
        )
