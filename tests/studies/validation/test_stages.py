"""King's stages: shares of the course, stages seen at visits, time in each stage."""

import numpy as np
import pytest
from tests.studies.validation.by_hand import cohort, life, measured

from alssim.studies.validation.stages import entries, first_visit, reading, stages_seen

SPEECH, HAND, CUT, DRESS, WALK, BREATH, HELP = 0, 3, 4, 5, 7, 9, 11


def scores(months: int, patients: int = 1, **falls: tuple[int, int]) -> np.ndarray:
    """Return items: full, but item number ``i<n>`` has a score from a month on."""
    items = np.full((patients, months + 1, 12), 4)
    for item, (month, score) in falls.items():
        items[:, month:, int(item[1:])] = score
    return items


def test_milestones_are_shares_of_the_course_of_decedents() -> None:
    some = cohort(
        life(diagnosis=10, second_region=8, third_region=20, niv_need=30, death=40),
        life(diagnosis=5, second_region=10, gastrostomy_need=15, death=20),
        life(diagnosis=5, second_region=1),  # alive: not counted
        life(death=10),  # reaches nothing
    )
    assert measured("KNG-01", usual=some) == (0.25,)
    assert measured("KNG-02", usual=some) == (0.35,)  # 0.2 and 0.5
    assert measured("KNG-03", usual=some) == (0.5,)
    assert measured("KNG-04", usual=some) == (0.75,)
    assert measured("KNG-05", usual=some) == (0.75,)


def test_stages_read_from_the_scale() -> None:
    """Balendra 2014: bulbar items 1 to 3, arms 4 or 5a, legs 8; 10 at 0 or 12 below 4 is 4B."""
    months = 6
    items = scores(months, i0=(1, 3), i3=(2, 3), i5=(0, 0), i7=(3, 3), i9=(4, 1), i11=(5, 3))
    one = cohort(life(death=100), months=months, items=items)
    when = np.arange(months + 1)[None]
    assert stages_seen(one, np.array([0]), when).tolist() == [[1, 1, 2, 3, 3, 4, 4]]
    breath = cohort(life(), months=months, items=scores(months, i9=(4, 0)))
    assert stages_seen(breath, np.array([0]), when)[0, 3:].tolist() == [1, 4, 4, 4]
    tube = cohort(life(gastrostomy=2), months=months)
    assert stages_seen(tube, np.array([0]), when)[0].tolist() == [1, 1, 4, 4, 4, 4, 4]


def test_first_visit_at_a_stage() -> None:
    there = np.array([[False, True, True], [False, False, False]])
    when = np.array([[3, 6, 9], [4, 7, 10]])
    found = first_visit(there, when)
    assert found[0] == 6 and np.isnan(found[1])


def test_a_registry_sees_stages_every_three_months_and_dates_care_exactly() -> None:
    """Diagnosis at 4.2: visits at 5, 8, 11, ...; the hand scores 3 from month 9 on."""
    items = np.concatenate([scores(132, i0=(0, 3), i3=(9, 3)), scores(132, i0=(0, 3))])
    some = cohort(
        life("weakness_bulbar", diagnosis=4.2, death=16),
        life("weakness_bulbar", diagnosis=4.2, death=15, niv=12),
        months=132,
        horizon=132,
        items=items,
    )
    assert measured("KNG-06", visits=some) == pytest.approx(((11 / 16 + 12 / 15) / 2,))
    assert measured("KNG-08", visits=some) == pytest.approx((12 / 15,))


def test_a_registry_is_read_when_the_slow_are_still_alive() -> None:
    """Read 12 to 72 months after diagnosis: all who died within 12 are counted, none after 72."""
    lives = [
        life(diagnosis=10, death=10 + after) for after in (11.9, 42, 72.1) for _ in range(1000)
    ]
    read = reading(cohort(*lives, months=132, horizon=132), 12, 72)
    died = np.repeat([21.9, 52, 82.1], 1000) <= read
    assert died[:1000].all() and not died[2000:].any()
    assert died[1000:2000].mean() == pytest.approx(0.5, abs=0.06)  # misses once in 7,000
    assert np.isnan(reading(cohort(life(death=5)), 12, 72)).all()


def test_a_trial_sees_only_what_comes_after_entry() -> None:
    """Entry is 4 to 6 months after diagnosis, so no visit is before month 9."""
    falls = scores(132, 300, i0=(0, 3), i3=(0, 3))
    lives = [life("weakness_bulbar", weakness_left_arm=3, diagnosis=5, death=20)] * 300
    some = cohort(*lives, months=132, horizon=132, items=falls)
    middle, low, high = measured("KNG-09", visits=some)
    assert 6 / 20 <= low < middle < high <= 15 / 20
    assert np.isnan(measured("KNG-11", visits=some)).all()
    tubed = cohort(
        *[{**one, "gastrostomy": 17.5} for one in lives], months=132, horizon=132, items=falls
    )
    assert measured("KNG-11", visits=tubed) == pytest.approx((0.9, 0.9, 0.9))
    assert measured("KNG-13", visits=tubed) == pytest.approx((0.9, 0.9, 0.9))


def test_who_dies_long_after_the_trial_is_no_decedent_of_it() -> None:
    falls = scores(132, 20, i0=(0, 3), i3=(0, 3))
    lives = [life("weakness_bulbar", diagnosis=5, death=60)] * 20
    some = cohort(*lives, months=132, horizon=132, items=falls)
    assert np.isnan(measured("KNG-09", visits=some)).all()


def test_time_in_each_stage() -> None:
    """Stages: 12, 8, 5 and 5 months; the second patient skips stage 3."""
    some = cohort(
        life(second_region=12, third_region=20, niv_need=25, death=30),
        life(second_region=10, gastrostomy_need=20, third_region=22, death=24),
        horizon=132,
    )
    expected = [[0, 0], [12, 10], [20, 20], [25, 20], [30, 24]]
    assert entries(some).tolist() == expected
    assert measured("KNG-14", minimal=some) == (10,)  # of 10 and 12, by Kaplan-Meier
    assert measured("KNG-15", minimal=some) == (8,)
    assert measured("KNG-16", minimal=some) == (5,)  # of the first patient alone
    assert measured("KNG-17", minimal=some) == (4,)


def test_a_stage_that_goes_on_at_the_horizon_is_censored() -> None:
    some = cohort(life(second_region=10), life(second_region=20, death=30), horizon=132)
    assert measured("KNG-15", minimal=some) == (10,)  # 10 months, and 122 or more


def test_the_clinical_stage_never_falls() -> None:
    months = {"second_region": 5, "niv_need": 12, "third_region": 14, "death": 40}
    lives = [life(weakness_bulbar=5, diagnosis=3, **months)] * 30
    some = cohort(*lives, months=132, horizon=132)
    assert measured("KNG-22", visits=some) == (0,)
