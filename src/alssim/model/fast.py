"""The engine in numba: one patient after the other, the same bits as the numpy back end.

The two functions at the end do what ``neurons.silent`` and ``course.course`` do; tests compare
them bit for bit. The kernels above them only lay out arrays and call ``alssim.model.fast_steps``.
"""

from collections import namedtuple
from typing import Any

import numpy as np
from numba import njit

from alssim.model.anatomy import POOL_COUNT, REGION_COUNT
from alssim.model.course import DIAGNOSIS, FOLLOWED, WEIGHT, Outcome, empty_outcome
from alssim.model.fate import CELLS
from alssim.model.fast_steps import (
    ALIVE, BORE, COMPENSATION, EXPOSED, LIMIT, OPTIONS, OXIDANT, RATIO, REPLACEMENT, ROWS, STRENGTH,
    VULNERABLE, Q, add_hazards, advance, between, death, fill_active, fill_dose, follow, has, note_falls,
    part_of_step, regrow, strengths, weight_rate,
)
from alssim.model.neurons import (
    LONGEST_SILENCE, NEVER, Effects, Luck, Onset, empty_onset, no_effects, no_first_symptom,
)
from alssim.model.physics import SIGNAL, Physics

_kernel = njit(**OPTIONS)
_MOST_PARALYSED = SIGNAL["most_paralysed"]
# The plain numbers of Physics. Arrays are handed over one by one: a tuple of arrays is slow in numba.
Constants = namedtuple("Constants", [n for n, kind in Physics.__annotations__.items() if kind in (int, float)])  # type: ignore[misc]


@_kernel
def _silence(c, weights, links, upper_link, table, pace, spread, vulnerability, involvement, first, second,
             channels, size, start, stop, shape, travel, regrow_share, known, until_steps, until_part, limit,
             out_q, out_oxidative, out_survival, out_exposure, out_graft, out_inflammation, out_steps, out_part, out_region):  # type: ignore[no-untyped-def]
    """Fill the arrays with every patient's state at the first symptom; return how many have none."""
    pool, old, regions = np.zeros((ROWS, POOL_COUNT)), np.empty((4, POOL_COUNT)), np.zeros((4, REGION_COUNT))
    before, after, graft, old_graft = regions[0], regions[1], regions[2], regions[3]
    lost, active = np.empty(POOL_COUNT, np.int64), np.empty(POOL_COUNT, np.int64)
    state, left = np.empty(2), np.empty(10)
    treated, grafted = len(channels) > 0, has(channels, REPLACEMENT, REPLACEMENT)
    helped, missing = has(channels, COMPENSATION, STRENGTH), 0
    fill_dose(left, channels[:0], size, start, stop, shape, 0, 0)
    for patient in range(len(pace)):
        for p in range(POOL_COUNT):
            pool[Q, p], pool[OXIDANT, p], pool[ALIVE, p], pool[EXPOSED, p] = 0.0, 0.0, 1.0, 0.0
            pool[VULNERABLE, p], pool[LIMIT, p] = vulnerability[p, patient], involvement[p, patient]
            pool[BORE, p] = 0.0
            lost[p] = 0
        pool[Q, first[patient]] = c.seed
        if second[patient] >= 0:
            pool[Q, second[patient]] = c.seed
        for region in range(REGION_COUNT):
            graft[region] = 0.0
        state[0], state[1] = 0.0, fill_active(active, pool)
        cells = table[patient]
        if treated:
            fill_dose(left, channels[:0], size, start, stop, shape, patient, 0)
        strengths(before, c.neurons, links, upper_link, lost, graft, left, False, helped)
        step = 0
        while step <= limit:
            for row in range(4):
                for p in range(POOL_COUNT):
                    old[row, p] = pool[row, p]
            old_inflammation = state[0]
            clock = step - until_steps[patient] - 1 if known else 0
            if treated:
                fill_dose(left, channels, size, start, stop, shape, patient, clock)
            advance(c, weights, cells, pace[patient], spread[patient], left, pool, lost, active, state)
            if grafted:
                for region in range(REGION_COUNT):
                    old_graft[region] = graft[region]
                regrow(graft, lost, pool, channels, size, start, stop, shape, travel, regrow_share, patient, clock, c.neurons)
            strengths(after, c.neurons, links, upper_link, lost, graft, left, grafted, helped)
            part, weak_region = 2.0, -1
            if known:
                if until_steps[patient] == step:
                    part = until_part[patient]
            else:
                for region in range(REGION_COUNT):
                    if after[region] < c.weak:
                        here = part_of_step(before[region], after[region], c.weak)
                        if here < part:
                            part, weak_region = here, region
            if part <= 1.0:
                break
            for region in range(REGION_COUNT):
                before[region] = after[region]
            step += 1
        if step > limit:
            missing += 1
            continue
        for p in range(POOL_COUNT):
            reached = between(old[EXPOSED, p], pool[EXPOSED, p], part)
            fresh = old[Q, p] == 0.0 and reached < pool[LIMIT, p]
            out_q[p, patient] = 0.0 if fresh else between(old[Q, p], pool[Q, p], part)
            out_oxidative[p, patient] = between(old[OXIDANT, p], pool[OXIDANT, p], part)
            out_survival[p, patient] = between(old[ALIVE, p], pool[ALIVE, p], part)
            out_exposure[p, patient] = reached
        for region in range(REGION_COUNT):
            out_graft[region, patient] = between(old_graft[region], graft[region], part)
        out_inflammation[patient] = between(old_inflammation, state[0], part)
        out_steps[patient], out_part[patient], out_region[patient] = step, part, weak_region
    return missing


