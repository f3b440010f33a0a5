"""The engine where the answer is known: exponential loss, the mean field, a finer step."""

from typing import Any

import numpy as np
import pytest
from scipy import stats
from tests.laws.mean_field import mean_field
from tests.model.cohorts import (
    ALARM,
    QUICK,
    assert_share,
    chunk_of,
    engines,
    scenario,
)

from alssim.model.backend import Engine
from alssim.model.damage import lost_table
from alssim.model.lanes import lanes_from
from alssim.model.neurons import advance, drive_of
from alssim.model.physics import Physics
from alssim.model.simulate import simulate
from alssim.model.state import Dose, Luck, Onset, empty_onset
from alssim.parameters.schema import World

DAYS = 30.4  # in a month
NO_COUPLING: dict[str, Any] = {
    "spread__rate": 0.0,
    "loss__oxidative_gain": 0.0,
    "loss__inflammation_gain": 0.0,
}
SPREADS = ("pace__sd", "pace__per_decade", "pace__slow_share", "pace__bulbar", "pace__arm",
           "pace__women", "pace__c9orf72", "loss__regional_sd", "loss__respiratory_sd",
           "loss__axial_per_decade")  # fmt: skip
ONE_KIND: dict[str, Any] = dict.fromkeys(SPREADS, 0.0)


def state(q: np.ndarray) -> Onset:
    """Return everybody before any loss, with this pathology [pool, patient]."""
    start = empty_onset(q.shape[1])
    return start._replace(q=q, survival=np.ones_like(q))


def lost_from(
    engine: Engine, luck: Luck, physics: Physics, q: np.ndarray, months: int
) -> np.ndarray:
    """Return neurons lost [patient, month, pool] from such a time on."""
    return engine.course(luck, physics, state(q), months, record=True, latent=True).lost


@pytest.mark.parametrize("engine", engines(), ids=lambda engine: engine.name)
def test_constant_hazard_gives_exponential_loss(engine: Engine) -> None:
    """Full pathology from the start and no couplings: each neuron dies at a constant hazard."""
    case, patients, months = scenario(fate=11, **NO_COUPLING, **ONE_KIND), 60, 40
    chunk = chunk_of(case, patients, engine)
    lost = lost_from(engine, chunk.luck, chunk.physics, np.ones((14, patients)), months)
    world = case.world
    for layer, strength in ((slice(0, 7), world.loss.lower), (slice(7, 14), world.loss.upper)):
        for month in (1, 3, 12, 24, months):
            hazard = (
                world.pace.median * strength * np.array([1, 1, 1, 1, world.loss.respiratory, 1, 1])
            )
            damage = (
                np.floor(1024 * (1 - np.exp(-hazard * month))) / 1024
            )  # a resilience has ten bits
            for pool, share in enumerate(damage):
                hits = int(lost[:, month, layer][:, pool].sum())
                assert_share(hits, patients * chunk.physics.neurons, share, ALARM / 100)


def test_neurons_of_a_pool_die_independently() -> None:
    """Counts lost by a month are binomial from patient to patient, not only on average."""
    case, patients = scenario(fate=12, **NO_COUPLING, **ONE_KIND), 400
    chunk = chunk_of(case, patients)
    lost = lost_from(engines()[-1], chunk.luck, chunk.physics, np.ones((14, patients)), 12)[
        :, 12, :4
    ]
    hazard = case.world.pace.median * case.world.loss.lower
    share = np.floor(1024 * (1 - np.exp(-12 * hazard))) / 1024
    count = lost.size
    spread = ((lost - 200 * share) ** 2).sum() / (200 * share * (1 - share))
    assert stats.chi2.sf(spread, count) > ALARM / 2
    assert stats.chi2.cdf(spread, count) > ALARM / 2


def test_without_spread_other_regions_stay_whole() -> None:
    found = simulate(
        scenario(patients=30, spread__rate=0.0, onset__multifocal=0.0),
        backend=QUICK,
        visits=True,
        latent=True,
    )
    assert found.visits is not None
    hit = (found.visits.lost[0] > 0).any(axis=1)
    assert (hit.sum(axis=1) == 1).all()
    pool = found.patients.first_region + 7 * found.patients.first_upper
    assert hit[np.arange(30), pool].all()


def even(luck: Luck) -> Luck:
    """Return luck in which every pool has one neuron of each resilience: no chance is left."""
    ladder = np.broadcast_to(np.arange(1024, dtype=np.uint16), (len(luck.pace), 14, 1024))
    return luck._replace(table=lost_table(ladder))


def seeds(luck: Luck, seed: float) -> np.ndarray:
    q = np.zeros((14, len(luck.pace)))
    q[luck.first, np.arange(q.shape[1])] = seed
    two = luck.second >= 0
    q[luck.second[two], np.flatnonzero(two)] = seed
    return q


def expected(world: World, luck: Luck, months: int) -> np.ndarray:
    """Return the mean field's share lost [patient, month, pool]."""
    return np.array([
        mean_field(world, luck, patient).damage(np.arange(months + 1.0))
        for patient in range(len(luck.pace))
    ])  # fmt: skip


