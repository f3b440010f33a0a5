"""The hand-out of a deck: text, questions, figures and notes of all slides, as one PDF file.

The text flows over A4 pages. It is plain: the marks of Markdown are taken off, lists keep their
dots.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO

import matplotlib
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.image import imread
from matplotlib.textpath import text_to_path

from alssim.model.record import RunRecord
from alssim.present.charts import LIGHT

POINTS = 72.0
WIDTH, HEIGHT = 595.0, 842.0  # points: A4
LEFT, RIGHT, TOP, BOTTOM = 56.0, 56.0, 56.0, 64.0  # points
LINE = 1.42  # of the size of letters
TALLEST = 290.0  # points of a picture
INDENT = 14.0
DOT = "• "
MARKS = (
    (re.compile(r":[a-z-]+\[([^\]]*)\]"), r"\1"),  # :blue[word]
    (re.compile(r"\[([^\]]*)\]\(([^)\s]*)[^)]*\)"), r"\1 (\2)"),  # [word](address)
    (re.compile(r"(\*\*|__|``|`)"), ""),
    (re.compile(r"(?<![\w*])\*([^*\n]+)\*(?![\w*])"), r"\1"),
    (re.compile(r"^#+ +", re.MULTILINE), ""),
)
ITEM_START = re.compile(r"(?:• |\d+\. )")
ITEM = re.compile(r"^\s*(?:[-*+]|(\d+)[.)])\s+")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the hand-out holds of one slide; ``picture`` is a PNG, empty for none."""

    title: str
    text: str
    question: str = ""
    notes: str = ""
    found: Sequence[str] = ()
    picture: bytes = b""
    record: RunRecord | None = None


def plain_paragraphs(text: str) -> list[str]:
    """Return Markdown as plain paragraphs; items of a list begin with a dot or their number."""
    for pattern, instead in MARKS:
        text = pattern.sub(instead, text)
    found: list[str] = []
    fresh = True
    for line in text.strip().splitlines():
        if item := ITEM.match(line):
            begin = f"{item.group(1)}. " if item.group(1) else DOT
            found.append(begin + line[item.end() :].strip())
        elif not line.strip():
            fresh = True
            continue
        elif fresh or not found:
            found.append(line.strip())
        else:
            found[-1] += f" {line.strip()}"
        fresh = False
    return found


def handout_pdf(
    title: str,
    summary: str,
    sheets: Sequence[Sheet],
    words: Mapping[str, str],
    records: Sequence[RunRecord],
) -> bytes:
    """Return the hand-out as a PDF file, with the records of its runs inside and at its end.

    ``words``: ``question``, ``notes``, ``record``, ``page`` (with {page}) and ``virtual``.
    """
    file = BytesIO()
    with (
        matplotlib.rc_context({"pdf.fonttype": 42}),
        PdfPages(file, metadata=_metadata(title, records)) as pdf,
    ):
        paper = _Paper(pdf, words["page"])
        paper.write(title, 20, bold=True)
        paper.write(words["virtual"], 9, colour=LIGHT.muted)
        for paragraph in plain_paragraphs(summary):
            paper.write(paragraph, 11)
        for number, sheet in enumerate(sheets, 1):
            _write_sheet(paper, number, sheet, words)
        paper.space(14)
        paper.write(words["record"], 9, bold=True, colour=LIGHT.muted)
        for line in dict.fromkeys(record.short() for record in records):
            paper.write(line, 8, colour=LIGHT.muted)
        paper.finish()
    return file.getvalue()


def _write_sheet(paper: "_Paper", number: int, sheet: Sheet, words: Mapping[str, str]) -> None:
    paper.space(16)
    paper.keep(90)
    paper.write(f"{number}. {sheet.title}", 14, bold=True)
    for paragraph in plain_paragraphs(sheet.text):
        paper.write(paragraph, 11)
    if sheet.picture:
        paper.picture(sheet.picture)
    for sentence in sheet.found:
        paper.write(f"{DOT}{sentence}", 10)
    if sheet.question:
        paper.space(4)
        paper.write(f"{words['question']}: {' '.join(plain_paragraphs(sheet.question))}", 11, True)
    if sheet.notes:
        paper.space(4)
        paper.write(words["notes"], 9, bold=True, colour=LIGHT.muted)
        for paragraph in plain_paragraphs(sheet.notes):
            paper.write(paragraph, 10, colour=LIGHT.muted)


