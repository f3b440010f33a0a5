"""The report of a validation: self-contained, complete, and in words that fit the numbers."""

import json
import math
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from matplotlib.figure import Figure

from alssim.present import validation_charts as charts
from alssim.present import validation_words as words
from alssim.present.validation_figures import figures
from alssim.present.validation_page import page
from alssim.studies.validation import Row, Validation, load_targets, validate
from alssim.studies.validation.designs import load_designs
from alssim.studies.validation.judging import judge
from alssim.studies.validation.measuring import Measured
from alssim.studies.validation.prognosis import COVARIATES
from alssim.studies.validation.targets import RULES, target

DRAWN = ["by_onset", "by_age", "milestones", "score", "capacity", "spread", "plateaus"]


@pytest.fixture(scope="module")
def found() -> Validation:
    return validate(patients=150, seed=3)


@pytest.fixture(scope="module")
def html(found: Validation) -> str:
    return page(found)


class Reader(HTMLParser):
    """Collects tags, their attributes and the visible text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_the_page_needs_nothing_from_elsewhere(html: str) -> None:
    tags = Reader(html).tags
    assert not {tag for tag, _ in tags} & {"script", "link", "img", "iframe", "object"}
    loaded = [at[key] for _, at in tags for key in ("src", "href", "xlink:href") if key in at]
    assert all(str(where).startswith("#") for where in loaded)
    assert "url(http" not in html and "@import" not in html


def test_every_row_is_on_the_page_with_its_source(html: str, found: Validation) -> None:
    text = "\n".join(Reader(html).text)
    for one in load_targets():
        assert re.search(rf"^{re.escape(one.id)}(?: \*)?$", text, re.MULTILINE), one.id
        assert one.citation in text and one.quantity in text
    assert text.count("\npass\n") + text.count("\nmiss\n") >= len(found.rows)


def test_figures_are_inline_and_named(html: str, found: Validation) -> None:
    assert html.count("<svg") == html.count("</svg>") == len(DRAWN)
    labels = [at["aria-label"] for tag, at in Reader(html).tags if tag == "figure"]
    assert labels == [words.texts()["figures"][name] for name in DRAWN]
    drawn = figures(found)
    assert list(drawn) == DRAWN and all(isinstance(one, Figure) for one in drawn.values())


def test_the_page_says_what_was_run(html: str, found: Validation) -> None:
    assert found.record.short() in html
    assert "pace.median" in html or "[pace]" in html
    for sentence in words.tally_sentences(found):
        assert sentence in html


def test_what_a_file_says_is_escaped(found: Validation) -> None:
    nasty = replace(found.rows[0].target, quantity="<script>alert(1)</script> & more")
    rows = (replace(found.rows[0], target=nasty), *found.rows[1:])
    shown = page(replace(found, rows=rows))
    assert "<script>" not in shown and "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in shown


# ------------------------------------------------------------------------------------- in words


def row(name: str, *values: float, error: float = 0.05) -> Row:
    low, high = (tuple(v + s * error for v in values) for s in (-1, 1))
    measured = Measured(values, low, high, tuple(error for _ in values), 100)
    return Row(target(name), measured, judge(target(name), measured, load_designs().thresholds))


def test_cells_of_a_row() -> None:
    one = row("SUR-01", 30.0)
    assert words.published(one.target) == "29.7"
    assert words.published_interval(one.target).startswith("27 to 32 (plausible range")
    assert words.simulated(one) == "30 (29.9 to 30.1)"
    assert words.allowed(one) == "27 to 32"
    assert words.distance(one) == "+0.13" and words.result(one) == "pass"


def test_cells_of_a_spread_an_sd_and_a_bound() -> None:
    spread = row("DLY-02", 11.5, 7.1, 18.3)
    assert words.simulated(spread).count(";") == 2 and words.allowed(spread).count(";") == 2
    assert words.published(target("DLY-05")) == "11.9 (SD 8.2)"
    assert words.published_interval(target("DLY-05")) == "SD"
    assert words.published_interval(target("SUR-03")) == "-"
    assert words.allowed(row("SUR-07", 0.1)) == "at most 0.27"


def test_cells_of_a_statement_and_of_what_is_not_measured() -> None:
    held = row("MNU-07", 1.0)
    assert words.simulated(held) == "yes"
    assert held.measured is not None
    decided = replace(held, measured=replace(held.measured, behind=(0.57, 0.52, 0.62)))
    assert words.simulated(decided) == "yes (decided by 0.57; 95 % 0.52 to 0.62)"
    missed = row("MNU-07", 0.0)
    assert words.simulated(missed) == "no" and words.distance(missed) == "-"
    assert words.result(missed) == "miss"
    none = Row(target("EPI-04"), None, None, "the model has no such thing")
    assert words.simulated(none) == "not measured: the model has no such thing"
    assert (words.allowed(none), words.distance(none), words.result(none)) == ("-", "-", "miss")


def test_a_number_without_an_error_has_no_interval() -> None:
    assert words.simulated(row("SUR-01", 30.0, error=math.nan)) == "30"


def test_every_target_covariate_cohort_and_rule_has_words(found: Validation) -> None:
    judged = {one.id for one in load_targets() if one.use != "reference"}
    assert set(words.texts()["how"]) == judged
    assert set(words.texts()["rules"]) == set(RULES) - {"input"}
    assert all(words.texts()["prognosis"][name] for name in COVARIATES)
    assert len(list(words.rule_sentences())) == len(RULES) - 1
    assert "15%" in " ".join(words.rule_sentences())


def test_sentences_carry_the_numbers(found: Validation) -> None:
    told = " ".join(words.prognosis_sentences(found.prognosis))
    assert f"{found.prognosis.explained:.0%}" in told
    assert told.count("hazard ratio") == 5
    care = " ".join(words.care_sentences(found.care))
    assert f"{found.care.drop:.1f} months" in care and "5.0 to 6.7 months" in care
    assert "never set from this gap" in care


@pytest.mark.parametrize("name", [*charts.COURSES, *charts.SURVIVAL])
def test_charts_of_the_app_are_plain_data_and_told_in_words(found: Validation, name: str) -> None:
    spec = charts.spec(found, name)
    json.dumps(spec, allow_nan=False)
    assert all(layer["data"]["values"] for layer in spec["layer"])
    alt = charts.alt(found, name)
    assert alt.startswith(words.texts()["figures"][name]) and len(alt) > 60


def test_published_numbers_are_on_the_charts(found: Validation) -> None:
    wanted = {"milestones": target("KNG-01").value, "spread": 100 * target("SPR-09").value}
    for name, value in wanted.items():
        layers = charts.spec(found, name)["layer"]
        assert value in [one.get("x") for layer in layers for one in layer["data"]["values"]]
