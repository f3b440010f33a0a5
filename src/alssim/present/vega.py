"""Vega-Lite specifications of the charts that the app serves, as plain dictionaries.

They fill the width they are given, hold their own data, and set every text colour, since text in
a chart does not follow the theme of the page. Numbers at risk stand at negative heights of the
same chart, so that they stay aligned with the curves on every screen.
"""

from typing import Any

import numpy as np

from alssim.present.charts import (
    LIGHT,
    Palette,
    Spot,
    curve_months,
    dash,
    label_spots,
    risk_months,
    sampled,
)
from alssim.present.language import grouped
from alssim.present.vega_parts import Spec, framed, plain_axis, quantity
from alssim.present.words import (
    Names,
    arm_name,
    gain_sentence,
    headline,
    median_sentence,
    of_100,
    shares_sentence,
    texts,
)
from alssim.statistics.survival import FloatArray, numbers_at_risk
from alssim.studies.comparison import Comparison, GainHistogram, GainSummary, gain_histogram
from alssim.studies.counting import told_of

ROW = 20  # heights, in people of 100, between two rows of numbers at risk
KINDS = ("gains", "unchanged", "loses")
PIXELS = 2.9  # per person of 100


def survival_spec(
    comparison: Comparison,
    palette: Palette = LIGHT,
    names: Names | None = None,
    month: float | None = None,
) -> Spec:
    """Return the survival curves of all arms with bands, names and numbers at risk.

    ``month`` draws a line at a landmark; None draws none. Hovering shows the numbers of a month.
    """
    arms = range(len(comparison.arms))
    months = curve_months(comparison.horizon)
    rows = [sampled(comparison, arm, months) for arm in arms]
    bottom = -ROW * len(arms) - 5
    layers = [_rule(month, palette)] if month is not None else []
    layers += [_band(arm, palette) for arm in arms] + [_line(arm, palette) for arm in arms]
    layers += _arm_names(comparison, palette, names)
    layers += _at_risk(comparison, palette, names)
    layers += [_hover(comparison, rows, months, palette, names)]
    return framed(
        palette,
        title=texts()["endpoint"][comparison.endpoint]["chart"],
        height=round(PIXELS * (100 - bottom)),
        data={"values": _curve_values(rows, months)},
        encoding={"x": _months(comparison, palette), "y": _people(bottom, palette)},
        layer=layers,
    )


def survival_alt(
    comparison: Comparison, names: Names | None = None, month: float | None = None, arm: int = 1
) -> str:
    """Say what the survival chart shows, for people who do not see it."""
    return str(
        texts()["charts"]["survival_alt"].format(
            headline=headline(comparison, names, month, arm),
            median=median_sentence(comparison, names, arm),
        )
    )


def gain_spec(
    comparison: Comparison, palette: Palette = LIGHT, names: Names | None = None, arm: int = 1
) -> Spec:
    """Return the distribution of months gained by the same patients, lost ones to the left."""
    bars, whole = gain_histogram(comparison.gain[arm]), told_of(comparison.patients)
    words = texts()["charts"]
    title = words["gain_title"].format(arm=arm_name(comparison.arms[arm], names), whole=whole)
    return framed(
        palette,
        title=title,
        height=260,
        data={"values": _bar_values(bars, whole)},
        encoding={
            "x": quantity(
                "from",
                title=words["gain_axis"],
                scale={"domain": [float(bars.low[0]), float(bars.high[-1])], "nice": False},
                axis=plain_axis(palette),
            ),
            "y": quantity(
                "people",
                scale={"domain": [0, whole * float(bars.share.max())]},
                axis={**plain_axis(palette), "title": None, "grid": True},
            ),
        },
        layer=[
            *(_bars(kind, arm, palette, whole) for kind in KINDS),
            *_kind_names(comparison.gains[arm], bars, arm, palette, whole),
        ],
    )


def gain_alt(comparison: Comparison, names: Names | None = None, arm: int = 1) -> str:
    """Say what the chart of months gained shows, for people who do not see it."""
    return str(
        texts()["charts"]["gain_alt"].format(
            arm=arm_name(comparison.arms[arm], names),
            gain=gain_sentence(comparison, names, arm),
            shares=shares_sentence(comparison, arm),
        )
    )


# ------------------------------------------------------------------------------ common parts


