"""Limits of interim looks: how far a result must lie from 0 for a trial to stop early.

The two-sided false-positive rate is spent over the looks by a function of the share of the
information seen (Lan and DeMets 1983, Biometrika 70:659): like O'Brien and Fleming, little at
first, or like Pocock, about evenly. Limits follow by integrating over all courses that have not
stopped yet, as Armitage, McPherson and Rowe (1969, J R Stat Soc A 132:235) do; statistics are
normal with independent increments.

A trial may also stop for futility: where a clear result at the end has become unlikely, should
things go on as they have (conditional power under the current trend; Lachin 2005, Stat Med
24:2747, reviews such rules). That is not binding: the limits above take no account of it, so it
can only lower the false-positive rate, and whoever goes on regardless breaks no rule.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from alssim.errors import UsageError
from alssim.statistics.followup import FloatArray

Spending = Literal["obrien-fleming", "pocock"]
NODES = 400  # points of the integration


def spent(share: float, significance: float, spending: str) -> float:
    """Return the two-sided false-positive rate spent when a share of the information is seen."""
    from scipy.special import ndtr, ndtri

    if spending == "obrien-fleming":
        return float(4 * ndtr(ndtri(significance / 4) / np.sqrt(share)))
    return float(significance * np.log1p((np.e - 1) * share))


def limits(
    shares: Sequence[float], significance: float = 0.05, spending: Spending = "obrien-fleming"
) -> FloatArray:
    """Return the limit of the absolute z statistic at each look [look].

    Parameters
    ----------
    shares : share of the information at each look, rising; the last is 1
    significance : two-sided false-positive rate over all looks
    spending : how it is spent

    Raises ``UsageError`` for shares that do not rise to 1.
    """
    looks = np.asarray(shares, np.float64)
    if not len(looks) or looks[-1] != 1 or not (np.diff(looks, prepend=0) > 0).all():
        raise UsageError(f"shares of the information must rise to 1: {list(shares)}")
    rates = np.diff([spent(share, significance, spending) for share in looks], prepend=0.0)
    found: list[float] = []
    points, weights = np.zeros(1), np.ones(1)  # where the courses that go on are, and how many
    for step, (now, rate) in enumerate(zip(looks, rates, strict=True)):
        spread = float(np.sqrt(now - (looks[step - 1] if step else 0.0)))
        out = _leaving(points, weights, spread)
        edge = _solved(out, rate, float(np.sqrt(now)))
        found.append(edge / float(np.sqrt(now)))
        points, weights = _staying(points, weights, spread, edge)
    return np.array(found)


def conditional_power(z: ArrayLike, share: ArrayLike, limit: float) -> FloatArray:
    """Return the chance that a trial ends beyond its last limit if it goes on as it has.

    Parameters
    ----------
    z : statistic at a look; above 0 favours the treatment
    share : share of the information seen by then, above 0 and below 1; any shape that fits
    limit : limit of the statistic at the end

    The score sqrt(share) * z has moved by z / sqrt(share) per unit of information, and is taken
    to go on so; the rest of its way varies by 1 - share.
    """
    from scipy.special import ndtr

    seen = np.asarray(share, np.float64)
    ahead = np.asarray(z, np.float64) / np.sqrt(seen) - limit
    return np.asarray(ndtr(ahead / np.sqrt(1 - seen)), np.float64)


def futility_limits(shares: Sequence[float], limit: float, least: float) -> FloatArray:
    """Return the statistic below which a trial stops for futility at each look [look].

    There its conditional power falls below ``least``; ``limit`` as for ``conditional_power``. At
    the last look, of all the information, and for a least power of 0 nothing stops a trial:
    minus infinity.
    """
    from scipy.special import ndtri

    seen = np.asarray(shares, np.float64)
    if not 0 <= least < 1:
        raise UsageError(f"least conditional power = {least:g} is not between 0 and 1")
    found = np.full(len(seen), -np.inf)
    on = seen < 1
    if least > 0:
        found[on] = np.sqrt(seen[on]) * (limit + np.sqrt(1 - seen[on]) * ndtri(least))
    return found


def _leaving(points: FloatArray, weights: FloatArray, spread: float) -> Callable[[float], float]:
    """Return the chance of lying beyond an edge, on either side, as a function of the edge."""
    from scipy.special import ndtr

    def chance(edge: float) -> float:
        beyond = ndtr((points - edge) / spread) + ndtr((-edge - points) / spread)
        return float(weights @ beyond)

    return chance


def _solved(chance: Callable[[float], float], rate: float, scale: float) -> float:
    from scipy.optimize import brentq

    return float(brentq(lambda edge: chance(edge) - rate, 0.0, 12 * scale, xtol=1e-12))


def _staying(
    points: FloatArray, weights: FloatArray, spread: float, edge: float
) -> tuple[FloatArray, FloatArray]:
    """Return the courses that lie within the edges after the next step."""
    nodes, sizes = _rule()
    where = edge * nodes
    apart = (where[:, None] - points) / spread
    density = np.exp(-(apart**2) / 2) / (np.sqrt(2 * np.pi) * spread)
    return where, edge * sizes * (density @ weights)


@cache
def _rule() -> tuple[FloatArray, FloatArray]:
    """Return points and weights of Gauss and Legendre; not to be changed."""
    return np.polynomial.legendre.leggauss(NODES)
