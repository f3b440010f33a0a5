"""Figures of a lesson's question: the guess beside what the simulation found.

Shares of 100 are squares; all else are bars, one row each with its words above it, so that long
words fit on a narrow screen too.
"""

from dataclasses import dataclass

from alssim.present.charts import LIGHT, Palette
from alssim.present.language import text_file
from alssim.present.lessons import Answer, Choice, Expected, Found, Question, number_text
from alssim.present.people import squares
from alssim.present.vega_parts import Spec, framed, plain_axis, quantity

GUESS, PLAIN, BEST = "guess", "plain", "best"
ROW_HEIGHT = 58  # pixels
ROOM = 1.15  # of the largest number, so that its words fit beside it


@dataclass(frozen=True, slots=True)
class Panel:
    """One hundred squares: a title, what is shown in words, and the drawing."""

    title: str
    text: str
    svg: str


@dataclass(frozen=True, slots=True)
class Row:
    """A bar from ``low`` to ``high``; ``value`` is written at its end where it is one number."""

    label: str
    low: float
    high: float
    kind: str
    value: str = ""


def words() -> dict[str, str]:
    """Return the words of these figures; not to be changed."""
    return text_file("lesson_figures")


def answer_text(question: Question, answer: Answer) -> str:
    """Say an answer in words: the choice, or the number with its unit."""
    if question.choices:
        return question.choices[int(answer)].text
    return f"{answer:g} {question.unit}".strip()


def in_squares(question: Question, expected: Expected) -> bool:
    """Whether the guess is a number of 100, and what was found fits into 100 squares."""
    return question.scale == 100 and not question.choices and 0 <= expected.value <= 100


def square_panels(
    question: Question, answer: Answer, expected: Expected, palette: Palette = LIGHT
) -> tuple[Panel, Panel]:
    """Draw the guess and what was found, each as 100 squares."""
    found = words()["of_100"].format(value=number_text(expected.value))
    return (
        _panel(words()["guess"], answer_text(question, answer), round(answer), palette),
        _panel(words()["found"], found, round(expected.value), palette),
    )


def bars_spec(
    question: Question, answer: Answer, expected: Expected, found: Found, palette: Palette = LIGHT
) -> Spec:
    """Return bars in words and numbers; with ranges a line marks what was found."""
    rows, ranged = _rows(question, answer, expected, found), _ranged(question)
    bottom, top = _span(question, expected, rows)
    axis = {**plain_axis(palette), "tickCount": 5}
    scale = {"domain": [bottom, top], "nice": False}
    return framed(
        palette,
        title="",
        height=ROW_HEIGHT * len(rows) + (78 if ranged else 46),
        data={"values": [_value(place, row) for place, row in enumerate(rows)]},
        encoding={
            "x": quantity("low", title=question.unit or None, scale=scale, axis=axis),
            "y": quantity(
                "place",
                scale={"domain": [len(rows) - 0.3, -1.1 if ranged else -0.6], "nice": False},
                axis=None,
            ),
        },
        layer=[
            *(_bars(kind, palette) for kind in (PLAIN, GUESS, BEST)),
            *(_found_line(expected, len(rows), top, palette) if ranged else []),
            *_labels(palette),
        ],
    )


def bars_alt(question: Question, answer: Answer, expected: Expected, found: Found) -> str:
    """Say what the bars show, for people who do not see them."""
    rows = [_said(row) for row in _rows(question, answer, expected, found)]
    said = words()["bars"].format(rows="; ".join(rows))
    if not _ranged(question):
        return said
    return f"{said} {words()['line'].format(value=number_text(expected.value))}"


# ------------------------------------------------------------------------------------ squares


def _panel(title: str, text: str, count: int, palette: Palette) -> Panel:
    label = words()["squares"].format(title=title, text=text)
    return Panel(title, text, squares(count, 0, label, palette, 0))


# --------------------------------------------------------------------------------------- bars


def _ranged(question: Question) -> bool:
    return bool(question.choices and not question.choices[0].arm)


def _span(question: Question, expected: Expected, rows: list[Row]) -> tuple[float, float]:
    """Return the ends of the axis."""
    top = max([1.0, expected.value, *(row.high for row in rows)])
    room = 1.0 if _ranged(question) else ROOM  # for the number at the end of a bar
    return min([0.0, expected.value, *(row.low for row in rows)]), room * top


