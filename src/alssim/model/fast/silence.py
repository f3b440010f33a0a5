# mypy: disable-error-code="no-untyped-def"
"""The silent phase in numba (see ``alssim.model.silence``)."""

import numpy as np
from numba import njit

from alssim.model.anatomy import POOL_COUNT, REGION_COUNT
from alssim.model.fast.rows import (
    ALIVE,
    EARLY_STEP,
    EXPOSED,
    GRAFT,
    INFLAMMATION,
    LANES,
    LAST_STEP,
    LIMIT,
    LOST,
    OLD,
    OWN_SPREAD,
    OXIDANT,
    PACE,
    SILENT_ROWS,
    STATE_ROWS,
    STEP,
    STRONG,
    STRONG_BEFORE,
    VULNERABLE,
    Q,
)
from alssim.model.fast.steps import (
    OPTIONS,
    advance,
    between,
    fill_dose,
    fill_plan,
    grafts,
    helps,
    inline,
    no_dose,
    part_of_step,
    regrow,
    strengths,
)
from alssim.model.fast.tables import constants, links
from alssim.model.lanes import slowest_first
from alssim.model.physics import Physics
from alssim.model.silence import LEAST
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
        LANES, constants(physics), physics.weights, links(physics), physics.upper_link,
        slowest_first(luck), luck.table, luck.pace, luck.spread, luck.vulnerability,
        luck.involvement, luck.first, luck.second,
        given.channel, given.size, given.start, given.stop, given.shape, given.travel,
        given.regrow, until is not None, known.steps, known.part, LONGEST_SILENCE * physics.steps,
        found.q, found.oxidative, found.survival, found.exposure, found.graft, found.inflammation,
        found.steps, found.part, found.region, found.early,
    )  # fmt: skip
    return found


@inline
def _load(i, patient, c, s, links, upper_link, vulnerability, involvement, first, second, pace,
          spread, last_step):  # fmt: skip
    """Put the first pathology of a patient into one pool, or two."""
    for row in range(STATE_ROWS):
        s[row, i] = 0.0
    for p in range(POOL_COUNT):
        s[ALIVE + p, i], s[LOST + p, i] = 1.0, 0.0
        s[VULNERABLE + p, i], s[LIMIT + p, i] = vulnerability[p, patient], involvement[p, patient]
    s[Q + first[patient], i] = c.seed
    if second[patient] >= 0:
        s[Q + second[patient], i] = c.seed
    for r in range(REGION_COUNT):
        s[STRONG + r, i] = links[0, 0] * upper_link[r, 0]
    s[PACE, i], s[OWN_SPREAD, i] = pace[patient], spread[patient]
    s[LAST_STEP, i], s[EARLY_STEP, i] = last_step, -1.0


@inline
def _rest(i, s):
    """Nothing happens any more in a lane that has no patient."""
    for row in range(STATE_ROWS):
        s[row, i] = 0.0
    for p in range(POOL_COUNT):
        s[ALIVE + p, i], s[LOST + p, i], s[LIMIT + p, i] = 1.0, 0.0, np.inf
    for r in range(REGION_COUNT):
        s[STRONG + r, i] = 1.0
    s[PACE, i], s[STEP, i], s[LAST_STEP, i] = 0.0, 0.0, np.inf


@inline
def _remember(n, s):
    for row in range(STATE_ROWS):
        for i in range(n):
            s[OLD + row, i] = s[row, i]
    for r in range(REGION_COUNT):
        for i in range(n):
            s[STRONG_BEFORE + r, i] = s[STRONG + r, i]


@inline
def _note_early(n, c, s):
    for i in range(n):
        most = s[LOST, i]
        for p in range(1, POOL_COUNT):
            most = max(most, s[LOST + p, i])
        fresh = (most * EARLY >= c.neurons) & (s[EARLY_STEP, i] < 0.0)
        s[EARLY_STEP, i] = s[STEP, i] if fresh else s[EARLY_STEP, i]


@inline
def _any_ends(n, c, s, known):
    """Say whether a lane may end in this step."""
    count = 0
    for i in range(n):
        count += s[STEP, i] >= s[LAST_STEP, i]
    if not known:
        for r in range(REGION_COUNT):
            for i in range(n):
                count += s[STRONG + r, i] < c.weak
    return count > 0


@inline
def _first_weak(i, c, s, found):
    """Fill in the part of the step after which the first region is weak, and which region."""
    found[0], found[1] = 2.0, -1.0
    for r in range(REGION_COUNT):
        if s[STRONG + r, i] < c.weak:
            part = part_of_step(s[STRONG_BEFORE + r, i], s[STRONG + r, i], c.weak)
            if part < found[0]:
                found[0], found[1] = part, r


