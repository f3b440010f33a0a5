"""What a call of simulate gives back, and how it refuses."""

import subprocess
import sys
import threading
from dataclasses import replace

import numpy as np
import pytest
from tests.model.cohorts import QUICK, assert_same_bits, bits, effect, scenario, single, treatment

from alssim.errors import ParameterError, UsageError
from alssim.model import backend as choosing
from alssim.model.backend import NUMPY, choose, has_numba, warm_up
from alssim.model.compiled import is_kept
from alssim.model.events import CAUSES, EVENTS
from alssim.model.patients import draw_patients
from alssim.model.simulate import join, simulate, simulate_parts, with_patients
from alssim.parameters import load_scenario, load_treatment

CASE = scenario(patients=12, horizon=40)


def test_an_unknown_back_end() -> None:
    with pytest.raises(UsageError, match="backend 'abacus' is unknown; known"):
        simulate(CASE, backend="abacus")  # type: ignore[arg-type]


def test_numba_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "has_numba", lambda: False)
    with pytest.raises(UsageError, match=r'pip install "alssim\[fast\]"'):
        simulate(CASE, backend="numba")
    assert choose("auto", 10**9) is NUMPY


@pytest.mark.parametrize("threads", [0, -1])
def test_no_threads(threads: int) -> None:
    with pytest.raises(UsageError, match=f"threads = {threads}"):
        simulate(CASE, threads=threads)


def test_a_negative_patient() -> None:
    with pytest.raises(UsageError, match="first = -1"):
        simulate(CASE, first=-1)


@pytest.mark.parametrize("patients", [0, -5])
def test_nobody(patients: int) -> None:
    with pytest.raises((UsageError, ParameterError), match="patients"):
        simulate(CASE, patients=patients)


def test_an_unknown_event() -> None:
    with pytest.raises(UsageError, match=r"unknown event 'birthday'; known: .*onset"):
        simulate(CASE, backend=QUICK).months("birthday")


def test_a_scenario_without_arms() -> None:
    with pytest.raises((UsageError, ParameterError), match="arms"):
        with_patients(replace(CASE, arms=()), None)


def test_riluzole_is_never_laid_on_top_of_itself() -> None:
    riluzole = load_treatment("riluzole-like").record
    with pytest.raises(ParameterError, match="riluzole-like is part of this care setting"):
        scenario(riluzole)
    alone = simulate(scenario(riluzole, care="no-riluzole", horizon=60), backend=QUICK)
    assert (alone.months("death")[1] != alone.months("death")[0]).any()


def test_care_without_riluzole_is_a_little_worse() -> None:
    with_drug, without = (
        simulate(scenario(care=care, patients=200, horizon=240), backend=QUICK, latent=True)
        for care in ("modern", "no-riluzole")
    )
    later = with_drug.months("death")[0] - without.months("death")[0]
    assert np.nanmean(later) > 0


def test_the_drug_of_usual_care_is_stopped_in_every_arm() -> None:
    """A treatment that does nothing shares the moment at which riluzole is stopped."""
    placebo = single("neuron_loss", 0.0, start="diagnosis")
    kept, stopped = (
        simulate(
            scenario(placebo, patients=60, horizon=600, **{"background.effects.1.stopping": rate}),
            backend=QUICK,
            latent=True,
        )
        for rate in (0.0, 0.5)
    )
    usual, treated = stopped.months("death")
    assert bits(usual) == bits(treated)
    assert np.mean(kept.months("death")[0] - usual) > 0
    assert bits(kept.months("diagnosis")) == bits(stopped.months("diagnosis"))


@pytest.mark.skipif(not has_numba(), reason="numba is not installed")
def test_both_back_ends_stop_the_drug_of_usual_care_alike() -> None:
    drug = single("neuron_loss", 0.3, start="kings_3")
    case = scenario(drug, patients=12, horizon=60, **{"background.effects.1.stopping": 0.2})
    assert_same_bits(simulate(case, backend="numpy"), simulate(case, backend="numba"))


def test_who_never_falls_ill_is_followed_without_a_symptom() -> None:
    still = scenario(patients=2, horizon=24, loss__lower=0.0, loss__upper=0.0)
    found = simulate(still, backend=QUICK)
    assert np.isnan(found.months("onset")).all()
    assert (found.months("pathology_start") == -2400.25).all()


