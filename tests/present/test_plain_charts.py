"""Charts of claims hold what was counted, and say it in words."""

import json
import math

import numpy as np
import pytest

from alssim.parameters import load_scenario
from alssim.present import anecdote_charts
from alssim.present.charts import DARK, LIGHT, Palette
from alssim.present.plain_charts import Bar, Line, bars_alt, bars_spec, lines_spec
from alssim.studies.anecdotes import TOTAL
from alssim.studies.untreated import Untreated, study_untreated
from alssim.studies.watching import watch


@pytest.fixture(scope="module")
def found() -> Untreated:
    return study_untreated(watch(load_scenario("reference", {"patients": 1000}).record))


def test_bars_are_as_long_as_their_values() -> None:
    spec = bars_spec([Bar("one", 12), Bar("two", 3.25, 5)], "Title", 100)
    bars = {
        value["text"]: value["end"]
        for layer in spec["layer"][:2]
        for value in layer["data"]["values"]
    }
    assert bars["12"] == 12 and bars["3.2"] == 3.25 and bars["5.0"] == 5
    assert not [one for one in spec["layer"] if not one["data"]["values"]]


def test_bars_are_told_in_words() -> None:
    alt = bars_alt([Bar("one", 12.4), Bar("two", 3.25, 5)], "Title", ("here", "there"))
    assert alt == "Title. one: 12; two: 3.2 here, 5.0 there."


def test_lines_leave_gaps_and_draw_bands() -> None:
    months = np.arange(4.0)
    score = np.array([4.0, 3.0, math.nan, 1.0])
    line = Line("mean", months, score, score - 1, score + 1)
    spec = lines_spec([line], "Title", ("x", "y"), (0, 4), ((0, 3), (0, 4)))
    band, drawn = (layer["data"]["values"] for layer in spec["layer"])
    assert [value["x"] for value in drawn] == [0, 1, 3]
    assert [value["low"] for value in band] == [3, 2, 0]


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_changes_add_up_to_everybody(found: Untreated, palette: Palette) -> None:
    spec = anecdote_charts.changes_spec(found, palette)
    values = spec["data"]["values"]
    assert sum(value["people"] for value in values) == pytest.approx(100, abs=0.2)
    better = sum(value["people"] for value in values if value["better"])
    assert better == pytest.approx(100 * found.look(TOTAL).improved, abs=0.2)
    assert sum(
        value["people"] for value in anecdote_charts.best_spec(found, palette)["data"]["values"]
    ) == pytest.approx(100, abs=0.5)


def test_every_bias_is_drawn_and_told(found: Untreated) -> None:
    specs = anecdote_charts.bias_specs(found)
    assert set(specs) == {"regression", "waiting", "asking"}
    for name, spec in specs.items():
        wrong, right = spec["data"]["values"]
        assert wrong["low"] <= wrong["gain"] <= wrong["high"]
        assert abs(right["gain"]) < abs(wrong["gain"])
        assert "counted wrong" in anecdote_charts.bias_alt(found, name)


def test_no_chart_holds_a_number_that_json_does_not_know(found: Untreated) -> None:
    specs = [anecdote_charts.changes_spec(found), anecdote_charts.best_spec(found)]
    for spec in (*specs, *anecdote_charts.bias_specs(found).values()):
        json.dumps(spec, allow_nan=False)
    assert anecdote_charts.changes_alt(found) and anecdote_charts.best_alt(found)
