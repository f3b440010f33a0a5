"""An estimated effect: its value, how sure one is of it, and the test that it is zero.

Every function of this package that compares arms once can compare them in many repeats at once:
the fields then carry the repeats as leading axis.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from alssim.errors import UsageError
from alssim.statistics.followup import FloatArray, freeze


@dataclass(frozen=True, slots=True, eq=False)
class Effect:
    """An estimate with its interval and test; every field is [replicate], or of shape () for one.

    value    the estimate
    error    its standard error
    degrees  degrees of freedom of the t distribution used; infinite = normal distribution
    low      lower limit of the interval
    high     upper limit
    p        chance of an estimate at least as far from 0, on either side, if the truth were 0
    """

    value: FloatArray
    error: FloatArray
    degrees: FloatArray
    low: FloatArray
    high: FloatArray
    p: FloatArray

    def __post_init__(self) -> None:
        freeze(self)


def effect(
    value: ArrayLike, error: ArrayLike, degrees: ArrayLike = np.inf, level: float = 0.95
) -> Effect:
    """Make interval and two-sided test from an estimate, its standard error and degrees of freedom.

    The three may have any shapes that fit together. An error of 0 gives an interval of width 0
    and, for an estimate that is not 0, p = 0.
    """
    estimate, spread, freedom = np.broadcast_arrays(
        *(np.asarray(one, np.float64) for one in (value, error, degrees))
    )
    half = t_quantile((1 + checked_level(level)) / 2, freedom) * spread
    with np.errstate(divide="ignore", invalid="ignore"):
        distance = np.where(estimate == 0, 0.0, np.abs(estimate) / spread)
    p = np.minimum(2 * t_below(-distance, freedom), 1.0)
    copies = (estimate.copy(), spread.copy(), freedom.copy())
    return Effect(*copies, estimate - half, estimate + half, p)


def t_quantile(share: float, degrees: ArrayLike) -> FloatArray:
    """Return the quantile of Student's t; infinite degrees of freedom give the normal one."""
    from scipy.special import ndtri, stdtrit

    freedom = np.asarray(degrees, np.float64)
    finite = np.where(np.isinf(freedom), 1.0, freedom)
    return np.asarray(np.where(np.isinf(freedom), ndtri(share), stdtrit(finite, share)))


def t_below(value: ArrayLike, degrees: ArrayLike) -> FloatArray:
    """Return the chance that Student's t lies below ``value``."""
    from scipy.special import ndtr, stdtr

    where, freedom = np.asarray(value, np.float64), np.asarray(degrees, np.float64)
    finite = np.where(np.isinf(freedom), 1.0, freedom)
    return np.asarray(np.where(np.isinf(freedom), ndtr(where), stdtr(finite, where)))


def checked_level(level: float) -> float:
    """Return the coverage of an interval, or raise ``UsageError`` where it is no chance."""
    if not 0 < level < 1:
        raise UsageError(f"level = {level:g} is not between 0 and 1")
    return level
