"""What *Compare treatments* computes: arms beside usual care, function, and other worlds.

Results are kept for everybody by what was asked; those of a visitor's own file in the visit alone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from alssim.app.keeping import kept
from alssim.app.once import Shelf
from alssim.app.study import Study
from alssim.app.world import HORIZON, care_study, twins, with_arms
from alssim.model.record import RunRecord
from alssim.model.simulate import Progress, Simulation
from alssim.parameters import Resolved
from alssim.parameters.locate import shipped_ensemble
from alssim.parameters.schema import Scenario, Treatment
from alssim.present.charts import curve_months
from alssim.present.words import landmark_of
from alssim.studies.comparison import Comparison, compare
from alssim.studies.comparison.baseline import pinned
from alssim.studies.comparison.findings import Findings, findings
from alssim.studies.comparison.function import Function, FunctionKeeper
from alssim.studies.comparison.worlds import ManyWorlds, hold_together
from alssim.studies.ensemble import Worlds, read_ensemble, worlds_of
from alssim.studies.lives import live

T = TypeVar("T")
LANDMARKS = tuple(12.0 * year for year in range(1, HORIZON // 12 + 1))


@dataclass(frozen=True, slots=True)
class Asked:
    """What is compared: treatments beside usual care, how many people, and what is pinned.

    ``against``: name of the arm that the others are held against.
    """

    arms: tuple[Treatment, ...]
    patients: int
    against: str

    @property
    def followed(self) -> tuple[tuple[Treatment, ...], int]:
        """What has to be simulated for it."""
        return self.arms, self.patients


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """The same people in all arms, the baseline first.

    shown  up to the horizon of the curves;  whole: as long as followed
    found  further findings;  care: name of the care setting
    """

    asked: Asked
    shown: Comparison
    whole: Comparison
    found: Findings
    care: str
    record: RunRecord


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """The comparison in other worlds, and which those are."""

    worlds: Worlds
    many: ManyWorlds


_followed: Shelf[Simulation] = Shelf(64)
_outcomes: Shelf[Outcome] = Shelf(64)
_functions: Shelf[Function] = Shelf(16)
_known: Shelf[Known] = Shelf(6)


def outcome(
    asked: Asked, month: float, study: Study, progress: Progress, function: Function | None = None
) -> Outcome:
    """Follow virtual people in every arm and compare them; people are counted at ``month``.

    ``function``: what they can do, where it was followed. Raises ``AlssimError`` when the model
    refuses the request.
    """

    def work() -> Outcome:
        return _outcome(asked, month, study, progress, function)

    if function is not None:
        return work()
    return _once(_outcomes, "outcome", (study, (asked, month)), work, progress)


def _outcome(
    asked: Asked, month: float, study: Study, progress: Progress, function: Function | None
) -> Outcome:
    simulation = _once(
        _followed,
        "followed",
        (study, asked.followed),
        lambda: twins(asked.arms, asked.patients, study, progress),
        progress,
    )
    view = pinned(simulation, asked.against)
    whole = compare(view)
    costs = tuple(arm.cost for arm in simulation.scenario.arms)
    found = findings(
        view,
        whole,
        landmark_of(whole, month),
        view.of_function(function) if function else None,
        view.of_costs(costs),
    )
    shown = compare(view, horizon=HORIZON, landmarks=LANDMARKS)
    return Outcome(asked, shown, whole, found, simulation.scenario.care, simulation.record)


def function(asked: Asked, study: Study, progress: Progress) -> Function:
    """Follow what the same people can do, month by month; in the order of the simulation."""

    def work() -> Function:
        scenario = with_arms(care_study(asked.arms, study).record, asked.arms, asked.patients)
        keeper = FunctionKeeper(scenario, scenario.horizon)
        live(scenario, visits=True, also=keeper.add, progress=progress)
        return keeper.kept()

    return _once(_functions, "function", (study, asked.followed), work, progress)


# ------------------------------------------------------------------------------ other worlds


def has_ensemble() -> bool:
    """Whether sets of parameters ship, so that what is not known can be shown."""
    return shipped_ensemble().is_file()


def in_other_worlds(asked: Asked, first: Comparison, study: Study, progress: Progress) -> Known:
    """Compare in every set of parameters; ``first`` is the comparison as it is on the screen.

    Raises ``AlssimError`` where the scenario leaves nothing to the sets.
    """
    return _once(
        _known, "known", (study, asked), lambda: _known_of(asked, first, study, progress), progress
    )


def _known_of(asked: Asked, first: Comparison, study: Study, progress: Progress) -> Known:
    usual = care_study(asked.arms, study)

    def load(values: Mapping[str, float]) -> Resolved[Scenario]:
        progress(0, 1)  # a click on Stop is heard while they are read
        return usual.with_values(values)

    worlds = worlds_of(usual.resolved(), read_ensemble(shipped_ensemble()), load)
    others = worlds.scenarios[1:]
    found = [first]
    for number, world in enumerate(others):
        scenario = with_arms(world, asked.arms, asked.patients)
        lives = live(scenario, progress=_part(progress, number, len(others)))
        found.append(compare(pinned(lives, asked.against)))
    return Known(worlds, hold_together(found, curve_months(HORIZON)))


def _part(progress: Progress, number: int, members: int) -> Progress:
    return lambda done, whole: progress(number * whole + done, members * whole)


def _once(
    shelf: Shelf[T],
    name: str,
    asked: tuple[Study, object],
    compute: Callable[[], T],
    progress: Progress,
) -> T:
    if asked[0].private:
        return kept(f"compare_{name}", asked, compute)
    return shelf.once((asked[0].key, asked[1]), compute, lambda: progress(0, 1))
