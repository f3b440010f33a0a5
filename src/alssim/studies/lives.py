"""Simulate cohorts too large to be held whole: part by part, keeping what a comparison needs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alssim.model.backend import Backend
from alssim.model.events import CAUSES, DOCS_EVENTS, KINGS_EVENTS, months_of
from alssim.model.simulate import Part, Progress, simulate_parts
from alssim.parameters.schema import Scenario

FloatArray = NDArray[np.float64]
KEPT = (
    "diagnosis",
    "marked_weakness",
    "onset",
    "second_region",
    "third_region",
    "docs_5",
    "gastrostomy_need",
    "niv_need",
    "niv",
    "niv_22h",
    "tracheostomy",
    "treatment_start",
    "complication",
    "death",
)


@dataclass(frozen=True, slots=True, eq=False)
class Lives:
    """What a comparison needs of a simulation.

    kept   event -> months [arm, patient]; cause [arm, patient] index into CAUSES
    """

    scenario: Scenario
    kept: Mapping[str, FloatArray]
    cause: NDArray[np.int8]

    @property
    def arms(self) -> tuple[str, ...]:
        """Names of the arms."""
        return tuple(arm.name for arm in self.scenario.arms)

    @property
    def treated(self) -> NDArray[np.bool_]:
        """Say whose treatment began [arm, patient]."""
        return np.isfinite(self.kept["treatment_start"])

    def months(self, event: str) -> FloatArray:
        """Return the months of an event or milestone that was kept [arm, patient]."""
        return self.kept[event if event in self.kept else _event_of(event)]

    def causes(self) -> list[dict[str, float]]:
        """Return the share of patients of each arm by cause of death."""
        shares = [np.bincount(row, minlength=len(CAUSES)) / len(row) for row in self.cause]
        return [dict(zip(CAUSES, row.tolist(), strict=True)) for row in shares]


def _event_of(milestone: str) -> str:
    return KINGS_EVENTS.get(milestone) or DOCS_EVENTS.get(milestone) or milestone


def live(
    scenario: Scenario,
    *,
    visits: bool = False,
    latent: bool = False,
    backend: Backend = "auto",
    threads: int = 1,
    also: Callable[[Part], None] | None = None,
    progress: Progress | None = None,
) -> Lives:
    """Simulate part by part, hand each part to ``also``, and keep what a comparison needs.

    Options and errors as ``alssim.simulate``.
    """
    kept: dict[str, list[FloatArray]] = {event: [] for event in KEPT}
    causes = []
    for part in simulate_parts(
        scenario,
        visits=visits,
        latent=latent,
        backend=backend,
        threads=threads,
        progress=progress,
    ):
        if also is not None:
            also(part)
        for event in KEPT:
            kept[event].append(months_of(part.events, event).copy())
        causes.append(part.cause)
    whole = {event: np.concatenate(rows, axis=1) for event, rows in kept.items()}
    return Lives(scenario, whole, np.concatenate(causes, axis=1))
