"""Draw trials from the pool: who takes part, in which arm, how they are rated, who leaves.

Trial k depends on (the trial's seed, k) and the pool alone. Within a trial nobody takes part twice;
over trials people are drawn again and again.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alssim.errors import UsageError
from alssim.model.function import all_items
from alssim.model.staging import kings_from_alsfrs
from alssim.model.visits import rate
from alssim.parameters.trial import Trial
from alssim.randomness import exponentials, normals, uniforms, words
from alssim.statistics.followup import BoolArray, FloatArray, IntArray
from alssim.studies.trial.pool import ENDS, Pool

NOISES = 12  # normal numbers a rating: one for the visit, eleven for the items
LEAST_RATED, MOST_RATED = 0.0, 48.0


@dataclass(frozen=True, slots=True, eq=False)
class Trials:
    """Trials that were drawn; patients of the control arm come first. Arrays are read-only.

    months   [visit] from allocation; those up to 0 are the lead-in
    person   [replicate, patient] row in the pool
    treated  [patient] arm
    order    [patient] place in the order of entry within the arm, from 0
    total    [replicate, patient, visit] ALSFRS-R as rated; not-a-number where there is no visit
    kings    [replicate, patient, visit] King's stage from the rated items; 0 where no visit
    marker   [replicate, patient, visit] logarithm of the readout; not-a-number where no visit
    left     [replicate, patient] month of leaving the trial; infinite: stays
    ends     event -> [replicate, patient] month of the end of life; infinite: none
    """

    trial: Trial
    months: IntArray
    person: IntArray
    treated: BoolArray
    order: IntArray
    total: FloatArray
    kings: NDArray[np.int8]
    marker: FloatArray
    left: FloatArray
    ends: dict[str, FloatArray]

    def __len__(self) -> int:
        return len(self.person)

    def first(self, share: float) -> "Trials":
        """Return the trials with the first ``share`` of each arm alone: an interim look."""
        arms = np.where(self.treated, self.trial.treated, self.trial.per_arm)
        kept = self.order < np.maximum(2, np.round(share * arms))
        return Trials(
            self.trial,
            self.months,
            self.person[:, kept],
            self.treated[kept],
            self.order[kept],
            self.total[:, kept],
            self.kings[:, kept],
            self.marker[:, kept],
            self.left[:, kept],
            {name: when[:, kept] for name, when in self.ends.items()},
        )


def draw(pool: Pool, numbers: IntArray, trial: Trial | None = None, fresh: bool = False) -> Trials:
    """Draw the trials with these numbers.

    ``trial`` may differ from the pool's in its size, its drop-out, its blinding and its analysis.
    ``fresh`` takes people in order, each once: the pool then holds those of these trials alone.

    Raises ``UsageError`` where the pool is too small.
    """
    design = pool.trial if trial is None else trial
    needed = design.size * (len(numbers) if fresh else 1)
    if len(pool) < needed:
        raise UsageError(f"{needed} patients are needed, the pool holds {len(pool)}")
    person = _in_order(len(numbers), design.size) if fresh else _chosen(pool, design, numbers)
    treated = np.arange(design.size) >= design.per_arm
    if fresh:
        person = _shuffled(design, numbers, person)
    order = np.where(treated, np.arange(design.size) - design.per_arm, np.arange(design.size))
    arm = treated.astype(np.int64)
    left = _leaving(design, numbers)
    alive = pool.alive[arm, person]
    seen = alive & (pool.months < left[..., None])
    total, kings = _rated(pool, design, numbers, arm, person, seen)
    return Trials(
        design,
        pool.months,
        person,
        treated,
        order,
        _with_bias(design, numbers, pool.months, treated, total),
        kings,
        _measured(pool, design, numbers, arm, person, seen),
        left,
        {name: pool.ends[name][arm, person] for name in ENDS},
    )


def _in_order(replicates: int, size: int) -> IntArray:
    return np.arange(replicates * size).reshape(replicates, size)


def _luck(trial: Trial, numbers: IntArray, purpose: str, count: int) -> NDArray[np.uint64]:
    return words(trial.luck, numbers, f"trial {purpose}", count)


def _chosen(pool: Pool, trial: Trial, numbers: IntArray) -> IntArray:
    """Choose the people of each trial, without repeats: the smallest of exponential waits."""
    wait = exponentials(_luck(trial, numbers, "people", len(pool))) / pool.weight
    few = np.argpartition(wait, trial.size - 1, axis=1)[:, : trial.size]
    rank = np.argsort(np.take_along_axis(wait, few, axis=1), axis=1)
    return _shuffled(trial, numbers, np.take_along_axis(few, rank, axis=1))


def _shuffled(trial: Trial, numbers: IntArray, person: IntArray) -> IntArray:
    """Allot people to places, and so to arms, by chance."""
    order = np.argsort(_luck(trial, numbers, "allocation", person.shape[1]), axis=1)
    return np.take_along_axis(person, order, axis=1)


def _leaving(trial: Trial, numbers: IntArray) -> FloatArray:
    if trial.dropout == 0:
        return np.full((len(numbers), trial.size), np.inf)
    return exponentials(_luck(trial, numbers, "leaving", trial.size)) / trial.dropout


def _rated(
    pool: Pool,
    trial: Trial,
    numbers: IntArray,
    arm: IntArray,
    person: IntArray,
    seen: BoolArray,
) -> tuple[FloatArray, NDArray[np.int8]]:
    """Rate the visits after allocation anew [replicate, patient, visit]; keep those before."""
    later = pool.months > 0
    visits = int(later.sum())
    raw = _luck(trial, numbers, "ratings", trial.size * visits * NOISES)
    after = seen[..., later]
    noise = normals(raw.reshape(*after.shape, NOISES)[after])
    where = _places(arm, person, after)
    world = pool.plan.strata[0].control.world
    items = all_items(
        rate(world, pool.latent[:, :, later][where].astype(np.float64), noise),
        pool.twelfth[:, :, later][where],
        pool.tube[:, :, later][where],
    )
    total = np.full(seen.shape, np.nan)
    kings = np.zeros(seen.shape, np.int8)
    total[..., ~later] = pool.before.sum(axis=2, dtype=np.int64)[person]
    total[..., later] = _laid(items.sum(axis=1, dtype=np.float64), after, np.nan)
    stage = kings_from_alsfrs(items, pool.tube[:, :, later][where], np.ones(len(items), bool))
    kings[..., later] = _laid(stage, after, 0)
    tube = pool.tube[0][:, ~later][person]
    first = pool.before[person]
    kings[..., ~later] = kings_from_alsfrs(first, tube, np.ones(first.shape[:-1], bool))
    return total, kings


def _places(
    arm: IntArray, person: IntArray, seen: BoolArray
) -> tuple[IntArray, IntArray, IntArray]:
    """Return arm, person and visit of each visit seen."""
    replicate, patient, visit = np.nonzero(seen)
    return arm[patient], person[replicate, patient], visit


def _laid(values: NDArray[np.generic], seen: BoolArray, nothing: float) -> NDArray[np.generic]:
    table = np.full(seen.shape, nothing, values.dtype)
    table[seen] = values
    return table


def _with_bias(
    trial: Trial, numbers: IntArray, months: IntArray, treated: BoolArray, total: FloatArray
) -> FloatArray:
    """Add to the ratings of treated patients what knowing the arm adds; whole points, by chance."""
    about, later = trial.blinding, months > 0
    if about.bias == 0 or (about.blind and about.guessed == 0):
        return total
    size = (len(numbers), trial.size)
    luck = uniforms(_luck(trial, numbers, "bias", trial.size * int(later.sum())))
    points = np.floor(about.bias + luck.reshape(*size, -1))
    knows = treated & (uniforms(_luck(trial, numbers, "guess", trial.size)) < about.guessed)
    knows |= treated & (not about.blind)
    biased = total.copy()
    biased[..., later] = np.clip(
        total[..., later] + np.where(knows[..., None], points, 0), LEAST_RATED, MOST_RATED
    )
    return biased


def _measured(
    pool: Pool,
    trial: Trial,
    numbers: IntArray,
    arm: IntArray,
    person: IntArray,
    seen: BoolArray,
) -> FloatArray:
    """Measure the readout of neurons lost, with the noise of the laboratory."""
    found = np.full(seen.shape, np.nan)
    if not any(row.kind == "biomarker" for row in trial.endpoints):
        return found
    noise = normals(_luck(trial, numbers, "marker", seen[0].size)).reshape(seen.shape)
    value = pool.marker[arm, person] + trial.marker.noise * noise
    found[seen] = value[seen]
    return found
