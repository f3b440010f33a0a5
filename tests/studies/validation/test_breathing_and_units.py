"""Vital capacity, care and motor units, on curves with known answers."""

import numpy as np
import pytest
from scipy import stats
from tests.studies.validation.by_hand import cohort, cohorts, life, measured

from alssim.model.anatomy import LEFT_ARM, LEFT_LEG, REGION_COUNT, RESPIRATORY, RIGHT_ARM
from alssim.studies.validation.breathing import DAYS_PER_MONTH, good_bulbar
from alssim.studies.validation.registry import MEASUREMENTS
from alssim.studies.validation.units import laws, share_exponential

MONTHS = 132
TIME = np.arange(MONTHS + 1.0)


def visited(*lives: dict[str, float], **arrays: object):
    return cohort(*lives, months=MONTHS, horizon=MONTHS, **arrays)


def test_vital_capacity_falls_by_its_slope_and_minus_is_dropped() -> None:
    lives = [life("weakness_bulbar", diagnosis=2)] * 40 + [life(diagnosis=2)] * 40
    capacity = 100 - np.repeat([3.0, 1.5], 40)[:, None] * np.minimum(TIME, 30)
    some = visited(*lives, capacity=capacity)
    assert measured("RSP-05", visits=some) == pytest.approx((3.0,))
    assert measured("RSP-06", visits=some) == pytest.approx((1.5,))
    assert measured("RSP-01", visits=some)[0] == pytest.approx(2.2, abs=0.15)


def test_who_breathes_too_little_does_not_enter() -> None:
    some = visited(*[life(diagnosis=2)] * 30, capacity=64.0)
    assert np.isnan(measured("RSP-01", visits=some)).all()
    assert measured("RSP-09", visits=visited(*[life(diagnosis=2)] * 30, capacity=65.0))[0] == 65


def test_capacity_after_death_does_not_count() -> None:
    capacity = np.where(TIME < 14, 100 - TIME, 0.0)[None].repeat(60, axis=0)
    some = visited(*[life(diagnosis=2, death=14)] * 60, capacity=capacity)
    assert measured("RSP-10", visits=some) == pytest.approx((1.0,))


def test_who_ever_has_care() -> None:
    some = cohort(life(niv=5, death=9), life(gastrostomy=3), life(tracheostomy=8), life())
    found = [measured(name, usual=some) for name in ("RSP-12", "RSP-13", "RSP-14")]
    assert found == [(0.25,), (0.25,), (0.25,)]


