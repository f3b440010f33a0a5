"""Cumulative incidence: a slow second way and laws."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from tests.statistics.samples import at_risk, cohorts, unpack

from alssim.errors import UsageError
from alssim.statistics.competing import (
    cumulative_incidence,
    incidence_at,
    incidence_interval_at,
)
from alssim.statistics.survival import interval_at, kaplan_meier, survival_at

Array = NDArray[np.float64]
Cohort = list[tuple[float, bool, int, int]]


def causes(cohort: Cohort, late: bool) -> tuple[Array, NDArray[np.int64], Array | None]:
    """Take the group as the kind of event: 0 = censored, 1, 2."""
    time, _, entry, group = unpack(cohort, late)
    return time, group, entry


def test_worked_by_hand() -> None:
    # At 2 one of five has cause 1 and one cause 2; at 4 one of two has cause 2.
    found = cumulative_incidence([2, 2, 3, 4, 5], [1, 2, 0, 2, 0])
    assert found.causes.tolist() == [1, 2]
    assert found.times.tolist() == [2, 4]
    assert found.at_risk.tolist() == [5, 2]
    assert found.events.tolist() == [[1, 0], [1, 1]]
    np.testing.assert_allclose(found.share, [[0.2, 0.2], [0.2, 0.5]], atol=1e-15)
    np.testing.assert_allclose(found.free, [0.6, 0.3], atol=1e-15)


def slow_share(
    time: Array, cause: NDArray[np.int64], entry: Array | None, weights: Array, month: float
) -> Array:
    """Share with cause 1 and 2 by one month, with case weights, one time after the other."""
    free, share = 1.0, np.zeros(2)
    for t in sorted(set(time[cause > 0].tolist())):
        if t <= month:
            present = weights[at_risk(time, entry, t)].sum()
            now = [weights[(time == t) & (cause == kind)].sum() / present for kind in (1, 2)]
            share += free * np.array(now)
            free *= 1 - sum(now)
    return share


@settings(deadline=None, derandomize=True, max_examples=60)
@given(cohort=cohorts, late=st.booleans())
def test_the_slow_way_agrees(cohort: Cohort, late: bool) -> None:
    time, cause, entry = causes(cohort, late)
    found, ones = cumulative_incidence(time, cause, entry), np.ones(len(time))
    for place, t in enumerate(found.times):
        slow = slow_share(time, cause, entry, ones, t)
        ours = np.zeros(2)
        ours[found.causes - 1] = found.share[:, place]
        np.testing.assert_allclose(ours, slow, atol=1e-12)
    np.testing.assert_allclose(found.share.sum(axis=0) + found.free, 1, atol=1e-12)


@settings(deadline=None, derandomize=True, max_examples=30)
@given(cohort=cohorts)
def test_the_error_is_what_weighing_each_patient_gives(cohort: Cohort) -> None:
    """The variance is the infinitesimal jackknife: exact without late entry."""
    time, cause, _ = causes(cohort, late=False)
    found = cumulative_incidence(time, cause)
    month, small = 15.0, 1e-5
    moves = []
    for patient in range(len(time)):
        up, down = np.ones(len(time)), np.ones(len(time))
        up[patient] += small
        down[patient] -= small
        both = [slow_share(time, cause, None, one, month) for one in (up, down)]
        moves.append((both[0] - both[1]) / (2 * small))
    error = np.sqrt(np.sum(np.array(moves) ** 2, axis=0))
    step = np.searchsorted(found.times, month, side="right")
    ours = found.error[:, step - 1] if step else np.zeros(len(found.causes))
    np.testing.assert_allclose(ours, error[found.causes - 1], rtol=1e-5, atol=1e-7)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(cohort=cohorts)
def test_of_people_all_followed_it_is_the_plain_share(cohort: Cohort) -> None:
    time, cause, _ = causes(cohort, late=False)
    cause = np.maximum(cause, 1)
    found = cumulative_incidence(time, cause)
    grid = np.arange(31.0)
    plain = np.array(
        [(time[cause == k, None] <= grid).sum(axis=0) / len(time) for k in found.causes]
    )
    np.testing.assert_allclose(incidence_at(found, grid), plain, atol=1e-12)
    spread = found.share * (1 - found.share) / len(time)
    np.testing.assert_allclose(found.error**2, spread, atol=1e-12)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(cohort=cohorts, late=st.booleans())
def test_one_cause_is_the_complement_of_survival(cohort: Cohort, late: bool) -> None:
    time, cause, entry = causes(cohort, late)
    found = cumulative_incidence(time, np.minimum(cause, 1), entry)
    curve = kaplan_meier(time, cause > 0, entry)
    if not len(curve.times):
        assert found.share.shape == (0, 0)
        return
    grid = np.arange(31.0)
    np.testing.assert_allclose(
        incidence_at(found, grid)[0], 1 - survival_at(curve, grid), atol=1e-12
    )
    lower, upper = interval_at(curve, grid)
    low, high = incidence_interval_at(found, grid)
    np.testing.assert_allclose(low[0], 1 - upper, atol=1e-9)
    np.testing.assert_allclose(high[0], 1 - lower, atol=1e-9)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(cohort=cohorts, late=st.booleans(), seed=st.integers(0, 99), power=st.integers(-6, 6))
def test_order_and_units_do_not_matter(cohort: Cohort, late: bool, seed: int, power: int) -> None:
    time, cause, entry = causes(cohort, late)
    found = cumulative_incidence(time, cause, entry)
    mixed, scale = np.random.default_rng(seed).permutation(len(time)), 2.0**power
    began = None if entry is None else entry[mixed] * scale
    same = cumulative_incidence(time[mixed] * scale, cause[mixed], began)
    assert (same.times == found.times * scale).all()
    assert (same.share == found.share).all()
    assert (same.error == found.error).all()


@settings(deadline=None, derandomize=True, max_examples=60)
@given(cohort=cohorts, late=st.booleans())
def test_shares_rise_within_their_limits(cohort: Cohort, late: bool) -> None:
    found = cumulative_incidence(*causes(cohort, late))
    assert (np.diff(found.share, axis=1) >= 0).all()
    assert (found.lower >= 0).all()
    assert (found.lower <= found.share + 1e-12).all()
    assert (found.share <= found.upper + 1e-12).all()
    assert (found.upper <= 1).all()


def test_beyond_the_follow_up_nothing_is_known() -> None:
    found = cumulative_incidence([1, 2, 3], [1, 2, 0])
    np.testing.assert_allclose(incidence_at(found, [0.5, 2.5]), [[0, 1 / 3], [0, 1 / 3]])
    assert np.isnan(incidence_at(found, 3.5)).all()
    everybody = cumulative_incidence([1, 2], [1, 2])
    assert incidence_at(everybody, 99).tolist() == [0.5, 0.5]


@pytest.mark.parametrize("cause", [[1.0, 2.0], [-1, 1], [True, False]])
def test_wrong_causes(cause: list[float]) -> None:
    with pytest.raises(UsageError, match="cause must hold whole numbers"):
        cumulative_incidence([1, 2], cause)
