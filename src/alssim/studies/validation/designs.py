"""Clinics and trials that targets come from, and the thresholds of validation: a shipped file."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from alssim.parameters import folder
from alssim.parameters.building import build
from alssim.parameters.checking import Checked
from alssim.parameters.merging import tree
from alssim.parameters.provenance import File
from alssim.parameters.safe_toml import OWN, parse
from alssim.quantity import Quantity, Text

FILE = "targets/studies.toml"
SHARE = "share"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds(Checked):
    """When a row passes, when validation passes, and what measuring assumes."""

    core_rows: Annotated[int, Quantity("rows", 0, 1000, "core rows that must pass")]
    calibration_share: Annotated[
        float, Quantity(SHARE, 0, 1, "share of all calibration rows that must pass")
    ]
    validation_share: Annotated[
        float, Quantity(SHARE, 0, 1, "share of all validation rows that must pass")
    ]
    near: Annotated[
        float, Quantity(SHARE, 0, 1, "how far from the published value is still near it")
    ]
    spread: Annotated[
        float, Quantity(SHARE, 0, 1, "how far, of a published range's width, for a spread")
    ]
    cases_low: Annotated[float, Quantity(SHARE, 0, 1, "least mean loss of motor units at death")]
    cases_high: Annotated[float, Quantity(SHARE, 0, 1, "greatest mean loss at death")]
    dropout: Annotated[
        float, Quantity("per month", 0, 1, "chance of leaving a trial for a reason but death")
    ]
    count_error: Annotated[
        float, Quantity(SHARE, 0, 1, "standard error of one count of motor units, of the count")
    ]
    silent_months: Annotated[
        float, Quantity("months", 0, 60, "how long before the first symptom units are counted")
    ]
    registry_least: Annotated[
        float, Quantity("months", 0, 600, "least time from diagnosis to the reading of a registry")
    ]
    registry_most: Annotated[float, Quantity("months", 0, 600, "the longest such time")]
    duration: Annotated[
        float, Quantity("months", 1, 120, "median time since onset of clinic attenders")
    ]
    duration_low: Annotated[float, Quantity("months", 1, 120, "its lower quartile")]
    duration_high: Annotated[float, Quantity("months", 1, 120, "its upper quartile")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clinic(Checked):
    """Whom a clinic sees; 0: not published, and not matched."""

    name: Annotated[str, Text("short name", plain=True)]
    source: Annotated[str, Text("where the numbers come from")]
    age: Annotated[float, Quantity("years", 0, 120, "published mean age at onset")]
    bulbar: Annotated[float, Quantity(SHARE, 0, 1, "published share with bulbar onset")] = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial(Checked):
    """Who enters a trial, when, and how long the trial lasts."""

    name: Annotated[str, Text("short name", plain=True)]
    source: Annotated[str, Text("where the criteria come from")]
    delay_mean: Annotated[float, Quantity("months", 0.1, 60, "from diagnosis to enrolment, mean")]
    delay_sd: Annotated[float, Quantity("months", 0.01, 60, "from diagnosis to enrolment, SD")]
    age: Annotated[
        float, Quantity("years", 0, 120, "published mean age of who takes part; 0: not matched")
    ] = 0.0
    bulbar: Annotated[
        float, Quantity(SHARE, 0, 1, "published share with bulbar onset; 0: not matched")
    ] = 0.0
    duration: Annotated[
        float,
        Quantity("months", 0, 120, "published mean time since onset at enrolment; 0: not matched"),
    ] = 0.0
    onset_most: Annotated[float, Quantity("months", 0, 120, "most months since onset at enrolment")]
    capacity_least: Annotated[
        float, Quantity("% predicted", 0, 200, "least vital capacity at enrolment")
    ]
    age_least: Annotated[float, Quantity("years", 0, 120, "least age")] = 18.0
    age_most: Annotated[float, Quantity("years", 0, 120, "highest age, in full years")] = 80.0
    total_least: Annotated[int, Quantity("points", 0, 48, "least ALSFRS-R total")] = 0
    item_least: Annotated[int, Quantity("points", 0, 4, "least score of every item")] = 0
    breathing_item_least: Annotated[
        int, Quantity("points", 0, 4, "least score of the three breathing items")
    ] = 0
    run_in: Annotated[
        int, Quantity("months", 0, 24, "months of observation before the baseline")
    ] = 0
    decline_least: Annotated[
        int, Quantity("points", -48, 48, "least ALSFRS-R decline during the run-in")
    ] = -48
    decline_most: Annotated[
        int, Quantity("points", -48, 48, "greatest ALSFRS-R decline during the run-in")
    ] = 48
    follow_up: Annotated[int, Quantity("months", 1, 60, "months from baseline to the last visit")]

    def problems(self) -> list[str]:
        """Ranges are in order."""
        ranges = {
            "age": (self.age_least, self.age_most),
            "decline": (self.decline_least, self.decline_most),
        }
        return [
            f"{name}: the least lies above the most"
            for name, (least, most) in ranges.items()
            if least > most
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Designs(Checked):
    """Thresholds, clinics and trials, as the file gives them."""

    thresholds: Thresholds
    clinics: tuple[Clinic, ...]
    trials: tuple[Trial, ...]

    def clinic(self, name: str) -> Clinic:
        """Return a clinic by name; raises ``KeyError``."""
        return {one.name: one for one in self.clinics}[name]

    def trial(self, name: str) -> Trial:
        """Return a trial by name; raises ``KeyError``."""
        return {one.name: one for one in self.trials}[name]


@cache
def load_designs(path: str | Path | None = None) -> Designs:
    """Return the shipped thresholds and trials, or those of a file.

    Raises ``ParameterError`` with all problems of the file.
    """
    label = FILE if path is None else str(path)
    raw = (folder() / FILE if path is None else Path(path)).read_bytes()
    file = File(label, complete=True)
    return build(Designs, tree(parse(raw, label, OWN), file), label, _needs_source).record


def _needs_source(kind: type[Any], name: str) -> bool:
    return kind in (Thresholds, Clinic, Trial)
