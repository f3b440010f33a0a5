"""Charts of virtual trials for the app: scores and survival of one, the estimates of many."""

from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alssim.parameters.trial import Published
from alssim.present.charts import LIGHT, Palette, curve_months, dash, risk_months
from alssim.present.language import grouped
from alssim.present.naming import endpoint_name
from alssim.present.trial_figures import bar_edges
from alssim.present.trial_words import say, shown_truth, size_of, trial_texts
from alssim.present.vega_parts import STROKES, Spec, framed, key_above, plain_axis, quantity
from alssim.statistics.survival import FloatArray, interval_at, numbers_at_risk, survival_at
from alssim.studies.trial.replicates import EndpointOperating
from alssim.studies.trial.report import Report

ARMS = ("control", "treated")
BINS = 24
ROW = 20  # heights, in people of 100, between two rows of numbers at risk


def scores_spec(found: Report, palette: Palette = LIGHT) -> Spec:
    """Return the mean ALSFRS-R of each arm, visit by visit."""
    values = [
        {"month": int(month), "score": round(float(score), 2), "arm": say(f"arms.{arm}")}
        for arm, scores in zip(ARMS, found.scores, strict=True)
        for month, score in zip(found.months, scores, strict=True)
        if isfinite(score)
    ]
    low = float(np.floor(np.nanmin(found.scores))) - 1
    high = min(float(np.ceil(np.nanmax(found.scores))) + 1, 48.0)
    axis = {**plain_axis(palette), "grid": True, "title": None, "tickMinStep": 1}
    y = quantity("score", scale={"domain": [low, high], "nice": False}, axis=axis)
    mark = {"type": "line", "strokeWidth": 3, "point": {"size": 50}}
    return framed(
        palette,
        title=say("charts.score"),
        height=340,
        data={"values": values},
        mark=mark,
        encoding={"x": _months(found, palette), "y": y, **_by_arm(palette)},
    )


def scores_alt(found: Report) -> str:
    """Say what the chart of scores shows: both ends of both lines."""
    told = []
    for arm, scores in zip(ARMS, found.scores, strict=True):
        known = np.flatnonzero(np.isfinite(scores) & (found.months >= 0))
        first, last = (f"{scores[known[end]]:.1f}" for end in (0, -1))
        month = int(found.months[known[-1]])
        name = say(f"arms.{arm}")
        told.append(say("charts.score_at", arm=name, first=first, last=last, month=month))
    return say("charts.score_alt", told=" ".join(told))


def alive_spec(found: Report, palette: Palette = LIGHT) -> Spec:
    """Return the survival curves of both arms with 95 % bands and numbers at risk."""
    end = _end(found)
    bottom = -ROW * len(ARMS) - 5
    axis = {**plain_axis(palette), "values": [0, 25, 50, 75, 100], "title": None, "grid": True}
    y = quantity("people", scale={"domain": [bottom, 100], "nice": False}, axis=axis)
    layers: list[Spec] = []
    for place, arm in enumerate(ARMS):
        layers += _curve(found, place, arm, end, palette)
        layers += _at_risk(found, place, arm, end, palette)
    x = quantity(
        "month",
        title=say("charts.months"),
        scale={"domain": [0, end], "nice": False},
        axis={**plain_axis(palette), "values": risk_months(end).tolist()},
    )
    return framed(
        palette,
        title=say("charts.alive"),
        height=400,
        data={"values": []},
        encoding={"x": x, "y": y},
        layer=layers,
    )


def alive_alt(found: Report) -> str:
    """Say what the survival curves show: both ends."""
    told = []
    for arm, curve in zip(ARMS, found.curves, strict=True):
        left = 100 * float(curve.survival[-1]) if len(curve.survival) else 100.0
        month = f"{curve.last:.0f}"
        name = say(f"arms.{arm}")
        told.append(say("charts.alive_at", arm=name, alive=f"{left:.0f}", month=month))
    return say("charts.alive_alt", told=" ".join(told))


