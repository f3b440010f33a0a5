"""Joint rank of function and survival (CAFS, the combined assessment of function and survival).

Each patient is compared with every other. If one is known to have outlived the other, the longer
life wins; otherwise the smaller loss of score since the first visit, at the last visit both have.
Wins minus losses are ranked over both arms, and the mean ranks are compared.

Source: Berry et al. 2013 (Amyotroph Lateral Scler Frontotemporal Degener 14:162), after
Finkelstein and Schoenfeld 1999 (Stat Med 18). Mean ranks are compared by least squares (analysis
of covariance), and by Wilcoxon's rank sum test. The win share is the Mann-Whitney effect, with
DeLong's variance on the logit scale (Pohar Perme and Manevski 2018, Stat Methods Med Res).

Comparing at the last common visit puts patients who drop out early against others at a time when
little had happened, which can shift ranks (ALS/SURV paper, 2019, 10.1080/21678421.2019.1643375).
"""

from dataclasses import dataclass
from math import comb

import numpy as np
from numpy.typing import ArrayLike

from alssim.errors import UsageError
from alssim.statistics.ancova import ArmDifference, compare_outcome
from alssim.statistics.effect import Effect, effect
from alssim.statistics.followup import BoolArray, FloatArray, IntArray, freeze
from alssim.statistics.proportions import share

BLOCK = 2**20  # pairs compared in one go


@dataclass(frozen=True, slots=True, eq=False)
class JointRank:
    """The joint rank of each patient.

    balance [patient]  comparisons won less comparisons lost, among all other patients
    rank    [patient]  rank of the balance, 1 = worst; ties share their mean rank
    """

    balance: IntArray
    rank: FloatArray

    def __post_init__(self) -> None:
        freeze(self)


@dataclass(frozen=True, slots=True, eq=False)
class JointRankComparison:
    """Joint ranks of two arms.

    joint_rank       of every patient
    ranks            mean rank of each arm and treated minus untreated, by analysis of covariance
    wilcoxon         p of the rank sum test of the ranks
    win_share        share of the pairs of a treated and an untreated patient that the treated
                     one wins, ties counted half, tested against one half
    wins, ties, losses   these pairs, as the treated patient sees them
    """

    joint_rank: JointRank
    ranks: ArmDifference
    wilcoxon: float
    win_share: Effect
    wins: int
    ties: int
    losses: int


@dataclass(frozen=True, slots=True, eq=False)
class _Course:
    """What is compared.

    change [patient, visit]  score less first score; not-a-number where there is no score
    ended  [patient]         time of death, of the last contact or of the horizon
    died   [patient]         whether death came by the horizon
    """

    change: FloatArray
    ended: FloatArray
    died: BoolArray


def joint_rank(
    scores: ArrayLike, times: ArrayLike, ended: ArrayLike, died: ArrayLike, horizon: float
) -> JointRank:
    """Rank patients by survival and change of score up to a horizon.

    Parameters
    ----------
    scores : [patient, visit], more is better; not-a-number where there is none
    times : [visit], ascending; the first is the baseline, which everybody has
    ended : [patient], time of death or of the last contact, counted as ``times``
    died : [patient], true where ``ended`` is the time of death
    horizon : time at which patients are compared; what comes later does not count

    Who is last seen alive at the very time another dies has outlived the other. Two deaths at
    the same time are a tie.

    Raises ``UsageError`` for shapes that do not fit, a missing first score, scores after death,
    and a horizon before the first visit.
    """
    course = _read(scores, times, ended, died, horizon)
    everybody = np.ones(len(course.ended), dtype=bool)
    return _ranked(_balance(course, everybody)[0])


