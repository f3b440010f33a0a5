"""Mixed models, analysis of covariance and shares held against statsmodels and scipy."""

import sys
import warnings

import numpy as np
import pytest
from scipy import stats
from tests.statistics.slope_trials import DAYS, SLEEP, Truth, draw

from alssim.statistics.ancova import compare_change, compare_outcome
from alssim.statistics.followup import FloatArray
from alssim.statistics.joint_rank import rank_sum_test
from alssim.statistics.mixed import Method, mixed_model
from alssim.statistics.proportions import compare_shares, share

if sys.version_info >= (3, 15):
    pytest.skip("statsmodels cannot be installed on Python 3.15 yet", allow_module_level=True)

with warnings.catch_warnings():  # another project's warnings are not ours to fix
    warnings.simplefilter("ignore")
    import statsmodels.api as models
    from statsmodels.stats import proportion

CLOSE = 1e-6
METHODS: tuple[Method, ...] = ("REML", "ML")


def long_form(
    scores: FloatArray, times: FloatArray, terms: list[FloatArray]
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return scores, fixed terms, random terms and patient numbers, one row per score."""
    seen = ~np.isnan(scores)
    columns = [np.broadcast_to(term, scores.shape)[seen] for term in terms]
    line = [np.ones(seen.sum()), np.broadcast_to(times, scores.shape)[seen]]
    number = np.broadcast_to(np.arange(len(scores))[:, None], scores.shape)[seen]
    return scores[seen], np.column_stack(columns), np.column_stack(line), number


def fit_theirs(
    scores: FloatArray, times: FloatArray, terms: list[FloatArray], method: Method
) -> object:
    """Fit by statsmodels, to a gradient of 1e-6 or less."""
    outcome, fixed, line, number = long_form(scores, times, terms)
    model = models.MixedLM(outcome, fixed, number, exog_re=line)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return model.fit(reml=method == "REML", method=["bfgs"], gtol=1e-8, maxiter=500)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("data", ["complete", "unbalanced", "covariate"])
def test_mixed_model(data: str, method: Method) -> None:
    if data == "complete":
        scores, times, treated, burden = SLEEP, DAYS, None, None
        terms = [np.ones((18, 1)), times]
    else:
        trial = draw(Truth(months=12, every=1), 1, 40, seed=21)
        scores, times, treated = trial.scores[0], trial.times, trial.treated
        terms = [np.ones((80, 1)), times, times * treated[:, None]]
        burden = np.random.default_rng(5).normal(size=(80, 1)) if data == "covariate" else None
        if burden is not None:
            terms.insert(1, burden - burden.mean())
    ours = mixed_model(scores, times, treated, burden, method=method)
    theirs = fit_theirs(scores, times, terms, method)
    np.testing.assert_allclose(theirs.fe_params, ours.coefficients, rtol=CLOSE)  # type: ignore[attr-defined]
    own = np.asarray(theirs.cov_re)  # type: ignore[attr-defined]
    assert own[0, 0] == pytest.approx(float(ours.intercept_spread), rel=CLOSE)
    assert own[1, 1] == pytest.approx(float(ours.slope_spread), rel=CLOSE)
    assert own[0, 1] == pytest.approx(float(ours.joint_spread), rel=10 * CLOSE)
    assert theirs.scale == pytest.approx(float(ours.noise), rel=CLOSE)  # type: ignore[attr-defined]
    assert theirs.llf == pytest.approx(float(ours.log_likelihood), rel=1e-9)  # type: ignore[attr-defined]


@pytest.mark.parametrize("method", METHODS)
def test_covariance_of_the_coefficients(method: Method) -> None:
    # generalised least squares with the covariance of the fitted model, by statsmodels; its own
    # MixedLM errors add terms that other packages, and we, leave out
    trial = draw(Truth(months=12, every=2), 1, 20, seed=22)
    scores, times = trial.scores[0], trial.times
    ours = mixed_model(scores, times, trial.treated, method=method)
    terms = [np.ones((40, 1)), times, times * trial.treated[:, None]]
    outcome, fixed, line, number = long_form(scores, times, terms)
    own = np.array(
        [[ours.intercept_spread, ours.joint_spread], [ours.joint_spread, ours.slope_spread]]
    )
    alike = number[:, None] == number
    cover = np.where(alike, line @ own @ line.T, 0) + ours.noise * np.eye(len(number))
    theirs = models.GLS(outcome, fixed, cover).fit(cov_type="fixed scale", use_t=False)
    np.testing.assert_allclose(theirs.params, ours.coefficients, rtol=CLOSE)
    np.testing.assert_allclose(
        theirs.normalized_cov_params, ours.covariance, rtol=CLOSE, atol=1e-12
    )


def test_change_from_baseline() -> None:
    luck = np.random.default_rng(23)
    first = luck.normal(38, 5, 60).round()
    later = (first - luck.normal(5, 3, 60)).round()
    later[luck.random(60) < 0.2] = np.nan
    first[3] = np.nan
    arm, age = luck.random(60) < 0.4, luck.normal(60, 10, (60, 1))
    ours = compare_change(first, later, arm, age)
    seen = ~np.isnan(first) & ~np.isnan(later)
    columns = [np.ones(60), arm, first, age[:, 0]]
    middle = [0, 0, first[seen].mean(), age[seen].mean()]
    terms = np.column_stack([c - m for c, m in zip(columns, middle, strict=True)])[seen]
    theirs = models.OLS((later - first)[seen], terms).fit()
    assert ours.patients == seen.sum() == theirs.nobs
    for effect, weights in (
        (ours.untreated, [1, 0, 0, 0]),
        (ours.treated, [1, 1, 0, 0]),
        (ours.difference, [0, 1, 0, 0]),
    ):
        test = theirs.t_test(weights)
        low, high = test.conf_int()[0]
        numbers = [effect.value, effect.error, effect.low, effect.high, effect.degrees]
        expected = [test.effect[0], test.sd[0, 0], low, high, theirs.df_resid]
        np.testing.assert_allclose(numbers, expected, rtol=CLOSE)
        assert effect.p == pytest.approx(float(test.pvalue), rel=CLOSE)


def test_without_covariates_it_is_students_t() -> None:
    luck = np.random.default_rng(24)
    outcome, arm = luck.normal(size=50), luck.random(50) < 0.5
    ours = compare_outcome(outcome, arm)
    theirs = stats.ttest_ind(outcome[arm], outcome[~arm])
    assert ours.difference.p == pytest.approx(theirs.pvalue, rel=CLOSE)
    low, high = theirs.confidence_interval()
    assert (ours.difference.low, ours.difference.high) == pytest.approx((low, high), rel=CLOSE)


@pytest.mark.parametrize(
    "counts", [(56, 70, 48, 80), (0, 10, 0, 20), (10, 10, 0, 20), (5, 56, 0, 29)]
)
def test_shares(counts: tuple[int, int, int, int]) -> None:
    ours = compare_shares(*counts)
    low, high = proportion.confint_proportions_2indep(*counts, method="newcomb", compare="diff")
    assert (ours.low, ours.high) == pytest.approx((low, high), rel=CLOSE, abs=1e-12)
    for count, size in (counts[:2], counts[2:]):
        edges = proportion.proportion_confint(count, size, method="wilson")
        mine = share(count, size)
        assert (mine.low, mine.high) == pytest.approx(edges, rel=CLOSE, abs=1e-12)
    table = [[counts[0], counts[1] - counts[0]], [counts[2], counts[3] - counts[2]]]
    if 0 < counts[0] + counts[2] < counts[1] + counts[3]:
        p = stats.chi2_contingency(table, correction=False).pvalue
        assert ours.p == pytest.approx(p, rel=CLOSE)
    else:
        assert ours.p == 1


@pytest.mark.parametrize("levels", [3, 10, 10_000])
def test_rank_sum_test(levels: int) -> None:
    luck = np.random.default_rng(25)
    rank = stats.rankdata(luck.integers(0, levels, 80))
    arm = luck.random(80) < 0.4
    theirs = stats.mannwhitneyu(rank[arm], rank[~arm], use_continuity=False, method="asymptotic")
    assert rank_sum_test(rank, arm) == pytest.approx(theirs.pvalue, rel=CLOSE)
