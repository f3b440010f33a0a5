"""Three ways to see a gain where there is none, each done wrong beside right.

Nobody is treated. An imaginary treatment that does nothing is given to some people: by the toss
of a coin, or after a wait that has nothing to do with their disease. So the truth is known: no
gain. The wrong way of counting shows one all the same; the right way does not.

Sources: Galton 1886 (Journal of the Anthropological Institute of Great Britain and Ireland) for
regression to the mean; Cho et al. 2017 (BMC Med Res Methodol 17:126) for immortal time, the
landmark and treatment that varies in time.
"""

from dataclasses import dataclass

import numpy as np

from alssim.errors import UsageError
from alssim.randomness import exponentials, uniforms, words
from alssim.statistics.contrasts import contrast, mean_over_patients, over_patients
from alssim.statistics.followup import BoolArray, FloatArray, IntArray
from alssim.statistics.means import restricted_mean_difference
from alssim.statistics.survival import Estimate, kaplan_meier
from alssim.statistics.two_arms import hazard_ratio
from alssim.studies.watching import Watched, check_span, first_visit, months_of_moment

LEVEL = 0.95
FEWEST = 4  # people in a group that is spoken of


@dataclass(frozen=True, slots=True)
class WrongAndRight:
    """An apparent gain of a treatment that does nothing, counted wrong and counted right.

    ``nothing`` is the true value: 0, or 1 for a ratio. Intervals of 95 %.
    """

    unit: str
    nothing: float
    wrong: Estimate
    right: Estimate

    @property
    def error(self) -> float:
        """How far the wrong way is from the truth, in the unit."""
        return self.wrong.value - self.nothing


@dataclass(frozen=True, slots=True)
class RegressionToTheMean:
    """People chosen for a steep recent decline, and their next decline, in points a month.

    Wrong: their next slope minus their recent one. Right: of the same chosen people, the next
    slope of those for whom a coin fell on one side, minus that of the others.
    """

    people: int
    chosen: int
    all_before: float
    all_after: float
    chosen_before: float
    chosen_after: float
    gain: WrongAndRight


@dataclass(frozen=True, slots=True)
class ImmortalTime:
    """A treatment that begins after a wait, counted from the moment itself.

    Wrong: whoever began it against whoever never did, both followed from the moment; to begin,
    one had to live so long. Right in months: a landmark; those who had begun by then against
    those who had not, followed from there. Right as a ratio: each person's time counts as
    treated only from the start on (left truncation).

    ``people``, ``treated``: how many, and how many lived to begin; ``until``: months over which
    months of life are counted; ``landmark``: its month.
    """

    people: int
    treated: int
    until: float
    landmark: float
    months: WrongAndRight
    ratio: WrongAndRight


@dataclass(frozen=True, slots=True)
class Survivorship:
    """Only those who are alive at the follow-up answer; decline in points a month.

    Wrong: the decline of those who answer, against what is known of everybody. Right: everybody
    counts, up to the last visit; those for whom a coin fell on one side against the others.
    """

    people: int
    answer: int
    all_slope: float
    answer_slope: float
    gain: WrongAndRight


def regression_to_the_mean(
    people: Watched,
    moment: str = "diagnosis",
    before: int = 3,
    after: int = 3,
    steepest: float = 0.25,
    seed: int = 1,
) -> RegressionToTheMean:
    """Choose people for a steep decline before a moment and follow them after it.

    ``steepest``: the share that is chosen, 0-1. Only those who are seen at all three visits
    count. Raises ``UsageError`` for values out of range and for too few people.
    """
    check_span("before", before)
    check_span("after", after)
    if not 0 < steepest <= 1:
        raise UsageError(f"steepest = {steepest:g}; allowed: above 0, at most 1")
    first = first_visit(people, moment)
    who = np.flatnonzero((first >= before) & (first + after <= people.last_month))
    who = who[people.alive[who, first[who] + after]]
    _check_people(len(who), moment)
    recent = _slope(people, who, first[who] - before, first[who])
    following = _slope(people, who, first[who], first[who] + after)
    chosen = recent <= np.quantile(recent, steepest)
    _check_people(int(chosen.sum()), moment)
    change = (following - recent)[chosen]
    coin = _coin(people, who[chosen], seed)
    wrong = mean_over_patients(change, LEVEL)
    right = _difference(following[chosen], coin)
    return RegressionToTheMean(
        people=len(who),
        chosen=int(chosen.sum()),
        all_before=float(recent.mean()),
        all_after=float(following.mean()),
        chosen_before=float(recent[chosen].mean()),
        chosen_after=float(following[chosen].mean()),
        gain=WrongAndRight("points a month", 0.0, wrong, right),
    )


