"""What goes wrong in each arm: complications, deaths of the treatment, people who live shorter."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from alssim.model.events import CAUSES
from alssim.statistics.contrasts import wilson
from alssim.statistics.followup import BoolArray
from alssim.statistics.survival import Estimate
from alssim.studies.comparison.arms import Comparison
from alssim.studies.comparison.clocks import Twins
from alssim.studies.comparison.gains import LEVEL, NOTICEABLE

BY_TREATMENT = CAUSES.index("treatment")


class TwinsWithCauses(Twins, Protocol):
    """A simulation that knows the causes of death."""

    @property
    def cause(self) -> NDArray[np.int8]:
        """Cause of death [arm, patient], an index into CAUSES."""


@dataclass(frozen=True, slots=True)
class Harm:
    """Shares of the patients compared, 0-1, with 95 % intervals (Wilson).

    treated        whose treatment began
    complication   who survive a serious complication of the procedure
    killed         who die of the treatment within the follow-up
    lives_shorter  who live more than half a month shorter than with usual care
    """

    arm: str
    treated: Estimate
    complication: Estimate
    killed: Estimate
    lives_shorter: Estimate


def harms(simulation: TwinsWithCauses, comparison: Comparison) -> tuple[Harm, ...]:
    """Count what goes wrong in each arm but the first."""
    members = comparison.members
    ill = np.isfinite(simulation.months("complication")[:, members])
    killed = (simulation.cause[:, members] == BY_TREATMENT) & (
        simulation.months("death")[:, members] - comparison.begin <= comparison.horizon
    )
    treated = simulation.treated[:, members]
    return tuple(
        Harm(
            name,
            share_of(treated[arm]),
            share_of(ill[arm]),
            share_of(killed[arm]),
            share_of(comparison.gain[arm] < -NOTICEABLE),
        )
        for arm, name in enumerate(comparison.arms)
        if arm
    )


def share_of(yes: BoolArray) -> Estimate:
    """Return the share of patients [patient] with Wilson's interval."""
    share = float(yes.mean())
    low, high = wilson(share, len(yes), LEVEL)
    return Estimate(share, float(low), float(high))
