"""The weekly engine against the exact one, patient by patient: the same people, the same fate.

Nothing here is random: seeds are fixed, so a bound is met or it is not. A weekly step places a
neuron's death within its week, so single event times differ by days; what must stay small is the
mean (bias), and everything must shrink with the step.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from tests.exact_engine import Course, courses, lowered
from tests.model.cohorts import chunk_of, effect, scenario, treatment

from alssim.model.anatomy import REGIONS
from alssim.model.backend import has_numba, numba_engine
from alssim.model.simulate import Simulation, simulate

pytestmark = pytest.mark.skipif(
    not has_numba(), reason="the exact engine is too slow without numba"
)

DAYS = 30.4375
MONTHS = 120
UNCOUPLED: dict[str, Any] = {
    "spread__rate": 0.0,
    "loss__oxidative_gain": 0.0,
    "loss__inflammation_gain": 0.0,
}


@dataclass(frozen=True)
class Errors:
    """Differences in days, weekly engine less exact one, where both have the event."""

    what: str
    days: np.ndarray
    unmatched: int

    @property
    def bias(self) -> float:
        return float(self.days.mean())

    @property
    def rms(self) -> float:
        return float(np.sqrt((self.days**2).mean()))

    def __str__(self) -> str:
        return (f"{self.what}: bias {self.bias:+.2f} days, RMSE {self.rms:.2f}, largest "
                f"{np.abs(self.days).max():.1f}, {len(self.days)} patients")  # fmt: skip


def errors(
    what: str, quick: np.ndarray, exact: np.ndarray, within: np.ndarray | float = MONTHS
) -> Errors:
    """Compare months; an event after ``within`` counts as none."""
    quick = np.where(np.isnan(quick) | (quick > within), np.inf, quick)
    exact = np.where(np.isnan(exact) | (exact > within), np.inf, exact)
    both = np.isfinite(quick) & np.isfinite(exact)
    unmatched = int((np.isfinite(quick) != np.isfinite(exact)).sum())
    return Errors(what, (quick[both] - exact[both]) * DAYS, unmatched)


def compared(found: Simulation, exact: Course, arm: int = 0) -> dict[str, Errors]:
    """Compare what both engines tell of one arm, up to the death in either."""
    death = found.months("death")[arm]
    alive = np.minimum(np.where(np.isnan(death), MONTHS, death), np.minimum(exact.death, MONTHS))
    pairs = {
        "death": (death, exact.death, MONTHS),
        "diagnosis": (found.months("diagnosis")[arm], in_life(exact), MONTHS),
        "marked weakness": (found.months("marked_weakness")[arm], exact.marked, alive),
        "need of NIV": (found.months("niv_need")[arm], exact.niv_need, alive),
        "need of a tube": (found.months("gastrostomy_need")[arm], exact.gastrostomy_need, alive),
    }
    for region, name in enumerate(REGIONS):
        weak = found.months(f"weakness_{name}")[arm]
        pairs[f"weakness of {name}"] = (weak, exact.weakness[:, region], alive)
    return {what: errors(what, *pair) for what, pair in pairs.items()}


def in_life(exact: Course) -> np.ndarray:
    """Return months of diagnosis: inf for who dies without one."""
    return np.where(exact.diagnosis <= exact.death, exact.diagnosis, np.inf)


def silence(case: Any, steps: int) -> np.ndarray:
    """Return the months from first pathology to first symptom in the weekly engine."""
    chunk = chunk_of(case, case.patients, numba_engine())
    onset = numba_engine().silent(chunk.luck, chunk.physics)
    return np.asarray((onset.steps + onset.part) / steps)


def neurons_apart(found: Simulation, exact: Course) -> np.ndarray:
    """Return the difference in neurons lost, for every pool at every visit of the living."""
    assert found.visits is not None
    seen = len(found.visits.months)
    alive = found.visits.alive[0] & (found.visits.months < exact.death[:, None])
    return np.asarray((found.visits.lost[0].astype(int) - exact.lost[:, :seen])[alive])


WORLDS: dict[str, dict[str, Any]] = {
    "modern care": {"patients": 200},
    "minimal care": {"care": "minimal", "people": 2},
    "everything accepted": {"care": "full", "fate": 2},
    "fifty neurons": {"numerics__neurons_per_pool": 50},
}


@pytest.mark.parametrize("name", WORLDS)
def test_weekly_steps_agree_with_the_exact_engine(name: str) -> None:
    case = scenario(**{"patients": 100, "horizon": MONTHS, **WORLDS[name]})
    exact = courses(case, months=MONTHS)
    found = simulate(case, backend="numba", visits=True)
    table = compared(found, exact)
    table["silent phase"] = errors("silent phase", silence(case, 4), exact.silence, 600.0)
    apart = neurons_apart(found, exact)
    print(f"\n{name}, 4 steps a month:", *table.values(), sep="\n  ")
    print(f"  neurons lost: bias {apart.mean():+.3f}, RMSE {np.sqrt((apart**2).mean()):.2f}, "
          f"of {case.world.numerics.neurons_per_pool} a pool")  # fmt: skip
    coarse = case.world.numerics.neurons_per_pool < 100  # few neurons: each is weeks of strength
    for error in table.values():
        assert abs(error.bias) < (3 if coarse else 1), error
        assert error.rms < (6 if coarse else 4), error
        assert error.unmatched <= 0.02 * case.patients, error
    assert abs(apart.mean()) < 0.1
    assert np.sqrt((apart**2).mean()) < 0.8


def test_finer_steps_come_closer() -> None:
    case = scenario(patients=120, horizon=MONTHS)
    exact = courses(case, months=MONTHS)
    rms, bias = [], []
    for steps in (4, 16):
        finer = scenario(patients=120, horizon=MONTHS, numerics__steps_per_month=steps)
        table = compared(simulate(finer, backend="numba"), exact)
        print(f"\n{steps} steps a month:", *table.values(), sep="\n  ")
        rms.append([error.rms for error in table.values()])
        bias.append([abs(error.bias) for error in table.values()])
    assert max(rms[1]) < 1.5
    assert max(bias[1]) < 0.5
    assert (np.array(rms[1]) < 0.55 * np.array(rms[0])).all()


LOWERED: dict[str, dict[str, float]] = {
    "all rates": {"start": 6, "progression": 0.4},
    "loss for a year": {"start": 3, "end": 15, "neuron_loss": 0.7},
    "spread": {"start": 0, "spread": 0.8},
    "growth": {"start": 0, "pathology": 0.6},
    "mechanisms": {"start": 2, "oxidative_stress": 0.9, "inflammation": 0.9},
    "before symptoms": {"start": -24, "pathology": 0.4, "spread": 0.4},
}


def as_treatment(start: float, end: float = np.inf, **shares: float) -> Any:
    lasts = {"duration": end - start} if np.isfinite(end) else {}
    return treatment(*(effect(rate, share, month=start, **lasts) for rate, share in shares.items()))


@pytest.mark.parametrize("name", LOWERED)
def test_treated_twins_agree_too(name: str) -> None:
    """The months gained, twin against twin, in both engines."""
    case = scenario(as_treatment(**LOWERED[name]), patients=60, horizon=MONTHS)
    untreated = courses(case, months=MONTHS)
    treated = courses(case, [lowered(**LOWERED[name])], months=MONTHS, untreated=untreated)
    found = simulate(case, backend="numba")
    error = compared(found, treated, arm=1)["death"]
    quick, exact = found.months("death"), np.array([untreated.death, treated.death])
    both = np.isfinite(quick).all(axis=0) & (exact < MONTHS).all(axis=0)
    gain = ((quick[1] - quick[0]) - (exact[1] - exact[0]))[both] * DAYS
    print(f"\n{name}, treated twins, {error}; months gained: bias {gain.mean():+.2f} days, "
          f"RMSE {np.sqrt((gain**2).mean()):.2f}")  # fmt: skip
    # Before the first symptom a treatment starts up to a step late; later it starts on a step.
    bias = 2  # days, of a course of about 900
    assert abs(error.bias) < bias and error.rms < 6
    assert abs(gain.mean()) < bias and np.sqrt((gain**2).mean()) < 6


@pytest.mark.parametrize("name", LOWERED)
def test_no_neuron_dies_earlier_in_the_exact_engine(name: str) -> None:
    """Every neuron's own time of death, to the tolerance of finding it (1e-9 months)."""
    case = scenario(patients=20, people=7, fate=7)
    untreated = courses(case, months=90, latent=True)
    treated = courses(case, [lowered(**LOWERED[name])], months=90, latent=True, untreated=untreated)
    died = np.isfinite(untreated.neuron_death)
    assert died.mean() > 0.3
    later = treated.neuron_death[died] - untreated.neuron_death[died]
    assert (later >= -1e-9).all()
    assert (later > 1e-3).any()