@_kernel
def _course(c, weights, links, upper_link, hazards, diagnosis_rate, levels, table, pace, spread, vulnerability,
            involvement, capacity, limits, other, ventilated, niv, gastrostomy, tracheostomy, stop_ventilation,
            in_q, in_oxidative, in_survival, in_exposure, in_graft, in_inflammation, in_region,
            channels, size, start, stop, shape, travel, regrow_share, on_diagnosis, harm, months, latent, record,
            out_signals, out_times, out_background, out_lost, out_weight, out_graft):  # type: ignore[no-untyped-def]
    """Fill the arrays with every patient's course; ``start`` is our own copy."""
    pool, regions = np.zeros((ROWS, POOL_COUNT)), np.empty((2, REGION_COUNT))
    strength, graft = regions[0], regions[1]
    lost, active = np.empty(POOL_COUNT, np.int64), np.empty(POOL_COUNT, np.int64)
    state, left = np.empty(2), np.empty(10)
    values, ratios = np.empty((FOLLOWED, c.steps + 1)), np.empty(c.steps)
    signals, times, borne, rates = np.empty(len(levels)), np.empty(3), np.empty(3), np.empty((2, 3))
    limit, treated = np.empty(3), len(channels) > 0
    grafted, helped = has(channels, REPLACEMENT, REPLACEMENT), has(channels, COMPENSATION, STRENGTH)
    fill_dose(left, channels[:0], size, start, stop, shape, 0, 0)
    for patient in range(len(pace)):
        cells = table[patient]
        for p in range(POOL_COUNT):
            pool[VULNERABLE, p], pool[LIMIT, p] = vulnerability[p, patient], involvement[p, patient]
            pool[BORE, p] = 0.0
            pool[Q, p], pool[OXIDANT, p] = in_q[p, patient], in_oxidative[p, patient]
            pool[ALIVE, p], pool[EXPOSED, p] = in_survival[p, patient], in_exposure[p, patient]
            lost[p] = cells[p, np.uint64((1.0 - pool[ALIVE, p]) * CELLS)]
        for region in range(REGION_COUNT):
            graft[region] = in_graft[region, patient]
        for event in range(3):
            times[event], borne[event], limit[event] = np.inf, 0.0, limits[event, patient]
        for signal in range(len(levels)):
            signals[signal] = np.inf
        if in_region[patient] >= 0:
            signals[in_region[patient]] = 0.0
        state[0], state[1] = in_inflammation[patient], fill_active(active, pool)
        if treated:
            fill_dose(left, channels, size, start, stop, shape, patient, 0)
        strengths(strength, c.neurons, links, upper_link, lost, graft, left, grafted, helped)
        follow(values, 0, c, links, capacity[patient], strength, lost, graft, left, grafted, helped)
        values[WEIGHT, 0] = 0.0
        for month in range(months + 1):
            if record:
                for p in range(POOL_COUNT):
                    out_lost[patient, month, p] = lost[p]
                for region in range(REGION_COUNT):
                    out_graft[patient, month, region] = graft[region]
                out_weight[patient, month] = -values[WEIGHT, 0]
            if month == months:
                break
            if month > 0 and not latent and death(
                    times, signals[_MOST_PARALYSED], other[patient], ventilated[patient], c.ventilated_rate,
                    tracheostomy[patient], stop_ventilation[patient], harm[patient]) <= month:
                break
            first_step = month * c.steps
            for part in range(c.steps):
                step = first_step + part
                if treated:
                    fill_dose(left, channels, size, start, stop, shape, patient, step)
                advance(c, weights, cells, pace[patient], spread[patient], left, pool, lost, active, state)
                if grafted:
                    regrow(graft, lost, pool, channels, size, start, stop, shape, travel, regrow_share, patient, step, c.neurons)
                strengths(strength, c.neurons, links, upper_link, lost, graft, left, grafted, helped)
                follow(values, part + 1, c, links, capacity[patient], strength, lost, graft, left, grafted, helped)
                rate = weight_rate(values, part, c) + weight_rate(values, part + 1, c)
                values[WEIGHT, part + 1] = values[WEIGHT, part] - 0.5 * c.dt * rate
                ratios[part] = left[RATIO]
            note_falls(signals, values, levels, c.steps, first_step)
            add_hazards(times, borne, rates, limit, signals, niv[patient], gastrostomy[patient], c, hazards,
                        diagnosis_rate, values, ratios, first_step)
            for row in range(FOLLOWED):
                values[row, 0] = values[row, c.steps]
            if on_diagnosis >= 0 and times[DIAGNOSIS] <= month + 1 and start[on_diagnosis, patient] == NEVER:
                start[on_diagnosis, patient] = first_step + c.steps
                out_background[patient] = first_step + c.steps
        for signal in range(len(levels)):
            out_signals[signal, patient] = signals[signal]
        for event in range(3):
            out_times[event, patient] = times[event]


