"""Who is at risk and who has the event, by group, at each time of an event."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from alssim.errors import UsageError
from alssim.statistics.followup import (
    FloatArray,
    FollowUp,
    IntArray,
    check_length,
    count_at_risk,
    freeze,
)


@dataclass(frozen=True, slots=True, eq=False)
class RiskSets:
    """Counts at each distinct time of an event, earliest first.

    labels   [group]        the groups, sorted
    times    [step]         when events happened
    at_risk  [step, group]  patients under observation just before
    events   [step, group]  events at that time
    """

    labels: NDArray[np.generic]
    times: FloatArray
    at_risk: IntArray
    events: IntArray

    def __post_init__(self) -> None:
        freeze(self)


def risk_sets(seen: FollowUp, group: ArrayLike) -> RiskSets:
    """Count by group. ``group`` [patient] may hold numbers, booleans or words.

    Raises ``UsageError`` for a group of another length, or for fewer than two groups.
    """
    names = np.asarray(group)
    check_length("group", names, seen.patients)
    labels, codes = np.unique(names, return_inverse=True)
    if len(labels) < 2:
        raise UsageError(f"group must name at least two groups; it names {labels.tolist()}")
    times = np.unique(seen.time[seen.event])
    at_risk = np.empty((len(times), len(labels)), np.int64)
    events = np.empty_like(at_risk)
    for code in range(len(labels)):
        members = seen.of(codes == code)
        at_risk[:, code] = count_at_risk(members.time, members.entry, times)
        step = np.searchsorted(times, members.time[members.event])
        events[:, code] = np.bincount(step, minlength=len(times))
    return RiskSets(labels, times, at_risk, events)


def two_groups(seen: FollowUp, group: ArrayLike) -> RiskSets:
    """Count by group where there must be exactly two."""
    found = risk_sets(seen, group)
    if len(found.labels) != 2:
        raise UsageError(f"group must name two groups; it names {len(found.labels)}")
    return found
