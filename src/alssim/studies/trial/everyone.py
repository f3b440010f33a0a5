"""All people fit for a trial whom an oversampled pool stands for, by weight.

Where a treatment acts in carriers alone, half of the people drawn are carriers. Trials then draw
by weight, so each holds about as many carriers as there are. Here the whole pool is turned back
into everybody: weighted curves, and a weighted hazard ratio.
"""

from dataclasses import dataclass
from math import nan

import numpy as np
from numpy.typing import NDArray

from alssim.errors import UsageError
from alssim.statistics.followup import FloatArray
from alssim.statistics.survival import Estimate, interval_at, survival_at
from alssim.statistics.two_arms import hazard_ratio
from alssim.statistics.weighted import weighted_kaplan_meier
from alssim.studies.trial.pool import Pool

CARRIERS = "sod1"
UNKNOWN = Estimate(nan, nan, nan)


@dataclass(frozen=True, slots=True)
class Everyone:
    """Everybody fit for the trial, once in either arm; nobody leaves.

    carriers   share of them in whom the treatment can act
    month      the end of follow-up
    alive      control, treated: share not yet at the first survival endpoint's event (else
               death) by then, by weighted Kaplan-Meier curves
    ratio      hazard of the treated over that of the others up to then. A description: both
               arms hold the same people, who are one cluster each; there is no p-value
    among      the same among carriers alone
    worth      people of equal weight who would be as informative

    Not-a-number: too few reach the event.
    """

    carriers: float
    month: int
    alive: tuple[Estimate, Estimate]
    ratio: Estimate
    among: Estimate
    worth: float


def everyone(pool: Pool) -> Everyone | None:
    """Turn an oversampled pool back into everybody; None where people are drawn as they come."""
    if pool.plan.carriers != "oversampled":
        return None
    design, weight = pool.trial, pool.weight
    timed = [row.event for row in design.endpoints if row.kind == "survival"]
    end = pool.ends[timed[0] if timed else "death"]
    month = float(design.follow_up)
    time, event = np.minimum(end, month), end <= month
    curves = [weighted_kaplan_meier(*arm, weight) for arm in zip(time, event, strict=True)]
    alive = []
    for curve in curves:
        low, high = interval_at(curve, month)
        alive.append(Estimate(float(survival_at(curve, month)), float(low), float(high)))
    carries = pool.traits[CARRIERS].astype(bool)
    return Everyone(
        float(weight[carries].sum() / weight.sum()),
        design.follow_up,
        (alive[0], alive[1]),
        _ratio(time, event, weight),
        _ratio(time[:, carries], event[:, carries], weight[carries]),
        curves[0].worth,
    )


def _ratio(time: FloatArray, event: NDArray[np.bool_], weight: FloatArray) -> Estimate:
    """Return the hazard ratio of two lives of the same people [arm, person], by weight."""
    people = time.shape[1]
    person, arm = np.tile(np.arange(people), 2), np.repeat([False, True], people)
    try:
        found = hazard_ratio(
            time.ravel(), event.ravel(), arm, cluster=person, weight=np.tile(weight, 2)
        )
    except UsageError:  # nobody reaches the event
        return UNKNOWN
    return found.robust if np.isfinite(found.error) else UNKNOWN
