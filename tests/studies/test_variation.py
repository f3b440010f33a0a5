"""Where variation comes from: known variances found again, and laws; ensembles and their bands."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from alssim.errors import UsageError
from alssim.parameters import load_scenario, load_world
from alssim.parameters.schema import Scenario
from alssim.statistics.followup import FloatArray
from alssim.statistics.survival import survival_at
from alssim.studies.comparison import Comparison, compare
from alssim.studies.comparison.worlds import (
    alive_between,
    compare_worlds,
    hold_together,
    median_between,
    middle,
    with_worlds,
)
from alssim.studies.lives import live
from alssim.studies.variation import lived_and_gained, redrawn, split_variation


def normal(seed: int, *shape: int) -> FloatArray:
    return np.asarray(stats.norm.rvs(size=shape, random_state=seed), np.float64)


def drawn(seed: int, parts: tuple[float, float, float, float]) -> FloatArray:
    """Members, patients, each patient's own answer to a member, and fates: standard deviations."""
    member, patient, both, fate = parts
    return (
        member * normal(seed, 4, 1, 1)
        + patient * normal(seed + 10**6, 1, 12, 1)
        + both * normal(seed + 2 * 10**6, 4, 12, 1)
        + fate * normal(seed + 3 * 10**6, 4, 12, 3)
    )


def test_known_variances_are_found_again() -> None:
    """Mean of 2,000 estimates within 5 of their standard errors: false alarm about 2 in a million.

    Estimates below 0 are cut, so the parts are chosen large enough for that to be rare.
    """
    parts = (3.0, 2.0, 0.5, 1.0)
    found = [split_variation(drawn(seed, parts)) for seed in range(2_000)]
    wanted = {"parameters": 9.0, "between": 4.0 + 0.25, "within": 1.0}
    for name, truth in wanted.items():
        values = np.array([getattr(one, name) for one in found])
        error = values.std(ddof=1) / np.sqrt(len(values))
        assert values.mean() == pytest.approx(truth, abs=5 * error), name


def test_shares_add_up_and_follow_what_varies() -> None:
    still = np.ones((3, 5, 4))
    assert split_variation(still).shares == (0, 0, 0)
    people = still * np.arange(5.0)[:, None]
    assert split_variation(people).shares == (0, 1, 0)
    assert split_variation(people).between == pytest.approx(2.5)
    worlds = still * np.arange(3.0)[:, None, None]
    assert split_variation(worlds).shares == (0, 0, 1)
    mixed = split_variation(drawn(1, (1.0, 1.0, 1.0, 1.0)))
    assert sum(mixed.shares) == pytest.approx(1)


def test_scale_and_shift_do_what_they_should() -> None:
    values = drawn(7, (1.0, 2.0, 0.5, 1.0))
    one, other = split_variation(values), split_variation(100 - 3 * values)
    assert other.mean == pytest.approx(100 - 3 * one.mean)
    for name, power in (("within", 2), ("between", 2), ("parameters", 2), ("error", 1)):
        assert getattr(other, name) == pytest.approx(3**power * getattr(one, name))


def test_monte_carlo_error_is_that_of_a_mean_of_single_lives() -> None:
    values = drawn(3, (0.0, 2.0, 0.0, 1.0))[:1]
    found = split_variation(values)
    assert np.isnan(found.parameters)
    assert found.error == pytest.approx(np.sqrt((found.within + found.between) / 12))


@pytest.mark.parametrize("shape", [(2, 1, 5), (2, 5, 1), (0, 0, 0)])
def test_too_little_to_split(shape: tuple[int, ...]) -> None:
    with pytest.raises(UsageError, match="at least 2 patients and 2 fates"):
        split_variation(np.zeros(shape))


def test_unknown_values_are_refused() -> None:
    with pytest.raises(UsageError, match="known for every patient"):
        split_variation(np.full((1, 2, 2), np.nan))


# ---------------------------------------------------------------------- simulated ensembles


def member(pace: float, patients: int = 12) -> Scenario:
    changes = {"patients": patients, "horizon": 60, "pace.median": pace}
    return load_scenario("how-early-matters", changes).record


def run(scenario: Scenario) -> Comparison:
    return compare(live(scenario, backend="numpy"))


def lived(scenario: Scenario) -> FloatArray:
    return run(scenario).time[0]


def test_the_same_people_with_other_fates() -> None:
    members = [member(0.06), member(0.09)]
    values = redrawn(members, 3, lived)
    assert values.shape == (2, 12, 3)
    np.testing.assert_array_equal(values[1, :, 0], lived(members[1]))
    found = split_variation(values)
    assert found.within > 0 and found.between > 0
    with pytest.raises(UsageError, match="at least one member"):
        redrawn([], 3, lived)