def _text(palette: Palette, values: list[Spec], **mark: Any) -> Spec:
    """Layer of words at (month, people); each value may name its own side."""
    align = {"expr": "datum.align"}
    return {
        "data": {"values": values},
        "mark": {"type": "text", "align": align, "color": palette.muted, "fontSize": 13, **mark},
        "encoding": {"text": {"field": "text", "type": "nominal"}},
    }


# ---------------------------------------------------------------------------------- survival


def _months(comparison: Comparison, palette: Palette) -> Spec:
    return quantity(
        "month",
        title=texts()["clock"][comparison.clock]["axis"],
        scale={"domain": [0, comparison.horizon], "nice": False},
        axis={**plain_axis(palette), "values": risk_months(comparison.horizon).tolist()},
    )


def _people(bottom: int, palette: Palette) -> Spec:
    axis = {**plain_axis(palette), "values": [0, 25, 50, 75, 100], "title": None, "grid": True}
    return quantity("people", scale={"domain": [bottom, 100], "nice": False}, axis=axis)


def _curve_values(rows: list[FloatArray], months: FloatArray) -> list[Spec]:
    values = []
    for arm, row in enumerate(rows):
        known = np.isfinite(row[0])
        for month, (people, low, high) in zip(
            months[known].tolist(), row[:, known].round(1).T.tolist(), strict=True
        ):
            values.append({"arm": arm, "month": month, "people": people, "low": low, "high": high})
    return values


def _only(arm: int) -> list[Spec]:
    return [{"filter": {"field": "arm", "equal": arm}}]


def _band(arm: int, palette: Palette) -> Spec:
    mark = {
        "type": "area",
        "interpolate": "step-after",
        "opacity": 0.18,
        "color": palette.mark(arm),
    }
    encoding = {"y": quantity("low"), "y2": {"field": "high"}}
    return {"transform": _only(arm), "mark": mark, "encoding": encoding}


def _line(arm: int, palette: Palette) -> Spec:
    mark = {
        "type": "line",
        "interpolate": "step-after",
        "strokeWidth": 3,
        "strokeDash": list(dash(arm)),
        "color": palette.mark(arm),
    }
    return {"transform": _only(arm), "mark": mark}


def _rule(month: float, palette: Palette) -> Spec:
    return {
        "data": {"values": [{"month": month, "people": 0, "top": 100}]},
        "mark": {"type": "rule", "strokeDash": [3, 3], "color": palette.muted},
        "encoding": {"y2": {"field": "top"}},
    }


def _arm_names(comparison: Comparison, palette: Palette, names: Names | None) -> list[Spec]:
    layers = []
    for arm, spot in enumerate(label_spots(comparison)):
        if spot.key is not None:
            layers.append(_key(spot.month, spot.key, spot.people, arm, palette))
        name = arm_name(comparison.arms[arm], names)
        halo = {"color": palette.paper, "stroke": palette.paper, "strokeWidth": 4}
        layers += [
            _arm_label(spot, name, palette, **halo),
            _arm_label(spot, name, palette, color=palette.word(arm)),
        ]
    return layers


def _arm_label(spot: Spot, name: str, palette: Palette, **mark: Any) -> Spec:
    right = spot.side == "right"
    align = "left" if right else "right"
    value = {"month": spot.month, "people": spot.people, "text": name, "align": align}
    style = {"fontSize": 14, "fontWeight": "bold", "dx": 6 if right else -6}
    return _text(palette, [value], **style, **mark)


def _key(begin: float, end: float, people: float, arm: int, palette: Palette) -> Spec:
    """Sample of an arm's line, for names that do not stand beside it."""
    style = {"strokeWidth": 3, "strokeDash": list(dash(arm)), "color": palette.mark(arm)}
    values = [{"month": month, "people": people} for month in (begin, end)]
    return {"data": {"values": values}, "mark": {"type": "line", **style}}


def _at_risk(comparison: Comparison, palette: Palette, names: Names | None) -> list[Spec]:
    layers = []
    for arm, name in enumerate(comparison.arms):
        height = -ROW * (arm + 1)
        title = texts()["charts"]["at_risk"].format(arm=arm_name(name, names))
        heading = {"month": 0, "people": height + 8, "text": title, "align": "left"}
        layers.append(_text(palette, [heading], fontSize=12))
        counts = _counts(comparison, arm, height)
        layers.append(_text(palette, counts, color=palette.word(arm)))
    return layers