def estimates_spec(
    found: EndpointOperating,
    significance: float,
    published: tuple[Published, ...] = (),
    this: float | None = None,
    palette: Palette = LIGHT,
) -> Spec:
    """Return what many trials find, as bars; positive trials stand out.

    ``this``: the estimate of the trial on the screen, a ratio where ratios are estimated.
    """
    value = _shown(found)
    positive = found.p[np.isfinite(found.value)] < significance
    edges = bar_edges(value, found.ratio, BINS)
    counts = np.array([np.histogram(value[group], edges)[0] for group in (~positive, positive)])
    top = 1.4 * float(max(counts.sum(axis=0).max(), 1))
    marks = _marks(found, published, this)
    ends = [float(edges[0]), float(edges[-1]), *(where for where, _ in marks)]
    scale: dict[str, Any] = {"domain": [min(ends), max(ends)], "nice": False}
    if found.ratio:
        scale["type"] = "log"
    x = quantity(
        "from",
        title=trial_texts()["axis"][found.scale],
        scale=scale,
        axis={**plain_axis(palette), "tickCount": 5, "labelFlush": True},
    )
    axis = {**plain_axis(palette), "grid": True, "title": None, "tickMinStep": 1}
    y = quantity("trials", scale={"domain": [0, top], "nice": False}, axis=axis)
    return framed(
        palette,
        title=say("charts.found"),
        height=340,
        data={"values": _bars(counts, edges)},
        encoding={"x": x, "y": y},
        layer=[_bar_layer(palette), *_mark_layers(marks, top, scale["domain"], palette)],
    )


def estimates_alt(found: EndpointOperating) -> str:
    """Say what the bars show: the middle of the estimates, their mean, how many are positive."""
    ends = (found.lowest, found.highest)
    low, high = (np.exp(end) if found.ratio else end for end in ends)
    return say(
        "charts.estimates_alt",
        count=len(found.value),
        name=endpoint_name(found.endpoint.name),
        low=f"{low:.3g}",
        high=f"{high:.3g}",
        truth=f"{shown_truth(found):.3g}",
        positive=size_of(100 * found.power.value),
        axis=trial_texts()["axis"][found.scale],
    )


# --------------------------------------------------------------------------------- one trial


def _months(found: Report, palette: Palette) -> Spec:
    first, last = float(found.months[0]), float(found.months[-1])
    return quantity(
        "month",
        title=say("charts.months"),
        scale={"domain": [first, last], "nice": False},
        axis={**plain_axis(palette), "tickMinStep": 1},
    )


def _by_arm(palette: Palette) -> Spec:
    names = [say(f"arms.{arm}") for arm in ARMS]
    key = key_above(palette, 2, **STROKES, labelFontSize=14)
    ranges = {
        "color": [palette.mark(place) for place in range(len(ARMS))],
        "strokeDash": [list(dash(place)) for place in range(len(ARMS))],
    }
    return {
        channel: {
            "field": "arm",
            "type": "nominal",
            "scale": {"domain": names, "range": values},
            "legend": key,
        }
        for channel, values in ranges.items()
    }


def _end(found: Report) -> float:
    return max(float(np.ceil(max(curve.last for curve in found.curves))), 1.0)


def _curve(found: Report, place: int, arm: str, end: float, palette: Palette) -> list[Spec]:
    curve, months = found.curves[place], curve_months(end)
    rows = 100 * np.array([survival_at(curve, months), *interval_at(curve, months)])
    values = [
        {"month": float(month), "people": people, "low": low, "high": high}
        for month, (people, low, high) in zip(months, rows.T.round(1).tolist(), strict=True)
        if isfinite(people)
    ]
    step = {"interpolate": "step-after", "color": palette.mark(place)}
    band = {
        "data": {"values": [row for row in values if isfinite(row["low"])]},
        "mark": {"type": "area", "opacity": 0.15, **step},
        "encoding": {"y": quantity("low"), "y2": {"field": "high"}},
    }
    line = {
        "data": {"values": values},
        "mark": {"type": "line", "strokeWidth": 3, "strokeDash": list(dash(place)), **step},
    }
    return [band, line]


