"""The run record that every result carries: what was run, and with what."""

import datetime
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from alssim.parameters import digest, dump
from alssim.parameters.schema import Scenario


@dataclass(frozen=True, slots=True)
class RunRecord:
    """What produced a result; figures and exports embed it."""

    version: str
    scenario: str
    digest: str
    people: int
    fate: int
    patients: int
    horizon: int
    arms: tuple[str, ...]
    date: str
    parameters: str

    def short(self) -> str:
        """Return the record in one line, without the parameters."""
        many = "patient" if self.patients == 1 else "patients"
        return (
            f"alssim {self.version}; scenario {self.scenario}; parameters {self.digest[:12]}; "
            f"people {self.people}, fate {self.fate}; {self.patients} {many}; {self.date}"
        )


def package_version() -> str:
    """Return the version of alssim; ``unknown`` if it is run without being installed."""
    try:
        return version("alssim")
    except PackageNotFoundError:
        return "unknown"


def record_of(scenario: Scenario) -> RunRecord:
    """Return the record of a run of a scenario, dated today (UTC)."""
    return RunRecord(
        version=package_version(),
        scenario=scenario.name,
        digest=digest(scenario),
        people=scenario.people,
        fate=scenario.fate,
        patients=scenario.patients,
        horizon=scenario.horizon,
        arms=tuple(arm.name for arm in scenario.arms),
        parameters=dump(scenario),
        date=datetime.datetime.now(datetime.UTC).date().isoformat(),
    )
