"""Signals, needs, hazards and death, from what is followed of each patient; readable numpy.

``alssim.model.fast.hazards`` is the same in numba.
"""

from typing import Any

import numpy as np

from alssim.model.anatomy import (
    BULBAR,
    LEFT_ARM,
    LEFT_LEG,
    RESPIRATORY,
    RIGHT_ARM,
    RIGHT_LEG,
    TRUNK,
)
from alssim.model.equations import part_of_step
from alssim.model.ledger import BREATHING, CHOKING, DIAGNOSIS, SOURCE, VENTILATED, Ledger
from alssim.model.physics import GRID, SIGNAL, Physics
from alssim.model.state import FloatArray, IntArray, Luck


def note_falls(
    signals: FloatArray, values: FloatArray, levels: FloatArray, first_step: int, steps: int
) -> None:
    """Note the month in which each signal first falls below its level, between two steps.

    A signal that is below from the very start has fallen at month 0.
    """
    lowest = values[:, 1:].min(axis=1)
    fallen = lowest.take(SOURCE, axis=0) < levels[:, None]
    fallen &= signals == np.inf
    place = fallen.reshape(-1).nonzero()[0]
    if not len(place):
        return
    signal, lane = np.divmod(place, fallen.shape[1])
    row = SOURCE[signal]
    part = (values[row, 1:, lane] < levels[signal, None]).argmax(axis=1)
    start, end = values[row, part, lane], values[row, part + 1, lane]
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
    low = table.take(cell)
    place -= cell
    cell += 1
    value = table.take(cell)
    value -= low
    value *= place
    value += low
    return value


def add_hazards(
    ledger: Ledger,
    luck: Luck,
    physics: Physics,
    values: FloatArray,
    ratios: FloatArray,
    first_step: int,
) -> None:
    """Add up the hazards of the month's steps and note where one meets its threshold.

    ``values`` [row, moment, lane] at the ends of the steps; ``ratios`` [step, lane or 1].
    """
    months = ((first_step + np.arange(physics.steps + 1)) / physics.steps)[:, None]
    lane = np.isinf(ledger.times[DIAGNOSIS]).nonzero()[0]  # who is diagnosed is so once and for all
    seen = _diagnosis(ledger.signals.take(lane, axis=1), physics, months)
    open_part = (months[1:] - physics.diagnosis_earliest) * physics.steps
    weight = np.minimum(np.maximum(open_part, 0.0), 1.0)
    _bear(ledger, DIAGNOSIS, lane, luck.diagnosis, seen, weight, physics, first_step)
    lane = slice(None)
    breathing, choking = _deadly(ledger, luck, physics, values, months)
    _bear(ledger, BREATHING, lane, luck.respiratory, breathing, ratios, physics, first_step)
    _bear(ledger, CHOKING, lane, luck.aspiration, choking, ratios, physics, first_step)
    _ventilate(ledger, luck, physics, ratios, months)


def _bear(
    ledger: Ledger,
    event: int,
    lane: IntArray | slice,
    limit: FloatArray,
    hazard: FloatArray,
    weight: FloatArray,
    physics: Physics,
    first_step: int,
) -> None:
    """Add a hazard [moment, lane] to what these lanes have borne; ``limit`` [patient]."""
    borne = np.empty_like(hazard)
    borne[0] = ledger.borne[event, lane]
    added = np.add(hazard[:-1], hazard[1:], out=borne[1:])
    added *= 0.5
    added *= physics.dt
    added *= weight
    np.add.accumulate(borne, axis=0, out=borne)
    ledger.borne[event, lane] = borne[-1]
    times = ledger.times[event, lane]
    _meet(times, borne, limit[ledger.row[lane]], first_step, physics.steps)
    ledger.times[event, lane] = times


