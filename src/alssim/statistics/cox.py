"""Cox regression of times that may be tied, censored on the right and truncated on the left.

Ties by Efron's approximation (Efron 1977, J Am Stat Assoc 72:557); Newton's method. Robust
variances by the sandwich of Lin and Wei 1989 (J Am Stat Assoc 84:1074), with the score residuals
that belong to Efron's ties (Therneau and Grambsch 2000, Modeling Survival Data, appendix E),
summed within clusters. Case weights count a patient for more or less than one in every sum; with
weights that undo unequal chances of being drawn only the robust variance holds, and it is that of
Binder 1992 (Biometrika 79:139). A hazard ratio describes a window of time; ``begin`` and ``until``
set it.

For one covariate that is 0 or 1 ``two_arms`` does the same much faster.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from alssim.errors import UsageError
from alssim.statistics.deaths import Deaths, deaths_of, sum_clusters
from alssim.statistics.followup import (
    FloatArray,
    FollowUp,
    check_length,
    checked_weight,
    follow_up,
    freeze,
)

MOST_STEPS = 40
CLOSE = 1e-6  # standard errors: one more step of Newton's method is exact
ROUNDING = 1e-11  # of a log likelihood
NOTHING = 1e-12  # information below this share of a covariate's sum of squares is rounding
FLAT = 1e-8  # information below this share of its start: the likelihood has no top


@dataclass(frozen=True, slots=True, eq=False)
class CoxFit:
    """A Cox regression.

    coefficients         [covariate]             logs of hazard ratios
    covariance           [covariate, covariate]  inverse of the information
    robust_covariance    [covariate, covariate]  sandwich over patients or clusters
    log_likelihood       of the fit;  null_log_likelihood: with all coefficients 0
    patients, events     seen in the window, without weights
    begin, until         the window: given, or the first entry (or 0) and the last follow-up
    settled              false: some coefficient grows without end, and all numbers are
                         not-a-number
    """

    coefficients: FloatArray
    covariance: FloatArray
    robust_covariance: FloatArray
    log_likelihood: float
    null_log_likelihood: float
    patients: int
    events: int
    begin: float
    until: float
    settled: bool

    def __post_init__(self) -> None:
        freeze(self)

    @property
    def errors(self) -> FloatArray:
        """Standard errors from the information [covariate]."""
        return np.asarray(np.sqrt(np.diag(self.covariance)), np.float64)

    @property
    def robust_errors(self) -> FloatArray:
        """Standard errors from the sandwich [covariate]."""
        return np.asarray(np.sqrt(np.diag(self.robust_covariance)), np.float64)


def cox(
    time: ArrayLike,
    event: ArrayLike,
    covariates: ArrayLike,
    entry: ArrayLike | None = None,
    cluster: ArrayLike | None = None,
    begin: float | None = None,
    until: float | None = None,
    weight: ArrayLike | None = None,
) -> CoxFit:
    """Fit a Cox regression.

    Parameters
    ----------
    time, event, entry : [patient], as for ``kaplan_meier``
    covariates : [patient, covariate], or [patient] for one
    cluster : [patient] rows with the same value share their luck, as twins do; None = nobody
    begin, until : the window of time that the hazard ratios describe
    weight : [patient] for how many people each stands, above 0; None = 1. ``covariance`` then
        takes each for that many people; ``robust_covariance`` for one who was drawn

    Raises ``UsageError`` where ``kaplan_meier`` does, for covariates that are not finite, for
    weights that are not above 0, for no event in the window, and for covariates that depend on
    each other.
    """
    window = in_window(time, event, covariates, entry, cluster, begin, until, weight)
    seen, values, groups = window.seen, window.values, window.groups
    deaths, centred = deaths_of(seen, window.weight), values - values.mean(axis=0)
    start = likelihood(deaths, seen, centred, np.zeros(values.shape[1]))
    _check_information(start.information, np.sum(centred**2 * weight_column(deaths), axis=0))
    found, coefficients, settled = climb(deaths, seen, centred, start)
    covariance = _inverse(found.information) if settled else np.full_like(found.information, np.nan)
    each = score_residuals(deaths, seen, centred, found)
    influence = sum_clusters(each, groups) @ covariance
    return CoxFit(
        coefficients if settled else np.full_like(coefficients, np.nan),
        covariance,
        influence.T @ influence,
        found.value if settled else float("nan"),
        start.value,
        seen.patients,
        int(seen.event.sum()),
        *window_of(seen, begin, until),
        settled,
    )


class Window(NamedTuple):
    """Who is seen in a window: values [patient, covariate]; groups, weight [patient] or None."""

    seen: FollowUp
    values: FloatArray
    groups: NDArray[np.generic] | None
    weight: FloatArray | None


def in_window(
    time: ArrayLike,
    event: ArrayLike,
    covariates: ArrayLike,
    entry: ArrayLike | None,
    cluster: ArrayLike | None,
    begin: float | None,
    until: float | None,
    weight: ArrayLike | None = None,
) -> Window:
    """Check everything and return who is seen in the window."""
    everyone = follow_up(time, event, entry)
    values = np.asarray(covariates, np.float64)
    values = values[:, None] if values.ndim == 1 else values
    if values.ndim != 2 or len(values) != everyone.patients or not values.shape[1]:
        raise UsageError(f"covariates have shape {values.shape}, time has ({everyone.patients},)")
    if not np.isfinite(values).all():
        raise UsageError("covariates must be finite numbers")
    groups = None if cluster is None else np.asarray(cluster)
    if groups is not None:
        check_length("cluster", groups, everyone.patients)
    counts = None if weight is None else checked_weight(weight, everyone.patients)
    if begin is None and until is None:
        return Window(_some_event(everyone), values, groups, counts)
    seen, who = everyone.within(begin, until)
    kept = (None if row is None else row[who] for row in (groups, counts))
    return Window(_some_event(seen), values[who], *kept)


def window_of(seen: FollowUp, begin: float | None, until: float | None) -> tuple[float, float]:
    """Return the window that a fit describes."""
    first = 0.0 if seen.entry is None else float(seen.entry.min())
    last = float(seen.time.max())
    return first if begin is None else float(begin), last if until is None else float(until)


@dataclass(frozen=True, slots=True, eq=False)
class Likelihood:
    """The partial likelihood at some coefficients, and what it is made of.

    value        log partial likelihood, weighted
    score        [covariate]                    its slope
    information  [covariate, covariate]         its curvature, negative
    total        [slot]                         summed hazard of those at risk
    mean         [slot, covariate]              their mean covariates, weighted by hazard
    spread       [slot, covariate, covariate]   and the covariance of these
    hazard       [patient]                      relative hazard
    """

    value: float
    score: FloatArray
    information: FloatArray
    total: FloatArray
    mean: FloatArray
    spread: FloatArray
    hazard: FloatArray


def likelihood(
    deaths: Deaths, seen: FollowUp, values: FloatArray, coefficients: FloatArray
) -> Likelihood:
    """Work out Efron's partial likelihood with its slope and curvature."""
    linear = values @ coefficients
    hazard = np.exp(linear - linear.max())
    products = values[:, :, None] * values[:, None, :]
    total, first, second = (
        deaths.per_slot(row)
        for row in (hazard, hazard[:, None] * values, hazard[:, None, None] * products)
    )
    mean = first / total[:, None]
    spread = second / total[:, None, None] - mean[:, :, None] * mean[:, None, :]
    dying, count = seen.event, deaths.slot_weight()
    own = weight_column(deaths)[dying] if deaths.weight is not None else np.ones((1, 1))
    value = float(np.sum(own[:, 0] * linear[dying]) - count @ (np.log(total) + linear.max()))
    score = np.sum(own * values[dying], axis=0) - count @ mean
    information = np.tensordot(count, spread, 1)
    return Likelihood(value, score, information, total, mean, spread, hazard)