def _rows(question: Question, answer: Answer, expected: Expected, found: Found) -> list[Row]:
    if not question.choices:
        return [
            _number_row(words()["guess"], float(answer), GUESS),
            _number_row(words()["found"], expected.value, BEST),
        ]
    if _ranged(question):
        return _range_rows(question, answer, expected)
    return [
        _number_row(
            _mine(choice, place == answer),
            question.scale * found.of(choice.arm),
            BEST if place == expected.answer else PLAIN,
        )
        for place, choice in enumerate(question.choices)
    ]


def _number_row(label: str, value: float, kind: str) -> Row:
    return Row(label, min(value, 0.0), max(value, 0.0), kind, number_text(value))


def _range_rows(question: Question, answer: Answer, expected: Expected) -> list[Row]:
    ends = [one.high for one in question.choices[:-1]] + [expected.value]
    bottom, top = min(0.0, *ends), ROOM * max(ends)
    top = max(100.0, expected.value) if question.scale == 100 else top
    return [
        Row(
            _mine(choice, place == answer),
            max(choice.low, bottom),
            min(choice.high, top),
            BEST if place == expected.answer else PLAIN,
        )
        for place, choice in enumerate(question.choices)
    ]


def _mine(choice: Choice, chosen: bool) -> str:
    return words()["guess_below"].format(text=choice.text) if chosen else choice.text


def _said(row: Row) -> str:
    if row.value:
        return words()["row"].format(label=row.label, value=row.value)
    low, high = number_text(row.low), number_text(row.high)
    return words()["row_range"].format(label=row.label, low=low, high=high)


def _value(place: int, row: Row) -> Spec:
    return {
        "place": place,
        "above": place - 0.36,
        "low": row.low,
        "high": row.high,
        "from": place - 0.16,
        "to": place + 0.2,
        "kind": row.kind,
        "label": row.label,
        "value": row.value,
    }


def _bars(kind: str, palette: Palette) -> Spec:
    colour = {GUESS: palette.muted, PLAIN: palette.muted, BEST: palette.mark(0)}[kind]
    return {
        "transform": [{"filter": {"field": "kind", "equal": kind}}],
        "mark": {"type": "rect", "color": colour, "cornerRadius": 3},
        "encoding": {
            "x2": {"field": "high"},
            "y": quantity("from"),
            "y2": {"field": "to"},
            "opacity": {"value": 1 if kind == BEST else 0.45},
        },
    }


def _labels(palette: Palette) -> list[Spec]:
    """Words above each bar, and the number at its end."""
    text = {"type": "text", "baseline": "middle", "fontSize": 14, "color": palette.ink}
    halo = {"stroke": palette.paper, "strokeWidth": 5}
    place = {
        "x": {"value": 0},
        "y": quantity("above"),
        "text": {"field": "label", "type": "nominal"},
    }
    label = {**text, "align": "left", "dx": 1}
    number = {
        "mark": {**text, "align": "left", "dx": 6, "fontWeight": "bold"},
        "encoding": {"x": quantity("high"), "text": {"field": "value", "type": "nominal"}},
    }
    return [
        {"mark": {**label, **halo}, "encoding": place},
        {"mark": label, "encoding": place},
        number,
    ]


def _found_line(expected: Expected, rows: int, top: float, palette: Palette) -> list[Spec]:
    """Line at what was found, with its words above the rows."""
    told = words()["found_below"].format(value=number_text(expected.value))
    ends = {"from": -0.62, "to": rows - 0.6, "low": expected.value, "label": told, "above": -0.85}
    right = expected.value > top / 2
    text = {"type": "text", "fontSize": 14, "fontWeight": "bold", "color": palette.word(1)}
    return [
        {
            "data": {"values": [ends]},
            "mark": {"type": "rule", "color": palette.mark(1), "strokeWidth": 3},
            "encoding": {"y": quantity("from"), "y2": {"field": "to"}},
        },
        {
            "data": {"values": [ends]},
            "mark": {**text, "align": "right" if right else "left", "baseline": "middle"},
            "encoding": {"y": quantity("above"), "text": {"field": "label", "type": "nominal"}},
        },
    ]
