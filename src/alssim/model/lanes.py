"""Lanes: the patients that the numpy engine follows together, in groups that fit the cache."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from alssim.model.anatomy import CELLS, POOL_COUNT, REGION_COUNT
from alssim.model.damage import look_up
from alssim.model.physics import Physics
from alssim.model.state import FloatArray, IntArray, Luck, Onset

GROUP = 4096  # patients of a group: larger arrays leave the cache, smaller ones cost more calls


class Columns:
    """A dataclass of arrays whose last axis is the lane."""

    __slots__ = ()

    def _arrays(self) -> dict[str, NDArray[Any]]:
        return {field.name: getattr(self, field.name) for field in fields(self)}  # type: ignore[arg-type]

    def __len__(self) -> int:
        return int(next(iter(self._arrays().values())).shape[-1])

    def keep(self, lanes: NDArray[np.bool_]) -> None:
        """Drop the lanes that are not wanted any more."""
        for name, values in self._arrays().items():
            setattr(self, name, np.ascontiguousarray(values[..., lanes]))

    def split(self) -> list[Self]:
        """Return groups of at most ``GROUP`` lanes."""
        starts = range(0, len(self), GROUP)
        return [self._part(slice(start, start + GROUP)) for start in starts]

    def _part(self, lanes: slice) -> Self:
        arrays = self._arrays().items()
        return type(self)(**{name: np.ascontiguousarray(a[..., lanes]) for name, a in arrays})

    @classmethod
    def regroup(cls, groups: Sequence[Self]) -> list[Self]:
        """Join groups that have become small: one large array is quicker than several small."""
        if sum(map(len, groups)) > GROUP * (len(groups) - 1):
            return list(groups)
        rows = [group._arrays() for group in groups]
        joined = {name: np.concatenate([row[name] for row in rows], axis=-1) for name in rows[0]}
        return cls(**joined).split()


@dataclass(slots=True, eq=False)
class Lanes(Columns):
    """The patients that are being followed.

    row: which patient; base: where the tables of its pools begin; strength [region, lane]: at the
    end of the last step (in the silent phase); ended: the end of the lane has been noted, and it
    runs on, unseen, until enough lanes have ended to be dropped.
    """

    row: IntArray
    base: IntArray
    pace: FloatArray
    spread: FloatArray
    vulnerability: FloatArray
    involvement: FloatArray
    q: FloatArray
    oxidative: FloatArray
    survival: FloatArray
    exposure: FloatArray
    inflammation: FloatArray
    graft: FloatArray
    lost: IntArray
    strength: FloatArray
    ended: NDArray[np.bool_]

    def end(self, done: NDArray[np.bool_]) -> bool:
        """Note which lanes end now; say whether so many have that it pays to drop them."""
        self.ended |= done
        return 8 * int(self.ended.sum()) >= len(self.ended)


def first_lanes(luck: Luck, physics: Physics) -> Lanes:
    """Return every patient at the very beginning: one pool (or two) holds a seed of pathology."""
    count = len(luck.pace)
    q = np.zeros((POOL_COUNT, count))
    q[luck.first, np.arange(count)] = physics.seed
    two = np.flatnonzero(luck.second >= 0)
    q[luck.second[two], two] = physics.seed
    start = Onset(
        q=q,
        oxidative=np.zeros_like(q),
        survival=np.ones_like(q),
        exposure=np.zeros_like(q),
        inflammation=np.zeros(count),
        graft=np.zeros((REGION_COUNT, count)),
        steps=np.zeros(count, np.int64),
        part=np.zeros(count),
        region=np.full(count, -1),
        early=np.full(count, -1),
    )
    return lanes_from(luck, start)


def lanes_from(luck: Luck, state: Onset) -> Lanes:
    """Return every patient in a given state."""
    rows = np.arange(len(luck.pace))
    base = (rows[None, :] * POOL_COUNT + np.arange(POOL_COUNT)[:, None]) * (CELLS + 1)
    lost = look_up(luck.table, base, state.survival)
    return Lanes(
        row=rows,
        base=base,
        pace=luck.pace,
        spread=luck.spread,
        vulnerability=luck.vulnerability,
        involvement=luck.involvement,
        q=state.q,
        oxidative=state.oxidative,
        survival=state.survival,
        exposure=state.exposure,
        inflammation=state.inflammation,
        graft=state.graft,
        lost=lost,
        strength=np.ones((REGION_COUNT, len(rows))),
        ended=np.zeros(len(rows), np.bool_),
    )