def _counts(comparison: Comparison, arm: int, height: float) -> list[Spec]:
    months = risk_months(comparison.horizon)
    counts = numbers_at_risk(comparison.time[arm], months, comparison.entry).tolist()
    sides = ["left"] + ["center"] * (len(months) - 1)
    if months[-1] == comparison.horizon:
        sides[-1] = "right"
    return [
        {"month": month, "people": height, "text": grouped(count), "align": side}
        for month, count, side in zip(months.tolist(), counts, sides, strict=True)
    ]


def _hover(
    comparison: Comparison,
    rows: list[FloatArray],
    months: FloatArray,
    palette: Palette,
    names: Names | None,
) -> Spec:
    """Layer with the numbers of every arm at the month under the pointer."""
    words = texts()["charts"]
    values = [
        {"month": month, "people": 0, "top": 100}
        | {f"arm{arm}": _told(row[:, at]) for arm, row in enumerate(rows)}
        for at, month in enumerate(months.tolist())
    ]
    tooltip = [{"field": "month", "type": "quantitative", "title": words["month"]}]
    tooltip += [
        {"field": f"arm{arm}", "type": "nominal", "title": arm_name(name, names)}
        for arm, name in enumerate(comparison.arms)
    ]
    shown = {"condition": {"param": "pointed", "empty": False, "value": 0.6}, "value": 0}
    pointed = {"type": "point", "on": "pointerover", "nearest": True, "clear": "pointerout"}
    return {
        "data": {"values": values},
        "params": [{"name": "pointed", "select": {**pointed, "encodings": ["x"]}}],
        "mark": {"type": "rule", "color": palette.muted},
        "encoding": {"y2": {"field": "top"}, "opacity": shown, "tooltip": tooltip},
    }


def _told(numbers: FloatArray) -> str:
    people, low, high = numbers
    return "" if np.isnan(people) else f"{people:.0f} ({low:.0f} to {high:.0f})"


# ------------------------------------------------------------------------------ months gained


def _kind(low: float) -> str:
    """Name the kind of a bin by its lower edge; the middle bin begins at -0.5."""
    return "gains" if low >= 0.5 else "unchanged" if low >= -0.5 else "loses"


def _bar_values(bars: GainHistogram, whole: int) -> list[Spec]:
    rows = zip(bars.low.tolist(), bars.high.tolist(), bars.share.tolist(), strict=True)
    return [
        {"from": low, "to": high, "people": round(whole * share, 2), "kind": _kind(low)}
        for low, high, share in rows
    ]


def _colour(kind: str, arm: int, palette: Palette) -> tuple[str, str]:
    """Return the colours of bars and words of one kind."""
    if kind == "gains":
        return palette.mark(arm), palette.word(arm)
    return (palette.mark(0), palette.word(0)) if kind == "loses" else (palette.muted, palette.muted)


def _bars(kind: str, arm: int, palette: Palette, whole: int) -> Spec:
    words = texts()["charts"]
    colour = _colour(kind, arm, palette)[0]
    hollow = {"fillOpacity": 0.25, "stroke": colour, "strokeWidth": 1.5}
    tooltip = [
        {"field": "from", "type": "quantitative", "title": words["from"]},
        {"field": "to", "type": "quantitative", "title": words["to"]},
        {
            "field": "people",
            "type": "quantitative",
            "title": words["gain_count"].format(whole=whole),
        },
    ]
    return {
        "transform": [{"filter": {"field": "kind", "equal": kind}}],
        "mark": {"type": "bar", "color": colour, **(hollow if kind == "loses" else {})},
        "encoding": {"x2": {"field": "to"}, "y2": {"datum": 0}, "tooltip": tooltip},
    }


def _kind_names(
    gain: GainSummary, bars: GainHistogram, arm: int, palette: Palette, whole: int
) -> list[Spec]:
    """Layers that say how many gain, stay the same and lose, in the corner with fewer bars."""
    right = gain.gains >= gain.loses
    shares = (gain.gains, gain.unchanged, gain.loses)
    layers = []
    for place, (kind, people) in enumerate(zip(KINDS, of_100(shares, whole), strict=True)):
        value = {
            "from": float(bars.high[-1] if right else bars.low[0]),
            "people": (1 - 0.1 * place) * whole * float(bars.share.max()),
            "text": texts()["charts"][kind].format(n=people),
            "align": "right" if right else "left",
        }
        colour = _colour(kind, arm, palette)[1]
        for halo in ({"stroke": palette.paper, "strokeWidth": 4}, {}):
            layers.append(_text(palette, [value], color=colour, fontWeight="bold", **halo))
    return layers
