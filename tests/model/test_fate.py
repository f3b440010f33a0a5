"""Fate: thresholds of known law, and death of another cause in closed form."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.integrate import quad
from tests.model.cohorts import ALARM, assert_drawn_from, bits, scenario, world

from alssim.model import fate as drawing
from alssim.model.damage import lost_table
from alssim.model.fate import Fate, draw_fate, draw_resilience, other_death
from alssim.model.patients import draw_patients

WORLD = world()
PEOPLE = draw_patients(WORLD, 1, np.arange(2000))
FATE = draw_fate(WORLD, 9, PEOPLE)


@pytest.mark.parametrize(
    "name", ["diagnosis", "respiratory", "aspiration", "ventilated", "harm", "stopping"]
)
def test_thresholds_are_exponential(name: str) -> None:
    assert_drawn_from(getattr(FATE, name), "expon")


def test_involvement_has_a_latency() -> None:
    latency = WORLD.spread.latency
    for pool in range(14):
        assert_drawn_from(
            (FATE.involvement[:, pool] - latency) / (1 - latency), "expon", ALARM / 14
        )


def test_chances_of_a_procedure_are_uniform() -> None:
    assert_drawn_from(FATE.procedure, "uniform")
    assert_drawn_from(FATE.complication, "uniform")
    assert stats.spearmanr(FATE.procedure, FATE.complication).pvalue > ALARM


def test_resiliences_are_even_ten_bit_numbers() -> None:
    found = draw_resilience(2, np.arange(60), 33)
    assert found.shape == (60, 14, 33)
    counts = np.bincount(found.ravel(), minlength=1024)
    assert len(counts) == 1024
    assert stats.chisquare(counts).pvalue > ALARM


def test_more_neurons_leave_the_other_thresholds_alone() -> None:
    more = draw_fate(world(numerics__neurons_per_pool=300), 9, PEOPLE.take(slice(0, 20)))
    few = FATE.resilience[:20]
    assert bits(more.diagnosis) == bits(FATE.diagnosis[:20])
    assert more.resilience.shape == (20, 14, 300)
    assert (more.resilience.reshape(20, -1)[:, :2800] == few.reshape(20, -1)).all()


def test_a_threshold_added_changes_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "THRESHOLDS", (*drawing.THRESHOLDS, "lightning"))
    again = draw_fate(WORLD, 9, PEOPLE)
    for name in Fate.__dataclass_fields__:
        assert bits(getattr(again, name)) == bits(getattr(FATE, name)), name


def test_the_table_counts_neurons_by_their_resilience() -> None:
    """A neuron with resilience r is lost once damage reaches (r + 1) / 1024."""
    resilience = draw_resilience(5, np.arange(7), 40)
    table = lost_table(resilience)
    assert table.shape == (7, 14, 1025)
    for cell in (0, 1, 2, 500, 1023, 1024):
        assert (table[..., cell] == (resilience < cell).sum(axis=2)).all()
    assert (np.diff(table.astype(int), axis=2) >= 0).all()


@settings(deadline=None, derandomize=True, max_examples=40)
@given(
    age=st.floats(18, 95),
    threshold=st.floats(1e-4, 15),
    at_65=st.floats(1e-5, 0.02),
    per_year=st.floats(0.01, 0.2),
)
def test_death_of_another_cause_is_gompertz(
    age: float, threshold: float, at_65: float, per_year: float
) -> None:
    """The hazard, integrated by scipy up to the month found, is the threshold."""
    death = world(death__other_at_65=at_65, death__other_per_year=per_year).death
    month = float(other_death(death, np.array([age]), np.array([threshold]))[0])

    def hazard(month: float) -> float:
        return float(at_65 * np.exp(per_year * (age + month / 12 - 65)))

    borne = quad(hazard, 0, month)[0]
    assert borne == pytest.approx(threshold, rel=1e-6, abs=1e-6 * hazard(month) + 1e-9)


def test_without_that_hazard_nobody_dies_of_it() -> None:
    death = world(death__other_at_65=0.0).death
    found = other_death(death, np.array([30.0, 90.0]), np.array([1e-6, 20.0]))
    assert np.isfinite(found).all()
    assert (found[1] > 600).all()


def test_fate_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        FATE.harm[0] = 1.0


def test_fate_depends_on_its_own_seed() -> None:
    case = scenario()
    one, other = (draw_fate(case.world, seed, PEOPLE.take(slice(0, 30))) for seed in (1, 2))
    assert not (one.diagnosis == other.diagnosis).any()