def _constants(physics: Physics) -> Any:
    return Constants(*(getattr(physics, name) for name in Constants._fields))


def _links(physics: Physics) -> Any:
    return np.array([physics.lower_link, physics.sprouting_link, physics.capacity_link])


def silent(luck: Luck, physics: Physics, effects: Effects | None = None, until: Onset | None = None) -> Onset:
    """Follow every patient from the first pathology to the first symptom (see ``neurons.silent``)."""
    found = empty_onset(len(luck.pace))
    known, given = until or found, effects or no_effects(len(luck.pace))
    missing = _silence(
        _constants(physics), physics.weights, _links(physics), physics.upper_link, luck.table, luck.pace,
        luck.spread, luck.vulnerability, luck.involvement, luck.first, luck.second, given.channel, given.size,
        given.start, given.stop, given.shape, given.travel, given.regrow, until is not None, known.steps,
        known.part, LONGEST_SILENCE * physics.steps, found.q, found.oxidative, found.survival, found.exposure,
        found.graft, found.inflammation, found.steps, found.part, found.region)
    if missing:
        raise no_first_symptom()
    return found


def course(luck: Luck, physics: Physics, onset: Onset, months: int, effects: Effects | None = None,
           record: bool = False, latent: bool = False) -> Outcome:
    """Follow every patient from the first symptom to death (see ``course.course``)."""
    count = len(luck.pace)
    out, given = empty_outcome(count, months, record), effects or no_effects(count)
    limits, times = np.array([luck.diagnosis, luck.respiratory, luck.aspiration]), np.full((3, count), np.inf)
    _course(
        _constants(physics), physics.weights, _links(physics), physics.upper_link,
        np.array([physics.respiratory_hazard, physics.aspiration_hazard]), physics.diagnosis_rate, physics.levels,
        luck.table, luck.pace, luck.spread, luck.vulnerability, luck.involvement, luck.capacity, limits,
        luck.other, luck.ventilated, luck.niv, luck.gastrostomy, luck.tracheostomy, luck.stop_ventilation,
        onset.q, onset.oxidative, onset.survival, onset.exposure, onset.graft, onset.inflammation, onset.region,
        given.channel, given.size, given.start.copy(), given.stop, given.shape, given.travel, given.regrow,
        given.on_diagnosis, given.harm, months, latent, record,
        out.signals, times, out.background, out.lost, out.weight, out.graft)
    return out._replace(diagnosis=times[0], respiratory=times[1], aspiration=times[2])


