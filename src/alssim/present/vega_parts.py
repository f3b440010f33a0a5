"""Parts that all charts of the app share: frame, axis, and a field that is a number."""

import json
from collections.abc import Mapping
from textwrap import wrap
from typing import Any

from alssim.present.charts import Palette

Spec = dict[str, Any]
NARROW = 420  # pixels: a phone
NARROW_TITLE = 36  # letters
STROKES: Spec = {"symbolType": "stroke", "symbolSize": 700, "symbolStrokeWidth": 3}
"""How a legend shows lines."""


def framed(palette: Palette, title: str | list[str], height: int, **parts: Any) -> Spec:
    """Return a chart that fills its place, with a title and no frame of its own."""
    return {
        "width": "container",
        "height": height,
        "autosize": {"type": "fit", "contains": "padding"},
        "padding": {"top": 6, "right": 16, "left": 4, "bottom": 4},
        "background": "transparent",
        "title": {
            "text": _broken(title),
            "anchor": "start",
            "frame": "group",
            "fontSize": 14,
            "offset": 8,
            "color": palette.ink,
        },
        "config": {"view": {"stroke": None}},
        **parts,
    }


def _broken(title: str | list[str]) -> str | list[str] | Spec:
    """Return a title that is broken into lines where the chart is narrow."""
    if isinstance(title, list) or len(title) <= NARROW_TITLE:
        return title
    count = len(wrap(title, NARROW_TITLE))
    even = next(w for w in range(len(title) // count, len(title)) if len(wrap(title, w)) <= count)
    return {"expr": f"width < {NARROW} ? {json.dumps(wrap(title, even))} : {json.dumps(title)}"}


def key_above(palette: Palette, columns: int, **more: Any) -> Spec:
    """Return a legend above the chart: so many names beside each other, fewer on a phone."""
    narrow = 1 if columns > 2 else columns
    return {
        "title": None,
        "orient": "top",
        "direction": "horizontal",
        "columns": {"expr": f"width < {NARROW} ? {narrow} : {columns}"},
        "offset": 8,
        "padding": 0,
        "rowPadding": 3,
        "labelColor": palette.ink,
        "labelFontSize": 13,
        "labelLimit": 300,
        **more,
    }


def plain_axis(palette: Palette) -> Spec:
    """Return an axis of words alone: no line, no ticks, no grid."""
    return {
        "grid": False,
        "domain": False,
        "ticks": False,
        "labelPadding": 6,
        "labelFontSize": 13,
        "titleFontSize": 13,
        "titleFontWeight": "normal",
        "labelColor": palette.muted,
        "titleColor": palette.muted,
        "gridColor": palette.grid,
    }


def quantity(field: str, **options: Any) -> Spec:
    """Return a channel that shows a number of the data."""
    return {"field": field, "type": "quantitative", **options}


LARGER = 1.25
"""How much larger text is for those who ask for larger text."""

SIZED = ("fontSize", "labelFontSize", "titleFontSize", "height", "step")


def enlarged(spec: Mapping[str, Any]) -> Spec:
    """Return a chart with larger text, and so much higher that its lines keep their distance."""
    return {
        name: part if name == "data" else _enlarged(part, name in SIZED)
        for name, part in spec.items()
    }


def _enlarged(part: Any, sized: bool = False) -> Any:
    if isinstance(part, Mapping):
        return enlarged(part)
    if isinstance(part, list):
        return [_enlarged(one) for one in part]
    return round(LARGER * part) if sized and type(part) is int else part
