"""alssim: an educational simulator of amyotrophic lateral sclerosis (ALS).

For learning, not for prognosis or medical advice; every treatment is hypothetical.
"""

from collections.abc import Mapping
from typing import Any

from alssim import parameters
from alssim.errors import AlssimError, ParameterError, UsageError
from alssim.model.patients import Patients
from alssim.model.record import RunRecord, package_version
from alssim.model.simulate import Simulation, simulate
from alssim.model.visits import Visits
from alssim.parameters import Source
from alssim.parameters.schema import Scenario, Treatment, World
from alssim.statistics.survival import SurvivalCurve, kaplan_meier
from alssim.studies.comparison import Comparison, compare

__version__ = package_version()
__all__ = [
    "AlssimError",
    "Comparison",
    "ParameterError",
    "Patients",
    "RunRecord",
    "Scenario",
    "Simulation",
    "SurvivalCurve",
    "Treatment",
    "UsageError",
    "Visits",
    "World",
    "compare",
    "kaplan_meier",
    "load_scenario",
    "load_treatment",
    "load_world",
    "simulate",
]


def load_scenario(
    source: Source = "reference", overrides: Mapping[str, Any] | None = None
) -> Scenario:
    """Load a scenario by name or file; ``overrides`` by dotted key, such as {"pace.median": 0.07}.

    Raises ``ParameterError`` that lists every problem with its file and key.
    """
    return parameters.load_scenario(source, overrides or {}).record


def load_treatment(source: Source, overrides: Mapping[str, Any] | None = None) -> Treatment:
    """Load a treatment by name or file. Raises ``ParameterError``."""
    return parameters.load_treatment(source, overrides or {}).record


def load_world(source: Source = "reference", overrides: Mapping[str, Any] | None = None) -> World:
    """Load a world (all parameters) by name or file. Raises ``ParameterError``."""
    return parameters.load_world(source, overrides or {}).record
