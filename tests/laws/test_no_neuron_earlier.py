"""A treatment that only lowers rates kills no neuron earlier, nor, with care fixed, any patient.

Care reacts to the state: a twin who is better off is ventilated, or fed by a tube, later. So with
care some twins die earlier although none of their neurons does. That share is measured here.
"""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.model.cohorts import QUICK, RATES, effect, scenario, shipped, treatment

from alssim.model.simulate import Simulation, simulate
from alssim.parameters.schema import Effect, Treatment

ROUNDING = 1e-9  # months: the last bits of a sum may differ between twins
MONTHS = 100


@st.composite
def effects(draw: st.DrawFn) -> Effect:
    """Any effect that lowers a rate: wanes, ramps, is repeated, stopped, or works in some alone."""
    start = draw(st.sampled_from(["month", "onset", "diagnosis", "kings_2b", "kings_3", "docs_5"]))
    when = {"month": draw(st.floats(-40, 40))} if start == "month" else {}
    return effect(
        draw(st.sampled_from(RATES)),
        draw(st.floats(0, 1)),
        start=start,
        delay=draw(st.floats(0, 10)),
        ramp=draw(st.floats(0, 10)),
        duration=draw(st.one_of(st.just(600.0), st.floats(0, 40))),
        half_life=draw(st.one_of(st.just(0.0), st.floats(0.1, 20))),
        repeat_every=draw(st.one_of(st.just(0.0), st.floats(0.5, 20))),
        responders=draw(st.floats(0.3, 1)),
        stopping=draw(st.floats(0, 0.1)),
        **when,
    )


def run(*arms: Treatment, **changes: Any) -> Simulation:
    case = scenario(*arms, **{"patients": 15, "horizon": MONTHS, **changes})
    return simulate(case, backend=QUICK, visits=True, latent=True)


def assert_no_neuron_earlier(found: Simulation) -> None:
    """At every monthly visit, also beyond death, no pool of a treated twin has lost more."""
    assert found.visits is not None
    lost = found.visits.lost.astype(int)
    assert (lost[1:] <= lost[:1]).all()
    assert lost.sum() > 0


def deaths(found: Simulation) -> np.ndarray:
    """Return months of death [arm, patient]; the living count as infinitely late."""
    month = found.months("death")
    return np.where(np.isnan(month), np.inf, month)


given_treatments = given(
    drugs=st.lists(effects(), min_size=1, max_size=3),
    seed=st.integers(0, 2**32),
    steps=st.sampled_from([2, 4, 8]),
    growth=st.sampled_from([2.0, 8.21, 20.0]),
    hazard_ratio=st.sampled_from([0.0, 0.3]),
)


@settings(deadline=None, derandomize=True, max_examples=50)
@given_treatments
def test_no_neuron_dies_earlier(
    drugs: list[Effect], seed: int, steps: int, growth: float, hazard_ratio: float
) -> None:
    world: dict[str, Any] = {"numerics__steps_per_month": steps, "pathology__growth": growth}
    drug = treatment(*drugs, effect("hazard_ratio", hazard_ratio, start="onset"))
    assert_no_neuron_earlier(run(drug, people=seed, fate=seed, **world))


@settings(deadline=None, derandomize=True, max_examples=50)
@given_treatments
def test_nobody_dies_earlier_where_care_is_fixed(
    drugs: list[Effect], seed: int, steps: int, growth: float, hazard_ratio: float
) -> None:
    world: dict[str, Any] = {"numerics__steps_per_month": steps, "pathology__growth": growth}
    drug = treatment(*drugs, effect("hazard_ratio", hazard_ratio, start="onset"))
    case = scenario(drug, people=seed, fate=seed, care="minimal", patients=30, **world)
    death = deaths(simulate(case, backend=QUICK))
    assert (death[1] >= death[0] - ROUNDING).all()


@pytest.mark.parametrize("pace", [0.0655, 0.5])
def test_no_neuron_dies_earlier_at_the_edge_of_what_can_be_set(pace: float) -> None:
    """Pathology that grows many times over within one step."""
    arms = [
        treatment(effect(target, size, month=-60), name=f"{target} {size}")
        for target in ("pathology", "progression", "spread")
        for size in (0.3, 0.7)
    ]
    world = {"pathology__growth": 50.0, "pace__median": pace, "numerics__steps_per_month": 1}
    assert_no_neuron_earlier(run(*arms, patients=200, **{**world, "horizon": 40}))


@pytest.mark.parametrize("gain", [0.0, 4.0])
def test_no_neuron_dies_earlier_whatever_the_mechanisms_carry(gain: float) -> None:
    arms = [treatment(effect(target, 0.7, start="onset"), name=target) for target in RATES]
    found = run(*arms, patients=40, loss__inflammation_gain=gain, loss__oxidative_gain=gain)
    assert_no_neuron_earlier(found)


def test_no_shipped_treatment_kills_a_neuron_earlier() -> None:
    assert_no_neuron_earlier(run(*shipped(), patients=40))
    assert_no_neuron_earlier(run(*shipped(True), patients=40, care="no-riluzole"))


def test_the_drug_of_usual_care_kills_no_neuron_earlier() -> None:
    """Riluzole in the background: the same people and fate, with and without it."""
    without, taken = (run(patients=150, care__riluzole_share=share).visits for share in (0.0, 1.0))
    assert without is not None and taken is not None
    assert (taken.lost <= without.lost).all()
    assert (taken.lost < without.lost).any(axis=(0, 2, 3)).mean() > 0.8


def test_grafts_leave_every_other_neuron_as_it_was() -> None:
    arms = [treatment(effect(target, 0.9, month=-5), name=target)
            for target in ("replacement", "compensation", "strength", "hazard_ratio")]  # fmt: skip
    found = run(*arms, patients=30)
    assert found.visits is not None
    assert (found.visits.lost == found.visits.lost[:1]).all()


# With care on: at most this share of twins may die earlier, by at most so many months.
SHARE_EARLIER, MONTHS_EARLIER = 0.04, 6.0


@pytest.mark.parametrize("care", ["modern", "full"])
def test_few_die_earlier_because_care_comes_later(care: str) -> None:
    arms = [
        treatment(effect(target, size, start=start), name=f"{target} {size} from {start}")
        for target, size in ((rate, size) for rate in RATES for size in (0.15, 0.6))
        for start in ("onset", "diagnosis")
    ]
    found = simulate(scenario(*arms, patients=400, horizon=240, care=care), backend=QUICK)
    death = deaths(found)
    earlier = death[1:] < death[0] - ROUNDING
    with np.errstate(invalid="ignore"):
        by = np.where(earlier, death[0] - death[1:], 0.0)
    shares = earlier.mean(axis=1)
    print(f"\n{care} care: of treated twins {earlier.mean():.2%} die earlier "
          f"(at most {shares.max():.2%} in an arm), by at most {by.max() * 30.44:.0f} days; "
          f"{(death[1:] > death[0] + ROUNDING).mean():.1%} die later")  # fmt: skip
    assert shares.max() <= SHARE_EARLIER
    assert by.max() <= MONTHS_EARLIER
