"""Figures of function, and of where variation comes from."""

from collections.abc import Sequence

import numpy as np
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
    figure = Figure(figsize=(SIZE[0], 3.2), dpi=DPI, facecolor=palette.paper)
    axes = figure.add_axes((0.09, 0.45, 0.88, 0.28))
    words, begin = told()["variation"], 0.0
    within, between, parameters = (100 * share for share in found.shares)
    counts = of_100(found.shares) if sum(found.shares) else (0, 0, 0)
    parts = (
        ("between", between, counts[1]),
        ("within", within, counts[0]),
        ("parameters", parameters, counts[2]),
    )
    for place, (name, width, count) in enumerate(parts):
        label = f"{words[f'{name}_label']}: {count}"
        axes.barh(0, width, left=begin, color=palette.mark(place), label=label)
        begin += width
    axes.set(xlim=(0, 100), yticks=[])
    axes.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1), ncols=3, fontsize=9)
    title_above(figure, palette, words["title"].format(what=what))
    finish(axes, palette, "", words["axis"])
    sentence_below(figure, variation_sentence(found, what), palette)
    note(figure, palette)
    return figure
