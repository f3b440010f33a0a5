# mypy: disable-error-code="no-untyped-def"
# ruff: noqa: D103, SIM108, SIM109, SIM110 -- twins of documented functions, in compiled Python
"""The pieces of one step in numba, for one patient: plain arrays and constants in.

Every function has its twin of (nearly) the same name in ``alssim.model.neurons`` or
``alssim.model.course``, where it is explained, and gives the same bits; the arithmetic is that of
``alssim.model.equations``.
"""

from typing import Any

import numpy as np
from numba import njit

from alssim.model import equations
from alssim.model.anatomy import (
    BULBAR,
    CELLS,
    LEFT_ARM,
    LEFT_LEG,
    POOL_COUNT,
    REGION_COUNT,
    RESPIRATORY,
    RIGHT_ARM,
    RIGHT_LEG,
    TRUNK,
)
from alssim.model.course import (
    BREATH,
    BREATHING,
    CAPACITY,
    CHOKING,
    DIAGNOSIS,
    MEAN,
    SHORTEST_COURSE,
    SOURCE,
    WEAKEST,
)
from alssim.model.physics import GRID, SIGNAL, SIGNALS
from alssim.model.state import CHANNELS

OPTIONS: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy"}
_inline = njit(forceinline=True, **OPTIONS)

grow = _inline(equations.grow)
growth_factor = _inline(equations.growth_factor)
relax = _inline(equations.relax)
survive = _inline(equations.survive)
pressure = _inline(equations.pressure)
part_of_step = _inline(equations.part_of_step)
between = _inline(equations.between)
approach = _inline(equations.approach)

(
    PROGRESSION,
    NEURON_LOSS,
    INFLAMMATION,
    OXIDATIVE,
    PATHOLOGY,
    SPREAD,
    COMPENSATION,
    STRENGTH,
    REPLACEMENT,
    RATIO,
) = range(len(CHANNELS))
_SIGNAL_COUNT = len(SIGNALS)
# Rows of the scratch array of one patient.
Q, OXIDANT, ALIVE, EXPOSED, BORE, MEAN_Q, VULNERABLE, LIMIT, ADDED = range(9)
ROWS = 9
_CAPACITY_LOW, _CAPACITY_HALF, _BREATHLESS = (
    SIGNAL["capacity_low"],
    SIGNAL["capacity_half"],
    SIGNAL["breathless"],
)
_WEIGHT_LOW, _SWALLOWING_WEAK = SIGNAL["weight_low"], SIGNAL["swallowing_weak"]
_SWALLOWING_LOST = SIGNAL["swallowing_lost"]


@_inline
def effect_at(size, start, stop, shape, effect, patient, step, travel):
    begin = start[effect, patient] + travel
    if step < begin or step >= stop[effect, patient]:
        return 0.0
    age = min(step - begin, shape.shape[1] - 1)
    return size[effect, patient] * shape[effect, age]


@_inline
def fill_dose(left, channels, size, start, stop, shape, patient, step):
    left[:] = 1.0
    left[COMPENSATION] = 0.0
    left[STRENGTH] = 0.0
    for effect in range(len(channels)):
        channel = channels[effect]
        if channel == REPLACEMENT:
            continue
        given = effect_at(size, start, stop, shape, effect, patient, step, 0)
        if channel == COMPENSATION or channel == STRENGTH:
            left[channel] = 1.0 - (1.0 - left[channel]) * (1.0 - given)
        else:
            left[channel] = left[channel] * (1.0 - given)


@_inline
def advance(c, weights, table, pace, spread, left, pool, lost, active, state):
    """Carry one patient over one step; return how many neurons died.

    ``pool`` [row, pool]: see the rows above; ``active``: the ``state[1]`` involved pools,
    ascending. A pool that is not involved stays as it is: nothing in the equations moves it.
    """
    rate = pace * c.dt * left[PROGRESSION]
    growth = c.growth * rate * left[PATHOLOGY]
    factor = growth_factor(growth)
    count, total, deaths = int(state[1]), 0, 0
    for place in range(count):
        total += lost[active[place]]
    share = total / (POOL_COUNT * c.neurons)
    inflammation = state[0] + c.inflammation_step * (share - state[0])
    inflamed = 0.5 * (state[0] + inflammation)
    state[0] = inflammation
    oxidative_gain = c.oxidative_gain * left[OXIDATIVE]
    inflammation_gain = c.inflammation_gain * left[INFLAMMATION]
    loss = rate * left[NEURON_LOSS]
    for place in range(count):
        p = active[place]
        after = grow(pool[Q, p], factor)
        mean = 0.5 * (pool[Q, p] + after)
        stressed = relax(pool[OXIDANT, p], mean, c.oxidative_keep, c.oxidative_step)
        push = pressure(
            0.5 * (pool[OXIDANT, p] + stressed), oxidative_gain, inflamed, inflammation_gain
        )
        hazard = loss * pool[VULNERABLE, p] * mean * push
        survival = survive(pool[ALIVE, p], hazard)
        pool[Q, p], pool[MEAN_Q, p], pool[OXIDANT, p] = after, mean, stressed
        pool[BORE, p], pool[ALIVE, p] = hazard, survival
        gone = table[p, np.uint64((1.0 - survival) * CELLS)]
        deaths += gone - lost[p]
        lost[p] = gone
    if count < POOL_COUNT:
        _involve(c, weights, pool, active, growth, rate * left[SPREAD] * spread, state)
    return deaths


