"""The chance that correlated normal numbers leave a box."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import integrate, stats

from alssim.statistics.normal_box import chance_outside

LIMITS = [0.5, 1.0, 2.0, 3.0, 4.0, 5.0]
Array = NDArray[np.float64]


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize(("numbers", "error"), [(1, 1e-12), (2, 1e-4), (3, 1e-3), (4, 5e-3)])
def test_independent_numbers(numbers: int, error: float, limit: float) -> None:
    expected = -np.expm1(numbers * np.log1p(-2 * stats.norm.sf(limit)))
    assert chance_outside(np.eye(numbers), limit) == pytest.approx(expected, rel=error)


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("between", [-0.9, 0.3, 0.8, 0.999])
def test_two_numbers_by_integration(between: float, limit: float) -> None:
    """Given one number, the other is normal: one integral."""
    left = np.sqrt(1 - between**2)

    def second_outside(x: float) -> float:
        inside = stats.norm.cdf((limit - between * x) / left) - stats.norm.cdf(
            (-limit - between * x) / left
        )
        return float(stats.norm.pdf(x) * (1 - inside))

    both, _ = integrate.quad(second_outside, -limit, limit, epsabs=1e-13, limit=400)
    expected = 2 * stats.norm.sf(limit) + both
    found = chance_outside(np.array([[1, between], [between, 1]]), limit)
    assert found == pytest.approx(expected, rel=1e-4)


def weights_of_a_trial() -> Array:
    """Correlations between four weighted log-rank tests; the first is the sum of two others."""
    survival = np.linspace(1, 0, 200, endpoint=False)
    rows = np.array([survival**0, survival, 1 - survival, survival * (1 - survival)])
    products = rows @ rows.T
    return products / np.sqrt(np.outer(np.diag(products), np.diag(products)))


@pytest.mark.parametrize("limit", [1.0, 2.0, 2.5])
def test_scipy_agrees_on_a_singular_correlation(limit: float) -> None:
    correlation = weights_of_a_trial()
    assert np.linalg.matrix_rank(correlation) == 3
    box = np.full(4, limit)
    normal = stats.multivariate_normal(np.zeros(4), correlation, allow_singular=True)
    inside = normal.cdf(box, lower_limit=-box)
    # scipy integrates at random points; it is off by 1e-4 from call to call
    assert chance_outside(correlation, limit) == pytest.approx(1 - inside, abs=5e-4)


@pytest.mark.parametrize("limit", [2.0, 4.0, 6.0])
def test_far_tail_by_inclusion_and_exclusion(limit: float) -> None:
    """At least the largest single chance, at most their sum."""
    found = chance_outside(weights_of_a_trial(), limit)
    assert 2 * stats.norm.sf(limit) < found < 8 * stats.norm.sf(limit)


def test_the_same_number_twice_counts_once() -> None:
    assert chance_outside(np.ones((3, 3)), 2.0) == pytest.approx(2 * stats.norm.sf(2), rel=1e-9)


def test_the_answer_is_the_same_every_time() -> None:
    correlation = weights_of_a_trial()
    assert chance_outside(correlation, 2.2) == chance_outside(correlation, 2.2)
