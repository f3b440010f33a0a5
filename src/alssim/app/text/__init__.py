"""The words of the app: TOML files and longer texts in Markdown, one set a language."""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from alssim.present.language import ENGLISH, overlaid, read_toml, spoken

MARK = re.compile(r"([!-/:-@\[-`{-~])")
"""What can mean more than itself in Markdown: every mark of ASCII."""


def words() -> Mapping[str, Any]:
    """Return every text as nested tables, in the language of now; what is missing is English."""
    return _words(spoken())


@cache
def _words(language: str) -> Mapping[str, Any]:
    own = words_of(language)
    if language == ENGLISH:
        return own
    found = overlaid(words_of(ENGLISH), own)
    assert isinstance(found, dict)
    return found


def words_of(language: str) -> dict[str, Any]:
    """Return the texts that a language has of its own, as nested tables.

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


def page_text(name: str) -> str:
    """Return a longer text, in Markdown, in the language of now or else in English."""
    folder = files(__name__)
    own = folder.joinpath(f"{spoken()}/{name}.md")
    path = own if own.is_file() else folder.joinpath(f"{ENGLISH}/{name}.md")
    return path.read_text(encoding="utf-8")


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


def as_written(text: str) -> str:
    """Return words of a file as Markdown that shows their letters, and never fetches an image.

    An address may still become a link, which shows where it leads.
    """
    return MARK.sub(r"\\\1", text)


def _at(key: str) -> Any:
    found: Any = words()
    for part in key.split("."):
        found = found[part]
    return found


def _read(name: str) -> dict[str, Any]:
    return read_toml(files(__name__).joinpath(name))


def _names(language: str) -> list[str]:
    return [path.name for path in files(__name__).joinpath(language).iterdir()]
