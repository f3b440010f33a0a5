"""Statistics of samples: known answers, and errors that are as large as theory says."""

import numpy as np
import pytest
from scipy import stats

from alssim.studies.validation.estimates import (
    errors,
    mean,
    mean_and_range,
    mean_and_sd,
    median,
    quantiles,
    quartiles,
    ratio,
    survival_beyond,
    survival_median,
)
from alssim.studies.validation.slopes import line_sample, lines, random_slope

MONTHS = np.arange(7.0)


def test_small_samples_by_hand() -> None:
    row = (np.array([1.0, 2.0, 4.0, 9.0]),)
    assert mean(row) == (4.0,)
    assert mean_and_sd(row) == pytest.approx((4.0, np.sqrt(38 / 3)))
    assert median(row) == (3.0,)
    assert mean((np.array([True, False, False, False]),)) == (0.25,)
    assert ratio((np.array([True, True, True]), np.array([True, False, True]))) == (1.5,)


def test_quantiles_of_scores_lie_between_whole_points() -> None:
    """Of 2, 3, 3, 4 a quarter lies halfway into 2: the middle of 3 is the median."""
    scores = np.array([2, 3, 3, 4])
    assert quantiles(scores, (0.5,)) == (3.0,)
    assert quantiles(scores, (0.3125,)) == pytest.approx((2.5,))
    assert quartiles((np.repeat([10, 20], 50),)) == pytest.approx((15, 10, 20))


def test_quantiles_of_times_are_the_usual_ones() -> None:
    times = stats.expon.rvs(size=4000, random_state=1)
    found = np.array(quantiles(times, (0.025, 0.5, 0.975)))
    np.testing.assert_allclose(found, np.quantile(times, [0.025, 0.5, 0.975]), rtol=0.02)
    assert mean_and_range((times,))[0] == pytest.approx(times.mean())


def test_survival_with_and_without_censoring() -> None:
    time = np.array([2.0, 4.0, 6.0, 8.0])
    died = np.array([True, True, True, True])
    assert survival_median((time, died)) == (4.0,)
    assert survival_beyond(5)((time, died)) == (0.5,)
    censored = np.array([True, False, True, True])  # 3/4, then half of the two left
    assert survival_beyond(6)((time, censored)) == (0.375,)


def test_empty_samples_have_no_value() -> None:
    none = np.array([])
    for statistic in (mean, median, survival_median, survival_beyond(3)):
        assert np.isnan(statistic((none, none))[0])
    assert np.isnan(quartiles((none,))).all() and np.isnan(mean_and_sd((none,))).all()


@pytest.mark.parametrize(
    ("statistic", "expected"),
    [
        (mean, 1.0),
        (median, np.sqrt(np.pi / 2)),
        (mean_and_sd, 1.0),
    ],
)
def test_errors_are_those_of_theory(statistic, expected: float) -> None:
    """Standard error of mean and median of 2,500 normal values; a hundred resamples know it
    to 7 %, so 35 % is five of their own errors (false alarm below 1e-6)."""
    sample = (stats.norm.rvs(size=2500, random_state=3),)
    found = errors(sample, statistic, statistic(sample))
    assert found[0] == pytest.approx(expected / 50, rel=0.35)


def test_errors_are_the_same_every_time_and_need_two_patients() -> None:
    sample = (np.arange(40.0),)
    assert errors(sample, mean, mean(sample)) == errors(sample, mean, mean(sample))
    assert np.isnan(errors((np.array([1.0]),), mean, (1.0,))[0])


def test_lines_by_hand() -> None:
    values = np.array([10 - 2 * MONTHS, 5 + 0 * MONTHS, [0, 1, 0, 1, 0, 1, 0]])
    seen = np.ones(values.shape, bool)
    seen[1, 1:] = False
    found = lines(MONTHS, values, seen)
    assert found.slope == pytest.approx([-2, 0, 0])
    assert found.residual[0] == pytest.approx(0) and found.residual[2] == pytest.approx(12 / 7)
    assert found.spread == pytest.approx([28, 0, 28]) and found.visits.tolist() == [7, 1, 7]
    assert len(line_sample(found)[0]) == 2


def test_what_is_not_seen_does_not_count() -> None:
    values = np.array([10 - 2 * MONTHS])
    values[0, 4:] = 0  # after death
    seen = np.array([[True] * 4 + [False] * 3])
    assert lines(MONTHS, values, seen).slope == pytest.approx([-2])


def test_random_slope_of_exact_lines_is_their_mean() -> None:
    slopes = np.array([-3.0, -1.0, -1.0, 1.0])
    found = lines(MONTHS, slopes[:, None] * MONTHS, np.ones((4, 7), bool))
    assert random_slope(line_sample(found)) == pytest.approx((-1.0,))


def test_random_slope_weighs_short_courses_less() -> None:
    """A short course's slope is mostly noise: it pulls a plain mean, not the model's."""
    luck = stats.norm.rvs(size=(400, 7), random_state=5)
    values = -1.0 * MONTHS + 2.0 * luck
    seen = np.ones(values.shape, bool)
    seen[:200, 2:] = False
    found = lines(MONTHS, values, seen)
    model, plain = random_slope(line_sample(found))[0], found.slope.mean()
    error = 2.0 / np.sqrt(28 * 200)
    assert abs(model + 1) < 5 * error < abs(plain + 1) + 5 * error
    assert abs(model + 1) < 5 * error  # 5 standard errors: false alarm below 1e-6


def test_random_slope_recovers_a_mixed_model() -> None:
    """Slopes with mean -0.9 and SD 0.5, rated with an SD of 1.5 at up to seven visits."""
    size = 2000
    slopes = stats.norm.rvs(-0.9, 0.5, size=size, random_state=6)
    noise = stats.norm.rvs(0, 1.5, size=(size, 7), random_state=7)
    visits = stats.randint.rvs(2, 8, size=size, random_state=8)
    seen = np.arange(7) < visits[:, None]
    found = random_slope(line_sample(lines(MONTHS, slopes[:, None] * MONTHS + noise, seen)))[0]
    assert found == pytest.approx(-0.9, abs=5 * 0.75 / np.sqrt(size))  # false alarm below 1e-6


def test_random_slope_needs_enough_visits() -> None:
    two = lines(np.arange(2.0), np.zeros((5, 2)), np.ones((5, 2), bool))
    assert np.isnan(random_slope(line_sample(two))[0])
