# mypy: disable-error-code="no-untyped-def"
"""What follows from the neurons that are left, in numba: function, signals, hazards, death.

Twins of functions of ``alssim.model.course``; see ``alssim.model.fast.steps`` for ``s`` and ``n``.
"""

import numpy as np

from alssim.model.anatomy import (
    BULBAR,
    LEFT_ARM,
    LEFT_LEG,
    REGION_COUNT,
    RESPIRATORY,
    RIGHT_ARM,
    RIGHT_LEG,
    TRUNK,
)
from alssim.model.fast.rows import (
    BORDER,
    BORNE,
    BORNE_AFTER,
    CAPACITY_OWN,
    DEATH,
    FIRST_STEP,
    GRAFT,
    HARM,
    LOST,
    MONTH,
    NIV,
    NO_NIV,
    NO_STOP,
    NO_TUBE,
    OTHER,
    RATE,
    RATE_AFTER,
    REGIONS,
    SEEN,
    STRONG,
    TIME,
    TRACHEOSTOMY,
    TUBE,
    VALUE_ROWS,
    VALUES,
)
from alssim.model.fast.steps import (
    RATIO,
    STRENGTH,
    approach,
    between,
    inline,
    linked,
    part_of_step,
)
from alssim.model.ledger import (
    BREATH,
    BREATHING,
    CAPACITY,
    CHOKING,
    DIAGNOSIS,
    FOLLOWED,
    MEAN,
    SOURCE,
    VENTILATED,
    WEAKEST,
    WEIGHT,
)
from alssim.model.physics import GRID, SIGNAL, SIGNALS

_CAPACITY_LOW, _CAPACITY_HALF = SEEN + SIGNAL["capacity_low"], SEEN + SIGNAL["capacity_half"]
_BREATHLESS, _WEIGHT_LOW = SEEN + SIGNAL["breathless"], SEEN + SIGNAL["weight_low"]
_SWALLOWING_WEAK = SEEN + SIGNAL["swallowing_weak"]
_SWALLOWING_LOST = SEEN + SIGNAL["swallowing_lost"]
_MOST_PARALYSED = SEEN + SIGNAL["most_paralysed"]


@inline
def follow(n, part, c, links, s, grafted, helped):
    """Fill in what is followed at the end of a step."""
    at = VALUES + part * VALUE_ROWS
    for i in range(n):
        weakest, total = s[STRONG, i], s[STRONG, i]
        s[at, i] = s[STRONG, i]
        for r in range(1, REGION_COUNT):
            s[at + r, i] = s[STRONG + r, i]
            weakest, total = min(weakest, s[STRONG + r, i]), total + s[STRONG + r, i]
        s[at + WEAKEST, i], s[at + MEAN, i] = weakest, total / REGION_COUNT
        breathing, trunk = s[STRONG + RESPIRATORY, i], s[STRONG + TRUNK, i]
        s[at + BREATH, i] = min(
            breathing + c.breath_offset,
            c.lying_respiratory * breathing + c.lying_trunk * trunk + c.lying_offset,
        )
        s[at + FOLLOWED, i] = s[RATIO, i]
    for i in range(n):
        if grafted or helped:
            phrenic = linked(
                links[2], s[LOST + RESPIRATORY, i], s[GRAFT + RESPIRATORY, i], c.neurons
            )
            phrenic = between(phrenic, 1.0, s[STRENGTH, i])
        else:
            phrenic = links[2, np.uint32(s[LOST + RESPIRATORY, i])]
        share = c.phrenic_share * phrenic + (1.0 - c.phrenic_share) * s[STRONG + TRUNK, i]
        s[at + CAPACITY, i] = s[CAPACITY_OWN, i] * share


