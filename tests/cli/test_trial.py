"""``alssim trial``. About 15 s."""

import json
from pathlib import Path

import pytest

from alssim.cli import main

SMALL = ["--set", "pool=60", "--set", "per_arm=20"]


def told(capsys: pytest.CaptureFixture[str], *typed: str) -> str:
    assert main(["trial", *typed]) == 0
    return capsys.readouterr().out


def test_one_trial_is_told_in_words(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    figure = tmp_path / "one.svg"
    said = told(capsys, *SMALL, "--figure", str(figure), "--out", str(tmp_path / "out"))
    assert "For learning only" in said
    assert "control: 20 allotted" in said
    assert "Simplified:" in said
    assert figure.is_file()
    assert (tmp_path / "out" / "visits.csv").is_file()


def test_seed_and_number_choose_another_trial(capsys: pytest.CaptureFixture[str]) -> None:
    texts = {told(capsys, *SMALL, *more) for more in ((), ("--number", "1"), ("--seed", "2"))}
    assert len(texts) == 3
    assert told(capsys, *SMALL) in texts


def test_many_trials_as_json(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    typed = ["tofersen", "--set", "pool=100", "--replicates", "40", "--json"]
    found = json.loads(told(capsys, *typed, "--out", str(tmp_path)))
    assert found["operating"]["replicates"] == 40
    names = [one["name"] for one in found["operating"]["endpoints"]]
    assert names == ["change", "marker", "survival"]
    assert "everybody drawn here has it" in found["people"][0]
    assert "That a real marker works so is an assumption" in found["people"][1]
    assert (tmp_path / "trials.csv").is_file()


def test_real_and_simulated_results_stand_side_by_side(capsys: pytest.CaptureFixture[str]) -> None:
    said = told(capsys, "lenzumestrocel-open-label", "--set", "pool=100", "--replicates", "40")
    assert "The real trial: A difference of 3.38 points" in said
    assert "of 100 simulated trials," in " ".join(said.lower().split())


def test_without_effect_the_level_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    said = " ".join(told(capsys, *SMALL, "--null", "--replicates", "60").split())
    assert "The treatment does nothing here." in said
    assert "slope: with a treatment that does nothing," in said


def test_a_trial_of_care_has_a_null_as_well(capsys: pytest.CaptureFixture[str]) -> None:
    said = told(capsys, "niv", "--set", "pool=60", "--null", "--replicates", "20")
    assert "survival: with a treatment that does nothing," in " ".join(said.split())


def test_fresh_people_and_interim_looks(capsys: pytest.CaptureFixture[str]) -> None:
    typed = ["--replicates", "4", "--fresh", "--set", "looks.shares=[0.5]"]
    said = " ".join(told(capsys, *SMALL, *typed).split())
    assert "Each of 160 people takes part in one trial." in said
    assert "Interim looks stop" in said


def test_size_for_a_power(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    figure = tmp_path / "power.png"
    typed = ["--set", "pool=300", "--set", "per_arm=60", "--power", "0.5", "--replicates", "40"]
    said = told(capsys, *typed, "--figure", str(figure))
    assert "For a power of 50 of 100" in said
    assert figure.is_file()


@pytest.mark.parametrize(
    ("typed", "table"),
    [([], "visits.csv"), (["--replicates", "4"], "trials.csv"), (["--power", "0.5"], "sizes.csv")],
)
def test_a_folder_holds_numbers_table_and_figure(
    typed: list[str], table: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder = tmp_path / "new" / "results"
    few = ["--replicates", "20"] if "--power" in typed else []
    told(capsys, *SMALL, *typed, *few, "--out", str(folder))
    about = {"record.json", "parameters.toml.txt", "trial.json", "trial.svg"}
    assert {file.name for file in folder.iterdir()} == about | {table}
    assert json.loads((folder / "trial.json").read_text())["trial"]["name"] == "two-arms"
    assert (folder / "trial.svg").read_text().startswith("<?xml")
    assert len((folder / table).read_text().splitlines()) > 1


def test_what_cannot_be_written_is_refused_before_the_work(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "file"
    file.write_text("mine")
    typed = ["--out", str(file / "x"), "--figure", str(tmp_path / "none" / "x.png")]
    assert main(["trial", "--set", "pool=1000000", *typed]) == 2
    said = capsys.readouterr().err
    assert "is a file, not a folder" in said and "there is no folder" in said
    assert file.read_text() == "mine"


def test_the_world_can_be_changed_too(capsys: pytest.CaptureFixture[str]) -> None:
    plain = told(capsys, *SMALL)
    assert told(capsys, *SMALL, "--set", "pace.sd=0.1") != plain
    assert told(capsys, *SMALL, "--set", "care.riluzole_share=0") != plain


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["two-arm"], "did you mean two-arms?"),
        (["--set", "per_arms=3"], "per_arms is unknown"),
        (["--set", "entry.age_lest=3"], "did you mean age_least"),
        (["--fresh"], "--fresh needs --replicates N"),
        (["--number", "-1"], "--number -1 must be 0 or more"),
        (["--fresh", "--replicates", "5", "--power", "0.8"], "without --power"),
        (["--replicates", "1", *SMALL], "allowed: 2 to 100,000"),
        (["--replicates", "0", *SMALL], "replicates = 0; allowed: 2 to 100,000"),
        (["--power", "0.8", "--replicates", "-3", *SMALL], "replicates = -3; allowed"),
        (["--power", "0.8", "--replicates", "0", *SMALL], "replicates = 0; allowed"),
        (["--power", "2", *SMALL], "allowed: 0.05 to 0.99"),
        (["--figure", "x.bmp"], "must end in .svg, .png or .pdf"),
        (["--seed", "-1"], "  --seed = -1 is outside 0 to"),
        (["--set", "per_arms=3", "--set", "pool=0"], "pool = 0 is outside 20 to 1,000,000"),
        (["--number", "-1", "--power", "2"], "--number -1 must be 0 or more\n  --power = 2; allo"),
    ],
)
def test_what_is_wrong_is_told(
    typed: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["trial", *typed]) == 2
    assert said in capsys.readouterr().err


def test_trials_are_listed_checked_and_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "trials"]) == 0
    assert "phoenix" in capsys.readouterr().out
    assert main(["explain", "phoenix"]) == 0
    assert "Question: If the first trial were right" in capsys.readouterr().out


def test_a_trial_too_small_for_an_endpoint_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["trial", "two-arms", "--set", "pool=60", "--set", "per_arm=2", "--replicates", "20"]
    assert main(words) == 2
    told = capsys.readouterr().err
    assert "'change' (per_arm = 2, follow_up = 12)" in told
    assert "raise per_arm or follow_up" in told
