"""A validation in words: the cells of its tables and the sentences beside them.

All words live in ``text/validation.toml``. Used by the command line and by the report.
"""

import math
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from alssim.studies.validation.care import CareGap
from alssim.studies.validation.designs import load_designs
from alssim.studies.validation.judging import Allowed
from alssim.studies.validation.prognosis import MOST_EXPLAINED, Prognosis
from alssim.studies.validation.study import Row, Tally, Validation
from alssim.studies.validation.targets import Target


@cache
def texts() -> dict[str, Any]:
    """Return all words of a validation; not to be changed."""
    place = files("alssim.present").joinpath("text/validation.toml")
    return tomllib.loads(place.read_text("utf-8"))


def number(value: float) -> str:
    """Print a number to three digits; what is not known as the word for none."""
    return f"{value:.3g}" if math.isfinite(value) else str(texts()["none"])


def published(target: Target) -> str:
    """Print the published number, with its SD where one is given."""
    shown = number(target.value)
    return shown if math.isnan(target.sd) else f"{shown} (SD {number(target.sd)})"


def published_interval(target: Target) -> str:
    """Print the published interval and what it is."""
    if math.isnan(target.lo):
        return target.interval_type or str(texts()["none"])
    ends = texts()["allowed"].format(low=number(target.lo), high=number(target.hi))
    return f"{ends} ({target.interval_type})"


def simulated(row: Row) -> str:
    """Print what was simulated, each number with its Monte-Carlo interval."""
    found = row.measured
    if found is None:
        return str(texts()["unmeasured"].format(reason=row.reason))
    if row.target.rule == "true":
        value = texts()["holds" if found.values[0] else "fails"]
        if not found.behind:
            return str(value)
        behind, low, high = (number(one) for one in found.behind)
        return str(texts()["statement"].format(value=value, behind=behind, low=low, high=high))
    return str(texts()["and"]).join(
        _with_interval(*one) for one in zip(found.values, found.low, found.high, strict=True)
    )


def _with_interval(value: float, low: float, high: float) -> str:
    if not math.isfinite(low):
        return number(value)
    return f"{number(value)} ({number(low)} to {number(high)})"


def allowed(row: Row) -> str:
    """Print what is allowed for each number of a row."""
    if row.verdict is None or row.target.rule == "true":
        return str(texts()["none"])
    return str(texts()["and"]).join(_allowed(one) for one in row.verdict.allowed)


def _allowed(one: Allowed) -> str:
    if math.isinf(one.low):
        return str(texts()["at_most"].format(high=number(one.high)))
    return str(texts()["allowed"].format(low=number(one.low), high=number(one.high)))


def distance(row: Row) -> str:
    """Print the standardised distance with its sign."""
    if row.verdict is None or not math.isfinite(row.verdict.distance):
        return str(texts()["none"])
    return f"{row.verdict.distance:+.2f}"


def result(row: Row) -> str:
    """Print whether a row passes."""
    return str(texts()["passed" if row.passed else "missed"])


def tally_sentences(found: Validation) -> Iterator[str]:
    """Yield the three counts against what is needed, and whether the thresholds hold."""
    tallies: dict[str, Tally] = {
        "core": found.core,
        "calibration": found.calibration,
        "validation": found.validation,
    }
    for name, tally in tallies.items():
        yield texts()["summary"].format(
            name=texts()["tallies"][name],
            passed=tally.passed,
            rows=tally.rows,
            needed=tally.needed,
        )
    yield texts()["verdict_holds" if found.holds else "verdict_fails"]


def prognosis_sentences(found: Prognosis) -> Iterator[str]:
    """Yield the hazard ratios of what is known at diagnosis, and how much they explain."""
    words = texts()["prognosis"]
    yield words["lead"].format(patients=found.patients)
    for ratio in found.ratios:
        yield words["ratio"].format(
            name=words[ratio.covariate],
            value=ratio.value,
            low=ratio.low,
            high=ratio.high,
            side=words["holds" if ratio.holds else "fails"],
        )
    yield words["explained"].format(share=found.explained, most=MOST_EXPLAINED)


def care_sentences(found: CareGap) -> Iterator[str]:
    """Yield what minimal care costs, and how much of the published gap that is."""
    words = texts()["care"]
    yield words["lead"].format(usual=found.usual, minimal=found.minimal, drop=found.drop)
    yield words["diagnosis"].format(
        usual=found.usual_from_diagnosis,
        minimal=found.minimal_from_diagnosis,
        drop=found.drop_from_diagnosis,
    )
    low, high = found.published
    least, most = found.explained
    yield words["gap"].format(low=low, high=high, least=least, most=most)


def rule_sentences() -> Iterator[str]:
    """Yield the pass rule, one sentence for each kind of interval."""
    known = load_designs().thresholds
    for sentence in texts()["rules"].values():
        yield sentence.format(
            cases_low=known.cases_low,
            cases_high=known.cases_high,
            spread=known.spread,
            near=known.near,
        )


def how(target: Target) -> str:
    """Say how a target is measured."""
    return str(texts()["how"][target.id])
