"""Many trials of one design in many sets of parameters: what counting and knowledge leave open.

The interval of a power says how far so many trials can tell it. Over the members of an ensemble the
power itself differs, because the disease is not known exactly. Both are told apart.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from alssim.parameters.trial import Trial
from alssim.statistics.survival import Estimate
from alssim.studies.comparison.worlds import middle
from alssim.studies.ensemble import Ensemble, Member, naming_member, settings_of
from alssim.studies.trial.plan import NOTHING, Plan, plan, usual_world
from alssim.studies.trial.replicates import EndpointOperating, Operating


@dataclass(frozen=True, slots=True, eq=False)
class TrialWorlds:
    """What many trials show in every member of an ensemble.

    found     [member] the first is the trial as asked
    settings  [member of the file] what the ensemble changes in its world
    """

    ensemble: Ensemble
    settings: tuple[Member, ...]
    found: tuple[Operating, ...]

    def endpoint(self, place: int) -> tuple[EndpointOperating, ...]:
        """Return how one endpoint does in every member."""
        return tuple(one.endpoints[place] for one in self.found)


def known_power(found: tuple[EndpointOperating, ...]) -> Estimate:
    """Return the power in the first member, with the limits that hold the members'; 0-1."""
    return _between([one.power.value for one in found])


def known_truth(found: tuple[EndpointOperating, ...]) -> Estimate:
    """Return the mean estimate in the first member, with the limits that hold the members'.

    Logarithms where a ratio is estimated.
    """
    return _between([one.truth for one in found])


def moved_worlds(
    trial: Trial, ensemble: Ensemble, settings: Mapping[str, Any] = NOTHING
) -> tuple[Member, ...]:
    """Return what each member of an ensemble changes in the world of a trial [member].

    Raises ``UsageError`` where the trial sets everything that the ensemble moves.
    """
    return settings_of(usual_world(trial, settings), ensemble)


def plans(
    trial: Trial, ensemble: Ensemble, settings: Mapping[str, Any] = NOTHING
) -> Iterator[Plan]:
    """Yield the plan of a trial in the world of each member.

    Raises ``ParameterError`` with the member where a world is not allowed.
    """
    for number, member in enumerate(ensemble.members, 1):
        with naming_member(ensemble, number):
            found = plan(trial, settings, member)
        yield found


def _between(values: list[float]) -> Estimate:
    low, high = middle(np.array(values))
    return Estimate(values[0], float(low), float(high))
