"""The effect-size ladder: how large must an effect be, and how early, to matter?

One hypothetical effect of every size, from none to nine tenths, begun at every moment, on every
target asked for: always the same virtual patients. Every rung is held against usual care, patient
by patient.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from math import isnan, nan
from typing import NamedTuple

from alssim.errors import UsageError
from alssim.model.backend import Backend
from alssim.model.simulate import Progress
from alssim.parameters.schema import Effect, Scenario, Treatment
from alssim.parameters.treatment import STARTS, TARGETS
from alssim.statistics.survival import Estimate
from alssim.studies.comparison.arms import MOST_ARMS, Comparison, Landmark, compare
from alssim.studies.comparison.clocks import Clock
from alssim.studies.comparison.effects import WINDOW, DescribedRatio, described_ratio
from alssim.studies.comparison.worlds import check_members, middle
from alssim.studies.lives import Lives, live

SIZES = tuple(step / 10 for step in range(10))
LADDER_STARTS = ("onset", "diagnosis", *(f"docs_{stage}" for stage in range(3, 8)))
"""First symptom, diagnosis, and the later stages of the documents' walk."""
MEANINGFUL = 6.0  # months
LANDMARK = 36.0  # months: three years
SAME = 1e-9


class Step(NamedTuple):
    """One setting of the ladder: what the effect acts on, what starts it, how large it is."""

    target: str
    start: str
    size: float


@dataclass(frozen=True, slots=True)
class Rung:
    """What one effect does against usual care.

    gained       mean months gained by the same patients, with its interval over patients
    median       median months gained;  lower, upper: the quartiles
    ratio        hazard ratio and its window: a description
    alive        share alive after three years, 0-1, or not-a-number if not followed so long
    people       people of 100 more than with usual care then
    treated      share of patients in whom it ever begins
    known        lowest and highest mean over the members of an ensemble; None for one world
    known_median the same of the median
    """

    step: Step
    gained: Estimate
    median: float
    lower: float
    upper: float
    ratio: DescribedRatio
    alive: float
    people: Estimate
    treated: float
    known: tuple[float, float] | None = None
    known_median: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Ladder:
    """All rungs of a ladder: every target, start and size.

    usual      share alive after three years with usual care
    restricted whether somebody is still alive when the simulation ends: then gains are
               restricted means
    """

    rungs: tuple[Rung, ...]
    targets: tuple[str, ...]
    starts: tuple[str, ...]
    sizes: tuple[float, ...]
    usual: float
    patients: int
    horizon: float
    restricted: bool
    clock: Clock = "onset"
    members: int = 1

    def row(self, target: str, start: str) -> tuple[Rung, ...]:
        """Return the rungs of one target and start, by size."""
        return tuple(rung for rung in self.rungs if rung.step[:2] == (target, start))


@dataclass(frozen=True, slots=True)
class Needed:
    """The smallest effect that gains so many months for half of the patients or more.

    size  0-1, read between the rungs; not-a-number where no rung of the ladder reaches it
    most  the median gain of the largest effect of the ladder
    treated  share of patients in whom the effect ever begins
    known  smallest and largest such size over the members of an ensemble; None for one world
    """

    target: str
    start: str
    months: float
    size: float
    most: float
    treated: float
    known: tuple[float, float] | None = None


def climb(
    scenario: Scenario,
    targets: Sequence[str] = ("neuron_loss",),
    starts: Sequence[str] = LADDER_STARTS,
    sizes: Sequence[float] = SIZES,
    clock: Clock = "onset",
    backend: Backend = "auto",
    threads: int = 1,
    progress: Progress | None = None,
) -> Ladder:
    """Simulate every effect on the same patients, and hold each against usual care.

    Parameters
    ----------
    scenario : the world, the care and the number of patients; its own treatments are left out
    targets, starts : as in a treatment's effect
    sizes : of the effect, 0-1; sorted

    Raises ``UsageError`` for an unknown target or start, or a size outside 0-1.
    """
    asked = _checked(targets, starts, sizes)
    steps = [
        Step(target, start, size) for target in asked[0] for start in asked[1] for size in asked[2]
    ]
    found: list[Rung] = []
    comparison = None
    for some in _batches(steps):
        lives = live(with_steps(scenario, some), backend=backend, threads=threads)
        comparison = compare(lives, clock=clock, landmarks=(LANDMARK,))
        found += rungs(comparison, lives, some)
        if progress is not None:
            progress(len(found), len(steps))
    assert comparison is not None
    mark = comparison.landmarks[0].alive[0] if comparison.landmarks else nan
    cut = bool(comparison.restricted.any()) or not comparison.ended[0].all()
    return Ladder(tuple(found), *asked, mark, comparison.patients, comparison.horizon, cut, clock)


def side_by_side(ladders: Sequence[Ladder]) -> Ladder:
    """Join ladders of the same patients, target and sizes that differ in their starts.

    Raises ``UsageError`` where they do not fit together, or there is none.
    """
    if len({(one.targets, one.sizes, one.patients, one.horizon) for one in ladders}) != 1:
        raise UsageError("only ladders of the same patients, targets and sizes can be joined")
    return replace(
        ladders[0],
        rungs=tuple(rung for one in ladders for rung in one.rungs),
        starts=tuple(start for one in ladders for start in one.starts),
        restricted=any(one.restricted for one in ladders),
    )


