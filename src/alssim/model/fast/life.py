# mypy: disable-error-code="no-untyped-def"
"""The course from the first symptom on in numba (see ``alssim.model.course.course``)."""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from alssim.model.anatomy import POOL_COUNT, REGION_COUNT
from alssim.model.fast.hazards import add_hazards, find_death, follow, lose_weight, note_falls
from alssim.model.fast.rows import (
    ALIVE,
    BORDER,
    BORNE,
    CAPACITY_OWN,
    DEATH,
    EXPOSED,
    FIRST_STEP,
    GRAFT,
    HARM,
    INFLAMMATION,
    LANES,
    LIMIT,
    LOST,
    NO_NIV,
    NO_STOP,
    NO_TUBE,
    OTHER,
    OWN_SPREAD,
    OXIDANT,
    PACE,
    SEEN,
    STATE_ROWS,
    TIME,
    TRACHEOSTOMY,
    VALUE_ROWS,
    VALUES,
    VULNERABLE,
    Q,
)
from alssim.model.fast.steps import (
    OPTIONS,
    advance,
    count_lost,
    fill_dose,
    fill_plan,
    grafts,
    helps,
    inline,
    no_dose,
    regrow,
    strengths,
)
from alssim.model.fast.tables import constants, links
from alssim.model.lanes import slowest_first
from alssim.model.ledger import (
    DIAGNOSIS,
    EVENT_COUNT,
    FOLLOWED,
    WEIGHT,
    Kept,
    Outcome,
    empty_outcome,
    take_past,
)
from alssim.model.physics import SIGNALS, Physics
from alssim.model.state import (
    NEVER,
    Effects,
    IntArray,
    Luck,
    Onset,
    empty_onset,
    no_effects,
)


@dataclass(frozen=True, slots=True, eq=False)
class KeptLanes(Kept):
    """A run of which the lanes of those who lived on are kept [patient, row of the scratch]."""

    lanes: NDArray[np.float64]


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
    out = empty_outcome(len(luck.pace), months, record)
    asked = luck, physics, months, effects, record, latent
    _follow(out, *asked, onset, slowest_first(luck), _no_lanes(0), _NEVER_KEPT)
    return out


def course_kept(
    luck: Luck,
    physics: Physics,
    onset: Onset,
    months: int,
    effects: Effects | None,
    record: bool,
    latent: bool,
    month: int,
) -> tuple[Outcome, KeptLanes]:
    """Follow a course to its end; keep the state at ``month`` as well."""
    out, lanes = empty_outcome(len(luck.pace), months, record), _no_lanes(len(luck.pace))
    asked = luck, physics, months, effects, record, latent
    _follow(out, *asked, onset, slowest_first(luck), lanes, month)
    return out, KeptLanes(month, out, lanes)


def course_since(
    kept: KeptLanes,
    luck: Luck,
    physics: Physics,
    months: int,
    effects: Effects | None,
    record: bool,
    latent: bool,
) -> Outcome:
    """Follow a course of which all is known up to the month that was kept."""
    out, lanes = empty_outcome(len(luck.pace), months, record), kept.lanes
    take_past(out, kept)
    lives = lanes[:, FIRST_STEP] == kept.month * physics.steps
    over = lives & (effects is not None and effects.harm <= kept.month) & (not latent)
    out.signals[:, over], out.times[:, over] = lanes[over, SEEN:TIME].T, lanes[over, TIME:BORNE].T
    order = slowest_first(luck)
    order = order[(lives & ~over)[order]]
    asked = luck, physics, months, effects, record, latent
    _follow(out, *asked, empty_onset(0), order, lanes, _NEVER_KEPT)
    return out


_NEVER_KEPT = -1  # the month at which a course is kept that is not


def _no_lanes(count: int) -> NDArray[np.float64]:
    """Return room for the lanes of so many patients; 0 in FIRST_STEP: has not lived on."""
    return np.zeros((count, VALUES + VALUE_ROWS))


