"""One effect in four currencies: rate of neuron loss, hazard ratio, months, people."""

from dataclasses import dataclass

from alssim.statistics.survival import Estimate
from alssim.studies.comparison.arms import Comparison, Landmark
from alssim.studies.comparison.effects import WINDOW, DescribedRatio, differences
from alssim.studies.comparison.function import Function, neuron_loss_ratio

RATE_MONTHS = 12.0


@dataclass(frozen=True, slots=True)
class Currencies:
    """The effect of one arm against usual care, said four times.

    loss      motor neurons lost in the first year on the clock, as a share of usual care; of the
              people alive in both arms at its end. None where no visits were kept
    ratio     hazard ratio and its window: a description
    months    mean months gained, restricted to ``until`` months on the clock
    month     at which people are counted
    people    how many more are alive then, with its interval, of
    whole     people: 100, or all patients where they are fewer
    """

    arm: str
    loss: Estimate | None
    ratio: DescribedRatio
    months: Estimate
    until: float
    month: float
    people: Estimate
    whole: int


def currencies(
    comparison: Comparison,
    mark: Landmark,
    function: Function | None = None,
    window: float = WINDOW,
) -> tuple[Currencies, ...]:
    """Return the effect of each arm but the first in four currencies.

    ``mark`` is the landmark at which people are counted, one of ``comparison.landmarks``.
    """
    loss = None if function is None else neuron_loss_ratio(function, comparison, RATE_MONTHS)
    return tuple(
        Currencies(
            found.arm,
            None if loss is None else loss[arm],
            found.ratio,
            found.mean,
            found.until,
            mark.month,
            mark.difference[arm].times(mark.whole),
            mark.whole,
        )
        for arm, found in enumerate(differences(comparison, window=window), 1)
    )
