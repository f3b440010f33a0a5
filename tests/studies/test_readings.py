"""What lessons read off: held against the same numbers made another way."""

import numpy as np
import pytest
from scipy import stats

from alssim.errors import UsageError
from alssim.model.simulate import simulate
from alssim.parameters import load_scenario
from alssim.parameters.schema import Scenario
from alssim.studies.readings import READINGS, _welch, read_off

ALARM = 1e-6


def scenario(name: str = "reference", patients: int = 60, horizon: int = 60) -> Scenario:
    return load_scenario(name, {"patients": patients, "horizon": horizon}).record


def test_who_is_alive_is_counted() -> None:
    found = read_off("alive_share", scenario("claim-versus-trial"), {"month": 24})
    death = simulate(scenario("claim-versus-trial")).months("death")
    assert found == pytest.approx(tuple(1 - np.mean(death <= 24, axis=1)), rel=1e-12)


def test_loss_at_onset_is_a_share_that_grows_with_sprouting() -> None:
    (usual,) = read_off("lost_at_onset", scenario(), {})
    assert 0 < usual < 1


def test_gains_of_the_first_arm_are_nothing() -> None:
    found = read_off("mean_gain", scenario("how-early-matters"), {})
    assert len(found) == 4 and found[0] == 0 and min(found[1:]) > 0


@pytest.mark.parametrize("name", ["improved_share", "best_case_share"])
def test_shares_of_the_untreated(name: str) -> None:
    options = {"size": 20} if name == "best_case_share" else {}
    (share,) = read_off(name, scenario(patients=200), options)
    assert 0 < share < 1


def test_welch_is_that_of_scipy() -> None:
    draw = np.random.default_rng(3)
    one, other = draw.normal(size=(40, 12)), draw.normal(0.5, 2, (40, 9))
    one[draw.random(one.shape) < 0.2] = other[draw.random(other.shape) < 0.2] = np.nan
    expected = [
        stats.ttest_ind(a[~np.isnan(a)], b[~np.isnan(b)], equal_var=False).pvalue
        for a, b in zip(one, other, strict=True)
    ]
    np.testing.assert_allclose(_welch(one, other), expected, rtol=1e-9)


def test_welch_without_anything_to_compare_finds_nothing() -> None:
    one = np.array([[1.0, 1.0], [np.nan, 2.0], [np.nan, np.nan]])
    np.testing.assert_array_equal(_welch(one, one), 1)


def test_trials_of_nothing_are_rarely_significant() -> None:
    """Of 2,000 trials about 5 of 100; 3 to 7 leaves room for the few values of a score."""
    (share,) = read_off("significant_share", scenario(patients=200), {"size": 40})
    assert 0.03 < share < 0.07


@pytest.mark.parametrize(
    ("name", "options", "told"),
    [
        ("magic", {}, "unknown reading 'magic'; known: lost_at_onset"),
        ("alive_share", {}, "reading alive_share: .*month"),
        ("alive_share", {"month": 1, "week": 2}, "reading alive_share: .*week"),
        ("significant_share", {"size": 5, "treatment": "x"}, "there is no arm 'x'"),
    ],
)
def test_what_is_wrong_is_told(name: str, options: dict[str, object], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        read_off(name, scenario(patients=5), options)


def test_every_reading_is_described() -> None:
    assert all(work.__doc__ for work in READINGS.values())