@dataclass(slots=True)
class _Paper:
    """Pages that are written from top to bottom; ``at`` is how far down, in points."""

    pdf: PdfPages
    footer: str
    figure: Figure = field(default_factory=lambda: _page())
    at: float = TOP
    number: int = 1

    def space(self, points: float) -> None:
        """Leave some room, unless the page has just begun."""
        self.at += points if self.at > TOP else 0

    def keep(self, points: float) -> None:
        """Turn the page if less room than this is left."""
        if self.at + points > HEIGHT - BOTTOM and self.at > TOP:
            self.finish()
            self.figure, self.at, self.number = _page(), TOP, self.number + 1

    def write(self, text: str, size: float, bold: bool = False, colour: str = LIGHT.ink) -> None:
        """Write a paragraph, broken into lines."""
        font = FontProperties(size=size, weight="bold" if bold else "normal")
        indent = INDENT if ITEM_START.match(text) else 0.0
        lines = list(_lines(text, font, WIDTH - LEFT - RIGHT - indent))
        self.keep(size * LINE * min(len(lines), 3))
        for place, line in enumerate(lines):
            self.keep(size * LINE)
            left = LEFT + (indent if place else 0.0)
            self._put(left, self.at + size, line, font, colour)
            self.at += size * LINE
        self.at += 0.35 * size

    def picture(self, content: bytes) -> None:
        """Put in a picture, as wide as the text or as tall as allowed."""
        pixels = imread(BytesIO(content), format="png")
        high, wide = pixels.shape[:2]
        width = min(WIDTH - LEFT - RIGHT, TALLEST * wide / high)
        height = width * high / wide
        self.keep(height + 8)
        spot = (LEFT / WIDTH, 1 - (self.at + height) / HEIGHT, width / WIDTH, height / HEIGHT)
        axes = self.figure.add_axes(spot)
        axes.imshow(pixels, aspect="auto", interpolation="none")
        axes.set_axis_off()
        self.at += height + 8

    def finish(self) -> None:
        """Number the page and put it into the file."""
        font = FontProperties(size=9)
        self._put(LEFT, HEIGHT - 34, self.footer.format(page=self.number), font, LIGHT.muted)
        self.pdf.savefig(self.figure, facecolor=LIGHT.paper)  # type: ignore[no-untyped-call]

    def _put(self, x: float, y: float, text: str, font: FontProperties, colour: str) -> None:
        self.figure.text(
            x / WIDTH,
            1 - y / HEIGHT,
            text,
            fontproperties=font,
            color=colour,
            va="baseline",
            parse_math=False,
        )


def _page() -> Figure:
    return Figure(figsize=(WIDTH / POINTS, HEIGHT / POINTS), dpi=150, facecolor=LIGHT.paper)


def _lines(text: str, font: FontProperties, width: float) -> Iterator[str]:
    """Break a paragraph into lines that fit; a word that is too long is cut."""
    line = ""
    for word in _words(text, font, width):
        longer = f"{line} {word}".strip()
        if line and _measured(longer, font) > width:
            yield line
            longer = word
        line = longer
    if line:
        yield line


def _words(text: str, font: FontProperties, width: float) -> Iterator[str]:
    for word in text.split():
        while _measured(word, font) > width:
            cut = next(k for k in range(len(word) - 1, 0, -1) if _fits(word[:k], font, width))
            yield word[:cut]
            word = word[cut:]
        yield word


def _fits(text: str, font: FontProperties, width: float) -> bool:
    return len(text) == 1 or _measured(text, font) <= width


def _measured(text: str, font: FontProperties) -> float:
    """Return the width of a line in points."""
    return float(text_to_path.get_text_width_height_descent(text, font, ismath=False)[0])


def _metadata(title: str, records: Sequence[RunRecord]) -> dict[str, str | None]:
    names = ("version", "digest", "people", "fate", "date", "parameters")
    runs = [{name: getattr(one, name) for name in names} for one in records]
    note = json.dumps(list({json.dumps(run): run for run in runs}.values()))
    return {"Title": title, "Creator": "alssim", "Subject": note, "CreationDate": None}
