# mypy: disable-error-code="no-untyped-def"
"""The silent phase in numba (see ``alssim.model.neurons.silent``)."""

import numpy as np
from numba import njit

from alssim.model.anatomy import POOL_COUNT, REGION_COUNT
from alssim.model.fast.steps import (
    ALIVE,
    BORE,
    COMPENSATION,
    EXPOSED,
    LIMIT,
    OPTIONS,
    OXIDANT,
    REPLACEMENT,
    ROWS,
    STRENGTH,
    VULNERABLE,
    Q,
    advance,
    between,
    fill_active,
    fill_dose,
    has,
    part_of_step,
    regrow,
    strengths,
)
from alssim.model.fast.tables import constants, links
from alssim.model.neurons import LEAST
from alssim.model.physics import Physics
from alssim.model.state import (
    EARLY,
    LONGEST_SILENCE,
    Effects,
    Luck,
    Onset,
    empty_onset,
    no_effects,
)


def silent(
    luck: Luck, physics: Physics, effects: Effects | None = None, until: Onset | None = None
) -> Onset:
    """Follow every patient from the first pathology to the first symptom."""
    found = empty_onset(len(luck.pace))
    known, given = until or found, effects or no_effects(len(luck.pace))
    _silence(
        constants(physics), physics.weights, links(physics), physics.upper_link,
        luck.table, luck.pace, luck.spread, luck.vulnerability, luck.involvement, luck.first,
        luck.second, given.channel, given.size, given.start, given.stop, given.shape, given.travel,
        given.regrow, until is not None, known.steps, known.part, LONGEST_SILENCE * physics.steps,
        found.q, found.oxidative, found.survival, found.exposure, found.graft, found.inflammation,
        found.steps, found.part, found.region, found.early,
    )  # fmt: skip
    return found


@njit(forceinline=True, **OPTIONS)
def _begin(pool, lost, graft, patient, vulnerability, involvement, first, second, seed):
    """Put the first pathology into one pool, or two."""
    for p in range(POOL_COUNT):
        pool[Q, p], pool[OXIDANT, p], pool[ALIVE, p], pool[EXPOSED, p] = 0.0, 0.0, 1.0, 0.0
        pool[VULNERABLE, p], pool[LIMIT, p] = vulnerability[p, patient], involvement[p, patient]
        pool[BORE, p] = 0.0
        lost[p] = 0
    pool[Q, first[patient]] = seed
    if second[patient] >= 0:
        pool[Q, second[patient]] = seed
    for region in range(REGION_COUNT):
        graft[region] = 0.0


@njit(forceinline=True, **OPTIONS)
def _remember(old, pool, old_graft, graft):
    for row in range(4):
        for p in range(POOL_COUNT):
            old[row, p] = pool[row, p]
    for region in range(REGION_COUNT):
        old_graft[region] = graft[region]


@njit(forceinline=True, **OPTIONS)
def _first_weak(before, after, level, found):
    """Fill in the part of the step after which the first region is weak, and which region."""
    found[0], found[1] = 2.0, -1.0
    for region in range(REGION_COUNT):
        if after[region] < level:
            part = part_of_step(before[region], after[region], level)
            if part < found[0]:
                found[0], found[1] = part, region


@njit(forceinline=True, **OPTIONS)
def _store(
    patient, part, seed, old, pool, old_graft, graft, q, oxidative, survival, exposure, grafted,
):  # fmt: skip
    """Keep the state between the two ends of the step."""
    for p in range(POOL_COUNT):
        reached = between(old[EXPOSED, p], pool[EXPOSED, p], part)
        if old[Q, p] != 0.0:
            q[p, patient] = between(old[Q, p], pool[Q, p], part)
        elif reached < pool[LIMIT, p]:
            q[p, patient] = 0.0
        else:
            past = (reached - pool[LIMIT, p]) / max(pool[EXPOSED, p] - pool[LIMIT, p], LEAST)
            q[p, patient] = between(seed, pool[Q, p], past)
        oxidative[p, patient] = between(old[OXIDANT, p], pool[OXIDANT, p], part)
        survival[p, patient] = between(old[ALIVE, p], pool[ALIVE, p], part)
        exposure[p, patient] = reached
    for region in range(REGION_COUNT):
        grafted[region, patient] = between(old_graft[region], graft[region], part)


@njit(**OPTIONS)
def _silence(
    c, weights, links, upper_link,
    table, pace, spread, vulnerability, involvement, first, second,
    channels, size, start, stop, shape, travel, regrow_share,
    known, until_steps, until_part, longest,
    out_q, out_oxidative, out_survival, out_exposure, out_graft, out_inflammation,
    out_steps, out_part, out_region, out_early,
):  # fmt: skip
    """Fill the arrays with the state at the first symptom."""
    pool, old = np.zeros((ROWS, POOL_COUNT)), np.empty((4, POOL_COUNT))
    before, after = np.zeros(REGION_COUNT), np.zeros(REGION_COUNT)
    graft, old_graft = np.zeros(REGION_COUNT), np.zeros(REGION_COUNT)
    lost, active = np.empty(POOL_COUNT, np.int64), np.empty(POOL_COUNT, np.int64)
    state, left, found = np.empty(2), np.empty(10), np.empty(2)
    treated = len(channels) > 0
    grafted = has(channels, REPLACEMENT, REPLACEMENT)
    helped = has(channels, COMPENSATION, STRENGTH)
    for patient in range(len(pace)):
        _begin(pool, lost, graft, patient, vulnerability, involvement, first, second, c.seed)
        state[0], state[1] = 0.0, fill_active(active, pool)
        fill_dose(left, channels[:0], size, start, stop, shape, patient, 0)
        strengths(before, c.neurons, links, upper_link, lost, graft, left, False, helped)
        cells, found[0] = table[patient], 2.0
        step = 0
        while True:
            _remember(old, pool, old_graft, graft)
            inflammation = state[0]
            clock = step - until_steps[patient] - 1 if known else 0
            if treated:
                fill_dose(left, channels, size, start, stop, shape, patient, clock)
            deaths = advance(
                c, weights, cells, pace[patient], spread[patient], left, pool, lost, active, state,
            )  # fmt: skip
            if grafted:
                regrow(
                    graft, lost, pool, channels, size, start, stop, shape, travel, regrow_share,
                    patient, clock, c.neurons,
                )  # fmt: skip
            if deaths > 0 and out_early[patient] < 0 and max(lost) * EARLY >= c.neurons:
                out_early[patient] = step
            if known:
                found[0] = until_part[patient] if until_steps[patient] == step else 2.0
                found[1] = -1.0
            elif deaths > 0:
                strengths(after, c.neurons, links, upper_link, lost, graft, left, grafted, helped)
                _first_weak(before, after, c.weak, found)
                before, after = after, before
            if step == longest and not known and found[0] > 1.0:
                found[0], found[1] = 1.0, -1.0
            if found[0] <= 1.0:
                break
            step += 1
        _store(
            patient, found[0], c.seed, old, pool, old_graft, graft,
            out_q, out_oxidative, out_survival, out_exposure, out_graft,
        )  # fmt: skip
        out_inflammation[patient] = between(inflammation, state[0], found[0])
        out_steps[patient], out_part[patient], out_region[patient] = step, found[0], int(found[1])
