"""Every measurement, by the target that it measures."""

from collections.abc import Mapping
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
from alssim.studies.validation.measuring import Measurement

_MODULES = (people, living, stages, scale, breathing, units, spread, trials)
MEASUREMENTS: Mapping[str, Measurement] = MappingProxyType(
    {one.target: one for module in _MODULES for one in module.MEASUREMENTS}
)
# Targets that the model cannot produce, and why.
UNMEASURED: Mapping[str, str] = MappingProxyType({})
