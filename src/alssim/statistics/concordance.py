"""How well a score puts patients in the order of their events: Harrell's C.

Source: Harrell et al. 1996 (Stat Med 15:361). Its error: what each patient adds to it, by the
infinitesimal jackknife (as in ``concordance`` of the R package survival). Pairs are counted in
n log(n)^2 steps, never one by one.
"""

from dataclasses import dataclass
from math import exp, log

import numpy as np
from numpy.typing import ArrayLike

from alssim.errors import UsageError
from alssim.statistics.contrasts import UNKNOWN, normal_estimate
from alssim.statistics.followup import (
    FloatArray,
    FollowUp,
    IntArray,
    check_length,
    follow_up,
)
from alssim.statistics.survival import Estimate

ROUNDING = 1e-12  # an error below this is none


@dataclass(frozen=True, slots=True)
class Concordance:
    """Harrell's C and the pairs it counts.

    estimate     share of comparable pairs in the right order, ties in score as half, with an
                 interval on the scale of log odds. Not-a-number without a comparable pair; no
                 interval where no pair, or every pair, is in order
    concordant   pairs in which the higher score has the earlier event
    discordant   pairs in which the lower score has it
    tied         comparable pairs with equal scores
    """

    estimate: Estimate
    concordant: int
    discordant: int
    tied: int


def concordance(
    time: ArrayLike,
    event: ArrayLike,
    score: ArrayLike,
    entry: ArrayLike | None = None,
    level: float = 0.95,
) -> Concordance:
    """Return Harrell's C of a score that should be high where the event comes early.

    A pair is comparable if one has the event while the other is under observation and outlives
    it: a later time, or the same time censored. Two events at the same time are no pair.

    Parameters
    ----------
    time, event, entry : [patient], as for ``kaplan_meier``
    score : [patient], any finite numbers
    level : coverage of the interval

    Raises ``UsageError`` where ``kaplan_meier`` does, and for scores that are not finite.
    """
    seen, values = follow_up(time, event, entry), np.asarray(score, np.float64)
    check_length("score", values, seen.patients)
    if not np.isfinite(values).all():
        raise UsageError("score must hold finite numbers")
    ahead, behind = _as_first(seen, values), _as_second(seen, values)
    right, wrong, pairs = (int(row.sum()) for row in ahead)
    if not pairs:
        return Concordance(Estimate(UNKNOWN, UNKNOWN, UNKNOWN), 0, 0, 0)
    tied = pairs - right - wrong
    value = (right + tied / 2) / pairs
    good, bad, met = (one + other for one, other in zip(ahead, behind, strict=True))
    each = ((good - bad + met) / 2 - value * met) / pairs
    error = float(np.sqrt(np.sum(each**2)))
    return Concordance(_on_odds(value, error, level), right, wrong, tied)


def _on_odds(value: float, error: float, level: float) -> Estimate:
    """Return a share with an interval that is normal on the scale of log odds."""
    spread = value * (1 - value)
    if not (spread > 0 and error > ROUNDING):
        return Estimate(value, UNKNOWN, UNKNOWN)
    found = normal_estimate(log(value / (1 - value)), error / spread, level)
    low, high = (1 / (1 + exp(-limit)) for limit in (found.low, found.high))
    return Estimate(value, low, high)


def _as_first(seen: FollowUp, score: FloatArray) -> list[IntArray]:
    """Count, for each patient as the one with the event, those who outlive it: rows [patient].

    Those with a lower score, with a higher one, and all.
    """
    when, rows = _ending(seen), []
    for sign in (1.0, -1.0, None):
        scores = None if sign is None else (sign * score, sign * score)
        count = _count(when, when, scores)
        if seen.entry is not None:  # not those who enter at the event or later
            count -= _count(seen.entry, np.nextafter(seen.time, -np.inf), scores)
        rows.append(np.where(seen.event, count, 0))
    return rows


def _as_second(seen: FollowUp, score: FloatArray) -> list[IntArray]:
    """Count, for each patient as the one who outlives it, the events of others: rows [patient].

    Those of patients with a higher score, with a lower one, and all.
    """
    dying, when, rows = seen.event, _ending(seen), []
    for sign in (-1.0, 1.0, None):
        scores = None if sign is None else (sign * score[dying], sign * score)
        count = _count(-when[dying], -when, scores)
        if seen.entry is not None:  # not events at entry or before
            count -= _count(-seen.time[dying], np.nextafter(-seen.entry, -np.inf), scores)
        rows.append(count)
    return rows


def _ending(seen: FollowUp) -> FloatArray:
    """Return times in order as numbers, events just before what is censored then [patient]."""
    _, rank = np.unique(seen.time, return_inverse=True)
    return np.asarray(2.0 * rank + ~seen.event, np.float64)


def _count(
    x: FloatArray, above: FloatArray, scores: tuple[FloatArray, FloatArray] | None
) -> IntArray:
    """Count, for each query, the points with x > ``above`` and a lower score.

    ``x`` [point]; ``above`` [query]; ``scores`` of the points and of the queries; None = any.
    With the points in order of falling x the first condition is a prefix. A prefix is a sum of
    blocks whose lengths are powers of two; in blocks of one length the points are put in order
    of their scores, so that the second condition is a search.
    """
    length = len(x) - np.searchsorted(np.sort(x), above, side="right")
    if scores is None:
        return np.asarray(length, np.int64)
    distinct, rank = np.unique(scores[0], return_inverse=True)
    limit = np.searchsorted(distinct, scores[1], side="left")
    rank = rank[np.argsort(-x, kind="stable")]
    place, span = np.arange(len(x)), len(x) + 1
    found = np.zeros(len(above), np.int64)
    for bit in range(len(x).bit_length()):
        keys = np.sort((place >> bit) * span + rank)
        asked = np.flatnonzero((length >> bit) & 1)
        block = (length[asked] >> (bit + 1)) << 1
        found[asked] += np.searchsorted(keys, block * span + limit[asked]) - (block << bit)
    return found
