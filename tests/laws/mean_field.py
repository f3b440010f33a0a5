"""The mean-field limit: pools of infinitely many neurons, as ordinary differential equations.

Written from the equations of docs/model.md and integrated by scipy, pool after pool as each
becomes involved. Nothing here comes from the engines.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.integrate import solve_ivp

from alssim.model.anatomy import pool_weights
from alssim.model.state import Luck
from alssim.parameters.schema import World

POOLS = 14


@dataclass(frozen=True)
class MeanField:
    """One person's disease without any chance in it but the thresholds of involvement."""

    world: World
    pace: float
    spread: float
    vulnerability: np.ndarray
    limits: np.ndarray
    seeded: tuple[int, ...]

    def slopes(self, _: float, state: np.ndarray) -> np.ndarray:
        """State: q, oxidative stress, cumulative hazard, exposure of 14 pools; inflammation."""
        q, stress, borne, _exposure = state[: 4 * POOLS].reshape(4, POOLS)
        inflammation, loss = state[-1], self.world.loss
        pushed = 1 + loss.oxidative_gain * stress + loss.inflammation_gain * inflammation
        lost = (1 - np.exp(-borne)).mean()
        return np.concatenate([
            self.world.pathology.growth * self.pace * q * (1 - q),
            (q - stress) / loss.oxidative_months,
            self.pace * self.vulnerability * q * pushed,
            self.spread * self.pace * pool_weights(self.world.spread).T @ q,
            [(lost - inflammation) / loss.inflammation_months],
        ])  # fmt: skip

    def damage(self, months: np.ndarray) -> np.ndarray:
        """Return the share of every pool that is lost [month, pool] since the first pathology."""
        state, found = np.zeros(4 * POOLS + 1), np.zeros((len(months), POOLS))
        state[list(self.seeded)] = self.world.pathology.seed
        begin = 0.0
        while True:
            waiting = np.flatnonzero(state[:POOLS] == 0)
            piece = solve_ivp(
                self.slopes, (begin, months[-1]), state, events=self.thresholds(waiting),
                dense_output=True, rtol=1e-9, atol=1e-11,
            )  # fmt: skip
            here = (months >= begin) & (months <= piece.t[-1])
            assert piece.sol is not None
            if here.any():
                found[here] = 1 - np.exp(-piece.sol(months[here])[2 * POOLS : 3 * POOLS].T)
            if piece.status == 0:
                return found
            pool = waiting[[len(times) > 0 for times in piece.t_events or ()]]
            begin, state = piece.t[-1], piece.y[:, -1]
            state[pool] = self.world.pathology.seed

    def thresholds(self, waiting: np.ndarray) -> list[Any]:
        """Return an event that ends the integration for each pool that is not yet involved."""

        def passed(pool: int) -> Any:
            def event(_: float, state: np.ndarray) -> float:
                return float(state[3 * POOLS + pool] - self.limits[pool])

            event.terminal = True  # type: ignore[attr-defined]
            return event

        return [passed(pool) for pool in waiting]


def mean_field(world: World, luck: Luck, patient: int) -> MeanField:
    second = int(luck.second[patient])
    seeded = (int(luck.first[patient]), *([second] if second >= 0 else []))
    return MeanField(
        world, float(luck.pace[patient]), float(luck.spread[patient]),
        luck.vulnerability[:, patient], luck.involvement[:, patient], seeded,
    )  # fmt: skip
