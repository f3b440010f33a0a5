"""Plain charts for the app: bars with their words above them, lines, points with intervals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from alssim.present.charts import LIGHT, Palette, dash
from alssim.present.vega_parts import Spec, framed, key_above, plain_axis, quantity
from alssim.statistics.followup import FloatArray

SHORT_NAME = 16  # letters
ROW_HEIGHT = 44  # pixels of a bar with its words
TEXT: Mapping[str, Any] = {"type": "text", "fontSize": 13}


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar, its words, and a second value drawn below it (not-a-number: none)."""

    name: str
    value: float
    beside: float = float("nan")


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A line [point]; not-a-number is a gap. ``low`` and ``high`` draw a band."""

    name: str
    x: FloatArray
    y: FloatArray
    low: FloatArray | None = None
    high: FloatArray | None = None
    steps: bool = False


def bars_spec(bars: Sequence[Bar], title: str, top: float, palette: Palette = LIGHT) -> Spec:
    """Return lying bars from 0 to ``top``, each with its words above and its number at its end.

    The second value of a bar is drawn in the second colour, with a pale fill and a full edge.
    """
    paired = any(np.isfinite(bar.beside) for bar in bars)
    first, second = [], []
    for place, bar in enumerate(bars):
        low, high = (0.4, 0.64) if paired else (0.42, 0.84)
        first.append(_bar(bar.name, bar.value, place + low, place + high))
        if paired:
            second.append(_bar(bar.name, bar.beside, place + 0.68, place + 0.92))
    layers = [_bar_layer(first, palette.mark(0), palette, 1.0)]
    layers += [_bar_layer(second, palette.mark(1), palette, 0.45)] if paired else []
    words = [{"y": place + 0.22, "x": 0, "text": bar.name} for place, bar in enumerate(bars)]
    layers += [_words(words, palette.ink), *(_numbers(one, palette) for one in (first, second))]
    rows = ROW_HEIGHT + (14 if paired else 0)
    return framed(
        palette,
        title=title,
        height=rows * len(bars) + 20,
        data={"values": []},
        encoding={
            "x": quantity("x", scale={"domain": [0, top * 1.12], "nice": False}, axis=None),
            "y": quantity(
                "y", scale={"domain": [len(bars), 0], "nice": False, "zero": False}, axis=None
            ),
        },
        layer=[layer for layer in layers if layer["data"]["values"]],
    )


def bars_alt(bars: Sequence[Bar], title: str, names: tuple[str, str] = ("", "")) -> str:
    """Say what a chart of bars shows; ``names`` of the first and the second value."""
    told = []
    for bar in bars:
        said = f"{bar.name}: {_number(bar.value)}"
        if np.isfinite(bar.beside):
            said = f"{bar.name}: {_number(bar.value)} {names[0]}, {_number(bar.beside)} {names[1]}"
        told.append(said)
    return f"{title}. {'; '.join(told)}."


def _bar(name: str, value: float, low: float, high: float) -> Spec:
    shown = {"name": name, "x": 0, "end": round(value, 3), "y": low, "y2": high}
    return {**shown, "text": _number(value)}


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 9.95 or value == 0 else f"{value:.1f}"


def _bar_layer(values: list[Spec], colour: str, palette: Palette, opacity: float) -> Spec:
    stroke = {"stroke": colour, "strokeWidth": 1.5, "cornerRadiusEnd": 2}
    return {
        "data": {"values": values},
        "mark": {"type": "rect", "color": colour, "fillOpacity": opacity, **stroke},
        "encoding": {
            "x2": {"field": "end"},
            "y2": {"field": "y2"},
            "tooltip": [{"field": "name", "title": " "}, {"field": "text", "title": "  "}],
        },
    }


def _words(values: list[Spec], colour: str) -> Spec:
    mark = {**TEXT, "align": "left", "baseline": "middle", "color": colour}
    return {
        "data": {"values": values},
        "mark": mark,
        "encoding": {"text": {"field": "text", "type": "nominal"}},
    }


def _numbers(bars: list[Spec], palette: Palette) -> Spec:
    values = [
        {"x": bar["end"], "y": (bar["y"] + bar["y2"]) / 2, "text": bar["text"]} for bar in bars
    ]
    layer = _words(values, palette.ink)
    return {**layer, "mark": {**layer["mark"], "dx": 6, "fontWeight": "bold"}}


# ----------------------------------------------------------------------------------------- lines


def lines_spec(
    lines: Sequence[Line],
    title: str,
    axes: tuple[str, str],
    y: tuple[float, float],
    ticks: tuple[Sequence[float], Sequence[float]],
    palette: Palette = LIGHT,
    marks: Sequence[Spec] = (),
) -> Spec:
    """Return lines with their bands; ``axes``: names of x and y, ``ticks`` at x and y.

    Each line has a colour and a stroke of its own, named in a legend. ``marks``: further layers.
    """
    values = [point for line in lines for point in _points(line)]
    curved = {"interpolate": "step-after"} if any(line.steps for line in lines) else {}
    colour, stroke = _styles(lines, palette)
    layers: list[Spec] = [
        *(
            {
                "data": {"values": _points(line, band=True)},
                "mark": {"type": "area", "opacity": 0.2, "color": palette.mark(place), **curved},
                "encoding": {"y": quantity("low"), "y2": {"field": "high"}},
            }
            for place, line in enumerate(lines)
            if line.low is not None
        ),
        {
            "data": {"values": values},
            "mark": {"type": "line", "strokeWidth": 2.5, **curved},
            "encoding": {"color": colour, "strokeDash": stroke},
        },
        *marks,
    ]
    return framed(
        palette,
        title=title,
        height=300 + 22 * _legend_rows(lines),
        data={"values": []},
        encoding={
            "x": _axis("x", axes[0], (ticks[0][0], ticks[0][-1]), ticks[0], palette, grid=False),
            "y": _axis("y", axes[1], y, ticks[1], palette, grid=True),
        },
        layer=[one for one in layers if one["data"]["values"]],
    )


def _axis(
    field: str,
    title: str,
    domain: tuple[float, float],
    ticks: Sequence[float],
    palette: Palette,
    grid: bool,
) -> Spec:
    return quantity(
        field,
        title=title or None,
        scale={"domain": list(domain), "nice": False, "zero": False},
        axis={**plain_axis(palette), "values": list(ticks), "grid": grid},
    )


def _styles(lines: Sequence[Line], palette: Palette) -> tuple[Spec, Spec]:
    """Return colour and stroke by the name of a line, with a legend where there are several."""
    names, places = [line.name for line in lines], range(len(lines))
    common = {
        "field": "name",
        "type": "nominal",
        "legend": _legend(lines, palette) if len(names) > 1 else None,
    }
    colours = [palette.mark(place) for place in places]
    strokes = [list(dash(place)) for place in places]
    return (
        {**common, "scale": {"domain": names, "range": colours}},
        {**common, "scale": {"domain": names, "range": strokes}},
    )


def _points(line: Line, band: bool = False) -> list[Spec]:
    found = []
    for place, (x, y) in enumerate(zip(line.x.tolist(), line.y.tolist(), strict=True)):
        if not np.isfinite(y):
            continue
        point: Spec = {"name": line.name, "x": round(x, 3)}
        if band:
            assert line.low is not None and line.high is not None
            point |= {"low": round(float(line.low[place]), 3)}
            point |= {"high": round(float(line.high[place]), 3)}
        else:
            point |= {"y": round(y, 3)}
        found.append(point)
    return found


def _legend_rows(lines: Sequence[Line]) -> int:
    """Return the rows of a legend: two names stand beside each other if they are short."""
    if len(lines) < 2:
        return 0
    short = max(len(line.name) for line in lines) <= SHORT_NAME
    return (len(lines) + 1) // 2 if short else len(lines)


def _legend(lines: Sequence[Line], palette: Palette) -> Spec:
    columns = 1 if _legend_rows(lines) == len(lines) else 2
    return key_above(palette, columns, symbolStrokeWidth=3, symbolSize=300)


# ----------------------------------------------------------------------------------- ranges


@dataclass(frozen=True, slots=True)
class Range:
    """A range with its middle, and a published number with its own range (not-a-number: none)."""

    name: str
    low: float
    middle: float
    high: float
    published: float
    published_low: float = float("nan")
    published_high: float = float("nan")


def ranges_spec(
    ranges: Sequence[Range], title: str, top: float, axis: str, palette: Palette = LIGHT
) -> Spec:
    """Return a row for each range, words above it: a bar with its middle, and a diamond.

    The diamond is the published number; a line through it is the published range.
    """
    bars, middles, published, lines, words = [], [], [], [], []
    for place, one in enumerate(ranges):
        words.append({"x": 0, "y": place + 0.2, "text": one.name})
        if np.isfinite(one.low) and np.isfinite(one.high):
            bar = {"x": one.low, "end": one.high, "y": place + 0.4, "y2": place + 0.66}
            bars.append({"name": one.name, "text": _number(one.middle), **bar})
        if np.isfinite(one.middle):
            middles.append({"x": one.middle, "y": place + 0.36, "y2": place + 0.7})
        published.append({"x": one.published, "y": place + 0.82})
        if np.isfinite(one.published_low) and np.isfinite(one.published_high):
            ends = {"x": one.published_low, "end": one.published_high}
            lines.append({**ends, "y": place + 0.82})
    diamond = {"type": "point", "shape": "diamond", "filled": True, "size": 130, "opacity": 1}
    tick = {"type": "rule", "strokeWidth": 4, "color": palette.mark(0)}
    line = {"type": "rule", "strokeWidth": 2, "color": palette.mark(1)}
    layers: list[Spec] = [
        _bar_layer(bars, palette.mark(0), palette, 0.35),
        {"data": {"values": middles}, "mark": tick, "encoding": {"y2": {"field": "y2"}}},
        {"data": {"values": lines}, "mark": line, "encoding": {"x2": {"field": "end"}}},
        {"data": {"values": published}, "mark": {**diamond, "color": palette.mark(1)}},
        _words(words, palette.ink),
    ]
    scale = {"domain": [len(ranges), 0], "nice": False, "zero": False}
    shown = {**plain_axis(palette), "grid": True, "tickCount": 5}
    return framed(
        palette,
        title=title,
        height=66 * len(ranges) + 80,
        data={"values": []},
        encoding={
            "x": quantity("x", title=axis, scale={"domain": [0, top], "nice": False}, axis=shown),
            "y": quantity("y", scale=scale, axis=None),
        },
        layer=[layer for layer in layers if layer["data"]["values"]],
    )
