"""Figures of a cohort for files and for print; the charts of the app show the same."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from alssim.present.charts import LIGHT, Palette, dash, risk_months
from alssim.present.cohort_charts import MOST_LINES, STAGE_COLOURS
from alssim.present.panels import finish, note, one_panel
from alssim.present.words import texts
from alssim.statistics.survival import FloatArray, SurvivalCurve
from alssim.studies.cohort import DEAD, Cohort, ScoreBands


def stages_figure(
    months: FloatArray, shares: FloatArray, names: Sequence[str], title: str
) -> Figure:
    """Draw how many of 100 are in each stage, month by month, as bands [stage, month]."""
    figure, axes = one_panel(LIGHT)
    known = np.isfinite(shares).all(axis=0)
    axes.stackplot(
        months[known],
        100 * shares[:, known],
        colors=STAGE_COLOURS[: len(names)],
        labels=list(names),
        edgecolor=LIGHT.paper,
        linewidth=0.6,
    )
    axes.set(xlim=(0, months[-1]), ylim=(0, 100), xticks=risk_months(float(months[-1])))
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.1), ncol=4, frameon=False, fontsize=8)
    finish(axes, LIGHT, title, "")
    note(figure, LIGHT)
    return figure


def scores_figure(cohort: Cohort, bands: Sequence[tuple[str, ScoreBands]], title: str) -> Figure:
    """Draw the ALSFRS-R of single people as thin lines, with the median of each group."""
    figure, axes = one_panel(LIGHT)
    months = np.arange(cohort.horizon + 1.0)
    for row in cohort.total[:MOST_LINES]:
        axes.plot(
            months[row != DEAD], row[row != DEAD], color=LIGHT.muted, alpha=0.3, linewidth=0.6
        )
    for place, (name, band) in enumerate(bands):
        style = _style(place, LIGHT)
        if len(bands) == 1:
            axes.fill_between(months, band.low, band.high, color=style["color"], alpha=0.2)
        axes.plot(months, band.middle, label=name, linewidth=2.2, **style)
    axes.set(xlim=(0, cohort.horizon), ylim=(0, 48), yticks=[0, 12, 24, 36, 48])
    axes.set_xticks(risk_months(float(cohort.horizon)))
    axes.legend(frameon=False, fontsize=8)
    finish(axes, LIGHT, title, texts()["clock"]["onset"]["axis"])
    note(figure, LIGHT)
    return figure


def survival_figure(curves: Sequence[tuple[str, SurvivalCurve]], horizon: int) -> Figure:
    """Draw survival curves of groups of different people, with 95 % bands."""
    figure, axes = one_panel(LIGHT)
    for place, (name, curve) in enumerate(curves):
        months = np.concatenate(([0.0], curve.times, [float(horizon)]))
        rows = [
            100 * np.concatenate(([1.0], row, row[-1:] if len(row) else [1.0]))
            for row in (curve.survival, curve.lower, curve.upper)
        ]
        style = _style(place, LIGHT)
        axes.fill_between(months, rows[1], rows[2], step="post", color=style["color"], alpha=0.15)
        axes.step(months, rows[0], where="post", label=name, linewidth=2, **style)
    axes.set(xlim=(0, horizon), ylim=(0, 100), xticks=risk_months(float(horizon)))
    axes.legend(frameon=False, fontsize=8)
    words = texts()
    finish(axes, LIGHT, words["endpoint"]["death"]["chart"], words["clock"]["onset"]["axis"])
    note(figure, LIGHT)
    return figure


def _style(place: int, palette: Palette) -> dict[str, Any]:
    lengths = tuple(float(length) / 2 for length in dash(place))
    return {"color": palette.mark(place), "linestyle": (0.0, lengths) if place else "-"}
