"""Survival statistics held against lifelines, an independent package."""

import sys
import warnings

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats
from tests.statistics.samples import cohorts, drawn, unpack

from alssim.statistics.competing import cumulative_incidence, incidence_at
from alssim.statistics.concordance import concordance
from alssim.statistics.cox import cox
from alssim.statistics.logrank import logrank, weighted_logrank
from alssim.statistics.proportional import proportional_hazards
from alssim.statistics.survival import kaplan_meier, median, restricted_mean
from alssim.statistics.two_arms import hazard_ratio

if sys.version_info >= (3, 15):
    pytest.skip("lifelines cannot be installed on Python 3.15 yet", allow_module_level=True)

with warnings.catch_warnings():  # another project's warnings are not ours to fix
    warnings.simplefilter("ignore")
    import pandas
    from lifelines import AalenJohansenFitter, CoxPHFitter, KaplanMeierFitter
    from lifelines.datasets import load_rossi
    from lifelines.statistics import logrank_test, multivariate_logrank_test
    from lifelines.utils import (
        concordance_index,
        median_survival_times,
        restricted_mean_survival_time,
    )

Array = NDArray[np.float64]
PRECISE = {"precision": 1e-12, "r_precision": 1e-15}  # else it stops early
months = st.integers(1, 60).map(float)  # whole months: many ties


@settings(deadline=None, derandomize=True, max_examples=40)
@given(
    cohort=st.lists(st.tuples(months, st.booleans(), st.integers(0, 59)), min_size=1, max_size=30),
    late=st.booleans(),
)
def test_lifelines_agrees(cohort: list[tuple[float, bool, int]], late: bool) -> None:
    # One patient is followed throughout, so that the curve never reaches 0 (there lifelines gives
    # no useful interval). Entries lie at half months: a tie of entry and death is counted
    # differently there.
    everyone = [*cohort, (61.0, False, 0)]
    time, event, begin = (np.array(row, dtype=float) for row in zip(*everyone, strict=True))
    entry = np.minimum(begin, time - 1) + 0.5 if late else None
    if entry is not None:
        entry[-1] = 0
    assume(event.any())
    ours = kaplan_meier(time, event, entry)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = KaplanMeierFitter().fit(time, event, entry=entry)
    table = theirs.event_table.loc[ours.times]
    assert (table["at_risk"].to_numpy() == ours.at_risk).all()
    assert (table["observed"].to_numpy() == ours.events).all()
    limits: pandas.DataFrame = theirs.confidence_interval_.loc[ours.times]
    np.testing.assert_allclose(np.ravel(theirs.predict(ours.times)), ours.survival, atol=1e-12)
    np.testing.assert_allclose(limits.iloc[:, 0], ours.lower, atol=1e-9)
    np.testing.assert_allclose(limits.iloc[:, 1], ours.upper, atol=1e-9)


def test_lifelines_agrees_on_median_and_mean() -> None:
    time = np.round(stats.weibull_min.rvs(1.4, scale=35, size=400, random_state=1), 2)
    event = time < 60
    time = np.minimum(time, 60)
    ours = kaplan_meier(time, event)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = KaplanMeierFitter().fit(time, event)
        limits = median_survival_times(theirs.confidence_interval_).to_numpy()[0]
        mean = restricted_mean_survival_time(theirs, t=48)
    half = median(ours)
    assert (half.value, half.low, half.high) == (theirs.median_survival_time_, *limits)
    assert restricted_mean(ours, 48) == pytest.approx(mean, rel=1e-9)


@settings(deadline=None, derandomize=True, max_examples=30)
@given(cohort=cohorts, rho=st.sampled_from([0, 0.5, 1]), gamma=st.sampled_from([0, 1, 2]))
def test_lifelines_agrees_on_log_rank_tests(
    cohort: list[tuple[float, bool, int, int]], rho: float, gamma: float
) -> None:
    time, event, _, group = unpack(cohort, late=False)
    second = group > 0
    assume(event.any() and second.any() and not second.all())
    ours = weighted_logrank(time, event, second, rho=rho, gamma=gamma)
    assume(not np.isnan(ours.z))
    parts = (time[~second], time[second], event[~second], event[second])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = logrank_test(*parts, weightings="fleming-harrington", p=rho, q=gamma)
        many = multivariate_logrank_test(time, group, event)
    assert ours.statistic == pytest.approx(theirs.test_statistic, rel=1e-6, abs=1e-9)
    assert ours.p == pytest.approx(theirs.p_value, rel=1e-6)
    three = logrank(time, event, group)
    if three.degrees == len(three.labels) - 1:
        assert three.statistic == pytest.approx(many.test_statistic, rel=1e-6, abs=1e-9)
        assert three.p == pytest.approx(many.p_value, rel=1e-6)


