"""The pieces of a month: when a line meets a level, hazards that add up, needs and causes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.model.cohorts import chunk_of, scenario

from alssim.model.backend import NUMPY, Engine, numba_engine
from alssim.model.equations import (
    between,
    grow,
    growth_factor,
    part_of_step,
    pressure,
    relax,
    survive,
)
from alssim.model.hazards import (
    death_times,
    gastrostomy_need,
    niv_need,
    note_falls,
    on_grid,
    regions_involved,
)
from alssim.model.ledger import BREATHING, FOLLOWED, SOURCE, VENTILATED
from alssim.model.physics import SIGNAL, SIGNALS, hazard_table
from alssim.model.state import CHANNELS, NEVER, no_effects

INF = np.inf
settings.register_profile("laws", deadline=None, derandomize=True)
laws = settings.get_profile("laws")


@laws
@given(x=st.floats(0, 0.5), q=st.floats(1e-6, 1))
def test_growth_is_logistic(x: float, q: float) -> None:
    exact = q * np.exp(x) / (1 + q * (np.exp(x) - 1))
    assert grow(q, growth_factor(x)) == pytest.approx(exact, rel=x**5 / 50 + 1e-12)


@laws
@given(x=st.floats(0, 100), more=st.floats(0, 100), q=st.floats(1e-6, 1), less=st.floats(0, 1))
def test_growth_is_monotone_at_any_rate(x: float, more: float, q: float, less: float) -> None:
    """Faster growth, or more to begin with, never leaves less: nor ever more than 1."""
    assert growth_factor(x + more) >= growth_factor(x) >= 1
    end = grow(q, growth_factor(x + more))
    assert end >= grow(q, growth_factor(x)) * (1 - 1e-15)
    assert end >= grow(q * less, growth_factor(x + more)) * (1 - 1e-15)
    assert q * (1 - 1e-15) <= end <= 1 + 1e-15


@laws
@given(hazard=st.floats(0, 0.3), survival=st.floats(1e-6, 1))
def test_survival_is_exponential(hazard: float, survival: float) -> None:
    exact = survival * np.exp(-hazard)
    assert survive(survival, hazard) == pytest.approx(exact, rel=hazard**4 / 20 + 1e-14)


@laws
@given(hazard=st.floats(0, 1e6), more=st.floats(0, 1e6), survival=st.floats(0, 1))
def test_survival_falls_with_the_hazard_and_stays_a_share(
    hazard: float, more: float, survival: float
) -> None:
    assert 0 <= survive(survival, hazard + more) <= survive(survival, hazard) <= survival


@laws
@given(state=st.floats(0, 1), target=st.floats(0, 1), half=st.floats(0, 1))
def test_a_state_moves_toward_its_target(state: float, target: float, half: float) -> None:
    keep, gain = (1 - half) / (1 + half), 2 * half / (1 + half)
    found = relax(state, target, keep, gain)
    assert min(state, target) - 1e-12 <= found <= max(state, target) + 1e-12


def test_arithmetic_by_hand() -> None:
    assert pressure(0.5, 2.0, 1.0) == 3.0
    assert part_of_step(0.9, 0.7, 0.85) == pytest.approx(0.25)
    assert between(2.0, 4.0, 0.25) == 2.5


def lines(**rows: list[float]) -> np.ndarray:
    """Return what is followed [row, step, 1]: all at 1 but the rows given."""
    steps = len(next(iter(rows.values())))
    found = np.full((FOLLOWED, steps, 1), 100.0)
    for name, values in rows.items():
        found[SOURCE[SIGNAL[name]], :, 0] = values
    return found


def falls(levels: dict[str, float], first_step: int = 0, **rows: list[float]) -> dict[str, float]:
    signals, level = np.full((len(SIGNALS), 1), INF), np.full(len(SIGNALS), -INF)
    for name, value in levels.items():
        level[SIGNAL[name]] = value
    note_falls(signals, lines(**rows), level, first_step, 4)
    return {name: float(signals[SIGNAL[name], 0]) for name in levels}


def test_a_fall_is_noted_between_two_steps() -> None:
    assert falls({"marked": 0.4}, marked=[0.9, 0.5, 0.3, 0.2, 0.1]) == {"marked": 1.5 / 4}
    assert falls({"marked": 0.4}, first_step=8, marked=[0.9, 0.5, 0.3, 0.2, 0.1]) == {
        "marked": 9.5 / 4
    }
    assert falls({"marked": 0.4}, marked=[0.9, 0.9, 0.8, 0.7, 0.4]) == {"marked": INF}


def test_what_is_below_from_the_start_has_fallen_at_the_start() -> None:
    assert falls({"marked": 0.4}, marked=[0.3, 0.2, 0.2, 0.2, 0.2]) == {"marked": 0.0}


def test_only_the_first_fall_is_noted() -> None:
    signals = np.full((len(SIGNALS), 1), INF)
    signals[SIGNAL["marked"]] = 1.25
    note_falls(signals, lines(marked=[0.5, 0.1, 0.1, 0.1, 0.1]), np.full(len(SIGNALS), 0.4), 40, 4)
    assert signals[SIGNAL["marked"], 0] == 1.25


@laws
@given(strength=st.floats(0, 1))
def test_tables_over_strength_are_read_between_their_cells(strength: float) -> None:
    table = hazard_table(2.0, 3.0)
    found = on_grid(table, np.array([strength]))[0]
    assert found == pytest.approx(2 * (1 - strength) ** 3, abs=2e-6)


def signals(**months: float) -> np.ndarray:
    found = np.full((len(SIGNALS), 1), INF)
    for name, month in months.items():
        found[SIGNAL[name]] = month
    return found


def test_niv_is_needed_by_capacity_or_by_symptoms_with_capacity() -> None:
    assert niv_need(signals(capacity_half=9)).item() == 9
    assert niv_need(signals(capacity_half=9, capacity_low=3, breathless=5)).item() == 5
    assert niv_need(signals(capacity_half=9, capacity_low=3)).item() == 9
    assert niv_need(signals(breathless=5)).item() == INF
    assert niv_need(signals(capacity_half=4, capacity_low=3, breathless=5)).item() == 4


def test_a_tube_is_needed_by_swallowing_or_by_weight() -> None:
    assert gastrostomy_need(signals(swallowing_lost=9)).item() == 9
    assert gastrostomy_need(signals(swallowing_lost=9, swallowing_weak=2, weight_low=6)).item() == 6
    assert gastrostomy_need(signals(swallowing_weak=2)).item() == INF
    assert gastrostomy_need(signals(weight_low=6)).item() == INF


def test_regions_for_the_diagnosis_are_counted_by_kind() -> None:
    weak = {f"weakness_{region}": 1.0 for region in range(7)}
    assert regions_involved(signals(**weak), 1.0).item() == 4
    assert regions_involved(signals(weakness_1=1, weakness_2=1), 2.0).item() == 1
    assert regions_involved(signals(weakness_3=1, weakness_4=1), 2.0).item() == 1
    assert regions_involved(signals(weakness_0=1, weakness_6=3), 2.0).item() == 1


@pytest.mark.parametrize("engine", [NUMPY, numba_engine()], ids=lambda engine: engine.name)
def test_a_hazard_ratio_acts_on_a_ventilator_too(engine: Engine) -> None:
    """After the tracheostomy the hazard is constant: half of it makes the wait twice as long."""
    case = scenario(care__tracheostomy_acceptance=1.0, care__ventilation_stop_share=0.0)
    chunk = chunk_of(case, 300)
    onset = engine.silent(chunk.luck, chunk.physics)
    half = np.full((1, 300), 0.5)
    always = no_effects(300)._replace(
        channel=np.array([CHANNELS.index("hazard_ratio")]),
        size=half,
        start=np.zeros((1, 300), np.int64),
        stop=np.full((1, 300), NEVER),
        shape=np.ones((1, 1)),
    )
    plain = engine.course(chunk.luck, chunk.physics, onset, 600, latent=True).times
    halved = engine.course(chunk.luck, chunk.physics, onset, 600, always, latent=True).times
    both = np.isfinite(plain[VENTILATED]) & np.isfinite(halved[VENTILATED])
    assert both.sum() > 100
    wait, longer = (times[VENTILATED] - times[BREATHING] for times in (plain, halved))
    assert longer[both] == pytest.approx(2 * wait[both], abs=1e-8)
    rate = chunk.physics.ventilated_rate
    assert wait[both] == pytest.approx(chunk.luck.ventilated[both] / rate, abs=1e-8)


@pytest.mark.parametrize(
    ("tracheostomy", "stop", "most_paralysed", "expected"),
    [
        (False, False, 5.0, ("respiratory", 10.0)),
        (False, True, 5.0, ("respiratory", 10.0)),
        (True, False, 5.0, ("ventilation", 15.0)),
        (True, True, 12.0, ("ventilation_stopped", 12.0)),
        (True, True, 5.0, ("ventilation_stopped", 10.0)),
        (True, True, INF, ("ventilation", 15.0)),
    ],
)
def test_causes_of_death(
    tracheostomy: bool, stop: bool, most_paralysed: float, expected: tuple[str, float]
) -> None:
    """Respiratory failure at month 10; death on ventilation at month 15."""
    chunk = chunk_of(scenario(), 1)
    luck = chunk.luck._replace(
        tracheostomy=np.array([tracheostomy]),
        stop_ventilation=np.array([stop]),
        other=np.array([200.0]),
    )
    times = np.array([[INF], [10.0], [100.0], [15.0]])
    names = (
        "respiratory",
        "aspiration",
        "other",
        "ventilation",
        "ventilation_stopped",
        "treatment",
    )
    found = death_times(
        luck, chunk.physics, np.arange(1), signals(most_paralysed=most_paralysed), times, INF
    )[:, 0]
    first = int(found.argmin())
    assert (names[first], found[first]) == expected
    assert found[1] == 100 and found[2] == 200 and found[5] == INF
