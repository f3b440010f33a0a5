"""Interim looks at the primary endpoint: where trials stop, and what they then report."""

from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from alssim.statistics.sequential import Spending, limits
from alssim.studies.trial.drawing import Trials
from alssim.studies.trial.endpoints import analyse

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Stopped:
    """When trials stop, by the primary endpoint.

    A look takes place when a share of the patients, in the order of their entry, has finished.

    shares      [look] share of the patients seen; the last is 1
    limits      [look] limit of the absolute z statistic
    look        [replicate] look at which a trial stops; the last if it goes to the end
    crossed     [replicate] whether it crosses the limit there
    value, p    [replicate] estimate, and unadjusted p, at that look
    """

    shares: FloatArray
    limits: FloatArray
    look: NDArray[np.int64]
    crossed: NDArray[np.bool_]
    value: FloatArray
    p: FloatArray


def look(trials: Trials) -> Stopped:
    """Look at trials as they go, and stop each at the first limit that it crosses."""
    from scipy.special import ndtr

    design = trials.trial
    shares = [*design.looks.shares, 1.0]
    edges = limits(shares, design.significance, cast(Spending, design.looks.spending))
    seen = [
        analyse(trials if share == 1 else trials.first(share), design.endpoints[0]).effect
        for share in shares
    ]
    p = np.array([effect.p for effect in seen])
    value = np.array([effect.value for effect in seen])
    crossed = p < 2 * ndtr(-edges)[:, None]
    last = np.full(len(trials), len(shares) - 1)
    stop = np.where(crossed.any(axis=0), np.argmax(crossed, axis=0), last)
    row = np.arange(len(trials))
    return Stopped(
        np.array(shares), edges, stop, crossed[stop, row], value[stop, row], p[stop, row]
    )
