"""What the course notes of each patient: values that are followed, signals, hazards borne."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from alssim.model.anatomy import BULBAR, POOL_COUNT, REGION_COUNT
from alssim.model.lanes import Lanes
from alssim.model.physics import SIGNALS
from alssim.model.state import NEVER, FloatArray, IntArray

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


class Outcome(NamedTuple):
    """What the engine found; months since the first symptom, inf where never.

    signals      [signal, patient]    first month below the level of each signal (SIGNALS)
    times        [event, patient]     month in which the hazard borne meets its limit (HAZARDS)
    background   [patient]            step at which the background drug started; NEVER
    lost         [patient, month, pool]    neurons lost at each visit; empty if not asked for
    weight       [patient, month]     weight lost, %
    graft        [patient, month, region]  share of units that grafts add
    """

    signals: FloatArray
    times: FloatArray
    background: IntArray
    lost: NDArray[np.uint16]
    weight: NDArray[np.float32]
    graft: NDArray[np.float32]


@dataclass(slots=True, eq=False)
class Ledger(Lanes):
    """Lanes, and what has happened to each so far.

    followed [row, lane]: values at the end of the last step; borne [event, lane]: hazards added up.
    """

    signals: FloatArray
    followed: FloatArray
    times: FloatArray
    borne: FloatArray


# Rows of Outcome.times, Ledger.times and Ledger.borne.
HAZARDS = ("diagnosis", "respiratory", "aspiration", "ventilated")
DIAGNOSIS, BREATHING, CHOKING, VENTILATED = range(len(HAZARDS))
EVENT_COUNT = len(HAZARDS)


def empty_outcome(count: int, months: int, record: bool) -> Outcome:
    """Return the outcome of patients to whom nothing has happened yet."""
    visits = months + 1 if record else 0
    return Outcome(
        signals=np.full((len(SIGNALS), count), np.inf),
        times=np.full((EVENT_COUNT, count), np.inf),
        background=np.full(count, NEVER),
        lost=np.zeros((count, visits, POOL_COUNT), np.uint16),
        weight=np.zeros((count, visits), np.float32),
        graft=np.zeros((count, visits, REGION_COUNT), np.float32),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """A run at the end of a month, for others that have been the same until then.

    outcome: that of the whole run, where the others have theirs.
    """

    month: int
    outcome: Outcome


def take_past(outcome: Outcome, kept: Kept) -> None:
    """Fill in what a kept run had found; whoever was followed on will be written anew."""
    outcome.signals[:] = kept.outcome.signals
    outcome.times[:] = kept.outcome.times
    for name in ("lost", "weight", "graft"):
        visits = slice(0, kept.month + 1)
        getattr(outcome, name)[:, visits] = getattr(kept.outcome, name)[:, visits]
