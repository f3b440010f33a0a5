"""Figures: drawn without global state, and carrying the record of their run."""

import json
import re
import sys
from dataclasses import dataclass, field, replace
from io import BytesIO
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image
from tests.studies.made_up import FIVE, MadeUp, drawn, twins

from alssim.errors import UsageError
from alssim.present.charts import DARK
from alssim.present.figures import (
    Course,
    course_figure,
    gain_figure,
    rendered,
    save,
    survival_figure,
)
from alssim.studies.comparison import compare

REGIONS = ("bulbar", "left_arm", "right_arm", "trunk", "respiratory", "left_leg", "right_leg")
FOUND = compare(drawn(200, seed=2, horizon=120))


@dataclass(frozen=True)
class Run:
    version: str = "1.2.3"
    digest: str = "0f0f"
    people: int = 7
    fate: int = 8
    date: str = "2030-01-31"
    parameters: dict[str, object] = field(
        default_factory=lambda: {"title": 'a (b) "c" \\ <d> & é', "rate": 0.25}
    )


RECORD = {
    "version": "1.2.3",
    "digest": "0f0f",
    "people": 7,
    "fate": 8,
    "date": "2030-01-31",
    "parameters": Run().parameters,
}


def course(months: int = 40) -> Course:
    when = np.arange(float(months))
    left = np.clip(1 - (when[:, None] - 3 * np.arange(7)) / 40, 0, 1)
    return Course(when, np.maximum(48 - when, 0), left, REGIONS, {"Diagnosis": 12.0})


def words_of(figure: Figure) -> set[str]:
    return {text.get_text() for axes in figure.axes for text in axes.texts}


def test_survival_names_arms_and_counts_who_is_followed() -> None:
    figure = survival_figure(FOUND, {"drug": "a $costly$ drug"}, month=36)
    said = words_of(figure)
    assert {"usual care", "a $costly$ drug", "Still followed, usual care", "200"} <= said
    rendered(figure, "png", Run())  # dollars are no formula


@pytest.mark.parametrize(
    "made",
    [FIVE, twins([(500, 500)] * 3), twins([(5, 5)] * 3), MadeUp({"death": [[9, 8]] * 6},
     arms=tuple("abcdef"))],
)  # fmt: skip
def test_odd_cases_can_be_drawn(made: MadeUp) -> None:
    rendered(survival_figure(compare(made), palette=DARK), "svg", Run())
    rendered(gain_figure(compare(made)), "svg", Run())


def test_gain_bars_hold_everybody() -> None:
    figure = gain_figure(FOUND)
    heights = [bar.get_height() for bar in figure.axes[0].patches]
    assert sum(heights) == pytest.approx(100, abs=1e-9)


def test_course_shows_all_regions() -> None:
    figure = course_figure(course())
    assert {"Diagnosis", "left arm", "breathing"} <= words_of(figure)
    assert len(figure.axes[1].lines) == len(REGIONS)
    rendered(course_figure(course(0)), "png", Run())


def test_region_names_do_not_overlap() -> None:
    figure = course_figure(course(400))  # all at 0 in the end
    heights = sorted(text.xyann[1] for text in figure.axes[1].texts)  # type: ignore[attr-defined]
    assert min(np.diff(heights)) >= 0.069
    assert heights[0] >= 0


def test_png_carries_its_run() -> None:
    image = Image.open(BytesIO(rendered(survival_figure(FOUND), "png", Run())))
    assert json.loads(image.info["Description"]) == RECORD
    assert image.info["Software"] == "alssim 1.2.3"


def test_svg_carries_its_run() -> None:
    root = ElementTree.fromstring(rendered(gain_figure(FOUND), "svg", Run()))
    notes = root.findall(".//{http://purl.org/dc/elements/1.1/}description")
    assert [json.loads(note.text or "") for note in notes] == [RECORD]


def test_pdf_carries_its_run() -> None:
    raw = rendered(course_figure(course()), "pdf", Run())
    found = re.search(rb"/Subject \((.*?)(?<!\\)\)\s", raw, re.DOTALL)
    assert found is not None
    plain = re.sub(rb"\\([()\\])", rb"\1", found.group(1))
    assert json.loads(plain) == RECORD


def test_saved_by_the_ending_of_the_name(tmp_path: Path) -> None:
    for name, start in (("a.PNG", b"\x89PNG"), ("b.svg", b"<?xml"), ("c.pdf", b"%PDF")):
        save(gain_figure(FOUND), tmp_path / name, Run())
        assert (tmp_path / name).read_bytes().startswith(start)
    with pytest.raises(UsageError, match="'jpg' is not a kind of figure; choose one of: png, svg"):
        save(gain_figure(FOUND), tmp_path / "d.jpg", Run())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.PNG", "b.svg", "c.pdf"]


def test_labels_of_milestones_do_not_cover_each_other() -> None:
    names = ("First symptom", "Second region", "Diagnosis", "Breathing support needed", "Death")
    for months in ((0, 3, 3, 20, 39), (0, 1, 2, 3, 4), (30, 31, 33, 35, 39)):
        milestones = dict(zip(names, map(float, months), strict=True))
        figure = course_figure(replace(course(), milestones=milestones))
        rendered(figure, "png", Run())
        boxes = [
            text.get_window_extent()
            for text in figure.axes[0].texts
            if text.get_text() in milestones
        ]
        assert len(boxes) == len(names)
        assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))


def test_nothing_global_is_used() -> None:
    assert "matplotlib.pyplot" not in sys.modules
