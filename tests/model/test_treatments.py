"""Treatments as arrays: time courses, starts, who responds, harms, and what each target does."""

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from tests.model.cohorts import (
    ALARM,
    QUICK,
    TARGETS,
    assert_drawn_from,
    assert_share,
    bits,
    effect,
    scenario,
    single,
    treatment,
    world,
)

from alssim.model.events import CAUSES
from alssim.model.fate import draw_fate
from alssim.model.patients import draw_patients
from alssim.model.simulate import Simulation, simulate
from alssim.model.state import NEVER
from alssim.model.treatments import (
    complication_month,
    first_start,
    give,
    give_background,
    harm_month,
    profile_steps,
    starting_step,
    travel_steps,
)
from alssim.parameters import load_treatment
from alssim.parameters.schema import Effect, Harms

STEPS, MONTHS = 4, 15
PEOPLE = draw_patients(world(population__sod1_share=0.3), 1, np.arange(600))
FATE = draw_fate(world(), 1, PEOPLE)


def at(one: Effect, month: float) -> float:
    """Return the share of the full effect, in plain words: delay, ramp, waning of each dose."""
    since = month - one.delay
    if since < 0:
        return 0.0
    dose = since % one.repeat_every if one.repeat_every else since
    if one.duration < 600 and dose >= one.duration:
        return 0.0
    risen = min(since / one.ramp, 1.0) if one.ramp else 1.0
    waned = 2 ** (-dose / one.half_life) if one.half_life else 1.0
    return float(risen * waned)


def corners(one: Effect) -> list[float]:
    repeats = np.arange(0, MONTHS + 1, one.repeat_every) if one.repeat_every else np.zeros(1)
    doses = one.delay + repeats
    return sorted({*doses, *(doses + one.duration), one.delay + one.ramp})


def averages(one: Effect) -> np.ndarray:
    """Return the mean of ``at`` over each step, integrated by scipy between the corners."""
    means = []
    for step in range(MONTHS * STEPS):
        start, end = step / STEPS, (step + 1) / STEPS
        ends = [start, *(c for c in corners(one) if start < c < end), end]
        pieces = itertools.pairwise(ends)
        means.append(STEPS * sum(quad(lambda m: at(one, m), a, b)[0] for a, b in pieces))
    return np.array(means)


def spelled_out(one: Effect) -> np.ndarray:
    """Return the program's profile for each of the steps; its last value stays."""
    found = profile_steps(one, STEPS, MONTHS)
    return found[np.minimum(np.arange(MONTHS * STEPS), len(found) - 1)]


@settings(deadline=None, derandomize=True, max_examples=40)
@given(
    delay=st.one_of(st.just(0.0), st.floats(0, 8)),
    ramp=st.one_of(st.just(0.0), st.floats(0.01, 8)),
    duration=st.one_of(st.just(600.0), st.floats(0, 12)),
    half_life=st.one_of(st.just(0.0), st.floats(0.25, 20)),
    repeat_every=st.one_of(st.just(0.0), st.floats(0.3, 9)),
)
def test_profiles_are_integrated_over_each_step(**shape: float) -> None:
    one = effect("progression", 1.0, **shape)
    np.testing.assert_allclose(spelled_out(one), averages(one), atol=2e-6)


def test_profiles_worked_by_hand() -> None:
    assert profile_steps(effect("spread"), 4, 12).tolist() == [1.0]
    delayed = spelled_out(effect("spread", delay=1.125))
    assert delayed[:6].tolist() == [0, 0, 0, 0, 0.5, 1]
    assert spelled_out(effect("spread", ramp=1))[:5].tolist() == [0.125, 0.375, 0.625, 0.875, 1]
    brief = spelled_out(effect("spread", duration=0.5, repeat_every=1))
    assert brief[:8].tolist() == [1, 1, 0, 0, 1, 1, 0, 0]
    waning = spelled_out(effect("spread", half_life=0.25))
    first = 0.5 / np.log(2)
    np.testing.assert_allclose(waning[:3], [first, first / 2, first / 4], atol=1e-9)
    restored = spelled_out(effect("spread", half_life=1, repeat_every=2))
    np.testing.assert_allclose(restored[:8], restored[8:16])
    assert (np.diff(restored[:8]) < 0).all()


