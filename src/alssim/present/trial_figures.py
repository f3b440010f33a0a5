"""Figures of virtual trials: what many trials find, power by size, and one trial's course."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from alssim.parameters.trial import Published
from alssim.present.charts import LIGHT, Palette
from alssim.present.naming import endpoint_name
from alssim.present.panels import DPI, SIZE, finish, note, one_panel, sentence_below
from alssim.present.trial_words import (
    operating_sentences,
    outcome_sentences,
    say,
    shown_truth,
    size_sentence,
    trial_texts,
)
from alssim.statistics.survival import FloatArray
from alssim.studies.trial.replicates import EndpointOperating
from alssim.studies.trial.report import Report
from alssim.studies.trial.sizing import Sizing
from alssim.studies.trial.worlds import TrialWorlds, known_power

BINS = 50


def estimates_figure(
    found: EndpointOperating,
    significance: float = 0.05,
    published: tuple[Published, ...] = (),
    palette: Palette = LIGHT,
) -> Figure:
    """Draw the estimates of many trials; positive ones stand out, by colour and by hatching."""
    figure, axes = one_panel(palette)
    known = np.isfinite(found.value)
    value = np.exp(found.value[known]) if found.ratio else found.value[known]
    positive = found.p[known] < significance
    edges = bar_edges(value, found.ratio)
    counts = [np.histogram(value[group], edges)[0] for group in (~positive, positive)]
    axes.stairs(counts[0] + counts[1], edges, fill=True, color=palette.grid)
    axes.bar(
        edges[:-1],
        counts[1],
        width=np.diff(edges),
        align="edge",
        color=palette.mark(1),
        edgecolor=palette.paper,
        linewidth=0.4,
        hatch="//",
    )
    if found.ratio:
        axes.set_xscale("log")
    top = float(max((counts[0] + counts[1]).max(), 1))
    _mark(axes, 1.0 if found.ratio else 0.0, say("charts.nothing"), top * 1.16, palette)
    _mark(axes, shown_truth(found), say("charts.truth"), top * 1.09, palette)
    for row in published:
        if row.endpoint == found.endpoint.name and row.value is not None:
            _mark(axes, row.value, say("charts.published"), top * 1.02, palette)
    axes.set_ylim(0, top * 1.25)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_ylabel(say("charts.trials"), color=palette.muted)
    title = say("charts.estimates", count=len(found.value), name=endpoint_name(found.endpoint.name))
    finish(axes, palette, title, trial_texts()["axis"][found.scale])
    told = (*operating_sentences(found, significance)[::2], say("charts.hatched"))
    sentence_below(figure, " ".join(told), palette)
    note(figure, palette)
    return figure


def worlds_power_figure(known: TrialWorlds, palette: Palette = LIGHT) -> Figure:
    """Draw the power of the primary endpoint in every set, with what counting leaves open.

    The trial as asked is the first point, of another colour and shape.
    """
    figure, axes = one_panel(palette)
    found = known.endpoint(0)
    power = 100 * np.array([[one.power.value, one.power.low, one.power.high] for one in found])
    apart = np.abs(power[:, 1:] - power[:, :1]).T
    for first, last, place, shape in ((0, 1, 1, "D"), (1, len(found), 0, "o")):
        rows = slice(first, last)
        axes.errorbar(
            range(first, last),
            power[rows, 0],
            yerr=apart[:, rows],
            fmt=shape,
            color=palette.mark(place),
            capsize=3,
        )
    limits = known_power(found)
    for end in (limits.low, limits.high):
        axes.axhline(100 * end, color=palette.muted, linewidth=1.0, linestyle=":")
    axes.set(ylim=(0, 100), xlim=(-0.5, len(found) - 0.5))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_ylabel(say("charts.power_axis"), color=palette.muted)
    finish(
        axes,
        palette,
        say("charts.worlds", name=endpoint_name(found[0].endpoint.name)),
        say("charts.sets"),
    )
    below = say("charts.worlds_below", replicates=f"{known.found[0].replicates:,}")
    sentence_below(figure, below, palette)
    note(figure, palette)
    return figure


def power_figure(found: Sizing, allocation: float, palette: Palette = LIGHT) -> Figure:
    """Draw the power of every size tried, with its interval."""
    figure, axes = one_panel(palette)
    sizes = [row.per_arm for row in found.tried]
    power = 100 * np.array([[r.power.value, r.power.low, r.power.high] for r in found.tried])
    apart = np.abs(power[:, 1:] - power[:, :1]).T
    axes.errorbar(sizes, power[:, 0], yerr=apart, marker="o", color=palette.mark(0), capsize=3)
    axes.axhline(100 * found.power, color=palette.muted, linewidth=0.8, linestyle=(0, (3, 3)))
    if found.per_arm is not None:
        axes.axvline(found.per_arm, color=palette.mark(1), linewidth=1.2, linestyle=(0, (3, 3)))
    axes.set(ylim=(0, 100), xlim=(0, 1.05 * max(sizes)))
    axes.set_ylabel(say("charts.power_axis"), color=palette.muted)
    finish(axes, palette, say("charts.power"), say("charts.size_axis"))
    sentence_below(figure, size_sentence(found, allocation), palette)
    note(figure, palette)
    return figure


def trial_figure(found: Report, palette: Palette = LIGHT) -> Figure:
    """Draw one trial: mean scores of each arm, and survival."""
    figure = Figure(figsize=(SIZE[0], SIZE[1]), dpi=DPI, facecolor=palette.paper)
    left, right = figure.subplots(1, 2)
    figure.subplots_adjust(left=0.08, right=0.97, top=0.9, bottom=0.24, wspace=0.2)
    for arm, name in enumerate(("control", "treated")):
        style = "-" if arm == 0 else (0.0, (5.0, 2.0))
        colour, label = palette.mark(arm), say(f"arms.{name}")
        left.plot(found.months, found.scores[arm], color=colour, linestyle=style, label=label)
        curve = found.curves[arm]
        times = np.concatenate(([0.0], curve.times, [max(curve.last, 0.0)]))
        alive = 100 * np.concatenate(([1.0], curve.survival, curve.survival[-1:]))
        if len(alive) == len(times):
            right.step(times, alive, where="post", color=colour, linestyle=style)
        else:
            right.step(times, np.full(len(times), 100.0), where="post", color=colour)
    left.axvline(0, color=palette.muted, linewidth=0.8, linestyle=(0, (3, 3)))
    left.legend(frameon=False, labelcolor=palette.ink)
    right.set(ylim=(0, 102), xlim=(0, None))
    finish(left, palette, say("charts.score"), say("charts.months"))
    finish(right, palette, say("charts.alive"), say("charts.months"))
    sentence_below(figure, " ".join(outcome_sentences(found.outcomes[0])), palette)
    note(figure, palette)
    return figure


def bar_edges(value: FloatArray, ratio: bool, bins: int = BINS) -> FloatArray:
    """Return the edges of the bars; ratios in equal steps of their logarithm."""
    low, high = np.quantile(value, [0.001, 0.999])
    if not low < high:
        low, high = low * 0.9 - 0.1, high * 1.1 + 0.1
    if ratio:
        return np.asarray(np.geomspace(max(low, 1e-3), high, bins + 1))
    return np.asarray(np.linspace(low, high, bins + 1))


def _mark(axes: Axes, value: float, label: str, height: float, palette: Palette) -> None:
    axes.axvline(value, color=palette.muted, linewidth=1.0, linestyle=(0, (3, 3)))
    axes.annotate(
        f" {label}", (value, height), color=palette.ink, fontsize=8, va="center", parse_math=False
    )
