"""The words of the app: TOML files and longer texts in Markdown, one set a language."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGE = "en"


@cache
def words(language: str = LANGUAGE) -> Mapping[str, Any]:
    """Return every text of a language as nested tables.

    They lie in one file and, page by page, in a folder of the same name; no two files share a
    table.
    """
    found = _read(f"{language}.toml")
    for path in sorted(_names(language)):
        if path.endswith(".toml"):
            more = _read(f"{language}/{path}")
            if twice := found.keys() & more.keys():
                raise KeyError(f"{path}: {', '.join(sorted(twice))} is in another file")
            found |= more
    return found


@cache
def page_text(name: str, language: str = LANGUAGE) -> str:
    """Return a longer text, in Markdown."""
    return files(__name__).joinpath(f"{language}/{name}.md").read_text(encoding="utf-8")


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


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__name__).joinpath(name).read_text(encoding="utf-8"))


def _names(language: str) -> list[str]:
    return [path.name for path in files(__name__).joinpath(language).iterdir()]
