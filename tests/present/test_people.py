"""A hundred squares: counted, told apart without colour, named for screen readers."""

from xml.etree import ElementTree

import pytest
from tests.studies.made_up import MadeUp, twins

from alssim.errors import UsageError
from alssim.present.charts import DARK
from alssim.present.people import legend, panels, squares
from alssim.studies.comparison import compare


def parts(svg: str) -> tuple[int, int, int]:
    """Count full squares, diamonds and hollow squares."""
    root = ElementTree.fromstring(svg)
    rects, paths = root.findall("rect"), root.findall("path")
    hollow = sum(rect.get("fill") == "none" for rect in rects)
    return len(rects) - hollow, len(paths), hollow


def gain_of(by: float) -> MadeUp:
    return twins([(month, max(month + by, 0.5)) for month in range(1, 101)], horizon=300)


@pytest.mark.parametrize(("both", "only"), [(0, 0), (48, 11), (100, 0), (0, 100), (1, 0)])
def test_a_hundred_squares(both: int, only: int) -> None:
    full, diamonds, hollow = parts(squares(both, only, "some people"))
    assert (full, diamonds, hollow) == (both + only, only, 100 - both - only)


def test_squares_are_named_and_safe() -> None:
    svg = squares(10, 2, 'alive with "x" & <script>')
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "img"
    assert root.get("aria-label") == 'alive with "x" & <script>'
    assert "<script" not in svg


@pytest.mark.parametrize(("both", "only"), [(-1, 0), (0, -1), (60, 41)])
def test_wrong_counts(both: int, only: int) -> None:
    with pytest.raises(UsageError, match="do not fit into 100"):
        squares(both, only, "x")


def test_panels_of_a_gain() -> None:
    usual, treated = panels(compare(gain_of(12)), names={"drug": "the drug"})
    assert parts(usual) == (64, 0, 36)
    assert parts(treated) == (76, 12, 24)
    assert "64 of 100 virtual patients are alive with usual care" in usual
    assert "76 of 100 virtual patients are alive with the drug, 12 more than with usual" in treated


def test_panels_of_a_loss() -> None:
    usual, treated = panels(compare(gain_of(-12)), palette=DARK)
    assert parts(usual) == (64, 12, 36)
    assert parts(treated) == (52, 0, 48)


def test_legend_shows_what_is_drawn() -> None:
    assert [words for _, words in legend(compare(gain_of(12)))] == [
        "alive with either",
        "alive only with drug",
        "with neither",
    ]
    assert legend(compare(gain_of(-12)))[1][1] == "alive only with usual care"
    assert len(legend(compare(gain_of(0)))) == 2
    for svg, _ in legend(compare(gain_of(12))):
        assert ElementTree.fromstring(svg).get("aria-hidden") == "true"
