"""``alssim ladder`` and the folders of studies: sentences, numbers, JSON, CSV and figures."""

import csv
import json
from pathlib import Path

import pytest
from tests.cli.conftest import Call

from alssim.parameters import load_scenario
from alssim.present.ladder_words import ladder_sentences
from alssim.studies.ladder import climb

SHORT = ("--patients", "8", "--set", "horizon=48", "--backend", "numpy")
STEPS = ("--start", "onset", "--start", "docs_6", "--sizes", "0,0.5,0.9")


def test_what_is_told_is_what_python_says(call: Call) -> None:
    answer = call("ladder", *SHORT, *STEPS, "--months", "3")
    assert answer.status == 0 and answer.err == ""
    scenario = load_scenario("reference", {"patients": 8, "horizon": 48}).record
    ladder = climb(scenario, starts=("onset", "docs_6"), sizes=(0, 0.5, 0.9), backend="numpy")
    told = " ".join(answer.out.split())
    for sentence in ladder_sentences(ladder, 3.0):
        assert sentence in told
    assert "Median months gained by size: Slowing the loss of motor neurons" in told


def test_a_folder_holds_numbers_and_figures(call: Call, tmp_path: Path) -> None:
    folder = tmp_path / "new"
    words = (*STEPS, "--target", "spread", "--target", "strength", "--out", str(folder), "--json")
    answer = call("ladder", *SHORT, *words)
    document = answer.document
    assert len(document["rungs"]) == 12
    with (folder / "ladder.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [float(row["median"]) for row in rows] == pytest.approx(
        [rung["median"] for rung in document["rungs"]], abs=1e-6
    )
    kept = json.loads((folder / "ladder.json").read_text("utf-8"))
    assert kept == document
    assert {path.name for path in folder.glob("*.svg")} == {
        "ladder-spread.svg",
        "ladder-strength.svg",
        "ladder-map-spread.svg",
        "ladder-map-strength.svg",
    }
    assert "neurons_per_pool" in (folder / "parameters.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--sizes", "0.1,2"), "sizes are shares between 0 and 1"),
        (("--sizes", "many"), "sizes are shares between 0 and 1"),
        (("--target", "muscle"), "target 'muscle' is not one of"),
        (("--start", "birth"), "start 'birth' is not one of"),
        (("--start", "birth", "--target", "muscle"), "start 'birth' is not one of"),
        (("--start", "birth", "--target", "muscle"), "target 'muscle' is not one of"),
        (("--months", "0"), "months = 0 is not above 0"),
        (("--months", "1e9"), "months = 1e+09 is not above 0 and at most"),
        (("--figure", "ladder.txt"), "--figure ladder.txt: the name must end in"),
        (("--map", "nowhere/ladder.svg"), "there is no folder nowhere"),
    ],
)
def test_wrong_use(call: Call, words: tuple[str, ...], message: str) -> None:
    answer = call("ladder", *SHORT, "--start", "onset", *words)
    assert answer.status == 2
    assert message in " ".join(answer.err.split())


def test_compare_fills_a_folder(call: Call, tmp_path: Path) -> None:
    words = ("--clock", "trial_entry", "--function", "--quality", "--out", str(tmp_path))
    answer = call("compare", "how-early-matters", *SHORT, *words)
    assert answer.status == 0, answer.err
    kept = json.loads((tmp_path / "compare.json").read_text("utf-8"))
    assert kept["clock"] == "trial_entry"
    arm = kept["arms"][1]
    assert set(arm["stays"]) == {"documents", "kings", "ventilation"}
    assert set(arm["able"]) == {"speaking", "swallowing", "self_care", "walking"}
    assert len(arm["quality"]) == 5
    gained = sum(stay["difference"]["value"] for stay in arm["stays"]["kings"].values())
    assert gained == pytest.approx(arm["gain"]["mean"]["value"])
    names = {path.name for path in tmp_path.iterdir()}
    assert {"survival.csv", "stages.csv", "survival.svg", "stages-1.svg", "gains-3.svg"} <= names
    assert not any(name.endswith(".part") for name in names)


def test_late_entry_is_said(call: Call) -> None:
    answer = call("compare", "how-early-matters", *SHORT, "--observed-from", "diagnosis")
    assert "come under observation at diagnosis" in " ".join(answer.out.split())


def test_a_file_is_no_folder(call: Call, tmp_path: Path) -> None:
    place = tmp_path / "file"
    place.write_text("mine")
    answer = call("ladder", *SHORT, *STEPS, "--out", str(place))
    assert answer.status == 2
    assert place.read_text() == "mine"
