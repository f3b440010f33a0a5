"""Quality-adjusted months: time in each stage, weighted by how people rate life in it.

By King's stage from events, or by MiToS stage from rated visits.

Published ratings differ about twofold between methods, so every set is worked out and the lowest
and the highest are shown side by side. No number here says what a life is worth.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan

import numpy as np

from alssim.errors import UsageError
from alssim.parameters.outcomes import MitosUtilities, Utilities, usual_outcomes
from alssim.parameters.treatment import Cost
from alssim.statistics.contrasts import mean_over_patients
from alssim.statistics.followup import FloatArray
from alssim.statistics.survival import Estimate
from alssim.studies.comparison.arms import Comparison
from alssim.studies.comparison.clocks import Twins
from alssim.studies.comparison.function import Function, check_clocks
from alssim.studies.comparison.gains import LEVEL
from alssim.studies.comparison.stays import STAGES, ratio_of_means, stays

KINGS_NUMBER = {name: int(name.removeprefix("kings_")[0]) for name in STAGES["kings"]}
MONTHS_A_YEAR = 12.0


@dataclass(frozen=True, slots=True, eq=False)
class Quality:
    """Quality-adjusted months by one set of utilities.

    months      [arm] mean;  difference [arm] more than with usual care;  each [arm, patient]
    """

    utilities: Utilities | MitosUtilities
    arms: tuple[str, ...]
    months: tuple[Estimate, ...]
    difference: tuple[Estimate, ...]
    each: FloatArray

    def __post_init__(self) -> None:
        self.each.flags.writeable = False


@dataclass(frozen=True, slots=True)
class CostOfQuality:
    """What one arm costs.

    cost      mean cost of the treatment per patient, over the follow-up
    per_year  cost of one quality-adjusted year more than with usual care. Not-a-number where the
              interval of the gain holds 0: a ratio says nothing then. Care that a longer life
              needs is not counted, nor is anything discounted.
    """

    arm: str
    currency: str
    cost: Estimate
    per_year: Estimate


def quality(
    simulation: Twins, comparison: Comparison, sets: Sequence[Utilities] | None = None
) -> tuple[Quality, ...]:
    """Return quality-adjusted months by each set of utilities, the lowest of usual care first.

    ``sets``: None = those of the file of usual outcomes.
    """
    asked = usual_outcomes().utilities if sets is None else tuple(sets)
    if not asked:
        raise UsageError("quality needs at least one set of utilities")
    each = stays(simulation, comparison, "kings").each
    found = [_quality(utilities, comparison, each) for utilities in asked]
    return tuple(sorted(found, key=lambda one: one.months[0].value))


def quality_by_mitos(
    function: Function, comparison: Comparison, sets: Sequence[MitosUtilities] | None = None
) -> tuple[Quality, ...]:
    """Return quality-adjusted months by MiToS stage, from each set of utilities.

    Every month of life counts as it was rated at the visit before, to death or to where function
    was kept. ``sets``: None = those of the file of usual outcomes.

    Raises ``UsageError`` where function was kept on another clock.
    """
    check_clocks(function, comparison)
    asked = usual_outcomes().mitos_utilities if sets is None else tuple(sets)
    stay = function.mitos[:, comparison.members]
    return tuple(
        _rated(one, comparison, (stay * np.array(one.stages)).sum(axis=-1)) for one in asked
    )


def _quality(utilities: Utilities, comparison: Comparison, stay: FloatArray) -> Quality:
    # Before the first symptom, where only a presymptomatic treatment leads, life counts in full.
    weights = [1.0, *(utilities.stages[KINGS_NUMBER[name] - 1] for name in STAGES["kings"])]
    return _rated(utilities, comparison, (stay * np.array(weights)).sum(axis=-1))


def _rated(
    utilities: Utilities | MitosUtilities, comparison: Comparison, each: FloatArray
) -> Quality:
    nothing = Estimate(0.0, 0.0, 0.0)
    return Quality(
        utilities,
        comparison.arms,
        tuple(mean_over_patients(row, LEVEL) for row in each),
        (nothing, *(mean_over_patients(row - each[0], LEVEL) for row in each[1:])),
        each,
    )


def cost_of_quality(
    simulation: Twins, comparison: Comparison, found: Quality, arm: int, cost: Cost
) -> CostOfQuality:
    """Return what an arm costs for each quality-adjusted year that it adds.

    The monthly price is paid from the start of the treatment to death or the end of follow-up.
    """
    paid = _paid(simulation, comparison, arm, cost)
    gained = (found.each[arm] - found.each[0]) / MONTHS_A_YEAR
    certain = found.difference[arm].low > 0 or found.difference[arm].high < 0
    per_year = ratio_of_means(paid, gained) if certain else Estimate(nan, nan, nan)
    return CostOfQuality(
        comparison.arms[arm], cost.currency, mean_over_patients(paid, LEVEL), per_year
    )


def _paid(simulation: Twins, comparison: Comparison, arm: int, cost: Cost) -> FloatArray:
    members = comparison.members
    start = simulation.months("treatment_start")[arm, members] - comparison.begin
    months = np.clip(comparison.time[arm] - np.maximum(start, 0.0), 0.0, None)
    begun = start < comparison.time[arm]  # false for who is never treated
    return np.where(begun, cost.once + cost.per_month * np.where(begun, months, 0.0), 0.0)
