"""The figures of the anecdote machine: changes of the untreated, best cases, gains of nothing."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from alssim.present.anecdote_words import best_case, texts
from alssim.present.charts import LIGHT, Palette
from alssim.present.panels import DPI, SIZE
from alssim.present.words import months_in_words
from alssim.present.words import texts as common_texts
from alssim.statistics.followup import FloatArray
from alssim.studies.biases import WrongAndRight
from alssim.studies.untreated import Untreated

LOWEST = -12  # points; larger falls are drawn here
VISIBLE = 0.05  # of 100; less is not drawn


def anecdote_figure(found: Untreated, palette: Palette = LIGHT) -> Figure:
    """Draw the changes of all untreated people above the best case of a clinic's few.

    Gains are drawn in the second colour and hatched, falls and no change in the first.
    """
    figure = Figure(figsize=(SIZE[0], 7.0), dpi=DPI, facecolor=palette.paper)
    upper, lower = figure.subplots(2, 1)
    figure.subplots_adjust(left=0.1, right=0.97, top=0.93, bottom=0.13, hspace=0.5)
    words, best = texts()["figures"], best_case(found)
    change = found.changes.total
    values, counts = np.unique(np.where(np.isnan(change), -np.inf, change), return_counts=True)
    after = months_in_words(found.changes.after)
    _bars(upper, values, counts / len(change), words["died"], palette)
    _finish(upper, words["changes"].format(after=after), words["changes_axis"], palette)
    upper.set_ylabel(words["changes_unit"], color=palette.muted)
    _bars(lower, best.change, best.share, words["no_case"], palette)
    _finish(lower, words["best"], words["best_axis"].format(size=best.size), palette)
    lower.set_ylabel(words["best_unit"], color=palette.muted)
    _note(figure, palette)
    return figure


def bias_figure(found: Untreated, palette: Palette = LIGHT) -> Figure:
    """Draw each bias that could be counted: the wrong gain beside the right one, with 95 %."""
    words = texts()["figures"]
    shown = {words[name]: one for name, one in gains(found).items()}
    figure = Figure(figsize=SIZE, dpi=DPI, facecolor=palette.paper)
    columns = max(len(shown), 1)
    panels = figure.subplots(1, columns, squeeze=False)[0]
    figure.subplots_adjust(left=0.08, right=0.97, top=0.8, bottom=0.2, wspace=0.4)
    figure.text(0.02, 0.93, words["biases"], color=palette.ink, fontsize=12, fontweight="bold")
    for axes, (title, one) in zip(panels, shown.items(), strict=False):
        _wrong_beside_right(axes, one, palette)
        _finish(axes, title, "", palette)
    _note(figure, palette)
    return figure


def gains(found: Untreated) -> dict[str, WrongAndRight]:
    """Return the gain of each bias that could be counted, in months or points a month."""
    shown = {}
    if found.regression is not None:
        shown["regression"] = found.regression.gain
    if found.waiting is not None:
        shown["waiting"] = found.waiting.months
    if found.asking is not None:
        shown["asking"] = found.asking.gain
    return shown


def _bars(axes: Axes, change: FloatArray, share: FloatArray, gone: str, palette: Palette) -> None:
    """Draw shares by change in points; who has died stands at the left end."""
    place = np.where(np.isinf(change), LOWEST - 2, np.maximum(change, LOWEST))
    better = change > 0
    for rows, colour, hatch in ((~better, palette.mark(0), ""), (better, palette.mark(1), "///")):
        heights = np.bincount(
            (place[rows] - LOWEST + 2).astype(np.int64), weights=100 * share[rows]
        )
        spots = np.flatnonzero(heights >= VISIBLE)
        axes.bar(
            spots + LOWEST - 2,
            heights[spots],
            color=colour,
            hatch=hatch,
            edgecolor=palette.paper,
        )
    highest = max(4, int(change.max()) if np.isfinite(change.max()) else 4)
    ticks = list(range(LOWEST, highest + 1, 2))
    labels = [f"≤ {LOWEST}", *(f"{tick:+d}" if tick else "0" for tick in ticks[1:])]
    axes.set_xticks([LOWEST - 2, *ticks], [gone, *labels])
    axes.set_xlim(LOWEST - 3, highest + 1)


def _wrong_beside_right(axes: Axes, found: WrongAndRight, palette: Palette) -> None:
    words = texts()["figures"]
    axes.axhline(found.nothing, color=palette.muted, linewidth=1, linestyle=(0, (3, 3)))
    for place, (one, marker) in enumerate(((found.wrong, "X"), (found.right, "o"))):
        colour = palette.mark(1 - place)
        axes.plot([place, place], [one.low, one.high], color=colour, linewidth=2)
        axes.plot(place, one.value, marker, color=colour, markersize=9)
    axes.set_xticks([0, 1], [words["wrong"], words["right"]])
    axes.set_xlim(-0.6, 1.6)


def _finish(axes: Axes, title: str, axis: str, palette: Palette) -> None:
    axes.set_title(title, loc="left", fontsize=11, fontweight="bold", color=palette.ink)
    axes.set_xlabel(axis, color=palette.muted)
    axes.set_facecolor(palette.paper)
    axes.grid(axis="y", color=palette.grid, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, colors=palette.muted)
    for side in axes.spines.values():
        side.set_visible(False)


def _note(figure: Figure, palette: Palette) -> None:
    note = common_texts()["charts"]["virtual"]
    figure.text(0.02, 0.018, note, color=palette.muted, fontsize=8)