@inline
def _store(i, patient, part, c, s, q, oxidative, survival, exposure, grafted, inflammation):
    """Keep the state between the two ends of the step."""
    for p in range(POOL_COUNT):
        reached = between(s[OLD + EXPOSED + p, i], s[EXPOSED + p, i], part)
        limit = s[LIMIT + p, i]
        if s[OLD + Q + p, i] != 0.0:
            q[p, patient] = between(s[OLD + Q + p, i], s[Q + p, i], part)
        elif reached < limit:
            q[p, patient] = 0.0
        else:
            past = (reached - limit) / max(s[EXPOSED + p, i] - limit, LEAST)
            q[p, patient] = between(c.seed, s[Q + p, i], past)
        oxidative[p, patient] = between(s[OLD + OXIDANT + p, i], s[OXIDANT + p, i], part)
        survival[p, patient] = between(s[OLD + ALIVE + p, i], s[ALIVE + p, i], part)
        exposure[p, patient] = reached
    for r in range(REGION_COUNT):
        grafted[r, patient] = between(s[OLD + GRAFT + r, i], s[GRAFT + r, i], part)
    inflammation[patient] = between(s[OLD + INFLAMMATION, i], s[INFLAMMATION, i], part)


@inline
def _take(i, queued, order, step, who, known, until_steps, longest, c, s, links, upper_link,
          vulnerability, involvement, first, second, pace, spread):  # fmt: skip
    """Give a lane the next patient of the queue, or rest; return the length of the queue taken."""
    _rest(i, s)
    if queued == len(order):
        return queued
    who[i] = order[queued]
    last = until_steps[who[i]] if known else longest
    _load(i, who[i], c, s, links, upper_link, vulnerability, involvement, first, second, pace,
          spread, last)  # fmt: skip
    s[STEP, i] = step
    return queued + 1


@inline
def _end(i, patient, c, s, known, until_part, found):
    """Fill in the part of the step after which the silence ends (above 1: not yet), and where."""
    at_last = s[STEP, i] == s[LAST_STEP, i]
    if known:
        found[0], found[1] = until_part[patient] if at_last else 2.0, -1.0
        return
    _first_weak(i, c, s, found)
    if at_last and found[0] > 1.0:
        found[0], found[1] = 1.0, -1.0


@njit(**OPTIONS)
def _silence(
    n, c, weights, links, upper_link,
    order, table, pace, spread, vulnerability, involvement, first, second,
    channels, size, start, stop, shape, travel, regrow_share,
    known, until_steps, until_part, longest,
    out_q, out_oxidative, out_survival, out_exposure, out_graft, out_inflammation,
    out_steps, out_part, out_region, out_early,
):  # fmt: skip
    """Fill the arrays with the state at the first symptom; a lane that ends takes the next."""
    s, found = np.zeros((SILENT_ROWS, LANES)), np.empty(2)
    who, clock = np.zeros(LANES, np.int64), np.zeros(LANES)
    plan = np.zeros((3, len(channels), LANES))
    treated, grafted, helped = len(channels) > 0, grafts(channels), helps(channels)
    queued, ended = 0, 0
    no_dose(n, s)
    for i in range(n):
        queued = _take(i, queued, order, 0.0, who, known, until_steps, longest, c, s, links,
                       upper_link, vulnerability, involvement, first, second, pace,
                       spread)  # fmt: skip
    fill_plan(n, plan, who, size, start, stop)
    while ended < len(order):
        _remember(n, s)
        if treated:
            for i in range(n):
                clock[i] = s[STEP, i] - until_steps[who[i]] - 1.0 if known else 0.0
            fill_dose(n, s, clock, channels, plan, shape)
        advance(n, c, weights, table, who, s)
        if grafted:
            regrow(n, s, clock, channels, plan, shape, travel, regrow_share, c.neurons)
        _note_early(n, c, s)
        strengths(n, c, links, upper_link, s, grafted, helped)
        if _any_ends(n, c, s, known):
            for i in range(n):
                patient = who[i]
                _end(i, patient, c, s, known, until_part, found)
                if s[LAST_STEP, i] == np.inf or found[0] > 1.0:
                    continue
                _store(i, patient, found[0], c, s, out_q, out_oxidative, out_survival,
                       out_exposure, out_graft, out_inflammation)  # fmt: skip
                out_steps[patient], out_part[patient] = int(s[STEP, i]), found[0]
                out_region[patient], out_early[patient] = int(found[1]), int(s[EARLY_STEP, i])
                ended += 1
                queued = _take(i, queued, order, -1.0, who, known, until_steps, longest, c, s,
                               links, upper_link, vulnerability, involvement, first, second, pace,
                               spread)  # fmt: skip
            fill_plan(n, plan, who, size, start, stop)
        for i in range(n):
            s[STEP, i] = s[STEP, i] + 1.0
