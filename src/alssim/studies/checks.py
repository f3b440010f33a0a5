"""Counts that put a claim about the disease beside simulated people, in usual or other care.

Each check counts virtual people without an added treatment: of so many, how many are in each row.
Some rows are means of a score or shares of neurons; ``Check.unit`` says which.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from alssim.model.anatomy import ARMS, BULBAR, LEGS, POOL_COUNT, REGION_COUNT, REGIONS
from alssim.model.events import CAUSES
from alssim.model.patients import COGNITION, GENETIC_FORMS
from alssim.model.simulate import Simulation, simulate
from alssim.parameters.schema import Scenario
from alssim.statistics.followup import BoolArray, FloatArray

SHARE, POINTS = "share", "points"
WHOLE, VISITED = 600, 48  # months: of whole lives, and of monthly visits
SEEN = 24  # month at which the living are looked at
AGES = (40, 50, 60, 70)
YEARS = (1, 2, 3, 5, 10)
PLACES = ("bulbar", "arm", "leg", "trunk", "breathing")
STAGES = ("docs_1", "docs_2", "docs_3", "docs_4", "docs_5", "docs_6", "docs_7", "docs_8")
TELLING = ("twitching", "cramps", "stiffness", "wasting", "fatigue")

Rows = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check counted.

    rows     (name, value): shares 0-1, or points of the ALSFRS-R
    people   people behind the rows
    beside   the same rows in another care or at another time; empty where there is none
    """

    rows: Rows
    people: int
    beside: Rows = ()

    def of(self, name: str) -> float:
        """Return the value of a row."""
        return dict(self.rows)[name]


@dataclass(frozen=True, slots=True)
class Check:
    """A way to count, and what it needs of a simulation.

    visits   whether monthly visits are read;  unit: SHARE or POINTS
    care     care setting beside which the same people are counted; empty: none
    survival whether the rows tell how long people live
    """

    count: Callable[[Simulation], Finding]
    visits: bool = False
    unit: str = SHARE
    care: bool = False
    survival: bool = False

    def run(self, scenario: Scenario, other: Scenario | None = None) -> Finding:
        """Follow the people of a scenario, and of another one for ``beside``, and count."""
        found = self.count(self._followed(scenario))
        if other is None:
            return found
        return replace(found, beside=self.count(self._followed(other)).rows)

    def _followed(self, scenario: Scenario) -> Simulation:
        alone = replace(scenario, arms=scenario.arms[:1])
        months = VISITED if self.visits else WHOLE
        return simulate(replace(alone, horizon=months), visits=self.visits)


def _counted(names: tuple[str, ...], groups: list[BoolArray], among: BoolArray) -> Finding:
    """Return the share of each group among some people; zero where there is nobody."""
    whole = max(int(among.sum()), 1)
    rows = tuple(
        (name, float((group & among).sum() / whole))
        for name, group in zip(names, groups, strict=True)
    )
    return Finding(rows, int(among.sum()))


def _everybody(people: Simulation) -> BoolArray:
    return np.ones(len(people.patients), np.bool_)


def _between(values: FloatArray, edges: tuple[float, ...]) -> list[BoolArray]:
    """Return who lies below the first edge, between each two, and at or above the last."""
    group = np.searchsorted(edges, values, side="right")
    return [np.asarray(group == place) for place in range(len(edges) + 1)]


# ------------------------------------------------------------------------------- who they are


def genes(people: Simulation) -> Finding:
    """Count genetic forms."""
    form = people.patients.genetic_form
    groups = [np.asarray(form == place) for place in range(len(GENETIC_FORMS))]
    return _counted(GENETIC_FORMS, groups, _everybody(people))


def ages(people: Simulation) -> Finding:
    """Count ages at the first symptom."""
    names = ("below_40", "from_40", "from_50", "from_60", "from_70")
    return _counted(names, _between(people.patients.age, AGES), _everybody(people))


def sexes(people: Simulation) -> Finding:
    """Count men and women."""
    male = people.patients.male
    return _counted(("men", "women"), [male, ~male], _everybody(people))


def thinking(people: Simulation) -> Finding:
    """Count those whose thinking or behaviour is changed, and those with dementia."""
    state = people.patients.cognition
    groups = [np.asarray(state == place) for place in range(len(COGNITION))]
    return _counted(COGNITION, groups, _everybody(people))


# -------------------------------------------------------------------------- how it goes on


def _first(people: Simulation) -> FloatArray:
    """Return the month in which each of ``PLACES`` is weak [place, patient]."""
    weak = {name: people.months(f"weakness_{name}")[0] for name in REGIONS}
    arms = np.fmin(*(weak[REGIONS[region]] for region in ARMS))
    legs = np.fmin(*(weak[REGIONS[region]] for region in LEGS))
    return np.array([weak[REGIONS[BULBAR]], arms, legs, weak["trunk"], weak["respiratory"]])


def begins(people: Simulation) -> Finding:
    """Count where the first weakness is."""
    return _ordered(_first(people), 0)


def follows(people: Simulation) -> Finding:
    """Count where the second weakness is, among those who have one."""
    return _ordered(_first(people), 1)


def _ordered(months: FloatArray, order: int) -> Finding:
    known = np.nan_to_num(months, nan=np.inf)
    place = np.argsort(known, axis=0, kind="stable")[order]
    there = np.isfinite(np.sort(known, axis=0)[order])
    return _counted(PLACES, [np.asarray(place == one) for one in range(len(PLACES))], there)


