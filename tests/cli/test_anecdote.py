"""``alssim anecdote``: sentences, numbers, JSON, figures and tables."""

from pathlib import Path

import pytest
from tests.cli.conftest import Call

from alssim.parameters import load_scenario
from alssim.present.anecdote_words import sentences
from alssim.studies.untreated import Untreated, study_untreated
from alssim.studies.watching import watch

SHORT = ("--set", "horizon=60", "--patients", "80", "--backend", "numpy")


def expected(moment: str = "diagnosis") -> Untreated:
    """Return the same study by way of Python."""
    scenario = load_scenario("reference", {"horizon": 60, "patients": 80}).record
    return study_untreated(watch(scenario, backend="numpy"), moment, 3, 10)


def flat(text: str) -> str:
    return " ".join(text.split())


def test_every_sentence_is_told(call: Call) -> None:
    answer = call("anecdote", *SHORT)
    assert answer.status == 0 and answer.err == ""
    for sentence in sentences(expected()):
        assert sentence in flat(answer.out)
    assert answer.out.count("For learning only") == 1


def test_numbers_are_those_of_python(call: Call) -> None:
    document = call("anecdote", *SHORT, "--moment", "month:12", "--json").document
    found = expected("month:12")
    assert document["moment"] == "month:12" and document["seen"] == len(found.changes.person)
    looks = {row["measure"]: row for row in document["looks"]}
    assert looks["total"]["improved"] == found.look("total").improved
    assert [row["size"] for row in document["best"]] == [best.size for best in found.best]
    assert document["best"][1]["at_least"]["1"] == pytest.approx(found.best[1].at_least(1))
    assert document["series"]["improved"] == found.series.improved.tolist()
    assert document["immortal_time"]["treated"] == found.waiting.treated  # type: ignore[union-attr]


def test_figures_and_tables_are_written(call: Call, tmp_path: Path) -> None:
    changes, biases, out = tmp_path / "c.svg", tmp_path / "b.png", tmp_path / "tables"
    answer = call(
        "anecdote", *SHORT, "--figure", str(changes), "--biases", str(biases), "--out", str(out)
    )
    assert answer.status == 0
    assert changes.read_bytes().startswith(b"<?xml")
    assert biases.read_bytes().startswith(b"\x89PNG")
    assert (out / "changes.csv").is_file() and (out / "run.json").is_file()
    assert "Figure: " in answer.out and "changes.csv" in answer.out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--moment", "cure"), "unknown moment 'cure'"),
        (("--moment", "month:x"), "give a number of 0 or more"),
        (("--after", "0"), "after = 0; allowed: 1 or more"),
        (("--series", "0"), "size of a series = 0; allowed: 1 to 10,000"),
        (("--moment", "month:59"), "nobody is seen at month:59 and 3 months later"),
        (("--figure", "x.gif"), "must end in .svg, .png or .pdf"),
        (("--biases", "nowhere/x.svg"), "there is no folder nowhere"),
        (("--out", "README.md"), "is a file, not a folder"),
    ],
)
def test_what_is_wrong_is_told(
    call: Call, words: tuple[str, ...], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "README.md").write_text("kept")
    answer = call("anecdote", *SHORT, *words)
    assert answer.status == 2 and answer.out == ""
    assert told in flat(answer.err)