def climb_worlds(members: Sequence[Scenario], climb_one: Callable[[Scenario], Ladder]) -> Ladder:
    """Climb the ladder in every member of an ensemble; the first is the reference.

    Each rung then also knows between which means and medians the members lie: what is not known
    of the disease, beside the interval of chance.
    """
    check_members(members)
    first, *others = ladders = [climb_one(member) for member in members]
    if any(one.sizes != first.sizes or one.starts != first.starts for one in others):
        raise UsageError("the ladders of an ensemble must have the same rungs")
    together = zip(*(one.rungs for one in ladders), strict=True)
    return replace(first, rungs=tuple(map(_spread, together)), members=len(ladders))


def _spread(same: tuple[Rung, ...]) -> Rung:
    import numpy as np

    values = np.array([[rung.gained.value, rung.median] for rung in same])
    (mean_low, median_low), (mean_high, median_high) = (row.tolist() for row in middle(values))
    return replace(same[0], known=(mean_low, mean_high), known_median=(median_low, median_high))


def with_steps(scenario: Scenario, steps: Iterable[Step]) -> Scenario:
    """Return the scenario with one arm for each step beside usual care."""
    usual = scenario.arms[0] if scenario.arms else Treatment(name="untreated", title="Usual care")
    return replace(
        scenario, arms=(usual, *(_treatment(k, step) for k, step in enumerate(steps, 1)))
    )


def _treatment(number: int, step: Step) -> Treatment:
    effect = Effect(target=step.target, size=step.size, start=step.start)
    title = f"{step.target} {step.size:g} from {step.start}"
    return Treatment(name=f"step-{number}", title=title, evidence="textbook", effects=(effect,))


def rungs(comparison: Comparison, lives: Lives, steps: Sequence[Step]) -> list[Rung]:
    """Return what each step does; step k is arm k + 1 of the comparison."""
    marks = comparison.landmarks
    return [
        _rung(comparison, lives, marks[0] if marks else None, arm, step)
        for arm, step in enumerate(steps, 1)
    ]


def _rung(
    comparison: Comparison, lives: Lives, mark: Landmark | None, arm: int, step: Step
) -> Rung:
    gains = comparison.gains[arm]
    window = min(WINDOW, comparison.horizon)
    return Rung(
        step,
        gains.mean,
        gains.median,
        gains.lower_quartile,
        gains.upper_quartile,
        described_ratio(comparison.seen(0), comparison.seen(arm), window),
        mark.alive[arm] if mark else nan,
        mark.difference[arm].times(100) if mark else Estimate(nan, nan, nan),
        1.0 - gains.never_treated,
    )


def check_months(months: float, horizon: float) -> None:
    """Raise ``UsageError`` unless a gain of so many months can be asked for."""
    if not 0 < months <= horizon:
        raise UsageError(f"months = {months:g} is not above 0 and at most {horizon:g}")


def needed(ladder: Ladder, months: float = MEANINGFUL) -> tuple[Needed, ...]:
    """Return the smallest effect that gains so many months for half of the patients or more.

    Read between two rungs on a straight line. Raises ``UsageError`` unless months are above 0 and
    within those that are simulated.
    """
    check_months(months, ladder.horizon)
    pairs = [(target, start) for target in ladder.targets for start in ladder.starts]
    return tuple(_needed(ladder.row(*pair), months) for pair in pairs)


def _needed(row: Sequence[Rung], months: float) -> Needed:
    target, start, _ = row[0].step
    last, sizes = row[-1], [rung.step.size for rung in row]
    size = _crossing(sizes, [rung.median for rung in row], months)
    limits = [rung.known_median for rung in row if rung.known_median is not None]
    known = None
    if len(limits) == len(row):
        least, most = zip(*limits, strict=True)
        known = (_crossing(sizes, most, months), _crossing(sizes, least, months))
    return Needed(target, start, months, size, last.median, last.treated, known)


def _crossing(sizes: Sequence[float], gains: Sequence[float], months: float) -> float:
    """Return the size at which the median gain first reaches so many months."""
    before, gain = 0.0, 0.0  # an effect of no size gains nothing
    for size, now in zip(sizes, gains, strict=True):
        if now >= months:
            return before + (months - gain) / (now - gain) * (size - before)
        before, gain = size, now
    return nan


def earliest_first(ladder: Ladder, target: str, months: float = MEANINGFUL) -> tuple[Needed, ...]:
    """Return what is needed for one target, from the start that asks least; never comes last."""
    own = [one for one in needed(ladder, months) if one.target == target]
    return tuple(sorted(own, key=lambda one: (isnan(one.size), one.size)))


def _batches(steps: Sequence[Step]) -> Iterable[list[Step]]:
    """Yield steps in groups that fit beside usual care."""
    most = MOST_ARMS - 1
    for _, group in groupby(enumerate(steps), key=lambda pair: pair[0] // most):
        yield [step for _, step in group]


def _checked(
    targets: Sequence[str], starts: Sequence[str], sizes: Sequence[float]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[float, ...]]:
    allowed = tuple(start for start in STARTS if start != "month")
    problems = []
    for name, given, known in (("target", targets, TARGETS), ("start", starts, allowed)):
        wrong = [one for one in given if one not in known]
        problems += [f"{name} {one!r} is not one of: {', '.join(known)}" for one in wrong]
        problems += [] if given else [f"a ladder has at least one {name}"]
    if not sizes or not all(0 <= size <= 1 for size in sizes):
        problems.append("sizes must be shares between 0 and 1, at least one")
    if problems:
        raise UsageError("\n  ".join(problems))
    return tuple(dict.fromkeys(targets)), tuple(dict.fromkeys(starts)), tuple(sorted(set(sizes)))