def _follow(
    out: Outcome,
    luck: Luck,
    physics: Physics,
    months: int,
    effects: Effects | None,
    record: bool,
    latent: bool,
    onset: Onset,
    order: IntArray,
    lanes: NDArray[np.float64],
    month: int,
) -> None:
    """Fill in the course of the patients of ``order``, from the onset or from kept lanes on."""
    given = effects or no_effects(len(luck.pace))
    limits = np.array([luck.diagnosis, luck.respiratory, luck.aspiration, luck.ventilated])
    accepts = np.array([luck.niv, luck.gastrostomy, luck.tracheostomy, luck.stop_ventilation])
    _life(
        LANES, constants(physics), physics.weights, links(physics), physics.upper_link,
        np.array([physics.respiratory_hazard, physics.aspiration_hazard]), physics.diagnosis_rate,
        physics.levels, order, luck.table, luck.pace, luck.spread,
        luck.vulnerability, luck.involvement, luck.capacity, limits, luck.other, accepts,
        onset.q, onset.oxidative, onset.survival, onset.exposure, onset.graft, onset.inflammation,
        onset.region, given.channel, given.size, given.start.copy(), given.stop, given.shape,
        given.travel, given.regrow, given.on_diagnosis, given.harm, months, latent, record,
        lanes, month, out.signals, out.times, out.background, out.lost, out.weight, out.graft,
    )  # fmt: skip


@inline
def _load(
    i, patient, s, vulnerability, involvement, pace, spread, capacity, limits, other, accepts,
    harm, q, oxidative, survival, exposure, grafted, inflammation, region, kept,
):  # fmt: skip
    """Load a patient in the state at the first symptom, or as it was kept."""
    if len(region) == 0:
        for row in range(kept.shape[1]):
            s[row, i] = kept[patient, row]
        s[HARM, i] = harm[patient]
        return
    for p in range(POOL_COUNT):
        s[VULNERABLE + p, i], s[LIMIT + p, i] = vulnerability[p, patient], involvement[p, patient]
        s[Q + p, i], s[OXIDANT + p, i] = q[p, patient], oxidative[p, patient]
        s[ALIVE + p, i], s[EXPOSED + p, i] = survival[p, patient], exposure[p, patient]
    for r in range(REGION_COUNT):
        s[GRAFT + r, i] = grafted[r, patient]
    s[INFLAMMATION, i], s[PACE, i] = inflammation[patient], pace[patient]
    s[OWN_SPREAD, i], s[CAPACITY_OWN, i] = spread[patient], capacity[patient]
    for event in range(EVENT_COUNT):
        s[TIME + event, i], s[BORNE + event, i] = np.inf, 0.0
        s[BORDER + event, i] = limits[event, patient]
    for signal in range(len(SIGNALS)):
        s[SEEN + signal, i] = np.inf
    if region[patient] >= 0:
        s[SEEN + region[patient], i] = 0.0
    s[NO_NIV, i] = 0.0 if accepts[0, patient] else np.inf
    s[NO_TUBE, i] = 0.0 if accepts[1, patient] else np.inf
    s[TRACHEOSTOMY, i] = np.inf if accepts[2, patient] else 0.0
    s[NO_STOP, i] = 0.0 if accepts[2, patient] and accepts[3, patient] else np.inf
    s[OTHER, i], s[HARM, i] = other[patient], harm[patient]
    s[FIRST_STEP, i], s[VALUES + WEIGHT, i] = 0.0, 0.0


@inline
def _rest(i, s):
    """Nothing happens any more in a lane that has no patient."""
    for row in range(STATE_ROWS):
        s[row, i] = 0.0
    for p in range(POOL_COUNT):
        s[ALIVE + p, i], s[LIMIT + p, i], s[VULNERABLE + p, i] = 1.0, np.inf, 0.0
    for event in range(EVENT_COUNT):
        s[TIME + event, i], s[BORNE + event, i], s[BORDER + event, i] = np.inf, 0.0, np.inf
    for signal in range(len(SIGNALS)):
        s[SEEN + signal, i] = np.inf
    s[PACE, i], s[FIRST_STEP, i], s[VALUES + WEIGHT, i] = 0.0, 0.0, 0.0
    s[OTHER, i], s[HARM, i], s[NO_STOP, i] = np.inf, np.inf, np.inf


@inline
def _begin(n, c, links, upper_link, table, who, clock, s, channels, plan, shape, grafted,
           helped):  # fmt: skip
    """Fill in what is followed at the first moment of the month (known already in older lanes)."""
    for i in range(n):
        clock[i] = s[FIRST_STEP, i] - 1.0
    fill_dose(n, s, clock, channels, plan, shape)
    count_lost(n, table, who, s)
    strengths(n, c, links, upper_link, s, grafted, helped)
    follow(n, 0, c, links, s, grafted, helped)


