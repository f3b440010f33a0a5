"""Figures for files and for print, drawn with matplotlib's ``Figure``; nothing here is global.

Every function returns a new figure, which belongs to the caller and to one thread. ``save`` writes
it with the record of the run inside, so that a figure can always be traced and made again.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Protocol

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from alssim.errors import UsageError
from alssim.present.charts import LIGHT, Palette, dash, label_spots, risk_months
from alssim.present.language import grouped
from alssim.present.panels import DPI as DPI
from alssim.present.panels import SIZE as SIZE
from alssim.present.panels import finish, note, one_panel, sentence_below
from alssim.present.words import Names, arm_name, gain_sentence, texts
from alssim.statistics.survival import FloatArray, SurvivalCurve, numbers_at_risk
from alssim.studies.comparison import Comparison, gain_histogram
from alssim.studies.counting import told_of

KINDS = ("png", "svg", "pdf")
PANEL_WIDTH, LABEL_HEIGHT, LABEL_LETTER = 403.0, 11.0, 4.8  # points; of a course and its labels


class Record(Protocol):
    """What was run: enough to run it again."""

    @property
    def version(self) -> str:
        """Version of the package."""

    @property
    def digest(self) -> str:
        """Digest of the parameters."""

    @property
    def people(self) -> int:
        """Seed of the people."""

    @property
    def fate(self) -> int:
        """Seed of their fate."""

    @property
    def date(self) -> str:
        """Day of the run."""

    @property
    def parameters(self) -> object:
        """Every parameter of the run."""


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """One virtual patient, month by month, while alive.

    months [month]; total [month] ALSFRS-R, 0-48; left [month, region] share of the lower motor
    neurons left, 0-1; regions: their names; milestones: words -> month.
    """

    months: NDArray[np.float64]
    total: NDArray[np.float64]
    left: NDArray[np.float64]
    regions: tuple[str, ...]
    milestones: Mapping[str, float]


def survival_figure(
    comparison: Comparison,
    names: Names | None = None,
    month: float | None = None,
    palette: Palette = LIGHT,
) -> Figure:
    """Draw the survival curves of all arms with 95 % bands, names and numbers at risk.

    ``month`` draws a line at a landmark; None draws none.
    """
    rows = len(comparison.arms)
    figure = Figure(figsize=(SIZE[0], SIZE[1] + 0.36 * rows), dpi=DPI, facecolor=palette.paper)
    bottom = (0.95 + 0.36 * rows) / figure.get_figheight()
    axes = figure.add_axes((0.09, bottom, 0.88, 0.92 - bottom))
    for arm, curve in enumerate(comparison.curves):
        _draw_curve(axes, curve, arm, palette)
    if month is not None:
        axes.axvline(month, color=palette.muted, linewidth=0.8, linestyle=(0, (3, 3)))
    _draw_names(axes, comparison, names, palette)
    _draw_at_risk(axes, comparison, names, palette)
    axes.set(xlim=(0, comparison.horizon), ylim=(0, 100))
    axes.set_xticks(risk_months(comparison.horizon))
    words = texts()
    note(figure, palette)
    clock, endpoint = words["clock"][comparison.clock], words["endpoint"][comparison.endpoint]
    finish(axes, palette, endpoint["chart"], clock["axis"])
    return figure


def gain_figure(
    comparison: Comparison, names: Names | None = None, arm: int = 1, palette: Palette = LIGHT
) -> Figure:
    """Draw how many of 100 patients, or of fewer, gain or lose how many months, each themselves."""
    bars, whole = gain_histogram(comparison.gain[arm]), told_of(comparison.patients)
    figure, axes = one_panel(palette)
    colours = np.where(bars.low >= 0.5, palette.mark(arm), palette.mark(0))
    colours[bars.low == -0.5] = palette.muted
    hatches = ["///" if high <= -0.5 else "" for high in bars.high.tolist()]
    axes.bar(
        bars.low,
        whole * bars.share,
        width=bars.high - bars.low,
        align="edge",
        color=colours.tolist(),
        edgecolor=palette.paper,
        hatch=hatches,
    )
    words = texts()["charts"]
    name = arm_name(comparison.arms[arm], names)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_ylabel(words["gain_count"].format(whole=whole), color=palette.muted)
    finish(axes, palette, words["gain_title"].format(arm=name, whole=whole), words["gain_axis"])
    sentence_below(figure, gain_sentence(comparison, names, arm), palette)
    note(figure, palette)
    return figure


def course_figure(course: Course, palette: Palette = LIGHT) -> Figure:
    """Draw one patient's ALSFRS-R total and the motor neurons left in every region."""
    rows = _label_rows(course)
    above = LABEL_HEIGHT * (max(rows.values(), default=-1) + 1)  # points
    height = 7.0 + above / 72
    figure = Figure(figsize=(SIZE[0], height), dpi=DPI, facecolor=palette.paper)
    upper, lower = figure.subplots(2, 1, sharex=True)
    figure.subplots_adjust(
        left=0.09, right=0.79, top=1 - (0.5 + above / 72) / height, bottom=0.11, hspace=0.28
    )
    upper.plot(course.months, course.total, color=palette.mark(0), linewidth=2.2)
    upper.set(ylim=(0, 48), yticks=[0, 12, 24, 36, 48])
    for region in range(len(course.regions)):
        _draw_region(lower, course, region, palette)
    _name_regions(lower, course, palette)
    lower.set(ylim=(0, 100))
    words = texts()["charts"]
    for label, month in course.milestones.items():
        _draw_milestone(upper, label, month, rows[label], palette)
    finish(upper, palette, words["alsfrs"], "", pad=6 + above)
    finish(lower, palette, words["neurons"], words["months_since_onset"])
    note(figure, palette)
    return figure


