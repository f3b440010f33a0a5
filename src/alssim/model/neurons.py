"""The engine: loss of motor neurons, one step at a time, as readable numpy.

The disease is a deterministic system driven through fixed luck. One step of ``dt`` months carries,
for every pool: local pathology q (logistic, exact), oxidative stress (first order, Crank-Nicolson),
inflammation (first order, after the share of neurons lost), the survival share s = exp(-cumulative
hazard), and the exposure of pools that are not yet involved. Rates are means over the step, so the
scheme is of second order. Every update is monotone: a lower rate never gives a larger loss.

Damage u = 1 - s becomes whole neurons lost in ``alssim.model.damage``. Arrays are [pool, patient]
(in the silent phase one pool after the other, see ``alssim.model.silence``). Inside the steps there
is only + - * /, floor and comparison, and sums are exact or of a fixed order.
``alssim.model.fast`` is the same in numba.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from alssim.model.anatomy import POOL_COUNT, REGION_COUNT, RESPIRATORY, TRUNK
from alssim.model.damage import look_up
from alssim.model.equations import (
    between,
    grow,
    growth_factor,
    pressure,
    relax,
    survive,
)
from alssim.model.lanes import Group, Lanes
from alssim.model.physics import Physics
from alssim.model.state import (
    CHANNELS,
    CountArray,
    Dose,
    Effects,
    Luck,
)

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
NOBODY = np.empty(0, np.int64), np.empty(0)
TILE = 8192  # numbers computed at once: what a pass leaves is still near for the next


class Drive(NamedTuple):
    """What drives a step of each patient besides the state: [patient], or one number.

    growth, factor: of the odds of pathology, as a logarithm and as a factor; loss: hazard per unit
    of vulnerability and pathology; spread: exposure per unit of pathology that reaches a pool;
    oxidative_gain; inflammation_gain: what inflammation adds to the hazard. Loss and gains are per
    sum of the two ends of the step, so that no mean need be formed: halves are exact.
    """

    growth: Any
    factor: Any
    loss: Any
    spread: Any
    oxidative_gain: Any
    inflammation_gain: Any

    def within(self, part: int) -> "Drive":
        """Return one step of [step, patient]; what has no axis of steps is the same in all."""
        return Drive(*(v[part] if isinstance(v, np.ndarray) and v.ndim > 1 else v for v in self))


class Rates(NamedTuple):
    """What all pools of a patient share in a step, see ``Drive``: [patient], or one number.

    flames: what inflammation adds to the hazard.
    """

    factor: Any
    loss: Any
    oxidative_gain: Any
    flames: Any

    def at(self, lane: IntArray) -> "Rates":
        """Return the rates of these lanes."""
        return Rates(*(rate.take(lane) if isinstance(rate, np.ndarray) else rate for rate in self))


class Carried(NamedTuple):
    """Pools after a step, the hazard they bore, and the sum of their pathology before and after."""

    q: FloatArray
    oxidative: FloatArray
    survival: FloatArray
    hazard: FloatArray
    both: FloatArray


def advance(
    lanes: Lanes,
    luck: Luck,
    physics: Physics,
    drive: Drive,
    lost: CountArray | None = None,
    reach: int | None = None,
    borne: FloatArray | None = None,
) -> None:
    """Carry every lane over one step.

    ``lost`` takes the place of the array of neurons lost; from lane ``reach`` on every pool is
    involved already; ``borne`` [pool, patient] is filled with the hazard that each pool bore.
    """
    rates = step_rates(lanes, physics, drive)
    lanes.lost = np.empty_like(lanes.lost) if lost is None else lost
    seen = np.empty((POOL_COUNT, len(lanes)))[:, :reach]
    for pools in tiles(POOL_COUNT, max(1, TILE // len(lanes))):
        lanes.q[pools], lanes.oxidative[pools], lanes.survival[pools], hazard, both = carry(
            lanes.q[pools],
            lanes.oxidative[pools],
            lanes.survival[pools],
            lanes.vulnerability[pools],
            rates,
            physics,
        )
        if borne is not None:
            borne[pools] = hazard
        seen[pools] = as_seen(both[:, :reach], physics)
        look_up(luck.table, lanes.base[pools], lanes.survival[pools], lanes.lost[pools])
    place, q = involve(lanes, physics, seen, drive, lanes.exposure)
    lanes.q.reshape(-1)[place] = q


def tiles(count: int, size: int) -> list[slice]:
    """Return slices of at most so many: what is computed at once stays in the nearest cache."""
    return [slice(start, start + size) for start in range(0, count, size)]


def drive_of(group: Group, physics: Physics, dose: Dose) -> Drive:
    """Return what drives the steps of a group: it changes with the patients and the dose alone."""
    pace = group.pace * physics.dt * dose.progression
    growth = physics.growth * pace * dose.pathology
    return Drive(
        growth=growth,
        factor=growth_factor(growth),
        loss=0.5 * (pace * dose.neuron_loss),
        spread=pace * dose.spread * group.spread,
        oxidative_gain=0.5 * (physics.oxidative_gain * dose.oxidative_stress),
        inflammation_gain=0.5 * (physics.inflammation_gain * dose.inflammation),
    )


def step_rates(group: Group, physics: Physics, drive: Drive) -> Rates:
    """Carry inflammation over a step; return the rates of the step."""
    before = group.inflammation
    after = np.add.reduce(group.lost, dtype=np.uint32) / (POOL_COUNT * physics.neurons)
    after -= before
    after *= physics.inflammation_step
    after += before
    group.inflammation = after
    flames = drive.inflammation_gain * (before + after)
    return Rates(drive.factor, drive.loss, drive.oxidative_gain, flames)


def carry(
    q: FloatArray,
    oxidative: FloatArray,
    survival: FloatArray,
    vulnerability: FloatArray,
    rates: Rates,
    physics: Physics,
) -> Carried:
    """Carry pools over one step: arrays [pool, patient], or one after the other with own rates."""
    after = grow(q, rates.factor)
    both = q + after
    stress = relax(oxidative, both, physics.oxidative_keep, 0.5 * physics.oxidative_step)
    push = pressure(oxidative + stress, rates.oxidative_gain, rates.flames)
    hazard = rates.loss * vulnerability
    hazard *= both
    hazard *= push
    return Carried(after, stress, survive(survival, hazard), hazard, both)


def as_seen(both: FloatArray, physics: Physics) -> FloatArray:
    """Return pathology as spread sees it, from the sum of that before and after a step."""
    both *= 0.5 * physics.fineness
    return np.floor(both, out=both)


def involve(
    group: Group, physics: Physics, seen: FloatArray, drive: Drive, exposures: FloatArray
) -> tuple[IntArray, FloatArray]:
    """Expose all pools; return which become involved (their place in [pool, patient]), with what.

    Their pathology has grown from the seed since the moment at which exposure met its limit.
    ``seen`` [pool, patient] may end before the last patients, in whom every pool is involved;
    ``exposures`` [pool, patient] is filled with the exposure after the step.
    """
    reach = seen.shape[1]
    if not reach:
        return NOBODY
    added = reaching(physics, seen)
    added *= drive.spread[:reach]
    limit = group.limit[:, :reach]
    exposure = np.add(group.exposure[:, :reach], added, out=exposures[:, :reach])
    place = (exposure >= limit).reshape(-1).nonzero()[0]
    if not len(place):
        return NOBODY
    pool, lane = np.divmod(place, reach)
    past = (exposure[pool, lane] - limit[pool, lane]) / added[pool, lane]
    limit[pool, lane] = np.inf
    growth = growth_factor(drive.growth[lane] * past)
    return pool * len(group) + lane, grow(physics.seed, growth)


def reaching(physics: Physics, seen: FloatArray) -> FloatArray:
    """Return the weighted pathology that reaches each pool [pool, patient].

    The sums are exact (see ``Physics``): the library may add in any order. It would take threads
    for many patients, which costs more than it saves.
    """
    total = np.empty_like(seen)
    for lanes in tiles(seen.shape[1], 2048):
        np.matmul(physics.weights, seen[:, lanes], out=total[:, lanes])
    return total


def strengths(
    physics: Physics, lost: CountArray | IntArray, graft: FloatArray, dose: Dose, grafted: bool
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
        value, best = plain.take(lower), None
    if given(dose.compensation):
        best = physics.sprouting_link.take(lower) if best is None else best
        value = between(value, best, dose.compensation)
    row = np.arange(0, physics.upper_link.size, physics.upper_link.shape[1])
    above = upper + row.reshape(-1, *[1] * (upper.ndim - 1))
    strength = physics.upper_link.take(above)
    strength *= value
    if given(dose.strength):
        strength = between(strength, 1.0, dose.strength)
    return strength


def given(gain: Any) -> bool:
    """Say whether a dose adds anything: it is 0 where no effect asks for it."""
    return isinstance(gain, np.ndarray) or bool(gain)


def linked(
    table: FloatArray, lost: CountArray | IntArray, graft: FloatArray, neurons: int
) -> FloatArray:
    """Read a link table at the number of units that are missing, grafts counted as working."""
    missing = np.maximum(lost - graft * neurons, 0.0)
    count = missing.astype(np.int64)
    value = between(np.take(table, count), np.take(table, count + 1), missing - count)
    return np.asarray(value)


def capacity_share(
    physics: Physics,
    lost: CountArray | IntArray,
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
        phrenic = physics.capacity_link.take(lower)
    if given(dose.strength):
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
    start, stop = effects.start[effect].take(rows) + travel, effects.stop[effect].take(rows)
    shape = effects.shape[effect]
    age = np.minimum(step - start, len(shape) - 1)
    on = (age >= 0) & (step < stop)
    given = effects.size[effect].take(rows) * shape.take(np.maximum(age, 0))
    return np.where(on, given, 0.0)


def regrow(group: Group, physics: Physics, effects: Effects, step: Any, hazard: FloatArray) -> None:
    """Let grafted units grow toward their share of the lost ones, and die like the others."""
    graft = group.graft.copy()
    for effect in np.flatnonzero(effects.channel == CHANNELS.index("replacement")):
        for region in range(REGION_COUNT):
            share = effect_at(effects, int(effect), group.row, step, int(effects.travel[region]))
            wanted = share * (group.lost[region] / physics.neurons)
            graft[region] += effects.regrow * np.maximum(wanted - graft[region], 0.0)
    group.graft = survive(graft, hazard[:REGION_COUNT])
