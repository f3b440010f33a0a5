"""Shares and their difference: laws, the borders, and how often the intervals hold."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from alssim.errors import UsageError
from alssim.statistics.proportions import compare_shares, share

counts = st.integers(1, 60).flatmap(lambda size: st.tuples(st.integers(0, size), st.just(size)))


@settings(deadline=None, derandomize=True)
@given(one=counts, other=counts)
def test_intervals_hold_the_estimate(one: tuple[int, int], other: tuple[int, int]) -> None:
    found = compare_shares(*one, *other)
    assert -1 <= found.low <= found.value <= found.high <= 1
    turned = compare_shares(*other, *one)
    assert (turned.low, turned.high) == pytest.approx((-found.high, -found.low), abs=1e-12)
    assert turned.p == found.p
    single = share(*one)
    assert 0 <= single.low <= single.value <= single.high <= 1


def test_many_at_once() -> None:
    many = compare_shares([3, 5], 10, [1, 2], [10, 20])
    one = compare_shares(5, 10, 2, 20)
    assert (many.low[1], many.high[1], many.p[1]) == (one.low, one.high, one.p)


@pytest.mark.parametrize("truth", [(0.5, 0.5), (0.3, 0.2), (0.15, 0.3), (0.9, 0.8)])
def test_interval_covers(truth: tuple[float, float]) -> None:
    # summed over every pair of counts of two arms of 60: no luck in it
    size, numbers = 60, np.arange(61)
    one, other = (stats.binom.pmf(numbers, size, chance) for chance in truth)
    found = compare_shares(numbers[:, None], size, numbers, size)
    gap = truth[0] - truth[1]
    holds = (found.low <= gap) & (gap <= found.high)
    assert 0.94 < float(one @ holds @ other) < 0.97


@pytest.mark.parametrize("chance", [0.2, 0.5, 0.8])
def test_false_alarms(chance: float) -> None:
    size, numbers = 100, np.arange(101)
    weight = stats.binom.pmf(numbers, size, chance)
    alarm = compare_shares(numbers[:, None], size, numbers, size).p < 0.05
    assert 0.044 < float(weight @ alarm @ weight) < 0.057


@pytest.mark.parametrize("wrong", [(-1, 5), (6, 5), (0, 0), (np.nan, 5)])
def test_wrong_use(wrong: tuple[float, float]) -> None:
    with pytest.raises(UsageError, match="must lie between 0 and its number of patients"):
        share(*wrong)
