# mypy: disable-error-code="no-untyped-def"
"""The course from the first symptom on in numba (see ``alssim.model.course.course``)."""

import numpy as np
from numba import njit

from alssim.model.anatomy import CELLS, POOL_COUNT, REGION_COUNT
from alssim.model.course import DIAGNOSIS, FOLLOWED, WEIGHT, Outcome, empty_outcome
from alssim.model.fast.steps import (
    ALIVE,
    BORE,
    COMPENSATION,
    EXPOSED,
    LIMIT,
    OPTIONS,
    OXIDANT,
    RATIO,
    REPLACEMENT,
    ROWS,
    STRENGTH,
    VULNERABLE,
    Q,
    add_hazards,
    advance,
    approach,
    death,
    fill_active,
    fill_dose,
    follow,
    has,
    note_falls,
    regrow,
    strengths,
    weight_rate,
)
from alssim.model.fast.tables import constants, links
from alssim.model.physics import SIGNAL, Physics
from alssim.model.state import NEVER, Effects, Luck, Onset, no_effects

_MOST_PARALYSED = SIGNAL["most_paralysed"]


def course(
    luck: Luck,
    physics: Physics,
    onset: Onset,
    months: int,
    effects: Effects | None = None,
    record: bool = False,
    latent: bool = False,
) -> Outcome:
    """Follow every patient from the first symptom to death, for at most ``months``."""
    count = len(luck.pace)
    out, given = empty_outcome(count, months, record), effects or no_effects(count)
    limits = np.array([luck.diagnosis, luck.respiratory, luck.aspiration])
    times = np.full((3, count), np.inf)
    _life(
        constants(physics), physics.weights, links(physics), physics.upper_link,
        np.array([physics.respiratory_hazard, physics.aspiration_hazard]), physics.diagnosis_rate,
        physics.levels, luck.table, luck.pace, luck.spread, luck.vulnerability, luck.involvement,
        luck.capacity, limits, luck.other, luck.ventilated, luck.niv, luck.gastrostomy,
        luck.tracheostomy, luck.stop_ventilation,
        onset.q, onset.oxidative, onset.survival, onset.exposure, onset.graft, onset.inflammation,
        onset.region, given.channel, given.size, given.start.copy(), given.stop, given.shape,
        given.travel, given.regrow, given.on_diagnosis, given.harm, months, latent, record,
        out.signals, times, out.background, out.lost, out.weight, out.graft,
    )  # fmt: skip
    return out._replace(diagnosis=times[0], respiratory=times[1], aspiration=times[2])


@njit(forceinline=True, **OPTIONS)
def _begin(
    patient, pool, lost, graft, cells, vulnerability, involvement, q, oxidative, survival,
    exposure, grafted,
):  # fmt: skip
    """Load the state at the first symptom."""
    for p in range(POOL_COUNT):
        pool[VULNERABLE, p], pool[LIMIT, p] = vulnerability[p, patient], involvement[p, patient]
        pool[Q, p], pool[OXIDANT, p] = q[p, patient], oxidative[p, patient]
        pool[ALIVE, p], pool[EXPOSED, p] = survival[p, patient], exposure[p, patient]
        pool[BORE, p] = 0.0
        lost[p] = cells[p, np.uint64((1.0 - pool[ALIVE, p]) * CELLS)]
    for region in range(REGION_COUNT):
        graft[region] = grafted[region, patient]


@njit(forceinline=True, **OPTIONS)
def _keep(patient, month, lost, graft, weight, out_lost, out_graft, out_weight):
    for p in range(POOL_COUNT):
        out_lost[patient, month, p] = lost[p]
    for region in range(REGION_COUNT):
        out_graft[patient, month, region] = graft[region]
    out_weight[patient, month] = weight


@njit(forceinline=True, **OPTIONS)
def _start_background(effect, diagnosed, start, patient, step, out_background):
    if effect >= 0 and diagnosed and start[effect, patient] == NEVER:
        start[effect, patient] = step
        out_background[patient] = step


