"""Survival curves: published tables, laws, and how often intervals hold."""

import time as clock

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats
from tests.statistics.samples import PLACEBO, SIX_MP

from alssim.errors import UsageError
from alssim.statistics.survival import (
    SurvivalCurve,
    influence,
    interval_at,
    kaplan_meier,
    median,
    numbers_at_risk,
    quantile,
    restricted_mean,
    survival_at,
)

TREATED, RELAPSED = SIX_MP, [True] * 9 + [False] * 12

# time, at risk, events, survival, lower and upper 95 % limit on the log(-log) scale, as printed in
# survival text books for these data (survival and risk sets: Kleinbaum and Klein, Survival
# Analysis, 2012, ch. 2).
TREATED_TABLE = [
    (6, 21, 3, 0.8571, 0.6197, 0.9516),
    (7, 17, 1, 0.8067, 0.5631, 0.9228),
    (10, 15, 1, 0.7529, 0.5032, 0.8894),
    (13, 12, 1, 0.6902, 0.4316, 0.8491),
    (16, 11, 1, 0.6275, 0.3675, 0.8049),
    (22, 7, 1, 0.5378, 0.2678, 0.7468),
    (23, 6, 1, 0.4482, 0.1881, 0.6801),
]


def leukaemia() -> SurvivalCurve:
    return kaplan_meier(TREATED, RELAPSED)


def test_published_table() -> None:
    curve = leukaemia()
    rows = zip(
        curve.times,
        curve.at_risk,
        curve.events,
        curve.survival,
        curve.lower,
        curve.upper,
        strict=True,
    )
    assert [tuple(round(float(value), 4) for value in row) for row in rows] == TREATED_TABLE
    assert (curve.patients, curve.last, curve.level) == (21, 35, 0.95)


def test_published_medians() -> None:
    assert median(leukaemia()).value == 23
    assert median(leukaemia()).low == 13
    assert np.isnan(median(leukaemia()).high)
    assert median(kaplan_meier(PLACEBO, [True] * 21)).value == 8


def test_hand_worked_left_truncation() -> None:
    # at 3: one of two present dies; at 5: one of two; at 7 the last one
    curve = kaplan_meier([3, 5, 6, 7], [True, True, False, True], entry=[0, 1, 3, 5])
    assert curve.times.tolist() == [3, 5, 7]
    assert curve.at_risk.tolist() == [2, 2, 1]
    assert curve.survival.tolist() == [0.5, 0.25, 0.0]


def test_who_is_censored_at_a_death_still_counts_for_it() -> None:
    curve = kaplan_meier([4, 4, 9], [True, False, False])
    assert curve.at_risk.tolist() == [3]
    assert curve.survival.tolist() == pytest.approx([2 / 3], abs=1e-15)


def test_who_enters_at_a_death_does_not_count_for_it() -> None:
    curve = kaplan_meier([4, 9], [True, True], entry=[0, 4])
    assert curve.at_risk.tolist() == [1, 1]


def test_nobody_dies() -> None:
    curve = kaplan_meier([3, 5], [False, False])
    assert len(curve.times) == 0
    assert survival_at(curve, [0, 5]).tolist() == [1, 1]
    assert np.isnan(survival_at(curve, 6))
    assert np.isnan([median(curve).value, median(curve).low, median(curve).high]).all()
    assert restricted_mean(curve, 4) == 4


def test_everybody_dies_at_once() -> None:
    curve = kaplan_meier([2, 2], [True, True])
    assert (curve.survival.tolist(), curve.lower.tolist(), curve.upper.tolist()) == ([0], [0], [1])
    assert survival_at(curve, 1000) == 0
    assert median(curve).value == 2


def test_reading_the_curve() -> None:
    assert survival_at(leukaemia(), [0, 5.9, 6, 22.5]).round(4).tolist() == [1, 1, 0.8571, 0.5378]
    lower, upper = interval_at(leukaemia(), [5, 6])
    assert lower.round(4).tolist() == [1, 0.6197]
    assert upper.round(4).tolist() == [1, 0.9516]
    assert np.isnan(survival_at(leukaemia(), 35.1))
    assert survival_at(leukaemia(), np.zeros((2, 3))).shape == (2, 3)


def test_quartiles() -> None:
    curve = kaplan_meier(np.arange(1, 101), np.ones(100))
    assert [quantile(curve, share).value for share in (0.1, 0.25, 0.5, 0.9)] == [10, 25, 50, 90]


