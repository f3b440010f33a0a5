"""Every measurement, by the target that it measures."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from alssim.studies.validation import (
    breathing,
    living,
    people,
    scale,
    spread,
    stages,
    trials,
    units,
)
from alssim.studies.validation.cohorts import PLANS
from alssim.studies.validation.measuring import Measurement

_MODULES = (people, living, stages, scale, breathing, units, spread, trials)
MEASUREMENTS: Mapping[str, Measurement] = MappingProxyType(
    {one.target: one for module in _MODULES for one in module.MEASUREMENTS}
)
# Targets that the model cannot produce, and why.
UNMEASURED: Mapping[str, str] = MappingProxyType({})


def needed(targets: Iterable[str]) -> tuple[str, ...]:
    """Return the cohorts that some targets need, each once, so that others need not be simulated.

    Raises ``KeyError`` for a target that is not measured.
    """
    wanted = {name for target in targets for name in MEASUREMENTS[target].needs}
    return tuple(name for name in PLANS if name in wanted)