def compare_joint_rank(
    scores: ArrayLike,
    times: ArrayLike,
    ended: ArrayLike,
    died: ArrayLike,
    treated: ArrayLike,
    horizon: float,
    covariates: ArrayLike | None = None,
    level: float = 0.95,
) -> JointRankComparison:
    """Compare the joint ranks of two arms.

    ``treated`` is [patient], ``covariates`` [patient, column], for the analysis of covariance;
    the other arguments are those of ``joint_rank``.
    """
    course = _read(scores, times, ended, died, horizon)
    arm = np.asarray(treated).astype(bool)
    if arm.shape != course.ended.shape or arm.all() or not arm.any():
        raise UsageError("treated must be true or false for each patient, and both must occur")
    with_treated, with_others, decided = _against(course, arm)
    ranks = _ranked(with_treated + with_others)
    margin = int(with_others[arm].sum())
    wins, losses = (decided + margin) // 2, (decided - margin) // 2
    pairs = int(arm.sum()) * int((~arm).sum())
    return JointRankComparison(
        ranks,
        compare_outcome(ranks.rank, arm, covariates, level),
        rank_sum_test(ranks.rank, arm),
        _win_share(with_others[arm], with_treated[~arm], level),
        wins,
        pairs - decided,
        losses,
    )


def rank_sum_test(rank: ArrayLike, treated: ArrayLike) -> float:
    """Return the two-sided p of Wilcoxon's rank sum test, by its normal approximation.

    ``rank`` [patient] are mean ranks; their ties are allowed for, and there is no continuity
    correction. 1 where all ranks are the same.
    """
    value, arm = np.asarray(rank, np.float64), np.asarray(treated).astype(bool)
    rest, count = value - value.mean(), len(value)
    share_treated = arm.sum() / count
    variance = np.sum(rest**2) * share_treated * (1 - share_treated) * count / (count - 1)
    return float(effect(rest[arm].sum(), np.sqrt(variance)).p)


def _read(
    scores: ArrayLike, times: ArrayLike, ended: ArrayLike, died: ArrayLike, horizon: float
) -> _Course:
    value, when = np.asarray(scores, np.float64), np.asarray(times, np.float64)
    end, dead = np.asarray(ended, np.float64), np.asarray(died).astype(bool)
    _check(value, when, end, dead, horizon)
    known = when <= horizon
    change = value[:, known] - value[:, :1]
    return _Course(change, np.minimum(end, horizon), dead & (end <= horizon))


def _check(
    value: FloatArray, when: FloatArray, end: FloatArray, dead: BoolArray, horizon: float
) -> None:
    if value.ndim != 2 or when.shape != value.shape[1:]:
        raise UsageError(f"scores has shape {value.shape}, times {when.shape}: [patient, visit]")
    for name, row in (("ended", end), ("died", dead)):
        if row.shape != value.shape[:1]:
            raise UsageError(f"{name} has shape {row.shape}, expected {value.shape[:1]}")
    if not np.isfinite(end).all() or np.isinf(value).any() or not np.isfinite(when).all():
        raise UsageError("scores and times must be finite numbers; NaN = no score")
    if (np.diff(when) <= 0).any() or not horizon >= when[0]:
        raise UsageError(f"times must ascend and start by the horizon, {horizon:g}")
    if (bad := np.flatnonzero(np.isnan(value[:, 0]))).size:
        raise UsageError(f"patient {bad[0]} has no score at the first visit")
    late = dead[:, None] & (when > end[:, None]) & ~np.isnan(value)
    if (bad := np.flatnonzero(late.any(axis=1))).size:
        raise UsageError(f"patient {bad[0]} has a score after death at {end[bad[0]]:g}")


def _ranked(balance: IntArray) -> JointRank:
    _, place, size = np.unique(balance, return_inverse=True, return_counts=True)
    last = np.cumsum(size)
    return JointRank(balance, (last - (size - 1) / 2)[place])


def _against(course: _Course, arm: BoolArray) -> tuple[IntArray, IntArray, int]:
    """Return wins less losses against the treated and the others [patient], and decided pairs."""
    with_treated, decided = _balance(course, arm)
    with_others, _ = _balance(course, ~arm)
    return with_treated, with_others, int(decided[~arm].sum())


