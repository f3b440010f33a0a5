"""Which stage people are in, and how long: plain counting and laws."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from tests.statistics.samples import slow_mean, slow_survival

from alssim.errors import UsageError
from alssim.statistics.followup import FollowUp, follow_up
from alssim.statistics.stages import (
    Passages,
    occupancy,
    paired_occupancy_difference,
    paired_sojourn_difference,
    passages,
    sojourn,
)

Array = NDArray[np.float64]
NEVER = np.nan


def courses(seed: int, size: int = 40, delay: float = 1.0) -> Array:
    """Draw times of three stages in whole months; the second is skipped by some."""
    rng = np.random.default_rng(seed)
    reached = np.ceil(np.cumsum(rng.exponential([8, 10, 12], (size, 3)), axis=1) * delay)
    reached[rng.random(size) < 0.2, 1] = NEVER
    return reached


def ends(seed: int, size: int = 40) -> Array:
    return np.random.default_rng(seed + 1000).integers(20, 60, size) + 0.25


def slow_state(row: Array, month: float) -> int:
    """The furthest stage reached by a month."""
    return max([0, *(stage + 1 for stage, at in enumerate(row.tolist()) if at <= month)])


@settings(deadline=None, derandomize=True, max_examples=40)
@given(seed=st.integers(0, 999))
def test_counting_one_by_one(seed: int) -> None:
    reached = courses(seed)
    found = occupancy(passages(reached), range(0, 60, 7))
    for place, month in enumerate(range(0, 60, 7)):
        states = [slow_state(row, month) for row in reached]
        assert found.share[:, place].tolist() == [states.count(k) / 40 for k in range(4)]
    stays = np.zeros(4)
    for month in range(48):  # all times are whole months
        for row in reached:
            stays[slow_state(row, month)] += 1 / 40
    means = [one.value for one in sojourn(passages(reached), 48)]
    np.testing.assert_allclose(means, stays, atol=1e-9)


def slow_boundary(reached: Array, until: Array, entry: Array | None, stage: int) -> FollowUp:
    """Follow to a stage or a later one those who had not reached it at entry."""
    first = np.array([np.nanmin([*row[stage:].tolist(), np.inf]) for row in reached])
    time, event = np.minimum(first, until), first <= until
    before = np.ones(len(time), bool) if entry is None else entry < time
    return follow_up(time[before], event[before], None if entry is None else entry[before])


@settings(deadline=None, derandomize=True, max_examples=25)
@given(seed=st.integers(0, 999), late=st.booleans())
def test_censored_and_late_the_slow_way(seed: int, late: bool) -> None:
    reached, until = courses(seed), ends(seed)
    entry = np.random.default_rng(seed).integers(0, 6, 40) + 0.5 if late else None
    people = passages(reached, until, entry)
    edges = [slow_boundary(reached, until, entry, stage) for stage in range(3)]
    found = occupancy(people, [6.0, 18.0])
    for place, month in enumerate((6.0, 18.0)):
        free = [0.0, *(slow_survival(edge, month) for edge in edges), 1.0]
        np.testing.assert_allclose(found.share[:, place], np.clip(np.diff(free), 0, 1), atol=1e-9)
    means = np.diff([0.0, *(slow_mean(edge, 18) for edge in edges), 18.0])
    np.testing.assert_allclose([one.value for one in sojourn(people, 18)], means, atol=1e-9)


@settings(deadline=None, derandomize=True, max_examples=25)
@given(seed=st.integers(0, 999))
def test_both_ways_agree_where_nobody_is_lost(seed: int) -> None:
    """With an end of follow-up that comes after everything the curves give the plain counts."""
    first, second = courses(seed), courses(seed, delay=1.3)
    last = np.full(40, 1000.0)
    plain, pieced = (
        (passages(first), passages(second)),
        (passages(first, last), passages(second, last)),
    )
    for asked in (
        lambda pair: occupancy(pair[0], [5, 20, 40]),
        lambda pair: paired_occupancy_difference(*pair, [5, 20, 40]),
    ):
        one, other = asked(plain), asked(pieced)
        for row in ("share", "lower", "upper"):
            np.testing.assert_allclose(getattr(one, row), getattr(other, row), atol=1e-9)
    for ask in (
        lambda pair: sojourn(pair[0], 36),
        lambda pair: paired_sojourn_difference(*pair, 36),
    ):
        for one, other in zip(ask(plain), ask(pieced), strict=True):
            assert (one.low, one.value, one.high) == pytest.approx(
                (other.low, other.value, other.high), abs=1e-9
            )


def all_kinds(seed: int) -> list[tuple[Passages, Passages]]:
    first, second = courses(seed), courses(seed, delay=1.2)
    until, entry = ends(seed), np.full(40, 0.5)
    return [
        (passages(first), passages(second)),
        (passages(first, until), passages(second, until)),
        (passages(first, until, entry), passages(second, until, entry)),
    ]


@settings(deadline=None, derandomize=True, max_examples=25)
@given(seed=st.integers(0, 999), power=st.integers(-4, 4))
def test_shares_add_up_and_units_do_not_matter(seed: int, power: int) -> None:
    for people, _ in all_kinds(seed):
        found = occupancy(people, [4, 12, 18])
        assert ((found.lower <= found.share) & (found.share <= found.upper)).all()
        np.testing.assert_allclose(
            found.share.sum(axis=0), 1, atol=0.05
        )  # curves may cross a little
        stays = sojourn(people, 18)
        assert sum(one.value for one in stays) == pytest.approx(18)
        scale = 2.0**power
        rows = [None if row is None else row * scale for row in (people.until, people.entry)]
        scaled = passages(people.reached * scale, *rows)
        np.testing.assert_allclose(
            occupancy(scaled, np.array([4, 12, 18]) * scale).share, found.share
        )
        for one, other in zip(stays, sojourn(scaled, 18 * scale), strict=True):
            assert other.low == pytest.approx(one.low * scale)


def test_of_people_all_followed_shares_add_up_exactly() -> None:
    found = occupancy(passages(courses(1)), range(60))
    np.testing.assert_allclose(found.share.sum(axis=0), 1, atol=1e-12)


@settings(deadline=None, derandomize=True, max_examples=25)
@given(seed=st.integers(0, 999))
def test_pairs_go_both_ways_and_nothing_is_gained_from_oneself(seed: int) -> None:
    for first, second in all_kinds(seed):
        there = paired_sojourn_difference(first, second, 18)
        back = paired_sojourn_difference(second, first, 18)
        own = paired_sojourn_difference(first, first, 18)
        assert sum(one.value for one in there) == pytest.approx(0, abs=1e-9)
        for one, other, none in zip(there, back, own, strict=True):
            assert (-other.high, -other.low) == pytest.approx((one.low, one.high))
            assert (none.value, none.low, none.high) == (0, 0, 0)
        shares = paired_occupancy_difference(first, second, [12])
        turned = paired_occupancy_difference(second, first, [12])
        np.testing.assert_allclose(shares.lower, -turned.upper, atol=1e-12)
        np.testing.assert_allclose(
            shares.share, occupancy(second, [12]).share - occupancy(first, [12]).share, atol=0.05
        )


def test_who_reaches_a_later_stage_has_reached_the_earlier() -> None:
    skipped = passages([[3, NEVER, 9], [NEVER, 4, NEVER]])
    assert skipped.reached.tolist() == [[3, 9, 9], [4, 4, np.inf]]
    assert (skipped.patients, skipped.stages) == (2, 4)
    out_of_order = passages([[5, 3, 9]])
    assert out_of_order.reached.tolist() == [[3, 3, 9]]


def test_beyond_the_follow_up_nothing_is_known() -> None:
    people = passages([[2, NEVER], [3, 6], [NEVER, NEVER]], until=[8, 10, 10])
    assert np.isnan(occupancy(people, [11]).share).any()
    with pytest.raises(UsageError, match="horizon = 11 is beyond the follow-up"):
        sojourn(people, 11)


def test_everybody_late() -> None:
    """Who had passed a boundary before entering tells nothing of when; nobody is before it."""
    people = passages([[1, 9], [2, 8], [1, NEVER]], until=[10, 10, 10], entry=[5, 5, 5])
    assert occupancy(people, [6]).share[:, 0].tolist() == [0, 1, 0]
    assert sojourn(people, 6)[0].value == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1, 2],), "reached must be \\[patient, stage\\]"),
        (([[]],), "reached must be"),
        (([[1.0]], None, [0.0]), "entry needs until"),
        (([[1.0]], [1.0, 2.0]), "until has shape"),
        (([[1.0]], [np.inf]), "is not a finite number"),
        (([[1.0]], [2.0], [3.0]), "entry\\[0\\] = 3 is not before 2"),
    ],
)
def test_wrong_use(arguments: tuple[object, ...], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        passages(*arguments)  # type: ignore[arg-type]


def test_wrong_questions() -> None:
    with pytest.raises(UsageError, match="horizon = 0 is not"):
        sojourn(passages([[1.0]]), 0)
    with pytest.raises(UsageError, match="same patients and stages"):
        paired_sojourn_difference(passages([[1.0]]), passages([[1.0, 2.0]]), 5)
