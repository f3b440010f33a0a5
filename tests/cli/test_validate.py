"""``alssim validate``: table, JSON, report and exit status."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.cli.conftest import Call

from alssim.cli import validating
from alssim.studies.validation import Validation, load_targets
from alssim.studies.validation import validate as run

SMALL = ("validate", "--patients", "120", "--seed", "3", "--backend", "numpy")


@pytest.fixture(scope="module")
def found() -> Validation:
    return run(patients=120, seed=3, backend="numpy")


@pytest.fixture
def quick(found: Validation, monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """Answer with a validation that is there already; return what was asked for."""
    asked: dict[str, object] = {}

    def answered(**words: object) -> Validation:
        asked.update(words)
        return found

    monkeypatch.setattr(validating, "validate", answered)
    return asked


def passing(found: Validation, passed: int) -> Validation:
    tally = replace(found.core, passed=passed, rows=42, needed=41)
    enough = replace(tally, passed=49, rows=49, needed=30)
    return replace(found, core=tally, calibration=enough, validation=enough)


def test_a_real_run_from_the_command_line(call: Call) -> None:
    answer = call(*SMALL, "--json")
    assert answer.status == 1 and answer.err == ""
    document = answer.document
    assert document["holds"] is False and document["record"]["patients"] == 120
    assert (document["record"]["people"], document["record"]["fate"]) == (3, 3)
    assert len(document["rows"]) == 116 and len(document["inputs"]) == 35


def test_the_json_document_holds_every_number(
    call: Call, quick: dict[str, object], found: Validation
) -> None:
    document = call(*SMALL, "--json").document
    for shown, row in zip(document["rows"], found.rows, strict=True):
        assert shown["id"] == row.target.id and shown["passed"] == row.passed
        assert shown["citation"] == row.target.citation and shown["how"]
        assert row.measured is not None
        simulated = [float("nan") if one is None else one for one in shown["simulated"]]
        assert simulated == pytest.approx(row.measured.values, nan_ok=True)
        assert shown["patients"] == row.measured.patients
    tally = document["tallies"]["core"]
    assert (tally["passed"], tally["rows"]) == (found.core.passed, 42)
    assert len(document["prognosis"]["ratios"]) == 5
    assert document["care"]["usual"] == found.care.usual


def test_the_table_tells_all_rows_apart_by_use(call: Call, quick: dict[str, object]) -> None:
    answer = call(*SMALL)
    calibration, validation = answer.out.split("Validation (never used to set a parameter)")
    for one in load_targets():
        where = {"calibration": calibration, "validation": validation}.get(one.use)
        assert where is None or f"  {one.id}" in where
    assert "Core rows (tier 1): " in answer.out and "hazard ratio" in answer.out
    assert answer.out.count("For learning only") == 1


@pytest.mark.parametrize(("passed", "status"), [(41, 0), (40, 1)])
def test_the_status_follows_the_thresholds(
    call: Call, found: Validation, monkeypatch: pytest.MonkeyPatch, passed: int, status: int
) -> None:
    monkeypatch.setattr(validating, "validate", lambda **_: passing(found, passed))
    answer = call(*SMALL)
    assert answer.status == status
    assert ("thresholds hold." in answer.out) is (status == 0)


def test_options_reach_the_study(call: Call, quick: dict[str, object]) -> None:
    call("validate", "--seed", "9", "--set", "pace.median=0.1", "--threads", "2")
    assert quick["patients"] == 20_000 and quick["seed"] == 9 and quick["threads"] == 2
    assert quick["changes"] == {"pace.median": 0.1}
    assert quick["progress"] is None  # no terminal here


def test_the_report_is_written(call: Call, quick: dict[str, object], tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    answer = call(*SMALL, "--report", str(file))
    assert answer.status == 1 and str(file) in answer.out.replace("\n", "")
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
    assert file.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--report", "report.pdf"), "must end in .html"),
        (("--report", "nowhere/report.html"), "there is no folder nowhere"),
        (("--patients", "99"), "patients = 99; allowed: 100 to 200,000"),
        (("--set", "pace.medan=1"), "did you mean median"),
        (("--set", "horizon=12"), "horizon is set by the validation itself"),
        (("--set", "pace"), "is not key=value"),
        (("--patients", "many"), "'many' is not a whole number"),
    ],
)
def test_what_is_wrong_is_told(call: Call, words: tuple[str, ...], told: str) -> None:
    answer = call("validate", *words)
    assert answer.status == 2 and answer.out == ""
    assert told in answer.err
