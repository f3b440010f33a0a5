"""One answer: whatever the back end, the cohort, the chunks and the threads, to the last bit."""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.model.cohorts import (
    QUICK,
    TARGETS,
    assert_same_bits,
    bits,
    chunk_of,
    effect,
    engines,
    scenario,
    shipped,
    single,
    treatment,
)

from alssim.model import simulate as simulating
from alssim.model.backend import Backend, Engine, choose, has_numba
from alssim.model.ledger import Kept, Outcome
from alssim.model.patients import Patients
from alssim.model.simulate import Simulation, simulate
from alssim.parameters.schema import Scenario, Treatment

needs_numba = pytest.mark.skipif(not has_numba(), reason="the fast back end is not installed")

# Everything that an effect can do, and starts of every kind.
MIXED = (
    single("pathology", 0.7, month=-20, ramp=7.3),
    treatment(effect("strength", 0.4, month=-6.1, ramp=3), effect("compensation", 1.0, month=2.7)),
    treatment(
        effect("replacement", 0.6, month=-30, delay=1.7, stopping=0.02),
        effect("neuron_loss", 0.3, start="docs_5", half_life=2, repeat_every=4.4),
    ),
    treatment(
        effect("hazard_ratio", 0.5, start="kings_2b", duration=9.9, responders=0.6),
        effect("spread", 0.9, start="diagnosis", stopping=0.2),
        effect("progression", 0.2, month=0.3, carriers="sod1"),
        procedure_death=0.05,
        procedure_complication=0.2,
        extra_hazard=0.01,
        extra_hazard_months=20,
    ),
)
# Short courses: numpy is asked to take every step of the slowest patient of a cohort.
BRISK: dict[str, Any] = {"pace__slow_share": 0.0, "pace__median": 0.13, "pace__sd": 0.3}
WORLDS: dict[str, dict[str, Any]] = {
    "weekly steps": {},
    "eight steps a month": {"numerics__steps_per_month": 8},
    "monthly steps": {"numerics__steps_per_month": 1},
    "fifty neurons": {"numerics__neurons_per_pool": 50},
    "full care": {"care": "full"},
    "many carriers": {"population__sod1_share": 0.5, "pathology__growth": 20.0},
    "large tables": {"numerics__neurons_per_pool": 300},
    "weight lost at once": {
        "nutrition__loss_most": 1.0,
        "nutrition__tube_weight": 1.0,
        "nutrition__loss_swallowing": 20.0,
        "nutrition__loss_weakness": 20.0,
    },
    "diagnosis from the first day": {
        "diagnosis__earliest": 0.0,
        "care__ventilation_stop_share": 1.0,
    },
}


def named(arms: tuple[Treatment, ...] | list[Treatment]) -> tuple[Treatment, ...]:
    return tuple(replace(arm, name=f"{number} {arm.name}") for number, arm in enumerate(arms))


def both(case: Scenario, **options: Any) -> tuple[Simulation, Simulation]:
    return simulate(case, backend="numpy", **options), simulate(case, backend="numba", **options)


@needs_numba
def test_back_ends_agree_on_all_shipped_treatments() -> None:
    assert_same_bits(*both(scenario(*shipped(), patients=10, horizon=45, **BRISK), visits=True))
    alone = scenario(*shipped(True), patients=10, horizon=45, **BRISK, care="no-riluzole")
    assert_same_bits(*both(alone, visits=True))


@needs_numba
@pytest.mark.parametrize("name", WORLDS)
def test_back_ends_agree_in_every_world(name: str) -> None:
    case = scenario(*named(MIXED), patients=16, horizon=40, people=5, **{**BRISK, **WORLDS[name]})
    assert_same_bits(*both(case, visits=True), name)


@needs_numba
@pytest.mark.parametrize("patients", [1, 15, 17])
def test_back_ends_agree_on_few(patients: int) -> None:
    """Fewer than the lanes of a vector, and a lane that takes a second patient."""
    case = scenario(*named(MIXED), patients=patients, horizon=1, people=5, **BRISK)
    assert_same_bits(*both(case, visits=True), str(patients))


@needs_numba
def test_back_ends_agree_beyond_death() -> None:
    case = scenario(*named(MIXED), patients=16, horizon=60, **BRISK)
    assert_same_bits(*both(case, visits=True, latent=True))


@needs_numba
@settings(deadline=None, derandomize=True, max_examples=15)
@given(
    target=st.sampled_from(TARGETS),
    size=st.floats(0, 1),
    month=st.floats(-40, 40),
    delay=st.floats(0, 10),
    ramp=st.floats(0, 10),
    duration=st.floats(0, 50),
    half_life=st.just(0.0) | st.floats(0.05, 10),
    repeat_every=st.floats(0.5, 10),
    seed=st.integers(0, 2**63 - 1),
)
def test_back_ends_agree_on_any_effect(target: str, size: float, seed: int, **shape: float) -> None:
    case = scenario(
        single(target, size, **shape), patients=8, horizon=40, people=seed, fate=seed, **BRISK
    )
    assert_same_bits(*both(case))


def test_the_tables_of_lost_neurons_agree() -> None:
    case = scenario(numerics__neurons_per_pool=37)
    tables = [bits(chunk_of(case, 9, engine).luck.table) for engine in engines()]
    assert len(set(tables)) == 1


def in_chunks(size: int) -> Callable[[str, int], Engine]:
    """Return what chooses the engine, with another size of chunk."""

    def chosen(backend: str, lanes: int, neurons: int) -> Engine:
        return replace(choose(backend, lanes, neurons), chunk=size)

    return chosen


