"""Interim looks at the primary endpoint: where trials stop, and what they then report."""

from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from alssim.statistics.followup import BoolArray, FloatArray
from alssim.statistics.sequential import Spending, futility_limits, limits
from alssim.studies.trial.drawing import Trials
from alssim.studies.trial.endpoints import Result, analyse


@dataclass(frozen=True, slots=True, eq=False)
class Stopped:
    """When trials stop, by the primary endpoint.

    A look takes place when a share of the patients, in the order of their entry, has finished.

    shares      [look] share of the patients seen; the last is 1
    limits      [look] limit of the absolute z statistic
    floors      [look] z statistic, above 0 in favour of the treatment, below which a trial stops
                for futility; minus infinity where it does not
    look        [replicate] look at which a trial stops; the last if it goes to the end
    crossed     [replicate] whether it crosses the limit there
    futile      [replicate] whether it stops there for futility
    ever        [replicate] whether it would cross a limit if futility never stopped it
    value, p    [replicate] estimate, and unadjusted p, at that look
    """

    shares: FloatArray
    limits: FloatArray
    floors: FloatArray
    look: NDArray[np.int64]
    crossed: BoolArray
    futile: BoolArray
    ever: BoolArray
    value: FloatArray
    p: FloatArray


def look(trials: Trials) -> Stopped:
    """Look at trials as they go; stop each at the first limit crossed, or for futility."""
    from scipy.special import ndtr

    design = trials.trial
    shares = [*design.looks.shares, 1.0]
    edges = limits(shares, design.significance, cast(Spending, design.looks.spending))
    floors = futility_limits(shares, float(edges[-1]), design.looks.futility)
    seen = [
        analyse(trials if share == 1 else trials.first(share), design.endpoints[0])
        for share in shares
    ]
    p = np.array([one.effect.p for one in seen])
    value = np.array([one.effect.value for one in seen])
    crossed = p < 2 * ndtr(-edges)[:, None]
    futile = ~crossed & (np.array([_favour(one) for one in seen]) < floors[:, None])
    ends = crossed | futile
    stop = np.where(ends.any(axis=0), np.argmax(ends, axis=0), len(shares) - 1)
    at = (stop, np.arange(len(trials)))
    return Stopped(
        np.array(shares),
        edges,
        floors,
        stop,
        crossed[at],
        futile[at],
        np.asarray(crossed.any(axis=0)),
        value[at],
        p[at],
    )


def _favour(result: Result) -> FloatArray:
    """Return the z statistic of the p-value, above 0 in favour of the treatment [replicate].

    Infinite where there is no estimate: what is not known is not futile.
    """
    from scipy.special import ndtri

    found = result.effect
    z = np.sign(found.value) * result.better * np.abs(ndtri(found.p / 2))
    return np.asarray(np.where(np.isfinite(found.value), z, np.inf), np.float64)