@pytest.mark.parametrize("fates", [0, 1, 1_001])
def test_too_few_or_too_many_fates_are_refused_before_anything_is_simulated(fates: int) -> None:
    with pytest.raises(UsageError, match=f"fates = {fates}; allowed: 2 to 1,000"):
        redrawn([member(0.06)], fates, pytest.fail)


def test_two_bands_for_two_kinds_of_not_knowing() -> None:
    members = [member(pace) for pace in (0.06, 0.05, 0.09)]
    found = compare_worlds(members, run, np.array([0.0, 12.0, 24.0, 36.0]))
    bands = found.bands
    first = found.comparisons[0]
    np.testing.assert_array_equal(bands.alive[1], survival_at(first.curves[1], bands.months))
    assert (bands.known_low <= bands.alive).all() and (bands.alive <= bands.known_high).all()
    assert (bands.chance_low <= bands.alive).all() and (bands.alive <= bands.chance_high).all()
    assert found.means.shape == (3, 4)
    assert found.known[1].low == found.means[:, 1].min()
    assert found.gained[1] == first.gains[1].mean


def test_one_world_leaves_nothing_open_but_chance() -> None:
    found = compare_worlds([member(0.06)], run)
    np.testing.assert_array_equal(found.bands.known_low, found.bands.known_high)


def test_members_share_their_arms() -> None:
    other = load_scenario("claim-versus-trial", {"patients": 2, "horizon": 12}).record
    with pytest.raises(UsageError, match="the same arms"):
        compare_worlds([member(0.06), other], run)
    with pytest.raises(UsageError, match="at least one member"):
        compare_worlds([], run)


def test_a_range_over_members_may_be_open() -> None:
    """Half have died by the end in one member, not in the other: the upper end is not known."""
    short = [replace(member(pace), horizon=horizon) for pace, horizon in ((0.06, 60), (0.06, 6))]
    found = compare_worlds(short, run)
    middle_of_usual = median_between(found, 0)
    assert middle_of_usual.value == middle_of_usual.low == found.comparisons[0].medians[0].value
    assert np.isnan(middle_of_usual.high)


def test_limits_at_one_month_are_those_of_the_bands() -> None:
    found = compare_worlds([member(pace) for pace in (0.06, 0.05, 0.09)], run, np.array([24.0]))
    chance, known = alive_between(found, 1, 24.0)
    bands = found.bands
    assert (chance.low, chance.high) == (bands.chance_low[1, 0], bands.chance_high[1, 0])
    assert (known.low, known.high) == (bands.known_low[1, 0], bands.known_high[1, 0])
    assert chance.value == known.value == found.comparisons[0].landmarks[1].alive[1]


def test_comparisons_of_different_arms_are_not_held_together() -> None:
    other = load_scenario("claim-versus-trial", {"patients": 2, "horizon": 12}).record
    with pytest.raises(UsageError, match="all with the same arms"):
        hold_together([run(member(0.06)), run(other)])
    with pytest.raises(UsageError, match="at least one member"):
        hold_together([])


def test_several_numbers_of_the_same_lives() -> None:
    """Months lived with usual care, and gained: the rows of one simulation, split on their own."""
    scenario = member(0.06)
    lives = live(scenario, backend="numpy")
    both = lived_and_gained(lives)
    lived = np.minimum(np.nan_to_num(lives.months("death"), nan=60.0), 60.0)
    np.testing.assert_array_equal(both[0], lived[0])
    np.testing.assert_allclose(both[0] + both[1:], lived[1:])
    steps: list[tuple[int, int]] = []
    values = redrawn(
        [scenario],
        2,
        lambda one: lived_and_gained(live(one, backend="numpy")),
        lambda done, total: steps.append((done, total)),
    )
    assert values.shape == (1, 4, 12, 2)
    np.testing.assert_array_equal(values[0, :, :, 0], both)
    assert steps == [(1, 2), (2, 2)]


def test_worlds_become_members() -> None:
    base = member(0.06)
    worlds = [load_world("reference", {"pace.median": pace}).record for pace in (0.06, 0.08)]
    made = with_worlds(base, worlds)
    assert [one.world for one in made] == worlds
    assert made[1].arms == base.arms and made[1].people == base.people


def test_many_members_give_their_middle() -> None:
    values = np.arange(101.0)[:, None]
    assert [float(one[0]) for one in middle(values)] == pytest.approx([2.5, 97.5])
    assert [float(one[0]) for one in middle(values[:19])] == [0, 18]