@inline
def _month(n, c, weights, links, upper_link, table, who, clock, s, channels, plan, shape, travel,
           regrow_share, treated, grafted, helped):  # fmt: skip
    """Take the steps of a month; fill in what is followed."""
    for part in range(c.steps):
        if treated:
            for i in range(n):
                clock[i] = s[FIRST_STEP, i] + part
            fill_dose(n, s, clock, channels, plan, shape)
        advance(n, c, weights, table, who, s)
        if grafted:
            regrow(n, s, clock, channels, plan, shape, travel, regrow_share, c.neurons)
        strengths(n, c, links, upper_link, s, grafted, helped)
        follow(n, part + 1, c, links, s, grafted, helped)
        lose_weight(n, part + 1, c, s)


@inline
def _turn(n, c, s):
    """The end of this month is the beginning of the next."""
    for row in range(FOLLOWED):
        for i in range(n):
            s[VALUES + row, i] = s[VALUES + c.steps * VALUE_ROWS + row, i]
    for i in range(n):
        s[FIRST_STEP, i] = s[FIRST_STEP, i] + c.steps


@inline
def _keep(i, patient, month, s, out_lost, out_graft, out_weight):
    for p in range(POOL_COUNT):
        out_lost[patient, month, p] = int(s[LOST + p, i])
    for r in range(REGION_COUNT):
        out_graft[patient, month, r] = s[GRAFT + r, i]
    out_weight[patient, month] = -s[VALUES + WEIGHT, i]


@inline
def _settle(i, patient, s, out_signals, out_times):
    for signal in range(len(SIGNALS)):
        out_signals[signal, patient] = s[SEEN + signal, i]
    for event in range(EVENT_COUNT):
        out_times[event, patient] = s[TIME + event, i]


@njit(**OPTIONS)
def _life(
    n, c, weights, links, upper_link, hazards, diagnosis_rate, levels,
    order, table, pace, spread, vulnerability, involvement, capacity, limits, other, accepts,
    in_q, in_oxidative, in_survival, in_exposure, in_graft, in_inflammation, in_region,
    channels, size, start, stop, shape, travel, regrow_share, on_diagnosis, harm,
    months, latent, record, kept, kept_month,
    out_signals, out_times, out_background, out_lost, out_weight, out_graft,
):  # fmt: skip
    """Fill the arrays with every patient's course; ``start`` is a copy of our own."""
    s = np.zeros((VALUES + (c.steps + 1) * VALUE_ROWS, LANES))
    who, clock = np.zeros(LANES, np.int64), np.zeros(LANES)
    plan = np.zeros((3, len(channels), LANES))
    busy = np.zeros(LANES, np.bool_)
    treated, grafted, helped = len(channels) > 0, grafts(channels), helps(channels)
    queued, ended, changed = 0, 0, True
    no_dose(n, s)
    for i in range(n):
        _rest(i, s)
    while ended < len(order):
        fresh = False
        for i in range(n):
            if not busy[i] and queued < len(order):
                who[i] = order[queued]
                _load(i, who[i], s, vulnerability, involvement, pace, spread, capacity, limits,
                      other, accepts, harm, in_q, in_oxidative, in_survival, in_exposure, in_graft,
                      in_inflammation, in_region, kept)  # fmt: skip
                busy[i], fresh, queued = True, True, queued + 1
        if treated and (fresh or changed):
            fill_plan(n, plan, who, size, start, stop)
            changed = False
        if fresh:
            _begin(n, c, links, upper_link, table, who, clock, s, channels, plan, shape, grafted,
                   helped)  # fmt: skip
            for i in range(n):
                if record and busy[i] and s[FIRST_STEP, i] == 0.0:
                    _keep(i, who[i], 0, s, out_lost, out_graft, out_weight)
        _month(n, c, weights, links, upper_link, table, who, clock, s, channels, plan, shape,
               travel, regrow_share, treated, grafted, helped)  # fmt: skip
        note_falls(n, c, levels, s, grafted or helped)
        add_hazards(n, c, hazards, diagnosis_rate, s)
        find_death(n, s)
        _turn(n, c, s)
        for i in range(n):
            if not busy[i]:
                continue
            patient, step = who[i], int(s[FIRST_STEP, i])
            month = step // c.steps
            if record:
                _keep(i, patient, month, s, out_lost, out_graft, out_weight)
            diagnosed = s[TIME + DIAGNOSIS, i] <= min(s[DEATH, i], month)
            if diagnosed and on_diagnosis >= 0 and start[on_diagnosis, patient] == NEVER:
                start[on_diagnosis, patient] = out_background[patient] = step
                changed = True
            if month == months or (s[DEATH, i] <= month and not latent):
                _settle(i, patient, s, out_signals, out_times)
                _rest(i, s)
                busy[i], ended = False, ended + 1
            elif month == kept_month:
                kept[patient] = s[: kept.shape[1], i]
