"""What students do: each stays on one page and changes one control every few seconds.

Every page is a name, a link to open it with, what is done once at first, and one change. A change
returns the seconds until its answer was complete, and raises ``WrongAnswer`` if that is not what
was asked for.
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from random import Random

from alssim.app.text import say
from alssim.app.world import treatment
from alssim.present.class_codes import member
from benchmarks.classroom.visiting import Shown, Visit, WrongAnswer

CODE = "LOAD"
COHORTS = (30, 100, 300, 1000)
TREATMENT = "slowing-from-diagnosis"
EFFECT = f"effect_{TREATMENT}_0"
PRESET = round(100 * treatment(TREATMENT).effects[0].size)
EFFECTS = [percent for percent in range(5, 101, 5) if percent != PRESET]
"""Percent; the preset's own is left out, since a link does not name it."""
LESSONS = ("silent-loss", "no-two-alike", "how-early")
Change = Callable[[Visit, Random], Awaitable[float]]


@dataclass(frozen=True, slots=True)
class Page:
    """A page as a student uses it."""

    name: str
    link: str
    change: Change
    opened: Callable[[Visit], Awaitable[object]]

    def link_for(self, number: int, own: bool) -> str:
        """Return the link of a student; ``own``: with people of their own, as a class gives."""
        link = self.link.format(lesson=LESSONS[number % len(LESSONS)])
        return f"{link}&{people_of(number)}" if own else f"{link}&v=1"


def people_of(number: int) -> str:
    """Return the part of a link that names a student's own people."""
    people, fate = member(CODE, number).seeds
    return f"v=1&people={people}&fate={fate}"


# --------------------------------------------------------------------------- Walk the stages


async def walk(visit: Visit, luck: Random) -> float:
    """Go to another month; every fourth time, to another person or another case."""
    chance = luck.random()
    if chance < 0.15:
        return await visit.press(visit.labelled("button", say("walk.another")))
    if chance < 0.25:
        cases = visit.keyed("button_group", "walk_case_shown")
        return await visit.pick(cases, _other(cases, luck))
    player = next(visit.all("bidi_component"))
    data = json.loads(
        player.element.bidi_component.json or player.element.bidi_component.mixed.json
    )
    month = luck.choice([one for one in range(data["last"]) if one != data["month"]])
    rest = {"person": data["person"], "month": month}
    took = await visit.tell(player, json.dumps({"rest": rest}))
    _hold(f"month={month}" in visit.link.split("&"), f"month {month} is not shown")
    return took


# -------------------------------------------------------------------------------- The cohort


async def cohort(visit: Visit, luck: Random) -> float:
    """Ask for another number of people or another grouping."""
    if luck.random() < 0.5:
        size = str(luck.choice(COHORTS))
        took = await visit.pick(visit.keyed("slider", "cohort_size"), size)
        _hold(f"n={size}" in visit.link.split("&"), f"{size} people are not shown")
    else:
        ways = visit.keyed("button_group", "cohort_way")
        took = await visit.pick(ways, _other(ways, luck))
    _hold(len(list(visit.all("vega_lite_chart"))) == 2, "a chart is missing")
    return took


# ------------------------------------------------------------------------ Compare treatments


async def open_survival(visit: Visit) -> float:
    """Open the survival curves."""
    took = await visit.press(visit.labelled("button", say("compare.show")))
    _curves(visit)
    return took


async def compare(visit: Visit, luck: Random) -> float:
    """Give the treatment another effect."""
    return await set_effect(visit, luck.choice(EFFECTS))


async def set_effect(visit: Visit, percent: int) -> float:
    """Give the treatment an effect of so many percent."""
    took = await visit.slide(visit.keyed("slider", EFFECT), percent / 100)
    _curves(visit)
    _hold(f"size%3D{percent / 100:g}" in visit.link, f"{percent} % are not shown")
    return took


def _curves(visit: Visit) -> None:
    words = [one.element.heading.body for one in visit.all("heading")]
    _hold(len(list(visit.all("vega_lite_chart"))) >= 2, "the survival curves are missing")
    _hold(any(" of 100 " in one for one in words), "the headline is missing")


# ----------------------------------------------------------------------------------- Lessons


async def lesson(visit: Visit, luck: Random) -> float:
    """Take the next step of a lesson: guess, run, read on; at the end begin again."""
    if guess := _unanswered(visit):
        return await _guess(visit, guess, luck)
    for words in ("lessons.run", "lessons.next", "lessons.again"):
        if visit.has("button", say(words)):
            return await visit.press(visit.labelled("button", say(words)))
    raise WrongAnswer("lessons: there is no way on")


def _unanswered(visit: Visit) -> Shown | None:
    """Return the control of a guess that has not been touched since the page was opened."""
    for kind in ("radio", "slider"):
        for one in visit.all(kind):
            if "-guess_" in one.id and one.id not in visit.touched:
                return one
    return None


async def _guess(visit: Visit, control: Shown, luck: Random) -> float:
    if control.kind == "radio":
        return await visit.pick(control, luck.choice(list(control.element.radio.options)))
    asked = control.element.slider
    return await visit.slide(control, float(luck.randint(int(asked.min) + 1, int(asked.max))))


# ------------------------------------------------------------------------------------ common


async def _as_it_opens(visit: Visit) -> None:
    """Do nothing more."""


PAGES = (
    Page("walk", "walk?case=leg", walk, _as_it_opens),
    Page("cohort", "cohort?n=300", cohort, _as_it_opens),
    Page("compare", f"compare?n=1000&arms={TREATMENT}", compare, open_survival),
    Page("lessons", "lessons?lesson={lesson}&step=2", lesson, _as_it_opens),
)


async def open_page(visit: Visit, page: Page) -> None:
    """Read the notice, and come to where the changes begin."""
    await visit.press(visit.labelled("button", say("notice.button")))
    await page.opened(visit)


def _other(group: Shown, luck: Random) -> str:
    group_options = group.element.button_group.options
    return str(luck.choice([one.content for one in group_options]))


def _hold(true: bool, otherwise: str) -> None:
    if not true:
        raise WrongAnswer(otherwise)
