"""The figures of a validation: simulated courses, with the published numbers on them."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from alssim.present.charts import LIGHT, Palette
from alssim.present.figures import DPI, SIZE
from alssim.present.validation_words import texts
from alssim.present.words import texts as common_texts
from alssim.statistics.survival import SurvivalCurve
from alssim.studies.validation.outlines import (
    BY_AGE,
    BY_ONSET,
    MILESTONES,
    PLATEAUS,
    SPREAD,
    Band,
)
from alssim.studies.validation.study import Row, Validation
from alssim.studies.validation.targets import target

LONGEST = 120.0  # months of a survival curve


def figures(found: Validation, palette: Palette = LIGHT) -> dict[str, Figure]:
    """Return the figures of a validation by name, in order."""
    outlines, rows = found.outlines, {row.target.id: row for row in found.rows}
    return {
        "by_onset": survival_figure(outlines.by_onset, BY_ONSET, "by_onset", palette),
        "by_age": survival_figure(outlines.by_age, BY_AGE, "by_age", palette),
        "milestones": milestones_figure(outlines.milestones, palette),
        "score": course_figure(outlines.score, "score", 48.0, palette, outlines.latent),
        "capacity": course_figure(outlines.capacity, "capacity", 130.0, palette),
        "spread": shares_figure([rows[name] for name in SPREAD], "spread", palette),
        "plateaus": shares_figure([rows[name] for name in PLATEAUS], "plateaus", palette),
    }


def survival_figure(
    curves: Mapping[str, SurvivalCurve],
    medians: Mapping[str, str],
    title: str,
    palette: Palette = LIGHT,
) -> Figure:
    """Draw survival from the first symptom by group; a diamond marks each published median."""
    figure, axes = _panel(palette)
    for place, (name, curve) in enumerate(curves.items()):
        months = np.concatenate(([0.0], curve.times))
        alive = 100 * np.concatenate(([1.0], curve.survival))
        label = texts()["groups"][name]
        axes.step(months, alive, where="post", color=palette.mark(place), lw=2, label=label)
        axes.plot(target(medians[name]).value, 50, "D", color=palette.mark(place), mec=palette.ink)
    words = texts()["figures"]
    axes.plot([], [], "D", color=palette.muted, mec=palette.ink, label=words["published_median"])
    axes.set(xlim=(0, LONGEST), ylim=(0, 100), xticks=np.arange(0, LONGEST + 1, 12))
    axes.set_ylabel(words["survival_unit"], color=palette.muted)
    _finish(figure, axes, words[title], words["survival_axis"], palette)
    return figure


def milestones_figure(
    milestones: Mapping[str, tuple[float, float, float]], palette: Palette = LIGHT
) -> Figure:
    """Draw where King's milestones fall in the course of decedents."""
    figure, axes = _panel(palette)
    names = list(reversed(list(milestones)))
    for place, name in enumerate(names):
        low, middle, high = milestones[name]
        axes.barh(place, high - low, left=low, height=0.5, color=palette.mark(5), alpha=0.6)
        axes.plot([middle] * 2, [place - 0.25, place + 0.25], color=palette.mark(0), lw=3)
        axes.plot(target(MILESTONES[name]).value, place, "D", color=palette.mark(1))
    words = texts()["figures"]
    labels = [texts()["groups"][name] for name in names]
    axes.set(xlim=(0, 1), yticks=range(len(labels)), yticklabels=labels)
    _finish(figure, axes, words["milestones"], words["milestones_axis"], palette, legend=False)
    _caption(figure, words["milestones_note"], palette)
    return figure


def course_figure(
    band: Band, title: str, top: float, palette: Palette = LIGHT, latent: Band | None = None
) -> Figure:
    """Draw a measure after diagnosis: middle half and mean of the living, and the latent mean."""
    figure, axes = _panel(palette)
    axes.fill_between(band.months, band.low, band.high, color=palette.mark(0), alpha=0.2, lw=0)
    axes.plot(band.months, band.mean, color=palette.mark(0), lw=2)
    if latent is not None:
        axes.plot(latent.months, latent.mean, "--", color=palette.mark(1), lw=2)
    words = texts()["figures"]
    axes.set(xlim=(0, float(band.months[-1])), ylim=(0, top), xticks=band.months[::6])
    _finish(figure, axes, words[title], words["course_axis"], palette, legend=False)
    _caption(figure, words["course_note" if latent is None else "latent_note"], palette)
    return figure


def shares_figure(rows: list[Row], title: str, palette: Palette = LIGHT) -> Figure:
    """Draw simulated shares as bars beside the published ones with their intervals."""
    figure, axes = _panel(palette)
    words = texts()["figures"]
    places = np.arange(len(rows), dtype=np.float64)
    values = [100 * row.measured.values[0] if row.measured else np.nan for row in rows]
    axes.bar(places - 0.15, values, width=0.4, color=palette.mark(0), label=words["simulated"])
    middle = np.array([100 * row.target.value for row in rows])
    low = middle - [100 * row.target.lo for row in rows]
    high = np.array([100 * row.target.hi for row in rows]) - middle
    axes.errorbar(
        places + 0.25,
        middle,
        yerr=[low, high],
        fmt="D",
        color=palette.mark(1),
        capsize=4,
        label=words["published"],
    )
    labels = [texts()["groups"][row.target.id].replace(", ", ",\n") for row in rows]
    axes.set(xticks=places, xticklabels=labels, ylim=(0, None))
    _finish(figure, axes, words[title], "", palette)
    axes.set_ylabel(words["share_axis"], color=palette.muted)
    return figure


def _panel(palette: Palette) -> tuple[Figure, Axes]:
    figure = Figure(figsize=SIZE, dpi=DPI, facecolor=palette.paper)
    return figure, figure.add_axes((0.24, 0.2, 0.73, 0.7))


def _finish(
    figure: Figure, axes: Axes, title: str, axis: str, palette: Palette, legend: bool = True
) -> None:
    axes.set_title(title, loc="left", fontsize=11, fontweight="bold", color=palette.ink)
    axes.set_xlabel(axis, color=palette.muted)
    axes.set_facecolor(palette.paper)
    axes.grid(axis="y", color=palette.grid, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, colors=palette.muted)
    for side in axes.spines.values():
        side.set_visible(False)
    if legend:
        axes.legend(frameon=False, labelcolor=palette.ink)
    note = common_texts()["charts"]["virtual"]
    figure.text(0.02, 0.018, note, color=palette.muted, fontsize=8)


def _caption(figure: Figure, text: str, palette: Palette) -> None:
    figure.text(0.02, 0.06, text, color=palette.ink, fontsize=8, wrap=True, parse_math=False)
