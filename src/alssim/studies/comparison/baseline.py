"""Hold the arms of a simulation against another arm than usual care.

The simulation stays as it is; only the order in which its arms are read changes. On the clock of
the first symptom month 0 is the same in every arm; other clocks belong to usual care, so a pinned
baseline is compared from the first symptom.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from alssim.errors import UsageError
from alssim.parameters.treatment import Cost
from alssim.statistics.followup import BoolArray, FloatArray
from alssim.studies.comparison.clocks import Followed
from alssim.studies.comparison.function import Function
from alssim.studies.comparison.harms import TwinsWithCauses


@dataclass(frozen=True, slots=True, eq=False)
class Pinned:
    """A simulation whose arms are read in another order: the first is what others are held against.

    order  [arm] places in the simulation
    """

    simulation: TwinsWithCauses
    order: tuple[int, ...]

    @property
    def arms(self) -> tuple[str, ...]:
        """Names of the arms, the baseline first."""
        return tuple(self.simulation.arms[place] for place in self.order)

    @property
    def scenario(self) -> Followed:
        """What was simulated."""
        return self.simulation.scenario

    @property
    def treated(self) -> BoolArray:
        """Say whose treatment began [arm, patient]; with usual care there is nothing to begin."""
        found = self.simulation.treated.copy()
        if self.order[0]:
            found[0] = True
        return found[list(self.order)]

    @property
    def cause(self) -> NDArray[np.int8]:
        """Cause of death [arm, patient], an index into CAUSES."""
        return self.simulation.cause[list(self.order)]

    def months(self, event: str) -> FloatArray:
        """Return the months of an event since the first symptom [arm, patient]; NaN = never."""
        return self.simulation.months(event)[list(self.order)]

    def of_function(self, function: Function) -> Function:
        """Return what was kept of visits in this order."""
        order = list(self.order)
        return replace(
            function,
            able={name: months[order] for name, months in function.able.items()},
            score=function.score[order],
            lost=function.lost[order],
            mitos=function.mitos[order],
        )

    def of_costs(self, costs: tuple[Cost, ...]) -> tuple[Cost, ...]:
        """Return the price of each arm in this order."""
        return tuple(costs[place] for place in self.order)


def pinned(simulation: TwinsWithCauses, baseline: str) -> Pinned:
    """Return a simulation whose arms are held against ``baseline``; the others keep their order.

    Raises ``UsageError`` if no arm has that name.
    """
    names = simulation.arms
    if baseline not in names:
        raise UsageError(f"there is no arm {baseline!r}; the arms: {', '.join(names)}")
    first = names.index(baseline)
    others = (place for place in range(len(names)) if place != first)
    return Pinned(simulation, (first, *others))
