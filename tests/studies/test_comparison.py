"""Twins held against each other: worked examples, laws, and how often the intervals hold."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from tests.studies.made_up import FIVE, NEVER, MadeUp, drawn, twins

from alssim.errors import UsageError
from alssim.statistics.survival import kaplan_meier, survival_at
from alssim.studies.comparison import Comparison, compare, gain_histogram


def test_gains_worked_by_hand() -> None:
    found = compare(FIVE)
    np.testing.assert_allclose(found.gain, [[0] * 5, [6, 0.4, -3, 60, 0]], atol=1e-12)
    assert found.restricted.tolist() == [[False] * 5, [False, False, False, True, True]]
    drug = found.gains[1]
    assert (drug.gains, drug.unchanged, drug.loses) == (0.4, 0.4, 0.2)
    assert (drug.never_treated, drug.restricted) == (0.2, 0.4)
    assert (drug.median, drug.lower_quartile, drug.upper_quartile) == pytest.approx((0.4, 0, 6))
    assert drug.mean.value == pytest.approx(63.4 / 5)
    assert found.gains[0].mean.value == 0
    assert found.gains[0].never_treated == 1


def test_people_alive_worked_by_hand() -> None:
    found = compare(FIVE, landmarks=(12, 24, 36, 101))
    assert [mark.month for mark in found.landmarks] == [12, 24, 36]
    assert [mark.people for mark in found.landmarks] == [(4, 5), (3, 3), (2, 2)]
    year = found.landmarks[0]
    assert year.difference[0].value == year.difference[0].low == year.difference[0].high == 0
    assert year.difference[1].value == pytest.approx(0.2)
    # (1 + 1 - 1) / 7 +- 1.96 sqrt((3 / 7 - 1 / 49) / 7)
    assert year.difference[1].low == pytest.approx(-0.3304, abs=1e-4)
    assert year.difference[1].high == pytest.approx(0.6161, abs=1e-4)


def test_medians_and_curves_belong_to_the_arms() -> None:
    found = compare(FIVE)
    assert [half.value for half in found.medians] == pytest.approx([30, 27])
    assert found.curves[0].at_risk.tolist() == [5, 4, 3, 2]
    assert found.patients == 5


def test_horizon_cuts_follow_up_in_both_arms() -> None:
    found = compare(FIVE, horizon=25)
    assert found.time.tolist() == [[10, 20, 25, 25, 25], [16, 20.4, 25, 25, 25]]
    assert found.gain[1].tolist() == pytest.approx([6, 0.4, 0, 0, 0])
    assert found.restricted[1].tolist() == [False, False, True, True, True]
    assert [np.isnan(half.value) for half in found.medians] == [True, True]
    assert found.curves[0].last == 25


def test_clock_of_diagnosis_is_the_untreated_twins() -> None:
    later = {**FIVE.events, "diagnosis": [[5, NEVER, 12, 20, 20], [9, 2, 30, NEVER, 25]]}
    found = compare(MadeUp(later, horizon=100), clock="diagnosis")
    assert found.members.tolist() == [0, 2, 3, 4]
    assert found.left_out == 1
    assert found.time[0].tolist() == [5, 18, 20, 80]
    assert found.time[1].tolist() == [11, 15, 80, 80]
    assert found.gain[1].tolist() == [6, -3, 60, 0]


def test_composite_endpoints_end_at_the_first_event() -> None:
    assert compare(FIVE, endpoint="death_or_tracheostomy").time[0].tolist() == [8, 20, 30, 40, 50]
    wide = compare(FIVE, endpoint="death_tracheostomy_or_niv_22h")
    assert wide.time[0].tolist() == [7, 19, 30, 40, 50]
    assert wide.time[1].tolist() == [9, 20.4, 27, 100, 90]


def test_one_patient_has_no_interval() -> None:
    found = compare(MadeUp({"death": [[10], [12]]}))
    assert found.gains[1].mean.value == 2
    assert np.isnan(found.gains[1].mean.low)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"clock": "birth"}, "clock = 'birth' is not one of: onset, diagnosis"),
        ({"endpoint": "cure"}, "endpoint = 'cure' is not one of: death, "),
        ({"horizon": 101}, "horizon = 101 is not within the simulated 0 to 100"),
        ({"horizon": 0}, "horizon = 0 is not within"),
        ({"horizon": NEVER}, "horizon = nan is not within"),
        ({"landmarks": (12, -1)}, "landmark -1 is not above 0"),
    ],
)
def test_wrong_use(options: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        compare(FIVE, **options)  # type: ignore[arg-type]


def test_nobody_diagnosed() -> None:
    with pytest.raises(UsageError, match="no patient can be followed from diagnosis"):
        compare(MadeUp({"death": [[10], [12]]}), clock="diagnosis")


def test_records_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        compare(FIVE).gain[1, 0] = 99


# ------------------------------------------------------------------------------------- laws

lives = st.lists(st.tuples(st.floats(0.1, 200), st.floats(0.1, 200)), min_size=2, max_size=30)


@settings(deadline=None, derandomize=True)
@given(pairs=lives)
def test_every_patient_is_counted_once(pairs: list[tuple[float, float]]) -> None:
    found = compare(twins(pairs))
    for gain in found.gains:
        assert gain.gains + gain.unchanged + gain.loses == pytest.approx(1, abs=1e-12)
        assert gain.lower_quartile <= gain.median <= gain.upper_quartile
        assert gain.mean.low <= gain.mean.value <= gain.mean.high


@settings(deadline=None, derandomize=True)
@given(pairs=lives)
def test_mean_gain_is_the_area_between_the_curves(pairs: list[tuple[float, float]]) -> None:
    found = compare(twins(pairs))
    area = found.time[1].mean() - found.time[0].mean()
    assert found.gains[1].mean.value == pytest.approx(area, abs=1e-9)


@settings(deadline=None, derandomize=True)
@given(pairs=lives)
def test_turning_the_arms_round_turns_every_sign(pairs: list[tuple[float, float]]) -> None:
    there = compare(twins(pairs))
    back = compare(twins([(b, a) for a, b in pairs]))
    assert (there.gain[1] == -back.gain[1]).all()
    assert there.gains[1].gains == back.gains[1].loses
    for one, other in zip(there.landmarks, back.landmarks, strict=True):
        assert one.difference[1].value == pytest.approx(-other.difference[1].value, abs=1e-12)
        assert one.difference[1].low == pytest.approx(-other.difference[1].high, abs=1e-12)


@settings(deadline=None, derandomize=True)
@given(pairs=lives)
def test_same_lives_show_no_difference(pairs: list[tuple[float, float]]) -> None:
    found = compare(twins([(life, life) for life, _ in pairs]))
    assert (found.gain == 0).all()
    assert found.gains[1].unchanged == 1
    for mark in found.landmarks:
        assert mark.difference[1].value == 0
        assert mark.difference[1].low < 0 < mark.difference[1].high


@settings(deadline=None, derandomize=True)
@given(pairs=lives, month=st.sampled_from([12.0, 24.0, 60.0]))
def test_landmarks_without_censoring_count_heads(
    pairs: list[tuple[float, float]], month: float
) -> None:
    mark = compare(twins(pairs), landmarks=(month,)).landmarks[0]
    death = np.array(pairs).T
    assert mark.alive == pytest.approx((death > month).mean(axis=1), abs=1e-12)
    assert mark.difference[1].low - 1e-12 <= mark.difference[1].value
    assert mark.difference[1].value <= mark.difference[1].high + 1e-12


@settings(deadline=None, derandomize=True)
@given(gain=st.lists(st.floats(-300, 300), min_size=1, max_size=50))
def test_histogram_counts_everybody(gain: list[float]) -> None:
    bars = gain_histogram(np.array(gain))
    assert bars.share.sum() == pytest.approx(1, abs=1e-12)
    assert (bars.low[1:] == bars.high[:-1]).all()
    assert bars.low[0] <= min(gain)
    assert max(gain) <= bars.high[-1]
    middle = bars.low == -0.5
    unchanged = np.mean(np.abs(gain) <= 0.5)
    assert bars.share[middle].tolist() == pytest.approx([unchanged], abs=1e-12)
    assert len(bars.share) <= 25


def test_histogram_of_no_effect() -> None:
    bars = gain_histogram(np.zeros(10))
    assert bars.share.tolist() == [0, 1, 0]
    assert bars.low.tolist() == [-1, -0.5, 0.5]
    with pytest.raises(UsageError, match="at least one patient"):
        gain_histogram(np.zeros(0))


# ---------------------------------------------------------------------- how often it is right


def test_intervals_hold_the_truth_as_often_as_they_claim() -> None:
    trials, month = 2_000, 36.0
    gain = 40 * (0.5 / 3 - 0.2 / 10)
    alive = np.exp(-month / 40 / np.array([1.5, 0.8]))
    difference = (alive[0] - np.exp(-month / 40)) / 3 + (alive[1] - np.exp(-month / 40)) / 10
    means = shares = 0
    for seed in range(trials):
        found = compare(drawn(200, seed, horizon=2_000), landmarks=(month,))
        mean, share = found.gains[1].mean, found.landmarks[0].difference[1]
        means += mean.low <= gain <= mean.high
        shares += share.low <= difference <= share.high
    # exactly 95 % would fail in 4 of 100,000 runs; gains are skewed, shares are steps
    assert 0.93 <= means / trials <= 0.97 and 0.93 <= shares / trials <= 0.97, (means, shares)


def censored_difference(seed: int) -> tuple[Comparison, float]:
    """Follow-up from diagnosis ends at another month for every patient, in both arms alike."""
    life = stats.expon.rvs(scale=40, size=300, random_state=seed)
    begin = stats.uniform.rvs(scale=90, size=300, random_state=seed + 1_000_000)
    death = (begin + np.array([life, life * 1.25])).tolist()
    simulation = MadeUp({"death": death, "diagnosis": [begin.tolist()] * 2}, horizon=100)
    truth = float(np.exp(-36 / 50) - np.exp(-36 / 40))
    return compare(simulation, clock="diagnosis", landmarks=(36,)), truth


def test_interval_holds_when_follow_up_differs() -> None:
    trials = 2_000
    hits = 0
    for seed in range(trials):
        found, truth = censored_difference(seed)
        share = found.landmarks[0].difference[1]
        hits += share.low <= truth <= share.high
    assert 0.93 <= hits / trials <= 0.97, hits


def test_landmarks_use_the_survival_curve_when_follow_up_differs() -> None:
    found, _ = censored_difference(1)
    curve = kaplan_meier(found.time[1], found.ended[1])
    assert found.landmarks[0].alive[1] == float(survival_at(curve, 36))
