"""Every source that is named in short can be found in full; nobody is cited by a title alone."""

import re
from pathlib import Path

import pytest

from alssim.parameters import TREATMENTS, folder, load_treatment, names

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "alssim"
FOLDERS = ("treatments", "care", "scenarios")
REFERENCES = (ROOT / "docs" / "references.md").read_text(encoding="utf-8")
ENTRY = re.compile(r"^- \*\*(.+?)\*\* (.+)$", re.MULTILINE)
FULL = dict(ENTRY.findall(REFERENCES))
YEAR = r"(?:19[5-9]\d|20[0-4]\d)"
SHORT = re.compile(rf"\b((?:van )?[A-Z][\w-]+|European consensus),? \(?({YEAR})\b(?!;\d)")
# A capital and a year that are no source: places, journals, what happened in a year.
NO_SOURCE = {"In", "Accelerated", "Approved", "December", "Group", "States", "Wales"} | {
    "Neurology",
    "Neurol",
    "Lancet",
    "Brain",
    "Cochrane",
}
MARKED = "†"


def texts() -> dict[str, str]:
    """Return what tells of the disease and may name a source, by path.

    Statistics name their methods in full where they use them.
    """
    pages = [path for path in folder().glob("*.toml")]
    pages += [path for kind in FOLDERS for path in (folder() / kind).glob("*.toml")]
    pages += [ROOT / "README.md", ROOT / "docs" / "model.md", SOURCE / "randomness.py"]
    pages += [*(SOURCE / "model").rglob("*.py"), *(SOURCE / "present").rglob("*.toml")]
    return {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in pages}


def cited(text: str) -> set[str]:
    """Return the short names of sources in a text, as in ``Roche 2012``."""
    flat = " ".join(text.replace(" et al.", "").split())
    pairs = {(name, year) for name, year in SHORT.findall(flat)}
    return {f"{name} {year}" for name, year in pairs if name not in NO_SOURCE}


def test_short_names_are_found() -> None:
    assert cited("as in Roche 2012, and van Eijk (2025); In 2017") == {
        "Roche 2012",
        "van Eijk 2025",
    }


@pytest.mark.parametrize("where", sorted(texts()))
def test_every_source_named_in_short_stands_in_full(where: str) -> None:
    assert cited(texts()[where]) <= set(FULL)


def test_no_reference_is_left_over() -> None:
    found = set().union(*map(cited, texts().values()))
    assert set(FULL) - found == set()


@pytest.mark.parametrize("name", FULL)
def test_a_reference_names_authors_year_and_place(name: str) -> None:
    text, year = FULL[name], name.rpartition(" ")[2]
    assert year in text
    if MARKED not in text:
        assert re.match(r"[A-Za-z][\w'ö-]+( [a-z]+)? ", text), "who wrote it"
        assert re.search(r"\d+(\(\w+\))?:e?\d+|doi:10\.|PMID|CD\d{6}", text), "where it stands"


@pytest.mark.parametrize("name", names(TREATMENTS))
def test_citations_of_a_treatment_name_authors_or_say_that_they_cannot(name: str) -> None:
    for citation in load_treatment(name).record.citations:
        authors = re.match(
            r"[A-Z][\w-]+( [A-Z][\w-]+)* [A-Z]{1,4}[ ,.]|Edaravone \(MCI-186\)", citation
        )
        assert authors or "authors not given" in citation, citation
        place = r"\d+:e?\d+|doi:10\.|CD\d{6}|article \d+|abstract \d+"
        assert re.search(place, citation), citation


def test_references_are_in_order_and_listed_once() -> None:
    listed = [name for name, _ in ENTRY.findall(REFERENCES)]
    assert listed == sorted(set(listed), key=str.lower)


def test_identifiers_are_the_same_everywhere() -> None:
    """A doi beside a short name in the parameters is that of the reference."""
    reference = (folder() / "reference.toml").read_text("utf-8")
    doi = r"(10\.[^\s\"):;]+(?:\([^)]*\)[^\s\"):;]*)?)"
    beside = re.findall(rf"\b([A-Z][\w-]+) ({YEAR}), {doi}", reference)
    assert len(beside) > 15
    for author, year, found in beside:
        assert found.rstrip(",") in FULL[f"{author} {year}"], (author, year, found)