def _balance(course: _Course, among: BoolArray) -> tuple[IntArray, IntArray]:
    """Return wins less losses of every patient against some, and comparisons not tied."""
    place = _total_order(course)
    if place is None:
        return _balance_by_pairs(course, among)
    others = np.sort(place[among])
    below = np.searchsorted(others, place, side="left")
    above = len(others) - np.searchsorted(others, place, side="right")
    return (below - above).astype(np.int64), (below + above).astype(np.int64)


def _total_order(course: _Course) -> IntArray | None:
    """Return a number per patient that orders all of them, or None where there is no such.

    There is one if every survivor has the last score and outlived every death: no pair is then
    compared at any other visit.
    """
    alive, dead = ~course.died, course.died
    last = course.change[alive, -1]
    if np.isnan(last).any() or (
        alive.any() and dead.any() and course.ended[alive].min() < course.ended[dead].max()
    ):
        return None
    place = np.empty(len(alive), dtype=np.int64)
    _, place[dead] = np.unique(course.ended[dead], return_inverse=True)
    _, above = np.unique(last, return_inverse=True)
    place[alive] = above + len(alive)
    return np.asarray(place)


def _balance_by_pairs(course: _Course, among: BoolArray) -> tuple[IntArray, IntArray]:
    """As ``_balance``, by comparing every patient with every other, some at a time."""
    count = len(among)
    won, decided = np.empty(count, np.int64), np.empty(count, np.int64)
    rows = max(1, BLOCK // max(int(among.sum()), 1))
    for start in range(0, count, rows):
        some = slice(start, start + rows)
        result = _compare(course, some, among)
        won[some] = result.sum(axis=1)
        decided[some] = np.abs(result).sum(axis=1)
    return won, decided


def _compare(course: _Course, some: slice, among: BoolArray) -> IntArray:
    """Return 1 for a win of the row's patient, -1 for a loss, 0 for a tie [some, among]."""
    end, dead = course.ended[some, None], course.died[some, None]
    their_end, their_death = course.ended[among], course.died[among]
    outlived = their_death & ((end > their_end) | ((end == their_end) & ~dead))
    survived = dead & ((their_end > end) | ((their_end == end) & ~their_death))
    result: IntArray = outlived.astype(np.int64) - survived
    open_ = ~(outlived | survived | (dead & their_death))
    for visit in range(course.change.shape[1] - 1, 0, -1):
        if not open_.any():
            break
        mine, theirs = course.change[some, visit, None], course.change[among, visit]
        both = open_ & ~np.isnan(mine) & ~np.isnan(theirs)
        result += np.where(both, np.sign(mine - theirs), 0).astype(np.int64)
        open_ &= ~both
    return result


def _win_share(treated: IntArray, others: IntArray, level: float) -> Effect:
    """Return the win share from wins less losses of each arm against the other.

    If every pair is won, or every pair lost, its variance is unknown: the interval is then
    Wilson's for the smaller arm, and p that of so clear a split of all patients by chance.
    """
    here, there = len(treated), len(others)
    value = (1 + treated.sum() / (here * there)) / 2
    error = np.sqrt(_mean_variance(treated / there / 2) + _mean_variance(others / here / 2))
    if value in (0.0, 1.0):
        smaller = min(here, there)
        bound = share(value * smaller, smaller, level)
        limits, p = (bound.low, bound.high), min(1.0, 2 / comb(here + there, here))
    else:
        odds = effect(np.log(value / (1 - value)), error / (value * (1 - value)), level=level)
        limits, p = (1 / (1 + np.exp(-odds.low)), 1 / (1 + np.exp(-odds.high))), float(odds.p)
    numbers = (value, error, np.inf, *limits, p)
    return Effect(*(np.asarray(number, np.float64) for number in numbers))


def _mean_variance(values: FloatArray) -> float:
    """Return the variance of a mean; the largest possible for one value between 0 and 1."""
    return float(np.var(values, ddof=1) / len(values)) if len(values) > 1 else 0.25
