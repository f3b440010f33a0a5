"""Cox regression: worked examples, a slow second way, laws.

The worked examples are the two small data sets of Therneau and Grambsch 2000 (Modeling Survival
Data, appendix E): one with ties, one with ties and late entry. Their book gives every quantity as
a formula in r = exp(coefficient).
"""

import time as clock
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import optimize
from tests.statistics.samples import ON_PLACEBO, RELAPSED, WEEKS, at_risk, cohorts, drawn, unpack

from alssim.errors import UsageError
from alssim.statistics.cox import cox, likelihood, score_residuals
from alssim.statistics.deaths import deaths_of
from alssim.statistics.followup import follow_up
from alssim.statistics.two_arms import hazard_ratio

Array = NDArray[np.float64]


def test_published_values() -> None:
    # R's coxph of these data, as printed in many courses: coefficient -1.5721 for 6-MP, standard
    # error 0.4124, z = -3.812, p = 0.000138.
    found = hazard_ratio(WEEKS, RELAPSED, ~ON_PLACEBO)
    assert round(found.log_ratio, 4) == -1.5721
    assert round(found.error, 4) == 0.4124
    assert (round(found.z, 3), round(found.p, 6)) == (-3.812, 0.000138)
    assert found.events == (21, 9)
    assert (found.patients, found.begin, found.until) == (42, 0, 35)


# ------------------------------------------------------------------------- worked examples

TIED = ([9, 1, 1, 6, 6, 8], [1, 1, 0, 1, 1, 0], [0, 1, 1, 1, 0, 0], None)
LATE = (
    [2, 3, 6, 7, 8, 9, 9, 9, 14, 17],
    [1, 1, 1, 1, 1, 1, 1, 0, 0, 0],
    [1, 0, 0, 1, 0, 1, 1, 1, 0, 0],
    [1, 2, 5, 2, 1, 7, 3, 4, 8, 8],
)


def tied_formulas(r: float) -> tuple[float, float, float]:
    """Log likelihood, score and information of the first example."""
    value = 2 * np.log(r) - np.log(3 * r + 3) - np.log((r + 5) / 2) - np.log(r + 3)
    score = (30 + 23 * r - r**3) / ((r + 1) * (r + 3) * (r + 5))
    shares = [r / (r + 1), r / (r + 5), r / (r + 3)]
    return value, score, sum(share - share**2 for share in shares)


def late_formulas(r: float) -> tuple[float, float, float]:
    """The same of the second."""
    value = 4 * np.log(r) - np.log(r + 1) - np.log(r + 2) - np.log(2 * r + 2)
    value -= 2 * np.log(3 * r + 2) + 2 * np.log(3 * r + 1)
    score = 1 / (r + 1) + 1 / (3 * r + 1) + 2 * (1 / (3 * r + 2) + 1 / (2 * r + 2))
    score -= r / (r + 2) + 3 * r / (3 * r + 2) + 3 * r / (3 * r + 1)
    parts = [1 / (r + 1) ** 2, 2 / (r + 2) ** 2, 12 / (3 * r + 2) ** 2]
    parts += [6 / (3 * r + 1) ** 2, 4 / (2 * r + 2) ** 2]
    return value, score, r * sum(parts)


def tied_residuals(r: float) -> list[float]:
    """Score residuals of the first example, in the order of ``TIED``."""
    a, b, d = r + 1, r + 3, r + 5
    last = 2 * r * (177 + r * (282 + r * (182 + r * (50 + 5 * r)))) / (3 * (a * b * d) ** 2)
    first = 675 + r * (1305 + r * (756 + r * (-4 + r * (-79 - 13 * r))))
    return [
        last,
        (2 * r + 3) / (3 * a**2),
        -r / (3 * a**2),
        first / (3 * (a * b * d) ** 2),
        r * (1 / (3 * a**2) - a / (2 * b**2) - b / (2 * d**2)),
        last,
    ]