def test_numbers_at_risk() -> None:
    assert numbers_at_risk(TREATED, [0, 6, 6.1, 10, 35, 36]).tolist() == [21, 21, 17, 15, 1, 0]
    assert numbers_at_risk([3, 5], [0, 2, 4], entry=[0, 2]).tolist() == [1, 2, 1]


def test_restricted_mean() -> None:
    curve = kaplan_meier([1, 2, 3, 4], [True] * 4)
    assert restricted_mean(curve, 4) == pytest.approx(2.5, abs=1e-12)
    assert restricted_mean(curve, 2.5) == pytest.approx((1 + 2 + 2.5 + 2.5) / 4, abs=1e-12)
    assert restricted_mean(curve, 100) == pytest.approx(2.5, abs=1e-12)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([], []), "at least one patient"),
        (([[1.0]], [[True]]), "at least one patient"),
        (([1, 2], [True]), "event has shape"),
        (([1, 2], [True, True], [0]), "entry has shape"),
        (([1, np.nan], [True, True]), r"time\[1\] = nan"),
        (([1, np.inf], [True, True]), r"time\[1\] = inf"),
        (([1, 2], [True, True], [0, 2]), r"entry\[1\] = 2 is not before 2"),
        (([1, 2], [True, True], [0, np.nan]), r"entry\[1\] = nan is not before 2"),
        (([1], [True], None, 1.0), "level = 1 is not between"),
    ],
)
def test_wrong_use(arguments: tuple[object, ...], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        kaplan_meier(*arguments)  # type: ignore[arg-type]


def test_wrong_questions() -> None:
    with pytest.raises(UsageError, match="share = 1 "):
        quantile(leukaemia(), 1)
    with pytest.raises(UsageError, match="horizon = 36 is beyond the follow-up of 35"):
        restricted_mean(leukaemia(), 36)
    with pytest.raises(UsageError, match="horizon = 0 "):
        restricted_mean(leukaemia(), 0)


def test_curves_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        leukaemia().survival[0] = 1


# ------------------------------------------------------------------------------------- laws

months = st.integers(1, 60).map(float)  # whole months: many ties
cohorts = st.lists(st.tuples(months, st.booleans()), min_size=1, max_size=40)


def curve_of(cohort: list[tuple[float, bool]]) -> SurvivalCurve:
    time, event = zip(*cohort, strict=True)
    return kaplan_meier(time, event)


@settings(deadline=None, derandomize=True)
@given(cohort=cohorts)
def test_curve_falls_within_its_interval(cohort: list[tuple[float, bool]]) -> None:
    curve = curve_of(cohort)
    steps = np.concatenate(([1.0], curve.survival))
    assert (np.diff(steps) <= 0).all()
    assert ((curve.survival >= 0) & (curve.survival <= 1)).all()
    assert ((curve.lower <= curve.survival) & (curve.survival <= curve.upper)).all()
    assert ((curve.lower >= 0) & (curve.upper <= 1)).all()
    assert (np.diff(curve.at_risk) < 0).all()


@settings(deadline=None, derandomize=True)
@given(cohort=cohorts, power=st.integers(-8, 8))
def test_units_do_not_matter(cohort: list[tuple[float, bool]], power: int) -> None:
    scale = 2.0**power  # exact
    curve = curve_of(cohort)
    scaled = curve_of([(time * scale, event) for time, event in cohort])
    assert (scaled.times == curve.times * scale).all()
    assert (scaled.survival == curve.survival).all()
    assert (scaled.lower == curve.lower).all()


@settings(deadline=None, derandomize=True)
@given(cohort=cohorts)
def test_order_does_not_matter(cohort: list[tuple[float, bool]]) -> None:
    curve, turned = curve_of(cohort), curve_of(cohort[::-1])
    assert (curve.survival == turned.survival).all()
    assert (curve.upper == turned.upper).all()


@settings(deadline=None, derandomize=True)
@given(times=st.lists(months, min_size=1, max_size=60))
def test_without_censoring_it_is_the_share_still_alive(times: list[float]) -> None:
    time = np.array(times)
    grid = np.arange(0.0, 61.0)
    share = (time[:, None] > grid).mean(axis=0)
    curve = kaplan_meier(time, np.ones(len(time)))
    np.testing.assert_allclose(survival_at(curve, grid), share, atol=1e-13)
    assert restricted_mean(curve, 60) == pytest.approx(time.mean(), abs=1e-9)
    assert median(curve).value == np.quantile(time, 0.5, method="inverted_cdf")


@settings(deadline=None, derandomize=True)
@given(cohort=cohorts)
def test_entry_before_everything_changes_nothing(cohort: list[tuple[float, bool]]) -> None:
    time, event = zip(*cohort, strict=True)
    late = kaplan_meier(time, event, entry=np.zeros(len(time)))
    assert (late.at_risk == curve_of(cohort).at_risk).all()
    assert (late.survival == curve_of(cohort).survival).all()


@settings(deadline=None, derandomize=True)
@given(cohort=cohorts)
def test_numbers_at_risk_agree_with_the_curve(cohort: list[tuple[float, bool]]) -> None:
    curve = curve_of(cohort)
    time = [time for time, _ in cohort]
    assert (numbers_at_risk(time, curve.times) == curve.at_risk).all()


@settings(deadline=None, derandomize=True)
@given(cohort=cohorts, month=st.integers(0, 60))
def test_influence_without_censoring_is_the_share_itself(
    cohort: list[tuple[float, bool]], month: int
) -> None:
    time = np.array([time for time, _ in cohort])
    died = np.ones(len(time), dtype=bool)
    curve = kaplan_meier(time, died)
    expected = (time > month) - np.mean(time > month)
    np.testing.assert_allclose(influence(curve, time, died, month), expected, atol=1e-12)


@settings(deadline=None, derandomize=True)
@given(cohort=cohorts, month=months)
def test_influence_gives_greenwoods_variance(
    cohort: list[tuple[float, bool]], month: float
) -> None:
    time, event = (np.array(row) for row in zip(*cohort, strict=True))
    curve = kaplan_meier(time, event)
    steps = curve.times <= month
    died, risk = curve.events[steps], curve.at_risk[steps].astype(float)
    assume(steps.any() and (risk > died).all())
    survival = curve.survival[steps][-1]
    each = influence(curve, time, event, month)
    assert each.sum() == pytest.approx(0, abs=1e-9)
    greenwood = survival**2 * np.sum(died / (risk * (risk - died)))
    assert np.sum(each**2) / len(each) ** 2 == pytest.approx(greenwood, rel=1e-9)


# ---------------------------------------------------------------------- how often it is right


def assert_share_between(hits: int, trials: int, low: float, high: float, alarm: float) -> None:
    """Fail only if a share within low-high would look this odd less than once in 1 / alarm."""
    assert stats.binom.sf(hits - 1, trials, high) > alarm / 2, f"{hits} of {trials}: too many"
    assert stats.binom.cdf(hits, trials, low) > alarm / 2, f"{hits} of {trials}: too few"


def test_intervals_hold_the_truth_as_often_as_they_claim() -> None:
    trials, size, month = 2_000, 150, 30.0
    lives = stats.expon.rvs(scale=40, size=(trials, size), random_state=11)
    leaves = stats.uniform.rvs(scale=90, size=(trials, size), random_state=12)
    truth, half = np.exp(-month / 40), 40 * np.log(2)
    hits = medians = 0
    for life, leave in zip(lives, leaves, strict=True):
        curve = kaplan_meier(np.minimum(life, leave), life <= leave)
        lower, upper = interval_at(curve, month)
        hits += bool(lower <= truth <= upper)
        medians += bool(median(curve).low <= half <= median(curve).high)
    # the interval is approximate: 95 % within one point, for medians (in steps) within two
    assert_share_between(hits, trials, 0.94, 0.96, alarm=1e-6)
    assert_share_between(medians, trials, 0.93, 0.97, alarm=1e-6)


def test_late_entry_does_not_bias() -> None:
    life = stats.expon.rvs(scale=30, size=40_000, random_state=21)
    begin = stats.uniform.rvs(scale=20, size=40_000, random_state=22)
    seen = life > begin  # who dies before entering is never heard of
    curve = kaplan_meier(life[seen], np.ones(int(seen.sum())), entry=begin[seen])
    survival = float(survival_at(curve, 30))
    lower, upper = interval_at(curve, 30)
    error = (float(upper) - float(lower)) / (2 * stats.norm.ppf(0.975))
    assert abs(survival - np.exp(-1)) < stats.norm.isf(0.5e-6) * error  # alarm 1e-6


@pytest.mark.parametrize("patients", [100_000])
def test_a_hundred_thousand_patients_take_a_blink(patients: int) -> None:
    time = stats.expon.rvs(scale=30, size=(2, patients), random_state=3)
    event = time <= 60
    best = float("inf")
    for _ in range(3):
        start = clock.process_time()
        for arm in range(2):
            kaplan_meier(np.minimum(time[arm], 60), event[arm])
        best = min(best, clock.process_time() - start)
    assert best < 0.1
