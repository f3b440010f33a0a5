# mypy: disable-error-code="no-untyped-def, untyped-decorator, no-any-return, no-untyped-call"
"""The exact engine: the equations of docs/model.md, event after event, with no time step to see.

Between two events everything is smooth: pathology has a closed form, inflammation follows a fixed
share of neurons lost, oxidative stress and the hazards borne are integrated by Runge-Kutta of
fourth order in pieces of a sixteenth of a month. Events are found by Newton's method to about
1e-12 months: the death of a neuron, the involvement of a pool. Strength and the hazards of
diagnosis and death are constant in between, so they are added up exactly.

It reads the same people and the same fate as the program, and shares no line of code with its
engines. It is slow and knows only what the comparison needs: treatments that lower rates from one
month on, usual care's own drug, and care.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from tests.exact_rules import rules_of

from alssim.model.anatomy import pool_weights
from alssim.model.backend import has_numba
from alssim.model.fate import draw_fate
from alssim.model.patients import PREFERENCES, draw_patients
from alssim.parameters.schema import Scenario

PIECE = 1 / 16  # months; the longest piece of Runge-Kutta
POOLS, REGIONS = 14, 7
BULBAR, TRUNK, BREATHING = 0, 3, 4
# What is watched besides the weakness of the seven regions.
MARKED, PARALYSED, SPEECHLESS, TUBE_WEAK, TUBE_LOST, VC_LOW, VC_HALF, BREATHLESS, THIN = range(
    7, 16
)
WATCHED = 16
RATES = ("progression", "neuron_loss", "inflammation", "oxidative_stress", "pathology", "spread")
NO_CHANGE = np.ones(len(RATES) + 1)


def compiled(function: Any) -> Any:
    """Compile a function if numba is there; plain Python gives the same, far more slowly."""
    if not has_numba():
        return function
    from numba import njit

    return njit(cache=True)(function)


@compiled
def carry(r, left, pace, spread, weights, hazard_of, share, inflammation, old, new, length):
    """Carry q, oxidative stress, hazard borne and exposure (rows of ``old``) over a piece.

    No neuron dies and no pool becomes involved within it. Returns the inflammation at its end;
    row 4 of ``new`` is the hazard of each pool at the end.
    """
    rate = pace * left[0]
    growth = r.growth * rate * left[4]
    middle, end = math.exp(growth * 0.5 * length), math.exp(growth * length)
    calm = math.exp(-0.5 * length / r.inflammation_months)
    inflamed = (
        inflammation,
        share + (inflammation - share) * calm,
        share + (inflammation - share) * calm * calm,
    )
    loss, push = rate * left[1], r.inflammation_gain * left[2]
    stress, tau = r.oxidative_gain * left[3], r.oxidative_months
    for p in range(POOLS):
        q, x = old[0, p], old[1, p]
        q1 = q * middle / (1 + q * (middle - 1))
        q2 = q * end / (1 + q * (end - 1))
        a = (q - x) / tau
        b = (q1 - (x + 0.5 * length * a)) / tau
        c = (q1 - (x + 0.5 * length * b)) / tau
        d = (q2 - (x + length * c)) / tau
        scale = loss * hazard_of[p]
        h0 = q * (1 + stress * x + push * inflamed[0])
        h1 = q1 * (1 + stress * (x + 0.5 * length * a) + push * inflamed[1])
        h2 = q1 * (1 + stress * (x + 0.5 * length * b) + push * inflamed[1])
        h3 = q2 * (1 + stress * (x + length * c) + push * inflamed[2])
        new[0, p] = q2
        new[1, p] = x + length / 6 * (a + 2 * b + 2 * c + d)
        new[2, p] = old[2, p] + scale * length / 6 * (h0 + 2 * h1 + 2 * h2 + h3)
        new[4, p] = scale * q2 * (1 + stress * new[1, p] + push * inflamed[2])
    for p in range(POOLS):
        if old[0, p] == 0.0:
            start, half, stop = 0.0, 0.0, 0.0
            for source in range(POOLS):
                q = old[0, source]
                start += weights[source, p] * q
                half += weights[source, p] * q * middle / (1 + q * (middle - 1))
                stop += weights[source, p] * new[0, source]
            scale = rate * left[5] * spread
            new[3, p] = old[3, p] + scale * length / 6 * (start + 4 * half + stop)
            new[5, p] = scale * stop
        else:
            new[3, p], new[5, p] = old[3, p], 0.0
    return inflamed[2]


@compiled
def earliest_event(
    r,
    left,
    pace,
    spread,
    weights,
    hazard_of,
    share,
    inflammation,
    old,
    new,
    length,
    limits,
    next_loss,
):
    """Return the length of the piece up to the first event within ``length``; fill ``new`` there.

    Returns the inflammation too, and the event: -1 none, p a neuron of pool p, 14 + p the
    involvement of pool p.
    """
    event = -1
    after = carry(r, left, pace, spread, weights, hazard_of, share, inflammation, old, new, length)
    while True:
        best, chosen = length, -1
        for p in range(POOLS):
            if p != event and new[2, p] > next_loss[p]:
                guess = length * (next_loss[p] - old[2, p]) / (new[2, p] - old[2, p])
                if guess < best:
                    best, chosen = guess, p
            if POOLS + p != event and old[0, p] == 0.0 and new[3, p] > limits[p]:
                guess = length * (limits[p] - old[3, p]) / (new[3, p] - old[3, p])
                if guess < best:
                    best, chosen = guess, POOLS + p
        if chosen < 0:
            return length, after, event
        event, length = chosen, max(best, 0.0)
        for _ in range(30):
            after = carry(
                r, left, pace, spread, weights, hazard_of, share, inflammation, old, new, length
            )
            if event < POOLS:
                change = (next_loss[event] - new[2, event]) / new[4, event]
            else:
                change = (limits[event - POOLS] - new[3, event - POOLS]) / new[5, event - POOLS]
            length = max(length + change, 0.0)
            if abs(change) < 1e-13 * (1 + length):
                break
        after = carry(
            r, left, pace, spread, weights, hazard_of, share, inflammation, old, new, length
        )


@compiled
def hill(share, half, power):
    return share**power * (1 + half**power) / (share**power + half**power)


@compiled
def look(r, lost, weight_of, capacity, strength):
    """Fill in the strength of each region; return the mean, the weakest, capacity and breath."""
    total, weakest = 0.0, 1.0
    for region in range(REGIONS):
        lower = hill(1 - lost[region] / r.neurons, r.lower_half, r.lower_power)
        upper = hill(1 - lost[REGIONS + region] / r.neurons, r.upper_half, r.upper_power)
        strength[region] = lower * (1 - weight_of[region] * (1 - upper))
        total += strength[region]
        weakest = min(weakest, strength[region])
    phrenic = hill(1 - lost[BREATHING] / r.neurons, r.vc_half, r.vc_power)
    vital = capacity * (r.phrenic * phrenic + (1 - r.phrenic) * strength[TRUNK])
    upright = strength[BREATHING] + r.breath_offset
    lying = (
        r.lying_respiratory * strength[BREATHING] + r.lying_trunk * strength[TRUNK] + r.lying_offset
    )
    return total / REGIONS, weakest, vital, min(upright, lying)


@compiled
def watch(r, seen, strength, mean, weakest, vital, breath, month):
    """Note what has fallen below its level by now, if for the first time."""
    for region in range(REGIONS):
        if strength[region] < r.weak:
            seen[region] = min(seen[region], month)
    bulbar = strength[BULBAR]
    levels = (
        (MARKED, weakest, r.marked), (PARALYSED, mean, r.paralysed),
        (SPEECHLESS, bulbar, r.speechless), (TUBE_WEAK, bulbar, r.tube_weak),
        (TUBE_LOST, bulbar, r.tube_lost), (VC_LOW, vital, r.vc_low), (VC_HALF, vital, r.vc_need),
        (BREATHLESS, breath, r.breath_level),
    )  # fmt: skip
    for row, value, level in levels:
        if value < level:
            seen[row] = min(seen[row], month)


@compiled
def regions_weak(seen):
    """Count the regions that are weak: bulbar, arms, legs, trunk or breathing."""
    arms, legs, trunk = min(seen[1], seen[2]), min(seen[5], seen[6]), min(seen[3], seen[4])
    return sum([month < math.inf for month in (seen[0], arms, legs, trunk)])


@compiled
def met(borne, added, limit, month, length):
    """Return the month at which a hazard that is constant over a piece meets its threshold."""
    if borne < limit <= borne + added:
        return month + length * (limit - borne) / added
    return math.inf


@compiled
def life(
    r, weights, weight_of, pace, spread, hazard_of, limits, hazards, first, second, capacity, luck,
    accepts, periods, drug, drug_month, clock, months, latent, out_lost, out_dead, seen, found,
):  # fmt: skip
    """Follow one patient; ``clock``: time of the first symptom as an earlier run has it, or NaN.

    luck: thresholds of diagnosis, respiratory failure and aspiration; other death; ventilated.
    periods [period, ...]: month of begin, month of end, what is left of each rate, hazard ratio.
    found: clock, diagnosis, respiratory failure, aspiration, month the drug starts, death,
    death on ventilation.
    """
    old, new = np.zeros((6, POOLS)), np.zeros((6, POOLS))
    lost, next_loss = np.zeros(POOLS, np.int64), np.empty(POOLS)
    strength, left = np.ones(REGIONS), np.ones(7)
    old[0, first] = r.seed
    if second >= 0:
        old[0, second] = r.seed
    for p in range(POOLS):
        next_loss[p] = hazards[p, 0]
    seen[:], found[:], out_dead[:] = math.inf, math.inf, math.inf
    found[0], found[4] = clock, drug_month
    mean, weakest, vital, breath = look(r, lost, weight_of, capacity, strength)
    borne, weight, inflammation, time = np.zeros(4), 0.0, 0.0, 0.0
    started = False
    while True:
        month = time - found[0]  # NaN before the first symptom is known
        here = found[0] <= time
        if here and not started:
            started = True
            watch(r, seen, strength, mean, weakest, vital, breath, 0.0)
            out_lost[0] = lost
        if here and not latent and found[5] <= month:
            return
        if here and month >= months:
            return
        # What is left of the rates now, and how long nothing changes for sure.
        until = time + PIECE
        left[:] = 1.0
        for period in range(len(periods)):
            begin, end = found[0] + periods[period, 0], found[0] + periods[period, 1]
            if begin <= time < end:
                left *= periods[period, 2:]
            for mark in (begin, end):
                if time < mark < until:
                    until = mark
        if found[0] + found[4] <= time:
            left[1] *= 1 - drug
        elif time < found[0] + found[4] < until:
            until = found[0] + found[4]
        if not math.isnan(found[0]):
            whole = found[0] + math.floor(month + 1e-12) + 1.0
            for mark in (found[0], whole, found[0] + r.diagnosis_earliest, found[0] + 1.0):
                if time < mark < until:
                    until = mark
        thinning = r.thin_swallowing * (1 - strength[BULBAR]) + r.thin_weakness * (1 - mean)
        if here and thinning > 0 and seen[THIN] == math.inf:
            wait = math.inf
            if r.tube_weight < r.thin_most:
                wait = -math.log((r.thin_most - r.tube_weight) / (r.thin_most - weight))
            mark = time + wait * r.thin_most / thinning
            if time < mark < until:
                until = mark
        share = lost.sum() / (POOLS * r.neurons)
        length, inflammation, event = earliest_event(
            r, left, pace, spread, weights, hazard_of, share, inflammation, old, new, until - time,
            limits, next_loss,
        )  # fmt: skip
        # The hazards of this piece.
        if here:
            tube = min(seen[TUBE_LOST], max(seen[THIN], seen[TUBE_WEAK]))
            niv = min(seen[VC_HALF], max(seen[VC_LOW], seen[BREATHLESS]))
            ratio = r.clinic_ratio * left[6]
            support = min(max((strength[BULBAR] - r.niv_low) / (r.niv_high - r.niv_low), 0.0), 1.0)
            helped = 1 - (1 - r.niv_ratio) * support if accepts[0] and niv <= month else 1.0
            fed = r.tube_ratio if accepts[1] and tube <= month else 1.0
            breathing = (
                ratio
                * helped
                * r.respiratory_rate
                * (1 - strength[BREATHING]) ** r.respiratory_power
            )
            choking = ratio * fed * r.aspiration_rate * (1 - strength[BULBAR]) ** r.aspiration_power
            found[2] = min(found[2], met(borne[1], breathing * length, luck[1], month, length))
            found[3] = min(found[3], met(borne[2], choking * length, luck[2], month, length))
            borne[1] += breathing * length
            borne[2] += choking * length
            since = max(found[2], month)
            ventilated = left[6] * r.ventilated_rate * max(month + length - since, 0.0)
            if found[6] == math.inf and borne[3] + ventilated >= luck[4]:
                found[6] = since + (luck[4] - borne[3]) / (left[6] * r.ventilated_rate)
            borne[3] += ventilated
            if month >= r.diagnosis_earliest - 1e-12 and found[1] == math.inf:
                rate = r.diagnosis_rate * regions_weak(seen) ** r.diagnosis_power
                added = rate * length
                found[1] = met(borne[0], added, luck[0], month, length)
                if found[1] < math.inf and math.isnan(clock) and found[1] <= found[5]:
                    found[4] = math.ceil(found[1])
                borne[0] += added
            weight = r.thin_most - (r.thin_most - weight) * math.exp(
                -thinning * length / r.thin_most
            )
        # The end of the piece.
        time = until if event < 0 else time + length
        old, new = new, old
        if event >= POOLS:
            old[0, event - POOLS] = r.seed
        if 0 <= event < POOLS:
            while next_loss[event] <= old[2, event] + 1e-12:
                out_dead[event, lost[event]] = time
                lost[event] += 1
                next_loss[event] = (
                    hazards[event, lost[event]] if lost[event] < r.neurons else math.inf
                )
            mean, weakest, vital, breath = look(r, lost, weight_of, capacity, strength)
            if math.isnan(found[0]) and weakest < r.weak:
                found[0] = time
        if not math.isnan(found[0]) and time >= found[0]:
            month = time - found[0]
            watch(r, seen, strength, mean, weakest, vital, breath, month)
            if weight >= r.tube_weight - 1e-9:
                seen[THIN] = min(seen[THIN], month)
            if abs(month - round(month)) < 1e-9 and 0 <= round(month) <= months:
                out_lost[round(month)] = lost
            death = min(found[3], luck[3])
            if accepts[2]:
                death = min(death, found[6])
                if accepts[3]:
                    death = min(death, max(found[2], seen[PARALYSED]))
            else:
                death = min(death, found[2])
            found[5] = death
            tube = min(seen[TUBE_LOST], max(seen[THIN], seen[TUBE_WEAK]))
            need = min(tube, seen[VC_HALF], max(seen[VC_LOW], seen[BREATHLESS]))
            if need < found[1]:
                found[1] = need
                if math.isnan(clock) and need <= death:
                    found[4] = math.ceil(need)


@dataclass(frozen=True)
class Course:
    """What the exact engine finds; months since the first symptom, inf where never.

    silence [patient]: months from the first pathology to the first symptom; weakness [patient,
    region]; lost [patient, month, pool]; neuron_death [patient, pool, order]: months since the
    first pathology.
    """

    silence: np.ndarray
    weakness: np.ndarray
    marked: np.ndarray
    diagnosis: np.ndarray
    death: np.ndarray
    niv_need: np.ndarray
    gastrostomy_need: np.ndarray
    drug: np.ndarray
    lost: np.ndarray
    neuron_death: np.ndarray


def lowered(
    start: float = -math.inf, end: float = math.inf, hazard_ratio: float = 0.0, **shares: float
) -> np.ndarray:
    """Return a period in which shares (0-1) of some rates are removed, in months on the clock."""
    left = [1 - shares.pop(rate, 0.0) for rate in RATES]
    if shares:
        raise ValueError(f"unknown rates: {', '.join(shares)}")
    return np.array([start, end, *left, 1 - hazard_ratio])


def courses(
    case: Scenario, periods: Sequence[np.ndarray] = (), months: int = 120, latent: bool = False,
    untreated: Course | None = None,
) -> Course:  # fmt: skip
    """Follow all patients of a scenario, with rates lowered in some periods.

    Treated twins keep the clock and the drug of the ``untreated`` run.
    """
    world, count = case.world, case.patients
    patients = draw_patients(world, case.people, np.arange(count))
    fate = draw_fate(world, case.fate, patients)
    rules, care, drug = rules_of(world), world.care, case.background.effects[0].size
    with np.errstate(divide="ignore"):
        hazards = -np.log1p(-(np.sort(fate.resilience, axis=2) + 1.0) / 1024)
    prefers = {name: patients.preference[:, number] for number, name in enumerate(PREFERENCES)}
    accepts = np.column_stack([
        prefers["niv"] < care.niv_acceptance,
        prefers["gastrostomy"] < care.gastrostomy_acceptance,
        prefers["tracheostomy"] < care.tracheostomy_acceptance,
        prefers["stop_ventilation"] < care.ventilation_stop_share,
    ])  # fmt: skip
    law, pace = world.diagnosis, patients.pace / world.pace.median
    seen_by = fate.diagnosis ** (1 / law.persistence) / pace**law.pace_power
    luck = np.column_stack(
        [seen_by, fate.respiratory, fate.aspiration, fate.other, fate.ventilated]
    )
    takes = prefers["riluzole"] < care.riluzole_share
    strength = world.strength
    weight_of = np.array([
        strength.upper_bulbar, strength.upper_arms, strength.upper_arms, strength.upper_trunk,
        strength.upper_respiratory, strength.upper_legs, strength.upper_legs,
    ])  # fmt: skip
    seen, found = np.empty((count, WATCHED)), np.empty((count, 7))
    lost = np.zeros((count, months + 1, POOLS), np.int64)
    dead = np.empty((count, POOLS, rules.neurons))
    table = np.array(periods).reshape(-1, 9)
    for i in range(count):
        layer = REGIONS * int(patients.first_upper[i])
        second = int(patients.second_region[i])
        life(
            rules, pool_weights(world.spread), weight_of, patients.pace[i], patients.spread[i],
            patients.vulnerability[i], fate.involvement[i], hazards[i],
            int(patients.first_region[i]) + layer, second + layer if second >= 0 else -1,
            patients.capacity[i], luck[i], accepts[i], table, drug * takes[i],
            math.inf if untreated is None else untreated.drug[i],
            math.nan if untreated is None else untreated.silence[i],
            months, latent, lost[i], dead[i], seen[i], found[i],
        )  # fmt: skip
    return Course(
        silence=found[:, 0], weakness=seen[:, :REGIONS], marked=seen[:, MARKED],
        diagnosis=found[:, 1],
        death=found[:, 5], drug=found[:, 4], lost=lost, neuron_death=dead,
        niv_need=np.minimum(seen[:, VC_HALF], np.maximum(seen[:, VC_LOW], seen[:, BREATHLESS])),
        gastrostomy_need=np.minimum(
            seen[:, TUBE_LOST], np.maximum(seen[:, THIN], seen[:, TUBE_WEAK])
        ),
    )  # fmt: skip
