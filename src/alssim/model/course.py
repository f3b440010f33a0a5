"""The course from the first symptom to death, month by month, as readable numpy.

Every month the engine takes its steps, turns the neurons that are left into strength, vital
capacity and weight, and notes in which month each of them first falls below a level. Then it adds
up the hazards of diagnosis and death (trapezoid rule) and compares them with the patient's own
thresholds. Nothing here reacts on the neurons but background drugs, from the month after
diagnosis. ``alssim.model.fast`` is the same in numba.
"""

from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from alssim.model.anatomy import (
    BULBAR,
    POOL_COUNT,
    REGION_COUNT,
    RESPIRATORY,
    TRUNK,
)
from alssim.model.equations import approach
from alssim.model.hazards import add_hazards, death_times, diagnose_in_need, note_falls
from alssim.model.lanes import lanes_from
from alssim.model.ledger import (
    BREATH,
    CAPACITY,
    DIAGNOSIS,
    EVENT_COUNT,
    FOLLOWED,
    MEAN,
    WEAKEST,
    WEIGHT,
    Kept,
    Ledger,
    Outcome,
    empty_outcome,
    take_past,
)
from alssim.model.neurons import (
    advance,
    capacity_share,
    dose_at,
    drive_of,
    regrow,
    strengths,
)
from alssim.model.physics import SIGNALS, Physics
from alssim.model.state import (
    NEVER,
    CountArray,
    Dose,
    Effects,
    FloatArray,
    IntArray,
    Luck,
    Onset,
    replaces,
)


@dataclass(frozen=True, slots=True, eq=False)
class KeptGroups(Kept):
    """A run of which those who lived on are kept."""

    groups: list[Ledger]


class _Run(NamedTuple):
    """What a run reads, how long it lasts, and what it has found so far."""

    luck: Luck
    physics: Physics
    effects: Effects | None
    months: int
    latent: bool
    out: Outcome


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
    run = _Run(luck, physics, _own(effects), months, latent, _room(luck, months, record))
    _through(run, _begin(run, onset), range(months))
    return run.out


def course_kept(
    luck: Luck,
    physics: Physics,
    onset: Onset,
    months: int,
    effects: Effects | None,
    record: bool,
    latent: bool,
    month: int,
) -> tuple[Outcome, KeptGroups]:
    """Follow a course to its end; keep a copy of the state at ``month`` as well."""
    run = _Run(luck, physics, _own(effects), months, latent, _room(luck, months, record))
    groups = _through(run, _begin(run, onset), range(month))
    kept = KeptGroups(month, run.out, [ledger.copy() for ledger in groups])
    _through(run, groups, range(month, months))
    return run.out, kept


def course_since(
    kept: KeptGroups,
    luck: Luck,
    physics: Physics,
    months: int,
    effects: Effects | None,
    record: bool,
    latent: bool,
) -> Outcome:
    """Follow a course of which all is known up to the month that was kept.

    Nothing but the effects may differ, and they may not differ before that month.
    """
    run = _Run(luck, physics, _own(effects), months, latent, _room(luck, months, record))
    take_past(run.out, kept)
    groups = [ledger.copy() for ledger in kept.groups]
    for ledger in groups:
        _end(run, ledger, kept.month)
    _through(run, groups, range(kept.month, months))
    return run.out


def _room(luck: Luck, months: int, record: bool) -> Outcome:
    return empty_outcome(len(luck.pace), months, record)


def _begin(run: _Run, onset: Onset) -> list[Ledger]:
    """Return groups of everybody at the first symptom."""
    whole = _first_ledger(run.luck, run.physics, onset, run.effects)
    _record(run.out, whole, 0)
    return whole.split()


def _through(run: _Run, groups: list[Ledger], months: range) -> list[Ledger]:
    """Carry groups through some months; return the groups of those who live on."""
    for month in months:
        for ledger in groups:
            _live(ledger, run.luck, run.physics, run.effects, month)
            _record(run.out, ledger, month + 1)
            _end(run, ledger, month + 1)
        groups = Ledger.regroup([ledger for ledger in groups if len(ledger)])
        if not groups:
            break
    return groups


def _end(run: _Run, ledger: Ledger, month: int) -> None:
    """End a month: some are diagnosed and get the background drug, some have died."""
    death = _death(ledger, run.luck, run.physics, run.effects)
    living = (ledger.times[DIAGNOSIS] <= np.minimum(death, month)) & ~ledger.ended
    _start_background(run.effects, run.out, ledger.row, living, month * run.physics.steps)
    over = (death <= month) & (not run.latent)
    _settle(run.out, ledger, ~ledger.ended & (over | (month == run.months)))
    ledger.tidy()


def _live(
    ledger: Ledger, luck: Luck, physics: Physics, effects: Effects | None, month: int
) -> None:
    """Carry a group over a month and note what happens in it."""
    values, ratios = _month(ledger, luck, physics, effects, month)
    first_step = month * physics.steps
    note_falls(ledger.signals, values, physics.levels, first_step, physics.steps)
    add_hazards(ledger, luck, physics, values, ratios, first_step)
    diagnose_in_need(ledger, physics)
    ledger.followed = np.ascontiguousarray(values[:, -1])


