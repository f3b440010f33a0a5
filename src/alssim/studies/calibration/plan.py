"""What a calibration does: free parameters with bounds, weights, and how hard it tries."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray

from alssim.errors import ParameterError
from alssim.parameters import folder, load_scenario
from alssim.parameters.building import build
from alssim.parameters.checking import Checked
from alssim.parameters.merging import tree
from alssim.parameters.provenance import File
from alssim.parameters.safe_toml import OWN, parse
from alssim.parameters.walking import entries
from alssim.quantity import Quantity, Text
from alssim.studies.validation.targets import CALIBRATION, load_targets

FILE = "calibration/plan.toml"
FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Free(Checked):
    """A parameter that may move, and between which values."""

    key: Annotated[str, Text("dotted key of the parameter")]
    low: Annotated[float, Quantity("own unit", -1e6, 1e6, "least value")]
    high: Annotated[float, Quantity("own unit", -1e6, 1e6, "greatest value")]

    def value(self, place: float) -> float:
        """Return the value at a place between the bounds, 0-1."""
        return self.low + place * (self.high - self.low)

    def place(self, value: float) -> float:
        """Return the place of a value between the bounds, kept within them."""
        return min(max((value - self.low) / (self.high - self.low), 0.0), 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight(Checked):
    """A target that weighs more, or less, than others of its kind."""

    target: Annotated[str, Text("id of the target")]
    weight: Annotated[float, Quantity("weight", 0, 1000, "weight of its distance")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement(Checked):
    """A statement that must hold: what decides it must be at least so much."""

    target: Annotated[str, Text("id of the target, or covariate of the prognosis")]
    least: Annotated[float, Quantity("own unit", -100, 100, "what decides it must be at least")]
    room: Annotated[float, Quantity("own unit", 1e-6, 100, "how far below counts as distance 1")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan(Checked):
    """A calibration.

    A distance is 1 at the end of what a target allows (``studies.validation.judging``).
    """

    patients: Annotated[int, Quantity("people", 100, 1_000_000, "virtual patients of a cohort")]
    seed: Annotated[int, Quantity("seed", 0, 2**62, "seed of the people and of their fate")]
    rounds: Annotated[int, Quantity("rounds", 1, 1000, "most steps of the optimiser")]
    slope_patients: Annotated[
        int, Quantity("people", 100, 1_000_000, "virtual patients of a cohort for slopes")
    ]
    fresh: Annotated[
        int, Quantity("rounds", 1, 1000, "rounds after which slopes are measured anew")
    ]
    step: Annotated[
        float, Quantity("share", 1e-4, 0.5, "step of a parameter, of its range, for slopes")
    ]
    inner: Annotated[float, Quantity("distance", 0, 1, "distances within this cost little")]
    within: Annotated[float, Quantity("weight", 0, 10, "what distances within that cost")]
    core_weight: Annotated[float, Quantity("weight", 0, 1000, "weight of a core row")]
    ridge: Annotated[
        float, Quantity("weight", 0, 100, "pull toward the start, by place between the bounds")
    ]
    draw_patients: Annotated[
        int, Quantity("people", 100, 1_000_000, "virtual patients of a cohort for a drawn set")
    ]
    members: Annotated[int, Quantity("sets", 0, 10_000, "parameter sets of the ensemble")]
    draws: Annotated[int, Quantity("sets", 0, 100_000, "most sets that are tried for it")]
    core_least: Annotated[int, Quantity("rows", 0, 1000, "core rows that a member must meet")]
    spread: Annotated[float, Quantity("ratio", 0, 100, "width of the draws around the best fit")]
    free: tuple[Free, ...] = ()
    weights: tuple[Weight, ...] = ()
    statements: tuple[Statement, ...] = ()

    def changes(self, places: FloatArray) -> dict[str, float]:
        """Return the parameters at some places [free parameter], by key."""
        return {
            one.key: round(one.value(float(place)), 9)
            for one, place in zip(self.free, places, strict=True)
        }

    @property
    def targets(self) -> tuple[str, ...]:
        """Every target that is fitted: those of use for calibration, never another."""
        return tuple(one.id for one in load_targets() if one.use == CALIBRATION)


def load_plan(path: str | Path | None = None) -> Plan:
    """Return the shipped plan, or that of a file.

    Raises ``ParameterError`` with all problems of the file.
    """
    file = Path(path) if path is not None else folder() / FILE
    label = str(path) if path is not None else FILE
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise ParameterError(label, [f"cannot be read: {error.strerror}"]) from None
    found = build(Plan, tree(parse(raw, label, OWN), File(label, complete=False)), label).record
    if problems := [*_problems(found)]:
        raise ParameterError(label, problems)
    return found


def _problems(plan: Plan) -> list[str]:
    """Return what the fields alone do not show."""
    known = {e.path for e in entries(load_scenario("reference").record)}
    found = [f"free: {one.key} is no parameter" for one in plan.free if one.key not in known]
    found += [
        f"free: {one.key}: low = {one.low:g} is not below high = {one.high:g}"
        for one in plan.free
        if not one.low < one.high
    ]
    found += [
        f"weights: {one.target} is not a target for calibration"
        for one in plan.weights
        if one.target not in plan.targets
    ]
    return found + ([] if plan.free else ["free: at least one parameter must be free"])


def start(plan: Plan) -> FloatArray:
    """Return where the free parameters are in the reference world, by place between the bounds."""
    values: dict[str, Any] = {e.path: e.value for e in entries(load_scenario("reference").record)}
    return np.array([one.place(float(values[one.key])) for one in plan.free])