@njit(forceinline=True, **OPTIONS)
def _month(
    c, weights, links, upper_link, cells, pace, spread, capacity,
    channels, size, start, stop, shape, travel, regrow_share, patient, first_step,
    pool, lost, active, state, left, graft, strength, values, ratios, treated, grafted, helped,
):  # fmt: skip
    """Take the steps of a month; fill in what is followed."""
    for part in range(c.steps):
        step = first_step + part
        if treated:
            fill_dose(left, channels, size, start, stop, shape, patient, step)
        advance(
            c, weights, cells, pace, spread, left, pool, lost, active, state,
        )  # fmt: skip
        if grafted:
            regrow(
                graft, lost, pool, channels, size, start, stop, shape, travel, regrow_share,
                patient, step, c.neurons,
            )  # fmt: skip
        strengths(strength, c.neurons, links, upper_link, lost, graft, left, grafted, helped)
        follow(values, part + 1, c, links, capacity, strength, lost, graft, left, grafted, helped)
        rate = weight_rate(values, part, c) + weight_rate(values, part + 1, c)
        values[WEIGHT, part + 1] = approach(values[WEIGHT, part], 0.5 * c.dt * rate, c.loss_most)
        ratios[part] = left[RATIO]


@njit(**OPTIONS)
def _life(
    c, weights, links, upper_link, hazards, diagnosis_rate, levels,
    table, pace, spread, vulnerability, involvement, capacity, limits, other, ventilated,
    niv, gastrostomy, tracheostomy, stop_ventilation,
    in_q, in_oxidative, in_survival, in_exposure, in_graft, in_inflammation, in_region,
    channels, size, start, stop, shape, travel, regrow_share, on_diagnosis, harm,
    months, latent, record,
    out_signals, out_times, out_background, out_lost, out_weight, out_graft,
):  # fmt: skip
    """Fill the arrays with every patient's course; ``start`` is a copy of our own."""
    pool, graft = np.zeros((ROWS, POOL_COUNT)), np.zeros(REGION_COUNT)
    strength, borders = np.zeros(REGION_COUNT), np.empty(3)
    lost, active = np.empty(POOL_COUNT, np.int64), np.empty(POOL_COUNT, np.int64)
    state, left, ratios = np.empty(2), np.empty(10), np.empty(c.steps)
    values, signals = np.empty((FOLLOWED, c.steps + 1)), np.empty(len(levels))
    times, borne, rates = np.empty(3), np.empty(3), np.empty((2, 3))
    treated, grafted = len(channels) > 0, has(channels, REPLACEMENT, REPLACEMENT)
    helped = has(channels, COMPENSATION, STRENGTH)
    for patient in range(len(pace)):
        cells = table[patient]
        _begin(
            patient, pool, lost, graft, cells, vulnerability, involvement, in_q, in_oxidative,
            in_survival, in_exposure, in_graft,
        )  # fmt: skip
        times[:], borne[:], signals[:] = np.inf, 0.0, np.inf
        for event in range(3):
            borders[event] = limits[event, patient]
        if in_region[patient] >= 0:
            signals[in_region[patient]] = 0.0
        state[0], state[1] = in_inflammation[patient], fill_active(active, pool)
        fill_dose(left, channels, size, start, stop, shape, patient, -1)
        strengths(strength, c.neurons, links, upper_link, lost, graft, left, grafted, helped)
        follow(values, 0, c, links, capacity[patient], strength, lost, graft, left, grafted, helped)
        values[WEIGHT, 0], end = 0.0, np.inf
        for month in range(months + 1):
            if record:
                _keep(
                    patient, month, lost, graft, -values[WEIGHT, 0], out_lost, out_graft, out_weight
                )
            if month == months or (end <= month and not latent):
                break
            first_step = month * c.steps
            _month(
                c, weights, links, upper_link, cells, pace[patient], spread[patient],
                capacity[patient], channels, size, start, stop, shape, travel, regrow_share,
                patient, first_step, pool, lost, active, state, left, graft, strength, values,
                ratios, treated, grafted, helped,
            )  # fmt: skip
            note_falls(signals, values, levels, c.steps, first_step, grafted or helped)
            add_hazards(
                times, borne, rates, borders, signals, niv[patient], gastrostomy[patient], c,
                hazards, diagnosis_rate, values, ratios, first_step,
            )  # fmt: skip
            for row in range(FOLLOWED):
                values[row, 0] = values[row, c.steps]
            end = death(
                times, signals[_MOST_PARALYSED], other[patient], ventilated[patient],
                c.ventilated_rate, tracheostomy[patient], stop_ventilation[patient], harm[patient],
            )  # fmt: skip
            _start_background(
                on_diagnosis, times[DIAGNOSIS] <= min(end, month + 1), start, patient,
                first_step + c.steps, out_background,
            )  # fmt: skip
        for signal in range(len(levels)):
            out_signals[signal, patient] = signals[signal]
        for event in range(3):
            out_times[event, patient] = times[event]
