"""The search on a problem whose answer is known, its journal, and the ensemble (about 25 s)."""

from pathlib import Path

import numpy as np
import pytest
from tests.studies.calibration.test_plan import PLAN

from alssim.cli import main
from alssim.studies.calibration import fitting
from alssim.studies.calibration.ensemble import find_ensemble, proposals
from alssim.studies.calibration.fitting import Evaluator, Fit, fit
from alssim.studies.calibration.journal import Journal
from alssim.studies.calibration.objective import Job, Numbers, distances, met, residuals, rows_of
from alssim.studies.calibration.plan import Plan, load_plan
from alssim.studies.ensemble import load_ensemble
from alssim.studies.validation.judging import Allowed


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    file = tmp_path / "plan.toml"
    file.write_text(PLAN, encoding="utf-8")
    return load_plan(file)


def line(job: Job) -> Numbers:
    """A model in which one target follows the pace."""
    return {"SUR-01": [10 + 200 * job.changes["pace.median"]]}


@pytest.fixture
def easy(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> Plan:
    monkeypatch.setattr(fitting, "evaluate", line)
    monkeypatch.setattr(fitting, "allowed_at", lambda job: {"SUR-01": (Allowed(30, 28, 32),)})
    return plan


def test_the_search_finds_what_meets_the_target(easy: Plan) -> None:
    found = fit(Evaluator(easy, Journal(None)))
    assert "SUR-01" in found.met
    assert found.cost[1] < found.cost[0]
    assert abs(10 + 200 * found.changes["pace.median"] - 30) < 2


def test_a_stopped_search_goes_on_where_it_was(
    easy: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, calls = tmp_path / "journal.jsonl", []
    first = fit(Evaluator(easy, Journal(file)))
    whole = file.read_text(encoding="utf-8")
    file.write_text(whole[: len(whole) // 2], encoding="utf-8")  # cut in the middle of a line

    def counted(job: Job) -> Numbers:
        calls.append(job)
        return line(job)

    monkeypatch.setattr(fitting, "evaluate", counted)
    again = fit(Evaluator(easy, Journal(file)))
    assert again.changes == first.changes
    assert 0 < len(calls) < len(whole.splitlines())
    calls.clear()
    assert fit(Evaluator(easy, Journal(file))).changes == first.changes
    assert not calls


def test_distances_cost_little_within_and_much_beyond(plan: Plan) -> None:
    allowed = {"SUR-01": (Allowed(30.0, 28.0, 32.0),)}

    def cost(value: float) -> float:
        far = distances(plan, allowed, {"SUR-01": [value]})
        return float(np.sum(residuals(plan, rows_of(plan, allowed), far) ** 2))

    assert cost(30) == 0 < cost(30.9) < cost(31.9) < cost(40)
    assert cost(28) == pytest.approx(cost(32))
    assert cost(float("nan")) == cost(1e9)
    assert met(allowed, plan, {"SUR-01": [32.0]}) == {"SUR-01"}
    assert met(allowed, plan, {"SUR-01": [32.1]}) == set()


def fitted(slopes: np.ndarray) -> Fit:
    places = np.full(slopes.shape[1], 0.5)
    return Fit(places, {}, (0.0, 0.0), frozenset(), slopes, {})


def test_members_spread_where_targets_see_nothing() -> None:
    """Spread along axis j is 1 / sqrt(1 + slope_j**2); 4,000 draws: 5 standard errors are 6 %."""
    slopes = np.diag([30.0, 12.0])
    drawn = proposals(fitted(slopes), 1, np.arange(4000), 0.5)
    expected = 0.5 / np.sqrt(1 + np.diag(slopes) ** 2)
    assert drawn.std(axis=0) == pytest.approx(expected, rel=0.06)
    assert np.array_equal(drawn[7:9], proposals(fitted(slopes), 1, np.arange(7, 9), 0.5))


def test_members_are_kept_by_what_they_meet(easy: Plan) -> None:
    best = fit(Evaluator(easy, Journal(None)))
    found = find_ensemble(Evaluator(easy, Journal(None)), best)
    assert len(found.members) == easy.members <= found.tried


def test_the_command_writes_what_the_reader_reads(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A small plan, wholly simulated."""
    plan = tmp_path / "plan.toml"
    plan.write_text(PLAN.replace("rounds = 12", "rounds = 1").replace("draws = 8", "draws = 2"))
    out = tmp_path / "out"
    assert main(["calibrate", "--plan", str(plan), "--out", str(out), "--json"]) == 0
    assert '"changes"' in capsys.readouterr().out
    assert main(["check", str(out / "best.toml")]) == 0
    members = load_ensemble(out / "ensemble.toml")
    assert all(set(member) == {"pace.median"} for member in members)
