"""Made-up simulations: events written down or drawn by a formula, in place of a disease."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import stats

NEVER = float("nan")


@dataclass(frozen=True)
class Stop:
    horizon: float


@dataclass(frozen=True)
class MadeUp:
    """Stands in for a simulation: whatever events a test writes down."""

    events: dict[str, list[list[float]]]
    horizon: float = 120
    arms: tuple[str, ...] = ("untreated", "drug")
    untreated: frozenset[int] = field(default_factory=frozenset)

    @property
    def scenario(self) -> Stop:
        return Stop(self.horizon)

    @property
    def treated(self) -> NDArray[np.bool_]:
        treated = np.ones(self.months("death").shape, dtype=bool)
        treated[0] = False
        treated[:, sorted(self.untreated)] = False
        return treated

    def months(self, event: str) -> NDArray[np.float64]:
        shape = np.shape(self.events["death"])
        return np.array(self.events.get(event, np.full(shape, NEVER)), dtype=np.float64)


FIVE = MadeUp(
    {
        "death": [[10, 20, 30, 40, NEVER], [16, 20.4, 27, NEVER, NEVER]],
        "diagnosis": [[5, NEVER, 12, 20, 20], [5, NEVER, 12, 20, 20]],
        "tracheostomy": [[8, NEVER, NEVER, NEVER, 50], [NEVER, NEVER, NEVER, NEVER, 90]],
        "niv_22h": [[7, 19, NEVER, NEVER, NEVER], [9, NEVER, NEVER, NEVER, NEVER]],
    },
    horizon=100,
    untreated=frozenset({1}),
)


def twins(pairs: Sequence[tuple[float, float]], horizon: float = 120) -> MadeUp:
    death = np.array(pairs).T
    return MadeUp({"death": np.where(death <= horizon, death, NEVER).tolist()}, horizon=horizon)


def drawn(patients: int, seed: int, horizon: float = 400) -> MadeUp:
    """Lives of mean 40 months; a third live half as long again, a tenth lose a fifth."""
    life = stats.expon.rvs(scale=40, size=patients, random_state=seed)
    share = stats.uniform.rvs(size=patients, random_state=seed + 1_000_000)
    factor = np.where(share < 1 / 3, 1.5, np.where(share > 0.9, 0.8, 1.0))
    death = np.array([life, life * factor])
    delay = stats.uniform.rvs(loc=-20, scale=40, size=patients, random_state=seed + 2_000_000)
    diagnosed = np.where(delay > 0, NEVER, delay).tolist()
    return MadeUp({"death": death.tolist(), "diagnosis": [diagnosed, diagnosed]}, horizon=horizon)
