"""Who takes part in a trial, of those who meet its criteria: its published case-mix, matched.

Registries hold older people than trials, and more of them with bulbar onset. The young all take
part; above their age the chance falls off exponentially, and one kind of onset takes part less
often than the other, so that mean age and share with bulbar onset are those that were published.
The likeliest always takes part.
It is exponential tilting, the weighting of matching-adjusted comparisons (Phillippo 2018,
10.1177/0272989X17725740), with chances in place of weights.
"""

import numpy as np
from scipy.optimize import brentq

from alssim.studies.validation.cohorts import BoolArray, FloatArray

STEEPEST = 1.0  # per year: so steep that hardly anybody above the age of the young takes part


def chances(
    age: FloatArray, bulbar: BoolArray, mean_age: float, bulbar_share: float, young: float
) -> FloatArray:
    """Return the chance to take part of each who meets the criteria [patient], 0 to 1.

    ``age`` [patient] years, ``bulbar`` [patient] whether onset was bulbar, ``young`` the age up to
    which all take part. A published number of 0 is not matched, and a mean age that lies outside
    what such a fall can reach is met as nearly as it can be.
    """

    def fall(per_year: float) -> FloatArray:
        by_age = np.exp(-per_year * np.maximum(age - young, 0.0))
        chance = by_age * _by_onset(by_age, bulbar, bulbar_share)
        return chance / chance.max(initial=np.finfo(float).tiny)

    def too_old(per_year: float) -> float:
        return float(np.average(age, weights=fall(per_year))) - mean_age

    if not mean_age or not len(age) or too_old(0.0) <= 0:
        return fall(0.0)
    if too_old(STEEPEST) >= 0:
        return fall(STEEPEST)
    return fall(float(brentq(too_old, 0.0, STEEPEST)))


def _by_onset(by_age: FloatArray, bulbar: BoolArray, share: float) -> FloatArray:
    """Return how much less often one kind of onset takes part [patient]; the other has 1."""
    with_it, without = by_age[bulbar].sum(), by_age[~bulbar].sum()
    if not share or not with_it or not without:
        return np.ones(len(by_age))
    ratio = share / (1 - share) * without / with_it
    return np.where(bulbar, min(ratio, 1.0), min(1 / ratio, 1.0))
