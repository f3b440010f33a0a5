"""``alssim sweep``: points, rows, going on after a stop, any number of workers (about 15 s)."""

import csv
import signal
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Call

import alssim
from alssim.cli import sweeping
from alssim.model.record import package_version
from alssim.parameters import digest
from alssim.studies import workers
from alssim.studies.sweep import summarise

SHORT = ("--patients", "8", "--set", "horizon=60", "--backend", "numpy")
GRID = ("--vary", "pace.median=0.06,0.07", "--vary", "care=modern,minimal")


def rows(folder: Path) -> list[dict[str, str]]:
    """Return the rows of a sweep's table."""
    with (folder / "sweep.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_grid_is_swept(call: Call, tmp_path: Path) -> None:
    answer = call("sweep", "claim-versus-trial", *SHORT, *GRID, "--out", str(tmp_path / "new"))
    assert answer.status == 0 and answer.err == ""
    assert answer.out.count("For learning only") == 1
    assert "4 points" in answer.out and "sweep.csv" in answer.out
    found = rows(tmp_path / "new")
    assert [(row["pace.median"], row["care"]) for row in found] == [
        ("0.06", "modern"), ("0.06", "minimal"), ("0.07", "modern"), ("0.07", "minimal"),
    ]  # fmt: skip
    settings = {"pace.median": 0.07, "care": "minimal", "horizon": 60, "patients": 8}
    scenario = alssim.load_scenario("claim-versus-trial", settings)
    expected = summarise(scenario)
    assert found[3]["digest"] == digest(scenario)
    assert found[3]["version"] == package_version()
    for name in ("untreated.median", "msc-found.gain", "msc-claimed.alive_36"):
        assert float(found[3][name]) == pytest.approx(expected[name], abs=1e-6)


def test_a_sweep_as_json(call: Call, tmp_path: Path) -> None:
    document = call("sweep", *SHORT, *GRID, "--out", str(tmp_path), "--json").document
    assert document["vary"] == {"pace.median": [0.06, 0.07], "care": ["modern", "minimal"]}
    assert (document["points"], document["known"], document["sample"]) == (4, 0, None)
    assert document["rows"] == rows(tmp_path)
    again = call("sweep", *SHORT, *GRID, "--out", str(tmp_path), "--json").document
    assert again["known"] == 4 and again["rows"] == document["rows"]


def test_a_sample_is_swept(call: Call, tmp_path: Path) -> None:
    varied = ("--vary", "pace.median=0.05,0.08", "--vary", "numerics.neurons_per_pool=50,60")
    answer = call("sweep", *SHORT, *varied, "--sample", "5", "--out", str(tmp_path))
    assert answer.status == 0
    found = rows(tmp_path)
    paces = sorted(float(row["pace.median"]) for row in found)
    assert [int((pace - 0.05) / 0.03 * 5) for pace in paces] == [0, 1, 2, 3, 4]
    assert all(50 <= int(row["numerics.neurons_per_pool"]) <= 60 for row in found)


def test_a_treatment_that_is_added_can_be_varied(call: Call, tmp_path: Path) -> None:
    key = "arms.hazard-ratio.effects.1.size"
    words = (*SHORT, "--with", "hazard-ratio", "--vary", f"{key}=0,0.9", "--out", str(tmp_path))
    assert call("sweep", *words).status == 0
    nothing, much = rows(tmp_path)
    assert float(nothing["hazard-ratio.gain"]) == 0 < float(much["hazard-ratio.gain"])
    assert nothing["untreated.rmst"] == much["untreated.rmst"]


def test_lists_and_quoted_words_are_values(call: Call, tmp_path: Path) -> None:
    varied = ("--vary", 'arms=["untreated", "msc-found"],["untreated","msc-found"]')
    titled = ("--vary", 'title="a, b",c')
    answer = call("sweep", *SHORT, *varied, *titled, "--out", str(tmp_path))
    assert answer.status == 0
    assert [row["title"] for row in rows(tmp_path)] == ["a, b", "c"] * 2


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The table of one worker."""
    folder = tmp_path_factory.mktemp("alone")
    assert sweeping.sweep_command(_asked(folder, 1)) == 0
    return (folder / "sweep.csv").read_bytes()


def _asked(folder: Path, count: int) -> Any:
    words = [*SHORT, *GRID, "--out", str(folder), "--workers", str(count)]
    return sweeping_parser().parse_args(["sweep", *words])


def sweeping_parser() -> Any:
    from alssim.cli import MODULES
    from alssim.cli.arguments import parser

    return parser(dict.fromkeys(MODULES, lambda asked: 0), "")


@pytest.mark.parametrize("dask", [False, True])
def test_any_number_of_workers_writes_the_same_bytes(
    alone: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dask: bool
) -> None:
    if dask:
        pytest.importorskip("distributed")
    monkeypatch.setattr(workers, "has_dask", lambda: dask)
    with warnings.catch_warnings():
        if dask:
            warnings.simplefilter("ignore")  # its own
        assert sweeping.sweep_command(_asked(tmp_path, 2)) == 0
    assert (tmp_path / "sweep.csv").read_bytes() == alone


def test_a_sweep_stopped_by_hand_goes_on(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    def stopping(scenario: alssim.Scenario, **more: Any) -> dict[str, Any]:
        if len(done) == 3:
            raise KeyboardInterrupt
        done.append(scenario.name)
        return summarise(scenario, **more)

    monkeypatch.setattr(sweeping, "summarise", stopping)
    words = ("sweep", *SHORT, *GRID, "--out", str(tmp_path))
    answer = call(*words)
    assert (answer.status, answer.out) == (130, "")
    assert answer.err == (
        f"alssim: stopped; 3 of 4 points are done and kept in {tmp_path}; "
        "the same command goes on\n"
    )
    monkeypatch.undo()
    monkeypatch.setenv("COLUMNS", "100")
    assert "3 points were known already." in call(*words).out
    assert len(rows(tmp_path)) == 4


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal there")
def test_a_sweep_that_is_killed_loses_nothing_done(alone: bytes, tmp_path: Path) -> None:
    words = ["sweep", *SHORT, *GRID, "--out", str(tmp_path)]
    script = f"""
import os, signal
from alssim.cli import main
from alssim.present.sweep_files import SweepTable
add = SweepTable.add
def killed(table, point, row):
    add(table, point, row)
    if len(table.done) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
SweepTable.add = killed
main({words!r})
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert (tmp_path / "sweep.csv.part").read_bytes().count(b"\n") == 3
    assert sweeping.sweep_command(_asked(tmp_path, 1)) == 0
    assert (tmp_path / "sweep.csv").read_bytes() == alone


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), ["--vary"]),
        (("--vary", "pace.median=0.06"), ["required: --out"]),
        (("--vary", "pace.median", "--out", "D"), ["'pace.median' is not key=value,value"]),
        (("--vary", "=1", "--vary", "a=", "--out", "D"), ["'=1' is not", "'a=' is not"]),
        (("--vary", "a=1", "--vary", "a=2", "--out", "D"), ["--vary: a is varied twice"]),
        (("--vary", "a=1e,2", "--out", "D"), ["--vary: a = '1e' is not one value"]),
        (
            ("--vary", "pace.medain=1,2", "--vary", "pace.sd=-1,2", "--out", "D"),
            ["pace.medain is unknown; did you mean median", "pace.sd = -1 is outside",
             "(in 4 of 4 points"],
        ),
        (("--vary", "care=modern,minimal", "--sample", "3", "--out", "D"), ["two numbers"]),
        (("--vary", "pace.median=1", "--sample", "3", "--out", "D"), ["two numbers"]),
        (("--vary", "pace.median=0.08,0.05", "--sample", "3", "--out", "D"), ["is no range"]),
        (("--vary", "pace.median=0.05,0.06", "--sample", "0", "--out", "D"), ["at least one"]),
        (("--vary", "pace.median=0.05", "--workers", "0", "--out", "D"), ["workers = 0"]),
        (("--vary", "pace.median=0.05", "--out", ""), ["argument --out: it is empty"]),
        (("--vary", "pace.median=0.05", "--out", "FILE"), ["is a file, not a folder"]),
        (("--vary", "pace.median=0.05", "--scheduler", "", "--out", "D"), ["--scheduler: it is"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(
    call: Call,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    told: list[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "taken").write_text("")
    placed = [word.replace("FILE", "taken") for word in words]
    answer = call("sweep", *placed)
    assert answer.status == 2 and answer.out == ""
    assert [one for one in told if one not in answer.err] == []
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]