@inline
def lose_weight(n, part, c, s):
    """Weight falls over the step that ends at ``part``."""
    before, after = VALUES + (part - 1) * VALUE_ROWS, VALUES + part * VALUE_ROWS
    for i in range(n):
        rate = _weight_rate(s[before + BULBAR, i], s[before + MEAN, i], c) + _weight_rate(
            s[after + BULBAR, i], s[after + MEAN, i], c
        )
        s[after + WEIGHT, i] = approach(s[before + WEIGHT, i], 0.5 * c.dt * rate, c.loss_most)


@inline
def _weight_rate(bulbar, mean, c):
    return c.loss_swallowing * (1.0 - bulbar) + c.loss_weakness * (1.0 - mean)


@inline
def note_falls(n, c, levels, s, rising):
    """A signal that cannot rise (without grafts or help to strength) is looked at once a month."""
    for signal in range(len(SIGNALS)):
        row, level, fresh = VALUES + SOURCE[signal], levels[signal], 0
        for part in range(1 if rising else c.steps, c.steps + 1):
            for i in range(n):
                below = s[row + part * VALUE_ROWS, i] < level
                fresh += below & (s[SEEN + signal, i] == np.inf)
        if fresh > 0:
            for i in range(n):
                if s[SEEN + signal, i] == np.inf:
                    s[SEEN + signal, i] = _first_below(i, row, level, c, s)


@inline
def _first_below(i, row, level, c, s):
    """Return the month in which a value first falls below a level; inf if not in this one."""
    for part in range(c.steps):
        start, end = s[row + part * VALUE_ROWS, i], s[row + (part + 1) * VALUE_ROWS, i]
        if end < level:
            within = part_of_step(level if start <= level else start, end, level)
            return (s[FIRST_STEP, i] + part + within) / c.steps
    return np.inf


@inline
def _niv_need(i, s):
    return min(s[_CAPACITY_HALF, i], max(s[_CAPACITY_LOW, i], s[_BREATHLESS, i]))


@inline
def _gastrostomy_need(i, s):
    return min(s[_SWALLOWING_LOST, i], max(s[_WEIGHT_LOW, i], s[_SWALLOWING_WEAK, i]))


@inline
def _on_grid(table, strength):
    place = strength * GRID
    cell = np.uint32(place)
    return table[cell] + (place - cell) * (table[cell + 1] - table[cell])


@inline
def _hazards(n, part, to, c, hazards, diagnosis_rate, s):
    """Fill in the hazards of diagnosis, respiratory failure and aspiration at one moment.

    Tables are read in loops of their own: the others then use the vector unit.
    """
    at = VALUES + part * VALUE_ROWS
    for i in range(n):
        month = (s[FIRST_STEP, i] + part) / c.steps
        regions = 1.0 if s[SEEN + BULBAR, i] <= month else 0.0
        regions += 1.0 if min(s[SEEN + LEFT_ARM, i], s[SEEN + RIGHT_ARM, i]) <= month else 0.0
        regions += 1.0 if min(s[SEEN + LEFT_LEG, i], s[SEEN + RIGHT_LEG, i]) <= month else 0.0
        regions += 1.0 if min(s[SEEN + TRUNK, i], s[SEEN + RESPIRATORY, i]) <= month else 0.0
        s[MONTH, i], s[REGIONS, i] = month, regions
    for i in range(n):
        s[to + DIAGNOSIS, i] = diagnosis_rate[np.uint32(s[REGIONS, i])]
        s[to + BREATHING, i] = _on_grid(hazards[0], s[at + RESPIRATORY, i])
        s[to + CHOKING, i] = _on_grid(hazards[1], s[at + BULBAR, i])
    for i in range(n):
        help_share = min(max((s[at + BULBAR, i] - c.niv_low) / c.niv_span, 0.0), 1.0)
        ventilated = 1.0 - c.niv_relief * help_share if s[NIV, i] <= s[MONTH, i] else 1.0
        s[to + BREATHING, i] = s[to + BREATHING, i] * ventilated * c.clinic_ratio
        fed = c.gastrostomy_ratio if s[TUBE, i] <= s[MONTH, i] else 1.0
        s[to + CHOKING, i] = s[to + CHOKING, i] * fed * c.clinic_ratio


