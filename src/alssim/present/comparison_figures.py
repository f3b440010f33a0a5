"""Figures of a comparison beyond the curves: where gained time is lived; chance and knowledge."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from alssim.present.charts import LIGHT, Palette
from alssim.present.comparison_words import stage_name, stays_sentence, told, worlds_sentence
from alssim.present.ensemble_words import alive_sentence
from alssim.present.figures import line_style
from alssim.present.panels import DPI, SIZE, finish, note, sentence_below, title_above
from alssim.present.words import Names, arm_name, texts
from alssim.studies.comparison.arms import Comparison
from alssim.studies.comparison.stays import Stays
from alssim.studies.comparison.worlds import Bands, ManyWorlds

CHANCE, KNOWN = 0.25, 0.1  # opacity of the bands


def stays_figure(
    comparison: Comparison,
    found: Stays,
    arm: int = 1,
    names: Names | None = None,
    palette: Palette = LIGHT,
) -> Figure:
    """Draw in which stages an arm adds time and in which it takes time away, with intervals.

    Bars to the right are months gained, bars to the left, hatched, months lost.
    """
    figure = Figure(figsize=(SIZE[0], SIZE[1] + 0.7), dpi=DPI, facecolor=palette.paper)
    axes = figure.add_axes((0.43, 0.33, 0.53, 0.58))
    rows = [stay for stay in found.stages if any(one.value for one in stay.months)]
    for place, stay in enumerate(rows):
        gained = stay.difference[arm]
        axes.barh(
            place,
            gained.value,
            color=palette.mark(arm if gained.value >= 0 else 0),
            hatch="" if gained.value >= 0 else "///",
            edgecolor=palette.paper,
        )
        axes.plot([gained.low, gained.high], [place, place], color=palette.ink, linewidth=1.2)
    axes.set_yticks(range(len(rows)), [stage_name(found.scale, stay.stage) for stay in rows])
    axes.invert_yaxis()
    words, usual = told()["stays"], arm_name(comparison.arms[0], names)
    name = arm_name(comparison.arms[arm], names)
    title_above(figure, palette, words["title"].format(arm=name))
    finish(axes, palette, "", words["axis"].format(usual=usual))
    axes.grid(visible=False, axis="y")
    axes.grid(axis="x", color=palette.grid, linewidth=0.8)
    axes.axvline(0, color=palette.muted, linewidth=0.8)
    sentence_below(figure, stays_sentence(comparison, found, arm, names), palette)
    note(figure, palette)
    return figure


def worlds_figure(
    found: ManyWorlds, arm: int = 1, names: Names | None = None, palette: Palette = LIGHT
) -> Figure:
    """Draw survival with usual care and with one arm, each with the bands of both kinds.

    The filled band is chance in a cohort of this size; between dotted lines lie the curves of
    the other sets of parameters. Arm 0 is drawn alone.
    """
    figure = Figure(figsize=SIZE, dpi=DPI, facecolor=palette.paper)
    axes = figure.add_axes((0.09, 0.25, 0.88, 0.65))
    first = found.comparisons[0]
    for row in sorted({0, arm}):
        _draw_bands(axes, found.bands, row, arm_name(first.arms[row], names), palette)
    axes.set(xlim=(0, float(found.bands.months[-1])), ylim=(0, 100))
    lines = axes.get_legend_handles_labels()[0]
    samples = _samples(len(found.comparisons), palette)
    handles = [*lines, *samples]
    axes.legend(handles=handles, frameon=False, loc="upper right", labelcolor=palette.ink)
    words = texts()
    chart, axis = words["endpoint"][first.endpoint]["chart"], words["clock"][first.clock]["axis"]
    finish(axes, palette, chart, axis)
    said = worlds_sentence(found, arm, names) if arm else alive_sentence(found, None, names)
    sentence_below(figure, said, palette)
    note(figure, palette)
    return figure


def _samples(members: int, palette: Palette) -> tuple[Patch, Patch]:
    """Return what names the two bands in a legend."""
    words = told()["worlds"]
    return (
        Patch(facecolor=(palette.ink, CHANCE), label=words["chance_band"]),
        Patch(**_outline(palette.ink), label=words["known_band"].format(members=members)),
    )


def _outline(colour: str) -> dict[str, Any]:
    """Return the look of the band of knowledge: dotted, so that it is seen within the other."""
    return {"facecolor": (colour, KNOWN), "edgecolor": colour, "linewidth": 1.0, "linestyle": ":"}


def _draw_bands(axes: Axes, bands: Bands, arm: int, name: str, palette: Palette) -> None:
    months, colour = bands.months, palette.mark(arm)
    known, chance = (
        (100 * np.array([low[arm], high[arm]]))
        for low, high in (
            (bands.known_low, bands.known_high),
            (bands.chance_low, bands.chance_high),
        )
    )
    axes.fill_between(months, *chance, color=colour, alpha=CHANCE, linewidth=0)
    axes.fill_between(months, *known, **_outline(colour))
    style = line_style(arm)
    axes.plot(
        months, 100 * bands.alive[arm], color=colour, linewidth=2, linestyle=style, label=name
    )
