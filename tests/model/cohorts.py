"""Small cohorts, made-up treatments, and what "the same" means: for the tests of the model."""

from dataclasses import fields, replace
from typing import Any

import numpy as np
from scipy import stats

from alssim.model.arms import Chunk
from alssim.model.backend import NUMPY, Backend, Engine, has_numba, numba_engine
from alssim.model.physics import compile_world
from alssim.model.simulate import Simulation
from alssim.parameters import load_scenario, load_treatment, names
from alssim.parameters.schema import Effect, Harms, Scenario, Treatment, World

ALARM = 1e-6  # how often a correct model may fail a statistical test
# The fast back end where it is installed: it gives the same bits (tests/laws/test_same_bits.py).
QUICK: Backend = "numba" if has_numba() else "numpy"
RATES = ("progression", "neuron_loss", "inflammation", "oxidative_stress", "pathology", "spread")
TARGETS = (*RATES, "compensation", "strength", "replacement", "hazard_ratio")
SHIPPED = tuple(name for name in names("treatments") if name != "untreated")


def scenario(
    *arms: Treatment, patients: int = 20, horizon: int = 120, care: str = "modern", **changes: Any
) -> Scenario:
    """Return a scenario with these arms after usual care.

    ``changes`` are world values or seeds, such as ``pace__median=0.1`` or ``fate=2``.
    """
    named = {name.replace("__", "."): value for name, value in changes.items()}
    settings = {"care": care} if care != "modern" else {}
    world = load_scenario("reference", {**settings, **named}).record
    return replace(world, patients=patients, horizon=horizon, arms=(*world.arms, *arms))


def treatment(*effects: Effect, name: str = "made up", **harms: float) -> Treatment:
    return Treatment(name=name, title=name, effects=effects, harms=Harms(**harms))


def effect(target: str, size: float = 0.5, **more: Any) -> Effect:
    """Return an effect; ``month`` alone means that it starts there."""
    if "month" in more:
        more.setdefault("start", "month")
    return Effect(target=target, size=size, **more)


def single(target: str, size: float = 0.5, **more: Any) -> Treatment:
    return treatment(effect(target, size, **more), name=target)


def shipped(without_background: bool = False) -> list[Treatment]:
    """Return the treatments that come with the program; one of them is usual care's own drug."""
    known = [load_treatment(name).record for name in SHIPPED]
    return [one for one in known if without_background or one.name != "riluzole-like"]


def engines() -> list[Engine]:
    return [NUMPY, numba_engine()] if has_numba() else [NUMPY]


def chunk_of(world_of: Scenario, patients: int, engine: Engine = NUMPY) -> Chunk:
    """Draw the first patients of a scenario with their fate."""
    physics = compile_world(world_of.world)
    return Chunk.draw(world_of, physics, np.arange(patients), engine)


def bits(values: np.ndarray) -> bytes:
    """Return an array's bits; every "never" (not a number) counts as the same."""
    values = np.array(values)
    if values.dtype.kind == "f":
        values[np.isnan(values)] = np.nan
    return values.tobytes()


def assert_same_bits(one: Simulation, other: Simulation, what: str = "") -> None:
    """Events, causes and visits agree to the last bit."""
    assert bits(one.events) == bits(other.events), f"events {what}"
    assert bits(one.cause) == bits(other.cause), f"cause {what}"
    assert (one.visits is None) == (other.visits is None)
    if one.visits is not None and other.visits is not None:
        for field in fields(one.visits):
            left, right = getattr(one.visits, field.name), getattr(other.visits, field.name)
            assert bits(left) == bits(right), f"visits.{field.name} {what}"


def assert_share(hits: int, trials: int, share: float, alarm: float = ALARM) -> None:
    """Fail only if a correct model would look this odd once in ``1 / alarm`` runs."""
    p = stats.binomtest(int(hits), int(trials), share).pvalue
    assert p > alarm, f"{hits}/{trials}, expected a share of {share:.4f} (p = {p:.1e})"


def assert_drawn_from(sample: np.ndarray, distribution: Any, alarm: float = ALARM) -> None:
    """Kolmogorov-Smirnov: as for ``assert_share``."""
    p = stats.kstest(sample, distribution).pvalue
    assert p > alarm, f"{len(sample)} values do not fit (p = {p:.1e})"


def world(**changes: Any) -> World:
    return scenario(**changes).world
