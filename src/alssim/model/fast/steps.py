# mypy: disable-error-code="no-untyped-def"
# ruff: noqa: D103, SIM109, SIM110 -- twins of documented functions, in compiled Python
"""The pieces of one step in numba, for a handful of patients side by side (lanes).

Every function has its twin of (nearly) the same name in ``alssim.model.neurons``, where it is
explained, and gives the same bits; the arithmetic is that of ``alssim.model.equations``.
``s`` [row, lane] is the scratch of ``alssim.model.fast.rows``; ``n`` is the number of lanes: a
bound that the compiler does not know keeps it from unrolling loops where it should vectorise.
"""

from typing import Any

import numpy as np
from numba import njit

from alssim.model import equations
from alssim.model.anatomy import CELLS, POOL_COUNT, REGION_COUNT
from alssim.model.fast.rows import (
    ADDED,
    ALIVE,
    BORE,
    DOSE,
    EXPOSED,
    FACTOR,
    FLAMES,
    GRAFT,
    GROWTH,
    INFLAMMATION,
    LIMIT,
    LOSS,
    LOST,
    OWN_SPREAD,
    OXIDANT,
    OXIDATIVE_GAIN,
    PACE,
    REACH,
    SEEN_Q,
    STRONG,
    VULNERABLE,
    Q,
)
from alssim.model.state import CHANNELS

OPTIONS: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy"}
inline = njit(forceinline=True, **OPTIONS)

grow = inline(equations.grow)
growth_factor = inline(equations.growth_factor)
relax = inline(equations.relax)
survive = inline(equations.survive)
pressure = inline(equations.pressure)
part_of_step = inline(equations.part_of_step)
between = inline(equations.between)
approach = inline(equations.approach)

PROGRESSION = DOSE + CHANNELS.index("progression")
NEURON_LOSS = DOSE + CHANNELS.index("neuron_loss")
INFLAMMATORY = DOSE + CHANNELS.index("inflammation")
OXIDATIVE = DOSE + CHANNELS.index("oxidative_stress")
PATHOLOGY = DOSE + CHANNELS.index("pathology")
SPREAD = DOSE + CHANNELS.index("spread")
COMPENSATION = DOSE + CHANNELS.index("compensation")
STRENGTH = DOSE + CHANNELS.index("strength")
RATIO = DOSE + CHANNELS.index("hazard_ratio")
_GAINS = (CHANNELS.index("compensation"), CHANNELS.index("strength"))
_REPLACEMENT = CHANNELS.index("replacement")


@inline
def has(channels, one, other):
    for channel in channels:
        if channel == one or channel == other:
            return True
    return False


@inline
def grafts(channels):
    return has(channels, _REPLACEMENT, _REPLACEMENT)


@inline
def helps(channels):
    return has(channels, _GAINS[0], _GAINS[1])


@inline
def fill_plan(n, plan, who, size, start, stop):
    """Note size, start and stop of every effect in the patients of the lanes [3, effect, lane]."""
    for effect in range(plan.shape[1]):
        for i in range(n):
            plan[0, effect, i] = size[effect, who[i]]
            plan[1, effect, i] = start[effect, who[i]]
            plan[2, effect, i] = stop[effect, who[i]]


@inline
def effect_at(plan, shape, effect, i, step, travel):
    age = step - (plan[1, effect, i] + travel)
    place = min(max(age, 0.0), shape.shape[1] - 1.0)
    on = (age >= 0.0) & (step < plan[2, effect, i])
    return plan[0, effect, i] * shape[effect, int(place)] if on else 0.0


@inline
def no_dose(n, s):
    for channel in range(len(CHANNELS)):
        for i in range(n):
            s[DOSE + channel, i] = 1.0
    for i in range(n):
        s[COMPENSATION, i] = 0.0
        s[STRENGTH, i] = 0.0


@inline
def fill_dose(n, s, clock, channels, plan, shape):
    """``clock`` [lane]: the step since the first symptom; ``plan``: see ``fill_plan``."""
    no_dose(n, s)
    for effect in range(len(channels)):
        channel = channels[effect]
        if channel == _REPLACEMENT:
            continue
        row, gains = DOSE + channel, channel == _GAINS[0] or channel == _GAINS[1]
        for i in range(n):
            given = effect_at(plan, shape, effect, i, clock[i], 0.0)
            if gains:
                s[row, i] = 1.0 - (1.0 - s[row, i]) * (1.0 - given)
            else:
                s[row, i] = s[row, i] * (1.0 - given)


@inline
def advance(n, c, weights, table, who, s):
    """Carry every lane over one step; ``table`` [patient, pool, cell]: neurons lost."""
    _rates(n, c, s)
    for p in range(POOL_COUNT):
        for i in range(n):
            after = grow(s[Q + p, i], s[FACTOR, i])
            mean = 0.5 * (s[Q + p, i] + after)
            stressed = relax(s[OXIDANT + p, i], mean, c.oxidative_keep, c.oxidative_step)
            push = pressure(
                0.5 * (s[OXIDANT + p, i] + stressed),
                s[OXIDATIVE_GAIN, i],
                s[FLAMES, i],
            )
            hazard = s[LOSS, i] * s[VULNERABLE + p, i] * mean * push
            s[Q + p, i], s[OXIDANT + p, i] = after, stressed
            s[SEEN_Q + p, i] = np.floor(mean * c.fineness)
            alive = survive(s[ALIVE + p, i], hazard)
            s[BORE + p, i], s[ALIVE + p, i], s[LOST + p, i] = hazard, alive, (1.0 - alive) * CELLS
    _look_up(n, table, who, s)
    _spread(n, c, weights, s)


