"""What all drawn figures share: a panel, its title and axis, a sentence below, the notice."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from alssim.present.charts import Palette
from alssim.present.words import texts

SIZE = (8.0, 5.0)  # inches
DPI = 150


def one_panel(palette: Palette) -> tuple[Figure, Axes]:
    """Return a figure with one panel and room for a sentence below."""
    figure = Figure(figsize=SIZE, dpi=DPI, facecolor=palette.paper)
    return figure, figure.add_axes((0.09, 0.22, 0.88, 0.68))


def finish(axes: Axes, palette: Palette, title: str, axis: str, pad: float = 6) -> None:
    """Give a panel its title, the name of its axis and the look of the house."""
    axes.set_title(
        title,
        loc="left",
        fontsize=11,
        fontweight="bold",
        color=palette.ink,
        pad=pad,
        parse_math=False,
    )
    axes.set_xlabel(axis, color=palette.muted)
    axes.set_facecolor(palette.paper)
    axes.grid(axis="y", color=palette.grid, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, colors=palette.muted)
    for side in axes.spines.values():
        side.set_visible(False)


def title_above(figure: Figure, palette: Palette, title: str) -> None:
    """Write a title over the whole figure, where the names beside a panel are long."""
    top = 1 - 0.28 / figure.get_figheight()
    figure.text(
        0.09 * SIZE[0] / figure.get_figwidth(),
        top,
        title,
        va="center",
        fontsize=11,
        fontweight="bold",
        color=palette.ink,
        parse_math=False,
    )


def sentence_below(figure: Figure, sentence: str, palette: Palette) -> None:
    """Write a sentence below the panel."""
    figure.text(
        0.09,
        0.055,
        sentence,
        va="bottom",
        color=palette.ink,
        fontsize=9,
        wrap=True,
        parse_math=False,
    )


def note(figure: Figure, palette: Palette) -> None:
    """Write the notice that the patients are virtual."""
    figure.text(0.09, 0.018, texts()["charts"]["virtual"], color=palette.muted, fontsize=8)
