"""Limits of interim looks. Together under 2 s."""

import numpy as np
import pytest
from scipy import stats

from alssim.errors import UsageError
from alssim.statistics.sequential import conditional_power, futility_limits, limits, spent

WAYS = ("obrien-fleming", "pocock")


@pytest.mark.parametrize("way", WAYS)
def test_one_look_is_the_plain_test(way: str) -> None:
    assert limits([1.0], 0.05, way) == pytest.approx([stats.norm.isf(0.025)], abs=1e-9)  # type: ignore[arg-type]


@pytest.mark.parametrize("way", WAYS)
def test_all_is_spent_at_the_end_and_never_given_back(way: str) -> None:
    shares = np.linspace(0.05, 1, 20)
    rates = [spent(share, 0.05, way) for share in shares]
    assert (np.diff(rates) > 0).all()
    assert rates[-1] == pytest.approx(0.05)


@pytest.mark.parametrize("way", WAYS)
def test_first_look_spends_what_is_due(way: str) -> None:
    first = limits([0.4, 1.0], 0.05, way)[0]  # type: ignore[arg-type]
    assert 2 * stats.norm.sf(first) == pytest.approx(spent(0.4, 0.05, way), rel=1e-8)


@pytest.mark.parametrize("way", WAYS)
def test_drawn_courses_cross_as_often_as_allowed(way: str) -> None:
    """Count crossings of a random walk; a right limit fails once in a million runs."""
    shares = np.array([0.25, 0.5, 0.8, 1.0])
    edges = limits(shares.tolist(), 0.05, way)  # type: ignore[arg-type]
    steps = np.sqrt(np.diff(shares, prepend=0))
    walks = np.cumsum(np.random.default_rng(1).standard_normal((200_000, 4)) * steps, axis=1)
    hits = int((np.abs(walks / np.sqrt(shares)) > edges).any(axis=1).sum())
    assert stats.binomtest(hits, len(walks), 0.05).pvalue > 1e-6


def test_early_limits_are_stricter_with_obrien_fleming() -> None:
    one, other = (limits([0.3, 0.6, 1.0], 0.05, way) for way in WAYS)  # type: ignore[arg-type]
    assert (np.diff(one) < 0).all()
    assert one[0] > other[0]
    assert one[-1] < other[-1]


@pytest.mark.parametrize(("z", "share"), [(0.5, 0.3), (1.5, 0.5), (2.2, 0.8), (-1.0, 0.5)])
def test_conditional_power_is_how_often_courses_that_go_on_so_end_beyond(
    z: float, share: float
) -> None:
    """Draw the rest of the way, in small steps; a right formula fails once in a million runs."""
    trend, rng = z / np.sqrt(share), np.random.default_rng(2)
    ends = np.full(100_000, z * np.sqrt(share))
    for _ in range(10):
        ends += trend * (1 - share) / 10 + rng.normal(0, np.sqrt((1 - share) / 10), len(ends))
    chance = float(conditional_power(z, share, 1.96))
    assert stats.binomtest(int((ends > 1.96).sum()), len(ends), chance).pvalue > 1e-6


@pytest.mark.parametrize("least", [0.05, 0.2, 0.5])
def test_futility_limits_are_where_conditional_power_is_least(least: float) -> None:
    floors = futility_limits([0.3, 0.6, 1.0], 2.0, least)
    assert conditional_power(floors[:2], [0.3, 0.6], 2.0) == pytest.approx([least, least])
    assert floors[2] == -np.inf
    assert (futility_limits([0.3, 0.6, 1.0], 2.0, 0.0) == -np.inf).all()
    with pytest.raises(UsageError, match="is not between 0 and 1"):
        futility_limits([0.5, 1.0], 2.0, 1.0)


@pytest.mark.parametrize("shares", [[], [0.5], [0.5, 0.4, 1.0], [0.0, 1.0], [1.0, 1.0]])
def test_shares_must_rise_to_one(shares: list[float]) -> None:
    with pytest.raises(UsageError, match="must rise to 1"):
        limits(shares)
