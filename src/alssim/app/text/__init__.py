"""The words of the app, read from one TOML file a language."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGE = "en"


@cache
def words(language: str = LANGUAGE) -> Mapping[str, Any]:
    """Return every text of a language as nested tables."""
    source = files(__name__).joinpath(f"{language}.toml").read_text(encoding="utf-8")
    return tomllib.loads(source)


def table(key: str) -> Mapping[str, Any]:
    """Return the table of texts at a dotted key."""
    found = _at(key)
    if not isinstance(found, dict):
        raise KeyError(f"{key} is no table of texts")
    return found


def say(key: str, **values: object) -> str:
    """Return the text at a dotted key, with its {names} filled in."""
    found = _at(key)
    if not isinstance(found, str):
        raise KeyError(f"{key} is no text")
    return found.format(**values) if values else found


def _at(key: str) -> Any:
    found: Any = words()
    for part in key.split("."):
        found = found[part]
    return found
