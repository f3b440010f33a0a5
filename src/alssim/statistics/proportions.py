"""Shares of patients, and their difference between two arms.

Intervals and test are those of ``contrasts``, here for many counts at once.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from alssim.errors import UsageError
from alssim.statistics.contrasts import pooled_error, squared_and_added, wilson
from alssim.statistics.effect import Effect, effect
from alssim.statistics.followup import FloatArray, freeze


@dataclass(frozen=True, slots=True, eq=False)
class Share:
    """A share of patients, 0 to 1, with its interval; every field has the shape of the counts."""

    value: FloatArray
    low: FloatArray
    high: FloatArray

    def __post_init__(self) -> None:
        freeze(self)


def share(count: ArrayLike, patients: ArrayLike, level: float = 0.95) -> Share:
    """Return the share of patients counted, with Wilson's interval.

    ``count`` and ``patients`` have the same shape, or spread to one: for example [replicate].
    """
    hits, size = _checked(count, patients)
    value = np.asarray(hits / size, np.float64)
    return Share(value, *wilson(value, size, level))


def compare_shares(
    treated: ArrayLike,
    treated_patients: ArrayLike,
    untreated: ArrayLike,
    untreated_patients: ArrayLike,
    level: float = 0.95,
) -> Effect:
    """Compare the shares counted in two arms: treated minus untreated.

    Counts and numbers of patients have the same shape, or spread to one: for example [replicate].
    The interval is Newcombe's; ``error`` is the usual standard error, which the interval does not
    use; ``p`` is that of the chi-squared test, 1 where both shares are 0 or both are 1.
    """
    one, other = _checked(treated, treated_patients), _checked(untreated, untreated_patients)
    here, there = share(*one, level=level), share(*other, level=level)
    value = here.value - there.value
    low, high = squared_and_added(
        (there.value, there.low, there.high), (here.value, here.low, here.high)
    )
    p = effect(value, pooled_error(there.value, here.value, other[1], one[1]), level=level).p
    apart = [one.value * (1 - one.value) for one in (here, there)]
    error = np.sqrt(apart[0] / one[1] + apart[1] / other[1])
    return Effect(value, error, np.full_like(value, np.inf), low, high, p)


def _checked(count: ArrayLike, patients: ArrayLike) -> tuple[FloatArray, FloatArray]:
    hits, size = np.broadcast_arrays(
        np.asarray(count, np.float64), np.asarray(patients, np.float64)
    )
    if not ((hits >= 0) & (hits <= size) & (size > 0)).all():
        raise UsageError("a count must lie between 0 and its number of patients, at least 1")
    return hits, size
