"""Which values of a scenario can be changed from outside, and what is wrong with such changes.

A link, a page or a step of a deck may change numbers, choices, flags and the care setting, but no
words: it cannot put words on a page or reach a file of this machine.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from alssim.errors import ParameterError
from alssim.parameters.loading import load_scenario
from alssim.parameters.locate import CARE, names
from alssim.parameters.provenance import suggestion
from alssim.parameters.reading import SETTINGS, Source, parse_settings
from alssim.parameters.schema import Scenario
from alssim.parameters.walking import Entry, entries
from alssim.quantity import Text

CARE_KEY = "care.extends"
ELSEWHERE = r"(people|fate|patients)$|(arms|background)\."
"""Keys that are changed in other places: seeds, size and treatments."""
Changes = tuple[tuple[str, str], ...]
"""(dotted key, value as TOML) of each value that differs."""
NO_SEEDS: Mapping[str, int] = MappingProxyType({})


def editable(record: Scenario) -> dict[str, Entry]:
    """Return the values of a scenario that can be changed, by dotted key."""
    return {
        entry.path: entry
        for entry in entries(record)
        if not re.match(ELSEWHERE, entry.path)
        and (entry.path == CARE_KEY or not isinstance(entry.part.about, Text))
    }


def change_problems(
    source: Source, changes: Changes, seeds: Mapping[str, int] = NO_SEEDS
) -> list[str]:
    """Return everything that is wrong with changes to a scenario, all at once.

    ``seeds``: people and fate, where they differ from the scenario's own.
    """
    try:
        known = editable(load_scenario(source).record)
    except ParameterError as error:
        return error.problems
    found, usable = [], dict[str, Any](seeds)
    for key, value in changes:
        parsed, problems = _parsed(key, value, known)
        found += problems
        usable |= {} if problems else {key: parsed}
    try:
        load_scenario(source, usable)
    except ParameterError as error:
        found += error.problems
    return [_plain(problem) for problem in found]


def _plain(problem: str) -> str:
    """Return a problem without the command line's word for a change."""
    return problem.removeprefix(f"{SETTINGS}: ").replace(f" with {SETTINGS}", "")


def _parsed(key: str, value: str, known: Mapping[str, Entry]) -> tuple[Any, list[str]]:
    """Return a value, and why it cannot even be tried: unknown, unreadable, or care from afar."""
    if key not in known:
        return None, [f"{key} is unknown, or cannot be changed here{suggestion(key, list(known))}"]
    try:
        parsed = parse_settings([f"{key}={value}"])[key]
    except ParameterError as error:
        return None, error.problems
    if key == CARE_KEY and parsed not in names(CARE):
        hint = suggestion(str(parsed), names(CARE))
        return None, [f"{key}: there is no care setting {str(parsed)[:60]!r}{hint}"]
    return parsed, []
