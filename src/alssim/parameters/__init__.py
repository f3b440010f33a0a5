"""Every number of the model: where it lies, how it is read, checked, explained and written.

Records (``World``, ``Treatment``, ``Scenario``) are frozen and checked; files say only what
differs from the file that they extend. ``Resolved`` keeps the origin of every value.
"""

from alssim.parameters.explaining import explain
from alssim.parameters.loading import (
    CareSetting,
    file_schema,
    load_any,
    load_care,
    load_scenario,
    load_treatment,
    load_trial,
    load_world,
)
from alssim.parameters.locate import CARE, SCENARIOS, TREATMENTS, TRIALS, WORLDS, folder, names
from alssim.parameters.provenance import Origin, Resolved
from alssim.parameters.reading import Source, Upload, parse_settings
from alssim.parameters.schema import Care, Effect, Scenario, Treatment, World
from alssim.parameters.trial import Trial
from alssim.parameters.walking import Entry, entries
from alssim.parameters.writing import digest, dump

__all__ = [
    "World",
    "Care",
    "Treatment",
    "Effect",
    "Scenario",
    "CareSetting",
    "Trial",
    "load_world",
    "load_treatment",
    "load_care",
    "load_scenario",
    "load_trial",
    "load_any",
    "Source",
    "Upload",
    "parse_settings",
    "Resolved",
    "Origin",
    "dump",
    "digest",
    "explain",
    "entries",
    "Entry",
    "file_schema",
    "folder",
    "names",
    "WORLDS",
    "TREATMENTS",
    "CARE",
    "SCENARIOS",
    "TRIALS",
]