def rendered(figure: Figure, kind: str, record: Record) -> bytes:
    """Return a figure as the bytes of a PNG, SVG or PDF file that holds the record of the run.

    The record is JSON: in PNG and SVG files the "Description", in PDF files the "Subject".
    Raises ``UsageError`` for another kind.
    """
    if kind not in KINDS:
        raise UsageError(f"{kind!r} is not a kind of figure; choose one of: {', '.join(KINDS)}")
    file = BytesIO()
    figure.savefig(
        file, format=kind, metadata=_metadata(kind, record), facecolor=figure.get_facecolor()
    )
    return file.getvalue()


def save(figure: Figure, path: str | Path, record: Record) -> None:
    """Write a figure with the record of the run inside; the name's ending says the format.

    What the file held before stays until the new one is whole. Errors as ``rendered``.
    """
    place = Path(path)
    content = rendered(figure, place.suffix.removeprefix(".").lower(), record)
    unfinished = place.with_name(f"{place.name}.part")
    unfinished.write_bytes(content)
    unfinished.replace(place)


# ---------------------------------------------------------------------------------- survival


def _draw_curve(axes: Axes, curve: SurvivalCurve, arm: int, palette: Palette) -> None:
    months = np.concatenate(([0.0], curve.times, [max(curve.last, 0.0)]))
    people, low, high = (
        100 * np.concatenate(([1.0], row, row[-1:] if len(row) else [1.0]))
        for row in (curve.survival, curve.lower, curve.upper)
    )
    colour = palette.mark(arm)
    axes.fill_between(months, low, high, step="post", color=colour, alpha=0.18, linewidth=0)
    axes.step(months, people, where="post", color=colour, linewidth=2, linestyle=line_style(arm))


def line_style(arm: int) -> str | tuple[float, tuple[float, ...]]:
    """Return the stroke of an arm's line for matplotlib."""
    return (0.0, tuple(float(length) / 2 for length in dash(arm))) if arm else "-"


def _draw_names(axes: Axes, comparison: Comparison, names: Names | None, palette: Palette) -> None:
    for arm, spot in enumerate(label_spots(comparison)):
        if spot.key is not None:
            axes.plot(
                [spot.month, spot.key],
                [spot.people, spot.people],
                color=palette.mark(arm),
                linewidth=2,
                linestyle=line_style(arm),
            )
        axes.annotate(
            arm_name(comparison.arms[arm], names),
            (spot.month, spot.people),
            xytext=(5 if spot.side == "right" else -5, 0),
            textcoords="offset points",
            ha="left" if spot.side == "right" else "right",
            va="center",
            color=palette.word(arm),
            fontweight="bold",
            parse_math=False,
            path_effects=[withStroke(linewidth=3, foreground=palette.paper)],
        )