def table_of(data: tuple[Array, Array, Array | None, Array]) -> pandas.DataFrame:
    time, event, entry, covariates = data
    table = pandas.DataFrame(covariates, columns=[str(k) for k in range(covariates.shape[1])])
    table["time"], table["event"] = time, event
    if entry is not None:
        table["entry"] = entry
    return table


def lifelines_cox(
    data: tuple[Array, Array, Array | None, Array], robust: bool = False, cluster: bool = False
) -> CoxPHFitter:
    table = table_of(data)
    options = {"robust": True} if robust else {}
    if data[2] is not None:
        options["entry_col"] = "entry"
    if cluster:
        table["cluster"] = np.arange(len(table)) // 2
        options["cluster_col"] = "cluster"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return CoxPHFitter().fit(table, "time", "event", fit_options=PRECISE, **options)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("ties", [False, True])
def test_lifelines_agrees_on_cox(seed: int, late: bool, ties: bool) -> None:
    data = drawn(150, seed, late, ties)
    time, event, entry, covariates = data
    ours, theirs = cox(time, event, covariates, entry), lifelines_cox(data)
    np.testing.assert_allclose(ours.coefficients, theirs.params_, atol=1e-6)
    np.testing.assert_allclose(ours.errors, theirs.standard_errors_, rtol=1e-6)
    assert ours.log_likelihood == pytest.approx(theirs.log_likelihood_, rel=1e-9)
    one = (time, event, entry, covariates[:, :1])
    arms, fit = hazard_ratio(time, event, covariates[:, 0], entry), lifelines_cox(one)
    assert arms.log_ratio == pytest.approx(fit.params_.iloc[0], abs=1e-6)
    assert arms.error == pytest.approx(fit.standard_errors_.iloc[0], rel=1e-6)
    assert arms.p == pytest.approx(fit.summary["p"].iloc[0], rel=1e-5)


@pytest.mark.parametrize("cluster", [False, True])
@pytest.mark.parametrize("seed", [1, 2])
def test_lifelines_agrees_on_robust_errors(seed: int, cluster: bool) -> None:
    # Without ties or late entry: there lifelines says itself that it is not exact.
    data = drawn(150, seed)
    time, event, _, covariates = data
    pairs = np.arange(150) // 2 if cluster else None
    ours, theirs = cox(time, event, covariates, cluster=pairs), lifelines_cox(data, True, cluster)
    np.testing.assert_allclose(ours.robust_errors, theirs.standard_errors_, rtol=1e-6)


def test_lifelines_agrees_on_schoenfeld_residuals() -> None:
    data = drawn(80, 6)
    time, event, _, covariates = data
    ours, fit = proportional_hazards(time, event, covariates), lifelines_cox(data)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = fit.compute_residuals(table_of(data), "scaled_schoenfeld")
    in_time = theirs.to_numpy()[np.argsort(time[theirs.index])]
    np.testing.assert_allclose(ours.residuals - fit.params_.to_numpy(), in_time, atol=1e-6)


def test_lifelines_agrees_on_recidivism() -> None:
    """432 released prisoners, arrests by week: many ties, seven covariates."""
    rossi = load_rossi()
    covariates = rossi.drop(columns=["week", "arrest"])
    ours = cox(rossi["week"], rossi["arrest"], covariates)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = CoxPHFitter().fit(rossi, "week", "arrest", fit_options=PRECISE)
    np.testing.assert_allclose(ours.coefficients, theirs.params_, atol=1e-6)
    np.testing.assert_allclose(ours.errors, theirs.standard_errors_, rtol=1e-6)


def test_lifelines_agrees_on_cumulative_incidence() -> None:
    # Without ties: lifelines moves tied times apart at random.
    time, event, _, covariates = drawn(120, 5)
    cause = np.where(event, 1 + (covariates[:, 0] > 0), 0)
    ours = cumulative_incidence(time, cause)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = AalenJohansenFitter(calculate_variance=False).fit(time, cause, event_of_interest=1)
    months = np.linspace(0.5, time.max(), 50)
    rows = theirs.cumulative_density_
    values = rows.to_numpy()[np.searchsorted(rows.index, months, side="right") - 1, 0]
    np.testing.assert_allclose(incidence_at(ours, months)[0], values, atol=1e-9)


def test_lifelines_agrees_on_concordance() -> None:
    time, event, _, covariates = drawn(120, 7)  # it treats tied events in its own way
    score = np.round(covariates[:, 1], 1)
    theirs = concordance_index(time, -score, event)
    assert concordance(time, event, score).estimate.value == pytest.approx(theirs, rel=1e-9)
