"""Function from visits: counted by hand a second time, part by part the same, bounded by life."""

import numpy as np
import pytest

from alssim.errors import UsageError
from alssim.model.simulate import Simulation, simulate
from alssim.parameters import load_scenario, load_treatment
from alssim.parameters.outcomes import MitosUtilities, usual_outcomes
from alssim.parameters.schema import Scenario
from alssim.studies.comparison import Clock, compare
from alssim.studies.comparison.currencies import currencies
from alssim.studies.comparison.function import (
    FunctionKeeper,
    able_months,
    function_of,
    neuron_loss_ratio,
    score_differences,
)
from alssim.studies.comparison.quality import quality_by_mitos
from alssim.studies.lives import live

HORIZON = 72


def scenario(patients: int = 24, size: float = 0.5) -> Scenario:
    changes = {
        "patients": patients,
        "horizon": HORIZON,
        "arms.slowing-from-onset.effects.1.size": size,
    }
    base = load_scenario("how-early-matters", changes).record
    assert load_treatment("slowing-from-onset").record.name == base.arms[1].name
    return base


@pytest.fixture(scope="module")
def simulated() -> Simulation:
    return simulate(scenario(), visits=True, backend="numpy")


@pytest.mark.parametrize("clock", ["onset", "diagnosis"])
def test_months_without_help_counted_one_visit_at_a_time(
    simulated: Simulation, clock: Clock
) -> None:
    kept = function_of(simulated, simulated.scenario, 48.0, clock)
    visits = simulated.visits
    assert visits is not None
    start = simulated.months("diagnosis")[0] if clock == "diagnosis" else np.zeros(24)
    death = np.nan_to_num(simulated.months("death"), nan=HORIZON)
    for rule in usual_outcomes().abilities:
        for arm, patient in ((0, 0), (1, 3), (2, 7), (3, 11), (1, 15)):
            end = min(death[arm, patient], start[patient] + 48, HORIZON)
            able = 0.0
            for month in range(len(visits.months)):
                score = visits.items[arm, patient, month, rule.item - 1]
                if visits.alive[arm, patient, month] and score >= rule.lowest:
                    able += max(0.0, min(month + 1, end) - max(month, start[patient]))
            found = kept.able[rule.name][arm, patient]
            if np.isnan(start[patient]):  # never diagnosed: no month 0
                assert np.isnan(found)
            else:
                assert found == pytest.approx(able, abs=1e-9)


def test_part_by_part_is_the_same() -> None:
    whole = scenario(30)
    keeper = FunctionKeeper(whole, 60.0)
    live(whole, visits=True, backend="numpy", also=keeper.add)
    simulated = simulate(whole, visits=True, backend="numpy")
    one, other = keeper.kept(), function_of(simulated, whole, 60.0)
    assert (one.score == other.score).all() and (one.lost == other.lost).all()
    for name in one.able:
        np.testing.assert_array_equal(one.able[name], other.able[name])


def test_nobody_does_a_thing_longer_than_life(simulated: Simulation) -> None:
    comparison = compare(simulated)
    kept = function_of(simulated, simulated.scenario, HORIZON)
    for found, rows in zip(able_months(kept, comparison), kept.able.values(), strict=True):
        assert (rows[:, comparison.members] <= comparison.time + 1e-9).all()
        assert found.difference[1].value == pytest.approx(
            found.months[1].value - found.months[0].value
        )
        assert found.months[0].value > 0


def test_scores_of_those_alive_both_ways_and_of_everybody(simulated: Simulation) -> None:
    comparison = compare(simulated)
    rows = score_differences(function_of(simulated, simulated.scenario, HORIZON), comparison)
    visits = simulated.visits
    assert visits is not None
    for row in rows:
        month = int(row.month)
        total, alive = visits.total[:, :, month], visits.alive[:, :, month]
        both = alive[0] & alive[1]
        assert row.alive[1] == both.sum()
        assert row.score[1] == pytest.approx(total[1, both].mean())
        assert row.difference[1].value == pytest.approx((total[1] - total[0])[both].mean())
        points = np.where(alive, total, 0)
        assert row.all[1].value == pytest.approx((points[1] - points[0]).mean())
    assert rows[0].difference[1].value == 0  # nothing has been treated at month 0
    assert [row.month for row in rows] == sorted(row.month for row in rows)


