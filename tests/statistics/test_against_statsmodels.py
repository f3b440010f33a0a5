"""Survival statistics held against statsmodels, an independent package."""

import sys
import warnings

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import chi2_contingency
from tests.statistics.samples import cohorts, drawn, unpack

from alssim.statistics.competing import cumulative_incidence, incidence_at
from alssim.statistics.cox import cox
from alssim.statistics.logrank import logrank, weighted_logrank
from alssim.statistics.milestones import milestone, survival_difference
from alssim.statistics.survival import kaplan_meier

if sys.version_info >= (3, 15):
    pytest.skip("statsmodels cannot be installed on Python 3.15 yet", allow_module_level=True)

with warnings.catch_warnings():  # another project's warnings are not ours to fix
    warnings.simplefilter("ignore")
    from statsmodels.duration.hazard_regression import PHReg
    from statsmodels.duration.survfunc import CumIncidenceRight, survdiff
    from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

Array = NDArray[np.float64]
Cohort = list[tuple[float, bool, int, int]]


@settings(deadline=None, derandomize=True, max_examples=40)
@given(cohort=cohorts, late=st.booleans(), rho=st.sampled_from([0, 0.5, 1]))
def test_statsmodels_agrees_on_log_rank_tests(cohort: Cohort, late: bool, rho: float) -> None:
    time, event, entry, group = unpack(cohort, late)
    second = group > 0
    assume(event.any() and second.any() and not second.all())
    assume(not np.isnan(weighted_logrank(time, event, second, entry).z))
    # With late entry its weights are spoilt where nobody is at risk: only the plain test then.
    weight = {} if late else {"weight_type": "fh", "fh_p": rho}
    ours = weighted_logrank(time, event, second, entry, rho=0 if late else rho)
    with np.errstate(all="ignore"):
        statistic, p = survdiff(time, event.astype(int), second, entry=entry, **weight)
    assert ours.statistic == pytest.approx(statistic, rel=1e-6, abs=1e-9)
    assert ours.p == pytest.approx(p, rel=1e-6, abs=1e-9)


@settings(deadline=None, derandomize=True, max_examples=40)
@given(cohort=cohorts, late=st.booleans())
def test_statsmodels_agrees_on_many_groups(cohort: Cohort, late: bool) -> None:
    time, event, entry, group = unpack(cohort, late)
    assume(event.any() and len(set(group.tolist())) == 3)
    ours = logrank(time, event, group, entry)
    assume(ours.degrees == 2)
    with np.errstate(all="ignore"):
        statistic, p = survdiff(time, event.astype(int), group, entry=entry)
    assert ours.statistic == pytest.approx(statistic, rel=1e-6, abs=1e-9)
    assert ours.p == pytest.approx(p, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("ties", [False, True])
def test_statsmodels_agrees_on_cox(seed: int, late: bool, ties: bool) -> None:
    time, event, entry, covariates = drawn(150, seed, late, ties)
    ours = cox(time, event, covariates, entry)
    model = PHReg(time, covariates, event.astype(int), entry=entry, ties="efron")
    theirs = model.fit(disp=0)
    np.testing.assert_allclose(ours.coefficients, theirs.params, atol=1e-6)
    np.testing.assert_allclose(ours.errors, theirs.bse, rtol=1e-6)
    assert ours.log_likelihood == pytest.approx(theirs.llf, rel=1e-9)


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("seed", [1, 2])
def test_statsmodels_agrees_on_robust_errors(seed: int, late: bool) -> None:
    # Without ties: its score residuals are those of Breslow.
    time, event, entry, covariates = drawn(150, seed, late)
    pairs = np.arange(150) // 2
    ours = cox(time, event, covariates, entry, cluster=pairs)
    model = PHReg(time, covariates, event.astype(int), entry=entry, ties="efron")
    theirs = model.fit(groups=pairs, disp=0)
    np.testing.assert_allclose(ours.robust_errors, theirs.bse, rtol=1e-5)


@settings(deadline=None, derandomize=True, max_examples=40)
@given(cohort=cohorts)
def test_statsmodels_agrees_on_cumulative_incidence(cohort: Cohort) -> None:
    time, _, _, cause = unpack(cohort, late=False)
    assume(cause.any())
    ours = cumulative_incidence(time, cause)
    with np.errstate(all="ignore"):
        theirs = CumIncidenceRight(time, cause)
    for place, kind in enumerate(ours.causes):
        values = incidence_at(ours, theirs.times)[place]
        np.testing.assert_allclose(values, theirs.cinc[kind - 1], atol=1e-9)


@settings(deadline=None, derandomize=True, max_examples=40)
@given(counts=st.tuples(*[st.integers(1, 60)] * 4))
def test_statsmodels_agrees_on_milestones_of_people_all_followed(
    counts: tuple[int, int, int, int],
) -> None:
    """Wilson's interval of a share, Newcombe's of a difference, and the chi-squared test."""
    alive, dead = np.array(counts[:2]), np.array(counts[2:])
    curves = [
        kaplan_meier(np.repeat([5.0, 20.0], [d, a]), np.ones(a + d, bool))
        for a, d in zip(alive, dead, strict=True)
    ]
    size = alive + dead
    one = milestone(curves[0], 10)
    wilson = proportion_confint(alive[0], size[0], method="wilson")
    assert (one.low, one.high) == pytest.approx(wilson, rel=1e-6, abs=1e-9)
    both = survival_difference(curves[0], curves[1], 10)
    newcombe = confint_proportions_2indep(alive[1], size[1], alive[0], size[0], method="newcomb")
    assert (both.low, both.high) == pytest.approx(newcombe, rel=1e-6, abs=1e-9)
    table = np.array([alive, dead])
    assert both.p == pytest.approx(chi2_contingency(table, correction=False).pvalue, rel=1e-6)
