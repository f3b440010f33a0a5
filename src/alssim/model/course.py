"""The course from the first symptom to death, month by month, as readable numpy.

Every month the engine takes its steps, turns the neurons that are left into strength, vital
capacity and weight, and notes in which month each of them first falls below a level. Then it adds
up the hazards of diagnosis and death (trapezoid rule) and compares them with the patient's own
thresholds. Nothing here reacts on the neurons but background drugs, from the month after
diagnosis. ``alssim.model.fast`` is the same in numba.
"""

from dataclasses import dataclass, fields
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from alssim.model.anatomy import (
    BULBAR,
    LEFT_ARM,
    LEFT_LEG,
    POOL_COUNT,
    REGION_COUNT,
    RESPIRATORY,
    RIGHT_ARM,
    RIGHT_LEG,
    TRUNK,
)
from alssim.model.equations import approach, part_of_step
from alssim.model.neurons import (
    Lanes,
    advance,
    capacity_share,
    dose_at,
    lanes_from,
    regrow,
    strengths,
)
from alssim.model.physics import GRID, SIGNAL, SIGNALS, Physics
from alssim.model.state import (
    NEVER,
    Dose,
    Effects,
    FloatArray,
    IntArray,
    Luck,
    Onset,
    replaces,
)

# What is followed, by row: seven regions, their minimum and mean, vital capacity, breath, weight.
WEAKEST, MEAN, CAPACITY, BREATH, WEIGHT = range(REGION_COUNT, REGION_COUNT + 5)
FOLLOWED = REGION_COUNT + 5
SOURCE = np.array(
    [
        *range(REGION_COUNT),
        WEAKEST,
        MEAN,
        BULBAR,
        BULBAR,
        BULBAR,
        CAPACITY,
        CAPACITY,
        CAPACITY,
        BREATH,
        CAPACITY,
        WEIGHT,
    ]
)  # the row that each signal of SIGNALS is read from
SHORTEST_COURSE = 1.0  # months; the slope seen at diagnosis is never taken over less


class Outcome(NamedTuple):
    """What the engine found; months since the first symptom, inf where never.

    signals      [signal, patient]    first month below the level of each signal (SIGNALS)
    diagnosis, respiratory, aspiration  [patient]  month in which the hazard borne meets its limit
    background   [patient]            step at which the background drug started; NEVER
    lost         [patient, month, pool]    neurons lost at each visit; empty if not asked for
    weight       [patient, month]     weight lost, %
    graft        [patient, month, region]  share of units that grafts add
    """

    signals: FloatArray
    diagnosis: FloatArray
    respiratory: FloatArray
    aspiration: FloatArray
    background: IntArray
    lost: NDArray[np.uint16]
    weight: NDArray[np.float32]
    graft: NDArray[np.float32]


@dataclass(slots=True, eq=False)
class Ledger:
    """What has happened to each lane so far; the last axis is the lane.

    followed [row, lane]: values at the end of the last step; borne [event, lane]: hazards added up.
    """

    signals: FloatArray
    followed: FloatArray
    times: FloatArray
    borne: FloatArray

    def keep(self, lanes: NDArray[np.bool_]) -> None:
        """Drop the lanes that are not followed any more."""
        for field in fields(self):
            setattr(self, field.name, np.ascontiguousarray(getattr(self, field.name)[..., lanes]))


DIAGNOSIS, BREATHING, CHOKING = range(3)  # rows of Ledger.times and Ledger.borne