def immortal_time(
    people: Watched,
    moment: str = "diagnosis",
    wait: float = 12.0,
    landmark: float = 6.0,
    until: float = 60.0,
    seed: int = 1,
) -> ImmortalTime:
    """Give everybody a treatment without effect, after a wait that depends on nothing.

    Waits are exponential with a mean of ``wait`` months; ``until``: months of life are counted
    up to so many months after the moment. Raises ``UsageError`` for values out of range and for
    too few people.
    """
    if not (wait > 0 and 0 < landmark < until):
        raise UsageError("wait must be above 0, and landmark between 0 and until")
    origin = months_of_moment(people, moment)
    end = np.fmin(people.months("death"), people.horizon)
    who = np.flatnonzero(end - origin > 0)  # false for not-a-number
    _check_people(len(who), moment)
    time = (end - origin)[who]
    died = np.isfinite(people.months("death"))[who]
    raw = words(seed, people.number[who], "anecdote wait", 1)
    start = wait * exponentials(raw)[:, 0]
    treated = start < time
    return ImmortalTime(
        people=len(who),
        treated=int(treated.sum()),
        until=until,
        landmark=landmark,
        months=WrongAndRight(
            "months",
            0.0,
            wrong=_mean_gain(time, died, treated, until, moment),
            right=_landmark_gain(time, died, start, landmark, until, moment),
        ),
        ratio=WrongAndRight(
            "hazard ratio",
            1.0,
            wrong=hazard_ratio(time, died, treated, level=LEVEL).ratio,
            right=_truncated_ratio(time, died, start),
        ),
    )


def survivorship(
    people: Watched, moment: str = "diagnosis", after: int = 12, seed: int = 1
) -> Survivorship:
    """Ask those who are alive some months after a moment how fast they declined.

    Only people with at least two visits count. Raises ``UsageError`` for too few people.
    """
    check_span("after", after)
    first = first_visit(people, moment)
    who = np.flatnonzero((first >= 0) & (first + after <= people.horizon))
    last = _last_visit(people, who, first[who] + after)
    who, last = who[last > first[who]], last[last > first[who]]
    _check_people(len(who), moment)
    slope = _slope(people, who, first[who], last)
    answer = last == first[who] + after
    _check_people(int(answer.sum()), moment)
    gain = float(slope[answer].mean() - slope.mean())
    each = answer * (slope - slope[answer].mean()) / answer.mean() - (slope - slope.mean())
    return Survivorship(
        people=len(who),
        answer=int(answer.sum()),
        all_slope=float(slope.mean()),
        answer_slope=float(slope[answer].mean()),
        gain=WrongAndRight(
            "points a month",
            0.0,
            wrong=over_patients(gain, each, LEVEL),
            right=_difference(slope, _coin(people, who, seed)),
        ),
    )


def _slope(people: Watched, who: IntArray, start: IntArray, end: IntArray) -> FloatArray:
    """Return the monthly change of the total between two visits [member]."""
    total = people.total
    return np.asarray((total[who, end] - total[who, start]) / (end - start), np.float64)


def _last_visit(people: Watched, who: IntArray, latest: IntArray) -> IntArray:
    """Return the last visit while alive, at most at ``latest`` [member]."""
    lived = people.alive[who].sum(axis=1) - 1
    return np.asarray(np.minimum(lived, latest), np.int64)


def _coin(people: Watched, who: IntArray, seed: int) -> BoolArray:
    """Toss a coin for each person; at least one falls on either side."""
    side = uniforms(words(seed, people.number[who], "anecdote coin", 1))[:, 0]
    return np.asarray(side < np.median(side), np.bool_)


def _difference(values: FloatArray, treated: BoolArray) -> Estimate:
    """Return the mean of the treated minus that of the others, with its interval."""
    groups = values[treated], values[~treated]
    error = np.sqrt(sum(float(np.var(group, ddof=1)) / len(group) for group in groups))
    found = contrast(float(groups[0].mean() - groups[1].mean()), float(error), LEVEL)
    return Estimate(found.value, found.low, found.high)


def _mean_gain(
    time: FloatArray, died: BoolArray, treated: BoolArray, until: float, moment: str
) -> Estimate:
    """Return the mean months of life of the treated minus that of the others."""
    for group in (treated, ~treated):
        _check_people(int(group.sum()), moment)
    curves = [kaplan_meier(time[group], died[group]) for group in (~treated, treated)]
    reach = min([until, *(curve.last for curve in curves if curve.survival[-1:].sum() > 0)])
    found = restricted_mean_difference(curves[0], curves[1], reach, LEVEL)
    return Estimate(found.value, found.low, found.high)


def _landmark_gain(
    time: FloatArray,
    died: BoolArray,
    start: FloatArray,
    landmark: float,
    until: float,
    moment: str,
) -> Estimate:
    """Compare by what had begun at the landmark, among those alive then, from there on."""
    there = time > landmark
    left = time[there] - landmark
    return _mean_gain(left, died[there], start[there] <= landmark, until - landmark, moment)


def _truncated_ratio(time: FloatArray, died: BoolArray, start: FloatArray) -> Estimate:
    """Compare time after the start with time before it, of the same people."""
    begun = start < time
    before = np.minimum(start, time)
    return hazard_ratio(
        np.concatenate([before, time[begun]]),
        np.concatenate([died & ~begun, died[begun]]),
        np.concatenate([np.zeros(len(time), bool), np.ones(int(begun.sum()), bool)]),
        entry=np.concatenate([np.zeros(len(time)), start[begun]]),
        level=LEVEL,
    ).ratio


def _check_people(count: int, moment: str) -> None:
    if count < FEWEST:
        raise UsageError(
            f"only {count} people can be compared at {moment}; simulate more, or choose another "
            "moment"
        )
