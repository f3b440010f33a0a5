"""One virtual person's two lives in one chart: everyday function with and without a treatment."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from alssim.model.simulate import Simulation
from alssim.present.charts import LIGHT, Palette, dash, risk_months
from alssim.present.figures import line_style
from alssim.present.panels import finish, note, one_panel
from alssim.present.vega_parts import STROKES, Spec, framed, key_above, plain_axis, quantity
from alssim.present.words import texts

MOST = 48  # points of the ALSFRS-R


@dataclass(frozen=True, slots=True, eq=False)
class Twin:
    """One life of a person: its name, and the ALSFRS-R of each month lived [month], 0-48."""

    name: str
    total: NDArray[np.float64]

    @property
    def last(self) -> int:
        """The last month lived, or followed."""
        return len(self.total) - 1


def twins_of(people: Simulation, names: Sequence[str]) -> tuple[Twin, ...]:
    """Return the lives of the first person of a simulation with visits, one for each arm."""
    assert people.visits is not None
    lived = np.count_nonzero(people.visits.alive[:, 0], axis=1)
    return tuple(
        Twin(name, people.visits.total[arm, 0, : lived[arm]].astype(np.float64))
        for arm, name in enumerate(names)
    )


def twins_spec(lives: Sequence[Twin], title: str, palette: Palette) -> Spec:
    """Return both lives as lines; the name stands at the end of each."""
    last = _last(lives)
    values = [
        {"month": month, "score": float(score), "life": life.name}
        for life in lives
        for month, score in enumerate(life.total)
    ]
    names = [life.name for life in lives]
    colours = [palette.mark(arm) for arm in range(len(lives))]
    strokes = [list(dash(arm)) for arm in range(len(lives))]
    legend = key_above(palette, 2, **STROKES, labelFontSize=14, labelLimit=240)
    x = quantity(
        "month",
        title=texts()["clock"]["onset"]["axis"],
        scale={"domain": [0, last], "nice": False},
        axis={**plain_axis(palette), "values": risk_months(float(last)).tolist()},
    )
    ticks = {**plain_axis(palette), "values": [0, 12, 24, 36, 48], "title": None, "grid": True}
    life = {"field": "life", "type": "nominal"}
    return framed(
        palette,
        title=title,
        height=400,
        data={"values": values},
        mark={"type": "line", "strokeWidth": 3},
        encoding={
            "x": x,
            "y": quantity("score", scale={"domain": [0, MOST], "nice": False}, axis=ticks),
            "color": {**life, "scale": {"domain": names, "range": colours}, "legend": legend},
            "strokeDash": {**life, "scale": {"domain": names, "range": strokes}, "legend": legend},
            "tooltip": [{"field": "life"}, {"field": "month"}, {"field": "score"}],
        },
    )


def twins_figure(lives: Sequence[Twin], title: str, palette: Palette = LIGHT) -> Figure:
    """Draw both lives for print."""
    figure, axes = one_panel(palette)
    for arm, life in enumerate(lives):
        axes.plot(
            np.arange(len(life.total)),
            life.total,
            color=palette.mark(arm),
            linestyle=line_style(arm),
            linewidth=2.2,
            label=life.name,
        )
    axes.set(xlim=(0, _last(lives)), ylim=(0, MOST), yticks=[0, 12, 24, 36, 48])
    axes.set_xticks(risk_months(float(_last(lives))))
    axes.legend(frameon=False, fontsize=9)
    finish(axes, palette, title, texts()["clock"]["onset"]["axis"])
    note(figure, palette)
    return figure


def _last(lives: Sequence[Twin]) -> int:
    return max(1, *(life.last for life in lives))
