"""Charts of the effect-size ladder for the app: curves by start, and a map that is a table."""

from collections.abc import Mapping
from html import escape
from math import isfinite
from typing import Any, Literal, get_args

from matplotlib.colors import to_hex, to_rgb

from alssim.present.charts import LIGHT, Palette, dash
from alssim.present.comparison_words import told
from alssim.present.ladder_figures import TALLEST, row_colour, row_stroke
from alssim.present.ladder_words import VISIBLE, short_start, signed_months, target_name
from alssim.present.vega_parts import STROKES, Spec, framed, key_above, plain_axis, quantity
from alssim.present.words import months_in_words
from alssim.studies.ladder import MEANINGFUL, Ladder, Rung

Measure = Literal["months", "alive", "ratio"]
MEASURES: tuple[Measure, ...] = get_args(Measure)
DEEPEST = 0.45  # share of colour in the deepest shade: words on it stay readable
MANY = 40.0  # people of 100 at which the shade is deepest


def curves_spec(
    ladder: Ladder, target: str, months: float = MEANINGFUL, palette: Palette = LIGHT
) -> Spec:
    """Return the median months gained by size, one curve for each start.

    A line marks the months that matter; very large gains leave the chart at the top.
    """
    rungs = [rung for rung in ladder.rungs if rung.step.target == target]
    most = max(rung.median for rung in rungs)
    top = max(min(1.05 * most, TALLEST), 1.5 * months)
    low = min(0.0, *(1.05 * rung.median for rung in rungs))
    words = told("ladder")["figure"]
    x = quantity(
        "size",
        title=words["size"],
        scale={"domain": [100 * ladder.sizes[0], 100 * ladder.sizes[-1]], "nice": False},
        axis={**plain_axis(palette), "values": [100 * size for size in ladder.sizes]},
    )
    y = quantity(
        "months",
        scale={"domain": [low, top], "nice": False},
        axis={**plain_axis(palette), "grid": True, "title": None, "tickCount": 6},
    )
    return framed(
        palette,
        title=words["months"],
        height=540,
        data={"values": [_point(rung) for rung in rungs]},
        encoding={"x": x, "y": y},
        layer=[_curves(ladder, palette), *_threshold(ladder, months, palette)],
    )