def _draw_at_risk(
    axes: Axes, comparison: Comparison, names: Names | None, palette: Palette
) -> None:
    months = risk_months(comparison.horizon)
    for arm, name in enumerate(comparison.arms):
        down = -44 - 26 * arm
        title = texts()["charts"]["at_risk"].format(arm=arm_name(name, names))
        _under(axes, 0, down, title, palette.muted, size=8, ha="left")
        counts = numbers_at_risk(comparison.time[arm], months, comparison.entry).tolist()
        for month, count in zip(months.tolist(), counts, strict=True):
            _under(axes, month, down - 11, grouped(count), palette.word(arm), size=9, ha="center")


def _under(
    axes: Axes, month: float, down: float, text: str, colour: str, *, size: float, ha: str
) -> None:
    axes.annotate(
        text,
        (month, 0),
        xytext=(0, down),
        textcoords="offset points",
        ha=ha,
        va="center",
        color=colour,
        fontsize=size,
        annotation_clip=False,
        parse_math=False,
    )


# -------------------------------------------------------------------------------- one patient


def _draw_region(axes: Axes, course: Course, region: int, palette: Palette) -> None:
    axes.plot(
        course.months,
        100 * course.left[:, region],
        color=palette.mark(region - 1) if region else palette.ink,
        linestyle=line_style(region),
        linewidth=1.6,
    )


def _name_regions(axes: Axes, course: Course, palette: Palette) -> None:
    """Write the regions' names at the right end of their lines, pushed apart where they meet."""
    if not len(course.months):
        return
    ends = 100 * course.left[-1]
    heights = _apart(ends, 7.0)
    for region, name in enumerate(course.regions):
        axes.annotate(
            str(texts()["regions"].get(name, name)),
            (float(course.months[-1]), float(ends[region])),
            xytext=(1.02, float(heights[region]) / 100),
            textcoords="axes fraction",
            va="center",
            fontsize=9,
            color=palette.word(region - 1) if region else palette.ink,
            parse_math=False,
        )


def _apart(heights: FloatArray, gap: float) -> FloatArray:
    """Move labels up where they would overlap, then all down so that the top one fits."""
    placed = np.array(heights, dtype=np.float64)
    order = np.argsort(placed, kind="stable")
    for below, above in pairwise(order):
        placed[above] = max(placed[above], placed[below] + gap)
    for above, below in pairwise(order[::-1]):
        placed[order[-1]] = min(placed[order[-1]], 100.0)
        placed[below] = min(placed[below], placed[above] - gap)
    return placed


def _label_rows(course: Course) -> dict[str, int]:
    """Return the row of each milestone's label above the panel, so that none covers another."""
    months = 1.1 * float(course.months.max(initial=1.0))  # with the margins of the panel
    ends: list[float] = []  # of the last label of each row, in points
    rows = {}
    for label, month in sorted(course.milestones.items(), key=lambda item: item[1]):
        middle, half = PANEL_WIDTH * month / months, LABEL_LETTER * (len(label) / 2 + 1)
        free = (row for row, end in enumerate(ends) if end <= middle - half)
        rows[label] = row = next(free, len(ends))
        ends[row:] = [middle + half, *ends[row + 1 :]]
    return rows


def _draw_milestone(axes: Axes, label: str, month: float, row: int, palette: Palette) -> None:
    axes.axvline(month, color=palette.muted, linewidth=0.8, linestyle=(0, (3, 3)))
    axes.annotate(
        label,
        (month, 48),
        xytext=(0, 4 + LABEL_HEIGHT * row),
        textcoords="offset points",
        ha="center",
        va="bottom",
        fontsize=8,
        color=palette.muted,
        annotation_clip=False,
        parse_math=False,
    )


# ------------------------------------------------------------------------------- the record


def _metadata(kind: str, record: Record) -> dict[str, str | None]:
    note = json.dumps(
        {
            name: getattr(record, name)
            for name in ("version", "digest", "people", "fate", "date", "parameters")
        },
        default=str,
    )
    maker = f"alssim {record.version}"
    if kind == "pdf":
        return {"Creator": maker, "Subject": note, "CreationDate": None}
    if kind == "svg":
        return {"Creator": maker, "Description": note, "Date": None}
    return {"Software": maker, "Description": note}
