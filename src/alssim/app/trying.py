"""The virtual trials of the app: who could take part, one trial, and two hundred of them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, lru_cache

import numpy as np

from alssim.app.once import Shelf
from alssim.model.record import RunRecord
from alssim.parameters import load_trial
from alssim.parameters.locate import TRIALS, names
from alssim.parameters.trial import Trial
from alssim.studies.trial import Operating, Pool, Report, gather, plan, replicate, report
from alssim.studies.trial.drawing import Trials, draw
from alssim.studies.trial.plan import Plan, without_effect
from alssim.studies.trial.record import trial_record

PLAIN = "two-arms"
REPLICATES = 200
SIZE_KEY = "treatment.effects.1.size"
PARTS = ("people", "trials", "null_people", "null_trials")
"""What many trials are made of, in order; ``null``: with a treatment that does nothing."""
PartProgress = Callable[[str, int, int], None]

_pools: Shelf[Pool] = Shelf(12)
_many: Shelf["Many"] = Shelf(60)


@dataclass(frozen=True, slots=True)
class Try:
    """A trial: a shipped design, people in its control arm, size of its effect, and a seed.

    ``effect``: 0-1; None where the design gives no treatment with an effect.
    """

    name: str
    per_arm: int
    effect: float | None
    seed: int


@dataclass(frozen=True, slots=True)
class Many:
    """Many trials of one design, and as many of a treatment that does nothing."""

    found: Operating
    null: Operating


@cache
def designs() -> tuple[str, ...]:
    """Return the names of all shipped designs: the plain one, then re-enactments by title."""
    others = sorted(
        (name for name in names(TRIALS) if name != PLAIN), key=lambda one: shipped(one).title
    )
    return PLAIN, *others


@cache
def shipped(name: str) -> Trial:
    """Return a design as its file has it."""
    return load_trial(name).record


def own_effect(name: str) -> float | None:
    """Return the size of the effect that a design gives; None where it gives none."""
    effects = shipped(name).treatment.effects
    return effects[0].size if effects else None


def settings(asked: Try) -> dict[str, float | int]:
    """Return what differs from the file, by dotted key; the seed aside."""
    found: dict[str, float | int] = {}
    if asked.per_arm != shipped(asked.name).per_arm:
        found["per_arm"] = asked.per_arm
    if asked.effect is not None and asked.effect != own_effect(asked.name):
        found[SIZE_KEY] = asked.effect
    return found


@lru_cache(maxsize=256)
def design(asked: Try) -> Trial:
    """Return the design with its changes and its seed; raise ``ParameterError`` for bad ones."""
    seeds = dict.fromkeys(("people", "fate", "luck"), asked.seed)
    return load_trial(asked.name, {**settings(asked), **seeds}).record


def one_trial(asked: Try, number: int, progress: PartProgress) -> Report:
    """Carry out one trial; ``number`` says which of all that may be drawn.

    Raises ``AlssimError`` when the model refuses it.
    """
    return report(_pool(asked, False, progress), number)


def many_trials(asked: Try, progress: PartProgress) -> Many:
    """Carry out many trials, and as many of a treatment that does nothing; computed once."""

    def work() -> Many:
        found = _replicated(asked, False, progress)
        return Many(found, _replicated(asked, True, progress))

    return _many.once(asked, work, lambda: progress(PARTS[1], 0, 1))


def rated_visits(asked: Try, number: int) -> Trials:
    """Return the visits of one trial that was carried out."""
    return draw(_pool(asked, False, lambda part, done, whole: None), np.array([number]))


def trial_plan(asked: Try) -> Plan:
    """Return the plan of a trial that was carried out."""
    return _pool(asked, False, lambda part, done, whole: None).plan


def record(asked: Try) -> RunRecord:
    """Return the run record of a trial that was carried out."""
    return trial_record(trial_plan(asked))


def _replicated(asked: Try, null: bool, progress: PartProgress) -> Operating:
    pool = _pool(asked, null, progress)
    part = PARTS[2 * null + 1]
    return replicate(pool, REPLICATES, progress=lambda done, whole: progress(part, done, whole))


def _pool(asked: Try, null: bool, progress: PartProgress) -> Pool:
    """Return people fit for the trial: the same ones for every size of its arms."""
    wanted = design(asked)
    if null:
        wanted = without_effect(wanted)
    part = PARTS[2 * null]

    def work() -> Pool:
        return gather(plan(wanted), progress=lambda done, whole: progress(part, done, whole))

    people = replace(asked, per_arm=shipped(asked.name).per_arm)
    if null:
        people = replace(people, effect=None)
    pool = _pools.once((people, null), work, lambda: progress(part, 0, 1))
    return replace(pool, trial=wanted, plan=replace(pool.plan, trial=wanted))