@inline
def _rates(n, c, s):
    """What all pools of a patient share in this step."""
    for i in range(n):
        rate = s[PACE, i] * c.dt * s[PROGRESSION, i]
        growth = c.growth * rate * s[PATHOLOGY, i]
        s[GROWTH, i], s[FACTOR, i] = growth, growth_factor(growth)
        s[LOSS, i] = rate * s[NEURON_LOSS, i]
        s[REACH, i] = rate * s[SPREAD, i] * s[OWN_SPREAD, i]
        total = 0.0
        for p in range(POOL_COUNT):
            total += s[LOST + p, i]
        share, before = total / (POOL_COUNT * c.neurons), s[INFLAMMATION, i]
        after = before + c.inflammation_step * (share - before)
        s[INFLAMMATION, i] = after
        s[OXIDATIVE_GAIN, i] = c.oxidative_gain * s[OXIDATIVE, i]
        s[FLAMES, i] = c.inflammation_gain * s[INFLAMMATORY, i] * (0.5 * (before + after))


@inline
def count_lost(n, table, who, s):
    for p in range(POOL_COUNT):
        for i in range(n):
            s[LOST + p, i] = (1.0 - s[ALIVE + p, i]) * CELLS
    _look_up(n, table, who, s)


@inline
def _look_up(n, table, who, s):
    """Turn damage in cells into whole neurons lost."""
    for i in range(n):
        cells = table[who[i]]
        for p in range(POOL_COUNT):
            s[LOST + p, i] = cells[p, np.uint32(s[LOST + p, i])]


@inline
def _spread(n, c, weights, s):
    """Expose every pool; who passes the limit is involved from within the step on.

    A pool is reached by the seven of its own layer and by the other pool of its region; the sums
    are exact (see ``Physics``).
    """
    fresh = 0
    for r in range(REGION_COUNT):
        u = REGION_COUNT + r
        for i in range(n):
            lower, upper = weights[r, 0] * s[SEEN_Q, i], weights[u, r] * s[SEEN_Q + r, i]
            for k in range(REGION_COUNT):
                if k > 0:
                    lower += weights[r, k] * s[SEEN_Q + k, i]
                upper += weights[u, REGION_COUNT + k] * s[SEEN_Q + REGION_COUNT + k, i]
            lower += weights[r, u] * s[SEEN_Q + u, i]
            s[ADDED + r, i], s[ADDED + u, i] = lower * s[REACH, i], upper * s[REACH, i]
            below, above = s[EXPOSED + r, i] + s[ADDED + r, i], s[EXPOSED + u, i] + s[ADDED + u, i]
            s[EXPOSED + r, i], s[EXPOSED + u, i] = below, above
            fresh += (s[Q + r, i] == 0.0) & (below >= s[LIMIT + r, i])
            fresh += (s[Q + u, i] == 0.0) & (above >= s[LIMIT + u, i])
    if fresh > 0:
        _involve(n, c, s)


@inline
def _involve(n, c, s):
    for p in range(POOL_COUNT):
        for i in range(n):
            if s[Q + p, i] == 0.0 and s[EXPOSED + p, i] >= s[LIMIT + p, i]:
                past = (s[EXPOSED + p, i] - s[LIMIT + p, i]) / s[ADDED + p, i]
                s[Q + p, i] = grow(c.seed, growth_factor(s[GROWTH, i] * past))


@inline
def regrow(n, s, clock, channels, plan, shape, travel, share_step, neurons):
    for effect in range(len(channels)):
        if channels[effect] == _REPLACEMENT:
            for r in range(REGION_COUNT):
                for i in range(n):
                    share = effect_at(plan, shape, effect, i, clock[i], travel[r])
                    gap = max(share * (s[LOST + r, i] / neurons) - s[GRAFT + r, i], 0.0)
                    s[GRAFT + r, i] = s[GRAFT + r, i] + share_step * gap
    for r in range(REGION_COUNT):
        for i in range(n):
            s[GRAFT + r, i] = survive(s[GRAFT + r, i], s[BORE + r, i])


@inline
def linked(table, lost, graft, neurons):
    missing = max(lost - graft * neurons, 0.0)
    count = int(missing)
    return between(table[count], table[count + 1], missing - count)


@inline
def strengths(n, c, links, upper_link, s, grafted, helped):
    """``links`` [plain, with sprouting helped, capacity; neurons lost]."""
    for i in range(n):
        for r in range(REGION_COUNT):
            above = upper_link[r, np.uint32(s[LOST + REGION_COUNT + r, i])]
            if grafted or helped:
                lower = linked(links[0], s[LOST + r, i], s[GRAFT + r, i], c.neurons)
                best = linked(links[1], s[LOST + r, i], s[GRAFT + r, i], c.neurons)
                value = between(lower, best, s[COMPENSATION, i]) * above
                s[STRONG + r, i] = between(value, 1.0, s[STRENGTH, i])
            else:
                s[STRONG + r, i] = links[0, np.uint32(s[LOST + r, i])] * above
