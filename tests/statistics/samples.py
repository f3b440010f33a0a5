"""Data that several test modules use, and the slow, plain way to count."""

from itertools import pairwise

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from alssim.statistics.followup import FollowUp, follow_up

Array = NDArray[np.float64]

# Weeks in remission of children with leukaemia: Freireich 1963 (Blood 21:699), Gehan 1965.
SIX_MP = [6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
WEEKS = np.array([*SIX_MP, *PLACEBO], float)
RELAPSED = np.array([True] * 9 + [False] * 12 + [True] * 21)
ON_PLACEBO = np.array([False] * 21 + [True] * 21)

months = st.integers(1, 30).map(float)  # whole months: many ties
patients = st.tuples(months, st.booleans(), st.integers(0, 29), st.integers(0, 2))
cohorts = st.lists(patients, min_size=4, max_size=40)


def unpack(
    cohort: list[tuple[float, bool, int, int]], late: bool
) -> tuple[Array, NDArray[np.bool_], Array | None, NDArray[np.int64]]:
    """Return time, event, entry (half months: never at a death; None = not late), group."""
    time, event, begin, group = (np.array(row) for row in zip(*cohort, strict=True))
    entry = np.minimum(begin, time - 1) + 0.5 if late else None
    return time.astype(float), event.astype(bool), entry, group


def drawn(
    size: int, seed: int, late: bool = False, ties: bool = False
) -> tuple[Array, NDArray[np.bool_], Array | None, Array]:
    """Draw time, event, entry and three covariates, the first of them 0 or 1."""
    rng = np.random.default_rng(seed)
    covariates = rng.normal(size=(size, 3))
    covariates[:, 0] = rng.integers(0, 2, size)
    life = 20 * rng.weibull(1.3, size) * np.exp(-covariates @ [0.5, 0.3, -0.2])
    entry = rng.uniform(0, 10, size) if late else None
    time = life + (0 if entry is None else entry)
    if ties:
        time = np.ceil(time / 2) * 2 + 0.5
        entry = None if entry is None else np.floor(entry / 2) * 2
    return time, rng.random(size) < 0.7, entry, covariates


def seen(life: Array, leave: Array, entry: Array | None = None) -> FollowUp:
    """Follow lives until people leave."""
    return follow_up(np.minimum(life, leave), life <= leave, entry)


def at_risk(time: Array, entry: Array | None, when: float) -> NDArray[np.bool_]:
    """Say who is under observation just before a time [patient]."""
    began = np.full(len(time), -np.inf) if entry is None else entry
    return (began < when) & (when <= time)


def slow_survival(data: FollowUp, when: float) -> float:
    """Multiply one factor for each time of an event, counted patient by patient."""
    survival = 1.0
    for t in sorted(set(data.time[data.event].tolist())):
        if t <= when:
            present = int(at_risk(data.time, data.entry, t).sum())
            survival *= 1 - int((data.event & (data.time == t)).sum()) / present
    return survival


def slow_mean(data: FollowUp, horizon: float) -> float:
    """Add up the rectangles under the slow curve."""
    edges = [0.0, *sorted({t for t in data.time[data.event].tolist() if 0 < t < horizon}), horizon]
    return sum((end - start) * slow_survival(data, start) for start, end in pairwise(edges))


def without(data: FollowUp, patient: int) -> FollowUp:
    """Leave one patient out."""
    kept = np.arange(data.patients) != patient
    return data.of(kept)
