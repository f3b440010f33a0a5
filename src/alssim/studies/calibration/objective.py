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
BoolArray = NDArray[np.bool_]
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


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """What is fitted: the rows that make up the sum of squares.

    names, weights [row]; least [row]: only a number that is too small (or too large) costs, as
    ``distances`` signs it: above 0.
    """

    names: tuple[str, ...]
    weights: FloatArray
    least: BoolArray


def rows_of(plan: Plan, allowed: dict[str, tuple[Allowed, ...]]) -> Rows:
    """Return the rows of a plan, in the order of ``distances``."""
    own = {one.target: one.weight for one in plan.weights}
    core = {one.id for one in load_targets() if one.is_core}
    names = [(name, math.isinf(one.low)) for name, bounds in allowed.items() for one in bounds]
    weights = [own.get(name, plan.core_weight if name in core else 1.0) for name, _ in names]
    stated = [one.target for one in plan.statements]
    return Rows(
        (*(name for name, _ in names), *stated),
        np.array([*weights, *[plan.core_weight] * len(stated)]),
        np.array([*(least for _, least in names), *[True] * len(stated)]),
    )


def distances(plan: Plan, allowed: dict[str, tuple[Allowed, ...]], numbers: Numbers) -> FloatArray:
    """Return how far each number is from the middle of what is allowed [row]; 1 at its ends.

    Where only one side counts: how far beyond the end.
    """
    found = [
        _off_centre(one, value)
        for name, bounds in allowed.items()
        for one, value in zip(bounds, numbers[name], strict=True)
    ]
    found += [(one.least - numbers[one.target][0]) / one.room for one in plan.statements]
    known = np.nan_to_num(np.array(found), nan=FARTHEST)
    return np.asarray(np.clip(known, -FARTHEST, FARTHEST))


def _off_centre(allowed: Allowed, value: float) -> float:
    if math.isinf(allowed.low):
        return float((value - allowed.high) / max(abs(allowed.high), 1e-9))
    half = 0.5 * (allowed.high - allowed.low)
    return (value - 0.5 * (allowed.low + allowed.high)) / half if half > 0 else 0.0


def residuals(plan: Plan, rows: Rows, far: FloatArray) -> FloatArray:
    """Return weighted residuals [2 x row]: what lies beyond ``plan.inner``, and a little of all."""
    beyond = np.where(rows.least, np.maximum(far, 0.0), _beyond(far, plan.inner))
    return np.concatenate([rows.weights * beyond, np.where(rows.least, 0.0, plan.within * far)])


def _beyond(far: FloatArray, inner: float) -> FloatArray:
    return np.asarray(np.copysign(np.maximum(np.abs(far) - inner, 0.0), far))


def residual_slopes(plan: Plan, rows: Rows, far: FloatArray, slopes: FloatArray) -> FloatArray:
    """Return the slopes of ``residuals`` [2 x row, place] from those of the distances."""
    counted = np.where(rows.least, far > 0.0, np.abs(far) > plan.inner)
    near = np.where(rows.least, 0.0, plan.within)
    return np.concatenate([(rows.weights * counted)[:, None] * slopes, near[:, None] * slopes])


def met(allowed: dict[str, tuple[Allowed, ...]], plan: Plan, numbers: Numbers) -> set[str]:
    """Return the targets whose numbers all lie in what is allowed, and statements that hold."""
    found = {
        name
        for name, bounds in allowed.items()
        if all(abs(one.distance(v)) <= 1 for one, v in zip(bounds, numbers[name], strict=True))
    }
    holding = (one for one in plan.statements if numbers[one.target][0] >= one.least)
    return found | {one.target for one in holding}