def _ventilate(
    ledger: Ledger, luck: Luck, physics: Physics, ratios: FloatArray, months: FloatArray
) -> None:
    """Add up the constant hazard on a ventilator since the tracheostomy."""
    rows = ledger.row
    lane = (luck.tracheostomy[rows] & np.isfinite(ledger.times[BREATHING])).nonzero()[0]
    if not len(lane):
        return
    limit = luck.ventilated[rows[lane]]
    begin = np.maximum(ledger.times[BREATHING, lane], months[:-1])
    span = np.maximum(months[1:] - begin, 0.0)
    borne = np.empty((len(months), len(lane)))
    borne[0] = ledger.borne[VENTILATED, lane]
    borne[1:] = physics.ventilated_rate * (ratios if ratios.shape[1] == 1 else ratios[:, lane])
    borne[1:] *= span
    np.add.accumulate(borne, axis=0, out=borne)
    ledger.borne[VENTILATED, lane] = borne[-1]
    met = ((borne[-1] >= limit) & np.isinf(ledger.times[VENTILATED, lane])).nonzero()[0]
    part = (borne[1:, met] >= limit[met]).argmax(axis=0)
    before, after = borne[part, met], borne[part + 1, met]
    share = (limit[met] - before) / (after - before)
    ledger.times[VENTILATED, lane[met]] = begin[part, met] + span[part, met] * share


def diagnose_in_need(ledger: Ledger, physics: Physics) -> None:
    """Nobody is offered NIV or a feeding tube without a diagnosis: the need makes it.

    Without a need no diagnosis comes before the earliest month.
    """
    need = np.minimum(niv_need(ledger.signals), gastrostomy_need(ledger.signals))
    found = np.maximum(ledger.times[DIAGNOSIS], physics.diagnosis_earliest)
    ledger.times[DIAGNOSIS] = np.minimum(found, need)


def _meet(
    times: FloatArray,
    borne: FloatArray,
    limit: FloatArray,
    first_step: int,
    steps: int,
) -> None:
    """Note the month in which a hazard borne [moment, lane] meets its threshold [lane]."""
    met = ((borne[-1] >= limit) & np.isinf(times)).nonzero()[0]
    if len(met):
        part = (borne[1:, met] >= limit[met]).argmax(axis=0)
        before, after = borne[part, met], borne[part + 1, met]
        times[met] = (first_step + part + (limit[met] - before) / (after - before)) / steps


def _diagnosis(signals: FloatArray, physics: Physics, months: FloatArray) -> FloatArray:
    """Return the hazard of diagnosis [moment, lane], per month."""
    return np.asarray(physics.diagnosis_rate.take(regions_involved(signals, months)))


def _deadly(
    ledger: Ledger, luck: Luck, physics: Physics, values: FloatArray, months: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the hazards of respiratory failure and of aspiration [moment, lane], per month.

    Few have NIV or a feeding tube at a time: their relief is worked out for them alone.
    """
    breathing = on_grid(physics.respiratory_hazard, values[RESPIRATORY])
    need = np.where(luck.niv[ledger.row], niv_need(ledger.signals), np.inf)
    lane = (need <= months[-1]).nonzero()[0]
    help_share = (values[BULBAR].take(lane, axis=1) - physics.niv_low) / physics.niv_span
    relief = 1.0 - physics.niv_relief * np.minimum(np.maximum(help_share, 0.0), 1.0)
    breathing[:, lane] *= np.where(need[lane] <= months, relief, 1.0)
    breathing *= physics.clinic_ratio
    choking = on_grid(physics.aspiration_hazard, values[BULBAR])
    need = np.where(luck.gastrostomy[ledger.row], gastrostomy_need(ledger.signals), np.inf)
    lane = (need <= months[-1]).nonzero()[0]
    choking[:, lane] *= np.where(need[lane] <= months, physics.gastrostomy_ratio, 1.0)
    choking *= physics.clinic_ratio
    return breathing, choking


def death_times(
    luck: Luck, physics: Physics, rows: IntArray, signals: FloatArray, times: FloatArray, harm: Any
) -> FloatArray:
    """Return the month of death by each cause [cause, patient], as far as it is known; inf if not.

    Causes in order: respiratory, aspiration, other, on ventilation, ventilation stopped, treatment.
    With a tracheostomy respiratory failure no longer kills; a constant hazard takes its place.
    """
    wanted = luck.tracheostomy[rows]
    tracheostomy = np.where(wanted, times[BREATHING], np.inf)
    stopped = np.maximum(tracheostomy, signals[SIGNAL["most_paralysed"]])
    found = np.empty((6, len(rows)))
    found[0] = np.where(wanted, np.inf, times[BREATHING])
    found[1] = times[CHOKING]
    found[2] = luck.other[rows]
    found[3] = times[VENTILATED]
    found[4] = np.where(luck.stop_ventilation[rows], stopped, np.inf)
    found[5] = harm
    return found
