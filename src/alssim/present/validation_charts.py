"""Charts of a validation for the app: what is simulated, with the published numbers on it."""

from collections.abc import Mapping

import numpy as np

from alssim.present.charts import LIGHT, Palette, curve_months
from alssim.present.plain_charts import Line, Range, lines_spec, ranges_spec
from alssim.present.validation_words import number, texts
from alssim.present.vega_parts import Spec
from alssim.statistics.survival import SurvivalCurve, survival_at
from alssim.studies.validation.outlines import (
    BY_AGE,
    BY_ONSET,
    MILESTONES,
    PLATEAUS,
    SPREAD,
    Band,
)
from alssim.studies.validation.study import Validation
from alssim.studies.validation.targets import target

SURVIVAL = ("by_onset", "by_age")
"""Charts that show how long people live."""
COURSES = ("milestones", "score", "capacity", "spread", "plateaus")
"""The other charts, in order."""
LONGEST = 120.0  # months of a survival curve
YEARLY = tuple(np.arange(0.0, LONGEST + 1, 24.0).tolist())
TOLD = (0, 12, 24, 36)  # months after diagnosis that are told in words


def spec(found: Validation, name: str, palette: Palette = LIGHT) -> Spec:
    """Return a chart of SURVIVAL or COURSES."""
    outlines = found.outlines
    if name == "by_onset":
        return _survival(outlines.by_onset, BY_ONSET, name, palette)
    if name == "by_age":
        return _survival(outlines.by_age, BY_AGE, name, palette)
    if name == "score":
        return _course(outlines.score, name, (0, 12, 24, 36, 48), palette, outlines.latent)
    if name == "capacity":
        return _course(outlines.capacity, name, (0, 25, 50, 75, 100, 125), palette)
    words, rows = texts()["figures"], ranges(found, name)
    axis = words["milestones_axis" if name == "milestones" else "share_axis"]
    top = max(max(_finite(row.high), _finite(row.published_high), row.published) for row in rows)
    return ranges_spec(rows, words[name], 1.0 if name == "milestones" else top * 1.1, axis, palette)


def alt(found: Validation, name: str) -> str:
    """Say what a chart shows: what is simulated, and what is published."""
    title = texts()["figures"][name]
    return f"{title}. {' '.join(_told(found, name))}"


def _told(found: Validation, name: str) -> list[str]:
    outlines, words = found.outlines, texts()
    says, groups = words["alts"], words["groups"]
    if name in SURVIVAL:
        curves, medians = {
            "by_onset": (outlines.by_onset, BY_ONSET),
            "by_age": (outlines.by_age, BY_AGE),
        }[name]
        return [
            says["survival"].format(
                group=groups[group],
                alive=number(100 * float(survival_at(curve, np.array([36.0]))[0])),
                median=number(target(medians[group]).value),
            )
            for group, curve in curves.items()
        ]
    if name in ("score", "capacity"):
        band = outlines.score if name == "score" else outlines.capacity
        return [
            says["course"].format(month=month, mean=number(float(band.mean[month])))
            for month in TOLD
        ]
    return [
        says["range"].format(
            group=row.name, value=number(row.middle), published=number(row.published)
        )
        for row in ranges(found, name)
    ]


def ranges(found: Validation, name: str) -> list[Range]:
    """Return the rows of a chart of ranges: milestones, spread or plateaus."""
    groups = texts()["groups"]
    if name == "milestones":
        return [
            Range(groups[one], *found.outlines.milestones[one], target(row).value)
            for one, row in MILESTONES.items()
        ]
    rows = {row.target.id: row for row in found.rows}
    shown = []
    for one in SPREAD if name == "spread" else PLATEAUS:
        measured, goal = rows[one].measured, rows[one].target
        own = (measured.low[0], measured.values[0], measured.high[0]) if measured else ()
        low, middle, high = (100 * max(value, 0.0) for value in own or (np.nan,) * 3)
        published = (100 * goal.value, 100 * goal.lo, 100 * goal.hi)
        shown.append(Range(groups[one], low, middle, high, *published))
    return shown


def _finite(value: float) -> float:
    return value if np.isfinite(value) else 0.0


def _survival(
    curves: Mapping[str, SurvivalCurve], medians: Mapping[str, str], name: str, palette: Palette
) -> Spec:
    words, months = texts()["figures"], curve_months(LONGEST)
    lines = [
        Line(texts()["groups"][group], months, 100 * survival_at(curve, months), steps=True)
        for group, curve in curves.items()
    ]
    marks = [
        {"x": target(medians[group]).value, "y": 50, "colour": palette.mark(place)}
        for place, group in enumerate(curves)
    ]
    diamond = {"type": "point", "shape": "diamond", "filled": True, "size": 150, "opacity": 1}
    layer = {
        "data": {"values": marks},
        "mark": {**diamond, "stroke": palette.ink, "strokeWidth": 1},
        "encoding": {"fill": {"field": "colour", "type": "nominal", "scale": None}},
    }
    axes = (words["survival_axis"], words["survival_unit"])
    ticks = (YEARLY, (0, 25, 50, 75, 100))
    return lines_spec(lines, words[name], axes, (0, 100), ticks, palette, [layer])


def _course(
    band: Band, name: str, ticks: tuple[float, ...], palette: Palette, latent: Band | None = None
) -> Spec:
    words = texts()["figures"]
    lines = [Line(texts()["lines"]["living"], band.months, band.mean, band.low, band.high)]
    if latent is not None:
        lines.append(Line(texts()["lines"]["latent"], latent.months, latent.mean))
    months = tuple(range(0, int(band.months[-1]) + 1, 6))
    axes = (words["course_axis"], "")
    return lines_spec(lines, words[name], axes, (0, ticks[-1]), (months, ticks), palette)
