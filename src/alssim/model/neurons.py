"""The engine: loss of motor neurons, one step at a time, as readable numpy.

The disease is a deterministic system driven through fixed luck. One step of ``dt`` months carries,
for every pool: local pathology q (logistic, exact), oxidative stress (first order, Crank-Nicolson),
inflammation (first order, after the share of neurons lost), the survival share s = exp(-cumulative
hazard), and the exposure of pools that are not yet involved. Rates are means over the step, so the
scheme is of second order. Every update is monotone: a lower rate never gives a larger loss.

A neuron dies when its pool's damage u = 1 - s reaches its own resilience (Sellke 1983): the number
lost is ``table[floor(1024 u)]``, whole neurons. Arrays are [pool, patient]; inside the steps there
is only + - * / and comparison, summed in a fixed order. ``alssim.model.fast`` is the same in numba.
"""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alssim.model.anatomy import CELLS, POOL_COUNT, REGION_COUNT, RESPIRATORY, TRUNK
from alssim.model.equations import (
    between,
    grow,
    growth_factor,
    part_of_step,
    pressure,
    relax,
    survive,
)
from alssim.model.physics import Physics
from alssim.model.state import (
    CHANNELS,
    EARLY,
    LONGEST_SILENCE,
    CountArray,
    Dose,
    Effects,
    Luck,
    Onset,
    empty_onset,
    replaces,
    table_type,
)

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
LEAST = 1e-12  # keeps a quotient of two zeros at zero
_ROWS_AT_ONCE = 112  # pools whose table is counted at once: what fits the cache


@dataclass(slots=True, eq=False)
class Lanes:
    """The patients that are being followed; the last axis of every array is the lane."""

    row: IntArray
    base: IntArray
    pace: FloatArray
    spread: FloatArray
    vulnerability: FloatArray
    involvement: FloatArray
    q: FloatArray
    oxidative: FloatArray
    survival: FloatArray
    exposure: FloatArray
    inflammation: FloatArray
    graft: FloatArray
    lost: IntArray

    def keep(self, lanes: NDArray[np.bool_]) -> None:
        """Drop the lanes that are not wanted any more."""
        for field in fields(self):
            value = getattr(self, field.name)
            setattr(self, field.name, np.ascontiguousarray(value[..., lanes]))


def lost_table(resilience: NDArray[np.uint16]) -> CountArray:
    """Return how many neurons are lost [patient, pool, cell] at damage cell / 1024.

    ``resilience`` [patient, pool, neuron]: a neuron with resilience r dies at (r + 1) / 1024.
    """
    patients, pools, neurons = resilience.shape
    table = np.empty((patients * pools, CELLS + 1), dtype=table_type(neurons))
    rows = resilience.reshape(-1, neurons)
    for first in range(0, len(rows), _ROWS_AT_ONCE):
        block = rows[first : first + _ROWS_AT_ONCE].astype(np.int64) + 1
        block += np.arange(len(block))[:, None] * (CELLS + 1)
        counts = np.bincount(block.ravel(), minlength=len(block) * (CELLS + 1)).astype(table.dtype)
        target = table[first : first + len(block)]
        np.cumsum(counts.reshape(target.shape), axis=1, out=target)
    return table.reshape(patients, pools, CELLS + 1)


def first_lanes(luck: Luck, physics: Physics) -> Lanes:
    """Return every patient at the very beginning: one pool (or two) holds a seed of pathology."""
    count = len(luck.pace)
    q = np.zeros((POOL_COUNT, count))
    q[luck.first, np.arange(count)] = physics.seed
    two = np.flatnonzero(luck.second >= 0)
    q[luck.second[two], two] = physics.seed
    start = Onset(
        q=q,
        oxidative=np.zeros_like(q),
        survival=np.ones_like(q),
        exposure=np.zeros_like(q),
        inflammation=np.zeros(count),
        graft=np.zeros((REGION_COUNT, count)),
        steps=np.zeros(count, np.int64),
        part=np.zeros(count),
        region=np.full(count, -1),
        early=np.full(count, -1),
    )
    return lanes_from(luck, start)