def curves_alt(ladder: Ladder, target: str) -> str:
    """Say what the curves show: the gains of a middling and of the largest effect."""
    words = told("ladder")["charts"]
    places = sorted({len(ladder.sizes) // 2, len(ladder.sizes) - 1})
    parts = [
        words["curves_at"].format(
            percent=f"{100 * ladder.sizes[place]:.0f}",
            parts=", ".join(_gain(ladder, target, start, place) for start in ladder.starts),
        )
        for place in places
    ]
    return str(words["curves_alt"].format(target=target_name(target), told=" ".join(parts)))


def map_html(
    ladder: Ladder,
    target: str,
    measure: Measure = "months",
    months: float = MEANINGFUL,
    palette: Palette = LIGHT,
) -> str:
    """Return the map of size and start as a table in HTML, each cell shaded by its number.

    Being a table, it is its own alternative for people who do not see it.
    """
    words = told("ladder")
    title = f"{target_name(target)}: {words['measure'][measure]['title'].lower()}"
    if measure == "months":
        title += f". {words['charts']['matters'].format(months=months_in_words(months))}"
    heads = "".join(f'<th scope="col">{100 * size:.0f}</th>' for size in ladder.sizes)
    rows = "".join(
        f'<tr><th scope="row">{escape(short_start(start))}</th>'
        + "".join(_cell(rung, measure, months, palette) for rung in ladder.row(target, start))
        + "</tr>"
        for start in ladder.starts
    )
    sizes, start = words["charts"]["sizes"], words["figure"]["start"]
    return (
        f'<table class="heat"><caption>{escape(title)}</caption>'
        f'<thead><tr><td></td><th scope="colgroup" colspan="{len(ladder.sizes)}">{escape(sizes)}'
        f'</th></tr><tr><th scope="col">{escape(start)}</th>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _point(rung: Rung) -> Mapping[str, Any]:
    return {
        "size": round(100 * rung.step.size, 2),
        "months": round(rung.median, 2),
        "start": short_start(rung.step.start),
    }


def _curves(ladder: Ladder, palette: Palette) -> Spec:
    names = [short_start(start) for start in ladder.starts]
    key = key_above(palette, 2, **STROKES, labelLimit=150)
    colours = [row_colour(place, palette) for place in range(len(names))]
    dashes = [list(dash(row_stroke(place, palette))) for place in range(len(names))]
    return {
        "mark": {"type": "line", "strokeWidth": 3, "clip": True, "point": {"size": 45}},
        "encoding": {
            "color": {
                "field": "start",
                "type": "nominal",
                "scale": {"domain": names, "range": colours},
                "legend": key,
            },
            "strokeDash": {
                "field": "start",
                "type": "nominal",
                "scale": {"domain": names, "range": dashes},
                "legend": key,
            },
            "tooltip": [
                {"field": "start", "type": "nominal"},
                quantity("size"),
                quantity("months"),
            ],
        },
    }


def _threshold(ladder: Ladder, months: float, palette: Palette) -> list[Spec]:
    left = 100 * ladder.sizes[0]
    line = {
        "data": {"values": [{"months": months}]},
        "mark": {"type": "rule", "strokeDash": [3, 3], "color": palette.ink},
        "encoding": {"x": {"value": 0}, "x2": {"value": "width"}},
    }
    spot = [{"size": left, "months": months, "text": months_in_words(months)}]
    style = {"type": "text", "align": "left", "baseline": "bottom", "dx": 4, "dy": -4}
    halo = {"color": palette.paper, "stroke": palette.paper, "strokeWidth": 4}
    text = {"text": {"field": "text", "type": "nominal"}}
    name = [
        {"data": {"values": spot}, "mark": {**style, "fontSize": 13, **more}, "encoding": text}
        for more in (halo, {"color": palette.ink})
    ]
    return [line, *name]


def _gain(ladder: Ladder, target: str, start: str, place: int) -> str:
    rung = ladder.row(target, start)[place]
    part = told("ladder")["charts"]["curves_part"]
    return str(part.format(start=short_start(start), months=signed_months(rung.median)))


# ------------------------------------------------------------------------------- the map


def _cell(rung: Rung, measure: Measure, months: float, palette: Palette) -> str:
    value, depth = _measured(rung, measure, months)
    text = _printed(value, measure)
    if measure == "months" and value >= months:
        text = f"<strong><u>{text}</u></strong>"
    return f'<td style="background-color:{_shade(depth, palette)};color:{palette.ink}">{text}</td>'


def _measured(rung: Rung, measure: Measure, months: float) -> tuple[float, float]:
    """Return the number of a cell, and how deep its shade is, 0-1."""
    if measure == "months":
        return rung.median, rung.median / (2 * months)
    if measure == "alive":
        return rung.people.value, rung.people.value / MANY
    return rung.ratio.ratio.value, 1 - rung.ratio.ratio.value


def _printed(value: float, measure: Measure) -> str:
    if not isfinite(value):
        return str(told("ladder")["charts"]["unknown"])
    if measure == "months":
        return signed_months(value)
    if measure == "ratio":
        return f"{value:.2f}"
    return f"−{-value:.0f}" if value <= -10 * VISIBLE else f"{abs(value):.0f}"


def _shade(depth: float, palette: Palette) -> str:
    part = DEEPEST * min(max(depth, 0.0), 1.0) if isfinite(depth) else 0.0
    pairs = zip(to_rgb(palette.paper), to_rgb(palette.mark(0)), strict=True)
    red, green, blue = ((1 - part) * paper + part * mark for paper, mark in pairs)
    return str(to_hex((red, green, blue)))
