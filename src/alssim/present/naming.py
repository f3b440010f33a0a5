"""Names and descriptions that stand in parameter files, in the language of now.

Translations are keyed by the name of the shipped file. What a visitor wrote or changed has no
translation and is shown as it was written.
"""

from dataclasses import replace
from functools import cache
from typing import Any

from alssim.parameters import load_scenario, load_treatment
from alssim.parameters.loading import load_care
from alssim.parameters.locate import CARE, SCENARIOS, names
from alssim.parameters.schema import Scenario, Treatment
from alssim.parameters.trial import Trial
from alssim.present.language import translation

SAID = ("title", "summary", "claim", "found", "hypothetical", "route", "cell_source")
"""What of a treatment is shown to people."""


def treatment_in_words(given: Treatment) -> Treatment:
    """Return a treatment as it is shown; for showing alone, since records are in English."""
    own = translation("treatments").get(given.name)
    if not own:
        return given
    shipped = _shipped(given.name)
    same = {key: own[key] for key in SAID if key in own and _same(given, shipped, key)}
    return replace(given, **same)


def _same(given: Treatment, shipped: Treatment, key: str) -> bool:
    return bool(getattr(given, key) == getattr(shipped, key))


@cache
def _shipped(name: str) -> Treatment:
    return load_treatment(name).record


def trial_in_words(given: Trial) -> Trial:
    """Return a shipped trial as it is shown; for showing alone, since records are in English."""
    own = dict(translation("trials").get("trials", {}).get(given.name, {}))
    treatment = treatment_in_words(given.treatment)
    if "hypothetical" in own:
        treatment = replace(treatment, hypothetical=own.pop("hypothetical"))
    texts = own.pop("published", [row.text for row in given.published])
    rows = zip(given.published, texts, strict=True)
    published = tuple(replace(row, text=text) for row, text in rows)
    return replace(given, treatment=treatment, published=published, **own)


def endpoint_name(name: str) -> str:
    """Return the words for an endpoint of a trial."""
    return str(translation("trials").get("endpoints", {}).get(name, name))


def evidence_words(label: str) -> str:
    """Return the words for a kind of evidence."""
    return _named("evidence", label, label)


def scenario_title(name: str, given: Scenario) -> str:
    """Return the title of a scenario that came from the shipped file of a name."""
    if name not in names(SCENARIOS) or given.title != _scenario(name):
        return given.title
    return _named("scenarios", name, given.title)


@cache
def _scenario(name: str) -> str:
    return load_scenario(name).record.title


def care_title(name: str) -> str:
    """Return the name of a care setting; one of a visitor's own file has its own."""
    return _named("care", name, _care(name)) if name in names(CARE) else name


@cache
def _care(name: str) -> str:
    return load_care(name).record.title


def symptom_label(name: str, label: str) -> str:
    """Return the words for a symptom."""
    return _named("symptoms", name, label)


def rating_title(title: str) -> str:
    """Return the words for a published rating of life in each stage."""
    return _named("ratings", title, title)


def meaning_of(meaning: str) -> str:
    """Return what a number means."""
    return _named("meanings", meaning, meaning)


def unit_of(unit: str) -> str:
    """Return the words for a unit."""
    return _named("units", unit, unit)


def _named(table: str, name: str, otherwise: str) -> str:
    found: dict[str, Any] = translation("parameters").get(table, {})
    return str(found.get(name, otherwise))
