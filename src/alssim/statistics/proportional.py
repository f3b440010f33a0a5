"""Whether hazards are proportional: does a hazard ratio change with time?

The score test for a coefficient that changes with a function of time, as Grambsch and Therneau
1994 (Biometrika 81:515) proposed; exact, without taking the covariances of all risk sets for
equal (as the R package survival has done since version 3).
"""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from alssim.errors import UsageError
from alssim.statistics.contrasts import upper_chi_squared
from alssim.statistics.cox import Likelihood, climb, in_window, likelihood
from alssim.statistics.deaths import Deaths, deaths_of
from alssim.statistics.followup import FloatArray, FollowUp, freeze
from alssim.statistics.survival import Estimate, curve_of
from alssim.statistics.two_arms import HazardRatio, hazard_ratio

Scale = Literal["survival", "time", "log_time"]
Course = Literal["no_change_seen", "fades", "grows", "reverses"]


@dataclass(frozen=True, slots=True, eq=False)
class ProportionalityTest:
    """A score test of coefficients that do not change with time.

    scale          of time: the share that has had the event just before (``survival``), time
                   itself, or its logarithm
    statistic, p   [covariate]  chi-squared with one degree of freedom each, and its p-value
    overall        chi-squared of all covariates together;  overall_p: its p-value
    correlation    [covariate]  of the scaled Schoenfeld residuals with time so scaled; above 0:
                   the log hazard ratio rises
    times          [death]  when, ascending
    residuals      [death, covariate]  scaled Schoenfeld residuals plus the coefficient: their
                   smoothed course is that of the log hazard ratio
    """

    scale: Scale
    statistic: FloatArray
    p: FloatArray
    overall: float
    overall_p: float
    correlation: FloatArray
    times: FloatArray
    residuals: FloatArray

    def __post_init__(self) -> None:
        freeze(self)


@dataclass(frozen=True, slots=True)
class Proportionality:
    """How the hazard ratio of two arms goes with time, ready to be put into words.

    course         ``no_change_seen``, or if p < alpha: from the first to the second half of the
                   events the ratio ``fades`` (comes nearer to 1), ``grows`` (moves away from 1)
                   or ``reverses`` (crosses 1)
    p              of the score test;  statistic: its chi-squared;  correlation: as there
    split          the time that halves the events
    early, late    hazard ratio with interval before and after it
    begin, until   the window

    No change seen is not proof of proportional hazards: with few events none is ever seen.
    """

    course: Course
    p: float
    statistic: float
    correlation: float
    split: float
    early: Estimate
    late: Estimate
    begin: float
    until: float


def proportional_hazards(
    time: ArrayLike,
    event: ArrayLike,
    covariates: ArrayLike,
    entry: ArrayLike | None = None,
    begin: float | None = None,
    until: float | None = None,
    scale: Scale = "survival",
) -> ProportionalityTest:
    """Test whether the coefficients of a Cox regression change with time.

    Arguments as for ``cox``; ``scale`` says on which scale of time a change is looked for.
    Raises ``UsageError`` where ``cox`` does, and where a coefficient grows without end.
    """
    seen, values, *_ = in_window(time, event, covariates, entry, None, begin, until)
    deaths, centred = deaths_of(seen), values - values.mean(axis=0)
    found, coefficients = _fitted(deaths, seen, centred)
    along = _along(deaths, seen, scale)
    each = centred[deaths.dying] - (deaths.per_step(found.mean) / deaths.tied[:, None])[deaths.step]
    residuals = coefficients + len(each) * each @ np.linalg.inv(found.information)
    parts = _Parts.of(found, along, each)
    statistic = np.array([parts.statistic([k]) for k in range(len(coefficients))])
    overall = parts.statistic(list(range(len(coefficients))))
    return ProportionalityTest(
        scale,
        statistic,
        np.array([upper_chi_squared(float(value), 1) for value in statistic]),
        overall,
        upper_chi_squared(overall, len(coefficients)),
        _correlation(along, residuals),
        deaths.times[deaths.step],
        residuals,
    )


def proportionality(
    time: ArrayLike,
    event: ArrayLike,
    second: ArrayLike,
    entry: ArrayLike | None = None,
    begin: float | None = None,
    until: float | None = None,
    alpha: float = 0.05,
    level: float = 0.95,
) -> Proportionality:
    """Say how the hazard ratio of two arms goes with time.

    Arguments as for ``hazard_ratio``; ``alpha`` is the p-value below which a change is seen.
    """
    test = proportional_hazards(time, event, second, entry, begin, until)
    middle, before = test.times[(len(test.times) - 1) // 2], test.times[test.times < test.times[-1]]
    split = float(min(middle, before[-1]))
    early = hazard_ratio(time, event, second, entry, begin=begin, until=split, level=level)
    late = hazard_ratio(time, event, second, entry, begin=split, until=until, level=level)
    p = float(test.p[0])
    return Proportionality(
        _course(early, late) if p < alpha else "no_change_seen",
        p,
        float(test.statistic[0]),
        float(test.correlation[0]),
        split,
        early.ratio,
        late.ratio,
        early.begin,
        late.until,
    )


def _course(early: HazardRatio, late: HazardRatio) -> Course:
    if early.log_ratio * late.log_ratio < 0:
        return "reverses"
    return "fades" if abs(late.log_ratio) < abs(early.log_ratio) else "grows"


def _fitted(deaths: Deaths, seen: FollowUp, values: FloatArray) -> tuple[Likelihood, FloatArray]:
    start = likelihood(deaths, seen, values, np.zeros(values.shape[1]))
    found, coefficients, settled = climb(deaths, seen, values, start)
    if not settled:
        raise UsageError("a coefficient grows without end: no change with time can be seen")
    return found, coefficients


def _along(deaths: Deaths, seen: FollowUp, scale: Scale) -> FloatArray:
    """Return the scaled time of each death, less the mean [death]."""
    if scale not in get_args(Scale):
        raise UsageError(f"scale = {scale!r} is not one of: {', '.join(get_args(Scale))}")
    if len(deaths.times) < 2:
        raise UsageError("events at one time only cannot show a change")
    if scale == "survival":
        row = 1 - np.concatenate(([1.0], curve_of(seen).survival[:-1]))
    elif scale == "time":
        row = deaths.times
    elif deaths.times[0] > 0:
        row = np.log(deaths.times)
    else:
        raise UsageError(f"an event at {deaths.times[0]:g} has no logarithm of time")
    each = row[deaths.step]
    return np.asarray(each - each.mean(), np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class _Parts:
    """Score and information of coefficients that change along a scale of time."""

    score: FloatArray
    plain: FloatArray
    mixed: FloatArray
    along: FloatArray

    @classmethod
    def of(cls, found: Likelihood, along: FloatArray, each: FloatArray) -> "_Parts":
        mixed, square = (np.tensordot(row, found.spread, 1) for row in (along, along**2))
        return cls(along @ each, found.information, mixed, square)

    def statistic(self, which: list[int]) -> float:
        """Return the chi-squared of some covariates changing."""
        inverse = np.linalg.inv(self.plain)
        left = self.along - self.mixed @ inverse @ self.mixed
        score = self.score[which]
        return float(score @ np.linalg.solve(left[np.ix_(which, which)], score))


def _correlation(along: FloatArray, residuals: FloatArray) -> FloatArray:
    centred = residuals - residuals.mean(axis=0)
    length = np.sqrt(np.sum(along**2) * np.sum(centred**2, axis=0))
    return np.asarray(along @ centred / np.where(length > 0, length, np.nan), np.float64)