def niv_arms(count: int = 40) -> dict[str, object]:
    """Need at month 10; with NIV 8 months more of life, without 4; half have good speech."""
    items = np.full((count, MONTHS + 1, 12), 4)
    items[count // 2 :, :, :3] = 1
    gain = np.where(np.arange(count) < count // 2, 4.0, 0.0)
    base = [life(niv_need=10, death=14.0)] * count
    better = [life(niv_need=10, death=14.0 + more) for more in gain]
    return {
        "visits": visited(*base, items=items),
        "no_niv": cohort(*base, horizon=240),
        "niv": cohort(*better, horizon=240),
    }


def test_niv_helps_where_bulbar_function_is_good() -> None:
    arms = niv_arms()
    assert measured("RSP-19", **arms) == pytest.approx((4 * DAYS_PER_MONTH,))
    assert measured("RSP-20", **arms) == pytest.approx((0.0,))


def test_the_trial_has_two_groups_of_different_patients() -> None:
    time, died, given = MEASUREMENTS["RSP-21"].sample(cohorts(**niv_arms()))
    assert given.sum() == 20 and len(given) == 40 and died.all()
    assert set(np.round(time / DAYS_PER_MONTH, 6)) == {4.0, 8.0}


def test_good_bulbar_function_is_the_better_half() -> None:
    scores = np.array([0, 3, 5, 7, 9, 11, 12, 12])
    assert good_bulbar(scores).tolist() == [False] * 4 + [True] * 4


# ------------------------------------------------------------------------------- motor units


def left(patients: int, **regions: np.ndarray) -> np.ndarray:
    """Return units left [patient, month, region]: all, but those of the named regions."""
    found = np.ones((patients, MONTHS + 1, REGION_COUNT))
    for region, values in regions.items():
        found[:, :, int(region[1:])] = values
    return found


def test_loss_at_death_is_a_mean_over_four_levels() -> None:
    """Bulbar lost, arms half lost, trunk and legs whole; breathing does not count."""
    units = np.ones((1, MONTHS + 1, REGION_COUNT))
    units[0, :, 0], units[0, :, 1], units[0, :, RESPIRATORY] = 0, 0, 0
    assert measured("MNU-01", visits=visited(life(death=20.5), left=units)) == (0.375,)


def test_loss_at_death_lies_between_two_visits() -> None:
    units = (1 - 0.01 * TIME)[None, :, None] * np.ones((1, 1, REGION_COUNT))
    found = measured("MNU-01", visits=visited(life(death=20.25), left=units))
    assert found == pytest.approx((0.2025,), abs=1e-6)


def test_who_lives_at_the_horizon_has_no_loss_at_death() -> None:
    assert np.isnan(measured("MNU-01", visits=visited(life()))).all()


def test_loss_when_handwriting_first_suffers() -> None:
    items = np.full((3, MONTHS + 1, 12), 4)
    items[:, 10:, 3] = 3
    units = left(3, r1=1 - 0.02 * np.minimum(TIME, 40), r2=1 - 0.01 * TIME * 0.5)
    some = visited(
        life(), life(), life(death=9), items=items, left=units, right_handed=[True, False, True]
    )
    sample = MEASUREMENTS["MNU-16"].sample(cohorts(visits=some))[0]
    assert sample == pytest.approx([0.05, 0.2])  # right hand, left hand; the third has died


def test_counts_fall_by_their_compound_rate() -> None:
    """9 % a month, whatever is left at the start."""
    units = left(30, r1=0.5 * 0.91**TIME)
    some = visited(*[life("weakness_left_arm", diagnosis=3)] * 30, left=units)
    assert measured("MNU-05", visits=some) == pytest.approx((9.0,), abs=0.01)


def test_counts_too_few_to_be_made_are_left_out() -> None:
    units = left(30, r1=np.where(TIME < 10, 0.91**TIME, 0.0))
    some = visited(*[life("weakness_left_arm", diagnosis=3)] * 30, left=units)
    assert measured("MNU-05", visits=some) == pytest.approx((9.0,), abs=0.01)


def test_the_index_is_that_of_the_less_affected_side() -> None:
    """The right side loses 3 % of its first value a month, the left one all at once."""
    falls = 1 - 0.03 * np.maximum(TIME - 6, 0)
    units = left(20, r1=0.2, r5=0.2, r2=np.maximum(falls, 0), r6=np.maximum(falls, 0))
    items = np.full((20, MONTHS + 1, 12), 4)
    items[:, 12:, 0] = 0
    some = visited(*[life(diagnosis=6)] * 20, left=units, items=items)
    assert measured("MNU-03", visits=some) == pytest.approx((3.0,), abs=1e-4)
    assert measured("MNU-04", visits=some)[0] > 1


def test_the_ratio_of_slopes_is_of_shares_of_the_first_visit() -> None:
    falls = 0.8 * (1 - 0.02 * np.maximum(TIME - 6, 0))
    units = np.clip(falls, 0, 1)[None, :, None] * np.ones((20, 1, REGION_COUNT))
    scores = np.clip(np.rint(48 - 0.48 * np.maximum(TIME - 6, 0)), 0, 48).astype(int)
    items = np.minimum(np.maximum(scores[:, None] - 4 * np.arange(12), 0), 4)
    some = visited(
        *[life(diagnosis=6)] * 20, left=units, items=np.broadcast_to(items, (20, MONTHS + 1, 12))
    )
    assert measured("MNU-04", visits=some)[0] == pytest.approx(2.0, rel=0.03)


SERIES = np.arange(0.0, 16, 3)


@pytest.mark.parametrize(("shape", "share"), [(1.0, 1.0), (1.6, 0.0), (0.6, 0.0)])
def test_the_law_is_told_by_its_shape(shape: float, share: float) -> None:
    """Without noise the right law wins every series; a half-life of 6 months and others."""
    half_lives = np.array([4.0, 6.0, 9.0, 14.0])[:, None]
    counts = 0.7 * 0.5 ** ((SERIES / half_lives) ** shape)
    seen = np.ones(counts.shape, bool)
    assert share_exponential(laws(SERIES, counts, seen)) == (share,)


def test_an_exponential_with_counting_noise_is_seldom_taken_for_a_weibull() -> None:
    """Binomial counts of 200 units: AIC prefers the wrong law in well under half of the series."""
    chance = 0.6 * 0.5 ** (SERIES / 8)
    counts = stats.binom.rvs(200, chance, size=(400, len(SERIES)), random_state=4) / 200
    found = share_exponential(laws(SERIES, counts, np.ones(counts.shape, bool)))[0]
    assert found > 0.6


def test_series_start_at_the_muscles_first_weakness() -> None:
    """Before weakness the count is whole: starting there would not be exponential."""
    counts = np.where(TIME < 20, 1.0, 0.6 * 0.5 ** ((TIME - 20) / 6))
    units = left(30, r5=counts)
    some = visited(*[life("weakness_bulbar", weakness_left_leg=19.5, diagnosis=3)] * 30, left=units)
    assert measured("MNU-07", visits=some) == (1.0,)


def test_series_of_fewer_than_four_counts_are_left_out() -> None:
    some = visited(*[life("weakness_left_leg", diagnosis=3, death=8)] * 5)
    assert len(MEASUREMENTS["MNU-07"].sample(cohorts(visits=some))[0]) == 0
    assert measured("MNU-07", visits=some) == (0.0,)


def test_the_hand_of_the_side_of_onset() -> None:
    """Arm onset loses the hand with a half-life of 5 months, leg onset of 10."""
    units = np.ones((60, MONTHS + 1, REGION_COUNT))
    units[:30, :, LEFT_ARM] = 0.5 ** (TIME / 5)
    units[30:, :, RIGHT_ARM] = 0.5 ** (TIME / 10)
    units[30:, :, LEFT_LEG] = 0.01
    lives = [life("weakness_left_arm", diagnosis=4)] * 30
    lives += [life("weakness_right_leg", diagnosis=4)] * 30
    some = visited(*lives, left=units)
    assert measured("MNU-08", visits=some) == (1.0,)
    behind = MEASUREMENTS["MNU-08"].behind
    assert behind is not None
    assert behind(MEASUREMENTS["MNU-08"].sample(cohorts(visits=some))) == pytest.approx(
        (np.log(2) / 10,), rel=0.05
    )


def test_carriers_before_the_first_symptom() -> None:
    units = np.ones((2, 2, REGION_COUNT))
    units[:, 0, LEFT_ARM] = 0.8
    some = cohort(life(), life(), months=1, left=units, genetic_form="sod1")
    assert measured("MNU-15", silent=some) == pytest.approx((0.95,))
    others = cohort(life(), months=1, genetic_form="sporadic")
    assert np.isnan(measured("MNU-15", silent=others)).all()
