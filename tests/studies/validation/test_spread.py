"""Where the disease goes next: directions, neighbours, and how a clinic dates a second region."""

import numpy as np
import pytest
from tests.studies.validation.by_hand import cohort, life, measured

from alssim.model.anatomy import REGIONS
from alssim.studies.validation.spread import (
    ACROSS,
    DOWN,
    NO_SPREAD,
    REMOTE,
    UP,
    direction,
    first_spread,
    second_region,
)

BULBAR, LEFT_ARM, RIGHT_ARM, TRUNK, LEFT_LEG, RIGHT_LEG = (
    f"weakness_{name}" for name in REGIONS if name != "respiratory"
)


@pytest.mark.parametrize(
    ("first", "following", "expected"),
    [
        (LEFT_ARM, RIGHT_ARM, ACROSS),
        (RIGHT_LEG, LEFT_LEG, ACROSS),
        (BULBAR, RIGHT_ARM, DOWN),
        (LEFT_ARM, TRUNK, DOWN),
        (LEFT_ARM, LEFT_LEG, DOWN),
        (LEFT_ARM, RIGHT_LEG, DOWN),
        (TRUNK, LEFT_LEG, DOWN),
        (LEFT_ARM, BULBAR, UP),
        (LEFT_LEG, TRUNK, UP),
        (LEFT_LEG, LEFT_ARM, UP),
        (TRUNK, RIGHT_ARM, UP),
        (BULBAR, TRUNK, REMOTE),
        (BULBAR, LEFT_LEG, REMOTE),
        (RIGHT_LEG, BULBAR, REMOTE),
        (TRUNK, BULBAR, REMOTE),
    ],
)
def test_directions(first: str, following: str, expected: int) -> None:
    one = cohort(life(first, **{following: 4.0}))
    assert direction(*first_spread(one)).tolist() == [expected]


def test_breathing_is_no_site_and_no_spread_is_no_direction() -> None:
    some = cohort(
        life(LEFT_ARM),
        life("weakness_respiratory", weakness_bulbar=3),
        life(LEFT_ARM, weakness_respiratory=2, weakness_left_leg=9),
    )
    assert direction(*first_spread(some)).tolist() == [NO_SPREAD, NO_SPREAD, DOWN]


def test_shares_of_directions_are_of_those_in_whom_it_spreads() -> None:
    some = cohort(
        life(LEFT_ARM, weakness_right_arm=3),
        life(LEFT_ARM, weakness_left_leg=3, weakness_right_arm=8),
        life(LEFT_LEG, weakness_left_arm=3),
        life(BULBAR, weakness_left_leg=3),
        life(BULBAR),
    )
    found = [measured(f"SPR-{number:02}", usual=some)[0] for number in (9, 10, 11, 12)]
    assert found == [0.25] * 4


def test_the_next_region_of_three() -> None:
    some = cohort(
        life(BULBAR, weakness_left_leg=5, weakness_right_arm=9),
        life(BULBAR, weakness_left_arm=5, weakness_trunk=2),  # the trunk is none of the three
        life(BULBAR),
        life(LEFT_LEG, weakness_bulbar=4),
        life(LEFT_LEG, weakness_right_leg=1, weakness_left_arm=4),
        life(RIGHT_LEG, weakness_right_arm=4, weakness_bulbar=5),
    )
    assert measured("SPR-14", usual=some) == (0.5,)
    assert measured("SPR-15", usual=some) == pytest.approx((1 / 3,))


def test_across_against_along() -> None:
    some = cohort(
        life(LEFT_ARM, weakness_right_arm=3),
        life(RIGHT_LEG, weakness_left_leg=3),
        life(LEFT_ARM, weakness_left_leg=3),
        life(LEFT_ARM, weakness_right_leg=3),  # neither
        life(BULBAR, weakness_left_arm=3),  # no limb
    )
    assert measured("SPR-16", usual=some) == (2.0,)


# ----------------------------------------------------------------------------- a clinic's dates

MONTHS = 60


def visited(*lives: dict[str, float], items: np.ndarray | int = 4, **traits: object):
    return cohort(*lives, months=MONTHS, horizon=MONTHS, items=items, **traits)


def falling(item: int, month: int, patients: int = 1) -> np.ndarray:
    items = np.full((patients, MONTHS + 1, 12), 4)
    items[:, month:, item] = 3
    return items


def test_before_the_first_visit_history_dates_the_second_region() -> None:
    one = visited(life(LEFT_ARM, weakness_bulbar=6.3, diagnosis=10, death=40))
    second = second_region(one)
    assert second.month.tolist() == [6.3] and second.group.tolist() == [0]
    assert measured("SPR-01", visits=one) == (6.3,)


def test_after_it_visits_every_three_months_do() -> None:
    """Diagnosis at 9.4: visits at 10, 13, 16; speech scores 3 from month 14 on."""
    one = visited(
        life(LEFT_ARM, weakness_bulbar=12.0, diagnosis=9.4, death=40), items=falling(0, 14)
    )
    assert measured("SPR-01", visits=one) == (16,)


def test_items_that_belong_to_no_region_do_not_count() -> None:
    for item in (5, 6, 9, 10, 11):
        one = visited(life(LEFT_ARM, diagnosis=5, death=40), items=falling(item, 8))
        assert np.isnan(measured("SPR-01", visits=one)).all()


def test_follow_up_ends_with_breathing() -> None:
    lives = life(LEFT_ARM, weakness_bulbar=8.0, weakness_respiratory=7.0, diagnosis=9, death=40)
    assert np.isnan(measured("SPR-01", visits=visited(lives))).all()
    later = {**lives, "weakness_respiratory": 8.5}
    assert measured("SPR-01", visits=visited(later)) == (8,)


def test_only_the_living_are_seen() -> None:
    one = visited(life(LEFT_ARM, diagnosis=5, death=13), items=falling(0, 14))
    assert np.isnan(measured("SPR-01", visits=one)).all()


def test_sporadic_patients_with_onset_in_the_three_regions_are_counted() -> None:
    carriers = visited(life(LEFT_ARM, weakness_bulbar=3, diagnosis=5), genetic_form="c9orf72")
    trunk = visited(life(TRUNK, weakness_bulbar=3, diagnosis=5))
    undiagnosed = visited(life(LEFT_ARM, weakness_bulbar=3))
    for one in (carriers, trunk, undiagnosed):
        assert np.isnan(measured("SPR-01", visits=one)).all()


def test_combined_onset_is_left_out_by_region_but_not_over_all() -> None:
    some = visited(
        life(LEFT_ARM, weakness_bulbar=0.4, diagnosis=5),
        life(LEFT_ARM, weakness_bulbar=4, diagnosis=5),
        life(LEFT_ARM, weakness_left_leg=4.5, diagnosis=5),
        life(LEFT_LEG, diagnosis=5),
    )
    assert measured("SPR-01", visits=some) == pytest.approx(((0.4 + 4 + 4.5) / 3,))
    assert measured("SPR-02", visits=some) == pytest.approx((4.25, np.sqrt(0.125)))
    assert measured("SPR-05", visits=some) == (0.25,)  # of all four


def test_regions_that_are_no_neighbours() -> None:
    some = visited(
        life(BULBAR, weakness_left_leg=4, diagnosis=5),
        life(LEFT_LEG, weakness_bulbar=4, diagnosis=5),
        life(LEFT_ARM, weakness_bulbar=4, diagnosis=5),
        life(BULBAR, weakness_left_arm=4, diagnosis=5),
    )
    assert measured("SPR-13", visits=some) == (0.5,)
