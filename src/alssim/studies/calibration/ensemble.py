"""Parameter sets that fit acceptably: what the targets leave open.

Around the best fit the targets bound the parameters as a normal distribution would whose precision
is the sum of squared slopes (Gauss-Newton), with a ridge where no target sees a parameter. Sets are
drawn from it, simulated on new luck, and kept when they meet enough core rows. So a member is
acceptable by simulation, not by the approximation that proposed it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alssim.randomness import normals, words
from alssim.studies.calibration.fitting import Evaluator, Fit
from alssim.studies.calibration.objective import met
from alssim.studies.validation.targets import load_targets

FloatArray = NDArray[np.float64]
UNSEEN = 1.0  # precision, by place between the bounds, of a parameter that no target sees
BATCH = 8


@dataclass(frozen=True, slots=True, eq=False)
class Ensemble:
    """Parameter sets that fit acceptably; each maps keys to values.

    tried: how many were drawn to find them; core: core rows that each member meets.
    """

    members: tuple[dict[str, float], ...]
    core: tuple[int, ...]
    tried: int


def find_ensemble(evaluator: Evaluator, best: Fit) -> Ensemble:
    """Draw parameter sets around the best fit and keep those that fit acceptably."""
    plan, core_ids = evaluator.plan, {one.id for one in load_targets() if one.is_core}
    members: list[dict[str, float]] = []
    counts: list[int] = []
    tried = 0
    while len(members) < plan.members and tried < plan.draws:
        numbers = np.arange(tried, min(tried + BATCH, plan.draws))
        tried = int(numbers[-1]) + 1
        places = proposals(best, plan.seed, numbers, plan.spread)
        jobs = [
            evaluator.job(p, plan.seed + 1 + int(n), plan.draw_patients)
            for p, n in zip(places, numbers, strict=True)
        ]
        for job, found in zip(jobs, evaluator.numbers(jobs, "ensemble"), strict=True):
            count = len(met(best.allowed, plan, found) & core_ids)
            if count >= plan.core_least and len(members) < plan.members:
                members.append(dict(job.changes))
                counts.append(count)
    return Ensemble(tuple(members), tuple(counts), tried)


def proposals(best: Fit, seed: int, numbers: NDArray[np.int64], spread: float) -> FloatArray:
    """Draw places [draw, free parameter]; each depends on (seed, its number) alone."""
    size = len(best.places)
    precision = best.slopes.T @ best.slopes + UNSEEN * np.eye(size)
    values, axes = np.linalg.eigh(precision)
    luck = normals(words(seed, numbers, "ensemble", size))
    around = best.places + spread * (luck / np.sqrt(values)) @ axes.T
    return np.asarray(np.clip(around, 0.0, 1.0))