@pytest.mark.parametrize("engine", engines(), ids=lambda engine: engine.name)
def test_many_neurons_approach_the_mean_field(engine: Engine) -> None:
    """5,000 neurons a pool: within what the law of large numbers allows (false alarm 1e-6)."""
    case, patients, months = scenario(numerics__neurons_per_pool=5000), 6, 60
    chunk = chunk_of(case, patients, engine)
    limit = expected(case.world, chunk.luck, months)
    q = seeds(chunk.luck, chunk.physics.seed)
    lost = lost_from(engine, chunk.luck, chunk.physics, q, months) / 5000
    # Dvoretzky, Kiefer, Wolfowitz: the whole curve of each pool; 2e-3 for the step and ten bits.
    band = np.sqrt(np.log(2 * 14 * patients / ALARM) / (2 * 5000)) + 2e-3
    assert np.abs(lost - limit).max() < band
    few = chunk_of(scenario(numerics__neurons_per_pool=50), patients, engine)
    coarse = lost_from(engine, few.luck, few.physics, q, months) / 50
    ratio = np.sqrt(((coarse - limit) ** 2).mean() / ((lost - limit) ** 2).mean())
    assert 5 < ratio < 20  # the square root of 100 is 10


def test_the_engine_is_the_mean_field_when_chance_is_taken_out() -> None:
    """One neuron of each resilience: they agree to the rounding of ten bits and the step."""
    case, patients, months = scenario(numerics__neurons_per_pool=1024, people=3), 6, 60
    chunk = chunk_of(case, patients)
    luck = even(chunk.luck)
    limit = expected(case.world, luck, months)
    lost = (
        lost_from(engines()[-1], luck, chunk.physics, seeds(luck, chunk.physics.seed), months)
        / 1024
    )
    assert np.abs(lost - limit).max() < 1 / 1024 + 2e-3
    assert np.abs((lost - limit).mean() + 0.5 / 1024) < 5e-4  # counts are rounded down


def damage_with(steps: int, months: int, **changes: Any) -> tuple[np.ndarray, World, Luck]:
    """Return damage [patient, month, pool] of pools that are all involved from the start."""
    case = scenario(numerics__steps_per_month=steps, numerics__neurons_per_pool=1024, **changes)
    chunk = chunk_of(case, 6)
    luck = even(chunk.luck)
    lanes = lanes_from(luck, state(seeds(luck, chunk.physics.seed)))
    found = [1 - lanes.survival]
    for step in range(months * steps):
        advance(lanes, luck, chunk.physics, drive_of(lanes, chunk.physics, Dose()))
        if (step + 1) % steps == 0:
            found.append(1 - lanes.survival)
    return np.array(found).transpose(2, 0, 1), case.world, luck


def test_the_error_shrinks_at_second_order() -> None:
    """Half the step, a quarter of the error (inflammation aside: it reads whole neurons)."""
    errors: list[float] = []
    for steps in (2, 4, 8, 16):
        found, world, luck = damage_with(steps, 48, spread__rate=0.0, loss__inflammation_gain=0.0)
        if not errors:
            limit = expected(world, luck, 48)
        errors.append(float(np.sqrt(((found - limit) ** 2).mean())))
    ratios = np.divide(errors[:-1], errors[1:])
    assert ((ratios > 3.5) & (ratios < 4.8)).all(), ratios
    assert errors[2] < 2e-4  # of a pool, at weekly steps


def test_the_whole_physics_converges() -> None:
    """With spread and inflammation the error of a weekly step is far below one neuron of 200."""
    errors: list[float] = []
    for steps in (2, 4, 8):
        found, world, luck = damage_with(steps, 48)
        if not errors:
            limit = expected(world, luck, 48)
        errors.append(float(np.sqrt(((found - limit) ** 2).mean())))
    assert errors[0] > errors[1] > errors[2]
    assert errors[1] < 5e-4


@pytest.mark.skipif(QUICK == "numpy", reason="6,000 patients three times: too slow without numba")
def test_halving_the_step_moves_the_median_death_by_less_than_a_day() -> None:
    medians, deaths = [], []
    for steps in (4, 8, 16):
        case = scenario(patients=6000, horizon=72, numerics__steps_per_month=steps)
        month = simulate(case, backend=QUICK).months("death")[0]
        deaths.append(np.where(np.isnan(month), 72.0, month))
        medians.append(float(np.median(deaths[-1])) * DAYS)
    print(f"\nmedian death moves by {medians[1] - medians[0]:+.2f} days from 4 to 8 steps a month, "
          f"by {medians[2] - medians[1]:+.2f} from 8 to 16")  # fmt: skip
    assert abs(medians[1] - medians[0]) < 1
    assert abs(medians[2] - medians[1]) < 1
    for fine, coarse in ((1, 0), (2, 1)):  # the same people: their mean moves even less
        assert abs((deaths[fine] - deaths[coarse]).mean()) * DAYS < 0.25
