"""Charts of a comparison for the app: where gained time is lived; chance and knowledge."""

from dataclasses import replace

import numpy as np

from alssim.present.charts import LIGHT, Palette
from alssim.present.comparison_words import stage_name, stays_sentence, told, worlds_sentence
from alssim.present.ensemble_words import alive_sentence
from alssim.present.plain_charts import Line, lines_spec
from alssim.present.vega_parts import Spec, framed, plain_axis, quantity
from alssim.present.words import Names, arm_name, months_in_words, texts
from alssim.studies.comparison.arms import Comparison
from alssim.studies.comparison.stays import Stay, Stays
from alssim.studies.comparison.worlds import ManyWorlds

ROW = 46  # pixels of a stage: its words, and its bar below them
WORDS, TOP, BOTTOM = 0.22, 0.46, 0.82  # places within a row


def stays_spec(
    comparison: Comparison,
    found: Stays,
    palette: Palette = LIGHT,
    names: Names | None = None,
    arm: int = 1,
) -> Spec:
    """Return a bar for each stage: months more to the right, months less, hollow, to the left.

    A thin line is the 95 % interval. The words of a stage stand above its bar.
    """
    rows = _lived(found)
    words = told()["stays"]
    ends = [end for stay in rows for end in (stay.difference[arm].low, stay.difference[arm].high)]
    low, high = min(0.0, *ends), max(0.0, *ends)
    room = 0.04 * max(high - low, 0.1)
    limits = [round(low - room, 3), round(high + room, 3)]
    return framed(
        palette,
        title=words["short"],
        height=ROW * len(rows) + 44,
        data={"values": []},
        encoding={
            "x": quantity(
                "x",
                title=words["axis"].format(usual=arm_name(comparison.arms[0], names)),
                scale={"domain": limits, "nice": False, "zero": False},
                axis={**plain_axis(palette), "grid": True, "tickCount": 6},
            ),
            "y": quantity("y", scale={"domain": [len(rows), 0], "nice": False}, axis=None),
        },
        layer=[
            *_bars(found, rows, arm, palette),
            _intervals(rows, arm, palette),
            _zero(len(rows), palette),
            *_stage_names(found, rows, limits[0], palette),
        ],
    )


def stays_alt(
    comparison: Comparison, found: Stays, names: Names | None = None, arm: int = 1
) -> str:
    """Say what the chart of stages shows, for people who do not see it."""
    title = told()["stays"]["title"].format(arm=arm_name(comparison.arms[arm], names))
    return f"{title}. {stays_sentence(comparison, found, arm, names)}"


def _lived(found: Stays) -> list[Stay]:
    return [stay for stay in found.stages if any(one.value for one in stay.months)]


def _bars(found: Stays, rows: list[Stay], arm: int, palette: Palette) -> list[Spec]:
    layers: list[Spec] = []
    for gained in (True, False):
        values = [
            {
                "x": 0,
                "end": round(stay.difference[arm].value, 3),
                "y": place + TOP,
                "y2": place + BOTTOM,
                "name": stage_name(found.scale, stay.stage),
                "text": _more_or_less(stay.difference[arm].value),
            }
            for place, stay in enumerate(rows)
            if (stay.difference[arm].value >= 0) == gained
        ]
        colour = palette.mark(arm if gained else 0)
        hollow = {} if gained else {"fillOpacity": 0.25, "stroke": colour, "strokeWidth": 1.5}
        shown = [{"field": "name", "title": " "}, {"field": "text", "title": "  "}]
        layers.append(
            {
                "data": {"values": values},
                "mark": {"type": "rect", "color": colour, **hollow},
                "encoding": {
                    "x2": {"field": "end"},
                    "y2": {"field": "y2"},
                    "tooltip": [{**one, "type": "nominal"} for one in shown],
                },
            }
        )
    return [layer for layer in layers if layer["data"]["values"]]


def _more_or_less(months: float) -> str:
    kind = "more" if months >= 0 else "fewer"
    return str(told()["stays"][kind].format(months=months_in_words(months), where="")).strip()


