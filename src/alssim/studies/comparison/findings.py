"""Everything that a comparison can say, gathered: what is always known, and what is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from alssim.parameters.treatment import Cost
from alssim.studies.comparison.arms import Comparison, Landmark
from alssim.studies.comparison.currencies import Currencies, currencies
from alssim.studies.comparison.effects import WINDOW, Differences, differences
from alssim.studies.comparison.function import (
    AbleMonths,
    Function,
    ScoreDifference,
    able_months,
    score_differences,
)
from alssim.studies.comparison.harms import Harm, TwinsWithCauses, harms
from alssim.studies.comparison.quality import (
    CostOfQuality,
    Quality,
    cost_of_quality,
    quality,
    quality_by_mitos,
)
from alssim.studies.comparison.stays import Scale, Stays, stays


@dataclass(frozen=True, slots=True, eq=False)
class Findings:
    """What a comparison finds beyond its curves.

    differences, harms  one per arm but the first
    currencies          likewise; empty where no landmark lies within the follow-up
    stays               scale -> months in its stages
    able, scores        from visits; empty where none were kept
    quality             one per set of utilities; empty unless asked for. Those by MiToS stage come
                        last, where visits were kept and the endpoint is death
    costs               arm -> cost by each set of utilities; of the arms that have a price
    """

    differences: tuple[Differences, ...]
    harms: tuple[Harm, ...]
    currencies: tuple[Currencies, ...]
    stays: dict[Scale, Stays]
    able: tuple[AbleMonths, ...]
    scores: tuple[ScoreDifference, ...]
    quality: tuple[Quality, ...]
    costs: dict[int, tuple[CostOfQuality, ...]]


def findings(
    simulation: TwinsWithCauses,
    comparison: Comparison,
    mark: Landmark | None = None,
    function: Function | None = None,
    costs: Sequence[Cost] | None = None,
    window: float = WINDOW,
) -> Findings:
    """Gather what a comparison finds.

    Parameters
    ----------
    mark : landmark at which people are counted in the four currencies
    function : what was kept of the visits; None leaves out what needs them
    costs : price of each arm; None leaves quality-adjusted time out, which is opt-in
    window : months that hazard ratios describe
    """
    rated = quality(simulation, comparison) if costs is not None else ()
    if rated and function and comparison.endpoint == "death":  # visits go on to death
        rated = (*rated, *quality_by_mitos(function, comparison))
    return Findings(
        differences(comparison, window=window),
        harms(simulation, comparison),
        currencies(comparison, mark, function, window) if mark else (),
        {scale: stays(simulation, comparison, scale) for scale in get_args(Scale)},
        able_months(function, comparison) if function else (),
        score_differences(function, comparison) if function else (),
        rated,
        _costs(simulation, comparison, rated, costs or ()),
    )


def _costs(
    simulation: TwinsWithCauses,
    comparison: Comparison,
    rated: Sequence[Quality],
    costs: Sequence[Cost],
) -> dict[int, tuple[CostOfQuality, ...]]:
    return {
        arm: tuple(cost_of_quality(simulation, comparison, one, arm, cost) for one in rated)
        for arm, cost in enumerate(costs)
        if arm and (cost.once or cost.per_month)
    }
