"""``alssim run``: the tables that it writes, what it prints, and what it refuses."""

import csv
import json
from pathlib import Path

import pytest
from tests.cli.conftest import Call

import alssim
from alssim.cli.text import say
from alssim.model.simulate import simulate_parts
from alssim.parameters import digest
from alssim.studies import lives

SHORT = ("--set", "horizon=40", "--patients", "6", "--backend", "numpy")
BESIDE = {"columns.csv", "parameters.toml", "run.json"}


def names(folder: Path) -> set[str]:
    """Return the names of the files in a folder."""
    return {path.name for path in folder.iterdir()}


def test_the_tables_of_a_run(call: Call, tmp_path: Path) -> None:
    answer = call("run", "claim-versus-trial", *SHORT, "--out", str(tmp_path))
    assert answer.status == 0 and answer.err == ""
    assert names(tmp_path) == {"patients.csv", "events.csv", "visits.csv"} | BESIDE
    with (tmp_path / "patients.csv").open(encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == 6
    assert "patients.csv (6 rows)" in answer.out
    assert answer.out.count(" ".join(say("notice").split()[:3])) == 1


@pytest.mark.parametrize(
    ("words", "tables"),
    [
        (("--no-visits",), {"patients", "events"}),
        (("--no-visits", "--neurons"), {"patients", "events", "neurons"}),
        (("--visits", "--latent"), {"patients", "events", "visits", "latent"}),
    ],
)
def test_the_tables_that_are_asked_for(
    call: Call, tmp_path: Path, words: tuple[str, ...], tables: set[str]
) -> None:
    answer = call("run", *SHORT, *words, "--out", str(tmp_path), "--json")
    assert names(tmp_path) == {f"{table}.csv" for table in tables} | BESIDE
    files = {Path(file["file"]).name: file.get("rows") for file in answer.document["files"]}
    assert set(files) == names(tmp_path)
    assert files["patients.csv"] == 6


def test_the_run_that_is_asked_for(call: Call, tmp_path: Path) -> None:
    words = ("--set", "care=no-riluzole", "--with", "riluzole-like", "--people", "3", "--fate", "4")
    answer = call("run", *SHORT, *words, "--no-visits", "--out", str(tmp_path), "--json")
    record = json.loads((tmp_path / "run.json").read_text("utf-8"))
    assert (record["people"], record["fate"], record["patients"]) == (3, 4, 6)
    assert record["arms"] == ["untreated", "riluzole-like"]
    assert {key: record[key] for key in answer.document["record"]} == answer.document["record"]
    assert [arm["name"] for arm in answer.document["arms"]] == record["arms"]
    dump = (tmp_path / "parameters.toml").read_text("utf-8")
    assert "set in --set" in dump, "the dump says what the command line changed"
    assert digest(alssim.load_scenario(tmp_path / "parameters.toml")) == record["digest"]


def test_a_dump_runs_again_to_the_same_tables(call: Call, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    call("run", *SHORT, "--with", "msc-claimed", "--seed", "8", "--out", str(first))
    call("run", str(first / "parameters.toml"), "--out", str(second), "--backend", "numpy")
    for table in ("patients", "events", "visits"):
        name = f"{table}.csv"
        assert (first / name).read_bytes() == (second / name).read_bytes()


def test_causes_of_death_add_up(call: Call) -> None:
    (arm,) = call("run", *SHORT, "--json").document["arms"]
    assert sum(arm["causes"].values()) == pytest.approx(1)
    assert set(arm["alive"]) == {"12", "24", "36"}


def test_parquet_tables(call: Call, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    assert call("run", *SHORT, "--out", str(tmp_path), "--format", "parquet").status == 0
    tables = {"patients.parquet", "events.parquet", "visits.parquet"}
    assert names(tmp_path) == tables | BESIDE


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--patients", "0"), ["--patients = 0 is outside 1 to"]),
        (("--patients", "0", "--seed", "-1"), ["--patients = 0", "--seed = -1"]),
        (("--seed", "1", "--fate", "2"), ["--seed sets both seeds"]),
        (("--set", "pace.medan=1"), ["pace.medan is unknown; did you mean median"]),
        (("--set", "a", "--set", "b=", "--with", "nope"), ["'a' is not", "'b=' is not", "'nope'"]),
        (("--with", "riluzole-like"), ["riluzole-like is part of this care setting"]),
        (("--with", "msc-found", "--with", "msc-found"), ["msc-found is named twice"]),
        (("--visits",), ["--visits writes a table: say where with --out DIR"]),
        (("--latent",), ["--latent writes a table"]),
        (("--threads", "0"), ["threads = 0"]),
        (("--out", "FILE"), ["is a file, not a folder"]),
        (("--out", "FILE/in"), ["cannot write"]),
    ],
)
def test_what_is_wrong_is_told(
    call: Call, tmp_path: Path, words: tuple[str, ...], told: list[str]
) -> None:
    (tmp_path / "taken").write_text("")
    placed = [word.replace("FILE", str(tmp_path / "taken")) for word in words]
    answer = call("run", *placed)
    assert answer.status == 2 and answer.out == ""
    assert answer.err.startswith("alssim: ") and answer.err.count("alssim: ") == 1
    assert [words for words in told if words not in answer.err] == []


def test_a_treatment_that_is_added_can_be_changed(call: Call) -> None:
    words = ("--with", "hazard-ratio", "--set", "arms.hazard-ratio.effects.1.size=0.45")
    document = call("dump", *words, "--json").document
    assert document["arms.hazard-ratio.effects.1.size"] == 0.45
    answer = call("dump", *words, "--set", "arms.hazard-ratio.effects.1.sise=1")
    assert answer.status == 2 and "effects.1.sise is unknown; did you mean" in answer.err
    assert call("dump", "--set", "arms.hazard-ratio.effects.1.size=0.45").status == 2


def test_an_engine_that_fails_leaves_no_file(call: Call, tmp_path: Path) -> None:
    assert call("run", "--threads", "0", "--out", str(tmp_path)).status == 2
    assert names(tmp_path) == set()


@pytest.fixture
def stopping(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop every simulation by Ctrl-C after the first part."""

    def stopped(*words: object, **more: object) -> object:
        yield from simulate_parts(*words, **more)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr(lives, "simulate_parts", stopped)


@pytest.mark.usefixtures("stopping")
def test_a_run_stopped_by_hand_keeps_what_was_finished(call: Call, tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text("earlier")
    answer = call("run", *SHORT, "--no-visits", "--out", str(tmp_path))
    assert answer.status == 130
    assert str(tmp_path) in answer.err and ".part" in answer.err
    assert (tmp_path / "events.csv").read_text() == "earlier"
    texts = {"columns.csv.part", "parameters.toml.part", "run.json.part"}
    assert names(tmp_path) == {"events.csv", "events.csv.part", "patients.csv.part", *texts}
    with (tmp_path / "patients.csv.part").open(encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == 6


@pytest.mark.usefixtures("stopping")
def test_a_run_without_tables_stops_quietly(call: Call) -> None:
    answer = call("run", *SHORT)
    assert (answer.status, answer.out) == (130, "")
    assert answer.err == "alssim: stopped\n"
