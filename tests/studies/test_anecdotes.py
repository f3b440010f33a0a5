"""Who looks better untreated: hand-made cohorts, laws of the best case, series of nothing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from tests.studies.watched_people import NEVER, people_of

from alssim.errors import UsageError
from alssim.model.simulate import simulate
from alssim.parameters import load_scenario
from alssim.studies.anecdotes import (
    MEASURES,
    best_of,
    changes,
    look,
    looks,
    open_series,
    people_needed,
    slope_before,
)
from alssim.studies.watching import Watched, first_visit, months_of_moment, watch, watched

ALARM = 1e-6  # chance of a false alarm of each statistical test

SIX = people_of(
    [
        [40, 39, 38, 37, 36],
        [40, 40, 40, 40, 41],
        [40, 40, 40, 40, 40],
        [40, 40, 40, 40, 40],
        [40, 41, 42, 43, 44],
        [40, 39, 38, 37, 36],
    ],
    deaths=[NEVER, NEVER, NEVER, 3.5, NEVER, NEVER],
    diagnosis=[0, 1, 0.5, 0, 2, NEVER],
)


def noiseless(patients: int = 60) -> Watched:
    still = {"rating.visit_sd": 0, "rating.item_sd": 0, "breathing.capacity_error": 0}
    still |= {"horizon": 120, "patients": patients}
    return watch(load_scenario("reference", still).record, backend="numpy")


def test_a_hand_made_cohort() -> None:
    found = changes(SIX, "diagnosis", 2)
    assert found.person.tolist() == [0, 1, 2, 3, 4] and found.left_out == 1
    assert found.month.tolist() == [0, 1, 1, 0, 2]
    np.testing.assert_array_equal(found.total, [-2, 0, 0, 0, 2])
    seen = look(found)
    assert (seen.improved, seen.stable, seen.declined, seen.died) == (0.2, 0.6, 0.2, 0.0)
    assert seen.fine == 0.8
    np.testing.assert_array_equal(found.of("speech"), found.total)
    np.testing.assert_array_equal(found.of("vital_capacity"), 2 * found.total)
    assert look(found, "walking").stable == 1.0


def test_who_has_died_gives_no_answer_but_is_counted() -> None:
    found = changes(SIX, "diagnosis", 4)
    assert found.person.tolist() == [0, 3]  # the others' second visit is beyond the end
    assert found.answers.tolist() == [True, False]
    np.testing.assert_array_equal(found.total, [-4, NEVER])
    assert look(found).died == 0.5


def test_moments_are_events_stages_or_months() -> None:
    assert first_visit(SIX, "month:1").tolist() == [1] * 6
    assert first_visit(SIX, "month:3.2").tolist() == [4, 4, 4, -1, 4, 4]
    assert first_visit(SIX, "kings_2a").tolist() == first_visit(SIX, "diagnosis").tolist()
    assert first_visit(SIX, "month:99").tolist() == [-1] * 6
    assert np.isnan(months_of_moment(SIX, "docs_4")).all()


@pytest.mark.parametrize(
    ("moment", "after", "told"),
    [
        ("cure", 3, "unknown moment 'cure'; give month:12, or one of: pathology_start"),
        ("month:soon", 3, "after month: give a number of 0 or more"),
        ("month:-1", 3, "after month: give a number of 0 or more"),
        ("month:nan", 3, "after month: give a number of 0 or more"),
        ("diagnosis", 0, "after = 0; allowed: 1 or more"),
        ("docs_4", 3, "nobody is seen at docs_4 and 3 months later"),
        ("diagnosis", 99, "nobody is seen at diagnosis and 99 months later"),
    ],
)
def test_what_is_wrong_is_told(moment: str, after: int, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        changes(SIX, moment, after)


def test_a_simulation_must_have_visits_and_stop_at_death() -> None:
    scenario = load_scenario("reference", {"horizon": 12, "patients": 3}).record
    with pytest.raises(UsageError, match="kept no visits"):
        watched(simulate(scenario, backend="numpy"))
    with pytest.raises(UsageError, match="while they live"):
        watched(simulate(scenario, backend="numpy", visits=True, latent=True))


def test_watching_part_by_part_is_the_same_as_watching_a_simulation() -> None:
    scenario = load_scenario("claim-versus-trial", {"horizon": 40, "patients": 600}).record
    parts = watch(scenario, backend="numpy")
    whole = watched(simulate(scenario, backend="numpy", visits=True))
    for name in ("number", "events", "alive", "items", "capacity"):
        np.testing.assert_array_equal(getattr(parts, name), getattr(whole, name))
    assert parts.horizon == 40


def test_without_rating_noise_nobody_improves() -> None:
    people = noiseless()
    for moment in ("onset", "diagnosis", "month:12"):
        found = looks(changes(people, moment, 3))
        assert [seen.measure for seen in found] == list(MEASURES)
        assert max(seen.improved for seen in found) == 0
        assert all(s.improved + s.stable + s.declined + s.died == pytest.approx(1) for s in found)


def test_with_rating_noise_some_do() -> None:
    people = watch(load_scenario("reference", {"horizon": 60, "patients": 300}).record)
    found = changes(people, "diagnosis", 3)
    assert look(found).improved > 0
    assert look(found, "any_item").improved >= max(
        look(found, "walking").improved, look(found, "swallowing").improved
    )


CHANGES = st.lists(st.one_of(st.integers(-6, 4), st.none()), min_size=1, max_size=30).map(
    lambda row: np.array([np.nan if v is None else v for v in row], np.float64)
)


@settings(deadline=None, derandomize=True)
@given(change=CHANGES, size=st.integers(1, 40), place=st.integers(1, 5))
def test_laws_of_the_best_case(change: np.ndarray, size: int, place: int) -> None:  # type: ignore[type-arg]
    place = min(place, size)
    found, larger = best_of(change, size, place), best_of(change, size + 5, place)
    assert found.share.sum() == pytest.approx(1) and (found.share >= -1e-12).all()
    for value in found.change:
        assert larger.at_least(value) >= found.at_least(value) - 1e-12  # rises with n
        if place < size:
            assert best_of(change, size, place + 1).at_least(value) <= found.at_least(value) + 1e-12
    for share in (0.05, 0.5, 0.95):
        assert larger.quantile(share) >= found.quantile(share)


def test_the_best_of_one_is_anybody() -> None:
    change = np.array([-2, -2, 0, 1, NEVER])
    one = best_of(change, 1)
    np.testing.assert_array_equal(one.change, [-np.inf, -2, 0, 1])
    np.testing.assert_allclose(one.share, [0.2, 0.4, 0.2, 0.2])
    assert one.at_least(0) == pytest.approx(0.4)
    assert [one.quantile(share) for share in (0.1, 0.2, 0.5, 0.6, 0.7, 1)] == [
        -np.inf, -np.inf, -2, -2, 0, 1,
    ]  # fmt: skip


def test_the_best_of_many_is_that_of_drawing_many() -> None:
    change = np.array([-5, -3, -3, -1, 0, 0, 2, NEVER])
    generator = np.random.default_rng(1)
    drawn = np.sort(np.nan_to_num(generator.choice(change, (20_000, 6)), nan=-99), axis=1)
    for place in (1, 2, 3):
        expected = best_of(change, 6, place)
        for value in (-3, 0, 2):
            hits = int((drawn[:, -place] >= value).sum())
            assert stats.binomtest(hits, 20_000, expected.at_least(value)).pvalue > ALARM


@pytest.mark.parametrize("place", [0, 4])
def test_a_place_must_be_among_the_people(place: int) -> None:
    with pytest.raises(UsageError, match=f"place = {place} of size = 3"):
        best_of(np.zeros(2), 3, place)
    with pytest.raises(UsageError, match="at least one person"):
        best_of(np.zeros(0), 3)


def test_people_needed_for_one_case() -> None:
    assert people_needed(0.5) == 1 and people_needed(0.05) == 14
    assert people_needed(0) == float("inf") and people_needed(1) == 1
    assert 1 - (1 - 0.05) ** 13 < 0.5 <= 1 - (1 - 0.05) ** 14
    with pytest.raises(UsageError, match="must lie between"):
        people_needed(0.1, 1.0)


def test_series_of_people_who_decline_alike() -> None:
    people = people_of([[48 - month for month in range(13)]] * 20)
    found = changes(people, "month:6", 3)
    np.testing.assert_array_equal(slope_before(people, found), -1)
    series = open_series(people, found, size=5, repeats=50)
    assert (series.improved == 0).all() and (series.fine == 0).all()
    for row, value in ((series.best, -3), (series.change, -3)):
        np.testing.assert_allclose(row, value)
    np.testing.assert_allclose(series.on_before, 0, atol=1e-12)
    np.testing.assert_allclose(series.on_control, 0, atol=1e-12)


def test_a_series_with_controls_shows_nothing_on_average() -> None:
    people = watch(load_scenario("reference", {"horizon": 60, "patients": 400}).record)
    found = changes(people, "diagnosis", 3)
    series = open_series(people, found, size=10, repeats=4000, seed=3)
    known = series.on_control[~np.isnan(series.on_control)]
    assert stats.ttest_1samp(known, 0).pvalue > ALARM
    improved = int(series.improved.sum())
    assert stats.binomtest(improved, 40_000, look(found).improved).pvalue > ALARM
    at_least_one = int((series.best >= 1).sum())
    chance = best_of(found.total, 10).at_least(1)
    assert stats.binomtest(at_least_one, 4000, chance).pvalue > ALARM
    again = open_series(people, found, size=10, repeats=4000, seed=3)
    np.testing.assert_array_equal(series.best, again.best)


@pytest.mark.parametrize("wrong", [{"size": 0}, {"repeats": 0}, {"size": 10_001}])
def test_sizes_of_a_series(wrong: dict[str, int]) -> None:
    with pytest.raises(UsageError, match="allowed: 1 to"):
        open_series(SIX, changes(SIX, "diagnosis", 2), **wrong)
