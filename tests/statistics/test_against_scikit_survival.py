"""Survival statistics held against scikit-survival, an independent package."""

import sys
import warnings

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from tests.statistics.samples import cohorts, drawn, unpack

from alssim.statistics.competing import cumulative_incidence
from alssim.statistics.concordance import concordance
from alssim.statistics.cox import cox
from alssim.statistics.logrank import logrank
from alssim.statistics.survival import kaplan_meier, survival_at

if sys.version_info >= (3, 15):
    pytest.skip("scikit-survival cannot be installed on Python 3.15 yet", allow_module_level=True)

with warnings.catch_warnings():  # another project's warnings are not ours to fix
    warnings.simplefilter("ignore")
    from sksurv.compare import compare_survival
    from sksurv.datasets import load_bmt
    from sksurv.linear_model import CoxPHSurvivalAnalysis
    from sksurv.metrics import concordance_index_censored
    from sksurv.nonparametric import (
        cumulative_incidence_competing_risks,
        kaplan_meier_estimator,
    )
    from sksurv.util import Surv

Array = NDArray[np.float64]
Cohort = list[tuple[float, bool, int, int]]


@settings(deadline=None, derandomize=True, max_examples=30)
@given(cohort=cohorts, late=st.booleans())
def test_scikit_survival_agrees_on_survival(cohort: Cohort, late: bool) -> None:
    time, event, entry, _ = unpack(cohort, late)
    assume(event.any())
    ours = kaplan_meier(time, event, entry)
    when, theirs = kaplan_meier_estimator(event, time, time_enter=entry)
    np.testing.assert_allclose(survival_at(ours, when), theirs, atol=1e-9)


@settings(deadline=None, derandomize=True, max_examples=30)
@given(cohort=cohorts)
def test_scikit_survival_agrees_on_log_rank_tests(cohort: Cohort) -> None:
    time, event, _, group = unpack(cohort, late=False)
    assume(event.any() and len(set(group.tolist())) == 3)
    ours = logrank(time, event, group)
    assume(ours.degrees == 2)
    statistic, p = compare_survival(Surv.from_arrays(event, time), group)
    assert ours.statistic == pytest.approx(statistic, rel=1e-6, abs=1e-9)
    assert ours.p == pytest.approx(p, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("ties", [False, True])
def test_scikit_survival_agrees_on_cox(ties: bool) -> None:
    time, event, _, covariates = drawn(150, 4, ties=ties)
    fit = CoxPHSurvivalAnalysis(ties="efron", tol=1e-12)
    fit.fit(covariates, Surv.from_arrays(event, time))
    np.testing.assert_allclose(cox(time, event, covariates).coefficients, fit.coef_, atol=1e-6)


def check_incidence(time: Array, cause: NDArray[np.int64]) -> None:
    """Shares, and standard errors read back from the interval where it has one.

    It has none where everybody at risk has an event at the last time.
    """
    ours = cumulative_incidence(time, cause)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        when, shares, limits = cumulative_incidence_competing_risks(
            cause, time, conf_type="log-log", var_type="Dinse_Approx"
        )
    steps = np.searchsorted(when, ours.times)
    for place, kind in enumerate(ours.causes):
        theirs = shares[kind, steps]
        np.testing.assert_allclose(ours.share[place], theirs, atol=1e-9)
        usual = (theirs > 1e-9) & (ours.free[-1] > 1e-9)
        low, high = np.log(-np.log(limits[kind][:, steps[usual]]))
        share = theirs[usual]
        error = np.abs(low - high) / 2 / 1.9599639845 * share * -np.log(share)
        np.testing.assert_allclose(ours.error[place][usual], error, rtol=1e-6, atol=1e-7)


@settings(deadline=None, derandomize=True, max_examples=30)
@given(cohort=cohorts)
def test_scikit_survival_agrees_on_cumulative_incidence(cohort: Cohort) -> None:
    time, _, _, cause = unpack(cohort, late=False)
    assume({1, 2} <= set(cause.tolist()))
    check_incidence(time, cause)


def test_scikit_survival_agrees_on_bone_marrow_transplants() -> None:
    """35 patients with leukaemia: relapse or death from the transplant."""
    _, outcome = load_bmt()
    check_incidence(np.array(outcome["ftime"], float), np.array(outcome["status"], int))


@settings(deadline=None, derandomize=True, max_examples=60)
@given(cohort=cohorts)
def test_scikit_survival_agrees_on_concordance(cohort: Cohort) -> None:
    time, event, _, group = unpack(cohort, late=False)
    score = group + np.round(np.cos(time), 1)
    ours = concordance(time, event, score)
    assume(ours.concordant + ours.discordant + ours.tied > 0)
    share, *counts = concordance_index_censored(event, time, score)
    assert ours.estimate.value == pytest.approx(share, rel=1e-9)
    assert [ours.concordant, ours.discordant, ours.tied] == counts[:3]
