"""Follow-up of patients: when it ends, whether with the event, and when it begins.

Convention of all of ``alssim.statistics``: a patient is at risk at time t when
entry < t <= time. So who is censored at t still counts for an event at t, and who enters at t
does not (Andersen et al. 1993, Statistical Models Based on Counting Processes).
"""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from alssim.errors import UsageError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class FollowUp:
    """Times that may be censored on the right and truncated on the left.

    time   [patient]  time of the event, or of the end of follow-up
    event  [patient]  true where the event happened at ``time``, false where it is censored
    entry  [patient]  time from which the patient is observed, below ``time``; None = always

    Made by ``follow_up``, which checks.
    """

    time: FloatArray
    event: BoolArray
    entry: FloatArray | None = None

    def __post_init__(self) -> None:
        freeze(self)

    @property
    def patients(self) -> int:
        """Number of patients."""
        return len(self.time)

    def of(self, members: BoolArray) -> "FollowUp":
        """Return the follow-up of some of the patients."""
        entry = None if self.entry is None else self.entry[members]
        return _read_only(self.time[members], self.event[members], entry)

    def within(self, begin: float | None, until: float | None) -> tuple["FollowUp", BoolArray]:
        """Return what is seen after ``begin`` and up to ``until``, and of whom [patient].

        Who is not observed in between is left out. None: from the start, or to the end.
        """
        time, event, entry = self.time, self.event, self.entry
        if until is not None:
            time, event = np.minimum(time, until), event & (time <= until)
        if begin is not None:
            entry = np.full_like(time, begin) if entry is None else np.maximum(entry, begin)
        seen = np.ones(len(time), bool) if entry is None else entry < time
        if not seen.any():
            raise UsageError(f"nobody is followed between {begin} and {until}")
        return FollowUp(time, event, entry).of(seen), seen


def follow_up(time: ArrayLike, event: ArrayLike, entry: ArrayLike | None = None) -> FollowUp:
    """Check times, events and entries [patient] and put them together.

    Raises ``UsageError`` for no patients, unequal lengths, times that are not finite, or an
    entry that is not before its time.
    """
    ends = np.asarray(time, np.float64)
    happened = np.asarray(event).astype(bool)
    begins = None if entry is None else np.asarray(entry, np.float64)
    _check_lengths(ends, happened, begins)
    if (bad := np.flatnonzero(~np.isfinite(ends))).size:
        raise UsageError(f"time[{bad[0]}] = {ends[bad[0]]:g} is not a finite number")
    if begins is not None and (bad := np.flatnonzero(~(begins < ends))).size:
        first = bad[0]
        raise UsageError(f"entry[{first}] = {begins[first]:g} is not before {ends[first]:g}")
    return _read_only(ends, happened, begins)


def check_length(name: str, row: NDArray[np.generic], patients: int) -> None:
    """Raise ``UsageError`` unless a row has one value for each patient."""
    if row.shape != (patients,):
        raise UsageError(f"{name} has shape {row.shape}, time has ({patients},)")


def checked_weight(weight: ArrayLike, patients: int) -> FloatArray:
    """Return weights [patient], or raise ``UsageError`` unless all are finite and above 0."""
    counts = np.asarray(weight, np.float64)
    check_length("weight", counts, patients)
    if (bad := np.flatnonzero(~((counts > 0) & np.isfinite(counts)))).size:
        raise UsageError(f"weight[{bad[0]}] = {counts[bad[0]]:g} is not a finite number above 0")
    return counts


def check_pairs(first: FollowUp, second: FollowUp) -> None:
    """Raise ``UsageError`` unless both list the same number of patients."""
    if first.patients != second.patients:
        raise UsageError(
            f"pairs need the same patients in both; there are {first.patients} and "
            f"{second.patients}"
        )


def freeze(record: Any) -> None:
    """Make the arrays of a dataclass read-only."""
    for field in fields(record):
        value = getattr(record, field.name)
        if isinstance(value, np.ndarray):
            value.flags.writeable = False


def count_at_risk(
    ends: FloatArray, begins: FloatArray | None, when: FloatArray, entered_at: str = "before"
) -> IntArray:
    """Count who has entered and not yet left just before each time.

    ``entered_at``: ``"before"`` counts entries before the time, ``"at"`` also those at it.
    """
    gone = np.searchsorted(np.sort(ends), when, side="left")
    if begins is None:
        return np.asarray(len(ends) - gone, np.int64)
    entered = np.searchsorted(np.sort(begins), when, "left" if entered_at == "before" else "right")
    return np.asarray(entered - gone, np.int64)


def weigh_at_risk(
    ends: FloatArray, begins: FloatArray | None, weight: FloatArray, when: FloatArray
) -> FloatArray:
    """Add up the weights of who has entered and not yet left just before each time."""

    def later(times: FloatArray) -> FloatArray:
        order = np.argsort(times)
        sums = np.append(np.cumsum(weight[order[::-1]])[::-1], 0.0)
        return np.asarray(sums[np.searchsorted(times[order], when, side="left")], np.float64)

    return later(ends) if begins is None else later(ends) - later(begins)


def _check_lengths(ends: FloatArray, happened: BoolArray, begins: FloatArray | None) -> None:
    if ends.ndim != 1 or not len(ends):
        raise UsageError(f"time must list at least one patient; it has shape {ends.shape}")
    for name, row in (("event", happened), ("entry", begins)):
        if row is not None:
            check_length(name, row, len(ends))


def _read_only(time: FloatArray, event: BoolArray, entry: FloatArray | None) -> FollowUp:
    """Look at the caller's arrays through views that cannot be written to."""
    return FollowUp(time.view(), event.view(), None if entry is None else entry.view())
