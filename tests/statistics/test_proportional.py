"""Whether hazards are proportional: a worked example, a slow second way, words, laws."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from tests.statistics.samples import at_risk, drawn

from alssim.errors import UsageError
from alssim.statistics.cox import cox
from alssim.statistics.proportional import Scale, proportional_hazards, proportionality
from alssim.statistics.two_arms import hazard_ratio

Array = NDArray[np.float64]


def test_worked_example_with_ties() -> None:
    """Data set 1 of Therneau and Grambsch 2000, appendix E: every death's part as a formula."""
    angle = np.arccos(45 / 23 * np.sqrt(3 / 23)) / 3
    r = 2 * np.sqrt(23 / 3) * np.cos(angle)
    scores = np.array([1 / (r + 1), 3 / (r + 3), -r / (r + 5), 0])
    parts = np.array([r / (r + 1) ** 2, 3 * r / (r + 3) ** 2, 5 * r / (r + 5) ** 2, 0])
    along = np.log([1, 6, 6, 9]) - np.log([1, 6, 6, 9]).mean()
    score = np.sum(along * scores)
    left = np.sum(along**2 * parts) - np.sum(along * parts) ** 2 / parts.sum()
    test = proportional_hazards(
        [9, 1, 1, 6, 6, 8], [1, 1, 0, 1, 1, 0], [0, 1, 1, 1, 0, 0], scale="log_time"
    )
    assert test.statistic[0] == pytest.approx(score**2 / left, rel=1e-8)
    assert test.times.tolist() == [1, 6, 6, 9]
    # One Schoenfeld residual for each death; the tied ones share their mean.
    shared = (r / (r + 3) + r / (r + 5)) / 2
    plain = np.array([1 / (r + 1), 1 - shared, -shared, 0])
    scaled = np.log(r) + 4 * plain / parts.sum()
    np.testing.assert_allclose(test.residuals[:, 0], scaled, atol=1e-8)


def slow_test(data: tuple[Array, Array, Array | None, Array], scale: Scale) -> Array:
    """Add time-dependent covariates by hand and take the score test of them, one by one."""
    time, event, entry, covariates = data
    coefficients = cox(time, event, covariates, entry).coefficients
    count, survival = covariates.shape[1], 1.0
    rows = []
    for t in sorted(set(time[event].tolist())):
        present, dying = at_risk(time, entry, t), event & (time == t)
        scaled = {"survival": 1 - survival, "time": t, "log_time": np.log(t)}[scale]
        survival *= 1 - dying.sum() / present.sum()
        for j in range(int(dying.sum())):
            hazard = present * np.exp(covariates @ coefficients)
            hazard[dying] *= 1 - j / dying.sum()
            mean = np.average(covariates, axis=0, weights=hazard)
            spread = np.cov(covariates.T, aweights=hazard, bias=True)
            rows.append((scaled, covariates[dying].mean(axis=0) - mean, spread))
    along = np.array([row[0] for row in rows])
    found = []
    for k in range(count):
        score = np.zeros(count + 1)
        information = np.zeros((count + 1, count + 1))
        for g, (_, part, spread) in zip(along, rows, strict=True):
            score += [*part, g * part[k]]
            factor = np.eye(count + 1)[:, :count] + np.outer(
                np.eye(count + 1)[-1], np.eye(count)[k] * g
            )
            information += factor @ spread @ factor.T
        found.append(score @ np.linalg.solve(information, score))
    return np.array(found)


@pytest.mark.parametrize("scale", ["survival", "time", "log_time"])
@pytest.mark.parametrize("late", [False, True])
def test_the_slow_way_agrees(late: bool, scale: Scale) -> None:
    data = drawn(60, 4, late, ties=True)
    time, event, entry, covariates = data
    test = proportional_hazards(time, event, covariates, entry, scale=scale)
    np.testing.assert_allclose(test.statistic, slow_test(data, scale), rtol=1e-6)
    assert test.overall >= test.statistic.max()
    assert ((test.p > 0) & (test.p < 1)).all()


@settings(deadline=None, derandomize=True, max_examples=30)
@given(seed=st.integers(0, 999), late=st.booleans(), shift=st.floats(-5, 5))
def test_units_and_origin_of_covariates_do_not_matter(seed: int, late: bool, shift: float) -> None:
    time, event, entry, covariates = drawn(60, seed, late)
    one = proportional_hazards(time, event, covariates, entry)
    moved = covariates * [1, 2, 0.5] + shift
    other = proportional_hazards(
        time * 4, event, moved, None if entry is None else entry * 4, scale="survival"
    )
    np.testing.assert_allclose(one.statistic, other.statistic, rtol=1e-5, atol=1e-8)
    np.testing.assert_allclose(one.correlation, other.correlation, atol=1e-6)


def two_phases(early: float, late: float, seed: int) -> tuple[Array, Array, Array]:
    """Draw two arms whose hazard ratio changes after month 20; the hazard is 1/30 a month."""
    rng = np.random.default_rng(seed)
    arm = np.repeat([False, True], 1000)
    needed = 30 * rng.exponential(size=2000)
    first, second = np.where(arm, early, 1.0), np.where(arm, late, 1.0)
    life = np.where(needed < 20 * first, needed / first, 20 + (needed - 20 * first) / second)
    return np.minimum(life, 90), life <= 90, arm


@pytest.mark.parametrize(
    ("early", "late", "course"),
    [
        (0.4, 0.9, "fades"),
        (0.9, 0.4, "grows"),
        (0.5, 1.8, "reverses"),
        (2.5, 1.2, "fades"),
        (0.6, 0.6, "no_change_seen"),
    ],
)
def test_words(early: float, late: float, course: str) -> None:
    found = proportionality(*two_phases(early, late, seed=6))
    assert found.course == course
    assert (found.early.value < 1) == (early < 1)
    assert (found.late.value < 1) == (late < 1)
    rising = np.sign(np.log(late / early))
    assert np.sign(found.correlation) == rising or not rising
    assert (found.p < 0.05) == (course != "no_change_seen")


def test_the_parts_are_windows() -> None:
    time, event, arm = two_phases(0.5, 0.9, seed=2)
    found = proportionality(time, event, arm, begin=2.0, until=60.0)
    inside = time[event & (time > 2) & (time <= 60)]
    assert np.sum(inside <= found.split) == pytest.approx(len(inside) / 2, abs=1)
    assert found.early == hazard_ratio(time, event, arm, begin=2.0, until=found.split).ratio
    assert found.late == hazard_ratio(time, event, arm, begin=found.split, until=60.0).ratio
    assert (found.begin, found.until) == (2, 60)


def test_wrong_use() -> None:
    arms = ([5, 6, 1, 2], [False, False, True, True], [0, 0, 1, 1])
    with pytest.raises(UsageError, match="grows without end"):
        proportional_hazards(*arms)
    data = ([1, 2, 3, 4], [True] * 4, [0, 1, 1, 0])
    with pytest.raises(UsageError, match="scale = 'rank' is not one of: survival, time, log_time"):
        proportional_hazards(*data, scale="rank")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="an event at 0 has no logarithm"):
        proportional_hazards([0, 2, 3, 4], *data[1:], scale="log_time")
    with pytest.raises(UsageError, match="events at one time only"):
        proportionality([1, 1, 2, 2], [True, True, False, False], [0, 1, 0, 1])