def lanes_from(luck: Luck, state: Onset) -> Lanes:
    """Return every patient in a given state."""
    rows = np.arange(len(luck.pace))
    base = (rows[None, :] * POOL_COUNT + np.arange(POOL_COUNT)[:, None]) * (CELLS + 1)
    lost = look_up(luck.table, base, state.survival)
    return Lanes(
        row=rows,
        base=base,
        pace=luck.pace,
        spread=luck.spread,
        vulnerability=luck.vulnerability,
        involvement=luck.involvement,
        q=state.q,
        oxidative=state.oxidative,
        survival=state.survival,
        exposure=state.exposure,
        inflammation=state.inflammation,
        graft=state.graft,
        lost=lost,
    )


def look_up(table: CountArray, base: IntArray, survival: FloatArray) -> IntArray:
    """Return whole neurons lost [pool, patient] at a survival share."""
    cell = ((1.0 - survival) * CELLS).astype(np.int64)
    return np.take(table.reshape(-1), base + cell).astype(np.int64)


def advance(lanes: Lanes, luck: Luck, physics: Physics, dose: Dose) -> FloatArray:
    """Carry every lane over one step; return the hazard that each pool bore [pool, patient]."""
    rate = lanes.pace * physics.dt * dose.progression
    growth = physics.growth * rate * dose.pathology
    q = grow(lanes.q, growth_factor(growth))
    mean_q = 0.5 * (lanes.q + q)
    oxidative = relax(lanes.oxidative, mean_q, physics.oxidative_keep, physics.oxidative_step)
    share = lanes.lost.sum(axis=0) / (POOL_COUNT * physics.neurons)
    inflammation = lanes.inflammation + physics.inflammation_step * (share - lanes.inflammation)
    factor = pressure(
        0.5 * (lanes.oxidative + oxidative),
        physics.oxidative_gain * dose.oxidative_stress,
        0.5 * (lanes.inflammation + inflammation),
        physics.inflammation_gain * dose.inflammation,
    )
    hazard = rate * dose.neuron_loss * lanes.vulnerability * mean_q * factor
    lanes.survival = survive(lanes.survival, hazard)
    _involve(lanes, physics, q, mean_q, growth, rate * dose.spread * lanes.spread)
    lanes.q, lanes.oxidative, lanes.inflammation = q, oxidative, inflammation
    lanes.lost = look_up(luck.table, lanes.base, lanes.survival)
    return np.asarray(hazard)


def _involve(
    lanes: Lanes, physics: Physics, q: FloatArray, mean_q: FloatArray, growth: Any, rate: FloatArray
) -> None:
    """Expose the pools that are not involved; seed those whose threshold is passed in this step."""
    exposure = reaching(physics.weights, mean_q)
    exposure *= rate
    lanes.exposure = lanes.exposure + exposure
    pool, lane = np.nonzero((lanes.q == 0.0) & (lanes.exposure >= lanes.involvement))
    if len(pool):
        past = (lanes.exposure[pool, lane] - lanes.involvement[pool, lane]) / exposure[pool, lane]
        spent = growth[lane] if np.ndim(growth) else growth
        q[pool, lane] = grow(physics.seed, growth_factor(spent * past))


def reaching(weights: FloatArray, mean_q: FloatArray) -> FloatArray:
    """Return the weighted pathology that reaches each pool [pool, patient], summed in pool order.

    A pool is reached by the seven pools of its own layer and by the other pool of its region.
    """
    lower, upper = slice(0, REGION_COUNT), slice(REGION_COUNT, POOL_COUNT)
    down, up = weights[upper, lower].diagonal(), weights[lower, upper].diagonal()
    found = np.empty_like(mean_q)
    term = np.empty_like(mean_q[lower])
    np.multiply(weights[0, lower, None], mean_q[0], out=found[lower])
    np.multiply(up[:, None], mean_q[lower], out=found[upper])
    for region in range(REGION_COUNT):
        if region:
            found[lower] += np.multiply(weights[region, lower, None], mean_q[region], out=term)
        source = REGION_COUNT + region
        found[upper] += np.multiply(weights[source, upper, None], mean_q[source], out=term)
    found[lower] += np.multiply(down[:, None], mean_q[upper], out=term)
    return found