def test_no_patient_dies_earlier_in_the_exact_engine_where_care_is_fixed() -> None:
    case = scenario(patients=60, care="minimal", people=8)
    untreated = courses(case, months=MONTHS)
    for name, rates in LOWERED.items():
        treated = courses(case, [lowered(**rates)], months=MONTHS, untreated=untreated)
        assert (treated.death >= untreated.death - 1e-9)[untreated.death < MONTHS].all(), name


def test_nothing_lowered_is_nothing_changed() -> None:
    case = scenario(patients=10)
    plain = courses(case, months=60)
    again = courses(case, [lowered(start=5)], months=60, untreated=plain)
    finite = np.isfinite(plain.death)
    assert np.abs(plain.death - again.death)[finite].max() < 1e-8


def test_the_exact_engine_is_exact_where_a_formula_is_known() -> None:
    """Without couplings the hazard borne by the first pool has a closed form."""
    case = scenario(patients=10, care="minimal", **UNCOUPLED, onset__multifocal=0.0)
    exact, chunk = courses(case, months=60, latent=True), chunk_of(case, 10)
    seed, growth = case.world.pathology.seed, case.world.pathology.growth
    for i in range(10):
        pool = int(chunk.luck.first[i])
        died = exact.neuron_death[i, pool]
        died = died[np.isfinite(died)]
        grown = np.exp(growth * chunk.luck.pace[i] * died)
        borne = chunk.luck.vulnerability[pool, i] / growth * np.log(1 - seed + seed * grown)
        ranks = np.sort(chunk.fate.resilience[i, pool])[: len(died)] + 1.0
        np.testing.assert_allclose(1 - np.exp(-borne), ranks / 1024, atol=1e-9)
