"""Differences of means, medians and milestones: slow second ways and laws."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import optimize, stats
from tests.statistics.samples import (
    ON_PLACEBO,
    RELAPSED,
    WEEKS,
    at_risk,
    cohorts,
    seen,
    slow_mean,
    slow_survival,
    unpack,
)

from alssim.errors import UsageError
from alssim.statistics.contrasts import (
    mean_over_patients,
    over_patients,
    paired_shares,
    two_sided,
    upper_chi_squared,
)
from alssim.statistics.followup import FollowUp, follow_up
from alssim.statistics.means import (
    paired_restricted_mean_difference,
    restricted_mean_difference,
    restricted_mean_error,
    restricted_mean_estimate,
    restricted_mean_influence,
)
from alssim.statistics.medians import median_difference, paired_median_difference
from alssim.statistics.milestones import (
    milestone,
    paired_survival_difference,
    survival_difference,
)
from alssim.statistics.survival import Estimate, curve_of, influence, median, survival_at

Array = NDArray[np.float64]
Cohort = list[tuple[float, bool, int, int]]


def followed(cohort: Cohort, late: bool) -> FollowUp:
    time, event, entry, _ = unpack(cohort, late)
    return follow_up(time, event, entry)


def six_mp() -> FollowUp:
    return follow_up(WEEKS[~ON_PLACEBO], RELAPSED[~ON_PLACEBO])


def placebo() -> FollowUp:
    return follow_up(WEEKS[ON_PLACEBO], RELAPSED[ON_PLACEBO])


# ------------------------------------------------------------------------------- means


def slow_error(data: FollowUp, horizon: float) -> float:
    """The sum over events of squared area to come, each area anew."""
    whole, total = slow_mean(data, horizon), 0.0
    for t in sorted(set(data.time[data.event].tolist())):
        if 0 < t < horizon:
            area = whole - slow_mean(data, t)
            n = int(at_risk(data.time, data.entry, t).sum())
            d = int((data.event & (data.time == t)).sum())
            total += area**2 * d / (n * (n - d)) if n > d else 0.0
    return float(np.sqrt(total))


@settings(deadline=None, derandomize=True, max_examples=60)
@given(cohort=cohorts, late=st.booleans(), horizon=st.integers(1, 30))
def test_mean_and_error_the_slow_way(cohort: Cohort, late: bool, horizon: int) -> None:
    data = followed(cohort, late)
    curve = curve_of(data)
    assume(not np.isnan(survival_at(curve, horizon)))
    found = restricted_mean_estimate(curve, horizon)
    assert found.value == pytest.approx(slow_mean(data, horizon), rel=1e-9)
    error = slow_error(data, horizon)
    assert restricted_mean_error(curve, horizon) == pytest.approx(error, rel=1e-6, abs=1e-9)
    assert found.high - found.low == pytest.approx(2 * 1.959964 * error, rel=1e-6, abs=1e-9)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(cohort=cohorts, horizon=st.integers(1, 30))
def test_without_censoring_a_mean_is_a_mean(cohort: Cohort, horizon: int) -> None:
    data = followed([(time, True, begin, group) for time, _, begin, group in cohort], late=False)
    curve, lived = curve_of(data), np.minimum(data.time, horizon)
    each = restricted_mean_influence(curve, data, horizon)
    np.testing.assert_allclose(each, lived - lived.mean(), atol=1e-9)
    assert restricted_mean_error(curve, horizon) ** 2 == pytest.approx(lived.var() / len(lived))


@settings(deadline=None, derandomize=True, max_examples=60)
@given(cohort=cohorts, horizon=st.integers(1, 30))
def test_influence_on_the_mean_gives_its_error(cohort: Cohort, horizon: int) -> None:
    data = followed(cohort, late=False)
    curve = curve_of(data)
    assume(not np.isnan(survival_at(curve, horizon)))
    each = restricted_mean_influence(curve, data, horizon)
    assert each.sum() == pytest.approx(0, abs=1e-7)
    error = np.sqrt(np.sum(each**2)) / len(each)
    assert error == pytest.approx(restricted_mean_error(curve, horizon), rel=1e-7, abs=1e-9)


@pytest.mark.parametrize("late", [False, True])
def test_influence_is_what_weighing_each_patient_does(late: bool) -> None:
    """Copy everybody 1,000 times, one of them 1,001 times: that is a small change of weight."""
    rng = np.random.default_rng(4)
    entry = rng.integers(0, 5, 20) - 0.5 if late else None
    life = np.ceil(20 * rng.weibull(1.3, 20)) + (0 if entry is None else entry + 0.5)
    data = seen(life, np.full(20, 30.0) - np.arange(20) % 7, entry)
    curve = curve_of(data)
    on_mean = restricted_mean_influence(curve, data, 22)
    on_share = influence(curve, data.time, data.event, 15, data.entry)
    for patient in range(20):
        copies = np.full(20, 1000)
        copies[patient] += 1
        rows = [np.repeat(row, copies) for row in (data.time, data.event)]
        more = follow_up(*rows, None if entry is None else np.repeat(entry, copies))
        change = [slow_mean(more, 22) - slow_mean(data, 22)]
        change.append(slow_survival(more, 15) - slow_survival(data, 15))
        expected = np.array([on_mean[patient], on_share[patient]]) / 20_000
        np.testing.assert_allclose(change, expected, rtol=0.01, atol=1e-7)


def test_groups_differ_by_their_means() -> None:
    here, there = (curve_of(data) for data in (placebo(), six_mp()))
    found = restricted_mean_difference(here, there, 20)
    errors = [slow_error(data, 20) for data in (placebo(), six_mp())]
    assert found.value == pytest.approx(slow_mean(six_mp(), 20) - slow_mean(placebo(), 20))
    assert found.error == pytest.approx(np.hypot(*errors))
    assert found.z == pytest.approx(found.value / found.error)
    assert 1e-6 < found.p < 1e-4
    assert found.low > 0
    with pytest.raises(UsageError, match="horizon = 36 is beyond the follow-up of 35"):
        restricted_mean_difference(here, there, 36)


# ----------------------------------------------------------------------------- milestones


@settings(deadline=None, derandomize=True, max_examples=60)
@given(cohort=cohorts, other=cohorts, late=st.booleans(), month=st.integers(0, 30))
def test_milestones_differ_within_limits(
    cohort: Cohort, other: Cohort, late: bool, month: int
) -> None:
    here, there = (curve_of(followed(one, late)) for one in (cohort, other))
    known = [float(survival_at(curve, month)) for curve in (here, there)]
    assume(not np.isnan(known).any())
    found = survival_difference(here, there, month)
    assert found.value == pytest.approx(known[1] - known[0])
    assert -1 <= found.low <= found.value <= found.high <= 1
    back = survival_difference(there, here, month)
    assert (back.low, back.high) == pytest.approx((-found.high, -found.low))


def slow_limits(share: float, patients: float) -> tuple[float, float]:
    """Shares whose own normal error reaches the one seen (Wilson), by looking for them."""

    def apart(other: float) -> float:
        return float(abs(other - share) - 1.959963985 * np.sqrt(other * (1 - other) / patients))

    below = 0.0 if share <= 0 else optimize.brentq(apart, 0.0, share, xtol=1e-13)
    above = 1.0 if share >= 1 else optimize.brentq(apart, share, 1.0, xtol=1e-13)
    return below, above


@settings(deadline=None, derandomize=True, max_examples=60)
@given(cohort=cohorts, other=cohorts, late=st.booleans(), month=st.integers(1, 30))
def test_the_slow_way_to_a_difference_of_milestones(
    cohort: Cohort, other: Cohort, late: bool, month: int
) -> None:
    """Each curve counted patient by patient, its limits looked for, then squared and added."""
    both = [followed(one, late) for one in (cohort, other)]
    curves = [curve_of(one) for one in both]
    assume(not np.isnan([float(survival_at(curve, month)) for curve in curves]).any())
    shares, sizes, limits = [], [], []
    for data in both:
        share, total = slow_survival(data, month), 0.0
        for t in sorted({t for t in data.time[data.event].tolist() if t <= month}):
            n = int(at_risk(data.time, data.entry, t).sum())
            d = int((data.event & (data.time == t)).sum())
            total += d / (n * (n - d)) if n > d else 0.0
        assume(0 < share < 1)
        shares.append(share)
        sizes.append((1 - share) / share / total)
        limits.append(slow_limits(share, sizes[-1]))
    found, value = survival_difference(curves[0], curves[1], month), shares[1] - shares[0]
    down = np.hypot(shares[1] - limits[1][0], limits[0][1] - shares[0])
    up = np.hypot(limits[1][1] - shares[1], shares[0] - limits[0][0])
    assert (found.low, found.high) == pytest.approx((value - down, value + up), abs=1e-7)
    middle = np.average(shares, weights=sizes)
    table = [middle * (1 - middle) / size for size in sizes]
    assert found.p == pytest.approx(2 * stats.norm.sf(abs(value) / np.sqrt(sum(table))), abs=1e-9)


def test_a_milestone_before_any_event_is_not_certain() -> None:
    found = milestone(curve_of(placebo()), 0.5)
    assert (found.value, found.high) == (1, 1)
    assert found.low == pytest.approx(21 / (21 + 1.959964**2), rel=1e-6)


def test_milestones_beyond_follow_up() -> None:
    with pytest.raises(UsageError, match="month = 36 is beyond the follow-up of 35"):
        milestone(curve_of(six_mp()), 36)


# -------------------------------------------------------------------------------- medians


def slow_median_error(data: FollowUp) -> float:
    """Slope between two quantiles around the median, written out in plain steps."""
    times = sorted(set(data.time[data.event].tolist()))
    middle = next(t for t in times if slow_survival(data, t) <= 0.5 + 1e-9)
    total = 0.0
    for t in times:
        if t <= middle:
            n = int(at_risk(data.time, data.entry, t).sum())
            d = int((data.event & (data.time == t)).sum())
            total += d / (n * (n - d))
    variance = slow_survival(data, middle) ** 2 * total
    reach = min(1.959963985 ** (2 / 3) * (1.5 / (2 * np.pi) * variance / 0.25) ** (1 / 3), 0.4)
    lowest = slow_survival(data, times[-1])
    points = [(1.0, 0.0), *((slow_survival(data, t), t) for t in times)]

    def when(share: float) -> float:
        for (high, start), (low, end) in pairwise(points):
            if low <= share <= high:
                return start + (end - start) * (high - share) / (high - low)
        raise AssertionError(share)

    upper, lower = 0.5 + reach, max(0.5 - reach, lowest)
    return float(np.sqrt(variance) * (when(lower) - when(upper)) / (upper - lower))


@settings(deadline=None, derandomize=True, max_examples=60)
@given(cohort=cohorts, other=cohorts, late=st.booleans())
def test_medians_the_slow_way(cohort: Cohort, other: Cohort, late: bool) -> None:
    here, there = followed(cohort, late), followed(other, late)
    curves = curve_of(here), curve_of(there)
    middles = [median(curve) for curve in curves]
    found = median_difference(*curves)
    if np.isnan([one.value for one in middles]).any():
        assert np.isnan(found.value)
        return
    assert found.value == middles[1].value - middles[0].value
    assert np.isnan(found.low) or found.low <= found.value <= found.high or np.isnan(found.high)
    whole = all(
        slow_survival(data, one.value) > 0 for data, one in zip((here, there), middles, strict=True)
    )
    assume(whole)
    half = 1.959963985 * np.hypot(slow_median_error(here), slow_median_error(there))
    low = np.nan if np.isnan(middles[0].high) else found.value - half
    high = np.nan if np.isnan(middles[1].high) else found.value + half
    np.testing.assert_allclose([found.low, found.high], [low, high], rtol=1e-6, atol=1e-9)


def test_a_median_that_is_not_reached() -> None:
    """Of the second group 60 % live to the end: only a lower limit of the gain is known."""
    time = np.linspace(1, 20, 100)
    first = follow_up(time, np.ones(100, bool))
    second = follow_up(np.where(np.arange(100) < 40, time, 30.0), np.arange(100) < 40)
    here, there = curve_of(first), curve_of(second)
    found = median_difference(here, there)
    assert np.isnan(found.value)
    assert np.isnan(found.high)
    assert found.low == median(there).low - median(here).high
    back = median_difference(there, here)
    assert (back.high, np.isnan(back.low)) == (-found.low, True)
    paired = paired_median_difference(first, second)
    assert (paired.low, np.isnan(paired.value)) == (found.low, True)


# ---------------------------------------------------------------------------------- pairs


def twins(seed: int, size: int = 80, gain: float = 1.2) -> tuple[FollowUp, FollowUp]:
    rng = np.random.default_rng(seed)
    life, leave = np.exp(3 + 0.6 * rng.normal(size=size)), rng.uniform(20, 90, size)
    other = life * gain * np.exp(0.1 * rng.normal(size=size))
    return seen(np.ceil(life), leave), seen(np.ceil(other), leave)


def all_paired(first: FollowUp, second: FollowUp) -> list[Estimate]:
    return [
        paired_restricted_mean_difference(first, second, 24),
        paired_survival_difference(first, second, 24),
        paired_median_difference(first, second),
    ]


@settings(deadline=None, derandomize=True, max_examples=30)
@given(seed=st.integers(0, 999))
def test_the_same_course_twice_differs_by_nothing(seed: int) -> None:
    first, _ = twins(seed)
    mean, share, middle = all_paired(first, first)
    assert (mean.value, mean.low, mean.high) == (0, 0, 0)
    assert (middle.value, middle.low, middle.high) == (0, 0, 0)
    assert share.value == 0
    assert -0.06 < share.low < 0 < share.high < 0.06  # two made-up patients keep it honest


@settings(deadline=None, derandomize=True, max_examples=30)
@given(seed=st.integers(0, 999))
def test_pairs_are_surer_than_groups(seed: int) -> None:
    first, second = twins(seed)
    here, there = curve_of(first), curve_of(second)
    groups = [
        restricted_mean_difference(here, there, 24),
        survival_difference(here, there, 24),
        median_difference(here, there),
    ]
    for pair, group in zip(all_paired(first, second), groups, strict=True):
        assert pair.value == group.value
        assert pair.high - pair.low < group.high - group.low


@settings(deadline=None, derandomize=True, max_examples=30)
@given(seed=st.integers(0, 999), mixing=st.integers(0, 99))
def test_order_and_direction_of_pairs(seed: int, mixing: int) -> None:
    first, second = twins(seed)
    mixed = np.random.default_rng(mixing).permutation(first.patients)
    found = all_paired(first, second)
    turned = all_paired(
        follow_up(first.time[mixed], first.event[mixed]),
        follow_up(second.time[mixed], second.event[mixed]),
    )
    back = all_paired(second, first)
    for one, same, other in zip(found, turned, back, strict=True):
        assert (same.low, same.high) == pytest.approx((one.low, one.high))
        assert (-other.high, -other.low) == pytest.approx((one.low, one.high))


def test_pairs_without_censoring_are_plain_differences() -> None:
    rng = np.random.default_rng(9)
    life, other = rng.weibull(1.4, (2, 50)) * 30
    died = np.ones(50, bool)
    gain = np.minimum(other, 36) - np.minimum(life, 36)
    found = paired_restricted_mean_difference(follow_up(life, died), follow_up(other, died), 36)
    half = stats.t.ppf(0.975, 49) * gain.std(ddof=1) / np.sqrt(50)
    assert found.value == pytest.approx(gain.mean())
    assert found.high - found.value == pytest.approx(half)


def test_bonett_and_price_by_hand() -> None:
    # 10 live only with, 3 only without, of 40: (10 - 3) / 42 +- 1.96 sqrt((15 - 49/42) / 42^2)
    values = np.array([1.0] * 10 + [-1.0] * 3 + [0.0] * 27)
    found = paired_shares(7 / 40, values - 7 / 40, 0.95)
    half = 1.959964 * np.sqrt(15 - 49 / 42) / 42
    assert (found.low, found.high) == pytest.approx((7 / 42 - half, 7 / 42 + half), abs=1e-6)


@pytest.mark.parametrize("patients", [2, 3, 10, 1000])
@pytest.mark.parametrize("level", [0.5, 0.95, 0.99])
def test_the_interval_of_a_mean_is_students(patients: int, level: float) -> None:
    values = np.random.default_rng(9).normal(size=patients)
    found = mean_over_patients(values, level)
    exact = stats.t.interval(level, patients - 1, values.mean(), stats.sem(values))
    assert (found.low, found.high) == pytest.approx(exact, rel=1e-9)
    with pytest.raises(UsageError, match="level = 1 is not between"):
        mean_over_patients(values, 1.0)


@pytest.mark.parametrize("statistic", [0.0, 0.3, 4.0, 60.0])
def test_p_values(statistic: float) -> None:
    for degrees in (1, 2, 5):
        exact = stats.chi2.sf(statistic, degrees)
        assert upper_chi_squared(statistic, degrees) == pytest.approx(exact, rel=1e-9)
    assert two_sided(-statistic) == pytest.approx(2 * stats.norm.sf(statistic), rel=1e-9)
    assert np.isnan(upper_chi_squared(statistic, 0))


def test_one_patient_has_no_interval() -> None:
    found = over_patients(1.0, np.zeros(1), 0.95)
    assert np.isnan([found.low, found.high]).all()


def test_pairs_must_be_pairs() -> None:
    with pytest.raises(UsageError, match="there are 21 and 1"):
        paired_median_difference(six_mp(), follow_up([1], [True]))
