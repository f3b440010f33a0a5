"""The ALSFRS-R: after diagnosis, at the clinic, in trials, and its subscores."""

import numpy as np
import pytest
from tests.studies.validation.by_hand import all_enter, cohort, cohorts, life, measured

from alssim.studies.validation.designs import load_designs
from alssim.studies.validation.entry import enrol
from alssim.studies.validation.registry import MEASUREMENTS
from alssim.studies.validation.scale import (
    attend,
    ever_rises,
    gains_for_a_year,
    order_margin,
    sequential,
)

MONTHS = 132


def totals(scores: np.ndarray) -> np.ndarray:
    """Return items [patient, month, 12] that add up to these totals, taken from the first on."""
    left = np.rint(scores).astype(int)
    items = np.zeros((*left.shape, 12), int)
    for item in range(12):
        items[..., item] = np.minimum(left, 4)
        left = left - items[..., item]
    return items


def falling(*per_month: float, start: float = 48) -> np.ndarray:
    months = np.arange(MONTHS + 1)
    return np.maximum(start - np.array(per_month)[:, None] * months, 0)


def visited(scores: np.ndarray, *lives: dict[str, float], **traits: object):
    return cohort(*lives, months=MONTHS, horizon=MONTHS, items=totals(scores), **traits)


def test_the_latent_slope_goes_on_after_death() -> None:
    """From the visit after diagnosis (month 6), 24 months: death at 10 does not stop it."""
    some = visited(falling(1.0, 0.5), life(diagnosis=5.5, death=10), life(diagnosis=5.5))
    assert measured("FRS-01", visits=some) == pytest.approx((0.75,))
    mean, low, high = measured("FRS-02", visits=some)
    assert (mean, low, high) == pytest.approx((0.75, 0.5, 1.0))


def test_who_is_diagnosed_too_late_for_two_years_is_left_out() -> None:
    some = visited(falling(0.2, 0.2), life(diagnosis=108), life(diagnosis=109))
    assert len(MEASUREMENTS["FRS-01"].sample(cohorts(visits=some))[0]) == 1


@pytest.mark.parametrize(("bend", "holds"), [(1.0, 1.0), (-1.0, 0.0)])
def test_deceleration(bend: float, holds: float) -> None:
    """A score that falls 12 points in one year and 6 in the other."""
    months = np.arange(MONTHS + 1.0)
    fast_first = 48 - np.clip(months, 0, 12) - 0.5 * np.clip(months - 12, 0, 12)
    slow_first = 48 - 0.5 * np.clip(months, 0, 12) - np.clip(months - 12, 0, 12)
    score = (fast_first if bend > 0 else slow_first)[None]
    some = visited(np.repeat(score, 3, axis=0), *[life(diagnosis=0)] * 3)
    assert measured("FRS-03", visits=some) == (holds,)


def test_deceleration_asks_for_survivors_and_for_the_whole_course() -> None:
    """Everyone's course slows down, but the survivors' does not: the statement fails."""
    months = np.arange(MONTHS + 1.0)
    slows = 48 - 2.0 * np.clip(months, 0, 12) - 0.1 * np.clip(months - 12, 0, 12)
    steady = 48 - 0.5 * np.clip(months, 0, 12) - 0.6 * np.clip(months - 12, 0, 12)
    some = visited(np.array([slows, steady]), life(diagnosis=0, death=8), life(diagnosis=0))
    assert measured("FRS-03", visits=some) == (0.0,)


def test_clinic_attenders_are_seen_at_the_sources_durations() -> None:
    """5 standard errors of a quartile of 16.5 (10.6 to 24.4): false alarm below 1e-5."""
    known = load_designs().thresholds
    many = cohort(*[life(diagnosis=2)] * 8000, months=MONTHS, horizon=MONTHS)
    rows, month = attend(many, known.duration_low, known.duration, known.duration_high)
    assert len(rows) == 8000
    found = np.quantile(month, [0.25, 0.5, 0.75])
    np.testing.assert_allclose(found, [10.6, 16.5, 24.4], atol=1.5)


