"""A treatment of size zero changes nothing; one that starts at month m changes nothing before m."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.model.cohorts import QUICK, TARGETS, bits, effect, scenario, single, treatment

from alssim.model.events import EVENT
from alssim.model.simulate import Simulation, simulate
from alssim.parameters.schema import Effect, Treatment
from alssim.parameters.treatment import STARTS

COHORT: dict[str, Any] = {"patients": 12, "horizon": 80}
DISEASE = [row for name, row in EVENT.items() if name not in ("treatment_start", "complication")]


def run(*arms: Treatment, **changes: Any) -> Simulation:
    return simulate(scenario(*arms, **{**COHORT, **changes}), backend=QUICK, visits=True)


def assert_nothing_changed(found: Simulation, arm: int = 1) -> None:
    """Every event of the disease, every cause and every visit is that of the untreated twin."""
    assert bits(found.events[arm, DISEASE]) == bits(found.events[0, DISEASE])
    assert bits(found.cause[arm]) == bits(found.cause[0])
    assert found.visits is not None
    for name in found.visits.__dataclass_fields__:
        if name != "months":
            values = getattr(found.visits, name)
            assert bits(values[arm]) == bits(values[0]), name


def assert_nothing_changed_before(
    found: Simulation, start: np.ndarray | float, arm: int = 1
) -> None:
    """Events before ``start`` [patient], neurons and function at visits by then, are the twin's."""
    start = np.broadcast_to(np.asarray(start, dtype=float), found.events.shape[2:])
    untreated, treated = found.events[0, DISEASE], found.events[arm, DISEASE]
    for one, other in ((untreated, treated), (treated, untreated)):
        before = one < start
        assert bits(one[before]) == bits(other[before])
    assert found.visits is not None
    by_then = found.visits.months[None, :] <= start[:, None]
    strictly = (found.visits.months[None, :] < start[:, None]) | (found.visits.months == 0)
    for name in ("alive", "lost"):
        values = getattr(found.visits, name)
        assert bits(values[0][by_then]) == bits(values[arm][by_then]), name
    strictly &= found.visits.months[None, :] < start[:, None]
    for name in ("strength", "items", "vital_capacity", "weight_loss", "kings", "docs", "symptoms"):
        values = getattr(found.visits, name)
        assert bits(values[0][strictly]) == bits(values[arm][strictly]), name


@pytest.mark.parametrize("start", ["month", *STARTS[1:]])
def test_size_zero_changes_nothing(start: str) -> None:
    month = {"month": -7.7} if start == "month" else {}
    effects = [
        effect(target, 0.0, start=start, ramp=3, half_life=4, repeat_every=6, **month)
        for target in TARGETS
    ]
    assert_nothing_changed(run(treatment(*effects)))


@pytest.mark.parametrize("target", TARGETS)
def test_each_target_of_size_zero_changes_nothing(target: str) -> None:
    assert_nothing_changed(run(single(target, 0.0, month=-20)))


def test_those_who_do_not_respond_are_untouched() -> None:
    effects = [effect(target, 0.9, month=-20.3, responders=0.4) for target in TARGETS]
    found = run(treatment(*effects), patients=30)
    works = found.patients.response < 0.4
    assert 0 < works.sum() < 30
    assert bits(found.events[1][DISEASE][:, ~works]) == bits(found.events[0][DISEASE][:, ~works])
    assert (found.months("death")[1, works] != found.months("death")[0, works]).any()


def test_those_who_do_not_carry_the_gene_are_untouched() -> None:
    effects = [effect(target, 0.9, month=-20.3, carriers="sod1") for target in TARGETS]
    found = run(treatment(*effects), patients=30, population__sod1_share=0.3)
    carries = found.patients.genetic_form == 1
    assert 0 < carries.sum() < 30
    assert bits(found.events[1][DISEASE][:, ~carries]) == bits(
        found.events[0][DISEASE][:, ~carries]
    )


@settings(deadline=None, derandomize=True, max_examples=60)
@given(
    target=st.sampled_from(TARGETS),
    size=st.floats(0.01, 1),
    month=st.floats(-60, 70),
    delay=st.one_of(st.just(0.0), st.floats(0, 12)),
    ramp=st.one_of(st.just(0.0), st.floats(0, 12)),
    seed=st.integers(0, 2**32),
    steps=st.sampled_from([1, 4, 8]),
)
def test_nothing_changes_before_the_start(
    target: str, size: float, month: float, delay: float, ramp: float, seed: int, steps: int
) -> None:
    """The effect begins at month + delay; until then the twins are one."""
    drug = single(target, size, month=month, delay=delay, ramp=ramp)
    found = run(drug, people=seed, fate=seed, numerics__steps_per_month=steps, patients=6)
    assert_nothing_changed_before(found, month)
    assert_nothing_changed_before(found, np.floor((month + delay) * steps) / steps)


@pytest.mark.parametrize("start", STARTS[1:])
@pytest.mark.parametrize("target", ["progression", "strength", "hazard_ratio"])
def test_nothing_changes_before_the_event_that_starts_it(start: str, target: str) -> None:
    found = run(single(target, 0.8, start=start), patients=20)
    began = found.months(start)[0]
    assert_nothing_changed_before(found, np.where(np.isnan(began), np.inf, began))
    soon = np.ceil(began * 4) / 4  # the next step
    assert (found.treated[1] == ~(np.isnan(began) | (soon > found.months("death")[1]))).all()


def test_a_second_effect_waits_for_its_event_with_the_first() -> None:
    """An effect that another event starts is read from the run with the earlier ones."""
    early = effect("progression", 0.5, start="onset")
    late: Effect = effect("progression", 0.8, start="kings_3")
    found = run(treatment(early, name="early"), treatment(early, late, name="both"))
    third = found.months("kings_3")[1]
    start = np.where(np.isnan(third), np.inf, third)
    for one, other in ((1, 2), (2, 1)):
        before = found.events[one, DISEASE] < start
        assert bits(found.events[one, DISEASE][before]) == bits(
            found.events[other, DISEASE][before]
        )
    assert (third > found.months("kings_3")[0]).any()


def test_an_effect_that_never_begins_before_the_horizon_changes_nothing() -> None:
    for target in TARGETS:
        assert_nothing_changed(run(single(target, 1.0, month=80)))
        assert_nothing_changed(run(single(target, 1.0, month=-30, delay=111)))
