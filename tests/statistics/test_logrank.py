"""Log-rank tests and their relatives: published values, a slow second way, laws."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from tests.statistics.samples import ON_PLACEBO, RELAPSED, WEEKS, at_risk, cohorts, drawn, unpack

from alssim.errors import UsageError
from alssim.statistics.cox import likelihood
from alssim.statistics.deaths import deaths_of
from alssim.statistics.followup import follow_up
from alssim.statistics.logrank import logrank, max_combo, weighted_logrank

Array = NDArray[np.float64]


def test_published_values() -> None:
    # R's survdiff of these data, as printed in many courses: observed 9 and 21, expected 19.3 and
    # 10.7, chi-squared 16.8 on 1 degree of freedom, p = 4.17e-05.
    test = logrank(WEEKS, RELAPSED, np.where(ON_PLACEBO, "placebo", "6-MP"))
    assert test.labels == ("6-MP", "placebo")
    assert test.observed == (9, 21)
    assert [round(one, 1) for one in test.expected] == [19.3, 10.7]
    assert (round(test.statistic, 1), test.degrees) == (16.8, 1)
    assert test.p == pytest.approx(4.17e-5, abs=5e-8)
    assert weighted_logrank(WEEKS, RELAPSED, ON_PLACEBO).z > 0  # placebo relapses sooner


def slow_weighted(
    time: Array, event: Array, second: Array, entry: Array | None, rho: float, gamma: float
) -> tuple[float, Array]:
    """Return the excess of the second group and its terms of variance, one time at a time."""
    excess, variances, survival = 0.0, [], 1.0
    for t in sorted(set(time[event].tolist())):
        present = at_risk(time, entry, t)
        dying = event & (time == t)
        n, n2, d, d2 = (
            int(row.sum()) for row in (present, present & second, dying, dying & second)
        )
        weight = survival**rho * (1 - survival) ** gamma
        excess += weight * (d2 - d * n2 / n)
        spread = d * (n2 / n) * (1 - n2 / n) * (n - d) / (n - 1) if n > 1 else 0.0
        variances.append((weight, spread))
        survival *= 1 - d / n
    return excess, np.array(variances)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(
    cohort=cohorts, late=st.booleans(), rho=st.sampled_from([0, 0.5, 1]), gamma=st.integers(0, 2)
)
def test_the_slow_way_agrees(
    cohort: list[tuple[float, bool, int, int]], late: bool, rho: float, gamma: float
) -> None:
    time, event, entry, group = unpack(cohort, late)
    second = group > 0
    assume(second.any() and not second.all() and event.any())
    excess, terms = slow_weighted(time, event, second, entry, rho, gamma)
    variance = np.sum(terms[:, 0] ** 2 * terms[:, 1])
    test = weighted_logrank(time, event, second, entry, rho, gamma)
    if variance > 1e-12:
        assert test.z == pytest.approx(excess / np.sqrt(variance), rel=1e-9, abs=1e-9)
    else:
        assert np.isnan(test.z)
        assert np.isnan(test.p)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(cohort=cohorts, late=st.booleans())
def test_two_groups_and_many_agree(cohort: list[tuple[float, bool, int, int]], late: bool) -> None:
    time, event, entry, group = unpack(cohort, late)
    second = group > 0
    assume(second.any() and not second.all() and event.any())
    one, other = logrank(time, event, second, entry), weighted_logrank(time, event, second, entry)
    assume(one.degrees == 1)
    assert one.statistic == pytest.approx(other.statistic, rel=1e-9, abs=1e-9)
    assert one.p == pytest.approx(other.p, rel=1e-6, abs=1e-12)
    assert sum(one.observed) == pytest.approx(sum(one.expected), rel=1e-12)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(cohort=cohorts, late=st.booleans(), seed=st.integers(0, 99))
def test_order_units_and_names_do_not_matter(
    cohort: list[tuple[float, bool, int, int]], late: bool, seed: int
) -> None:
    time, event, entry, group = unpack(cohort, late)
    assume(len(set(group.tolist())) > 1 and event.any())
    test = logrank(time, event, group, entry)
    mixed = np.random.default_rng(seed).permutation(len(time))
    began = None if entry is None else entry[mixed]
    turned = logrank(time[mixed], event[mixed], group[mixed], began)
    # Only the order of times counts: any rising function of time gives the same.
    bent = logrank(time**3, event, group, None if entry is None else entry**3)
    named = logrank(time, event, np.array(["b", "c", "a"])[group], entry)
    for same in (turned, bent, named):
        assert same.statistic == pytest.approx(test.statistic, rel=1e-9, abs=1e-9)
        assert same.degrees == test.degrees


@settings(deadline=None, derandomize=True, max_examples=40)
@given(seed=st.integers(0, 999), late=st.booleans())
def test_without_ties_it_is_the_score_test_of_a_cox_regression(seed: int, late: bool) -> None:
    time, event, entry, covariates = drawn(40, seed, late)
    second = covariates[:, :1]
    data = follow_up(time, event, entry)
    start = likelihood(deaths_of(data), data, second, np.zeros(1))
    score = start.score[0] ** 2 / start.information[0, 0]
    assert weighted_logrank(time, event, second[:, 0], entry).statistic == pytest.approx(score)


@settings(deadline=None, derandomize=True, max_examples=40)
@given(seed=st.integers(0, 999), late=st.booleans())
def test_swapping_the_groups_turns_the_sign(seed: int, late: bool) -> None:
    time, event, entry, covariates = drawn(40, seed, late, ties=True)
    one = max_combo(time, event, covariates[:, 0] > 0, entry)
    other = max_combo(time, event, covariates[:, 0] < 1, entry)
    np.testing.assert_allclose(one.z, -other.z, atol=1e-9)
    assert one.p == pytest.approx(other.p, rel=1e-9)


# ---------------------------------------------------------------------------------- MaxCombo


@settings(deadline=None, derandomize=True, max_examples=40)
@given(seed=st.integers(0, 999), late=st.booleans())
def test_max_combo_is_the_largest_and_pays_for_choosing(seed: int, late: bool) -> None:
    time, event, entry, covariates = drawn(60, seed, late, ties=True)
    second = covariates[:, 0] > 0
    combo = max_combo(time, event, second, entry)
    single = [weighted_logrank(time, event, second, entry, *pair) for pair in combo.weights]
    np.testing.assert_allclose(combo.z, [test.z for test in single], atol=1e-12)
    smallest = min(test.p for test in single)
    assert combo.statistic == pytest.approx(max(abs(test.z) for test in single), rel=1e-12)
    assert single[combo.chosen].p == pytest.approx(smallest, rel=1e-9)
    assert smallest < combo.p <= len(single) * smallest * (1 + 1e-3)
    np.testing.assert_allclose(np.diag(combo.correlation), 1)
    np.testing.assert_allclose(combo.correlation, combo.correlation.T)


@settings(deadline=None, derandomize=True, max_examples=20)
@given(seed=st.integers(0, 999), late=st.booleans())
def test_correlations_the_slow_way(seed: int, late: bool) -> None:
    time, event, entry, covariates = drawn(40, seed, late, ties=True)
    second = covariates[:, 0] > 0
    pairs = [(0.0, 0.0), (1.0, 0.0), (0.0, 2.0)]
    combo = max_combo(time, event, second, entry, pairs)
    terms = [slow_weighted(time, event, second, entry, *pair)[1] for pair in pairs]
    for i, one in enumerate(terms):
        for j, other in enumerate(terms):
            joint = np.sum(one[:, 0] * other[:, 0] * one[:, 1])
            alone = np.sum(one[:, 0] ** 2 * one[:, 1]) * np.sum(other[:, 0] ** 2 * one[:, 1])
            assert combo.correlation[i, j] == pytest.approx(joint / np.sqrt(alone), abs=1e-9)


def test_max_combo_of_one_weight_is_that_test() -> None:
    combo = max_combo(WEEKS, RELAPSED, ON_PLACEBO, weights=[(0.0, 1.0)])
    single = weighted_logrank(WEEKS, RELAPSED, ON_PLACEBO, rho=0, gamma=1)
    assert combo.p == pytest.approx(single.p, rel=1e-9)
    assert combo.correlation.tolist() == [[1.0]]


# --------------------------------------------------------------------------------- wrong use


def test_nothing_to_compare() -> None:
    # The groups never meet: one has left before the other enters.
    time, event, group = [2, 3, 8, 9], [True] * 4, [0, 0, 1, 1]
    test = logrank(time, event, group, entry=[0, 0, 5, 5])
    assert (test.statistic, test.degrees) == (0, 0)
    assert np.isnan(test.p)
    assert np.isnan(max_combo(time, event, group, entry=[0, 0, 5, 5]).p)


def test_a_group_that_never_meets_another_costs_a_degree() -> None:
    time, event, group = [2, 3, 4, 5, 9], [True] * 5, [0, 1, 0, 1, 2]
    assert logrank(time, event, group).degrees == 2
    assert logrank(time, event, group, entry=[0, 0, 0, 0, 7]).degrees == 1


@pytest.mark.parametrize(
    ("group", "message"),
    [
        ([1, 1], "at least two groups; it names \\[1\\]"),
        ([1], "group has shape"),
    ],
)
def test_wrong_groups(group: list[int], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        logrank([1, 2], [True, True], group)


def test_wrong_weights() -> None:
    three = ([1, 2, 3], [True] * 3, [0, 1, 2])
    with pytest.raises(UsageError, match="two groups; it names 3"):
        weighted_logrank(*three)
    with pytest.raises(UsageError, match="rho = -1 and gamma = 0"):
        weighted_logrank([1, 2], [True, True], [0, 1], rho=-1)
    with pytest.raises(UsageError, match="at least one pair"):
        max_combo([1, 2], [True, True], [0, 1], weights=[])
