"""The silent phase, from the first pathology to the first symptom, as readable numpy.

Few pools are involved in it: the others are as at birth, and a step leaves them so. The pools that
are involved lie one after the other in flat arrays. ``alssim.model.fast.silence`` is the same in
numba.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from alssim.model.anatomy import POOL_COUNT, REGION_COUNT
from alssim.model.damage import look_up
from alssim.model.equations import between, part_of_step
from alssim.model.lanes import Group, slowest_first, table_base
from alssim.model.neurons import (
    TILE,
    Drive,
    as_seen,
    carry,
    dose_at,
    drive_of,
    involve,
    regrow,
    step_rates,
    strengths,
    tiles,
)
from alssim.model.physics import Physics
from alssim.model.state import (
    EARLY,
    LONGEST_SILENCE,
    Dose,
    Effects,
    FloatArray,
    IntArray,
    Luck,
    Onset,
    empty_onset,
    replaces,
)

BoolArray = NDArray[np.bool_]
AT_ONCE = 2048  # patients followed together; a lane that ends takes the next
AT_BIRTH = np.array([[0.0], [0.0], [1.0]])  # q, oxidative stress and survival of a pool
LEAST = 1e-12  # keeps a quotient of two zeros at zero


class Involved:
    """The pools that are involved: which they are, and their state, one entry after the other.

    place [entry]: where an entry stands in an array [pool, lane]; base: where its table begins;
    state [q, oxidative stress, survival; entry]; before: the same before the last step. There is
    room for every pool of so many lanes: a new entry moves no other.
    """

    def __init__(self, lanes: int) -> None:
        room = POOL_COUNT * lanes
        self._numbers, self._vulnerability = np.empty((3, room), np.int64), np.empty(room)
        self._states = np.empty((2, 3, room))
        self._resize(0)

    def __len__(self) -> int:
        return len(self.place)

    def _resize(self, count: int) -> None:
        self.place, self.lane, self.base = self._numbers[:, :count]
        self.vulnerability = self._vulnerability[:count]
        self.state, self.before = self._states[:, :, :count]

    def step(self) -> None:
        """Make the present state the one before; the next is still to be filled in."""
        self._states = self._states[::-1]
        self.state, self.before = self.before, self.state

    def add(self, luck: Luck, row: IntArray, pool: IntArray, lane: IntArray, lanes: int) -> None:
        """Append pools that become involved now, of patients (rows) in some of so many lanes."""
        start = len(self)
        self._resize(start + len(pool))
        self.place[start:], self.lane[start:] = pool * lanes + lane, lane
        self.base[start:] = table_base(pool, row)
        self.vulnerability[start:] = luck.vulnerability[pool, row]
        self.state[:, start:] = self.before[:, start:] = AT_BIRTH

    def drop(self, ended: BoolArray, count: int) -> None:
        """Drop the entries of lanes that have ended; number the lanes anew, of so many."""
        stays = ~ended
        kept = stays[self.lane].nonzero()[0]
        lane = (np.cumsum(stays) - 1)[self.lane[kept]]
        place = self.place[kept] // len(stays) * count + lane
        base, vulnerability, state = self.base[kept], self.vulnerability[kept], self.state[:, kept]
        self._resize(len(kept))
        self.place[:], self.lane[:], self.base[:] = place, lane, base
        self.vulnerability[:], self.state[:] = vulnerability, state


@dataclass(slots=True, eq=False)
class Silent(Group):
    """A group of patients without a symptom.

    seen [pool, lane]: pathology as spread sees it; strength [region, lane]: at the end of the last
    step; early: the step in which loss could first be seen, -1 if not yet; step: the present one.
    """

    seen: FloatArray
    strength: FloatArray
    early: IntArray
    step: IntArray


class _Before(NamedTuple):
    """The state before a step, as far as it is needed to find a state within the step."""

    exposure: FloatArray
    inflammation: FloatArray
    graft: FloatArray
    strength: FloatArray


class _Ends(NamedTuple):
    """Who comes to the end of silence in a step [end]: after which part, with which region."""

    lane: IntArray
    part: FloatArray
    region: IntArray


def silent(
    luck: Luck, physics: Physics, effects: Effects | None = None, until: Onset | None = None
) -> Onset:
    """Follow every patient from the first pathology to the first symptom.

    Without ``until`` the first symptom is the moment at which a region becomes weak; with it, the
    same moment as in the run that ``until`` comes from (a presymptomatic treatment may delay the
    weakness, not the clock). Who has no symptom by ``LONGEST_SILENCE`` starts there.
    """
    found, queue = empty_onset(len(luck.pace)), slowest_first(luck)
    group = _beginners(luck, queue[:AT_ONCE])
    pools, queue = Involved(len(group)), queue[AT_ONCE:]
    _first_pathology(group, pools, luck, physics, 0)
    drive = None
    while len(group):
        dose = dose_at(effects, group.row, _clock(group, until))
        if drive is None or effects is not None:  # else it stays until other patients come
            drive = drive_of(group, physics, dose)
        before = _Before(group.exposure, group.inflammation, group.graft, group.strength)
        _take_step(group, pools, luck, physics, effects, until, dose, drive)
        ends = _ends(group, before.strength, physics, until)
        if len(ends.lane):
            _store(found, ends, before, group, pools, luck, physics.seed)
        group.step += 1
        if group.end(ends.lane):
            queue, drive = _refill(group, pools, luck, physics, queue), None
    return found


def _refill(
    group: Silent, pools: Involved, luck: Luck, physics: Physics, queue: IntArray
) -> IntArray:
    """Put the next patients of a queue in the place of lanes that ended; return who is left."""
    more = _beginners(luck, queue[: np.count_nonzero(group.ended)])
    stay = (~group.ended).nonzero()[0]
    pools.drop(group.ended, len(stay) + len(more))
    _first_pathology(more, pools, luck, physics, len(stay))
    group.keep(stay)
    group.add(more)
    return queue[len(more) :]


def _beginners(luck: Luck, row: IntArray) -> Silent:
    """Return patients at the very beginning."""
    count = len(row)
    return Silent(
        row=row,
        pace=luck.pace[row],
        spread=luck.spread[row],
        limit=luck.involvement.take(row, axis=1),
        exposure=np.zeros((POOL_COUNT, count)),
        inflammation=np.zeros(count),
        graft=np.zeros((REGION_COUNT, count)),
        lost=np.zeros((POOL_COUNT, count), luck.table.dtype),
        ended=np.zeros(count, np.bool_),
        seen=np.zeros((POOL_COUNT, count)),
        strength=np.ones((REGION_COUNT, count)),
        early=np.full(count, -1),
        step=np.zeros(count, np.int64),
    )


def _first_pathology(
    group: Silent, pools: Involved, luck: Luck, physics: Physics, older: int
) -> None:
    """Seed the first pool (or two) of each patient; so many lanes will stand before them."""
    second = luck.second[group.row]
    two = np.flatnonzero(second >= 0)
    pool = np.concatenate([luck.first[group.row], second[two]])
    lane = np.concatenate([np.arange(len(group)), two])
    group.limit[pool, lane] = np.inf
    pools.add(luck, group.row[lane], pool, older + lane, older + len(group))
    pools.state[0, len(pools) - len(pool) :] = physics.seed


def _clock(group: Silent, until: Onset | None) -> Any:
    """Return the step counted from the first symptom, where it is known."""
    return group.step - until.steps[group.row] - 1 if until is not None else 0


def _take_step(
    group: Silent,
    pools: Involved,
    luck: Luck,
    physics: Physics,
    effects: Effects | None,
    until: Onset | None,
    dose: Dose,
    drive: Drive,
) -> None:
    """Carry the group over one step; note where loss can first be seen."""
    hazard = _advance(group, pools, luck, physics, drive)
    grafted = replaces(effects)
    if effects is not None and grafted:
        borne = np.zeros_like(group.seen)
        borne.reshape(-1)[pools.place[: len(hazard)]] = hazard
        regrow(group, physics, effects, _clock(group, until), borne)
    first = -(-physics.neurons // EARLY)
    fresh = (group.lost.max(axis=0) >= first) & (group.early < 0)
    group.early[fresh] = group.step[fresh]
    group.strength = strengths(physics, group.lost, group.graft, dose, grafted)


def _advance(
    group: Silent, pools: Involved, luck: Luck, physics: Physics, drive: Drive
) -> FloatArray:
    """Carry pools over one step; return the hazard that each pool involved bore [entry]."""
    rates = step_rates(group, physics, drive)
    lost, seen = group.lost.reshape(-1), group.seen.reshape(-1)
    hazard = np.empty(len(pools))
    pools.step()
    for part in tiles(len(pools), TILE):
        q, oxidative, survival = pools.before[:, part]
        own = rates.at(pools.lane[part])
        done = carry(q, oxidative, survival, pools.vulnerability[part], own, physics)
        for state, new in zip(pools.state, done, strict=False):
            state[part] = new
        hazard[part] = done.hazard
        place = pools.place[part]
        seen[place] = as_seen(done.both, physics)
        lost[place] = look_up(luck.table, pools.base[part], done.survival)
    exposure = np.empty_like(group.exposure)
    place, seeded = involve(group, physics, group.seen, drive, exposure)
    group.exposure = exposure
    if len(place):
        pool, lane = np.divmod(place, len(group))
        pools.add(luck, group.row[lane], pool, lane, len(group))
        pools.state[0, len(hazard) :] = seeded
    return hazard


def _ends(group: Silent, before: FloatArray, physics: Physics, until: Onset | None) -> _Ends:
    """Return who comes to the end of silence in this step."""
    if until is not None:
        lane = np.flatnonzero((until.steps[group.row] == group.step) & ~group.ended)
        return _Ends(lane, until.part[group.row[lane]], np.full(len(lane), -1))
    over = (group.strength < physics.weak).any(axis=0)
    over |= group.step == LONGEST_SILENCE * physics.steps
    lane = (over & ~group.ended).nonzero()[0]
    if not len(lane):
        return _Ends(lane, np.empty(0), lane)
    return _Ends(lane, *_first_part(before[:, lane], group.strength[:, lane], physics.weak))


def _first_part(before: FloatArray, after: FloatArray, level: float) -> tuple[FloatArray, IntArray]:
    """Return the part of the step after which a region is weak, and which; 1 and -1 for none."""
    part = np.full(after.shape, 2.0)
    region, lane = np.nonzero(after < level)
    part[region, lane] = part_of_step(before[region, lane], after[region, lane], level)
    first = part.min(axis=0, initial=2.0)
    weakest = part.argmin(axis=0)
    return np.minimum(first, 1.0), np.where(first > 1.0, -1, weakest)


def _store(
    found: Onset,
    ends: _Ends,
    before: _Before,
    group: Silent,
    pools: Involved,
    luck: Luck,
    seed: float,
) -> None:
    """Keep the state at the first symptom, between the two ends of the step.

    A pool that became involved in this step has grown from the seed since it was.
    """
    lane, part = ends.lane, ends.part
    row = group.row[lane]
    found.steps[row], found.part[row], found.region[row] = group.step[lane], part, ends.region
    found.early[row] = group.early[lane]
    reached = between(before.exposure[:, lane], group.exposure[:, lane], part)
    found.exposure[:, row] = reached
    found.graft[:, row] = between(before.graft[:, lane], group.graft[:, lane], part)
    found.inflammation[row] = between(before.inflammation[lane], group.inflammation[lane], part)
    (start, end), (stress, stressed), (alive, left) = _spread_out(pools, group, lane)
    found.oxidative[:, row] = between(stress, stressed, part)
    found.survival[:, row] = between(alive, left, part)
    limit = luck.involvement[:, row]
    past = (reached - limit) / np.maximum(group.exposure[:, lane] - limit, LEAST)
    new = np.where(reached < limit, 0.0, between(seed, end, past))
    found.q[:, row] = np.where(start == 0.0, new, between(start, end, part))


def _spread_out(pools: Involved, group: Silent, lane: IntArray) -> FloatArray:
    """Return q, oxidative stress and survival, at both ends of a step, of some lanes' pools.

    The result is [state, moment, pool, lane]; pools that are not involved are as at birth.
    """
    wanted = np.zeros(len(group), np.bool_)
    wanted[lane] = True
    entry = wanted.take(pools.lane).nonzero()[0]
    pool, own = np.divmod(pools.place[entry], len(group))
    place = pool * len(lane) + np.searchsorted(lane, own)
    whole = np.empty((3, 2, POOL_COUNT * len(lane)))
    whole[:] = AT_BIRTH[:, None]
    whole[:, 0, place], whole[:, 1, place] = pools.before[:, entry], pools.state[:, entry]
    return whole.reshape(3, 2, POOL_COUNT, len(lane))
