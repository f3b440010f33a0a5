"""People fit for a trial, each followed in both arms: what trials are drawn from.

People are screened one after the other until enough are let in. Each is then followed twice with
the same luck, once in either arm, at whole months from allocation. What is kept is what a visit
would find before it is rated; ratings are drawn anew for every trial, save those up to allocation,
which decided who was let in.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alssim.errors import UsageError
from alssim.model.arms import Arm, Chunk, run_arms
from alssim.model.backend import Backend, Engine, choose
from alssim.model.events import months_of
from alssim.model.physics import compile_world
from alssim.model.simulate import Progress
from alssim.model.visits import examine
from alssim.parameters.schema import Scenario
from alssim.parameters.trial import Trial
from alssim.statistics.followup import FloatArray, IntArray
from alssim.studies.trial.plan import Plan, Stratum
from alssim.studies.trial.screening import REASONS, Screened, screen

FEWEST_AT_ONCE, MOST_AT_ONCE = 128, 2048  # people screened together
RAREST = 1 / 200  # share of the people asked that is fit; fewer, and the trial is refused
FEWEST_ASKED = 8_000  # people asked before that is judged
ENDS: dict[str, tuple[str, ...]] = {
    "death": ("death",),
    "death_or_tracheostomy": ("death", "tracheostomy"),
    "death_tracheostomy_or_niv_22h": ("death", "tracheostomy", "niv_22h"),
}
SEEDS_APART = 2**62  # between the numbers of the people of two strata


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """People fit for a trial, in both arms; arm 0 is the control. Arrays are read-only.

    months     [visit] months from allocation; those up to 0 are the lead-in
    latent     [arm, person, visit, 11] what the items measure, 0-1
    twelfth    [arm, person, visit] item 12
    tube       [arm, person, visit] a feeding tube is in place
    alive      [arm, person, visit]
    marker     [arm, person, visit] logarithm of the readout of neurons lost, without noise
    before     [person, visit up to 0, 12] items as rated
    ends       event -> [arm, person] months from allocation; infinite: not while followed
    weight     [person] relative chance of being drawn into a trial
    traits     name -> [person] who they are at allocation, for the table of the arms
    asked      people asked, by stratum; ``refused`` [stratum, reason] of these, see REASONS
    """

    trial: Trial
    months: IntArray
    latent: NDArray[np.float32]
    twelfth: NDArray[np.int8]
    tube: NDArray[np.bool_]
    alive: NDArray[np.bool_]
    marker: NDArray[np.float32]
    before: NDArray[np.int8]
    ends: dict[str, FloatArray]
    weight: FloatArray
    traits: dict[str, FloatArray]
    asked: IntArray
    refused: IntArray
    plan: Plan

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray):
                value.flags.writeable = False

    def __len__(self) -> int:
        return len(self.weight)


def gather(
    plan: Plan,
    people: int | None = None,
    backend: Backend = "auto",
    first: int = 0,
    progress: Progress | None = None,
) -> Pool:
    """Screen people until ``people`` (the trial's own number unless given) are fit for it.

    ``first`` is the number of the first person asked. Raises ``UsageError`` where hardly
    anybody meets the criteria.
    """
    wanted = plan.trial.pool if people is None else people
    counts = np.full(len(plan.strata), wanted // len(plan.strata))
    counts[0] += wanted - counts.sum()
    engine = choose(backend, 8 * wanted)
    parts: list[dict[str, Any]] = []
    asked = np.zeros(len(plan.strata), np.int64)
    refused = np.zeros((len(plan.strata), len(REASONS)), np.int64)
    done = 0
    for row, (stratum, count) in enumerate(zip(plan.strata, counts.tolist(), strict=True)):
        start = first + row * SEEDS_APART
        for screened, part in _followed(plan.trial, stratum, count, engine, start):
            asked[row] += screened.asked
            refused[row] += screened.refused
            part["weight"] = np.full(len(part["weight"]), float(row))
            parts.append(part)
            done += len(part["weight"])
            if progress is not None:
                progress(min(done, wanted), wanted)
    return _joined(plan, parts, asked, refused)


def _followed(
    trial: Trial, stratum: Stratum, count: int, engine: Engine, start: int
) -> Iterator[tuple[Screened, dict[str, Any]]]:
    """Yield people of one kind who were let in, some at a time, until there are enough."""
    found, asked = 0, 0
    physics = compile_world(stratum.control.world)
    while found < count:
        if asked >= FEWEST_ASKED and found < RAREST * asked:
            raise UsageError(
                f"{trial.name}: of {asked:,} people asked only {found} are fit for it; "
                "widen its entry criteria"
            )
        size = min(max(4 * (count - found), FEWEST_AT_ONCE), MOST_AT_ONCE)
        numbers = np.arange(start + asked, start + asked + size)
        chunk = Chunk.draw(stratum.control, physics, numbers, engine)
        usual = run_arms(stratum.control, chunk, engine, True, False)[0]
        screened = screen(trial, stratum.control, chunk, usual, count - found)
        asked += screened.asked
        found += len(screened.rows)
        yield screened, _both_arms(trial, stratum, numbers[screened.rows], screened, engine)


def _both_arms(
    trial: Trial, stratum: Stratum, numbers: IntArray, screened: Screened, engine: Engine
) -> dict[str, Any]:
    """Follow those who were let in once in each arm."""
    entry = screened.month.astype(np.float64)
    arms = [
        _followed_arm(trial, scenario, numbers, entry, engine)
        for scenario in (stratum.control, stratum.treated)
    ]
    both: dict[str, Any] = {name: np.stack([arm[name] for arm in arms]) for name in arms[0]}
    return {
        **both,
        "before": screened.rated,
        "traits": screened.traits,
        "weight": np.zeros(len(numbers)),
    }


def _followed_arm(
    trial: Trial, scenario: Scenario, numbers: IntArray, entry: FloatArray, engine: Engine
) -> dict[str, NDArray[Any]]:
    """Return what visits of one arm find, [person, visit, ...], and when lives end."""
    physics = compile_world(scenario.world)
    chunk = Chunk.draw(scenario, physics, numbers, engine)
    arm = run_arms(scenario, chunk, engine, True, False, entry)[-1]
    found = _seen(trial, scenario, chunk, arm, entry.astype(np.int64))
    for name, events in ENDS.items():
        when = np.min([np.nan_to_num(months_of(arm.events, e), nan=np.inf) for e in events], axis=0)
        found[name] = when - entry
    return found


def _seen(
    trial: Trial, scenario: Scenario, chunk: Chunk, arm: Arm, entry: IntArray
) -> dict[str, NDArray[Any]]:
    """Examine people at every month from the first visit on; keep the months of visits."""
    every = np.arange(-trial.lead_in, trial.follow_up + 1)
    month = entry[:, None] + every
    alive = ~(months_of(arm.events, "death")[:, None] <= month)
    row, column = np.nonzero(alive)
    seen = examine(
        scenario.world,
        chunk.physics,
        chunk.patients,
        arm.outcome,
        arm.effects,
        arm.events,
        row,
        month[row, column],
    )
    kept = np.searchsorted(every, trial.months())
    laid = {
        "latent": _laid_out(seen.latent.astype(np.float32), alive),
        "twelfth": _laid_out(seen.twelfth, alive),
        "tube": _laid_out(seen.tube, alive),
        "alive": alive,
        "marker": _marker(trial, chunk, arm, month),
    }
    return {name: values[:, kept] for name, values in laid.items()}


def _laid_out(values: NDArray[Any], alive: NDArray[np.bool_]) -> NDArray[Any]:
    table = np.zeros((*alive.shape, *values.shape[1:]), values.dtype)
    table[alive] = values
    return table


def _marker(trial: Trial, chunk: Chunk, arm: Arm, month: IntArray) -> NDArray[np.float32]:
    """Return the logarithm of the readout: neurons lost a month, some time ago, above a floor."""
    about, neurons = trial.marker, chunk.physics.neurons * arm.outcome.lost.shape[2]
    share = arm.outcome.lost.sum(axis=2) / neurons
    row, last = np.arange(len(month))[:, None], share.shape[1] - 1
    end = np.clip(month - about.lag, 0, last)
    begin = np.clip(end - about.window, 0, last)
    rate = (share[row, end] - share[row, begin]) / np.maximum(end - begin, 1)
    readout = np.log(about.floor + np.maximum(rate, 0.0))
    return np.asarray(readout, np.float32)


def _joined(plan: Plan, parts: list[dict[str, Any]], asked: IntArray, refused: IntArray) -> Pool:
    def whole(name: str, axis: int) -> NDArray[Any]:
        return np.concatenate([part[name] for part in parts], axis=axis)

    stratum = whole("weight", 0).astype(np.int64)
    share = np.array([one.share for one in plan.strata])
    weight = (share / np.maximum(asked, 1))[stratum]
    return Pool(
        trial=plan.trial,
        months=np.array(plan.trial.months()),
        **{name: whole(name, 1) for name in ("latent", "twelfth", "tube", "alive", "marker")},
        before=whole("before", 0),
        ends={name: whole(name, 1) for name in ENDS},
        weight=weight / weight.mean(),
        traits={
            name: np.concatenate([part["traits"][name] for part in parts])
            for name in parts[0]["traits"]
        },
        asked=asked,
        refused=refused,
        plan=plan,
    )