def score_residuals(
    deaths: Deaths,
    seen: FollowUp,
    values: FloatArray,
    found: Likelihood,
) -> FloatArray:
    """Return what each patient adds to the score [patient, covariate]."""
    rate = deaths.slot_weight() / found.total
    step = deaths.per_step(rate)
    step_mean = deaths.per_step(rate[:, None] * found.mean)
    each = found.hazard[:, None] * (
        deaths.per_patient(step_mean) - values * deaths.per_patient(step)[:, None]
    )
    # Who dies is at risk only in part for the deaths at the same time.
    spared, at = rate * deaths.part, deaths.step_of
    spared_mean = deaths.per_step(spared[:, None] * found.mean)
    back = values[seen.event] * deaths.per_step(spared)[at, None] - spared_mean[at]
    expected = deaths.per_step(found.mean)[at] / deaths.tied[at, None]
    each[seen.event] += found.hazard[seen.event, None] * back + values[seen.event] - expected
    return np.asarray(each * weight_column(deaths), np.float64)


def weight_column(deaths: Deaths) -> FloatArray:
    """Return what each patient counts for, to multiply columns: [patient, 1], or [1, 1]."""
    return np.ones((1, 1)) if deaths.weight is None else deaths.weight[:, None]


def climb(
    deaths: Deaths, seen: FollowUp, values: FloatArray, start: Likelihood
) -> tuple[Likelihood, FloatArray, bool]:
    """Newton's method with halved steps where it would overshoot."""
    found, coefficients = start, np.zeros(values.shape[1])
    for _ in range(MOST_STEPS):
        move = _solve(found.information, found.score)
        if move is None:
            return found, coefficients, False
        close = float(move @ found.score) < CLOSE**2
        found, coefficients = _step(deaths, seen, values, found, coefficients, move)
        if (np.diag(found.information) < FLAT * np.diag(start.information)).any():
            return found, coefficients, False
        if close:
            return found, coefficients, True
    return found, coefficients, False


def _step(
    deaths: Deaths,
    seen: FollowUp,
    values: FloatArray,
    found: Likelihood,
    coefficients: FloatArray,
    move: FloatArray,
) -> tuple[Likelihood, FloatArray]:
    """Go as much of the way, halving, as does not lower the likelihood."""
    for _ in range(MOST_STEPS):
        following = likelihood(deaths, seen, values, coefficients + move)
        if following.value >= found.value - ROUNDING * abs(found.value):
            return following, coefficients + move
        move = move / 2
    return found, coefficients


def _solve(information: FloatArray, score: FloatArray) -> FloatArray | None:
    try:
        return np.asarray(np.linalg.solve(information, score), np.float64)
    except np.linalg.LinAlgError:
        return None


def _inverse(information: FloatArray) -> FloatArray:
    return np.asarray(np.linalg.inv(information), np.float64)


def _check_information(information: FloatArray, squares: FloatArray) -> None:
    told = np.diag(information) > NOTHING * squares
    if not told.all():
        which = int(np.flatnonzero(~told)[0])
        raise UsageError(f"covariate {which} does not vary among those at risk at any event")
    scale = np.sqrt(np.diag(information))
    if np.linalg.matrix_rank(information / np.outer(scale, scale), tol=1e-10) < len(scale):
        raise UsageError("covariates depend on each other: one can be computed from the others")


def _some_event(seen: FollowUp) -> FollowUp:
    if not seen.event.any():
        raise UsageError("nobody has the event in the window")
    return seen
