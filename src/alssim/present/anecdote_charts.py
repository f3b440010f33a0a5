"""Charts of the anecdote machine for the app: changes, best cases, a gain where there is none."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from alssim.present.anecdote_figures import LOWEST, VISIBLE, gains
from alssim.present.anecdote_words import best_case, gain_with_interval, of_hundred, texts
from alssim.present.charts import LIGHT, Palette
from alssim.present.vega_parts import Spec, framed, plain_axis, quantity
from alssim.present.words import months_in_words
from alssim.statistics.followup import FloatArray
from alssim.studies.anecdotes import TOTAL
from alssim.studies.biases import WrongAndRight
from alssim.studies.untreated import Untreated

GONE = LOWEST - 2  # where who has died stands
HIGHEST = 4  # points that are shown at least
UNITS: Mapping[str, str] = {"regression": "monthly", "waiting": "months", "asking": "monthly"}


def changes_spec(found: Untreated, palette: Palette = LIGHT) -> Spec:
    """Return the changes of all untreated people; gains stand out by colour and by an edge."""
    words, change = texts()["figures"], found.changes.total
    values, counts = np.unique(np.where(np.isnan(change), -np.inf, change), return_counts=True)
    title = words["changes"].format(after=months_in_words(found.changes.after))
    shares = counts / len(change)
    return _changes(values, shares, title, words["changes_axis"], words["died"], palette)


def changes_alt(found: Untreated) -> str:
    """Say what the chart of changes shows."""
    seen = found.look(TOTAL)
    said = texts()["sentences"]["total"]
    parts = ("improved", "stable", "declined", "died")
    told = said.format(**{name: of_hundred(getattr(seen, name)) for name in parts})
    title = texts()["figures"]["changes"].format(after=months_in_words(found.changes.after))
    return f"{title}. {told}"


def best_spec(found: Untreated, palette: Palette = LIGHT) -> Spec:
    """Return the best case that a clinic can show, of 100 clinics."""
    words, best = texts()["figures"], best_case(found)
    axis = words["best_axis"].format(size=best.size)
    return _changes(best.change, best.share, words["best"], axis, words["no_case"], palette)


def best_alt(found: Untreated) -> str:
    """Say what the chart of best cases shows."""
    best, words = best_case(found), texts()
    told = words["sentences"]["best"].format(
        size=best.size, one=of_hundred(best.at_least(1)), two=of_hundred(best.at_least(2))
    )
    return f"{words['figures']['best']}. {told}"


def _changes(
    change: FloatArray, share: FloatArray, title: str, axis: str, gone: str, palette: Palette
) -> Spec:
    place = np.where(np.isinf(change), GONE, np.maximum(change, LOWEST)).astype(int)
    people = np.bincount(place - GONE, weights=100 * share)
    top = max(HIGHEST, int(place.max()))
    values = [
        {
            "change": spot + GONE,
            "from": spot + GONE - 0.42,
            "to": spot + GONE + 0.42,
            "people": round(float(size), 2),
            "better": spot + GONE > 0,
        }
        for spot, size in enumerate(people.tolist())
        if size >= VISIBLE
    ]
    ticks = list(range(LOWEST, top + 1, 4))
    labels = {GONE: gone, LOWEST: f"≤{LOWEST}".replace("-", "−")}
    named = "".join(f"datum.value == {at} ? '{text}' : " for at, text in labels.items())
    sign = "datum.value > 0 ? '+' + datum.value : replace('' + datum.value, '-', '−')"
    shown = {**plain_axis(palette), "values": [GONE, *ticks], "labelExpr": named + sign}
    colour = {
        "condition": {"test": "datum.better", "value": palette.mark(1)},
        "value": palette.mark(0),
    }
    return framed(
        palette,
        title=title,
        height=250,
        data={"values": values},
        mark={"type": "rect", "strokeWidth": 1.5},
        encoding={
            "x": {
                "field": "from",
                "type": "quantitative",
                "title": axis,
                "scale": {"domain": [GONE - 1, top + 1], "nice": False},
                "axis": {**shown, "labelOverlap": False},
            },
            "x2": {"field": "to"},
            "y": quantity("people", axis={**plain_axis(palette), "title": None, "grid": True}),
            "y2": {"datum": 0},
            "color": colour,
            "fillOpacity": {"condition": {"test": "datum.better", "value": 0.55}, "value": 1},
            "stroke": colour,
            "tooltip": [{"field": "change"}, {"field": "people", "type": "quantitative"}],
        },
    )


# ------------------------------------------------------------------------------------ the biases


def bias_specs(found: Untreated, palette: Palette = LIGHT) -> dict[str, Spec]:
    """Return the wrong gain beside the right one, for each bias that could be counted."""
    return {name: _wrong_beside_right(name, one, palette) for name, one in gains(found).items()}


def bias_alt(found: Untreated, name: str) -> str:
    """Say what the chart of a bias shows."""
    one, words = gains(found)[name], texts()["figures"]
    title = words[name].replace("\n", " ")
    wrong, right = (gain_with_interval(way, UNITS[name]) for way in (one.wrong, one.right))
    ways = (words["wrong"].replace("\n", " "), words["right"].replace("\n", " "))
    return f"{title}. {ways[0]}: {wrong}; {ways[1]}: {right}."


def _wrong_beside_right(name: str, one: WrongAndRight, palette: Palette) -> Spec:
    words = texts()["figures"]
    ways = [words[way].replace("\n", " ") for way in ("wrong", "right")]
    values = [
        {"way": way, "gain": found.value, "low": found.low, "high": found.high}
        for way, found in zip(ways, (one.wrong, one.right), strict=True)
    ]
    colour: dict[str, Any] = {
        "field": "way",
        "type": "nominal",
        "legend": None,
        "scale": {"domain": ways, "range": [palette.mark(1), palette.mark(0)]},
    }
    shape = {**colour, "scale": {"domain": ways, "range": ["square", "circle"]}}
    axis = {**plain_axis(palette), "labelAngle": 0, "title": None, "labelColor": palette.ink}
    axis |= {"labelExpr": "split(datum.label, ' ')", "labelAlign": "center"}
    place = {"x": {"field": "way", "type": "nominal", "sort": ways, "axis": axis}}
    zero = {"type": "rule", "color": palette.muted, "strokeDash": [4, 4]}
    return framed(
        palette,
        title=words[name].split("\n"),
        height=230,
        data={"values": values},
        layer=[
            {
                "data": {"values": [{"gain": one.nothing}]},
                "mark": zero,
                "encoding": _height("gain", palette),
            },
            {
                "mark": {"type": "rule", "strokeWidth": 3},
                "encoding": {
                    **place,
                    **_height("low", palette),
                    "y2": {"field": "high"},
                    "color": colour,
                },
            },
            {
                "mark": {"type": "point", "filled": True, "size": 170, "opacity": 1},
                "encoding": {
                    **place,
                    **_height("gain", palette),
                    "color": colour,
                    "shape": shape,
                },
            },
        ],
    )


def _height(field: str, palette: Palette) -> Spec:
    axis = {**plain_axis(palette), "title": None, "grid": True, "tickCount": 5}
    return {"y": quantity(field, axis=axis)}
