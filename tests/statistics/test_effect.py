"""Intervals and tests from an estimate and its error."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from alssim.errors import UsageError
from alssim.statistics.effect import effect, t_below, t_quantile


@settings(deadline=None, derandomize=True)
@given(
    value=st.floats(-5, 5),
    error=st.floats(0.01, 10),
    degrees=st.floats(1, 1e5),
    level=st.floats(0.5, 0.999),
)
def test_students_t(value: float, error: float, degrees: float, level: float) -> None:
    found = effect(value, error, degrees, level)
    low, high = stats.t.interval(level, degrees, value, error)
    assert found.low == pytest.approx(low, rel=1e-9, abs=1e-9)
    assert found.high == pytest.approx(high, rel=1e-9, abs=1e-9)
    assert found.p == pytest.approx(2 * stats.t.sf(abs(value / error), degrees), rel=1e-9)


def test_infinite_freedom_is_the_normal_distribution() -> None:
    assert t_quantile(0.975, np.inf) == pytest.approx(stats.norm.ppf(0.975), rel=1e-12)
    assert t_below(-1.5, np.inf) == pytest.approx(stats.norm.cdf(-1.5), rel=1e-12)
    assert t_quantile(0.975, 1e12) == pytest.approx(stats.norm.ppf(0.975), rel=1e-6)


def test_many_at_once() -> None:
    many = effect([1.0, -1.0], 0.5, [3.0, np.inf])
    one = effect(1.0, 0.5, 3.0)
    assert (many.low[0], many.high[0], many.p[0]) == (one.low, one.high, one.p)
    assert many.degrees.tolist() == [3, np.inf]
    assert f"{one.value:.2f}" == "1.00"


def test_without_error() -> None:
    assert effect(1.0, 0.0).p == 0
    assert effect(0.0, 0.0).p == 1


def test_wrong_use() -> None:
    with pytest.raises(UsageError, match="level = 1 is not between 0 and 1"):
        effect(1, 1, level=1)
    with pytest.raises(ValueError, match="read-only"):
        effect([1.0], 1.0).value[0] = 2
