"""Function by the ALSFRS-R: months of doing things without help, scores, and neurons lost.

Needs visits. They are large, so a ``FunctionKeeper`` takes them part by part as they are
simulated, keeps what a comparison needs, and lets them go.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from alssim.errors import UsageError
from alssim.model.events import months_of
from alssim.model.visits import Visits
from alssim.parameters.outcomes import Ability, Outcomes, usual_outcomes
from alssim.statistics.contrasts import mean_over_patients
from alssim.statistics.followup import BoolArray, FloatArray, freeze
from alssim.statistics.survival import Estimate
from alssim.studies.comparison.arms import Comparison
from alssim.studies.comparison.clocks import Clock, Followed, month_zero
from alssim.studies.comparison.effects import UNKNOWN
from alssim.studies.comparison.gains import LEVEL
from alssim.studies.comparison.stays import ratio_of_means

EVERY = 6  # months between the scores that are kept
MITOS = 5  # stages of life
FEWEST = 10  # patients alive in both arms, below whom no score is compared


class Seen(Protocol):
    """Patients with their visits: a simulation, or a part of one."""

    @property
    def events(self) -> FloatArray:
        """Months of the events [arm, event, patient]."""

    @property
    def visits(self) -> Visits | None:
        """Monthly visits."""


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """What is kept of the visits of a simulation.

    clock   what month 0 is
    until   months on the clock after which ability is not counted
    able    ability -> months of life without help in it [arm, patient]
    months  [month] on the clock, at which scores are kept
    score   [arm, patient, month] ALSFRS-R total at the visit before; -1 = not alive or no visit
    lost    [arm, patient, month] motor neurons lost in all pools by then; -1 likewise
    mitos   [arm, patient, 5] months of life in MiToS stages 0 to 4, as rated; they add up to the
            months lived
    """

    clock: Clock
    until: float
    able: Mapping[str, FloatArray]
    months: FloatArray
    score: NDArray[np.int8]
    lost: NDArray[np.int32]
    mitos: FloatArray

    def __post_init__(self) -> None:
        freeze(self)
        for row in self.able.values():
            row.flags.writeable = False


@dataclass(frozen=True, slots=True)
class AbleMonths:
    """Months of life without help in one thing [arm], and more than with usual care [arm]."""

    name: str
    months: tuple[Estimate, ...]
    difference: tuple[Estimate, ...]


@dataclass(frozen=True, slots=True)
class ScoreDifference:
    """ALSFRS-R at one month [arm].

    alive       patients alive in this arm and with usual care
    score       mean score of those, in this arm
    difference  from their own score with usual care; points
    all         difference over everybody, the dead counted as 0 points: it includes who lives on
    """

    month: float
    alive: tuple[int, ...]
    score: tuple[float, ...]
    difference: tuple[Estimate, ...]
    all: tuple[Estimate, ...]


@dataclass(slots=True)
class FunctionKeeper:
    """Takes visits part by part; give ``add`` to ``live`` as ``also``.

    until   months on the clock up to which ability is counted and scores are kept
    """

    scenario: Followed
    until: float
    clock: Clock = "onset"
    outcomes: Outcomes = field(default_factory=usual_outcomes)
    every: int = EVERY
    _able: list[FloatArray] = field(default_factory=list)
    _score: list[NDArray[np.int8]] = field(default_factory=list)
    _lost: list[NDArray[np.int32]] = field(default_factory=list)
    _mitos: list[FloatArray] = field(default_factory=list)

    @property
    def months(self) -> FloatArray:
        """Months on the clock at which scores are kept."""
        return np.arange(0.0, min(self.until, 120.0) + 1e-9, self.every)

    def add(self, part: Seen) -> None:
        """Keep what is needed of a part. Raises ``UsageError`` if it has no visits."""
        if part.visits is None:
            raise UsageError("function needs visits: simulate with visits=True")
        events = _Events(self.scenario, part.events)
        begin = month_zero(events, self.clock, self.outcomes.trial_entry)
        ends = np.fmin(events.months("death"), self.scenario.horizon)
        ends = np.minimum(ends, begin + self.until)
        months = _months_each(part.visits, begin, ends)
        self._able.append(
            np.array([_able(part.visits, months, one) for one in self.outcomes.abilities])
        )
        stages = [part.visits.alive & (part.visits.mitos == stage) for stage in range(MITOS)]
        self._mitos.append(np.stack([(there * months).sum(axis=-1) for there in stages], axis=-1))
        score, lost = _at(part.visits, begin, self.months)
        self._score.append(score)
        self._lost.append(lost)

    def kept(self) -> Function:
        """Return what was kept of all parts, in order."""
        able = np.concatenate(self._able, axis=2)
        names = (ability.name for ability in self.outcomes.abilities)
        return Function(
            self.clock,
            self.until,
            dict(zip(names, able, strict=True)),
            self.months,
            np.concatenate(self._score, axis=1),
            np.concatenate(self._lost, axis=1),
            np.concatenate(self._mitos, axis=1),
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Events:
    """The events of a part, as a comparison reads them."""

    scenario: Followed
    table: FloatArray

    @property
    def arms(self) -> tuple[str, ...]:
        return tuple(str(arm) for arm in range(len(self.table)))

    @property
    def treated(self) -> BoolArray:
        return np.isfinite(self.months("treatment_start"))

    def months(self, event: str) -> FloatArray:
        return months_of(self.table, event)


def _months_each(visits: Visits, begin: FloatArray, ends: FloatArray) -> FloatArray:
    """Return the time from ``begin`` to ``ends`` for which each visit stands [arm, patient, visit].

    A visit stands for the month that follows it.
    """
    after = np.append(visits.months[1:], visits.months[-1] + 1.0)
    start = np.maximum(visits.months, begin[:, None])
    stop = np.minimum(after, ends[..., None])
    return np.asarray(np.clip(stop - start, 0.0, None), np.float64)


def _able(visits: Visits, months: FloatArray, ability: Ability) -> FloatArray:
    """Return months of life without help [arm, patient]."""
    can = visits.alive & (visits.items[..., ability.item - 1] >= ability.lowest)
    return np.asarray((can * months).sum(axis=-1), np.float64)


def _at(
    visits: Visits, begin: FloatArray, months: FloatArray
) -> tuple[NDArray[np.int8], NDArray[np.int32]]:
    """Return scores and neurons lost at months on the clock [arm, patient, month]; -1 = none."""
    when = begin[:, None] + months
    place = np.floor(np.nan_to_num(when, nan=-1.0)).astype(np.int64)
    there = (place >= 0) & (place < len(visits.months))
    place = np.clip(place, 0, len(visits.months) - 1)
    patient = np.arange(len(begin))[:, None]
    alive = visits.alive[:, patient, place] & there
    score = np.where(alive, visits.total[:, patient, place], -1)
    lost = np.where(alive, visits.lost.sum(axis=-1, dtype=np.int32)[:, patient, place], -1)
    return score.astype(np.int8), lost.astype(np.int32)


def function_of(
    simulation: Seen, scenario: Followed, until: float, clock: Clock = "onset"
) -> Function:
    """Return the function of a simulation that holds its visits."""
    keeper = FunctionKeeper(scenario, until, clock)
    keeper.add(simulation)
    return keeper.kept()


def able_months(function: Function, comparison: Comparison) -> tuple[AbleMonths, ...]:
    """Return months of doing each thing without help, with paired differences.

    Raises ``UsageError`` where function was kept on another clock or for another time.
    """
    check_clocks(function, comparison)
    nothing = Estimate(0.0, 0.0, 0.0)
    found = []
    for name, whole in function.able.items():
        each = whole[:, comparison.members]
        others = [mean_over_patients(row - each[0], LEVEL) for row in each[1:]]
        found.append(
            AbleMonths(
                name, tuple(mean_over_patients(row, LEVEL) for row in each), (nothing, *others)
            )
        )
    return tuple(found)


def score_differences(function: Function, comparison: Comparison) -> tuple[ScoreDifference, ...]:
    """Return ALSFRS-R differences, month by month, while enough people live in both arms."""
    check_clocks(function, comparison)
    score = function.score[:, comparison.members].astype(np.float64)
    found = []
    for place, month in enumerate(function.months.tolist()):
        row = _score_difference(month, score[:, :, place])
        if min(row.alive) < FEWEST:
            break
        found.append(row)
    return tuple(found)


def _score_difference(month: float, score: FloatArray) -> ScoreDifference:
    both = (score >= 0) & (score[0] >= 0)
    points = np.maximum(score, 0.0)
    return ScoreDifference(
        month,
        tuple(both.sum(axis=1).tolist()),
        tuple(
            float(row[yes].mean()) if yes.any() else np.nan
            for row, yes in zip(score, both, strict=True)
        ),
        tuple(
            mean_over_patients((row - score[0])[yes], LEVEL) if yes.any() else UNKNOWN
            for row, yes in zip(score, both, strict=True)
        ),
        tuple(mean_over_patients(row - points[0], LEVEL) for row in points),
    )


def neuron_loss_ratio(
    function: Function, comparison: Comparison, months: float = 12.0
) -> tuple[Estimate, ...]:
    """Return neurons lost in the first months on the clock, as a share of usual care [arm].

    Over patients alive in both arms at the end of those months; 1 = as many neurons lost.
    Interval over patients, of a ratio of means. Not-a-number where too few live or lose any.
    """
    check_clocks(function, comparison)
    place = int(np.searchsorted(function.months, months - 1e-9))
    if place >= len(function.months):
        return (UNKNOWN,) * len(comparison.arms)
    lost = function.lost[:, comparison.members]
    return tuple(_loss_ratio(lost[0], row, place) for row in lost)


def _loss_ratio(usual: NDArray[np.int32], arm: NDArray[np.int32], place: int) -> Estimate:
    kept = np.logical_and.reduce([row[:, k] >= 0 for row in (usual, arm) for k in (0, place)])
    here, there = ((row[kept, place] - row[kept, 0]).astype(np.float64) for row in (usual, arm))
    if kept.sum() < FEWEST or not here.any():
        return UNKNOWN
    return ratio_of_means(there, here)


def check_clocks(function: Function, comparison: Comparison) -> None:
    """Raise ``UsageError`` unless function was kept on the clock of the comparison."""
    if function.clock != comparison.clock:
        raise UsageError(
            f"function was kept from {function.clock}, the comparison counts from "
            f"{comparison.clock}"
        )