def test_an_effect_of_no_size_changes_nothing() -> None:
    none = simulate(scenario(16, 0.0), visits=True, backend="numpy")
    comparison = compare(none)
    kept = function_of(none, none.scenario, HORIZON)
    assert all(found.difference[1].value == 0 for found in able_months(kept, comparison))
    assert all(row.all[1].value == 0 for row in score_differences(kept, comparison))
    assert neuron_loss_ratio(kept, comparison)[1].value == 1


def test_slower_loss_is_less_loss(simulated: Simulation) -> None:
    comparison = compare(simulated)
    kept = function_of(simulated, simulated.scenario, HORIZON)
    ratio = neuron_loss_ratio(kept, comparison)
    assert ratio[0].value == 1
    assert 0.3 < ratio[1].value < ratio[1].high < 1
    found = currencies(comparison, comparison.landmarks[0], kept)
    assert found[0].loss == ratio[1]
    late = neuron_loss_ratio(kept, comparison, months=500.0)
    assert np.isnan(late[1].value)


def test_function_belongs_to_its_clock_and_needs_visits(simulated: Simulation) -> None:
    kept = function_of(simulated, simulated.scenario, HORIZON, "diagnosis")
    with pytest.raises(UsageError, match="function was kept from diagnosis"):
        able_months(kept, compare(simulated))
    with pytest.raises(UsageError, match="needs visits"):
        function_of(simulate(scenario(2), backend="numpy"), simulated.scenario, HORIZON)


# ------------------------------------------------------------------------ MiToS stages


def mitos_rated(*stages: float) -> MitosUtilities:
    named = {f"mitos_{stage}": value for stage, value in enumerate(stages)}
    return MitosUtilities(name="made-up", title="Made up", **named)


def test_months_in_mitos_stages_counted_one_visit_at_a_time(simulated: Simulation) -> None:
    kept, visits = function_of(simulated, simulated.scenario, 48.0), simulated.visits
    assert visits is not None
    death = np.nan_to_num(simulated.months("death"), nan=HORIZON)
    for arm, patient in ((0, 0), (1, 3), (2, 7), (1, 15)):
        months, end = np.zeros(5), min(death[arm, patient], 48.0)
        for month in range(len(visits.months)):
            if visits.alive[arm, patient, month]:
                stage = visits.mitos[arm, patient, month]
                months[stage] += max(0.0, min(month + 1, end) - month)
        np.testing.assert_allclose(kept.mitos[arm, patient], months)
    np.testing.assert_allclose(kept.mitos.sum(axis=-1), np.minimum(death, 48.0), atol=1e-9)


def test_quality_by_mitos_stage_is_months_times_ratings(simulated: Simulation) -> None:
    comparison = compare(simulated, 48.0)
    kept = function_of(simulated, simulated.scenario, 48.0)
    full, none, ours = (
        quality_by_mitos(kept, comparison, [mitos_rated(*row)])[0]
        for row in ((1,) * 5, (0,) * 5, (0.9, 0.7, 0.5, 0.3, 0.1))
    )
    np.testing.assert_allclose(full.each, comparison.time, atol=1e-9)
    assert not none.each.any()
    by_hand = kept.mitos[:, comparison.members] @ [0.9, 0.7, 0.5, 0.3, 0.1]
    np.testing.assert_allclose(ours.each, by_hand)
    gain = by_hand[1] - by_hand[0]
    assert ours.difference[1].value == pytest.approx(gain.mean())
    usual = quality_by_mitos(kept, comparison)
    assert [one.utilities.name for one in usual] == ["moore-2019-mitos"]
    with pytest.raises(UsageError, match="kept from onset"):
        quality_by_mitos(kept, compare(simulated, 30.0, "diagnosis"))