def strengths(
    physics: Physics, lost: IntArray, graft: FloatArray, dose: Dose, grafted: bool
) -> FloatArray:
    """Return the strength of every region [region, patient], 0-1.

    ``lost`` [pool, patient]; ``graft`` [region, patient] is the share of units that grafts add.
    """
    lower, upper = lost[:REGION_COUNT], lost[REGION_COUNT:]
    plain = physics.lower_link
    if grafted:
        value = linked(plain, lower, graft, physics.neurons)
        best = linked(physics.sprouting_link, lower, graft, physics.neurons)
    else:
        value, best = np.take(plain, lower), None
    if np.ndim(dose.compensation) or dose.compensation:
        best = np.take(physics.sprouting_link, lower) if best is None else best
        value = between(value, best, dose.compensation)
    row = np.arange(REGION_COUNT)[:, None] * physics.upper_link.shape[1]
    strength: FloatArray = value * np.take(physics.upper_link, row + upper)
    if np.ndim(dose.strength) or dose.strength:
        strength = between(strength, 1.0, dose.strength)
    return strength


def linked(table: FloatArray, lost: IntArray, graft: FloatArray, neurons: int) -> FloatArray:
    """Read a link table at the number of units that are missing, grafts counted as working."""
    missing = np.maximum(lost - graft * neurons, 0.0)
    count = missing.astype(np.int64)
    value = between(np.take(table, count), np.take(table, count + 1), missing - count)
    return np.asarray(value)


def capacity_share(
    physics: Physics,
    lost: IntArray,
    graft: FloatArray,
    strength: FloatArray,
    dose: Dose,
    grafted: bool,
) -> FloatArray:
    """Return vital capacity [patient] as a share of the person's own before the disease."""
    lower = lost[RESPIRATORY]
    if grafted:
        phrenic = linked(physics.capacity_link, lower, graft[RESPIRATORY], physics.neurons)
    else:
        phrenic = np.take(physics.capacity_link, lower)
    if np.ndim(dose.strength) or dose.strength:
        phrenic = between(phrenic, 1.0, dose.strength)
    share = physics.phrenic_share * phrenic + (1.0 - physics.phrenic_share) * strength[TRUNK]
    return np.asarray(share)


def dose_at(effects: Effects | None, rows: IntArray, step: Any) -> Dose:
    """Return what the effects leave of each rate in a step.

    ``step`` counts from the first symptom: one number, or [patient] in the silent phase.
    """
    if effects is None:
        return Dose()
    left: dict[str, Any] = {}
    for effect, channel in enumerate(effects.channel):
        name = CHANNELS[channel]
        if name == "replacement":
            continue
        given = effect_at(effects, effect, rows, step)
        if name in ("compensation", "strength"):
            left[name] = 1.0 - (1.0 - left.get(name, 0.0)) * (1.0 - given)
        else:
            left[name] = left.get(name, 1.0) * (1.0 - given)
    return Dose(**left)


def effect_at(
    effects: Effects, effect: int, rows: IntArray, step: Any, travel: int = 0
) -> FloatArray:
    """Return the mean of one effect over a step [patient]: size x shape; 0 where it is not on."""
    start, stop = effects.start[effect, rows] + travel, effects.stop[effect, rows]
    shape = effects.shape[effect]
    age = np.minimum(step - start, len(shape) - 1)
    on = (age >= 0) & (step < stop)
    return np.where(on, effects.size[effect, rows] * np.take(shape, np.maximum(age, 0)), 0.0)


def regrow(lanes: Lanes, physics: Physics, effects: Effects, step: Any, hazard: FloatArray) -> None:
    """Let grafted units grow toward their share of the lost ones, and die like the others."""
    for effect in np.flatnonzero(effects.channel == CHANNELS.index("replacement")):
        for region in range(REGION_COUNT):
            share = effect_at(effects, int(effect), lanes.row, step, int(effects.travel[region]))
            wanted = share * (lanes.lost[region] / physics.neurons)
            gap = np.maximum(wanted - lanes.graft[region], 0.0)
            lanes.graft[region] = lanes.graft[region] + effects.regrow * gap
    lanes.graft = survive(lanes.graft, hazard[:REGION_COUNT])


