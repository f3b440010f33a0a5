"""Numbers of a comparison as rows of text and as JSON."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from alssim.cli.text import at, say
from alssim.model.events import CAUSES
from alssim.parameters.schema import Scenario
from alssim.present.charts import risk_months
from alssim.present.words import arm_name, of_100, span, texts
from alssim.statistics.survival import Estimate, numbers_at_risk
from alssim.studies.comparison import Comparison
from alssim.studies.comparison.findings import Findings
from alssim.studies.comparison.function import AbleMonths
from alssim.studies.comparison.quality import Quality
from alssim.studies.counting import told_of
from alssim.studies.lives import Lives

MOST_RISK = 240.0  # months; later on hardly anybody is followed


def alive_rows(comparison: Comparison) -> Iterator[list[str]]:
    """Yield a heading, the medians, and how many of 100, or fewer, live at each landmark."""
    yield ["", *map(arm_name, comparison.arms)]
    median = "median" if comparison.endpoint == "death" else "median_endpoint"
    yield [say(f"table.{median}"), *map(_in_words, comparison.medians)]
    state = texts()["endpoint"][comparison.endpoint]["alive"]
    for mark in comparison.landmarks:
        after = texts()["clock"][comparison.clock]["after"].format(span=span(mark.month))
        label = say("table.alive", whole=mark.whole, state=state, after=after)
        yield [label, *(str(people) for people in mark.people)]


def risk_rows(comparison: Comparison) -> Iterator[list[str]]:
    """Yield how many are still followed at some months."""
    months, counts = at_risk(comparison)
    for place, month in enumerate(months):
        yield [say("table.risk", month=month), *(f"{row[place]:,}" for row in counts)]


def at_risk(comparison: Comparison) -> tuple[list[float], list[list[int]]]:
    """Return months, and numbers at risk [arm][month]."""
    months = risk_months(min(comparison.horizon, MOST_RISK))
    counts = [numbers_at_risk(row, months, comparison.entry).tolist() for row in comparison.time]
    return months.tolist(), counts


def cause_rows(lives: Lives) -> Iterator[list[str]]:
    """Yield the causes of death that occur, of 100 patients or of fewer."""
    whole = told_of(lives.cause.shape[1])
    counts = [of_100(list(shares.values()), whole) for shares in lives.causes()]
    yield [say("table.causes", whole=whole), *("" for _ in counts)]
    for place, cause in enumerate(CAUSES):
        if np.any(lives.cause == place):
            label = "table.alive_at_end" if cause == "alive" else f"table.cause.{cause}"
            yield [f"  {say(label)}", *(str(row[place]) for row in counts)]


def arm_numbers(scenario: Scenario, comparison: Comparison, arm: int) -> dict[str, Any]:
    """Return the numbers of one arm for JSON."""
    return {
        "name": comparison.arms[arm],
        "title": scenario.arms[arm].title,
        "median": comparison.medians[arm],
        "alive": {f"{mark.month:g}": mark.alive[arm] for mark in comparison.landmarks},
    }


def _in_words(median: Estimate) -> str:
    if np.isnan(median.value):
        return say("table.not_reached")
    ends = (
        at("table.open") if np.isnan(end) else f"{end:.1f}" for end in (median.low, median.high)
    )
    low, high = ends
    return say("table.interval", value=median.value, low=low, high=high)


def finding_numbers(found: Findings, arm: int) -> dict[str, Any]:
    """Return what was found about one arm beyond its curve, for JSON."""
    own: dict[str, Any] = {
        "stays": {
            scale: {
                stay.stage: {"months": stay.months[arm], "difference": stay.difference[arm]}
                for stay in one.stages
            }
            for scale, one in found.stays.items()
        }
    }
    if arm:
        own |= {"against_usual": found.differences[arm - 1], "harms": found.harms[arm - 1]}
        own["currencies"] = found.currencies[arm - 1] if found.currencies else None
    if found.able:
        own["able"] = {one.name: _of_arm(one, arm) for one in found.able}
        own["alsfrs"] = [
            {
                "month": one.month,
                "alive": one.alive[arm],
                "score": one.score[arm],
                "difference": one.difference[arm],
                "all": one.all[arm],
            }
            for one in found.scores
        ]
    if found.quality:
        own["quality"] = {one.utilities.name: _of_arm(one, arm) for one in found.quality}
    if arm in found.costs:
        own["costs"] = {
            one.utilities.name: cost
            for one, cost in zip(found.quality, found.costs[arm], strict=True)
        }
    return own


def _of_arm(found: AbleMonths | Quality, arm: int) -> dict[str, Estimate]:
    return {"months": found.months[arm], "difference": found.difference[arm]}
