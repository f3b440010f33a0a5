"""The published numbers that the model is held against, each with definition and citation."""

import csv
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from alssim.errors import ParameterError
from alssim.parameters import folder

FILE = "targets/published.csv"
Rule = Literal["inside", "at_most", "cases", "spread", "mean_and_sd", "near", "true", "input"]
RULES: dict[str, str] = {
    "inside": "the interval is one of the estimate: the simulated value lies inside",
    "at_most": "the population makes it an upper bound: the simulated value is at or below hi",
    "cases": "a range over cases: the simulated mean lies within a band of its own",
    "spread": "a spread between patients: centre and both ends lie near the published ones",
    "mean_and_sd": "mean and SD lie near the published ones",
    "near": "no interval: near the published value, or as near as the source's n implies",
    "true": "a statement: it holds",
    "input": "a reference input, not judged",
}
CALIBRATION, VALIDATION, REFERENCE = "calibration", "validation", "reference"
CORE_TIER = 1


@dataclass(frozen=True, slots=True)
class Target:
    """One published number.

    ``lo`` and ``hi`` are what ``interval_type`` says; ``sd`` is a spread between patients, ``se``
    a published standard error and ``n`` the patients behind the number. Not-a-number, or 0 for
    ``n``: not given.
    """

    id: str
    quantity: str
    definition: str
    value: float
    lo: float
    hi: float
    interval_type: str
    sd: float
    se: float
    n: int
    unit: str
    population: str
    citation: str
    doi_or_pmid: str
    use: str
    tier: int
    confidence: str
    rule: Rule
    note: str

    @property
    def is_core(self) -> bool:
        """Whether the target belongs to the core set (tier 1)."""
        return self.tier == CORE_TIER


@cache
def load_targets() -> tuple[Target, ...]:
    """Return all targets in the order of the file.

    Raises ``ParameterError`` if the file cannot be read.
    """
    return read_targets(folder() / FILE)


def target(name: str) -> Target:
    """Return the target with an id; raises ``KeyError``."""
    return {one.id: one for one in load_targets()}[name]


def read_targets(path: Path) -> tuple[Target, ...]:
    """Return the targets of a file; errors as ``load_targets``."""
    ours = path.is_relative_to(folder())
    label = path.relative_to(folder()).as_posix() if ours else str(path)
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
    except OSError as error:
        raise ParameterError(label, [f"cannot be read: {error.strerror}"]) from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise ParameterError(label, [f"is not a table in UTF-8: {error}"]) from None
    problems: list[str] = []
    found = [_target(row, problems) for row in rows]
    problems += _repeated([one.id for one in found if one])
    if problems or not found:
        raise ParameterError(label, problems or ["holds no target"])
    return tuple(one for one in found if one)


def _target(row: dict[str, str], problems: list[str]) -> Target | None:
    name = row.get("id") or "a row without an id"
    try:
        made = _made(row)
    except (KeyError, ValueError, TypeError) as error:
        problems.append(f"{name}: {error}")
        return None
    if math.isnan(made.value):
        problems.append(f"{name}: has no value")
    return made


def _made(row: dict[str, str]) -> Target:
    return Target(
        id=row["id"],
        quantity=row["quantity"],
        definition=row["definition"],
        value=_number(row["value"]),
        lo=_number(row["lo"]),
        hi=_number(row["hi"]),
        interval_type=row["interval_type"],
        sd=_number(row["sd"]),
        se=_number(row["se"]),
        n=int(row["n"] or 0),
        unit=row["unit"],
        population=row["population"],
        citation=row["citation"],
        doi_or_pmid=row["doi_or_pmid"],
        use=row["use"],
        tier=int(row["tier"]),
        confidence=row["confidence"],
        rule=_rule(row["rule"]),
        note=row["note"],
    )


def _number(text: str) -> float:
    return float(text) if text else math.nan


def _rule(text: str) -> Rule:
    for rule in RULES:
        if rule == text:
            return rule  # type: ignore[return-value]
    raise ValueError(f"rule = {text!r} is not one of: {', '.join(RULES)}")


def _repeated(names: list[str]) -> list[str]:
    twice = sorted({name for name in names if names.count(name) > 1})
    return [f"{name} is there twice" for name in twice]