def silent(
    luck: Luck, physics: Physics, effects: Effects | None = None, until: Onset | None = None
) -> Onset:
    """Follow every patient from the first pathology to the first symptom.

    Without ``until`` the first symptom is the moment at which a region becomes weak; with it, the
    same moment as in the run that ``until`` comes from (a presymptomatic treatment may delay the
    weakness, not the clock). Who has no symptom by ``LONGEST_SILENCE`` starts there.
    """
    lanes, found, step = first_lanes(luck, physics), empty_onset(len(luck.pace)), 0
    grafted = replaces(effects)
    before = strengths(physics, lanes.lost, lanes.graft, Dose(), False)
    while len(lanes.row):
        clock = step - until.steps[lanes.row] - 1 if until is not None else 0
        dose = dose_at(effects, lanes.row, clock)
        old = Onset(
            lanes.q,
            lanes.oxidative,
            lanes.survival,
            lanes.exposure,
            lanes.inflammation,
            lanes.graft.copy(),
            found.steps,
            found.part,
            found.region,
            found.early,
        )
        hazard = advance(lanes, luck, physics, dose)
        if effects is not None and grafted:
            regrow(lanes, physics, effects, clock, hazard)
        _note_early(found, lanes, physics, step)
        after = strengths(physics, lanes.lost, lanes.graft, dose, grafted)
        if until is None:
            part, region = _first_part(before, after, physics.weak)
        else:
            part, region = _known_part(until, lanes.row, step)
        if step == LONGEST_SILENCE * physics.steps and until is None:
            part, region = np.minimum(part, 1.0), np.where(part > 1.0, -1, region)
        done = part <= 1.0
        if done.any():
            _store(found, lanes, old, part, done, step, physics.seed)
            found.region[lanes.row[done]] = region[done]
            lanes.keep(~done)
            after = after[:, ~done]
        before, step = after, step + 1
    return found


def _note_early(found: Onset, lanes: Lanes, physics: Physics, step: int) -> None:
    """Note the step in which a first pool has lost a share of its neurons."""
    early = (lanes.lost.max(axis=0) * EARLY >= physics.neurons) & (found.early[lanes.row] < 0)
    found.early[lanes.row[early]] = step


def _first_part(before: FloatArray, after: FloatArray, level: float) -> tuple[FloatArray, IntArray]:
    """Return the part of the step after which a region is weak (above 1: none), and which."""
    part = np.full(after.shape, 2.0)
    region, lane = np.nonzero(after < level)
    part[region, lane] = part_of_step(before[region, lane], after[region, lane], level)
    return part.min(axis=0), part.argmin(axis=0)


def _known_part(until: Onset, rows: IntArray, step: int) -> tuple[FloatArray, IntArray]:
    return np.where(until.steps[rows] == step, until.part[rows], 2.0), np.full(len(rows), -1)


def _store(
    found: Onset,
    lanes: Lanes,
    old: Onset,
    part: FloatArray,
    done: NDArray[np.bool_],
    step: int,
    seed: float,
) -> None:
    """Keep the state at the first symptom, between the two ends of the step.

    A pool that became involved in this step has grown from the seed since it was.
    """
    rows, here = lanes.row[done], part[done]
    found.steps[rows], found.part[rows] = step, here
    pairs = (
        (found.oxidative, old.oxidative, lanes.oxidative),
        (found.survival, old.survival, lanes.survival),
        (found.exposure, old.exposure, lanes.exposure),
        (found.graft, old.graft, lanes.graft),
    )
    for target, start, end in pairs:
        target[:, rows] = between(start[:, done], end[:, done], here)
    found.inflammation[rows] = between(old.inflammation[done], lanes.inflammation[done], here)
    before, after = old.q[:, done], lanes.q[:, done]
    limit, reached = lanes.involvement[:, done], found.exposure[:, rows]
    past = (reached - limit) / np.maximum(lanes.exposure[:, done] - limit, LEAST)
    new = np.where(reached < limit, 0.0, between(seed, after, past))
    found.q[:, rows] = np.where(before == 0.0, new, between(before, after, here))
