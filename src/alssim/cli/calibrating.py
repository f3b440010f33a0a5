"""``alssim calibrate``: the search for the defaults, and for other sets that fit acceptably."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alssim.cli.asking import progress
from alssim.cli.text import say, tell, tell_json
from alssim.errors import UsageError
from alssim.model.backend import warm_up
from alssim.studies.calibration.ensemble import Ensemble, find_ensemble
from alssim.studies.calibration.fitting import Evaluator, Fit, Progress, fit
from alssim.studies.calibration.journal import Journal
from alssim.studies.calibration.plan import Plan, load_plan
from alssim.studies.ensemble import ensemble_text
from alssim.studies.workers import check_workers

JOURNAL, BEST, MEMBERS = "journal.jsonl", "best.toml", "ensemble.toml"


def calibrate_command(asked: argparse.Namespace) -> int:
    """Fit the free parameters of a plan; write the best set and the ensemble."""
    check_workers(asked.workers)
    plan, folder = load_plan(asked.plan), Path(asked.out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(say("errors.not_written", file=folder, reason=error.strerror)) from None
    warm_up()  # hundreds of cohorts follow: compiled code pays, also for the workers
    with _shown() as shown:
        evaluator = Evaluator(plan, Journal(folder / JOURNAL), asked.workers, shown)
        best = fit(evaluator)
        _write(folder / BEST, best_text(plan, best))
        members = find_ensemble(evaluator, best)
    about = say("calibrate.ensemble", least=plan.core_least, seed=plan.seed)
    if members.members:
        _write(
            folder / MEMBERS,
            ensemble_text(members.members, members.core, members.tried, about),
        )
    _tell(asked, plan, best, members, folder)
    return 0


@contextmanager
def _shown() -> Iterator[Progress | None]:
    """Show one bar for each kind of work, where there is a terminal."""
    with progress(say("calibrate.searching")) as bar:
        yield None if bar is None else lambda what, done, total: bar(done, total)


def best_text(plan: Plan, best: Fit) -> str:
    """Return the best parameters as a scenario file that extends the reference."""
    lines = [f"# {say('calibrate.best', met=len(best.met), patients=plan.patients)}"]
    lines += ['extends = "reference"', 'name = "calibrated"', 'title = "Calibrated"', ""]
    lines += [f"{key} = {value!r}" for key, value in sorted(best.changes.items())]
    return "\n".join(lines) + "\n"


def _write(file: Path, text: str) -> None:
    unfinished = file.with_name(f"{file.name}.part")
    try:
        unfinished.write_text(text, encoding="utf-8", newline="\n")
        unfinished.replace(file)
    except OSError as error:
        raise UsageError(say("errors.not_written", file=file, reason=error.strerror)) from None


def _tell(
    asked: argparse.Namespace, plan: Plan, best: Fit, members: Ensemble, folder: Path
) -> None:
    if asked.json:
        tell_json(
            {
                "cost": best.cost,
                "met": sorted(best.met),
                "changes": best.changes,
                "members": len(members.members),
                "core": members.core,
                "tried": members.tried,
            }
        )
        return
    tell(say("calibrate.cost", before=best.cost[0], after=best.cost[1]))
    tell(say("calibrate.met", met=len(best.met), rows=len(best.allowed) + len(plan.statements)))
    tell(say("calibrate.members", members=len(members.members), tried=members.tried))
    tell(say("calibrate.written", folder=folder))
