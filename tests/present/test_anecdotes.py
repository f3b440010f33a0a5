"""Sentences, figures and tables about untreated people."""

import csv
import json
import re
from pathlib import Path

import numpy as np
import pytest
from tests.studies.watched_people import NEVER, people_of

from alssim.errors import UsageError
from alssim.model.record import RunRecord, record_of
from alssim.parameters import load_scenario
from alssim.present.anecdote_figures import anecdote_figure, bias_figure, gains
from alssim.present.anecdote_files import write_untreated
from alssim.present.anecdote_words import gain_or_loss, measure_name, moment_name, sentences, texts
from alssim.studies.anecdotes import MEASURES
from alssim.studies.untreated import SIZES, Untreated, study_untreated
from alssim.studies.watching import Watched


def twenty() -> Watched:
    """Five of twenty gain one point, five stay, nine lose and one dies."""
    slopes = [1] * 5 + [0] * 5 + [-2] * 10
    scores = [[40 if month < 6 else 40 + slope for month in range(25)] for slope in slopes]
    deaths = [NEVER] * 19 + [5.5]
    return people_of(scores, deaths=deaths)


@pytest.fixture(scope="module")
def found() -> Untreated:
    return study_untreated(twenty(), "month:5", 3, size=4, repeats=50)


@pytest.fixture(scope="module")
def record() -> RunRecord:
    return record_of(load_scenario("reference").record)


def test_what_is_told_is_what_was_counted(found: Untreated) -> None:
    said = " ".join(sentences(found))
    assert "20 of 20 virtual patients are seen at month 5 after the first symptom" in said
    assert "25 of 100 look improved and 25 stable; 45 of 100 have declined, 5 have died." in said
    assert "finds it in 25 of 100: 0 of 100 walk better, 0 swallow better, 25 speak better" in said
    chance = 100 * (1 - 0.75**4)
    assert "treats 4 people with something that does nothing, and shows its best one" in said
    assert f"can show a gain of 1 point or more in {chance:.0f} of 100 such clinics" in said
    assert "Here it is 50 of 100, six months from month 5 after the first symptom" in said
    assert "With 3 treated by nothing, the chance of at least one person" in said
    assert {4, *SIZES} == {best.size for best in found.best}


def test_who_cannot_be_compared_is_said_to_be_too_few() -> None:
    few = study_untreated(people_of([[40] * 8, [40] * 8]), "month:0", 3, size=2, repeats=5)
    assert few.half_year is not None and few.half_year.fine == 1
    assert few.regression is None and few.waiting is None and few.asking is None
    said = " ".join(sentences(few))
    for bias in ("regression to the mean", "immortal time", "survivorship"):
        assert f"Too few people are seen before and after this moment to show {bias}." in said
    assert "Nobody gains a point, however many are treated." in said
    assert gains(few) == {}
    assert len(bias_figure(few).axes) == 1


def test_sentences_are_whole(found: Untreated) -> None:
    for sentence in sentences(found):
        assert re.fullmatch(r"[A-Z0-9].*\.", sentence)
        assert not re.search(r"[{}]|nan|inf\b|  |-\d", sentence), sentence


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (1.5, "a gain of 1.5 points"),
        (-2.0, "a loss of 2 points"),
        (10, "a gain of 10 points"),
        (-1.0, "a loss of 1 point"),
        (0.04, "no change"),
        (-0.04, "no change"),
        (float("nan"), "?"),
    ],
)
def test_directions_are_said_in_words(value: float, said: str) -> None:
    assert gain_or_loss(value) == said


def test_names() -> None:
    assert moment_name("month:12") == "month 12 after the first symptom"
    assert moment_name("docs_4") == "stage 4, a second region"
    assert moment_name("speech_lost") == "speech lost"
    assert all(measure_name(measure) for measure in MEASURES)


def test_tone() -> None:
    said = str(texts()).lower()
    for word in ("victim", "suffer", "miracle", "cure", "battle", "doomed", "tragic", "fool"):
        assert word not in said


def test_bars_add_to_a_hundred(found: Untreated) -> None:
    for axes in anecdote_figure(found).axes:
        heights = [bar.get_height() for bar in axes.patches]  # type: ignore[attr-defined]
        assert sum(heights) == pytest.approx(100, abs=0.5)


def test_tables_hold_every_person_and_series(
    found: Untreated, record: RunRecord, tmp_path: Path
) -> None:
    files = write_untreated(tmp_path / "out", twenty(), found, record)
    assert [file.name for file in files] == [
        "changes.csv", "best.csv", "series.csv", "columns.csv", "parameters.toml", "run.json",
    ]  # fmt: skip
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(
        file.name for file in files
    )
    tables = {file.name: list(csv.DictReader(file.read_text().splitlines())) for file in files[:4]}
    totals = [row["total"] for row in tables["changes.csv"]]
    assert totals == ["1"] * 5 + ["0"] * 5 + ["-2"] * 9 + [""]
    assert len(tables["series.csv"]) == 50
    for best in found.best:
        shares = [float(r["share"]) for r in tables["best.csv"] if r["size"] == str(best.size)]
        assert sum(shares) == pytest.approx(1, abs=1e-5)
    described = {(row["table"], row["column"]) for row in tables["columns.csv"]}
    for name in ("changes.csv", "best.csv", "series.csv"):
        assert {(name, column) for column in tables[name][0]} <= described
    run = json.loads(files[-1].read_text())
    assert run["moment"] == "month:5" and run["digest"] == record.digest


def test_a_file_is_no_folder(found: Untreated, record: RunRecord, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("kept")
    with pytest.raises(UsageError, match="is a file, not a folder"):
        write_untreated(tmp_path / "file", twenty(), found, record)


def test_series_repeat_with_the_seed(found: Untreated) -> None:
    again = study_untreated(twenty(), "month:5", 3, size=4, repeats=50)
    np.testing.assert_array_equal(found.series.fine, again.series.fine)
    other = study_untreated(twenty(), "month:5", 3, size=4, repeats=50, seed=2)
    assert (found.series.fine != other.series.fine).any()
