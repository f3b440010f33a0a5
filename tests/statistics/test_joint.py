"""Joint model of scores and survival: two further likelihoods, laws, recovery, wrong use."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import optimize, special, stats
from tests.statistics.slope_trials import Trial, Truth, draw, parts_of

from alssim.errors import UsageError
from alssim.statistics.followup import FloatArray
from alssim.statistics.joint import (
    JointModel,
    compare_joint_slopes,
    joint_mean_slope,
    joint_model,
    read_slopes,
)
from alssim.statistics.joint_likelihood import Followed, minus_log_likelihood, rough_shape, shape
from alssim.statistics.mixed import mixed_model
from alssim.statistics.repeated import read_scores, straight_lines

# noisy and short, so that a coarse grid is exact
COARSE = Truth(noise=2.5, level_sd=2.0, months=12, log_time=2.6, slope_survival=0.5)


def arguments(trial: Trial, k: int | None = None) -> tuple[object, ...]:
    """Return what the models take, of one replicate or of all."""
    pick = slice(None) if k is None else k
    return (trial.scores[pick], trial.times, trial.ended[pick], trial.died[pick])


# ------------------------------------------------- by quadrature over intercept and slope


GRID = np.linspace(-6, 6, 41)
NODES = np.stack(np.meshgrid(GRID, GRID, indexing="ij"), axis=-1).reshape(-1, 2)
LOG_WEIGHT = stats.norm.logpdf(NODES).sum(axis=1) + 2 * np.log(GRID[1] - GRID[0])


def by_quadrature(natural: FloatArray, trial: Trial) -> float:
    """Return minus the log likelihood of one group, summing over a grid of own lines.

    ``natural``: intercept, slope, mean log time, log sds of level, slope, noise and log time,
    atanh of their correlation, effects of own level and own slope on log time.
    """
    intercept, slope, mean, *widths, turn, of_level, of_slope = natural
    level_sd, slope_sd, noise, tail = np.exp(widths)
    level, corner = level_sd * NODES[:, 0], np.tanh(turn)
    drift = slope_sd * (corner * NODES[:, 0] + np.sqrt(1 - corner**2) * NODES[:, 1])
    log = np.tile(LOG_WEIGHT, (trial.scores.shape[1], 1))
    for time, scores in zip(trial.times, trial.scores[0].T, strict=True):
        far = (scores[:, None] - intercept - level - (slope + drift) * time) / noise
        log += np.where(np.isnan(far), 0, -(far**2) / 2 - np.log(noise) - np.log(2 * np.pi) / 2)
    end, died = np.log(trial.ended[0])[:, None], trial.died[0][:, None]
    far = (end - mean - of_level * level - of_slope * drift) / tail
    density = -(far**2) / 2 - np.log(tail) - np.log(2 * np.pi) / 2 - end
    log += np.where(died, density, special.log_ndtr(-far))
    return -float(special.logsumexp(log, axis=1).sum())


def test_quadrature_finds_the_same_maximum() -> None:
    trial = draw(COARSE, 1, 15, seed=41)
    ours = joint_model(*arguments(trial, 0))  # type: ignore[arg-type]
    start = np.array([37, -0.8, 2.5, 0.7, -0.7, 0.9, -0.5, 0.0, 0.0, 0.0])
    best = optimize.minimize(by_quadrature, start, (trial,), options={"gtol": 1e-4})
    assert -best.fun == pytest.approx(float(ours.log_likelihood), abs=1e-6)
    intercept, slope, mean, _, slope_sd, noise, tail, turn, of_level, of_slope = best.x
    np.testing.assert_allclose(ours.coefficients, [intercept, slope], rtol=1e-4)
    assert ours.survival[0] == pytest.approx(mean, rel=1e-4)
    assert ours.slope_spread == pytest.approx(np.exp(2 * slope_sd), rel=1e-3)
    assert ours.noise == pytest.approx(np.exp(2 * noise), rel=1e-3)
    own = np.exp(best.x[3:5])
    cover = np.array([[1, np.tanh(turn)], [np.tanh(turn), 1]]) * own[:, None] * own
    pull = np.array([of_level, of_slope])
    log_spread = np.exp(2 * tail) + pull @ cover @ pull
    assert ours.log_spread == pytest.approx(log_spread, rel=1e-3)
    correlation = (cover @ pull)[1] / np.sqrt(cover[1, 1] * log_spread)
    assert ours.slope_survival == pytest.approx(correlation, abs=1e-3)
    # the standard error of the slope, from the curvature of the quadrature
    curvature = second_differences(lambda at: by_quadrature(at, trial), best.x, 1e-3)
    error = np.sqrt(np.linalg.inv(curvature)[1, 1])
    assert np.sqrt(ours.covariance[1, 1]) == pytest.approx(error, rel=1e-3)


def second_differences(value: object, at: FloatArray, step: float) -> FloatArray:
    count = len(at)
    found = np.empty((count, count))
    steps = step * np.eye(count)
    for i in range(count):
        for j in range(i + 1):
            ends = [(1, 1), (1, -1), (-1, 1), (-1, -1)]
            signed = [s * t * value(at + s * steps[i] + t * steps[j]) for s, t in ends]  # type: ignore[operator]
            found[i, j] = found[j, i] = sum(signed) / (4 * step * step)
    return found


# --------------------------------------------------- as one big normal distribution


def by_normal_distribution(model: JointModel, trial: Trial, parameters: FloatArray) -> float:
    """Return the log likelihood of two arms from normal distributions of scipy.

    ``parameters`` as in ``joint_likelihood``, of scores, times and log times not scaled.
    """
    beta, mu, (a, b, c, rho0, rho1, log_noise, tau) = np.split(parameters, [3, 5])
    factor, pull = np.array([[a, 0], [b, c]]), np.array([rho0, rho1])
    total = 0.0
    for scores, end, died, treated in zip(
        trial.scores[0], trial.ended[0], trial.died[0], trial.treated, strict=True
    ):
        seen = ~np.isnan(scores)
        line = np.column_stack([np.ones(seen.sum()), trial.times[seen]])
        mean = line @ [beta[0], beta[1] + beta[2] * treated]
        cover = line @ factor @ factor.T @ line.T + np.exp(2 * log_noise) * np.eye(seen.sum())
        total += stats.multivariate_normal.logpdf(scores[seen], mean, cover)
        cross = line @ factor @ pull
        middle = mu[0] + mu[1] * treated + cross @ np.linalg.solve(cover, scores[seen] - mean)
        width = np.sqrt(pull @ pull + tau**2 - cross @ np.linalg.solve(cover, cross))
        if died:
            total += stats.norm.logpdf(np.log(end), middle, width)
        else:
            total += stats.norm.logsf(np.log(end), middle, width)
    return float(total)


def followed(trial: Trial) -> Followed:
    """Return a trial as the likelihood takes it."""
    count = trial.scores.shape[1]
    one = np.ones((len(trial.scores), count, 1))
    arm = one * trial.treated[:, None]
    level = np.concatenate([one, 0 * one, 0 * one], axis=2)
    slope = np.concatenate([0 * one, one, arm], axis=2)
    lines = straight_lines(read_scores(trial.scores, trial.times), level, slope)
    return Followed(lines, np.log(trial.ended), trial.died, np.concatenate([one, arm], axis=2))


def some_parameters(seed: int) -> FloatArray:
    luck = np.random.default_rng(seed)
    middle = np.array([38, -1, 0.2, 3, 0.2, 4, 0.1, 0.5, 0.1, 0.3, 0.4, 0.5])
    return middle + 0.1 * luck.normal(size=12)


@pytest.mark.parametrize("seed", range(4))
def test_likelihood_is_that_of_the_normal_distribution(seed: int) -> None:
    trial, at = draw(Truth(), 1, 10, seed=42 + seed), some_parameters(seed)
    expected = by_normal_distribution(joint_model(*arguments(trial)), trial, at)  # type: ignore[arg-type]
    found = minus_log_likelihood(followed(trial), at[None])[0]
    assert -found[0] == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("change", [{}, {10: 0.0}, {7: 0.0}, {5: 0.0, 6: 0.3}, {11: 0.0}])
def test_derivatives_are_those_of_the_value(change: dict[int, float]) -> None:
    data = followed(draw(Truth(), 2, 10, seed=43))
    at = np.stack([some_parameters(7), some_parameters(8)])
    for place, value in change.items():
        at[:, place] = value
    slope = minus_log_likelihood(data, at)[1]
    for k, step in enumerate(1e-5 * np.eye(12)):
        ahead, behind = (minus_log_likelihood(data, at + s * step)[0] for s in (1, -1))
        np.testing.assert_allclose(slope[:, k], (ahead - behind) / 2e-5, rtol=1e-6, atol=2e-5)
    rough, exact = rough_shape(data, at), shape(data, at, central=True)
    np.testing.assert_allclose(rough.slope, slope, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(exact.slope, slope, rtol=1e-12)
    assert np.linalg.eigvalsh(rough.curvature).min() > -1e-9


# ------------------------------------------------------------------------------------------ laws


def test_complete_scores_need_no_correction() -> None:
    # every score and every death is seen: two normal regressions with the same terms, whose
    # coefficients do not depend on how the two are correlated
    trial = draw(Truth(months=12), 1, 20, seed=44, deadly=False)
    scores = trial.scores[0]
    whole = ~np.isnan(scores).any(axis=1)
    own = np.polyfit(trial.times, scores[whole].T, 1)[0]
    times = np.exp(6 + own + 0.5 * np.random.default_rng(1).normal(size=whole.sum()))
    model = joint_model(scores[whole], trial.times, times, np.ones(whole.sum(), bool))
    plain = mixed_model(scores[whole], trial.times, method="ML")
    assert 0.5 < model.slope_survival < 0.95
    np.testing.assert_allclose(model.coefficients, plain.coefficients, rtol=1e-8)
    np.testing.assert_allclose(model.covariance, plain.covariance, rtol=1e-4)
    assert model.survival[0] == pytest.approx(np.log(times).mean(), rel=1e-9)
    assert model.log_spread == pytest.approx(np.log(times).var(), rel=1e-6)


def test_units_do_not_matter() -> None:
    trial = draw(Truth(), 1, 30, seed=45)
    here = compare_joint_slopes(*arguments(trial, 0), trial.treated)  # type: ignore[arg-type]
    scores = 3 * (trial.scores[0] - 2 * trial.times)
    there = compare_joint_slopes(
        scores, 30 * trial.times, 30 * trial.ended[0], trial.died[0], trial.treated
    )
    assert there.difference.value == pytest.approx(float(here.difference.value) / 10, rel=1e-5)
    assert there.difference.error == pytest.approx(float(here.difference.error) / 10, rel=1e-5)
    assert there.untreated.value == pytest.approx((here.untreated.value - 2) / 10, rel=1e-5)
    assert there.log_time.value == pytest.approx(float(here.log_time.value), rel=1e-5)
    assert there.model.slope_survival == pytest.approx(float(here.model.slope_survival), rel=1e-5)
    rise = len(trial.scores[0][~np.isnan(trial.scores[0])]) * np.log(3)
    rise += trial.died.sum() * np.log(30)
    expected = float(here.model.log_likelihood) - rise
    assert there.model.log_likelihood == pytest.approx(expected, abs=1e-6)


def test_many_trials_at_once_are_the_trials_one_by_one() -> None:
    trial = draw(Truth(), 3, 25, seed=46)
    many = compare_joint_slopes(*arguments(trial), trial.treated)  # type: ignore[arg-type]
    for k in range(3):
        one = compare_joint_slopes(*arguments(trial, k), trial.treated)  # type: ignore[arg-type]
        for name, value in parts_of(one.difference).items():
            whole = getattr(many.difference, name)[k]
            np.testing.assert_allclose(whole, value, rtol=1e-6, err_msg=name)
        assert many.model.found[k] and one.model.found


@pytest.mark.parametrize("shared", [-0.99, 0.0, 0.999])
def test_any_association_is_found(shared: float) -> None:
    trial = draw(Truth(slope_survival=shared, level_slope=0.0), 20, 40, seed=47)
    model = joint_model(*arguments(trial), trial.treated)  # type: ignore[arg-type]
    assert model.found.all()
    assert np.median(model.slope_survival) == pytest.approx(shared, abs=0.1)
    assert (np.abs(model.slope_survival) <= 1 + 1e-9).all()


def test_a_covariate_of_level_and_survival() -> None:
    trial = draw(Truth(), 1, 60, seed=48)
    age = np.random.default_rng(4).normal(size=(120, 1))
    ended = np.where(trial.died[0], trial.ended[0] * np.exp(0.001 * age[:, 0]), trial.ended[0])
    scores = np.where(trial.times > ended[:, None], np.nan, trial.scores[0] + 5 * age)
    model = joint_model(scores, trial.times, ended, trial.died[0], trial.treated, age)
    plain = joint_model(*arguments(trial, 0), trial.treated)  # type: ignore[arg-type]
    assert model.coefficients[1] == pytest.approx(5, abs=4 * np.sqrt(model.covariance[1, 1]))
    assert model.coefficients[-1] == pytest.approx(plain.coefficients[-1], abs=0.03)


# -------------------------------------------------------------------------------------- recovery


def test_truth_is_recovered_where_other_readings_are_biased() -> None:
    # 200 trials of 2 x 150, death closely tied to the slope. Limits are 4 standard errors of the
    # mean of the trials: a right method fails once in 16,000; the others must miss by more
    truth = Truth(slope_survival=0.9, log_time=2.7, gain=0.3)
    trial = draw(truth, 200, 150, seed=49)
    readings = read_slopes(*arguments(trial), trial.treated)  # type: ignore[arg-type]
    slopes = {"untreated": truth.slope, "difference": truth.gain}
    for name, value in slopes.items():
        missed = {}
        for reading in ("survivors", "deaths_ignored", "death_adjusted"):
            found = getattr(getattr(readings, reading), name).value
            missed[reading] = (found.mean() - value) / (found.std() / np.sqrt(200))
        assert abs(missed["death_adjusted"]) < 4, missed
        assert abs(missed["deaths_ignored"]) > 4, missed
        assert abs(missed["survivors"]) > abs(missed["deaths_ignored"]), missed
    model = readings.death_adjusted.model
    assert model.slope_survival.mean() == pytest.approx(0.9, abs=0.02)
    assert np.sqrt(model.slope_spread.mean()) == pytest.approx(truth.slope_sd, rel=0.02)
    assert readings.death_adjusted.log_time.value.mean() == pytest.approx(0.2, abs=0.02)


def test_other_hazards_and_skewed_slopes_leave_little_bias() -> None:
    # Weibull hazards that depend on a log-normal slope: the model is wrong twice. Bias of the
    # mean slope in 200 trials of 2 x 100: about 5 %, 11 % and 20 %, standard error 0.3 %
    luck, times, size = np.random.default_rng(52), np.arange(0, 19, 3.0), (200, 200)
    own = luck.normal(size=size)
    own = -(np.exp(0.6 * own) - np.exp(0.18)) / np.sqrt((np.exp(0.36) - 1) * np.exp(0.36))
    death = 24 * np.exp(own / 1.5) * luck.exponential(size=size) ** (1 / 1.5)
    ended, died = np.minimum(death, 18), death <= 18
    level = 38 + 5 * luck.normal(size=size)
    scores = level[..., None] + (-1 + 0.5 * own)[..., None] * times
    scores += 1.5 * luck.normal(size=scores.shape)
    scores[times > ended[..., None]] = np.nan
    found = read_slopes(scores, times, ended, died, np.arange(200) < 100)
    readings = (found.death_adjusted, found.deaths_ignored, found.survivors)
    bias = [float(reading.untreated.value.mean()) + 1 for reading in readings]
    assert abs(bias[0]) < 0.07 < bias[1] < 0.15 < bias[2]
    assert abs(found.death_adjusted.difference.value.mean()) < 0.02  # about 5 standard errors


def test_one_group() -> None:
    trial = draw(replace(Truth(), gain=0.0, log_time_gain=0.0), 1, 500, seed=50)
    slope = joint_mean_slope(*arguments(trial, 0))  # type: ignore[arg-type]
    assert slope.value == pytest.approx(-1, abs=4 * float(slope.error))


# ------------------------------------------------------------------------------------- wrong use


TRIAL = draw(Truth(), 1, 20, seed=51)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"ended": TRIAL.ended[0] - 100}, "survival is counted from time 0 and lies above it"),
        ({"ended": TRIAL.ended[0, :3]}, r"ended has shape \(3,\), expected \(40,\)"),
        ({"ended": np.full(40, np.nan)}, "ended must hold finite numbers"),
        ({"died": np.zeros(40)}, "replicate 0: an arm without deaths"),
        ({"died": ~TRIAL.treated & TRIAL.died[0]}, "an arm without deaths"),
        ({"ended": np.full(40, 5.0)}, "replicate 0, patient 0: a score at 6, after death at 5"),
        ({"treated": np.ones(40)}, "no untreated patient"),
        ({"scores": np.where(TRIAL.times > 3, np.nan, TRIAL.scores[0])}, "has three scores"),
    ],
)
def test_wrong_use(change: dict[str, object], message: str) -> None:
    right = {
        "scores": TRIAL.scores[0],
        "times": TRIAL.times,
        "ended": TRIAL.ended[0],
        "died": TRIAL.died[0],
        "treated": TRIAL.treated,
    }
    with pytest.raises(UsageError, match=message):
        compare_joint_slopes(**(right | change))  # type: ignore[arg-type]
