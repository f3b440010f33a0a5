"""Lanes: the patients that the numpy engine follows together, in groups that fit the cache."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from alssim.model.anatomy import CELLS, POOL_COUNT
from alssim.model.damage import look_up
from alssim.model.state import CountArray, FloatArray, IntArray, Luck, Onset

GROUP = 4096  # patients of a group: larger arrays leave the cache, smaller ones cost more calls


class Columns:
    """A dataclass of arrays whose last axis is the lane."""

    __slots__ = ()

    def __len__(self) -> int:
        """Return the number of lanes."""
        raise NotImplementedError

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the arrays by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}  # type: ignore[arg-type]

    def keep(self, lanes: IntArray) -> None:
        """Keep these lanes, in this order, and drop the others."""
        for name, values in self.arrays().items():
            setattr(self, name, values.take(lanes, axis=-1))

    def add(self, more: Self) -> None:
        """Append more lanes."""
        for name, values in more.arrays().items():
            setattr(self, name, np.concatenate([getattr(self, name), values], axis=-1))

    def copy(self) -> Self:
        """Return the same lanes with arrays of their own."""
        return type(self)(**{name: values.copy() for name, values in self.arrays().items()})

    def split(self) -> list[Self]:
        """Return groups of at most ``GROUP`` lanes."""
        starts = range(0, len(self), GROUP)
        return [self._part(slice(start, start + GROUP)) for start in starts]

    def _part(self, lanes: slice) -> Self:
        arrays = self.arrays().items()
        return type(self)(**{name: np.ascontiguousarray(a[..., lanes]) for name, a in arrays})

    @classmethod
    def regroup(cls, groups: Sequence[Self]) -> list[Self]:
        """Join groups that have become small: one large array is quicker than several small."""
        if sum(map(len, groups)) > GROUP * (len(groups) - 1):
            return list(groups)
        rows = [group.arrays() for group in groups]
        joined = {name: np.concatenate([row[name] for row in rows], axis=-1) for name in rows[0]}
        return cls(**joined).split()


@dataclass(slots=True, eq=False)
class Group(Columns):
    """Patients that are being followed [lane], and what concerns all of their pools [pool, lane].

    row: which patient; limit: exposure at which a pool becomes involved, infinite once it is;
    graft [region, lane]; ended: the end of the lane has been noted, and it runs on, unseen, until
    enough lanes have ended to be dropped.
    """

    row: IntArray
    pace: FloatArray
    spread: FloatArray
    limit: FloatArray
    exposure: FloatArray
    inflammation: FloatArray
    graft: FloatArray
    lost: CountArray
    ended: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.row)

    def end(self, done: NDArray[np.bool_] | IntArray) -> bool:
        """Note which lanes end now; say whether so many have that it pays to drop them."""
        self.ended[done] = True
        return 8 * int(np.count_nonzero(self.ended)) >= len(self.ended)


@dataclass(slots=True, eq=False)
class Lanes(Group):
    """A group with the state of every pool [pool, lane]; base: where the pool's table begins."""

    base: IntArray
    vulnerability: FloatArray
    q: FloatArray
    oxidative: FloatArray
    survival: FloatArray

    def reached(self) -> NDArray[np.bool_]:
        """Say in which lanes spread may still involve a pool."""
        return np.asarray((self.limit < np.inf).any(axis=0))

    def reach(self) -> int:
        """Return the lane from which on every pool is involved."""
        return int(self.reached().nonzero()[0].max(initial=-1)) + 1

    def tidy(self) -> None:
        """Drop lanes that have ended and put those first that spread still reaches, if it pays."""
        within = self.reached()
        idle = np.count_nonzero(~within[: self.reach()])
        if 8 * np.count_nonzero(self.ended) + 4 * idle >= len(self):
            stays = (~self.ended).nonzero()[0]
            self.keep(stays[np.argsort(~within[stays], kind="stable")])


def slowest_first(luck: Luck) -> IntArray:
    """Return the patients in the order in which lanes take them: long courses first.

    So the last lanes end at about the same time. The order changes no result.
    """
    return np.argsort(luck.pace, kind="stable")


def lanes_from(luck: Luck, state: Onset) -> Lanes:
    """Return every patient in a given state; the arrays are the lanes' own."""
    rows = np.arange(len(luck.pace))
    base = table_base(np.arange(POOL_COUNT)[:, None], rows)
    return Lanes(
        row=rows,
        pace=luck.pace,
        spread=luck.spread,
        limit=np.where(state.q == 0.0, luck.involvement, np.inf),
        exposure=state.exposure.copy(),
        inflammation=state.inflammation,
        graft=state.graft,
        lost=look_up(luck.table, base, state.survival),
        ended=np.zeros(len(rows), np.bool_),
        base=base,
        vulnerability=luck.vulnerability,
        q=state.q.copy(),
        oxidative=state.oxidative.copy(),
        survival=state.survival.copy(),
    )


def table_base(pool: IntArray, row: IntArray) -> IntArray:
    """Return where the tables of these pools of these patients begin."""
    return (row * POOL_COUNT + pool) * (CELLS + 1)
