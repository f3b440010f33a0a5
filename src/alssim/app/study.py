"""The world that a visitor looks at: a scenario, two seeds and the values that differ from it.

Everything is read by the reader of parameter files. What comes from a link may name shipped files
alone, and may change numbers and choices but no words, so that a link cannot put words on a page
or reach a file of this machine.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from alssim.parameters import SCENARIOS, Resolved, Upload, digest, entries, load_scenario
from alssim.parameters.changing import Changes, change_problems, editable
from alssim.parameters.locate import names
from alssim.parameters.provenance import suggestion
from alssim.parameters.reading import parse_settings
from alssim.parameters.schema import Scenario
from alssim.parameters.writing import toml_value

REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class Study:
    """What is looked at. ``changes``: (dotted key, value as TOML). Seeds: None = the scenario's.

    ``given``: a scenario that the visitor brought, with its changes; it lives in the visit alone.
    ``apart``: whether the changes are of a visitor's own file, so that they live there too.
    """

    scenario: str = REFERENCE
    people: int | None = None
    fate: int | None = None
    changes: Changes = ()
    given: Upload | None = None
    apart: bool = False

    @property
    def private(self) -> bool:
        """Whether this comes from a visitor's file: never in a link, never in a shared cache."""
        return self.apart or self.given is not None

    @property
    def seeds(self) -> dict[str, int]:
        """Return the seeds that differ from the scenario's own, by name."""
        found = {"people": self.people, "fate": self.fate}
        return {name: seed for name, seed in found.items() if seed is not None}

    @property
    def key(self) -> str:
        """Words that tell this study from any other, for a cache."""
        return repr((self.scenario, self.people, self.fate, self.changes, self.given))

    def resolved(self) -> Resolved[Scenario]:
        """Return the scenario; raise ``ParameterError`` with all problems."""
        return _resolved(self) if self.private else _shared(self)

    def with_values(self, values: Mapping[str, float]) -> Resolved[Scenario]:
        """Return the scenario with further numbers by dotted key; this one is not kept."""
        further = {key: repr(float(value)) for key, value in values.items()}
        return _resolved(replace(self, changes=(*self.changes, *further.items())))

    @property
    def record(self) -> Scenario:
        """The scenario itself."""
        return self.resolved().record

    def changed(self, key: str, value: str | None) -> "Study":
        """Return the study with one value changed, or as in its scenario again (None)."""
        kept = {name: text for name, text in self.changes if name != key}
        if value is not None:
            kept[key] = value
        return replace(self, changes=tuple(sorted(kept.items())))


def checked(study: Study) -> list[str]:
    """Return everything that is wrong with a study, all at once; nothing if it can be used."""
    if not study.private and study.scenario not in names(SCENARIOS):
        hint = suggestion(study.scenario, names(SCENARIOS))
        return [f"there is no scenario {study.scenario!r}{hint}"]
    return change_problems(study.given or study.scenario, study.changes, study.seeds)


def difference(study: Study) -> list[tuple[str, Any, Any]]:
    """Return (key, value in the reference scenario, value here) of every value that differs."""
    before = {entry.path: entry.value for entry in entries(Study().record)}
    return [
        (path, before[path], entry.value)
        for path, entry in editable(study.record).items()
        if path in before and before[path] != entry.value
    ]


def value_text(value: Any) -> str:
    """Return a value as it is typed: a number, a word or a list, as in a parameter file."""
    return value if isinstance(value, str) else toml_value(value)


def short_file(study: Study) -> str:
    """Return a scenario file that says only what differs from the scenario it extends."""
    lines = [f'extends = "{study.scenario}"', f'title = "{study.record.title}, changed"']
    lines += [f"{name} = {seed}" for name, seed in study.seeds.items()]
    values = parse_settings(f"{key}={value}" for key, value in study.changes)
    lines += [f"{key} = {toml_value(value)}" for key, value in values.items()]
    return "\n".join(lines) + "\n"


def digest_of(study: Study) -> str:
    """Return the digest of the parameters."""
    return digest(study.record)


@lru_cache(maxsize=64)
def _shared(study: Study) -> Resolved[Scenario]:
    return _resolved(study)


def _resolved(study: Study) -> Resolved[Scenario]:
    overrides = parse_settings(f"{key}={value}" for key, value in study.changes)
    return load_scenario(study.given or study.scenario, overrides | study.seeds)