def course(
    luck: Luck,
    physics: Physics,
    onset: Onset,
    months: int,
    effects: Effects | None = None,
    record: bool = False,
    latent: bool = False,
) -> Outcome:
    """Follow every patient from the first symptom to death, for at most ``months``.

    ``record`` keeps the neurons lost at each month; ``latent`` goes on after death.
    """
    lanes, out = lanes_from(luck, onset), empty_outcome(len(luck.pace), months, record)
    effects = _own(effects)
    ledger = _first_ledger(lanes, physics, luck, dose_at(effects, lanes.row, -1), replaces(effects))
    known = np.flatnonzero(onset.region >= 0)
    ledger.signals[onset.region[known], known] = 0.0
    _record(out, lanes, ledger, 0)
    for month in range(months):
        values, ratios = _month(lanes, ledger, luck, physics, effects, month)
        first_step = month * physics.steps
        note_falls(ledger.signals, values, physics.levels, first_step, physics.steps)
        _add_hazards(ledger, lanes.row, luck, physics, values, ratios, first_step)
        _diagnose_in_need(ledger)
        ledger.followed = np.ascontiguousarray(values[:, -1])
        _record(out, lanes, ledger, month + 1)
        harm = effects.harm[lanes.row] if effects is not None else np.inf
        death = death_times(luck, physics, lanes.row, ledger.signals, ledger.times, harm).min(
            axis=0
        )
        diagnosed = ledger.times[DIAGNOSIS] <= np.minimum(death, month + 1)
        _start_background(effects, out, lanes.row, diagnosed, (month + 1) * physics.steps)
        done = np.zeros(len(death), np.bool_) if latent else death <= month + 1
        if done.any() or month + 1 == months:
            _settle(out, lanes, ledger)
            if done.all():
                break
            if done.any():
                lanes.keep(~done)
                ledger.keep(~done)
    return out


def _own(effects: Effects | None) -> Effects | None:
    """The start of a background drug is found on the way: work on a copy of the starts."""
    return None if effects is None else effects._replace(start=effects.start.copy())


def empty_outcome(count: int, months: int, record: bool) -> Outcome:
    """Return the outcome of patients to whom nothing has happened yet."""
    visits = months + 1 if record else 0
    return Outcome(
        signals=np.full((len(SIGNALS), count), np.inf),
        diagnosis=np.full(count, np.inf),
        respiratory=np.full(count, np.inf),
        aspiration=np.full(count, np.inf),
        background=np.full(count, NEVER),
        lost=np.zeros((count, visits, POOL_COUNT), np.uint16),
        weight=np.zeros((count, visits), np.float32),
        graft=np.zeros((count, visits, REGION_COUNT), np.float32),
    )


def _first_ledger(lanes: Lanes, physics: Physics, luck: Luck, dose: Dose, grafted: bool) -> Ledger:
    count = len(lanes.row)
    strength = strengths(physics, lanes.lost, lanes.graft, dose, grafted)
    followed = np.zeros((FOLLOWED, count))
    _follow(followed, lanes, physics, luck, strength, dose, grafted)
    return Ledger(
        signals=np.full((len(SIGNALS), count), np.inf),
        followed=followed,
        times=np.full((3, count), np.inf),
        borne=np.zeros((3, count)),
    )


def _month(
    lanes: Lanes, ledger: Ledger, luck: Luck, physics: Physics, effects: Effects | None, month: int
) -> tuple[FloatArray, list[Any]]:
    """Take a month's steps; return what is followed [row, step, lane] and the hazard ratios."""
    values = np.empty((FOLLOWED, physics.steps + 1, len(lanes.row)))
    values[:, 0] = ledger.followed
    grafted, ratios = replaces(effects), []
    for part in range(physics.steps):
        step = month * physics.steps + part
        dose = dose_at(effects, lanes.row, step)
        hazard = advance(lanes, luck, physics, dose)
        if effects is not None and grafted:
            regrow(lanes, physics, effects, step, hazard)
        strength = strengths(physics, lanes.lost, lanes.graft, dose, grafted)
        _follow(values[:, part + 1], lanes, physics, luck, strength, dose, grafted)
        _lose_weight(values[:, part], values[:, part + 1], physics)
        ratios.append(dose.hazard_ratio)
    return values, ratios


def _follow(
    row: FloatArray,
    lanes: Lanes,
    physics: Physics,
    luck: Luck,
    strength: FloatArray,
    dose: Dose,
    grafted: bool,
) -> None:
    """Fill in what is followed at the end of a step (weight apart)."""
    row[:REGION_COUNT] = strength
    row[WEAKEST] = strength.min(axis=0)
    total = strength[0]
    for region in range(1, REGION_COUNT):
        total = total + strength[region]
    row[MEAN] = total / REGION_COUNT
    share = capacity_share(physics, lanes.lost, lanes.graft, strength, dose, grafted)
    row[CAPACITY] = luck.capacity[lanes.row] * share
    row[BREATH] = np.minimum(
        strength[RESPIRATORY] + physics.breath_offset,
        physics.lying_respiratory * strength[RESPIRATORY]
        + physics.lying_trunk * strength[TRUNK]
        + physics.lying_offset,
    )