@_inline
def _involve(c, weights, pool, active, growth, rate, state):
    count, fresh = int(state[1]), 0
    for p in range(POOL_COUNT):
        pool[ADDED, p] = 0.0
    for place in range(count):
        source = active[place]
        strength = pool[MEAN_Q, source]
        for p in range(POOL_COUNT):
            pool[ADDED, p] += weights[source, p] * strength
    for p in range(POOL_COUNT):
        if pool[Q, p] == 0.0:
            added = pool[ADDED, p] * rate
            pool[EXPOSED, p] = pool[EXPOSED, p] + added
            if pool[EXPOSED, p] >= pool[LIMIT, p]:
                past = (pool[EXPOSED, p] - pool[LIMIT, p]) / added
                pool[Q, p] = grow(c.seed, growth_factor(growth * past))
                fresh += 1
    if fresh > 0:
        state[1] = fill_active(active, pool)


@_inline
def fill_active(active, pool):
    """List the involved pools in ascending order; return how many there are."""
    count = 0
    for p in range(POOL_COUNT):
        if pool[Q, p] > 0.0:
            active[count] = p
            count += 1
    return count


@_inline
def regrow(
    graft,
    lost,
    pool,
    channels,
    size,
    start,
    stop,
    shape,
    travel,
    share_step,
    patient,
    step,
    neurons,
):
    for effect in range(len(channels)):
        if channels[effect] == REPLACEMENT:
            for region in range(REGION_COUNT):
                share = effect_at(size, start, stop, shape, effect, patient, step, travel[region])
                wanted = share * (lost[region] / neurons)
                graft[region] = graft[region] + share_step * max(wanted - graft[region], 0.0)
    for region in range(REGION_COUNT):
        graft[region] = survive(graft[region], pool[BORE, region])


@_inline
def _linked(table, lost, graft, neurons):
    missing = max(lost - graft * neurons, 0.0)
    count = int(missing)
    return between(table[count], table[count + 1], missing - count)


@_inline
def strengths(strength, neurons, links, upper_link, lost, graft, left, grafted, helped):
    for region in range(REGION_COUNT):
        lower = lost[region]
        if grafted:
            value = _linked(links[0], lower, graft[region], neurons)
        else:
            value = links[0, lower]
        if helped:
            if grafted:
                best = _linked(links[1], lower, graft[region], neurons)
            else:
                best = links[1, lower]
            value = between(value, best, left[COMPENSATION])
        value = value * upper_link[region, lost[REGION_COUNT + region]]
        strength[region] = between(value, 1.0, left[STRENGTH]) if helped else value


@_inline
def has(channels, one, other):
    for channel in channels:
        if channel == one or channel == other:
            return True
    return False


@_inline
def follow(values, part, c, links, own_capacity, strength, lost, graft, left, grafted, helped):
    weakest, total = strength[0], strength[0]
    values[0, part] = strength[0]
    for region in range(1, REGION_COUNT):
        values[region, part] = strength[region]
        weakest = min(weakest, strength[region])
        total = total + strength[region]
    values[WEAKEST, part] = weakest
    values[MEAN, part] = total / REGION_COUNT
    if grafted:
        phrenic = _linked(links[2], lost[RESPIRATORY], graft[RESPIRATORY], c.neurons)
    else:
        phrenic = links[2, lost[RESPIRATORY]]
    if helped:
        phrenic = between(phrenic, 1.0, left[STRENGTH])
    share = c.phrenic_share * phrenic + (1.0 - c.phrenic_share) * strength[TRUNK]
    values[CAPACITY, part] = own_capacity * share
    values[BREATH, part] = min(
        strength[RESPIRATORY] + c.breath_offset,
        c.lying_respiratory * strength[RESPIRATORY]
        + c.lying_trunk * strength[TRUNK]
        + c.lying_offset,
    )