def causes(people: Simulation) -> Finding:
    """Count causes of death, among those who die while followed."""
    cause = people.cause[0]
    names = tuple(name for name in CAUSES if name not in ("alive", "treatment"))
    groups = [np.asarray(cause == CAUSES.index(name)) for name in names]
    return _counted(names, groups, np.asarray(cause > 0))


def paralysed(people: Simulation) -> Finding:
    """Count who lives to the month at which most muscles are paralysed."""
    reached = np.isfinite(people.months("most_paralysed")[0])
    return _counted(("reached", "never"), [reached, ~reached], _everybody(people))


def neurons(people: Simulation) -> Finding:
    """Return lower motor neurons left in the living at month 24, and beside them upper ones."""
    assert people.visits is not None
    alive = people.visits.alive[0, :, SEEN]
    lost = people.visits.lost[0, alive, SEEN].astype(np.float64)
    left = 1 - lost / people.scenario.world.numerics.neurons_per_pool
    means = left.mean(axis=0).tolist() if len(left) else [0.0] * POOL_COUNT
    lower, upper = means[:REGION_COUNT], means[REGION_COUNT:]
    return Finding(
        rows=tuple(zip(REGIONS, lower, strict=True)),
        people=int(alive.sum()),
        beside=tuple(zip(REGIONS, upper, strict=True)),
    )


def scores(people: Simulation) -> Finding:
    """Return the mean ALSFRS-R of the living, year by year."""
    assert people.visits is not None
    rows = []
    for month in range(0, VISITED + 1, 12):
        alive = people.visits.alive[0, :, month]
        total = people.visits.total[0, alive, month]
        rows.append((f"month_{month}", float(total.mean()) if len(total) else 0.0))
    return Finding(tuple(rows), len(people.patients))


def symptoms(people: Simulation) -> Finding:
    """Count symptoms of the living at month 24."""
    assert people.visits is not None
    alive = people.visits.alive[0, :, SEEN]
    names = [symptom.name for symptom in people.scenario.world.symptoms]
    there = people.visits.symptoms[0, :, SEEN, :]
    return _counted(TELLING, [there[:, names.index(name)] for name in TELLING], alive)


# ---------------------------------------------------------------------- how long, in which order


def alive(people: Simulation) -> Finding:
    """Count who is alive after some years."""
    death = np.nan_to_num(people.months("death")[0], nan=np.inf)
    groups = [np.asarray(death > 12 * year) for year in YEARS]
    return _counted(tuple(f"year_{year}" for year in YEARS), groups, _everybody(people))


def lengths(people: Simulation) -> Finding:
    """Count lives by their length from the first symptom."""
    death = np.nan_to_num(people.months("death")[0], nan=np.inf)
    names = ("first_year", "second_year", "third_year", "to_five", "beyond_five")
    return _counted(names, _between(death, (12, 24, 36, 60)), _everybody(people))


def passed(people: Simulation) -> Finding:
    """Count how much of the course has passed at diagnosis."""
    share = people.months("diagnosis")[0] / people.months("death")[0]
    known = np.isfinite(share)
    names = ("quarter", "half", "three_quarters", "more")
    return _counted(names, _between(np.where(known, share, -1), (0.25, 0.5, 0.75)), known)


def orders(people: Simulation) -> Finding:
    """Count who goes through the eight stages in order, who misses one, who takes another order.

    The last three rows are part of those before.
    """
    months = np.array([people.months(stage)[0] for stage in STAGES])
    earliest_later = np.fmin.accumulate(months[::-1], axis=0)[::-1]
    crossed = np.asarray((months[:-1] > earliest_later[1:]).any(axis=0))  # false where never
    whole = np.isfinite(months).all(axis=0)
    diagnosis, second, third, tube, mask = months[[1, 3, 4, 5, 6]]
    groups = [
        np.asarray(whole & ~crossed),
        np.asarray(~whole & ~crossed),
        crossed,
        np.asarray(second < diagnosis),
        np.asarray(tube < third),
        np.asarray(mask < tube),
    ]
    names = ("strict", "missing", "crossed", "second_first", "tube_first", "mask_first")
    return _counted(names, groups, _everybody(people))


def tubes(people: Simulation) -> Finding:
    """Count who needs a feeding tube before a leg is weak, after it, or never."""
    tube, legs = people.months("gastrostomy_need")[0], _first(people)[2]
    needed = np.isfinite(tube)
    before = np.asarray(needed & (tube < np.nan_to_num(legs, nan=np.inf)))
    names = ("before", "after", "never")
    return _counted(names, [before, needed & ~before, ~needed], _everybody(people))


CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "genes": Check(genes),
        "ages": Check(ages),
        "sexes": Check(sexes),
        "thinking": Check(thinking),
        "begins": Check(begins),
        "follows": Check(follows),
        "causes": Check(causes, survival=True),
        "paralysed": Check(paralysed),
        "neurons": Check(neurons, visits=True),
        "scores": Check(scores, visits=True, unit=POINTS),
        "symptoms": Check(symptoms, visits=True),
        "alive": Check(alive, survival=True),
        "care": Check(alive, care=True, survival=True),
        "lengths": Check(lengths, survival=True),
        "passed": Check(passed),
        "orders": Check(orders),
        "tubes": Check(tubes),
    }
)
"""Checks by name."""