@pytest.mark.parametrize("backend", ["numpy", QUICK])
@pytest.mark.parametrize("size", [1, 7, 64])
def test_chunks_are_never_seen(
    size: int, backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    patients = 20 if backend == "numba" else 8
    case = scenario(*named(MIXED), patients=patients, horizon=30, **BRISK)
    whole = simulate(case, backend=backend, visits=True)
    monkeypatch.setattr(simulating, "choose", in_chunks(size))
    assert_same_bits(whole, simulate(case, backend=backend, visits=True))


LATE = (
    treatment(effect("neuron_loss", 0.3, month=12)),
    treatment(effect("strength", 0.4, month=7.6), effect("replacement", 0.6, month=9)),
    treatment(effect("compensation", 0.4, month=10), effect("spread", 0.5, start="docs_5")),
    treatment(
        effect("hazard_ratio", 0.5, month=7, responders=0.6),
        procedure_death=0.3,
        procedure_complication=0.3,
    ),
)


@pytest.mark.parametrize("backend", ["numpy", QUICK])
@pytest.mark.parametrize("latent", [False, True])
def test_a_course_that_begins_where_usual_care_was_kept_is_the_whole_course(
    latent: bool, backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Treated alone, after another month, or beside one from the start, with none of it reused."""
    begun: list[int] = []
    whole = choose(backend, 1)
    forking = whole.fork
    assert forking is not None

    def since(kept: Kept, *asked: Any) -> Outcome:
        begun.append(kept.month)
        return forking.since(kept, *asked)

    cases = [
        scenario(*named(arms), patients=12, horizon=30, **BRISK)
        for arms in (LATE, LATE[:1], (*LATE, MIXED[0]))
    ]
    runs = []
    for fork in (forking._replace(since=since), None):
        engine = replace(whole, fork=fork)
        monkeypatch.setattr(simulating, "choose", lambda *_, engine=engine: engine)
        runs.append([simulate(case, visits=True, latent=latent) for case in cases])
    for one, other in zip(*runs, strict=True):
        assert_same_bits(one, other)
    assert begun == [7, 7, 7, 7, 12, 7, 7, 7, 7]


@pytest.mark.parametrize("treated", [single("pathology", 0.7, month=-12, carriers="sod1")])
def test_a_neighbour_who_is_treated_before_symptoms_changes_nobody(treated: Treatment) -> None:
    case = scenario(treated, patients=40, population__sod1_share=0.1)
    whole = simulate(case, backend=QUICK)
    carriers = whole.patients.genetic_form == 1
    assert 0 < carriers.sum() < 40
    for number in range(40):
        alone = simulate(case, patients=1, first=number, backend=QUICK)
        assert bits(alone.events[..., 0]) == bits(whole.events[..., number]), number


@pytest.mark.parametrize("backend", ["numpy", QUICK])
def test_threads_are_never_seen(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simulating, "choose", in_chunks(5))
    case = scenario(*named(MIXED[:2]), patients=12, horizon=30, **BRISK)
    one, three = (simulate(case, backend=backend, threads=n, visits=True) for n in (1, 3))
    assert_same_bits(one, three)


@settings(deadline=None, derandomize=True, max_examples=10)
@given(first=st.integers(0, 2**40), offset=st.integers(0, 5), more=st.integers(1, 7))
def test_patient_depends_on_seed_and_number_alone(first: int, offset: int, more: int) -> None:
    case = scenario(*named(MIXED[:3]), horizon=50)
    cohort = simulate(case, patients=offset + more, first=first, backend=QUICK, visits=True)
    part = simulate(case, patients=more, first=first + offset, backend=QUICK, visits=True)
    assert bits(cohort.events[..., offset:]) == bits(part.events)
    assert bits(cohort.cause[:, offset:]) == bits(part.cause)
    for field in fields(Patients):
        whole, own = getattr(cohort.patients, field.name), getattr(part.patients, field.name)
        assert bits(whole[offset:]) == bits(own), field.name
    assert cohort.visits is not None and part.visits is not None
    seen = len(part.visits.months)
    for field in fields(part.visits):
        if field.name != "months":
            whole, own = getattr(cohort.visits, field.name), getattr(part.visits, field.name)
            assert bits(whole[:, offset:, :seen]) == bits(own), field.name


def test_arms_do_not_see_each_other() -> None:
    arms = named(MIXED)
    together = simulate(scenario(*arms, horizon=60), backend=QUICK)
    for number, arm in enumerate(arms, 1):
        alone = simulate(scenario(arm, horizon=60), backend=QUICK)
        assert bits(alone.events[0]) == bits(together.events[0])
        assert bits(alone.events[1]) == bits(together.events[number])


def test_visits_and_latent_courses_change_no_event() -> None:
    case = scenario(*named(MIXED), horizon=60)
    plain = simulate(case, backend=QUICK)
    assert bits(plain.events) == bits(simulate(case, backend=QUICK, visits=True).events)
    latent = simulate(case, backend=QUICK, latent=True)
    assert bits(plain.months("death")) == bits(latent.months("death"))
    reached = ~np.isnan(plain.events)
    assert bits(plain.events[reached]) == bits(latent.events[reached])


def test_another_fate_leaves_the_people_as_they_were() -> None:
    one, other = (simulate(scenario(fate=seed, patients=30), backend=QUICK) for seed in (1, 2))
    for field in fields(Patients):
        assert bits(getattr(one.patients, field.name)) == bits(getattr(other.patients, field.name))
    assert not np.array_equal(one.months("death"), other.months("death"), equal_nan=True)


def test_other_people_meet_the_same_fate() -> None:
    one, other = (chunk_of(scenario(people=seed), 30) for seed in (1, 2))
    assert not np.array_equal(one.patients.age, other.patients.age)
    for field in fields(one.fate):
        if field.name != "other":  # depends on the age
            left, right = getattr(one.fate, field.name), getattr(other.fate, field.name)
            assert bits(left) == bits(right), field.name
