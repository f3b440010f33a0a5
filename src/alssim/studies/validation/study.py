"""The whole validation: simulate the cohorts once, measure every target, count what passes."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from alssim.errors import UsageError
from alssim.model.backend import Backend
from alssim.model.record import RunRecord, record_of
from alssim.studies.validation.care import CareGap, care_gap
from alssim.studies.validation.cohorts import (
    PLANS,
    Cohorts,
    Progress,
    scenarios,
    simulate_cohorts,
)
from alssim.studies.validation.designs import Thresholds
from alssim.studies.validation.judging import Verdict, judge
from alssim.studies.validation.measuring import Measured, measure
from alssim.studies.validation.outlines import Outlines, outline
from alssim.studies.validation.prognosis import Prognosis, prognosis
from alssim.studies.validation.registry import MEASUREMENTS, UNMEASURED
from alssim.studies.validation.targets import (
    CALIBRATION,
    REFERENCE,
    VALIDATION,
    Target,
    load_targets,
)

PATIENTS, SEED = 20_000, 1
FEWEST, MOST = 100, 200_000  # patients; their visits are kept, about 21 kB for each of them
NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Row:
    """One target beside what was simulated; ``measured`` is None where that cannot be."""

    target: Target
    measured: Measured | None
    verdict: Verdict | None
    reason: str = ""

    @property
    def passed(self) -> bool:
        """Whether the target is met; one that is not measured is missed."""
        return self.verdict is not None and self.verdict.passed


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows passed, of how many, and how many must."""

    passed: int
    rows: int
    needed: int

    @property
    def holds(self) -> bool:
        """Whether as many passed as must."""
        return self.passed >= self.needed


@dataclass(frozen=True, slots=True, eq=False)
class Validation:
    """What a validation found.

    rows       every target that is judged, in the order of the file
    inputs     reference inputs, which are not judged
    core, calibration, validation   counts against the shipped thresholds
    prognosis  do covariates at diagnosis hang together
    care       what minimal care costs
    outlines   small arrays that the figures show
    record     what was run
    """

    rows: tuple[Row, ...]
    inputs: tuple[Target, ...]
    core: Tally
    calibration: Tally
    validation: Tally
    prognosis: Prognosis
    care: CareGap
    outlines: Outlines
    record: RunRecord

    @property
    def holds(self) -> bool:
        """Whether the shipped thresholds hold."""
        return self.core.holds and self.calibration.holds and self.validation.holds

    def of_use(self, use: str) -> tuple[Row, ...]:
        """Return the rows used for calibration, or for validation."""
        return tuple(row for row in self.rows if row.target.use == use)


def validate(
    patients: int = PATIENTS,
    seed: int = SEED,
    changes: Mapping[str, Any] = NOTHING,
    backend: Backend = "auto",
    threads: int = 1,
    progress: Progress | None = None,
) -> Validation:
    """Hold the model against every published target.

    Parameters
    ----------
    patients : virtual patients of each cohort; the same people in all of them
    seed : seed of the people and of their fate
    changes : parameters by dotted key, such as {"pace.median": 0.1}, laid over the defaults
    progress : called with the name of a cohort, patients done and patients in all

    Raises ``ParameterError`` for wrong changes and ``UsageError`` for too few or too many patients.
    """
    if not FEWEST <= patients <= MOST:
        raise UsageError(f"patients = {patients}; allowed: {FEWEST} to {MOST:,}")
    wanted = scenarios(patients, seed, changes, PLANS)
    cohorts = simulate_cohorts(wanted, backend, threads, progress)
    return judge_all(cohorts, record_of(wanted["usual"]))


def judge_all(
    cohorts: Cohorts, record: RunRecord, measuring: Callable[[int, int], None] | None = None
) -> Validation:
    """Measure every target on cohorts that are there already, and count.

    ``measuring`` is called with the targets measured so far and with their number.
    """
    targets, thresholds = load_targets(), cohorts.designs.thresholds
    judged = [one for one in targets if one.use != REFERENCE]
    found = []
    for done, one in enumerate(judged):
        if measuring is not None:
            measuring(done, len(judged))
        found.append(_row(one, cohorts, thresholds))
    rows = tuple(found)
    core, calibration, validation = tallies(rows, thresholds)
    return Validation(
        rows=rows,
        inputs=tuple(one for one in targets if one.use == REFERENCE),
        core=core,
        calibration=calibration,
        validation=validation,
        prognosis=prognosis(cohorts),
        care=care_gap(cohorts),
        outlines=outline(cohorts),
        record=record,
    )


def _row(target: Target, cohorts: Cohorts, thresholds: Thresholds) -> Row:
    if target.id in UNMEASURED:
        return Row(target, None, None, UNMEASURED[target.id])
    measured = measure(MEASUREMENTS[target.id], cohorts)
    return Row(target, measured, judge(target, measured, thresholds))


def tallies(rows: tuple[Row, ...], thresholds: Thresholds) -> tuple[Tally, Tally, Tally]:
    """Count core, calibration and validation rows."""
    core = [row for row in rows if row.target.is_core and row.target.use == CALIBRATION]
    calibration = [row for row in rows if row.target.use == CALIBRATION]
    validation = [row for row in rows if row.target.use == VALIDATION]
    return (
        Tally(_passed(core), len(core), thresholds.core_rows),
        _share_tally(calibration, thresholds.calibration_share),
        _share_tally(validation, thresholds.validation_share),
    )


def _share_tally(rows: list[Row], share: float) -> Tally:
    """Count rows of which at least a share must pass."""
    return Tally(_passed(rows), len(rows), math.ceil(share * len(rows) - 1e-9))


def _passed(rows: list[Row]) -> int:
    return sum(row.passed for row in rows)


__all__ = [
    "PATIENTS",
    "SEED",
    "Row",
    "Tally",
    "Validation",
    "judge_all",
    "tallies",
    "validate",
]