def _intervals(rows: list[Stay], arm: int, palette: Palette) -> Spec:
    middle = (TOP + BOTTOM) / 2
    values = [
        {"x": round(one.low, 3), "end": round(one.high, 3), "y": place + middle}
        for place, one in enumerate(stay.difference[arm] for stay in rows)
    ]
    mark = {"type": "rule", "strokeWidth": 1.5, "color": palette.ink}
    return {"data": {"values": values}, "mark": mark, "encoding": {"x2": {"field": "end"}}}


def _zero(rows: int, palette: Palette) -> Spec:
    ends = ({"x": 0, "y": place + TOP - 0.06, "y2": place + BOTTOM + 0.06} for place in range(rows))
    return {
        "data": {"values": list(ends)},
        "mark": {"type": "rule", "color": palette.muted},
        "encoding": {"y2": {"field": "y2"}},
    }


def _stage_names(found: Stays, rows: list[Stay], left: float, palette: Palette) -> list[Spec]:
    values = [
        {"x": left, "y": place + WORDS, "text": stage_name(found.scale, stay.stage)}
        for place, stay in enumerate(rows)
    ]
    mark = {"type": "text", "align": "left", "baseline": "middle", "fontSize": 13}
    halo = {"color": palette.paper, "stroke": palette.paper, "strokeWidth": 5}
    return [
        {
            "data": {"values": values},
            "mark": {**mark, **look},
            "encoding": {"text": {"field": "text", "type": "nominal"}},
        }
        for look in (halo, {"color": palette.ink})
    ]


# ---------------------------------------------------------------------- chance and knowledge


def worlds_spec(
    found: ManyWorlds, palette: Palette = LIGHT, names: Names | None = None, arm: int = 1
) -> Spec:
    """Return survival of the baseline and of one arm, each with the bands of both kinds.

    Filled: chance in a cohort of this size. Between the dotted lines: the other sets.
    """
    first, bands = found.comparisons[0], found.bands
    arms = (0, arm)
    lines = [
        Line(
            arm_name(first.arms[row], names),
            bands.months,
            100 * bands.alive[row],
            100 * bands.chance_low[row],
            100 * bands.chance_high[row],
            steps=True,
        )
        for row in arms
    ]
    words = texts()
    ticks = (np.arange(0, bands.months[-1] + 1, 24).tolist(), (0, 25, 50, 75, 100))
    return lines_spec(
        lines,
        words["endpoint"][first.endpoint]["chart"],
        (words["clock"][first.clock]["axis"], ""),
        (0, 100),
        ticks,
        replace(palette, marks=tuple(palette.mark(row) for row in arms)),
        [_edge(found, row, edge, palette.mark(row)) for row in arms for edge in (0, 1)],
    )


def worlds_alt(
    found: ManyWorlds, names: Names | None = None, arm: int = 1, month: float | None = None
) -> str:
    """Say what the chart with both bands shows, for people who do not see it."""
    words = told()["worlds"]
    bands = f"{words['chance_band']}; {words['known_band'].format(members=len(found.comparisons))}"
    said = (alive_sentence(found, month, names), worlds_sentence(found, arm, names))
    return f"{bands[:1].upper()}{bands[1:]}. {' '.join(said)}"


def bands_legend(found: ManyWorlds) -> tuple[str, str]:
    """Return the words of both bands."""
    words = told()["worlds"]
    return words["chance_band"], words["known_band"].format(members=len(found.comparisons))


def _edge(found: ManyWorlds, arm: int, edge: int, colour: str) -> Spec:
    """Return one limit of the band of knowledge as a dotted line."""
    bands = found.bands
    limit = 100 * (bands.known_low, bands.known_high)[edge][arm]
    values = [
        {"x": round(month, 3), "y": round(people, 3)}
        for month, people in zip(bands.months.tolist(), limit.tolist(), strict=True)
        if np.isfinite(people)
    ]
    mark = {"type": "line", "strokeDash": [2, 3], "strokeWidth": 1.6, "color": colour}
    return {"data": {"values": values}, "mark": {**mark, "interpolate": "step-after"}}