def _lose_weight(before: FloatArray, after: FloatArray, physics: Physics) -> None:
    """Weight falls with swallowing and with weakness everywhere (the row holds minus the loss)."""
    rate = weight_rate(before, physics) + weight_rate(after, physics)
    after[WEIGHT] = approach(before[WEIGHT], 0.5 * physics.dt * rate, physics.loss_most)


def weight_rate(row: FloatArray, physics: Physics) -> FloatArray:
    """Return % of weight lost per month."""
    swallowing, weakness = 1.0 - row[BULBAR], 1.0 - row[MEAN]
    return np.asarray(physics.loss_swallowing * swallowing + physics.loss_weakness * weakness)


def note_falls(
    signals: FloatArray, values: FloatArray, levels: FloatArray, first_step: int, steps: int
) -> None:
    """Note the month in which each signal first falls below its level, between two steps.

    A signal that is below from the very start has fallen at month 0.
    """
    after = values[SOURCE, 1:]
    below = (after < levels[:, None, None]) & np.isinf(signals)[:, None]
    signal, lane = np.nonzero(below.any(axis=1))
    part = below[signal, :, lane].argmax(axis=1)
    start, end = values[SOURCE[signal], part, lane], after[signal, part, lane]
    level = levels[signal]
    already = start <= level
    within = part_of_step(np.where(already, level, start), end, level)
    signals[signal, lane] = (first_step + part + within) / steps


def regions_involved(signals: FloatArray, month: Any) -> Any:
    """Count the regions weak by a month: bulbar, arms, legs, trunk or breathing [patient]."""
    arms = np.minimum(signals[LEFT_ARM], signals[RIGHT_ARM]) <= month
    legs = np.minimum(signals[LEFT_LEG], signals[RIGHT_LEG]) <= month
    trunk = np.minimum(signals[TRUNK], signals[RESPIRATORY]) <= month
    return (signals[BULBAR] <= month).astype(np.int64) + arms + legs + trunk


def niv_need(signals: FloatArray) -> Any:
    """Return the month of need for NIV: low capacity, or fairly low with breathlessness."""
    with_symptoms = np.maximum(signals[SIGNAL["capacity_low"]], signals[SIGNAL["breathless"]])
    return np.minimum(signals[SIGNAL["capacity_half"]], with_symptoms)


def gastrostomy_need(signals: FloatArray) -> Any:
    """Return the month of need for gastrostomy: swallowing lost, or weak with weight lost."""
    by_weight = np.maximum(signals[SIGNAL["weight_low"]], signals[SIGNAL["swallowing_weak"]])
    return np.minimum(signals[SIGNAL["swallowing_lost"]], by_weight)


def on_grid(table: FloatArray, strength: FloatArray) -> FloatArray:
    """Read a table over strength, linearly between its cells."""
    place = strength * GRID
    cell = place.astype(np.int64)
    low = np.take(table, cell)
    return low + (place - cell) * (np.take(table, cell + 1) - low)


def _add_hazards(
    ledger: Ledger,
    rows: IntArray,
    luck: Luck,
    physics: Physics,
    values: FloatArray,
    ratios: list[Any],
    first_step: int,
) -> None:
    """Add up the hazards of the month's steps and note where one meets its threshold."""
    niv = np.where(luck.niv[rows], niv_need(ledger.signals), np.inf)
    tube = np.where(luck.gastrostomy[rows], gastrostomy_need(ledger.signals), np.inf)
    limits = (luck.diagnosis[rows], luck.respiratory[rows], luck.aspiration[rows])
    start = _hazards(ledger.signals, niv, tube, physics, values[:, 0], first_step / physics.steps)
    for part, ratio in enumerate(ratios):
        step = first_step + part
        month = (step + 1) / physics.steps
        end = _hazards(ledger.signals, niv, tube, physics, values[:, part + 1], month)
        open_part = min(max((month - physics.diagnosis_earliest) * physics.steps, 0.0), 1.0)
        weights = (open_part, ratio, ratio)
        for event in range(3):
            before = ledger.borne[event]
            after = before + 0.5 * (start[event] + end[event]) * physics.dt * weights[event]
            _meet(ledger.times[event], before, after, limits[event], step, physics.steps)
            ledger.borne[event] = after
        start = end