def test_shapes_and_names() -> None:
    drug = single("neuron_loss", 0.3, start="diagnosis")
    found = simulate(scenario(drug, patients=7, horizon=50), backend=QUICK, visits=True)
    assert found.arms == ("untreated", "neuron_loss")
    assert found.events.shape == (2, len(EVENTS), 7)
    assert found.cause.shape == (2, 7) and found.cause.max() < len(CAUSES)
    assert found.months("kings_3").shape == (2, 7)
    assert found.visits is not None
    months = len(found.visits.months)
    assert found.visits.lost.shape == (2, 7, months, 14)
    assert found.visits.strength.shape == (2, 7, months, 7)
    assert found.visits.items.shape == (2, 7, months, 12)
    assert found.visits.alive.shape == (2, 7, months)
    assert found.visits.total.shape == (2, 7, months)
    assert not found.treated[0].any() and found.treated[1].any()
    assert len(found.patients) == 7


def test_results_cannot_be_changed() -> None:
    found = simulate(CASE, backend=QUICK, visits=True)
    assert found.visits is not None
    for array in (found.events, found.cause, found.visits.items, found.patients.age):
        with pytest.raises(ValueError, match="read-only"):
            array[:] = 0


def test_progress_is_told() -> None:
    told: list[tuple[int, int]] = []
    simulate(CASE, backend=QUICK, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (12, 12)
    assert told == sorted(told)


def test_parts_join_to_the_whole() -> None:
    whole = simulate(CASE, backend=QUICK, visits=True)
    parts = list(simulate_parts(CASE, visits=True, backend=QUICK))
    assert_same_bits(whole, join(with_patients(CASE, None), parts))


def test_people_are_drawn_without_their_disease() -> None:
    found = simulate(CASE, backend=QUICK)
    drawn = draw_patients(CASE.world, CASE.people, np.arange(12))
    assert bits(drawn.age) == bits(found.patients.age)


def test_the_record_says_what_was_run() -> None:
    record = simulate(CASE, backend=QUICK).record
    assert (record.people, record.fate, record.horizon) == (1, 1, 40)
    assert record.arms == ("untreated",) and record.patients == 12
    assert "neurons_per_pool" in record.parameters
    assert record.digest[:12] in record.short()
    other = simulate(scenario(patients=12, horizon=40, fate=2), backend=QUICK).record
    assert other.digest != record.digest


def test_an_arm_without_effects_is_the_untreated_one() -> None:
    sham = treatment(name="sham")
    found = simulate(scenario(sham, patients=10, horizon=60), backend=QUICK)
    assert bits(found.events[0]) == bits(found.events[1])


def test_who_never_meets_the_start_is_never_treated() -> None:
    found = simulate(
        scenario(single("progression", 0.5, start="kings_4a"), patients=80), backend=QUICK
    )
    needed = ~np.isnan(found.months("kings_4a")[0])
    assert 0 < needed.sum() < 80
    assert not found.treated[1, ~needed].any()


def test_starts_are_months_of_the_untreated_twin() -> None:
    found = simulate(
        scenario(treatment(effect("strength", 0.3, start="kings_3")), patients=60), backend=QUICK
    )
    begun, reached = found.months("treatment_start")[1], found.months("kings_3")[0]
    treated = found.treated[1]
    assert (begun[treated] >= reached[treated]).all()
    assert (begun[treated] - reached[treated] < 0.25).all()
    assert np.isnan(found.months("treatment_start")[0]).all()


def test_numpy_is_enough(tmp_path: object) -> None:
    """Small runs load neither numba nor anything that draws."""
    script = (
        "import sys; from alssim import load_scenario, simulate;"
        "simulate(load_scenario('reference'), patients=3);"
        "print([m for m in ('numba', 'matplotlib', 'streamlit', 'pandas') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.skipif(not has_numba(), reason="the fast back end is not installed")
def test_large_runs_choose_numba_by_themselves() -> None:
    assert choose("auto", choosing.COMPILING_PAYS_FROM).name == "numba"
    assert choose("numpy", 10**9).name == "numpy"


@pytest.mark.skipif(not has_numba(), reason="the fast back end is not installed")
@pytest.mark.parametrize("kept", [False, True])
def test_middling_runs_load_numba_where_it_was_compiled_before(
    kept: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choosing, "is_kept", lambda: kept)
    monkeypatch.setattr(choosing, "_loaded", threading.Event())
    expected = "numba" if kept else "numpy"
    assert choose("auto", choosing.LOADING_PAYS_FROM - 1).name == "numpy"
    assert choose("auto", choosing.LOADING_PAYS_FROM).name == expected


@pytest.mark.skipif(not has_numba(), reason="the fast back end is not installed")
def test_what_was_compiled_is_found_again() -> None:
    warm_up()
    assert is_kept()


def test_scenarios_that_ship_can_be_run() -> None:
    for name in ("how-early-matters", "replacement-and-distance"):
        found = simulate(load_scenario(name).record, patients=5, backend=QUICK)
        assert found.events.shape[0] == len(found.arms) > 1