@inline
def add_hazards(n, c, hazards, diagnosis_rate, s):
    """Add up the hazards of the month and note where one meets its limit."""
    for i in range(n):
        s[NIV, i] = max(_niv_need(i, s), s[NO_NIV, i])
        s[TUBE, i] = max(_gastrostomy_need(i, s), s[NO_TUBE, i])
    _hazards(n, 0, RATE, c, hazards, diagnosis_rate, s)
    for part in range(c.steps):
        _hazards(n, part + 1, RATE_AFTER, c, hazards, diagnosis_rate, s)
        _bear(n, part, c, s)
        for i in range(n):
            if s[TIME + BREATHING, i] < np.inf and s[TRACHEOSTOMY, i] == np.inf:
                _ventilate(i, part, c, s)
    for i in range(n):
        need = min(_niv_need(i, s), _gastrostomy_need(i, s))
        found = max(s[TIME + DIAGNOSIS, i], c.diagnosis_earliest)
        s[TIME + DIAGNOSIS, i] = min(found, need)


@inline
def _bear(n, part, c, s):
    """Add the hazards over a step by the trapezoid rule; no diagnosis comes too early."""
    ratio, met = VALUES + (part + 1) * VALUE_ROWS + FOLLOWED, 0
    for i in range(n):
        open_part = min(max((s[MONTH, i] - c.diagnosis_earliest) * c.steps, 0.0), 1.0)
        for event in range(VENTILATED):
            weight = open_part if event == DIAGNOSIS else s[ratio, i]
            rate = s[RATE + event, i] + s[RATE_AFTER + event, i]
            after = s[BORNE + event, i] + 0.5 * rate * c.dt * weight
            met += (after >= s[BORDER + event, i]) & (s[TIME + event, i] == np.inf)
            s[BORNE_AFTER + event, i] = after
    if met > 0:
        _meet(n, part, c, s)
    for i in range(n):
        for event in range(VENTILATED):
            s[BORNE + event, i] = s[BORNE_AFTER + event, i]
            s[RATE + event, i] = s[RATE_AFTER + event, i]


@inline
def _meet(n, part, c, s):
    """Note the month in which a hazard borne meets its limit."""
    for event in range(VENTILATED):
        for i in range(n):
            limit, before = s[BORDER + event, i], s[BORNE + event, i]
            after = s[BORNE_AFTER + event, i]
            if after >= limit and s[TIME + event, i] == np.inf:
                share = (limit - before) / (after - before)
                s[TIME + event, i] = (s[FIRST_STEP, i] + part + share) / c.steps


@inline
def _ventilate(i, part, c, s):
    """Add the constant hazard on a ventilator since the tracheostomy."""
    step = s[FIRST_STEP, i] + part
    begin = max(s[TIME + BREATHING, i], step / c.steps)
    span = max((step + 1.0) / c.steps - begin, 0.0)
    ratio, before = s[VALUES + (part + 1) * VALUE_ROWS + FOLLOWED, i], s[BORNE + VENTILATED, i]
    after, limit = before + c.ventilated_rate * ratio * span, s[BORDER + VENTILATED, i]
    if after >= limit and s[TIME + VENTILATED, i] == np.inf:
        s[TIME + VENTILATED, i] = begin + span * ((limit - before) / (after - before))
    s[BORNE + VENTILATED, i] = after


@inline
def find_death(n, s):
    """Fill in the month of the first death, as far as it is known."""
    for i in range(n):
        breathing = s[TIME + BREATHING, i]
        stopped = max(max(breathing, s[_MOST_PARALYSED, i]), s[NO_STOP, i])
        respiratory = max(breathing, s[TRACHEOSTOMY, i])
        first = min(min(s[TIME + CHOKING, i], s[OTHER, i]), min(s[HARM, i], respiratory))
        s[DEATH, i] = min(first, min(s[TIME + VENTILATED, i], stopped))
