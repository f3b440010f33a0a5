"""Where the gained time is lived: months in each stage, with and without treatment.

Stages are reached in order and never left backwards; who reaches a later one has left the
earlier ones. The months in the stages add up to the months lived, patient by patient, so the
differences add up to the months gained. Time after the end of follow-up is not counted.
"""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from alssim.errors import UsageError
from alssim.statistics.contrasts import mean_over_patients, over_patients
from alssim.statistics.followup import FloatArray
from alssim.statistics.survival import Estimate
from alssim.studies.comparison.arms import Comparison
from alssim.studies.comparison.clocks import Twins
from alssim.studies.comparison.gains import LEVEL

Scale = Literal["documents", "kings", "ventilation"]

STAGES: dict[Scale, tuple[str, ...]] = {
    "documents": tuple(f"docs_{stage}" for stage in range(1, 8)),
    "kings": ("kings_1", "kings_2a", "kings_2b", "kings_3", "kings_4a", "kings_4b"),
    "ventilation": ("niv", "niv_22h", "tracheostomy"),
}
"""Events that begin each stage, in order; life before the first of them is the stage ``before``."""
BEFORE = "before"


@dataclass(frozen=True, slots=True)
class Stay:
    """Time in one stage: months [arm] and months more than with usual care [arm]."""

    stage: str
    months: tuple[Estimate, ...]
    difference: tuple[Estimate, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Stays:
    """Time in every stage of a scale.

    stages  in order, the first being ``before``
    each    [arm, patient, stage] months
    """

    scale: Scale
    arms: tuple[str, ...]
    stages: tuple[Stay, ...]
    each: FloatArray

    def __post_init__(self) -> None:
        self.each.flags.writeable = False


def stays(simulation: Twins, comparison: Comparison, scale: Scale = "documents") -> Stays:
    """Return the months that the patients of a comparison live in each stage of a scale.

    Raises ``UsageError`` for an unknown scale.
    """
    if scale not in get_args(Scale):
        raise UsageError(f"scale = {scale!r} is not one of: {', '.join(get_args(Scale))}")
    names = (BEFORE, *STAGES[scale])
    each = _months(simulation, comparison, STAGES[scale])
    rows = tuple(
        _stay(name, each[:, :, place], comparison.patients) for place, name in enumerate(names)
    )
    return Stays(scale, comparison.arms, rows, each)


def _months(simulation: Twins, comparison: Comparison, events: tuple[str, ...]) -> FloatArray:
    """Return months in each stage [arm, patient, stage]."""
    members, begin = comparison.members, comparison.begin
    reached = np.stack([simulation.months(name)[:, members] - begin for name in events], axis=-1)
    reached[np.isnan(reached)] = np.inf
    reached = np.minimum.accumulate(reached[..., ::-1], axis=-1)[..., ::-1]
    lived = comparison.time[..., None]
    inside = np.clip(reached, 0.0, np.maximum(lived, 0.0))
    edges = np.concatenate((np.zeros_like(lived), inside, np.maximum(lived, 0.0)), axis=-1)
    months = np.diff(edges, axis=-1)
    months[..., 0] += np.minimum(lived[..., 0], 0.0)  # a twin who dies before month 0
    return np.asarray(months, np.float64)


def _stay(name: str, months: FloatArray, patients: int) -> Stay:
    nothing = Estimate(0.0, 0.0, 0.0)
    return Stay(
        name,
        tuple(mean_over_patients(row, LEVEL) for row in months),
        (nothing, *(mean_over_patients(row - months[0], LEVEL) for row in months[1:])),
    )


def ratio_of_means(above: FloatArray, below: FloatArray) -> Estimate:
    """Return the ratio of two means over the same patients, its interval by linearisation."""
    ratio = float(above.mean() / below.mean())
    return over_patients(ratio, (above - ratio * below) / float(below.mean()), LEVEL)
