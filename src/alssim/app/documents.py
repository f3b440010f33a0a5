"""The manual's pages that the app shows too: in a checkout, or in the package's data folder."""

import re
from functools import cache

from alssim.app.launch import FOLDERS
from alssim.errors import UsageError

LINK = re.compile(r"\[([^\]]+)\]\((?!https?://)[^)]+\)")
TITLE = re.compile(r"\A# .*\n+")
HEADING = re.compile(r"^(#{1,5}) ", re.MULTILINE)


@cache
def document(name: str) -> str:
    """Return a page of the manual, without its title and with headings one level down.

    Links to other files of the manual become plain words: the app has pages of its own.
    """
    for folder in FOLDERS:
        path = folder / "docs" / name
        if path.is_file():
            text = TITLE.sub("", path.read_text(encoding="utf-8"))
            return LINK.sub(r"\1", HEADING.sub(r"\1# ", text))
    raise UsageError(f"docs/{name} is missing; install alssim again")


REFERENCE = re.compile(r"^- \*\*(?P<short>.+?)\*\* (?P<full>.+)$", re.MULTILINE)


@cache
def references() -> dict[str, str]:
    """Return every reference of the manual in full, by its short name."""
    text = document("references.md")
    return {found["short"]: found["full"] for found in REFERENCE.finditer(text)}
