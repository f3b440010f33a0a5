"""Gains of nothing: worked examples, and the right ways of counting find none."""

import numpy as np
import pytest
from tests.studies.watched_people import NEVER, people_of

from alssim.errors import UsageError
from alssim.parameters import load_scenario
from alssim.statistics.survival import Estimate
from alssim.studies.biases import immortal_time, regression_to_the_mean, survivorship
from alssim.studies.watching import Watched, watch

SEEDS = range(1, 41)
ALARM = 5.0  # standard errors of a mean over seeds: beyond once in 1.7 million


@pytest.fixture(scope="module")
def cohort() -> Watched:
    return watch(load_scenario("reference", {"patients": 800, "horizon": 200}).record)


def error_of(found: Estimate) -> float:
    return (found.high - found.low) / (2 * 1.96)


def falling(slopes: list[float], months: int = 13, deaths: list[float] | None = None) -> Watched:
    scores = [[round(48 - slope * month) for month in range(months)] for slope in slopes]
    return people_of(scores, deaths=deaths)


def test_a_steady_decline_does_not_regress() -> None:
    found = regression_to_the_mean(falling([1, 1, 2, 2, 3, 3] * 2), "month:6", steepest=0.25)
    assert found.chosen == 4 and found.people == 12
    assert found.chosen_before == found.chosen_after == -3
    assert found.gain.wrong.value == found.gain.right.value == found.gain.error == 0
    assert found.all_before == found.all_after == -2


def test_one_bad_visit_looks_like_a_later_gain() -> None:
    """Everybody loses 1 a month; four of twelve have a visit rated 3 too low."""
    scores = np.array([[48 - month for month in range(13)]] * 12)
    scores[:4, 6] -= 3
    found = regression_to_the_mean(people_of(scores), "month:6", before=3, after=3)
    assert (found.chosen, found.chosen_before, found.chosen_after) == (4, -2, 0)
    assert found.gain.wrong.value == found.gain.error == 2
    assert found.gain.right.value == 0


def test_only_the_slow_answer() -> None:
    deaths = [NEVER] * 4 + [8.5] * 4
    found = survivorship(falling([1] * 4 + [3] * 4, deaths=deaths), "month:0", after=12)
    assert (found.people, found.answer) == (8, 4)
    assert (found.all_slope, found.answer_slope) == (-2, -1)
    assert found.gain.wrong.value == found.gain.error == 1


def test_the_dead_of_the_first_month_have_no_slope() -> None:
    people = falling([1] * 5 + [3], deaths=[NEVER] * 5 + [0.5])
    assert survivorship(people, "month:0", after=12).people == 5


def test_waiting_to_be_treated_is_living_so_long() -> None:
    """Deaths are spread evenly: the treated live longer although nothing acts."""
    count = 200
    deaths = np.linspace(1, 60, count).tolist()
    people = people_of(np.full((count, 90), 40), deaths=deaths)
    found = immortal_time(people, "month:0", wait=12, landmark=6, until=60)
    assert found.people == count and 0 < found.treated < count
    assert found.months.wrong.low > 0 and found.ratio.wrong.high < 1


def test_the_wrong_ways_find_a_gain(cohort: Watched) -> None:
    """Each interval of 95 % is far from no gain."""
    steep = regression_to_the_mean(cohort)
    assert steep.chosen_before < steep.all_before and steep.gain.wrong.low > 0
    waiting = immortal_time(cohort)
    assert waiting.months.wrong.low > 1 and waiting.ratio.wrong.high < 0.8
    assert waiting.ratio.error < 0 < waiting.months.error
    asked = survivorship(cohort)
    assert asked.gain.wrong.low > 0 and asked.answer < asked.people


def test_the_right_ways_are_unbiased(cohort: Watched) -> None:
    """Over 40 tosses and waits the mean of each right gain is 0, within 5 standard errors.

    The error is that of one cohort divided by the root of 40: tosses are independent.
    """
    coins = [regression_to_the_mean(cohort, seed=seed).gain.right for seed in SEEDS]
    asked = [survivorship(cohort, seed=seed).gain.right for seed in SEEDS]
    waits = [immortal_time(cohort, seed=seed) for seed in SEEDS]
    logs = [
        Estimate(*np.log([w.ratio.right.value, w.ratio.right.low, w.ratio.right.high]))
        for w in waits
    ]
    for found in (coins, asked, [w.months.right for w in waits], logs):
        mean = np.mean([one.value for one in found])
        error = np.mean([error_of(one) for one in found]) / np.sqrt(len(found))
        assert abs(mean) < ALARM * error


def test_intervals_of_the_right_ways_hold(cohort: Watched) -> None:
    """Of 40 intervals of 95 %, fewer than 29 hold nothing once in 3 million."""
    for work in (regression_to_the_mean, survivorship):
        found = [work(cohort, seed=seed).gain.right for seed in SEEDS]  # type: ignore[operator]
        assert sum(one.low <= 0 <= one.high for one in found) >= 29


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda p: regression_to_the_mean(p, steepest=0), "steepest = 0; allowed: above 0"),
        (lambda p: regression_to_the_mean(p, before=0), "before = 0; allowed: 1"),
        (lambda p: immortal_time(p, wait=0), "wait must be above 0"),
        (lambda p: immortal_time(p, landmark=70), "landmark between 0 and until"),
        (lambda p: survivorship(p, "docs_4"), "only 0 people can be compared at docs_4"),
        (lambda p: immortal_time(p, "docs_4"), "only 0 people"),
        (lambda p: regression_to_the_mean(p, "docs_4"), "only 0 people"),
    ],
)
def test_what_is_wrong_is_told(call, told: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(UsageError, match=told):
        call(falling([1.0] * 8))