def _diagnose_in_need(ledger: Ledger) -> None:
    """Nobody is offered NIV or a feeding tube without a diagnosis: the need makes it."""
    need = np.minimum(niv_need(ledger.signals), gastrostomy_need(ledger.signals))
    ledger.times[DIAGNOSIS] = np.minimum(ledger.times[DIAGNOSIS], need)


def _meet(
    times: FloatArray,
    before: FloatArray,
    after: FloatArray,
    limit: FloatArray,
    step: int,
    steps: int,
) -> None:
    """Note the month in which a hazard borne meets its threshold."""
    lane = np.flatnonzero((after >= limit) & np.isinf(times))
    times[lane] = (step + (limit[lane] - before[lane]) / (after[lane] - before[lane])) / steps


def _hazards(
    signals: FloatArray,
    niv: FloatArray,
    tube: FloatArray,
    physics: Physics,
    row: FloatArray,
    month: float,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the hazards of diagnosis, respiratory failure and aspiration, per month."""
    slope = (1.0 - row[MEAN]) / max(month, SHORTEST_COURSE)
    seen = np.take(physics.diagnosis_rate, regions_involved(signals, month)) * (
        1.0 + physics.slope_gain * slope
    )
    help_share = np.minimum(
        np.maximum((row[BULBAR] - physics.niv_low) / physics.niv_span, 0.0), 1.0
    )
    ventilated = np.where(niv <= month, 1.0 - physics.niv_relief * help_share, 1.0)
    breathing = (
        on_grid(physics.respiratory_hazard, row[RESPIRATORY]) * ventilated * physics.clinic_ratio
    )
    fed = np.where(tube <= month, physics.gastrostomy_ratio, 1.0)
    choking = on_grid(physics.aspiration_hazard, row[BULBAR]) * fed * physics.clinic_ratio
    return seen, breathing, choking


def death_times(
    luck: Luck, physics: Physics, rows: IntArray, signals: FloatArray, times: FloatArray, harm: Any
) -> FloatArray:
    """Return the month of death by each cause [cause, patient], as far as it is known; inf if not.

    Causes in order: respiratory, aspiration, other, on ventilation, ventilation stopped, treatment.
    With a tracheostomy respiratory failure no longer kills; a constant hazard takes its place.
    """
    wanted = luck.tracheostomy[rows]
    tracheostomy = np.where(wanted, times[BREATHING], np.inf)
    rate = max(physics.ventilated_rate, 1e-12)
    stopped = np.maximum(tracheostomy, signals[SIGNAL["most_paralysed"]])
    return np.array(
        [
            np.where(wanted, np.inf, times[BREATHING]),
            times[CHOKING],
            luck.other[rows],
            tracheostomy + luck.ventilated[rows] / rate,
            np.where(luck.stop_ventilation[rows], stopped, np.inf),
            np.broadcast_to(harm, wanted.shape),
        ]
    )


def _start_background(
    effects: Effects | None,
    out: Outcome,
    rows: IntArray,
    diagnosed: NDArray[np.bool_],
    step: int,
) -> None:
    """A background drug starts with the month after the diagnosis of a living patient."""
    if effects is None or effects.on_diagnosis < 0:
        return
    starts = effects.start[effects.on_diagnosis]
    lane = diagnosed & (starts[rows] == NEVER)
    starts[rows[lane]] = step
    out.background[rows[lane]] = step


def _record(out: Outcome, lanes: Lanes, ledger: Ledger, month: int) -> None:
    if out.lost.shape[1]:
        out.lost[lanes.row, month] = lanes.lost.T
        out.weight[lanes.row, month] = -ledger.followed[WEIGHT]
        out.graft[lanes.row, month] = lanes.graft.T


def _settle(out: Outcome, lanes: Lanes, ledger: Ledger) -> None:
    """Copy what is known of the lanes that are followed to the result."""
    out.signals[:, lanes.row] = ledger.signals
    out.diagnosis[lanes.row] = ledger.times[DIAGNOSIS]
    out.respiratory[lanes.row] = ledger.times[BREATHING]
    out.aspiration[lanes.row] = ledger.times[CHOKING]
