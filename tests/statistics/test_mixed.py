"""Random intercepts and slopes: published fits, a dense second fit, laws, and the borders."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize
from tests.statistics.slope_trials import DAYS, SLEEP, Truth, draw, parts_of

from alssim.errors import UsageError
from alssim.statistics.effect import Effect
from alssim.statistics.followup import FloatArray
from alssim.statistics.mixed import MixedModel, compare_slopes, contrast, mean_slope, mixed_model
from alssim.statistics.repeated import read_scores, scaled, straight_lines, without_line
from alssim.statistics.slope_likelihood import fit_fixed, full_curvature, profile

PUBLISHED = {
    # lmerTest's documentation of contest1D, for these data: estimate, error, degrees, limits, p
    "intercept": (251.4051, 6.824597, 17, 237.0064, 265.8038, 1.1716e-17),
    "days": (10.46729, 1.54579, 17, 7.205955, 13.72862, 3.26382e-06),
}
SMALL = Truth(months=12, every=2)


def test_published_fit() -> None:
    model = mixed_model(SLEEP, DAYS)
    assert model.found
    # as printed by lme4: REML criterion 1743.6; variances 612.10, 35.07, 654.94; correlation 0.07
    assert round(-2 * float(model.log_likelihood), 1) == 1743.6
    assert model.intercept_spread == pytest.approx(612.10, abs=0.02)
    assert model.slope_spread == pytest.approx(35.07, abs=0.005)
    assert model.noise == pytest.approx(654.94, abs=0.005)
    correlation = model.joint_spread / np.sqrt(model.intercept_spread * model.slope_spread)
    assert correlation == pytest.approx(0.066, abs=0.0006)
    assert (model.patients, model.scores) == (18, 180)


@pytest.mark.parametrize(("term", "weights"), [("intercept", [1, 0]), ("days", [0, 1])])
def test_published_intervals(term: str, weights: list[float]) -> None:
    found = contrast(mixed_model(SLEEP, DAYS), weights)
    value, error, degrees, low, high, p = PUBLISHED[term]
    assert found.value == pytest.approx(value, rel=1e-6)
    assert found.error == pytest.approx(error, rel=1e-5)
    assert found.degrees == pytest.approx(degrees, abs=1e-3)
    assert found.low == pytest.approx(low, rel=1e-5)
    assert found.high == pytest.approx(high, rel=1e-5)
    assert found.p == pytest.approx(p, rel=1e-3)


# --------------------------------------------------- a second fit, with dense matrices and patience


def dense_deviance(
    natural: FloatArray, scores: FloatArray, times: FloatArray, arm: FloatArray, restricted: bool
) -> float:
    """Return -2 log likelihood by matrices of every patient; ``natural`` are log sds, atanh r."""
    level, slope, noise = np.exp(natural[[0, 1, 3]])
    cross = np.tanh(natural[2]) * level * slope
    own = np.array([[level**2, cross], [cross, slope**2]])
    gram, toward, square, logs, count = np.zeros((3, 3)), np.zeros(3), 0.0, 0.0, 0
    for row, treated in zip(scores, arm, strict=True):
        seen = ~np.isnan(row)
        if not seen.any():
            continue
        line = np.column_stack([np.ones(seen.sum()), times[seen]])
        fixed = np.column_stack([line, times[seen] * treated])
        cover = line @ own @ line.T + noise**2 * np.eye(seen.sum())
        inverse = np.linalg.inv(cover)
        gram += fixed.T @ inverse @ fixed
        toward += fixed.T @ inverse @ row[seen]
        square += row[seen] @ inverse @ row[seen]
        logs += np.linalg.slogdet(cover)[1]
        count += seen.sum()
    rest = square - toward @ np.linalg.solve(gram, toward)
    if restricted:
        return logs + rest + np.linalg.slogdet(gram)[1] + (count - 3) * np.log(2 * np.pi)
    return float(logs + rest + count * np.log(2 * np.pi))


@pytest.mark.parametrize("method", ["REML", "ML"])
def test_dense_fit_agrees(method: str) -> None:
    trial = draw(SMALL, 1, 15, seed=4)
    scores, restricted = trial.scores[0], method == "REML"
    model = mixed_model(scores, trial.times, trial.treated, method=method)  # type: ignore[arg-type]
    data = (scores, trial.times, trial.treated.astype(float), restricted)
    best = optimize.minimize(dense_deviance, [1.5, -0.5, 0.0, 0.5], data, options={"gtol": 1e-6})
    assert -best.fun / 2 == pytest.approx(float(model.log_likelihood), abs=1e-7)
    level, slope, noise = np.exp(best.x[[0, 1, 3]]) ** 2
    assert model.intercept_spread == pytest.approx(level, rel=1e-4)
    assert model.slope_spread == pytest.approx(slope, rel=1e-4)
    assert model.noise == pytest.approx(noise, rel=1e-4)


@pytest.mark.parametrize("restricted", [True, False])
def test_derivatives_are_those_of_the_value(restricted: bool) -> None:
    trial = draw(SMALL, 2, 8, seed=5)
    given_scores, _ = scaled(read_scores(trial.scores, trial.times))
    ones, arm = np.ones((2, 16, 1)), np.broadcast_to(trial.treated[:, None] * 1.0, (2, 16, 1))
    level = np.concatenate([ones, 0 * ones, 0 * ones], axis=2)
    slope = np.concatenate([0 * ones, ones, arm], axis=2)
    lines = straight_lines(without_line(given_scores, level, slope)[0], level, slope)
    freedom = lines.count.sum(axis=1) - (3 if restricted else 0)
    at = np.array([[2.0, 0.4, 1.1], [1.5, -0.3, 0.7]])

    def value_at(point: FloatArray) -> FloatArray:
        return profile(lines, point, freedom, restricted).value

    def slope_at(point: FloatArray) -> FloatArray:
        return profile(lines, point, freedom, restricted).slope

    here = profile(lines, at, freedom, restricted)
    for k, step in enumerate(1e-5 * np.eye(3)):
        rise = (value_at(at + step) - value_at(at - step)) / 2e-5
        np.testing.assert_allclose(here.slope[:, k], rise, rtol=1e-6, atol=1e-6)
        bend = (slope_at(at + step) - slope_at(at - step)) / 2e-5
        np.testing.assert_allclose(here.curvature[:, k], bend, rtol=1e-6, atol=1e-6)
    noise = fit_fixed(lines, at).squares / freedom
    full = full_curvature(lines, at, noise, freedom, restricted)
    # profiling the noise out of the full curvature gives the curvature of the profile
    profiled = full[:, :3, :3] - full[:, :3, 3:] @ full[:, 3:, :3] / full[:, 3:, 3:]
    np.testing.assert_allclose(profiled, here.curvature, rtol=1e-9)


# ------------------------------------------------------------------------------------------ laws


def same(left: Effect, right: Effect, factor: float = 1.0, rel: float = 1e-7) -> None:
    assert left.value == pytest.approx(factor * right.value, rel=rel, abs=1e-9)
    assert left.error == pytest.approx(factor * right.error, rel=rel)
    assert left.degrees == pytest.approx(right.degrees, rel=1e-5)
    assert left.p == pytest.approx(right.p, rel=1e-5, abs=1e-12)


def test_balanced_and_complete_scores_need_no_model() -> None:
    # every patient at every visit: the mean slope is that of the least-squares lines, and its
    # error follows from how these vary
    slopes = np.polyfit(DAYS, SLEEP.T, 1)[0]
    found = mean_slope(SLEEP, DAYS)
    assert found.value == pytest.approx(slopes.mean(), rel=1e-9)
    assert found.error == pytest.approx(slopes.std(ddof=1) / np.sqrt(18), rel=1e-6)
    assert found.degrees == pytest.approx(17, rel=1e-6)


@settings(deadline=None, derandomize=True, max_examples=25)
@given(
    seed=st.integers(0, 10_000),
    lift=st.floats(-50, 50),
    tilt=st.floats(-3, 3),
    zoom=st.sampled_from([0.01, 1.0, 30.0]),
    clock=st.sampled_from([1 / 30.4, 1.0, 12.0]),
)
def test_units_and_lines_added_to_all(
    seed: int, lift: float, tilt: float, zoom: float, clock: float
) -> None:
    trial = draw(SMALL, 1, 12, seed)
    scores = trial.scores[0]
    plain = compare_slopes(scores, trial.times, trial.treated)
    moved = compare_slopes(
        zoom * (scores + lift + tilt * trial.times), clock * trial.times, trial.treated
    )
    same(moved.difference, plain.difference, zoom / clock, rel=1e-5)
    assert moved.untreated.value == pytest.approx(
        zoom / clock * (plain.untreated.value + tilt), rel=1e-6, abs=1e-8
    )
    assert moved.model.noise == pytest.approx(zoom**2 * plain.model.noise, rel=1e-5)


def test_swapping_arms_turns_the_difference_around() -> None:
    trial = draw(SMALL, 1, 12, seed=8)
    here = compare_slopes(trial.scores[0], trial.times, trial.treated)
    there = compare_slopes(trial.scores[0], trial.times, ~trial.treated)
    assert there.difference.value == pytest.approx(-here.difference.value, rel=1e-8)
    same(there.treated, here.untreated)


def test_order_of_patients_and_visits_does_not_matter() -> None:
    trial = draw(SMALL, 1, 12, seed=9)
    order, visits = np.random.default_rng(1).permutation(24), [3, 1, 0, 2, 6, 5, 4]
    here = compare_slopes(trial.scores[0], trial.times, trial.treated)
    there = compare_slopes(
        trial.scores[0][order][:, visits], trial.times[visits], trial.treated[order]
    )
    same(there.difference, here.difference)


def test_patients_without_scores_change_nothing() -> None:
    trial = draw(SMALL, 1, 12, seed=10)
    scores = np.vstack([trial.scores[0], np.full((5, len(trial.times)), np.nan)])
    treated = np.append(trial.treated, [True, False, True, False, True])
    more = compare_slopes(scores, trial.times, treated)
    same(more.difference, compare_slopes(trial.scores[0], trial.times, trial.treated).difference)
    assert more.model.patients == 24


def test_many_trials_at_once_are_the_trials_one_by_one() -> None:
    trial = draw(SMALL, 5, 12, seed=11)
    many = compare_slopes(trial.scores, trial.times, trial.treated)
    for k, scores in enumerate(trial.scores):
        one = compare_slopes(scores, trial.times, trial.treated)
        for name, value in parts_of(one.difference).items():
            whole = getattr(many.difference, name)[k]
            np.testing.assert_allclose(whole, value, rtol=1e-8, err_msg=name)
        assert many.model.noise[k] == pytest.approx(float(one.model.noise), rel=1e-9)


def test_times_of_each_patient() -> None:
    trial = draw(SMALL, 2, 12, seed=12)
    spread = np.broadcast_to(trial.times, trial.scores.shape)
    here = compare_slopes(trial.scores, trial.times, trial.treated)
    there = compare_slopes(trial.scores, spread, np.tile(trial.treated, (2, 1)))
    assert (here.difference.value == there.difference.value).all()
    late = np.where(np.isnan(trial.scores), np.nan, spread)  # no score, no time needed
    assert (
        compare_slopes(trial.scores, late, trial.treated).difference.p == here.difference.p
    ).all()


def test_a_covariate_that_explains_the_level_sharpens_it() -> None:
    trial = draw(Truth(months=12, every=2, level_sd=0.01), 1, 30, seed=13)
    burden = np.random.default_rng(2).normal(size=(60, 1))
    scores = trial.scores[0] + 4 * burden
    with_it = mixed_model(scores, trial.times, trial.treated, burden)
    without = mixed_model(scores, trial.times, trial.treated)
    assert with_it.coefficients[1] == pytest.approx(4, abs=0.5)
    assert with_it.intercept_spread < 1 < without.intercept_spread
    assert with_it.coefficients[-1] == pytest.approx(float(without.coefficients[-1]), abs=0.2)


def test_a_covariate_of_the_slope() -> None:
    trial = draw(SMALL, 1, 40, seed=14)
    pace = np.random.default_rng(3).normal(size=(80, 1))
    scores = trial.scores[0] + 2 * pace * trial.times
    model = mixed_model(scores, trial.times, trial.treated, slope_covariates=pace)
    assert model.coefficients[-1] == pytest.approx(2, abs=0.25)
    plain = compare_slopes(scores, trial.times, trial.treated)
    adjusted = compare_slopes(scores, trial.times, trial.treated, slope_covariates=pace)
    assert adjusted.difference.error < plain.difference.error / 2


# --------------------------------------------------------------------------------------- borders


BORDERS = [
    Truth(slope_sd=0, level_slope=0),
    Truth(level_sd=0),
    Truth(slope_sd=0, level_sd=0),
    Truth(level_slope=1.0),
    Truth(level_slope=-1.0),
]


@pytest.mark.parametrize("truth", BORDERS, ids=str)
def test_no_spread_or_perfect_correlation(truth: Truth) -> None:
    trial = draw(truth, 40, 20, seed=15, deadly=False)
    model = mixed_model(trial.scores, trial.times, trial.treated)
    assert model.found.all()
    assert model.noise.mean() == pytest.approx(truth.noise**2, rel=0.05)
    assert (model.slope_spread >= 0).all() and (model.intercept_spread >= 0).all()
    together = model.intercept_spread * model.slope_spread - model.joint_spread**2
    assert (together >= -1e-9 * model.intercept_spread * model.slope_spread).all()


def test_no_start_finds_a_better_place() -> None:
    # at a border the dense fit, from several starts, finds no larger likelihood
    trial = draw(Truth(slope_sd=0.02, months=12, every=2), 2, 8, seed=16)
    models = mixed_model(trial.scores, trial.times, trial.treated)
    for k, scores in enumerate(trial.scores):
        data = (scores, trial.times, trial.treated.astype(float), True)
        for start in ([1.5, -0.5, 0, 0.5], [1.5, -4.0, 1.0, 0.5]):
            best = optimize.minimize(dense_deviance, start, data)
            assert -best.fun / 2 <= models.log_likelihood[k] + 1e-5


def test_results_cannot_be_changed() -> None:
    model: MixedModel = mixed_model(SLEEP, DAYS)
    with pytest.raises(ValueError, match="read-only"):
        model.coefficients[0] = 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"scores": SLEEP[0]}, r"\[patient, visit\]"),
        ({"times": DAYS[:5]}, r"times has shape \(5,\), scores has \(18, 10\)"),
        ({"times": np.full(10, np.inf)}, "finite numbers"),
        ({"times": np.zeros(10)}, "replicate 0: a slope needs scores at more than one time"),
        ({"times": np.ones(10)}, "cannot be told apart"),
        ({"treated": [True] * 18}, "replicate 0 has no untreated patient with a score"),
        ({"treated": [True, False]}, r"treated has shape \(2,\), expected \(18,\)"),
        ({"treated": [2] * 18}, "treated must be true or false"),
        ({"covariates": np.ones((18, 1))}, "cannot be told apart"),
        ({"covariates": np.ones(18)}, r"expected \[patient, column\]"),
        ({"covariates": np.full((18, 1), np.nan)}, "covariates must hold finite"),
        ({"scores": SLEEP[:, :2], "times": DAYS[:2]}, "no patient has three scores"),
        ({"scores": np.outer(np.arange(18), DAYS)}, "without noise"),
        ({"scores": SLEEP[:2, :2], "times": DAYS[:2], "treated": [True, False]}, "three scores"),
        ({"method": "EM"}, "method = 'EM' is unknown; use REML or ML"),
    ],
)
def test_wrong_use(change: dict[str, object], message: str) -> None:
    right = {"scores": SLEEP, "times": DAYS, "treated": np.arange(18) % 2 == 0}
    with pytest.raises(UsageError, match=message):
        compare_slopes(**(right | change))  # type: ignore[arg-type]


def test_wrong_weights() -> None:
    with pytest.raises(UsageError, match=r"weights has shape \(3,\), expected \(2,\)"):
        contrast(mixed_model(SLEEP, DAYS), [1, 0, 0])
