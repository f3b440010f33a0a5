"""The hand-out: plain text out of Markdown, lines that fit, all of it in the PDF file."""

import json
import re
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

from alssim.model.record import record_of
from alssim.parameters import load_scenario
from alssim.present import deck_handout
from alssim.present.deck_handout import Sheet, handout_pdf, plain_paragraphs
from alssim.present.figures import rendered

WORDS = {
    "question": "Question",
    "notes": "Speaker notes",
    "record": "Run record",
    "page": "Page {page}",
    "virtual": "Virtual people.",
}
RECORD = record_of(load_scenario("reference").record)


def test_markdown_becomes_plain_paragraphs() -> None:
    text = (
        "# Head\n\nOne **bold** and *slanted*\nline, `code`, [a word](https://x.org).\n\n- a\n- b"
    )
    assert plain_paragraphs(text) == [
        "Head",
        "One bold and slanted line, code, a word (https://x.org).",
        "• a",
        "• b",
    ]
    assert plain_paragraphs("1. one\n2) two\n\n:blue[word] 2*3*4") == [
        "1. one",
        "2. two",
        "word 2*3*4",
    ]
    assert plain_paragraphs("") == []


@given(some.text(alphabet="ab cdé WM.-\u2019", min_size=1, max_size=300))
def test_lines_fit_and_no_letter_is_lost(text: str) -> None:
    font, width = FontProperties(size=11), 120.0
    lines = list(deck_handout._lines(text, font, width))
    assert all(deck_handout._measured(line, font) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == "".join(text.split())


def written(sheets: list[Sheet], monkeypatch: pytest.MonkeyPatch) -> tuple[bytes, list[list[str]]]:
    """Return a hand-out and the lines of its pages."""
    pages: list[list[str]] = []
    save = deck_handout.PdfPages.savefig

    def keep(self: object, figure: Figure, **options: object) -> None:
        pages.append([one.get_text() for one in figure.texts])
        save(self, figure, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(deck_handout.PdfPages, "savefig", keep)
    return handout_pdf("A deck", "In short.", sheets, WORDS, [RECORD, RECORD]), pages


def test_everything_stands_in_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    figure = Figure(figsize=(4, 3))
    figure.subplots().plot(np.arange(3))
    picture = rendered(figure, "png", RECORD)
    sheet = Sheet("One", "First.\n\n- a", "Why?", "Say it.", ("Found.",), picture, RECORD)
    content, pages = written([sheet, Sheet("Two $x", "Cost: $5_{")], monkeypatch)
    assert content.startswith(b"%PDF")
    (lines,) = pages
    assert lines[:3] == ["A deck", "Virtual people.", "In short."]
    for line in ("1. One", "First.", "• a", "• Found.", "Question: Why?", "Say it.", "2. Two $x"):
        assert line in lines
    assert lines[-1] == "Page 1" and lines.count(RECORD.short()) == 1


def test_a_long_text_goes_on_on_further_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    sheets = [Sheet(f"Slide {number}", "word " * 150) for number in range(12)]
    _, pages = written(sheets, monkeypatch)
    assert [page[-1] for page in pages] == [f"Page {k}" for k in range(1, len(pages) + 1)]
    assert len(pages) > 2
    words = sum(line.split().count("word") for page in pages for line in page)
    assert words == 12 * 150


def test_the_record_lies_in_the_file() -> None:
    content = handout_pdf("A deck", "", [Sheet("One", "")], WORDS, [RECORD])
    assert RECORD.digest.encode() in content or RECORD.digest in json.dumps(_strings(content))


def _strings(content: bytes) -> list[str]:
    """Return the streams of a PDF file and its words, both spellings of strings."""
    found = [content.decode("latin-1"), content.decode("utf-16-be", "replace")]
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL):
        try:
            found.append(zlib.decompress(stream).decode("latin-1"))
        except zlib.error:
            continue
    return found