@pytest.mark.parametrize("coefficient", [0.0, 0.5, 1.676857])
@pytest.mark.parametrize(("example", "formulas"), [(TIED, tied_formulas), (LATE, late_formulas)])
def test_worked_examples(
    example: tuple[list[int], ...],
    formulas: Callable[[float], tuple[float, float, float]],
    coefficient: float,
) -> None:
    time, event, values, entry = example
    data = follow_up(time, event, entry)
    column = np.array(values, float)[:, None]
    found = likelihood(deaths_of(data), data, column, np.array([coefficient]))
    computed = [found.value, found.score[0], found.information[0, 0]]
    np.testing.assert_allclose(computed, formulas(np.exp(coefficient)), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("coefficient", [0.0, 0.5, 1.676857])
def test_worked_score_residuals_with_ties(coefficient: float) -> None:
    time, event, values, _ = TIED
    data, at = follow_up(time, event), np.array([coefficient])
    deaths, column = deaths_of(data), np.array(values, float)[:, None]
    each = score_residuals(deaths, data, column, likelihood(deaths, data, column, at))
    # The book lists them around no centre: they add up to the score.
    np.testing.assert_allclose(each[:, 0], tied_residuals(np.exp(coefficient)), rtol=1e-12)


def test_worked_coefficient_with_ties() -> None:
    time, event, values, _ = TIED
    angle = np.arccos(45 / 23 * np.sqrt(3 / 23)) / 3
    fit = cox(time, event, values)
    assert fit.coefficients[0] == pytest.approx(np.log(2 * np.sqrt(23 / 3) * np.cos(angle)))
    assert fit.log_likelihood == pytest.approx(tied_formulas(np.exp(fit.coefficients[0]))[0])
    assert fit.null_log_likelihood == pytest.approx(tied_formulas(1.0)[0])


def test_worked_coefficient_with_late_entry() -> None:
    fit = cox(*LATE[:3], entry=LATE[3])
    top = optimize.brentq(lambda b: late_formulas(np.exp(b))[1], -3, 3, xtol=1e-14)
    assert fit.coefficients[0] == pytest.approx(top, abs=1e-10)
    assert fit.covariance[0, 0] == pytest.approx(1 / late_formulas(np.exp(top))[2])


# ------------------------------------------------------------------------- the slow way


def slow_log_likelihood(
    coefficients: Array,
    time: Array,
    event: Array,
    covariates: Array,
    entry: Array | None,
    weights: Array,
) -> float:
    """Efron's log likelihood with case weights, one death at a time."""
    linear = covariates @ coefficients
    hazard, value = weights * np.exp(linear), 0.0
    for t in sorted(set(time[event].tolist())):
        present, dying = at_risk(time, entry, t), event & (time == t)
        tied = int(dying.sum())
        value += float(np.sum(weights[dying] * linear[dying]))
        for j in range(tied):
            total = hazard[present].sum() - j / tied * hazard[dying].sum()
            value -= float(weights[dying].mean() * np.log(total))
    return value


def slow_fit(data: tuple[Array, Array, Array | None, Array], weights: Array) -> Array:
    time, event, entry, covariates = data
    found = optimize.minimize(
        lambda b: -slow_log_likelihood(b, time, event, covariates, entry, weights),
        np.zeros(covariates.shape[1]),
        method="BFGS",
        options={"gtol": 1e-9},
    )
    return np.asarray(found.x)


@pytest.mark.parametrize("late", [False, True])
def test_the_slow_way_agrees(late: bool) -> None:
    data = drawn(60, 5, late, ties=True)
    time, event, entry, covariates = data
    fit = cox(time, event, covariates, entry)
    slow = slow_fit(data, np.ones(60))
    np.testing.assert_allclose(fit.coefficients, slow, atol=2e-6)
    ones = np.ones(60)
    value = slow_log_likelihood(fit.coefficients, time, event, covariates, entry, ones)
    assert fit.log_likelihood == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize("late", [False, True])
def test_robust_errors_are_what_weighing_each_patient_does(late: bool) -> None:
    """The sandwich is the infinitesimal jackknife, ties and late entry included."""
    data = drawn(25, 8, late, ties=True)
    time, event, entry, covariates = data
    covariates = covariates[:, :2]
    small, moves = 1e-3, []
    for patient in range(25):
        up, down = np.ones(25), np.ones(25)
        up[patient] += small
        down[patient] -= small
        both = [slow_fit((time, event, entry, covariates), one) for one in (up, down)]
        moves.append((both[0] - both[1]) / (2 * small))
    slow = np.array(moves).T @ np.array(moves)
    fit = cox(time, event, covariates, entry)
    np.testing.assert_allclose(fit.robust_covariance, slow, rtol=2e-3, atol=1e-5)
    paired = np.add.reduceat(np.array(moves), np.arange(0, 25, 2), axis=0)
    clustered = cox(time, event, covariates, entry, cluster=np.arange(25) // 2)
    np.testing.assert_allclose(clustered.robust_covariance, paired.T @ paired, rtol=2e-3, atol=1e-5)


# --------------------------------------------------------------------------- two arms


@settings(deadline=None, derandomize=True, max_examples=80)
@given(cohort=cohorts, late=st.booleans(), clustered=st.booleans(), cut=st.booleans())
def test_two_arms_equal_the_general_fit(
    cohort: list[tuple[float, bool, int, int]], late: bool, clustered: bool, cut: bool
) -> None:
    time, event, entry, group = unpack(cohort, late)
    arm, cluster = group > 0, np.arange(len(time)) // 2 if clustered else None
    window = (2.0, 25.0) if cut else (None, None)
    try:
        quick = hazard_ratio(time, event, arm, entry, cluster, *window)
    except UsageError:
        with pytest.raises(UsageError):
            cox(time, event, arm.astype(float), entry, cluster, *window)
        return
    if np.isnan(quick.log_ratio):
        with pytest.raises(UsageError, match="does not vary"):
            cox(time, event, arm.astype(float), entry, cluster, *window)
        return
    general = cox(time, event, arm.astype(float), entry, cluster, *window)
    assert (quick.patients, sum(quick.events)) == (general.patients, general.events)
    assert (quick.begin, quick.until) == (general.begin, general.until)
    if not general.settled:
        assert quick.ratio.value in (0.0, np.inf)
        assert np.isnan([quick.error, quick.robust_error, quick.ratio.low, quick.p]).all()
        return
    assert quick.log_ratio == pytest.approx(general.coefficients[0], abs=1e-7)
    assert quick.error == pytest.approx(general.errors[0], rel=1e-6)
    assert quick.robust_error == pytest.approx(general.robust_errors[0], rel=1e-5, abs=1e-7)


@settings(deadline=None, derandomize=True, max_examples=40)
@given(seed=st.integers(0, 999), late=st.booleans(), power=st.integers(-6, 6))
def test_units_order_and_direction(seed: int, late: bool, power: int) -> None:
    time, event, entry, covariates = drawn(50, seed, late, ties=True)
    arm, scale = covariates[:, 0] > 0, 2.0**power
    found = hazard_ratio(time, event, arm, entry)
    scaled = hazard_ratio(time * scale, event, arm, None if entry is None else entry * scale)
    turned = hazard_ratio(
        time[::-1], event[::-1], arm[::-1], None if entry is None else entry[::-1]
    )
    swapped = hazard_ratio(time, event, ~arm, entry)
    for same in (scaled, turned):
        assert same.log_ratio == pytest.approx(found.log_ratio, abs=1e-9)
        assert same.robust_error == pytest.approx(found.robust_error, rel=1e-9)
    assert swapped.ratio.value == pytest.approx(1 / found.ratio.value)
    assert swapped.ratio.low == pytest.approx(1 / found.ratio.high)
    assert swapped.robust_error == pytest.approx(found.robust_error)


@settings(deadline=None, derandomize=True, max_examples=30)
@given(seed=st.integers(0, 999), late=st.booleans())
def test_a_window_is_what_is_seen_in_it(seed: int, late: bool) -> None:
    time, event, entry, covariates = drawn(80, seed, late)
    arm, began = covariates[:, 0] > 0, np.zeros(80) if entry is None else entry
    window = hazard_ratio(time, event, arm, entry, begin=4.0, until=15.0)
    start, end = np.maximum(began, 4.0), np.minimum(time, 15.0)
    kept = start < end
    happened = event & (time <= 15.0)
    by_hand = hazard_ratio(end[kept], happened[kept], arm[kept], start[kept])
    assert window.log_ratio == by_hand.log_ratio
    assert window.events == by_hand.events
    assert (window.begin, window.until) == (4.0, 15.0)


def test_copies_of_a_patient_are_one_cluster() -> None:
    """Everybody twice: the model's error shrinks by a root of two, the clustered one does not."""
    time, event, _, covariates = drawn(200, 3)
    arm = covariates[:, 0] > 0
    once = hazard_ratio(time, event, arm)
    twice = [np.repeat(row, 2) for row in (time, event, arm, np.arange(200))]
    found = hazard_ratio(*twice[:3], cluster=twice[3])
    assert found.error == pytest.approx(once.error / np.sqrt(2), rel=0.02)
    assert found.robust_error == pytest.approx(once.robust_error, rel=0.02)


@pytest.mark.parametrize(("second", "ratio"), [([0, 0, 1, 1], np.inf), ([1, 1, 0, 0], 0.0)])
def test_only_one_arm_dies(second: list[int], ratio: float) -> None:
    found = hazard_ratio([5, 6, 1, 2], [False, False, True, True], second)
    assert found.ratio.value == ratio
    assert np.isnan([found.ratio.low, found.ratio.high, found.error, found.robust_error]).all()
    general = cox([5, 6, 1, 2], [False, False, True, True], second)
    assert not general.settled
    assert np.isnan(general.coefficients).all()


def test_arms_that_never_meet_say_nothing() -> None:
    found = hazard_ratio([2, 3, 8, 9], [True] * 4, [0, 0, 1, 1], entry=[0, 0, 5, 5])
    assert np.isnan(found.log_ratio)


# ------------------------------------------------------------------------------ wrong use


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"covariates": [[1, 2], [2, 4], [3, 6], [0, 0]]}, "depend on each other"),
        ({"covariates": [1, 1, 1, 1]}, "covariate 0 does not vary"),
        ({"covariates": [1, 2, 3]}, "covariates have shape"),
        ({"covariates": [1, 2, np.nan, 3]}, "must be finite"),
        ({"event": [False] * 4}, "nobody has the event"),
        ({"until": 0.5}, "nobody has the event in the window"),
        ({"begin": 9}, "nobody is followed between 9 and None"),
        ({"cluster": [1, 2]}, "cluster has shape"),
    ],
)
def test_wrong_use(options: dict[str, object], message: str) -> None:
    given_ = {"time": [1, 2, 3, 4], "event": [True] * 4, "covariates": [0, 1, 0, 1]} | options
    with pytest.raises(UsageError, match=message):
        cox(**given_)  # type: ignore[arg-type]


def test_wrong_arms() -> None:
    with pytest.raises(UsageError, match="marked by 0 and 1"):
        hazard_ratio([1, 2, 3], [True] * 3, [0, 1, 2])
    with pytest.raises(UsageError, match="both arms"):
        hazard_ratio([1, 2, 3], [True] * 3, [1, 1, 1])


@pytest.mark.parametrize("per_arm", [100_000])
def test_a_hundred_thousand_patients_per_arm_take_half_a_second(per_arm: int) -> None:
    rng = np.random.default_rng(1)
    life, arm = rng.weibull(1.4, (2, per_arm)) * [[30], [36]], np.repeat([0, 1], per_arm)
    time, event = np.minimum(life, 60).ravel(), (life <= 60).ravel()
    best = np.inf
    for _ in range(3):
        start = clock.process_time()
        hazard_ratio(time, event, arm)
        best = min(best, clock.process_time() - start)
    assert best < 0.5