def _at_risk(found: Report, place: int, arm: str, end: float, palette: Palette) -> list[Spec]:
    """Layers with the numbers at risk of an arm, below the curves, and a sample of its line."""
    height, months = -ROW * (place + 1), risk_months(end)
    counts = numbers_at_risk(found.times[place], months).tolist()
    title = say("charts.at_risk", arm=say(f"arms.{arm}"))
    heading = [{"month": 0, "people": height + 8, "text": title, "align": "left"}]
    sides = ["left", *["center"] * (len(months) - 1)]
    if months[-1] == end:
        sides[-1] = "right"
    rows = [
        {"month": month, "people": height, "text": grouped(count), "align": side}
        for month, count, side in zip(months.tolist(), counts, sides, strict=True)
    ]
    sample = [{"month": at * end, "people": height + 8} for at in (0.93, 1.0)]
    stroke = {"strokeDash": list(dash(place)), "color": palette.mark(place)}
    return [
        _text(heading, color=palette.word(place), fontWeight="bold"),
        _text(rows, color=palette.word(place)),
        {"data": {"values": sample}, "mark": {"type": "line", "strokeWidth": 3, **stroke}},
    ]


def _text(values: list[dict[str, Any]], **mark: Any) -> Spec:
    return {
        "data": {"values": values},
        "mark": {"type": "text", "fontSize": 13, "align": {"expr": "datum.align"}, **mark},
        "encoding": {"text": {"field": "text", "type": "nominal"}},
    }


# ------------------------------------------------------------------------------- many trials


def _shown(found: EndpointOperating) -> FloatArray:
    known = found.value[np.isfinite(found.value)]
    return np.asarray(np.exp(known) if found.ratio else known)


def _bars(counts: NDArray[np.int64], edges: FloatArray) -> list[dict[str, Any]]:
    """Return the bars: trials that are not positive below, positive ones on top of them."""
    ends = list(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True))
    words = (say("charts.not_positive"), say("charts.positive"))
    rows = []
    for (low, high), (plain, positive) in zip(ends, counts.T.tolist(), strict=True):
        for word, base, count in ((words[0], 0, plain), (words[1], plain, positive)):
            if count:
                spot = {"from": low, "to": high, "base": base, "trials": base + count}
                rows.append({**spot, "kind": word, "count": count})
    return rows


def _bar_layer(palette: Palette) -> Spec:
    words = [say("charts.not_positive"), say("charts.positive")]
    key = key_above(palette, 2, symbolType="square", symbolSize=160, labelFontSize=14)
    colours = [palette.grid, palette.mark(1)]
    return {
        "mark": {"type": "bar", "stroke": palette.muted, "strokeWidth": 0.6},
        "encoding": {
            "x2": {"field": "to"},
            "y2": {"field": "base"},
            "color": {
                "field": "kind",
                "type": "nominal",
                "scale": {"domain": words, "range": colours},
                "legend": key,
            },
            "tooltip": [{"field": "kind", "type": "nominal"}, quantity("count")],
        },
    }


def _marks(
    found: EndpointOperating, published: tuple[Published, ...], this: float | None
) -> list[tuple[float, str]]:
    """Return where the lines stand, and their words."""
    marks = [(1.0 if found.ratio else 0.0, say("charts.nothing"))]
    marks.append((shown_truth(found), say("charts.truth")))
    if this is not None and isfinite(this):
        marks.append((this, say("charts.this")))
    marks += [
        (row.value, say("charts.published"))
        for row in published
        if row.endpoint == found.endpoint.name and row.value is not None
    ]
    return marks


def _mark_layers(
    marks: list[tuple[float, str]], top: float, domain: list[float], palette: Palette
) -> list[Spec]:
    layers: list[Spec] = []
    for place, (where, word) in enumerate(marks):
        height = top * (0.97 - 0.075 * place)
        left = _share(where, domain) < 0.7
        spot = {"from": where, "trials": height, "text": word}
        spot["align"] = "left" if left else "right"
        line = {"type": "rule", "strokeDash": [3, 3], "strokeWidth": 1.5, "color": palette.ink}
        style = {"dx": 5 if left else -5, "fontWeight": "bold"}
        halo = {"stroke": palette.paper, "strokeWidth": 4, "color": palette.paper}
        layers += [
            {
                "data": {"values": [{"from": where, "trials": 0, "top": height}]},
                "mark": line,
                "encoding": {"y2": {"field": "top"}},
            },
            _text([spot], **style, **halo),
            _text([spot], **style, color=palette.ink),
        ]
    return layers


def _share(where: float, domain: list[float]) -> float:
    low, high = domain
    return (where - low) / (high - low) if high > low else 0.0