@_inline
def weight_rate(values, part, c):
    return c.loss_swallowing * (1.0 - values[BULBAR, part]) + c.loss_weakness * (
        1.0 - values[MEAN, part]
    )


@_inline
def note_falls(signals, values, levels, steps, first_step, rising):
    """A signal that cannot rise (without grafts or help to strength) is looked at once a month."""
    for signal in range(_SIGNAL_COUNT):
        level, row = levels[signal], SOURCE[signal]
        if signals[signal] < np.inf or not (rising or values[row, steps] < level):
            continue
        for part in range(steps):
            end = values[row, part + 1]
            if end < level:
                start = values[row, part]
                within = part_of_step(level if start <= level else start, end, level)
                signals[signal] = (first_step + part + within) / steps
                break


@_inline
def _niv_need(signals):
    with_symptoms = max(signals[_CAPACITY_LOW], signals[_BREATHLESS])
    return min(signals[_CAPACITY_HALF], with_symptoms)


@_inline
def _gastrostomy_need(signals):
    by_weight = max(signals[_WEIGHT_LOW], signals[_SWALLOWING_WEAK])
    return min(signals[_SWALLOWING_LOST], by_weight)


@_inline
def _regions_involved(signals, month):
    count = 1 if signals[BULBAR] <= month else 0
    if min(signals[LEFT_ARM], signals[RIGHT_ARM]) <= month:
        count += 1
    if min(signals[LEFT_LEG], signals[RIGHT_LEG]) <= month:
        count += 1
    if min(signals[TRUNK], signals[RESPIRATORY]) <= month:
        count += 1
    return count


@_inline
def _on_grid(table, strength):
    place = strength * GRID
    cell = int(place)
    return table[cell] + (place - cell) * (table[cell + 1] - table[cell])


@_inline
def _hazards(rates, row, signals, niv, tube, c, hazards, diagnosis_rate, values, part, month):
    slope = (1.0 - values[MEAN, part]) / max(month, SHORTEST_COURSE)
    seen = diagnosis_rate[_regions_involved(signals, month)]
    rates[row, DIAGNOSIS] = seen * (1.0 + c.slope_gain * slope)
    help_share = min(max((values[BULBAR, part] - c.niv_low) / c.niv_span, 0.0), 1.0)
    ventilated = 1.0 - c.niv_relief * help_share if niv <= month else 1.0
    breathing = _on_grid(hazards[0], values[RESPIRATORY, part])
    rates[row, BREATHING] = breathing * ventilated * c.clinic_ratio
    fed = c.gastrostomy_ratio if tube <= month else 1.0
    rates[row, CHOKING] = _on_grid(hazards[1], values[BULBAR, part]) * fed * c.clinic_ratio


@_inline
def add_hazards(
    times,
    borne,
    rates,
    limits,
    signals,
    accepts_niv,
    accepts_tube,
    c,
    hazards,
    diagnosis_rate,
    values,
    ratios,
    first_step,
):
    niv = _niv_need(signals) if accepts_niv else np.inf
    tube = _gastrostomy_need(signals) if accepts_tube else np.inf
    _hazards(
        rates, 0, signals, niv, tube, c, hazards, diagnosis_rate, values, 0, first_step / c.steps
    )
    for part in range(c.steps):
        step = first_step + part
        month = (step + 1) / c.steps
        _hazards(rates, 1, signals, niv, tube, c, hazards, diagnosis_rate, values, part + 1, month)
        open_part = min(max((month - c.diagnosis_earliest) * c.steps, 0.0), 1.0)
        for event in range(3):
            weight = open_part if event == DIAGNOSIS else ratios[part]
            limit = limits[event]
            before = borne[event]
            after = before + 0.5 * (rates[0, event] + rates[1, event]) * c.dt * weight
            if after >= limit and times[event] == np.inf:
                times[event] = (step + (limit - before) / (after - before)) / c.steps
            borne[event] = after
            rates[0, event] = rates[1, event]
    need = min(_niv_need(signals), _gastrostomy_need(signals))
    times[DIAGNOSIS] = min(times[DIAGNOSIS], need)


@_inline
def death(times, most_paralysed, other, ventilated, rate, tracheostomy, stop_ventilation, harm):
    first = min(times[CHOKING], other, harm)
    if not tracheostomy:
        return min(first, times[BREATHING])
    first = min(first, times[BREATHING] + ventilated / max(rate, 1e-12))
    if stop_ventilation:
        first = min(first, max(times[BREATHING], most_paralysed))
    return first
