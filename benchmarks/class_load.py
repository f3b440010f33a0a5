"""How the app answers a class: thirty students at once, on the machine that serves them.

    python -m benchmarks.class_load [--students 30] [--minutes 5] [--think 3 7] [--own 50]

Starts the app as ``alssim app --class --headless`` does and opens a visit for each student, without
a browser (``benchmarks.classroom.visiting``). Each stays on a page and changes one control every
few seconds. Some have virtual people of their own, as with a class code; the others share theirs.
With ``--own 100`` everyone has a code, so that nothing of one student is kept for another.
One real Chromium, where Playwright and a browser are installed, walks the same pages meanwhile.

Measured:

* the seconds from a change to the end of its answer, by page; and in the browser, from the click
  to what it shows;
* processor time of the server, and its memory before anybody comes, when all have come, and at
  the end;
* how often equal simulations were carried out, and what a question costs that all ask at the same
  time: the same one, or each their own;
* in the browser, alone: from the click on *Show survival* (1,000 patients with and without a
  treatment, never asked before) to the headline and to the chart.

The exit status is 1 when a median, of the students or in the browser, is 1.5 s or more, when
anything went wrong, or when memory grows without bound: when its mean over the last fifth of the
time is more than 10 % and 50 MiB above that over the fifth before the half. Caches fill at first,
so memory is judged from 3 minutes on; they may not go on.
"""

import argparse
import asyncio
import os
import platform
import sys
from collections.abc import Iterable
from statistics import fmean, median

from benchmarks.classroom.browsing import alone, chromium
from benchmarks.classroom.serving import Server, serving
from benchmarks.classroom.students import PAGES
from benchmarks.classroom.working import Class, Findings, Together, together, work

GOAL = 1.5
GROWN, GROWN_BY = 1.10, 50.0
SHORTEST = 180


async def measure(server: Server, group: Class) -> int:
    """Measure everything, print it, and return the exit status."""
    async with chromium(server.url) as browser:
        if browser is not None:
            print_alone(*await alone(browser))
        found = await work(server, group, browser)
    print_answers("seconds to the answer", [(one.page, one.seconds) for one in found.answers])
    print_answers("in the browser, from click to picture", found.browser)
    print_repeated(found, server)
    for same in (True, False):
        print_together(await together(server, group.students, same), same)
    print_use(found)
    return verdict(found)


# ------------------------------------------------------------------------------------ the rules


def grows(memory: list[float]) -> bool:
    """Whether memory [second] goes on growing, by the rule above."""
    if len(memory) < SHORTEST:
        return False
    fifth = max(len(memory) // 5, 1)
    late, middle = fmean(memory[-fifth:]), fmean(memory[len(memory) // 2 - fifth :][:fifth])
    return late > GROWN * middle and late > GROWN_BY + middle


def verdict(found: Findings) -> int:
    """Say what is not as it should be; return the exit status."""
    wrong = [f"error: {one}" for one in found.errors]
    if not found.answers or median([one.seconds for one in found.answers]) >= GOAL:
        wrong.append(f"the median is not below {GOAL} s")
    if found.browser and median([one for _, one in found.browser]) >= GOAL:
        wrong.append(f"the median in the browser is not below {GOAL} s")
    if grows(found.memory):
        wrong.append("memory goes on growing")
    print("\n".join(wrong) or f"no error, medians below {GOAL} s, memory bounded")
    return 1 if wrong else 0


# ---------------------------------------------------------------------------------- what is said


def print_head(group: Class) -> None:
    """Say what is measured and where."""
    print(f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}")
    low, high = group.think
    print(
        f"{group.students} students, a change every {low:g} to {high:g} s, "
        f"{group.seconds / 60:g} minutes, {100 * group.own:.0f} of 100 with people of their own; "
        f"load of the machine before: {os.getloadavg()[0]:.1f}"
    )


def print_alone(headline: float, chart: float) -> None:
    """Say how long a click on *Show survival* takes."""
    print(
        "one browser alone, 1,000 patients x 2 arms, from the click: "
        f"headline {headline:.2f} s, chart {chart:.2f} s (medians of 5)"
    )


def print_answers(title: str, answers: Iterable[tuple[str, float]]) -> None:
    """Print median, 95th percentile and largest answer, page by page and overall."""
    rows: dict[str, list[float]] = {page.name: [] for page in PAGES}
    for page, seconds in answers:
        rows[page].append(seconds)
    rows["overall"] = [one for row in rows.values() for one in row]
    print(f"\n| {title} | answers | median | 95 of 100 | largest |\n|---|---|---|---|---|")
    for page, row in rows.items():
        if row:
            print(f"| {page} | {len(row)} | {median(row):.2f} | {late(row):.2f} | {max(row):.2f} |")


def late(seconds: list[float]) -> float:
    """Return the time within which 95 of 100 answers came."""
    return sorted(seconds)[min(len(seconds) - 1, int(0.95 * len(seconds)))]


def print_repeated(found: Findings, server: Server) -> None:
    """Say what screens cost that somebody had asked for before, and what was simulated twice."""
    print()
    for again, words in (
        (False, "screens nobody had asked for"),
        (True, "screens asked for again"),
    ):
        row = [one.seconds for one in found.answers if one.again == again]
        if row:
            print(f"{words}: {len(row)}, median {median(row):.2f} s")
    times = server.simulated()
    twice = times.total() - len(times)
    print(f"simulations: {times.total()}, of which {twice} had been carried out before")


def print_together(found: Together, same: bool) -> None:
    """Say what it costs that all ask at the same time."""
    words = "the same new comparison" if same else "a new comparison of their own"
    print(
        f"{len(found.answers)} ask for {words} at the same time: {found.simulations} simulations, "
        f"{found.processor:.1f} s of processor, median {median(found.answers):.2f} s, "
        f"largest {found.answers[-1]:.2f} s"
    )


def print_use(found: Findings) -> None:
    """Print what the server used; memory at the end is the mean of the last fifth."""
    count = max(len(found.answers) + len(found.browser), 1)
    print(
        f"processor of the server: {found.processor:.0f} s, "
        f"{1000 * found.processor / count:.0f} ms an answer"
    )
    last = fmean(found.memory[-max(len(found.memory) // 5, 1) :])
    print(
        f"memory of the server, MiB: {found.before:.0f} before, {found.arrived:.0f} when all had "
        f"come, {max(found.memory):.0f} at most, {last:.0f} at the end"
    )


def main() -> None:
    """Measure, and leave with the exit status."""
    reader = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    reader.add_argument("--students", type=int, default=30)
    reader.add_argument("--minutes", type=float, default=5.0)
    reader.add_argument("--think", type=float, nargs=2, default=(3.0, 7.0), metavar="SECONDS")
    reader.add_argument("--own", type=float, default=50.0, help="of 100 students")
    asked = reader.parse_args()
    group = Class(asked.students, 60 * asked.minutes, tuple(asked.think), asked.own / 100)
    print_head(group)
    with serving() as server:
        status = asyncio.run(measure(server, group))
    sys.exit(status)


if __name__ == "__main__":
    main()
