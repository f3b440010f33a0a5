"""Figures of function, and of where variation comes from."""

import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from alssim.present.charts import LIGHT, Palette
from alssim.present.comparison_words import told, variation_sentence
from alssim.present.panels import DPI, SIZE, finish, note, one_panel, sentence_below, title_above
from alssim.present.words import Names, arm_name, number, of_100, texts
from alssim.statistics.survival import Estimate
from alssim.studies.comparison.arms import Comparison
from alssim.studies.comparison.function import AbleMonths, ScoreDifference
from alssim.studies.variation import Variation

BAR = 0.38
WIDEST_NAME = 34  # letters in a line
NARROWEST = 4.0  # of 100; no number is written into a narrower part


def able_figure(
    comparison: Comparison,
    found: Sequence[AbleMonths],
    arm: int = 1,
    names: Names | None = None,
    palette: Palette = LIGHT,
) -> Figure:
    """Draw the months without help with usual care and with one arm.

    Beside the bars: the difference, with its interval over the same patients.
    """
    figure = Figure(figsize=SIZE, dpi=DPI, facecolor=palette.paper)
    axes = figure.add_axes((0.27, 0.17, 0.69, 0.72))
    for row, place in ((0, -BAR / 2), (arm, BAR / 2)):
        months = [one.months[row] for one in found]
        axes.barh(
            np.arange(len(found)) + place,
            [one.value for one in months],
            height=BAR,
            color=palette.mark(row),
            label=arm_name(comparison.arms[row], names),
        )
    for where, able in enumerate(found):
        axes.annotate(
            _difference(able.difference[arm]),
            (able.months[arm].value, where + BAR / 2),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            fontsize=9,
            color=palette.word(arm),
        )
    axes.margins(x=0.3)
    words = told()["able"]
    labels = [words["what"].get(one.name, one.name) for one in found]
    axes.set_yticks(range(len(found)), labels)
    axes.invert_yaxis()
    axes.legend(frameon=False, labelcolor=palette.ink)
    title_above(figure, palette, words["title"])
    finish(axes, palette, "", words["axis"])
    axes.grid(visible=False, axis="y")
    axes.grid(axis="x", color=palette.grid, linewidth=0.8)
    note(figure, palette)
    return figure


def _difference(found: Estimate) -> str:
    words = told()["able"]
    if not (found.low > 0 or found.high < 0):
        return str(words["label_same"])
    low, high = sorted((number(found.low), number(found.high)), key=float)
    text = words["label_more" if found.low > 0 else "label_fewer"]
    return str(text.format(n=number(found.value), low=low, high=high))


def score_figure(
    comparison: Comparison,
    found: Sequence[ScoreDifference],
    arm: int = 1,
    names: Names | None = None,
    palette: Palette = LIGHT,
) -> Figure:
    """Draw the ALSFRS-R difference of those alive both ways, month by month, with its interval."""
    figure, axes = one_panel(palette)
    months = [one.month for one in found]
    value, low, high = np.array(
        [
            [one.difference[arm].value, one.difference[arm].low, one.difference[arm].high]
            for one in found
        ]
    ).T
    axes.fill_between(months, low, high, color=palette.mark(arm), alpha=0.18, linewidth=0)
    axes.plot(months, value, color=palette.mark(arm), linewidth=2, marker="o", markersize=3)
    axes.axhline(0, color=palette.muted, linewidth=0.8)
    title = told()["score"]["title"].format(arm=arm_name(comparison.arms[arm], names))
    finish(axes, palette, title, texts()["clock"][comparison.clock]["axis"])
    note(figure, palette)
    return figure


def variation_figure(found: Variation, what: str, palette: Palette = LIGHT) -> Figure:
    """Draw the parts of the variation in ``what`` side by side, of 100."""
    return variations_figure([(what, found)], palette)


def variations_figure(found: Sequence[tuple[str, Variation]], palette: Palette = LIGHT) -> Figure:
    """Draw the parts of the variation of several numbers, one bar each; words say which.

    Below is the sentence of the first.
    """
    figure, axes = _bars_of(len(found), palette)
    for row, (_, one) in enumerate(found):
        _draw_parts(axes, row, one, palette)
    axes.set(xlim=(0, 100), yticks=[])
    if len(found) > 1:
        names = [textwrap.fill(what, WIDEST_NAME, break_on_hyphens=False) for what, _ in found]
        axes.set_yticks(range(len(found)), names)
    axes.invert_yaxis()
    top = (0.08, 1 - 0.48 / figure.get_figheight())
    look: dict[str, Any] = {"loc": "upper left", "ncols": 3, "fontsize": 9, "frameon": False}
    figure.legend(bbox_to_anchor=top, labelcolor=palette.ink, **look)
    words = told()["variation"]
    single = words["title"].format(what=found[0][0])
    title_above(figure, palette, single if len(found) == 1 else words["title_all"])
    finish(axes, palette, "", words["axis"])
    sentence_below(figure, variation_sentence(found[0][1], found[0][0]), palette)
    note(figure, palette)
    return figure


def _bars_of(rows: int, palette: Palette) -> tuple[Figure, Axes]:
    """Return a figure with room for so many bars, and for their names where there are several."""
    height, left = 2.6 + 0.6 * rows, 0.09 if rows == 1 else 0.4
    figure = Figure(figsize=(SIZE[0], height), dpi=DPI, facecolor=palette.paper)
    bottom = 1.44 / height
    return figure, figure.add_axes((left, bottom, 0.97 - left, 1 - bottom - 0.86 / height))


def _draw_parts(axes: Axes, row: int, found: Variation, palette: Palette) -> None:
    words, begin = told()["variation"], 0.0
    counts = of_100(found.shares) if sum(found.shares) else (0, 0, 0)
    for place, (name, part) in enumerate((("between", 1), ("within", 0), ("parameters", 2))):
        width, label = 100 * found.shares[part], words[f"{name}_label"]
        shown = label if row == 0 and (name != "parameters" or found.members > 1) else None
        axes.barh(row, width, left=begin, height=0.6, color=palette.mark(place), label=shown)
        if width >= NARROWEST:
            axes.text(
                begin + width / 2,
                row,
                str(counts[part]),
                ha="center",
                va="center",
                color=palette.paper,
                fontweight="bold",
            )
        begin += width
