"""Cumulative incidence: how many have had an event of each kind, when another kind can come first.

The estimate of Aalen and Johansen 1978 (Scand J Stat 5:141) for competing risks, with events at
the same time counted as they are, late entry, and the variance of Dinse and Larson 1986
(Biometrika 73:379, section 4, equation 6): of people all followed it is share * (1 - share) / n.
The interval is normal on the log(-log) scale of 1 - share. With one cause everything equals the
complement of the Kaplan-Meier curve, interval included.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from alssim.errors import UsageError
from alssim.statistics.followup import (
    FloatArray,
    IntArray,
    check_length,
    count_at_risk,
    follow_up,
    freeze,
)
from alssim.statistics.survival import ROUNDING, normal_quantile

CENSORED = 0


@dataclass(frozen=True, slots=True, eq=False)
class CumulativeIncidence:
    """The share that has had an event of each cause: 0 before the first event.

    causes    [cause]        their numbers, ascending
    times     [step]         ascending times at which any event happened
    share     [cause, step]  chance of an event of that cause by that time
    error     [cause, step]  its standard error
    lower     [cause, step]  lower limit of the pointwise interval;  upper: upper limit
    free      [step]         chance of no event by that time; with the shares it adds up to 1
    at_risk   [step]         patients under observation just before
    events    [cause, step]  events of that cause at that time
    patients  number of patients;  last: longest follow-up;  level: coverage of the interval
    """

    causes: IntArray
    times: FloatArray
    share: FloatArray
    error: FloatArray
    lower: FloatArray
    upper: FloatArray
    free: FloatArray
    at_risk: IntArray
    events: IntArray
    patients: int
    last: float
    level: float

    def __post_init__(self) -> None:
        freeze(self)


def cumulative_incidence(
    time: ArrayLike, cause: ArrayLike, entry: ArrayLike | None = None, level: float = 0.95
) -> CumulativeIncidence:
    """Estimate the share that has had each kind of event.

    Parameters
    ----------
    time : [patient], time of the first event of any kind, or of the end of follow-up
    cause : [patient], the kind of event as a whole number from 1 on; 0 = censored
    entry : [patient], time from which the patient is observed, below ``time``; None = always
    level : coverage of the pointwise interval, between 0 and 1

    Raises ``UsageError`` where ``kaplan_meier`` does, and for causes that are not whole numbers
    from 0 on. Causes that nobody has are left out.
    """
    kinds = np.asarray(cause)
    if kinds.dtype.kind not in "iu" or (kinds < 0).any():
        raise UsageError("cause must hold whole numbers: 0 = censored, 1, 2, ... = kinds of event")
    seen = follow_up(time, kinds != CENSORED, entry)
    check_length("cause", kinds, seen.patients)
    times = np.unique(seen.time[seen.event])
    at_risk = count_at_risk(seen.time, seen.entry, times)
    causes = np.unique(kinds[seen.event]).astype(np.int64)
    step = np.searchsorted(times, seen.time[seen.event])
    events = np.array(
        [np.bincount(step[kinds[seen.event] == one], minlength=len(times)) for one in causes]
    ).reshape(len(causes), len(times))
    share, free, variance = _estimate(at_risk.astype(np.float64), events)
    lower, upper = _interval(share, variance, normal_quantile(level))
    last = float(seen.time.max())
    error = np.sqrt(variance)
    record = (causes, times, share, error, lower, upper, free, at_risk, events)
    return CumulativeIncidence(*record, seen.patients, last, level)


def incidence_at(curve: CumulativeIncidence, months: ArrayLike) -> FloatArray:
    """Return the share with an event of each cause by each time [cause, month].

    Not-a-number beyond the longest follow-up, unless everybody has had an event by then.
    """
    return _read(curve, curve.share, months)


def incidence_interval_at(
    curve: CumulativeIncidence, months: ArrayLike
) -> tuple[FloatArray, FloatArray]:
    """Return the lower and upper limits at each time, as ``incidence_at`` does."""
    return _read(curve, curve.lower, months), _read(curve, curve.upper, months)


def _estimate(risk: FloatArray, events: IntArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return share [cause, step], free of events [step], variance of share [cause, step]."""
    died = events.sum(axis=0)
    free = np.cumprod(1 - died / risk, dtype=np.float64)
    before = np.concatenate(([1.0], free[:-1]))[: len(free)]
    share = np.cumsum(before * events / risk, axis=1)
    # Each step adds (share now - share then)^2 * fading - 2 * (...) * mixed + own.
    gone = risk == died
    fading = np.where(gone, 0.0, died / (risk * np.where(gone, 1.0, risk - died)))
    mixed = before * events / risk**2
    own = np.cumsum(before**2 * events * (risk - events) / risk**3, axis=1)
    square = share**2 * np.cumsum(fading) - 2 * share * np.cumsum(fading * share, axis=1)
    square += np.cumsum(fading * share**2, axis=1)
    cross = share * np.cumsum(mixed, axis=1) - np.cumsum(mixed * share, axis=1)
    variance = np.maximum(square - 2 * cross + own, 0.0)
    return share, free, np.asarray(variance, np.float64)


def _interval(share: FloatArray, variance: FloatArray, z: float) -> tuple[FloatArray, FloatArray]:
    sure = share > 1 - ROUNDING
    inner = (share > 0) & ~sure
    left = np.where(inner, 1 - share, 0.5)
    width = np.where(inner, z * np.sqrt(variance) / (left * -np.log(left)), 0.0)
    lower = np.where(inner, 1 - left ** np.exp(-width), 0.0)
    upper = np.where(inner, 1 - left ** np.exp(width), np.where(sure, 1.0, 0.0))
    # Where everybody has had this event nothing is known of the spread: keep the lower limit.
    carried = np.maximum.accumulate(lower, axis=1)
    return np.where(sure, carried, lower), upper


def _read(curve: CumulativeIncidence, rows: FloatArray, months: ArrayLike) -> FloatArray:
    when = np.asarray(months, np.float64)
    steps = np.concatenate((np.zeros((len(rows), 1)), rows), axis=1)
    values = steps[:, np.searchsorted(curve.times, when, side="right")]
    ended = bool(len(curve.free)) and curve.free[-1] == 0
    unknown = np.isnan(when) if ended else ~(when <= curve.last)
    return np.where(unknown, np.nan, values)
