"""The engine: loss of motor neurons, one step at a time, as readable numpy.

The disease is a deterministic system driven through fixed luck. One step of ``dt`` months carries,
for every pool: local pathology q (logistic, exact), oxidative stress (first order, Crank-Nicolson),
inflammation (first order, after the share of neurons lost), the survival share s = exp(-cumulative
hazard), and the exposure of pools that are not yet involved. Rates are means over the step, so the
scheme is of second order. Every update is monotone: a lower rate never gives a larger loss.

Damage u = 1 - s becomes whole neurons lost in ``alssim.model.damage``. Arrays are [pool, patient];
inside the steps there is only + - * /, floor and comparison, and sums are exact or of a fixed
order. ``alssim.model.fast`` is the same in numba.
"""

from copy import copy
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alssim.model.anatomy import POOL_COUNT, REGION_COUNT, RESPIRATORY, TRUNK
from alssim.model.damage import look_up
from alssim.model.equations import (
    between,
    grow,
    growth_factor,
    part_of_step,
    pressure,
    relax,
    survive,
)
from alssim.model.lanes import Lanes, first_lanes
from alssim.model.physics import Physics
from alssim.model.state import (
    CHANNELS,
    EARLY,
    LONGEST_SILENCE,
    Dose,
    Effects,
    Luck,
    Onset,
    empty_onset,
    replaces,
)

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
LEAST = 1e-12  # keeps a quotient of two zeros at zero


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
    exposure = reaching(physics, mean_q)
    exposure *= rate
    lanes.exposure = lanes.exposure + exposure
    fresh = (lanes.q == 0.0) & (lanes.exposure >= lanes.involvement)
    if fresh.any():
        pool, lane = np.nonzero(fresh)
        past = (lanes.exposure[pool, lane] - lanes.involvement[pool, lane]) / exposure[pool, lane]
        spent = growth[lane] if np.ndim(growth) else growth
        q[pool, lane] = grow(physics.seed, growth_factor(spent * past))


def reaching(physics: Physics, mean_q: FloatArray) -> FloatArray:
    """Return the weighted pathology that reaches each pool [pool, patient].

    The sums are exact (see ``Physics``): the library may add in any order.
    """
    return np.asarray(physics.weights @ np.floor(mean_q * physics.fineness))


def strengths(
    physics: Physics, lost: IntArray, graft: FloatArray, dose: Dose, grafted: bool
) -> FloatArray:
    """Return the strength of every region [region, ..., patient], 0-1.

    ``lost`` [pool, ..., patient]; ``graft`` [region, ..., patient] is the share of units that
    grafts add.
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
    row = np.arange(REGION_COUNT) * physics.upper_link.shape[1]
    above = row.reshape(-1, *[1] * (upper.ndim - 1)) + upper
    strength: FloatArray = value * np.take(physics.upper_link, above)
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
    found, step = empty_onset(len(luck.pace)), 0
    groups = first_lanes(luck, physics).split()
    while groups:
        ended = [_silent_step(g, found, luck, physics, effects, until, step) for g in groups]
        if any(ended):
            groups = Lanes.regroup([group for group in groups if len(group)])
        step += 1
    return found


def _silent_step(
    lanes: Lanes,
    found: Onset,
    luck: Luck,
    physics: Physics,
    effects: Effects | None,
    until: Onset | None,
    step: int,
) -> bool:
    """Take one step; note who has come to the end of silence; say whether lanes were dropped."""
    grafted = replaces(effects)
    clock = step - until.steps[lanes.row] - 1 if until is not None else 0
    dose, old = dose_at(effects, lanes.row, clock), copy(lanes)
    old.graft = lanes.graft.copy()
    hazard = advance(lanes, luck, physics, dose)
    if effects is not None and grafted:
        regrow(lanes, physics, effects, clock, hazard)
    _note_early(found, lanes, physics, step)
    lanes.strength = strengths(physics, lanes.lost, lanes.graft, dose, grafted)
    if until is None:
        part, region = _first_part(old.strength, lanes.strength, physics.weak)
    else:
        part, region = _known_part(until, lanes.row, step)
    if step == LONGEST_SILENCE * physics.steps and until is None:
        part, region = np.minimum(part, 1.0), np.where(part > 1.0, -1, region)
    done = (part <= 1.0) & ~lanes.ended
    if not done.any():
        return False
    _store(found, lanes, old, part, done, step, physics.seed)
    found.region[lanes.row[done]] = region[done]
    drop = lanes.end(done)
    if drop:
        lanes.keep(~lanes.ended)
    return drop


def _note_early(found: Onset, lanes: Lanes, physics: Physics, step: int) -> None:
    """Note the step in which a first pool has lost a share of its neurons."""
    early = (lanes.lost.max(axis=0) * EARLY >= physics.neurons) & (found.early[lanes.row] < 0)
    early &= ~lanes.ended
    found.early[lanes.row[early]] = step


def _first_part(before: FloatArray, after: FloatArray, level: float) -> tuple[FloatArray, IntArray]:
    """Return the part of the step after which a region is weak (above 1: none), and which."""
    part = np.full(after.shape, 2.0)
    region, lane = np.nonzero((after < level) & (before >= level))
    part[region, lane] = part_of_step(before[region, lane], after[region, lane], level)
    return part.min(axis=0), part.argmin(axis=0)


def _known_part(until: Onset, rows: IntArray, step: int) -> tuple[FloatArray, IntArray]:
    return np.where(until.steps[rows] == step, until.part[rows], 2.0), np.full(len(rows), -1)


def _store(
    found: Onset,
    lanes: Lanes,
    old: Lanes,
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
