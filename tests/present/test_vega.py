"""Served charts: valid specifications, right numbers, readable colours."""

import json
from typing import Any

import altair
import numpy as np
import pytest
from tests.studies.made_up import FIVE, MadeUp, drawn, twins

from alssim.present.charts import (
    DARK,
    LIGHT,
    Palette,
    curve_months,
    label_spots,
    risk_months,
    sampled,
)
from alssim.present.vega import gain_alt, gain_spec, survival_alt, survival_spec
from alssim.present.vega_parts import NARROW_TITLE, framed
from alssim.studies.comparison import Comparison, compare

NAMES = {"drug": "the drug"}


def many(arms: int) -> Comparison:
    death = np.linspace(1, 100, 200)
    lives = [(death * (1 + 0.1 * arm)).tolist() for arm in range(arms)]
    return compare(MadeUp({"death": lives}, arms=("untreated", "drug", "b", "c", "d", "e")[:arms]))


CASES = {
    "drawn": compare(drawn(300, seed=1, horizon=120)),
    "few": compare(FIVE),
    "diagnosis": compare(FIVE, clock="diagnosis"),
    "nobody dies": compare(twins([(500, 500)] * 3)),
    "all die at once": compare(twins([(5, 5)] * 3)),
    "usual care alone": many(1),
    "six arms": many(6),
}


def valid(spec: dict[str, Any]) -> dict[str, Any]:
    """Check a specification as the browser gets it, against the grammar (two rows of data)."""
    sent: dict[str, Any] = json.loads(json.dumps(spec, allow_nan=False))
    for part in (sent, *sent["layer"]):
        if "data" in part:
            part["data"]["values"] = part["data"]["values"][:2]
    altair.Chart.from_dict(sent)
    return sent


def texts_of(spec: dict[str, Any]) -> list[str]:
    return [
        value["text"]
        for layer in spec["layer"]
        for value in layer.get("data", {}).get("values", [])
        if "text" in value
    ]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_survival_is_valid(case: str, palette: Palette) -> None:
    valid(survival_spec(CASES[case], palette, NAMES, month=36))


@pytest.mark.parametrize("case", [case for case in CASES if case != "usual care alone"])
def test_gains_are_valid(case: str) -> None:
    valid(gain_spec(CASES[case], DARK, NAMES))


def test_survival_holds_the_curves() -> None:
    found = CASES["drawn"]
    values = survival_spec(found)["data"]["values"]
    rows = {(row["arm"], row["month"]): row for row in values}
    mark = found.landmarks[2]
    for arm in range(2):
        row = rows[arm, mark.month]
        assert row["people"] == pytest.approx(100 * mark.alive[arm], abs=0.05)
        assert row["low"] <= row["people"] <= row["high"]
    assert len(values) <= 2 * 260
    assert len(json.dumps(survival_spec(found))) < 100_000


def test_survival_names_its_arms_and_counts_who_is_followed() -> None:
    said = texts_of(survival_spec(CASES["drawn"], names=NAMES))
    assert "the drug" in said
    assert "Still followed, usual care" in said
    assert said.count("300") == 2


def test_treated_lines_are_dashed() -> None:
    lines = [
        layer["mark"]["strokeDash"]
        for layer in survival_spec(many(6))["layer"]
        if layer["mark"]["type"] == "line" and "transform" in layer
    ]
    assert lines[0] == [1, 0]
    assert len({tuple(line) for line in lines}) == 6


def test_chart_fills_its_width_and_leaves_the_page_its_colour() -> None:
    spec = survival_spec(CASES["few"])
    assert (spec["width"], spec["background"]) == ("container", "transparent")


@pytest.mark.parametrize("spec", [survival_spec(CASES["few"]), gain_spec(CASES["few"])])
def test_scales_do_not_wait_for_data(spec: dict[str, Any]) -> None:
    for axis in ("x", "y"):
        assert len(spec["encoding"][axis]["scale"]["domain"]) == 2


def test_gain_bars_hold_everybody() -> None:
    values = gain_spec(CASES["drawn"])["data"]["values"]
    assert sum(row["people"] for row in values) == pytest.approx(100, abs=0.2)
    gains = CASES["drawn"].gains[1]
    lost = sum(row["people"] for row in values if row["kind"] == "loses")
    assert lost == pytest.approx(100 * gains.loses, abs=0.1)


def test_alternatives_in_words() -> None:
    assert survival_alt(CASES["drawn"], NAMES).startswith("Survival curves. After 3 years, ")
    assert "the drug" in gain_alt(CASES["drawn"], NAMES)


# --------------------------------------------------------------------------- shared by charts


@pytest.mark.parametrize("horizon", [1, 7.5, 12, 24, 36, 60, 72, 120, 240, 600, 1500])
def test_grids_are_short_and_start_at_0(horizon: float) -> None:
    for grid, most in ((risk_months(horizon), 7), (curve_months(horizon), 301)):
        assert grid[0] == 0
        assert grid[-1] <= horizon
        assert 2 <= len(grid) <= most


@pytest.mark.parametrize("case", CASES)
def test_names_stand_inside_the_chart(case: str) -> None:
    found = CASES[case]
    spots = label_spots(found)
    assert len(spots) == len(found.arms)
    for spot in spots:
        assert 0 <= spot.month <= found.horizon
        assert 2 <= spot.people <= 100
    if len(spots) > 2:
        heights = sorted(spot.people for spot in spots)
        assert min(np.diff(heights)) >= 6


def test_two_names_leave_their_bands_free() -> None:
    found = CASES["drawn"]
    for arm, spot in enumerate(label_spots(found)):
        _, low, high = sampled(found, arm, np.array([spot.month]))[:, 0]
        assert spot.people > high or spot.people < low


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours as the Web Content Accessibility Guidelines 2.2 define it."""
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    channels = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_words_can_be_read(palette: Palette) -> None:
    for colour in (*palette.words, palette.ink, palette.muted):
        assert contrast(colour, palette.paper) >= 4.5, colour
    for colour in palette.marks[:2]:
        assert contrast(colour, palette.paper) >= 3, colour


@pytest.mark.parametrize(
    "title", ["Short", "Of 100 virtual patients with “Slowing from the first symptom”", "w " * 60]
)
def test_a_long_title_is_whole_and_broken_where_the_chart_is_narrow(title: str) -> None:
    text = framed(LIGHT, title=title.strip(), height=10)["title"]["text"]
    if isinstance(text, str):
        assert text == title.strip() and len(text) <= NARROW_TITLE
        return
    narrow, wide = text["expr"].partition(" ? ")[2].rsplit(" : ", 1)
    lines = json.loads(narrow)
    assert " ".join(lines) == json.loads(wide) == title.strip()
    assert max(map(len, lines)) <= NARROW_TITLE and len(lines) > 1
