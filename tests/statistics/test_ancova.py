"""Change from baseline: laws, many trials at once, and wrong use."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alssim.errors import UsageError
from alssim.statistics.ancova import compare_change, compare_outcome

LUCK = np.random.default_rng(31)
FIRST = LUCK.normal(38, 5, (4, 30))
LATER = np.where(LUCK.random((4, 30)) < 0.2, np.nan, FIRST - LUCK.normal(5, 3, (4, 30)))
ARM = np.arange(30) % 2 == 0
AGE = LUCK.normal(60, 10, (30, 1))


def test_hand_worked() -> None:
    # changes -2, -4 and -1, -1: means -3 and -1; noise (1 + 1 + 0 + 0) / 2 = 1
    found = compare_outcome([-2, -4, -1, -1], [False, False, True, True])
    means = (found.untreated.value, found.treated.value, found.difference.value)
    assert means == pytest.approx((-3, -1, 2), abs=1e-12)
    assert found.difference.error == pytest.approx(1.0)
    assert found.difference.degrees == 2


def test_many_trials_at_once_are_the_trials_one_by_one() -> None:
    many = compare_change(FIRST, LATER, ARM, AGE)
    for k in range(4):
        one = compare_change(FIRST[k], LATER[k], ARM, AGE)
        assert many.difference.value[k] == pytest.approx(float(one.difference.value), rel=1e-10)
        assert many.difference.p[k] == pytest.approx(float(one.difference.p), rel=1e-9)
        assert many.patients[k] == one.patients


@settings(deadline=None, derandomize=True, max_examples=30)
@given(gain=st.floats(-5, 5), tilt=st.floats(-2, 2))
def test_an_effect_is_found_as_it_is_put_in(gain: float, tilt: float) -> None:
    plain = compare_change(FIRST, LATER, ARM)
    moved = compare_change(FIRST, LATER + gain * ARM + tilt * (FIRST - 38), ARM)
    np.testing.assert_allclose(moved.difference.value, plain.difference.value + gain, atol=1e-9)
    np.testing.assert_allclose(moved.difference.error, plain.difference.error, rtol=1e-8)


def test_who_has_no_later_score_does_not_count() -> None:
    seen = ~np.isnan(LATER[0])
    whole = compare_change(FIRST[0], LATER[0], ARM)
    part = compare_change(FIRST[0, seen], LATER[0, seen], ARM[seen])
    assert whole.difference.p == pytest.approx(float(part.difference.p), rel=1e-10)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"later": LATER[:, :3]}, r"baseline has shape \(4, 30\), later has \(4, 3\)"),
        ({"treated": [True] * 30}, "replicate 0 has no untreated patient with an outcome"),
        ({"treated": [True]}, "treated must be true or false"),
        ({"covariates": np.ones((30, 1))}, "replicate 0: a covariate is constant"),
        ({"covariates": np.hstack([AGE, 2 * AGE])}, "follows from the others"),
        ({"covariates": AGE[:3]}, r"expected \[patient, column\]"),
        ({"covariates": AGE * np.inf}, "finite numbers"),
        ({"level": 0.0}, "level = 0 is not between"),
    ],
)
def test_wrong_use(change: dict[str, object], message: str) -> None:
    right = {"baseline": FIRST, "later": LATER, "treated": ARM, "covariates": AGE}
    with pytest.raises(UsageError, match=message):
        compare_change(**(right | change))  # type: ignore[arg-type]


def test_too_few_patients() -> None:
    with pytest.raises(UsageError, match="too few patients for 2 terms"):
        compare_outcome([1, 2], [True, False])
    with pytest.raises(UsageError, match="outcome must be"):
        compare_outcome(1.0, [True])