@settings(deadline=None, derandomize=True)
@given(month=st.floats(-600, 600), steps=st.sampled_from([1, 3, 4, 16, 64]))
def test_a_start_is_rounded_up_to_a_step(month: float, steps: int) -> None:
    step = int(starting_step(np.array([month]), steps)[0])
    assert step / steps >= month - 1e-9
    assert (step - 1) / steps < month


def test_a_start_that_does_not_come() -> None:
    never = starting_step(np.array([np.nan, np.inf, 1e300, 0.0]), 4)
    assert never.tolist() == [NEVER, NEVER, NEVER, 0]
    given_to = give(effect("spread"), never, PEOPLE.take(slice(0, 4)))
    assert first_start([given_to], 4).tolist() == [np.inf, np.inf, np.inf, 0.0]


def test_responders_are_a_share_and_the_same_people() -> None:
    start = np.zeros(600, dtype=np.int64)
    some, more = (give(effect("spread", responders=s), start, PEOPLE).size > 0 for s in (0.3, 0.6))
    assert_share(int(some.sum()), 600, 0.3)
    assert_share(int(more.sum()), 600, 0.6)
    assert (more | ~some).all()


def test_it_acts_in_carriers_alone() -> None:
    given_to = give(effect("pathology", carriers="sod1"), np.zeros(600, dtype=np.int64), PEOPLE)
    assert ((given_to.size > 0) == (PEOPLE.genetic_form == 1)).all()


def test_the_drug_of_usual_care_goes_to_its_share() -> None:
    drug = load_treatment("riluzole-like").record
    given_to = give_background(drug, 0.75, np.full(600, 8), PEOPLE)
    takes = given_to.size > 0
    assert_share(int(takes.sum()), 600, 0.75)
    assert (given_to.start[takes] == 8).all() and (given_to.start[~takes] == NEVER).all()


def test_axons_travel_at_their_speed() -> None:
    steps = dict(zip(("bulbar", "arm"), travel_steps(world().replacement, 4)[:2], strict=True))
    days = {name: step / 4 * 30.4375 for name, step in steps.items()}
    assert 120 <= days["bulbar"] < 120 + 7.7  # 12 cm at 1 mm a day, rounded up to a week
    assert 700 <= days["arm"] < 700 + 7.7
    assert (travel_steps(world(replacement__axon_speed=10.0).replacement, 4) <= 13).all()


def test_harms() -> None:
    start = np.full(600, 5.0)
    deadly = harm_month(Harms(procedure_death=0.1), start, FATE)
    assert_share(int(np.isfinite(deadly).sum()), 600, 0.1)
    assert (deadly[np.isfinite(deadly)] == 5).all()
    early = harm_month(Harms(procedure_death=1.0), np.full(600, -20.0), FATE)
    assert (early == 0).all()  # the course begins with the first symptom
    lasting = harm_month(Harms(extra_hazard=0.05, extra_hazard_months=600), start, FATE)
    assert_drawn_from((lasting - 5) * 0.05, "expon")
    ended = harm_month(Harms(extra_hazard=0.05, extra_hazard_months=10), start, FATE)
    assert_share(int(np.isfinite(ended).sum()), 600, 1 - np.exp(-0.5))
    assert (ended[np.isfinite(ended)] < 15).all()
    none = harm_month(Harms(), start, FATE)
    assert np.isinf(none).all()
    serious = complication_month(Harms(procedure_complication=0.2), start, FATE)
    assert_share(int(np.isfinite(serious).sum()), 600, 0.2)
    untreated = harm_month(
        Harms(procedure_death=1, extra_hazard=1, extra_hazard_months=9), np.full(600, np.inf), FATE
    )
    assert np.isinf(untreated).all()


def run(*arms: Any, **changes: Any) -> Simulation:
    return simulate(scenario(*arms, **{"patients": 120, **changes}), backend=QUICK, visits=True)