def _death(ledger: Ledger, luck: Luck, physics: Physics, effects: Effects | None) -> FloatArray:
    """Return the month of death [lane] as far as it is known."""
    harm = effects.harm[ledger.row] if effects is not None else np.inf
    causes = death_times(luck, physics, ledger.row, ledger.signals, ledger.times, harm)
    return np.asarray(causes.min(axis=0))


def _own(effects: Effects | None) -> Effects | None:
    """The start of a background drug is found on the way: work on a copy of the starts."""
    return None if effects is None else effects._replace(start=effects.start.copy())


def _first_ledger(luck: Luck, physics: Physics, onset: Onset, effects: Effects | None) -> Ledger:
    """Return every patient at the first symptom."""
    lanes, count = lanes_from(luck, onset), len(luck.pace)
    dose, grafted = dose_at(effects, lanes.row, -1), replaces(effects)
    followed, signals = np.zeros((FOLLOWED, count)), np.full((len(SIGNALS), count), np.inf)
    _follow(followed, lanes.lost, lanes.graft, luck.capacity, physics, dose, grafted)
    known = np.flatnonzero(onset.region >= 0)
    signals[onset.region[known], known] = 0.0
    return Ledger(
        **{field.name: getattr(lanes, field.name) for field in fields(lanes)},
        signals=signals,
        followed=followed,
        times=np.full((EVENT_COUNT, count), np.inf),
        borne=np.zeros((EVENT_COUNT, count)),
    )


def _month(
    lanes: Ledger, luck: Luck, physics: Physics, effects: Effects | None, month: int
) -> tuple[FloatArray, FloatArray]:
    """Take a month's steps; return what is followed [row, moment, lane] and the hazard ratios."""
    steps, count = physics.steps, len(lanes.row)
    lost = np.empty((steps, POOL_COUNT, count), lanes.lost.dtype)
    grafted, reach, clock = replaces(effects), lanes.reach(), month * steps + np.arange(steps)
    graft = np.empty((REGION_COUNT, steps if grafted else 0, count))  # read only where grafted
    borne = np.empty_like(lanes.q) if grafted else None
    dose = dose_at(effects, lanes.row, clock[:, None])
    drive = drive_of(lanes, physics, dose)
    for part, step in enumerate(clock):
        advance(lanes, luck, physics, drive.within(part), lost[part], reach, borne)
        if effects is not None and borne is not None:
            regrow(lanes, physics, effects, step, borne)
            graft[:, part] = lanes.graft
    values = np.empty((FOLLOWED, steps + 1, count))
    values[:, 0] = lanes.followed
    own = luck.capacity[lanes.row]
    _follow(values[:, 1:], lost.transpose(1, 0, 2), graft, own, physics, dose, grafted)
    _lose_weight(values, physics)
    return values, np.full((steps, 1), 1.0) * dose.hazard_ratio


def _follow(
    row: FloatArray,
    lost: CountArray,
    graft: FloatArray,
    own_capacity: FloatArray,
    physics: Physics,
    dose: Dose,
    grafted: bool,
) -> None:
    """Fill in what is followed [row, moment, lane] from neurons lost and grafts (weight apart)."""
    strength = strengths(physics, lost, graft, dose, grafted)
    row[:REGION_COUNT] = strength
    row[WEAKEST] = strength.min(axis=0)
    total = row[MEAN]
    np.add(strength[0], strength[1], out=total)
    for region in range(2, REGION_COUNT):
        total += strength[region]
    total /= REGION_COUNT
    row[CAPACITY] = own_capacity * capacity_share(physics, lost, graft, strength, dose, grafted)
    row[BREATH] = np.minimum(
        strength[RESPIRATORY] + physics.breath_offset,
        physics.lying_respiratory * strength[RESPIRATORY]
        + physics.lying_trunk * strength[TRUNK]
        + physics.lying_offset,
    )


def _lose_weight(values: FloatArray, physics: Physics) -> None:
    """Weight falls with swallowing and with weakness everywhere (the row holds minus the loss)."""
    rate = weight_rate(values, physics)
    gain = 0.5 * physics.dt * (rate[:-1] + rate[1:])
    for part, gained in enumerate(gain):
        values[WEIGHT, part + 1] = approach(values[WEIGHT, part], gained, physics.loss_most)


def weight_rate(row: FloatArray, physics: Physics) -> FloatArray:
    """Return % of weight lost per month."""
    swallowing, weakness = 1.0 - row[BULBAR], 1.0 - row[MEAN]
    return np.asarray(physics.loss_swallowing * swallowing + physics.loss_weakness * weakness)


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


def _record(out: Outcome, ledger: Ledger, month: int) -> None:
    if out.lost.shape[1]:
        here = ~ledger.ended
        rows = ledger.row[here]
        out.lost[rows, month] = ledger.lost[:, here].T
        out.weight[rows, month] = -ledger.followed[WEIGHT, here]
        out.graft[rows, month] = ledger.graft[:, here].T


def _settle(out: Outcome, ledger: Ledger, done: NDArray[np.bool_]) -> None:
    """Copy what is known of the lanes that end now to the result."""
    if done.any():
        out.signals[:, ledger.row[done]] = ledger.signals[:, done]
        out.times[:, ledger.row[done]] = ledger.times[:, done]
        ledger.ended[done] = True
