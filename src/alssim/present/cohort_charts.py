"""Charts of a cohort for the app: stages over time, scores of many people, survival by group."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from alssim.present.charts import LIGHT, Palette, curve_months, dash, risk_months
from alssim.present.vega_parts import Spec, framed, key_above, plain_axis, quantity
from alssim.present.words import texts
from alssim.statistics.survival import FloatArray, SurvivalCurve, interval_at, survival_at
from alssim.studies.cohort import DEAD, Cohort, ScoreBands

STAGE_COLOURS = (
    "#DCEAF4",
    "#B5D2E8",
    "#86B6D9",
    "#5795C6",
    "#2F73AE",
    "#1B5189",
    "#12335C",
    "#8A8F94",
)
"""From no symptom to death; each stage stands out more than the one before, death is grey."""
MOST_LINES = 60
"""Single people whose scores are drawn."""
LABEL_ROOM = 4.0  # of 100, below which a band has no name in it

Numbers = Sequence[Mapping[str, Any]]


def stages_spec(
    months: FloatArray, shares: FloatArray, names: Sequence[str], title: str, palette: Palette
) -> Spec:
    """Return how many of 100 are in each stage, month by month, as bands.

    ``shares`` [stage, month], 0-1; stages without anybody are left out.
    """
    shown = [stage for stage in range(len(names)) if np.nanmax(shares[stage], initial=0) > 0]
    values = [
        {"month": float(month), "stage": stage, "people": round(100 * float(share), 2)}
        for stage in shown
        for month, share in zip(months, shares[stage], strict=True)
        if np.isfinite(share)
    ]
    colours = STAGE_COLOURS if palette is LIGHT else (*STAGE_COLOURS[-2::-1], STAGE_COLOURS[-1])
    colour = {
        "field": "stage",
        "type": "ordinal",
        "scale": {"domain": shown, "range": [colours[stage] for stage in shown]},
        "legend": key_above(
            palette,
            4,
            labelExpr=f"{list(names)!r}[datum.value]",
            symbolType="square",
            symbolSize=160,
        ),
    }
    return framed(
        palette,
        title=title,
        height=460,
        data={"values": values},
        mark={"type": "area", "opacity": 1, "line": {"color": palette.paper, "strokeWidth": 1}},
        encoding={
            "x": _month_axis(float(months[-1]), palette),
            "y": {**_of_100(palette), "stack": "zero"},
            "color": colour,
            "order": {"field": "stage", "type": "quantitative"},
            "tooltip": [{"field": "month"}, {"field": "people", "type": "quantitative"}],
        },
    )


def scores_spec(
    cohort: Cohort,
    bands: Sequence[tuple[str, ScoreBands]],
    chosen: int | None,
    names: Mapping[str, str],
    palette: Palette,
) -> Spec:
    """Return the ALSFRS-R of single people as thin lines, with the median of each group.

    ``names``: title and the name of the chosen patient (``title``, ``chosen``).
    """
    layers: list[Spec] = [_single_lines(cohort, palette)]
    for place, (name, band) in enumerate(bands):
        layers += _group_score(name, band, place, len(bands), palette)
    if chosen is not None:
        layers += _chosen_line(cohort, chosen, names["chosen"], palette)
    axis = {**plain_axis(palette), "values": [0, 12, 24, 36, 48], "title": None, "grid": True}
    return framed(
        palette,
        title=names["title"],
        height=380,
        data={"values": []},
        encoding={
            "x": _month_axis(float(cohort.horizon), palette),
            "y": quantity("score", scale={"domain": [0, 48]}, axis=axis),
        },
        layer=layers,
    )


def survival_spec(
    curves: Sequence[tuple[str, SurvivalCurve]], horizon: int, palette: Palette = LIGHT
) -> Spec:
    """Return survival curves of groups of different people, with 95 % bands and names."""
    months = curve_months(float(horizon))
    layers: list[Spec] = []
    for place, (name, curve) in enumerate(curves):
        rows = 100 * np.array([survival_at(curve, months), *interval_at(curve, months)])
        values = [
            {"month": float(m), "people": float(p), "low": float(low), "high": float(high)}
            for m, p, low, high in zip(months, *rows.round(1), strict=True)
            if np.isfinite(p)
        ]
        layers += _curve_layers(name, values, place, len(curves), horizon, palette)
    return framed(
        palette,
        title=texts()["endpoint"]["death"]["chart"],
        height=380,
        data={"values": []},
        encoding={"x": _month_axis(float(horizon), palette), "y": _of_100(palette)},
        layer=layers,
    )


def _month_axis(last: float, palette: Palette) -> Spec:
    return quantity(
        "month",
        title=texts()["clock"]["onset"]["axis"],
        scale={"domain": [0, last], "nice": False},
        axis={**plain_axis(palette), "values": risk_months(last).tolist()},
    )


def _of_100(palette: Palette) -> Spec:
    axis = {**plain_axis(palette), "values": [0, 25, 50, 75, 100], "title": None, "grid": True}
    return quantity("people", scale={"domain": [0, 100], "nice": False}, axis=axis)


def _single_lines(cohort: Cohort, palette: Palette) -> Spec:
    values = []
    for patient in range(min(len(cohort), MOST_LINES)):
        values += _score_values(cohort, patient)
    return {
        "data": {"values": values},
        "mark": {"type": "line", "strokeWidth": 1, "opacity": 0.35, "color": palette.muted},
        "encoding": {"detail": {"field": "patient", "type": "nominal"}},
    }


def _score_values(cohort: Cohort, patient: int) -> list[dict[str, Any]]:
    row = cohort.total[patient]
    return [
        {"month": month, "score": int(score), "patient": patient}
        for month, score in enumerate(row.tolist())
        if score != DEAD
    ]


def _group_score(
    name: str, band: ScoreBands, place: int, count: int, palette: Palette
) -> list[Spec]:
    values = [
        {"month": month, "low": low, "score": middle, "high": high}
        for month, (low, middle, high) in enumerate(
            zip(band.low.tolist(), band.middle.tolist(), band.high.tolist(), strict=True)
        )
        if np.isfinite(middle)
    ]
    colour = palette.mark(place)
    area = {
        "data": {"values": values},
        "mark": {"type": "area", "opacity": 0.2, "color": colour},
        "encoding": {"y": quantity("low"), "y2": {"field": "high"}},
    }
    line = {
        "data": {"values": values},
        "mark": {
            "type": "line",
            "strokeWidth": 3,
            "color": colour,
            "strokeDash": list(dash(place)),
        },
    }
    named = _named(name, place, count, 48, palette)
    return [area, line, *named] if count == 1 else [line, *named]


def _chosen_line(cohort: Cohort, patient: int, name: str, palette: Palette) -> list[Spec]:
    values = _score_values(cohort, patient)
    if not values:
        return []
    end = {**values[-1], "text": name}
    colour = palette.word(1)
    halo = {"stroke": palette.paper, "strokeWidth": 4}
    text = {"type": "text", "align": "left", "dx": 6, "fontWeight": "bold", "fontSize": 14}
    encoding = {"text": {"field": "text", "type": "nominal"}}
    return [
        {"data": {"values": values}, "mark": {"type": "line", "strokeWidth": 3, "color": colour}},
        {
            "data": {"values": [end]},
            "mark": {**text, "color": palette.paper, **halo},
            "encoding": encoding,
        },
        {"data": {"values": [end]}, "mark": {**text, "color": colour}, "encoding": encoding},
    ]


def _curve_layers(
    name: str,
    values: list[dict[str, Any]],
    place: int,
    count: int,
    horizon: int,
    palette: Palette,
) -> list[Spec]:
    step = {"interpolate": "step-after", "color": palette.mark(place)}
    band = {
        "data": {"values": values},
        "mark": {"type": "area", "opacity": 0.15, **step},
        "encoding": {"y": quantity("low"), "y2": {"field": "high"}},
    }
    line = {
        "data": {"values": values},
        "mark": {"type": "line", "strokeWidth": 3, "strokeDash": list(dash(place)), **step},
    }
    return [band, line, *_named(name, place, count, 100, palette, field="people", end=horizon)]


def _named(
    name: str,
    place: int,
    count: int,
    top: float,
    palette: Palette,
    field: str = "score",
    end: float = 120,
) -> list[Spec]:
    """Name a group in the upper right corner, beside a sample of its line; one alone needs none."""
    if count == 1:
        return []
    height = top * (0.96 - 0.075 * place)
    sample = [{"month": month, field: height} for month in (0.93 * end, end)]
    style = {"strokeWidth": 3, "strokeDash": list(dash(place)), "color": palette.mark(place)}
    text = {"type": "text", "align": "right", "dx": -6, "fontSize": 14, "fontWeight": "bold"}
    spot = [{"month": 0.93 * end, field: height, "text": name}]
    encoding = {"text": {"field": "text", "type": "nominal"}}
    halo = {"color": palette.paper, "stroke": palette.paper, "strokeWidth": 4}
    return [
        {"data": {"values": sample}, "mark": {"type": "line", **style}},
        {"data": {"values": spot}, "mark": {**text, **halo}, "encoding": encoding},
        {
            "data": {"values": spot},
            "mark": {**text, "color": palette.word(place)},
            "encoding": encoding,
        },
    ]