def test_a_death_of_the_procedure_is_the_treatment_s() -> None:
    found = run(treatment(effect("strength", 0.1, month=3), procedure_death=0.3))
    killed = found.cause[1] == CAUSES.index("treatment")
    treated = found.treated[1]
    assert_share(int(killed.sum()), int(treated.sum()), 0.3)
    assert (found.months("death")[1, killed] == 3).all()
    assert (found.cause[0] != CAUSES.index("treatment")).all()
    assert not (found.months("death")[1, ~killed & treated] <= 3).any()


def test_complications_are_recorded_and_change_nothing() -> None:
    plain = run(treatment(effect("neuron_loss", 0.3, month=3)))
    serious = run(treatment(effect("neuron_loss", 0.3, month=3), procedure_complication=1.0))
    treated = serious.treated[1]
    assert (serious.months("complication")[1, treated] == 3).all()
    assert np.isnan(serious.months("complication")[:, ~treated]).all()
    assert bits(plain.months("death")) == bits(serious.months("death"))


def test_stopping_ends_an_effect() -> None:
    """Stopped at once it does nothing; never stopped it acts in full; in between, in between."""
    rates = (0.0, 0.05, 1.0)
    arms = [
        treatment(effect("progression", 0.6, month=0, stopping=rate), name=f"{rate}")
        for rate in rates
    ]
    case = scenario(*arms, patients=60, horizon=24)
    found = simulate(case, backend=QUICK, visits=True, latent=True)
    assert found.visits is not None
    lost = found.visits.lost[:, :, 20].sum(axis=(1, 2))
    assert lost[0] > lost[3] > lost[2] > lost[1]


@pytest.mark.parametrize("target", TARGETS)
def test_every_target_helps(target: str) -> None:
    """Each does something, and on average people live longer with it (or as long)."""
    found = run(single(target, 0.8, month=-10), horizon=240, care="minimal")
    death = np.nan_to_num(found.months("death"), nan=240.0)
    assert (death[1] != death[0]).any()
    assert (death[1] >= death[0] - 1e-9).all()


def test_strength_is_helped_and_no_neuron_saved() -> None:
    arms = [
        single(target, 0.6, month=0, **more)
        for target, more in (("strength", {}), ("compensation", {}), ("replacement", {"delay": 1}))
    ]
    found = run(*arms, patients=40, replacement__axon_speed=10.0)
    assert found.visits is not None
    alive = found.visits.alive.all(axis=0)
    for arm in (1, 2, 3):
        gained = (found.visits.strength[arm] - found.visits.strength[0])[alive]
        assert (gained >= -1e-6).all() and (gained > 0.01).any()
        assert (found.visits.lost[arm] == found.visits.lost[0])[alive].all()
    early = alive & (found.visits.months > 0)
    support = found.visits.strength[1][early]
    plain = found.visits.strength[0][early]
    np.testing.assert_allclose(support, plain + 0.6 * (1 - plain), atol=1e-5)


def test_grafts_wait_for_their_axons() -> None:
    found = run(single("replacement", 1.0, month=0), patients=40, horizon=60)
    assert found.visits is not None
    gained = found.visits.strength[1] - found.visits.strength[0]
    gained[~found.visits.alive.all(axis=0)] = 0
    names = {"bulbar": (0, 3), "arms": (1, 23), "legs": (5, 31)}
    for region, waits in names.values():
        assert (gained[:, : waits + 1, region] == 0).all()
        assert (gained[:, waits + 1 :, region] > 0).any()


def test_responders_gain_and_the_others_do_not() -> None:
    found = run(single("progression", 0.6, month=0, responders=0.5), horizon=240)
    works = found.patients.response < 0.5
    death = np.nan_to_num(found.months("death"), nan=240.0)
    assert (death[1] == death[0])[~works].all()
    assert (death[1] > death[0])[works].mean() > 0.7


def test_a_larger_effect_saves_more_neurons() -> None:
    arms = [treatment(effect("neuron_loss", s, month=0), name=f"{s}") for s in (0.2, 0.5, 0.9)]
    found = simulate(
        scenario(*arms, patients=30, horizon=60), backend=QUICK, visits=True, latent=True
    )
    assert found.visits is not None
    assert (np.diff(found.visits.lost.astype(int), axis=0) <= 0).all()


def test_false_alarms_are_rare() -> None:
    """The alarm rate used throughout."""
    assert ALARM == 1e-6
