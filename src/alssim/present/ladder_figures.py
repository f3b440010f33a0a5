"""Figures of the effect-size ladder: curves by start, and a map of size and start."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from alssim.present.charts import LIGHT, Palette
from alssim.present.comparison_words import told
from alssim.present.figures import line_style
from alssim.present.ladder_words import start_name, target_name
from alssim.present.panels import DPI, SIZE, finish, note, title_above
from alssim.present.words import months_in_words, number
from alssim.statistics.followup import FloatArray
from alssim.studies.ladder import MEANINGFUL, Ladder, Rung

TALLEST = 60.0  # months; the curves of very large effects leave the panel at the top


def ladder_figure(
    ladder: Ladder,
    target: str | None = None,
    months: float = MEANINGFUL,
    palette: Palette = LIGHT,
) -> Figure:
    """Draw the median months gained by size, one curve for each start.

    A line marks the months that matter. Shaded: what other sets of parameters give.
    """
    wanted = target or ladder.targets[0]
    figure = Figure(figsize=(SIZE[0], SIZE[1] + 1.0), dpi=DPI, facecolor=palette.paper)
    axes = figure.add_axes((0.09, 0.17, 0.88, 0.72))
    for place, start in enumerate(ladder.starts):
        _draw_row(axes, ladder.row(wanted, start), start, place, palette)
    axes.axhline(months, color=palette.ink, linewidth=0.9, linestyle=(0, (3, 3)))
    axes.annotate(
        months_in_words(months),
        (100 * ladder.sizes[0], months),
        xytext=(4, 4),
        textcoords="offset points",
        color=palette.ink,
        fontsize=9,
    )
    most = max(rung.median for rung in ladder.rungs if rung.step.target == wanted)
    axes.set(xlim=_across(ladder), ylim=(min(_lowest(ladder, wanted), 0.0), _top(most, months)))
    axes.legend(frameon=False, loc="upper left", labelcolor=palette.ink, fontsize=9)
    words = told("ladder")
    axes.set_ylabel(words["figure"]["months"], color=palette.muted)
    finish(axes, palette, target_name(wanted), words["figure"]["size"])
    note(figure, palette)
    if ladder.members > 1:
        known = words["figure"]["known"].format(members=ladder.members)
        figure.text(0.97, 0.018, known, ha="right", color=palette.muted, fontsize=8)
    return figure


def ladder_map(
    ladder: Ladder,
    target: str | None = None,
    months: float = MEANINGFUL,
    palette: Palette = LIGHT,
) -> Figure:
    """Draw the median months gained as a map of start and size, with the numbers in it.

    Numbers in bold reach the months that matter.
    """
    wanted = target or ladder.targets[0]
    gained = np.array(
        [[rung.median for rung in ladder.row(wanted, start)] for start in ladder.starts]
    )
    height = 1.6 + 0.45 * len(ladder.starts)
    figure = Figure(figsize=(SIZE[0] + 1.0, height), dpi=DPI, facecolor=palette.paper)
    axes = figure.add_axes((0.27, 0.9 / height, 0.71, 1 - 1.45 / height))
    shades = LinearSegmentedColormap.from_list("gain", [palette.paper, palette.mark(0)])
    axes.imshow(np.clip(gained, 0, 2 * months), cmap=shades, vmin=0, vmax=3 * months, aspect="auto")
    _write_numbers(axes, gained, months, palette)
    axes.set_xticks(range(len(ladder.sizes)), [f"{100 * size:.0f}" for size in ladder.sizes])
    axes.set_yticks(range(len(ladder.starts)), list(map(start_name, ladder.starts)))
    words = told("ladder")["figure"]
    title_above(figure, palette, f"{target_name(wanted)}: {words['map'].lower()}")
    finish(axes, palette, "", words["size"])
    axes.grid(visible=False)
    note(figure, palette)
    return figure


def row_colour(place: int, palette: Palette) -> str:
    """Return the colour of a start's curve; where the colours end, that of the text follows."""
    return palette.ink if place == len(palette.marks) else palette.mark(place)


def row_stroke(place: int, palette: Palette) -> int:
    """Return which stroke a start's curve has: colour and stroke together occur once."""
    return place if place < len(palette.marks) else place + 1


def _draw_row(axes: Axes, row: Sequence[Rung], start: str, place: int, palette: Palette) -> None:
    sizes = [100 * rung.step.size for rung in row]
    colour = row_colour(place, palette)
    if all(rung.known_median for rung in row):
        known = np.array([rung.known_median for rung in row]).T
        axes.fill_between(sizes, *known, color=colour, alpha=0.13, linewidth=0)
    medians = [rung.median for rung in row]
    style = line_style(row_stroke(place, palette))
    axes.plot(
        sizes,
        medians,
        color=colour,
        linewidth=2,
        linestyle=style,
        marker="o",
        markersize=3,
        label=start_name(start),
    )


def _write_numbers(axes: Axes, gained: FloatArray, months: float, palette: Palette) -> None:
    for (row, column), value in np.ndenumerate(gained):
        sign = "\N{MINUS SIGN}" if value <= -0.05 else ""
        weight = "bold" if value >= months else "normal"
        text = f"{sign}{number(float(value))}"
        axes.text(column, row, text, ha="center", va="center", color=palette.ink, fontweight=weight)


def _across(ladder: Ladder) -> tuple[float, float]:
    low, high = 100 * ladder.sizes[0], 100 * ladder.sizes[-1]
    return (low, high) if high > low else (low - 1, high + 1)


def _top(most: float, months: float) -> float:
    return max(min(1.05 * most, TALLEST), 1.5 * months)


def _lowest(ladder: Ladder, target: str) -> float:
    return 1.05 * min(rung.median for rung in ladder.rungs if rung.step.target == target)
