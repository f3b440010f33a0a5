"""What a parameter set gives for every target, and how far that is from the published numbers."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alssim.studies.calibration.plan import Plan
from alssim.studies.validation.cohorts import Cohorts, scenarios, simulate_cohorts
from alssim.studies.validation.designs import load_designs
from alssim.studies.validation.judging import Allowed, judge
from alssim.studies.validation.measuring import measure, values
from alssim.studies.validation.prognosis import prognosis
from alssim.studies.validation.registry import MEASUREMENTS, needed
from alssim.studies.validation.targets import Target, load_targets

FloatArray = NDArray[np.float64]
Numbers = dict[str, list[float]]
FARTHEST = 8.0  # a distance beyond this, or a missing number, counts as this
STATEMENT = "true"  # the rule of targets that hold or do not


@dataclass(frozen=True, slots=True)
class Job:
    """One evaluation; it can be sent to another process."""

    changes: Mapping[str, float]
    patients: int
    seed: int
    targets: tuple[str, ...]


def evaluate(job: Job) -> Numbers:
    """Simulate the cohorts and measure every target, without intervals."""
    cohorts = _cohorts(job)
    found = {name: list(values(MEASUREMENTS[name], cohorts)) for name in job.targets}
    for name in job.targets:
        behind = MEASUREMENTS[name].behind
        if behind is not None:
            found[name] = list(behind(MEASUREMENTS[name].sample(cohorts)))
    for ratio in prognosis(cohorts).ratios:
        found[ratio.covariate] = [math.log(ratio.value)]
    return found


def _cohorts(job: Job) -> Cohorts:
    changes: dict[str, Any] = dict(job.changes)
    return simulate_cohorts(scenarios(job.patients, job.seed, changes, needed(job.targets)))


def allowed_at(job: Job) -> dict[str, tuple[Allowed, ...]]:
    """Return what each target allows; where its rule needs a bootstrap, as it is here."""
    cohorts, thresholds = _cohorts(job), load_designs().thresholds
    found = {}
    for target in _chosen(job.targets):
        if target.rule != STATEMENT:
            measured = measure(MEASUREMENTS[target.id], cohorts)
            found[target.id] = judge(target, measured, thresholds).allowed
    return found


def _chosen(names: tuple[str, ...]) -> list[Target]:
    return [one for one in load_targets() if one.id in names]


def residuals(plan: Plan, allowed: dict[str, tuple[Allowed, ...]], numbers: Numbers) -> FloatArray:
    """Return weighted distances [row]: large beyond ``plan.inner``, small within."""
    weights = {one.target: one.weight for one in plan.weights}
    core = {one.id for one in load_targets() if one.is_core}
    found: list[float] = []
    for name, bounds in allowed.items():
        weight = weights.get(name, plan.core_weight if name in core else 1.0)
        for one, value in zip(bounds, numbers[name], strict=True):
            found += _cost(_off_centre(one, value), weight, plan)
    for statement in plan.statements:
        short = (statement.least - numbers[statement.target][0]) / statement.room
        found += [plan.core_weight * min(max(short, 0.0), FARTHEST), 0.0]
    return np.array(found)


def _off_centre(allowed: Allowed, value: float) -> float:
    """Return how far a value is from the middle of what is allowed; 1 at both ends."""
    if math.isnan(value):
        return FARTHEST
    if math.isinf(allowed.low):
        return max(value - allowed.high, 0.0) / max(abs(allowed.high), 1e-9) + 0.0
    half = 0.5 * (allowed.high - allowed.low)
    return (value - 0.5 * (allowed.low + allowed.high)) / half if half > 0 else 0.0


def _cost(distance: float, weight: float, plan: Plan) -> list[float]:
    near = math.copysign(min(abs(distance), FARTHEST), distance)
    beyond = math.copysign(max(abs(near) - plan.inner, 0.0), near)
    return [weight * beyond, plan.within * near]


def met(allowed: dict[str, tuple[Allowed, ...]], plan: Plan, numbers: Numbers) -> set[str]:
    """Return the targets whose numbers all lie in what is allowed, and statements that hold."""
    found = {
        name
        for name, bounds in allowed.items()
        if all(abs(one.distance(v)) <= 1 for one, v in zip(bounds, numbers[name], strict=True))
    }
    holding = (one for one in plan.statements if numbers[one.target][0] >= one.least)
    return found | {one.target for one in holding}