def test_only_the_diagnosed_and_living_attend() -> None:
    known = load_designs().thresholds
    some = cohort(
        *[life(diagnosis=12, death=20)] * 400, *[life()] * 400, months=MONTHS, horizon=MONTHS
    )
    rows, month = attend(some, known.duration_low, known.duration, known.duration_high)
    assert rows.max() < 400 and month.min() >= 12 and month.max() < 20


def test_scores_and_slopes_of_attenders() -> None:
    some = visited(np.repeat(falling(0.5), 2000, axis=0), *[life(diagnosis=2)] * 2000)
    middle, low, high = measured("FRS-10", visits=some)
    assert low < middle < high and middle == pytest.approx(48 - 0.5 * 16.5, abs=1)
    assert measured("FRS-09", visits=some)[0] == pytest.approx(0.5, abs=0.02)


def test_trial_slopes_stop_at_death() -> None:
    """Scores after death are 0 here; they must not make the slopes steeper."""
    lives = [life(diagnosis=2, death=16)] * 50 + [life(diagnosis=2)] * 50
    scores = np.repeat(falling(0.5), 100, axis=0)
    scores[:50, 16:] = 0
    some = visited(scores, *lives)
    assert measured("FRS-06", visits=some)[0] == pytest.approx(0.5, abs=0.02)


def test_no_decline_is_counted_among_the_living() -> None:
    still, falls = np.full((40, MONTHS + 1), 40.0), np.repeat(falling(0.5), 40, axis=0)
    lives = [life(diagnosis=2)] * 80
    assert measured("FRS-14", visits=visited(np.vstack([still, falls]), *lives)) == (0.5,)
    dying = [life(diagnosis=2)] * 40 + [life(diagnosis=2, death=15)] * 40
    found = measured("FRS-15", visits=visited(np.vstack([still, falls]), *dying))
    assert found == (1.0,)  # within a year of entry all who fall have died


def test_a_rising_stretch_lasts_six_months_or_more() -> None:
    flat = np.full(13, 30.0)
    short, long = flat - np.arange(13), flat - np.arange(13)
    short[3:6] += [2, 4, 6]  # three months up, then down again
    long[3:10] = np.arange(20, 27)
    found = ever_rises(np.array([flat, short, long]))
    assert found.tolist() == [False, False, True]


def test_a_gain_must_be_large_and_last_a_year() -> None:
    seen = np.ones((4, 19), bool)
    scores = np.full((4, 19), 30)
    scores[0, 2:] = 34  # four points for more than a year
    scores[1, 2:] = 33
    scores[2, 2:13] = 36  # eleven months
    scores[3, 2:] = 34
    seen[3, 10:] = False
    assert gains_for_a_year(scores, seen).tolist() == [True, False, False, False]


def subscores(own: dict[int, int], falls: list[float]) -> tuple[np.ndarray, ...]:
    """Return a sample of one patient for each onset, whose own subscore is low."""
    scores = np.full((3, 4), 12.0)
    for onset, column in own.items():
        scores[onset, column] = 8.0
    return scores, np.array([falls] * 3), np.array([0, 1, 2])


def test_the_order_of_subscores() -> None:
    right = {0: 0, 1: 1, 2: 2}
    assert sequential(subscores(right, [3, 4, 4, 1]))
    assert order_margin(subscores(right, [3, 4, 4, 1])) == (2.0,)
    assert not sequential(subscores(right, [3, 4, 4, 3.5]))
    assert not sequential(subscores({0: 0, 1: 2, 2: 2}, [3, 4, 4, 1]))


def test_the_order_of_subscores_in_a_cohort() -> None:
    months = np.arange(MONTHS + 1)
    items = np.full((90, MONTHS + 1, 12), 4)
    for patient in range(90):
        own = (0, 3, 7)[patient % 3]
        items[patient, :, own] = np.where(months < 60, 1, 0)
        items[patient, 15:, [1, 4, 6]] = 2
    lives = [
        life(f"weakness_{('bulbar', 'left_arm', 'left_leg')[n % 3]}", diagnosis=2)
        for n in range(90)
    ]
    some = cohort(*lives, months=MONTHS, horizon=MONTHS, items=items)
    assert len(enrol(some, all_enter().trial("pooled"))) == 90
    assert measured("FRS-08", visits=some) == (1.0,)
