"""Tables of virtual trials: one row for each endpoint of each trial, or for each visit of one."""

import csv
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from alssim.errors import UsageError
from alssim.model.record import RunRecord
from alssim.present.study_files import Cell, csv_text, write_files
from alssim.present.table_files import summary
from alssim.studies.trial.drawing import Trials
from alssim.studies.trial.replicates import Operating
from alssim.studies.trial.worlds import TrialWorlds

Row = tuple[object, ...]
TRIALS, VISITS, WORLDS = "trials.csv", "visits.csv", "sets.csv"


def write_trials(folder: str | Path, found: Operating, record: RunRecord) -> list[Path]:
    """Write every trial's estimates; logarithms where a ratio is estimated.

    Raises ``UsageError`` where the folder cannot be written to.
    """
    return _write(Path(folder), TRIALS, trial_rows(found), record)


def write_visits(folder: str | Path, trials: Trials, record: RunRecord) -> list[Path]:
    """Write the visits of one trial: patient, arm, month, ALSFRS-R as rated."""
    return _write(Path(folder), VISITS, visit_rows(trials), record)


def trial_rows(found: Operating) -> Iterator[Row]:
    """Yield every trial's estimates, with a heading; logarithms where a ratio is estimated."""
    yield "trial", "endpoint", "scale", "logarithm", "estimate", "low", "high", "p"
    for one in found.endpoints:
        for k, numbers in enumerate(zip(one.value, one.low, one.high, one.p, strict=True)):
            yield k, one.endpoint.name, one.scale, one.ratio, *map(_text, numbers)


def visit_rows(trials: Trials) -> Iterator[Row]:
    """Yield the visits of one trial, with a heading: patient, arm, month, ALSFRS-R as rated."""
    yield "patient", "arm", "month", "alsfrs_r"
    for patient, scores in enumerate(trials.total[0]):
        arm = "treated" if trials.treated[patient] else "control"
        for month, total in zip(trials.months.tolist(), scores.tolist(), strict=True):
            if total == total:  # there was a visit
                yield patient, arm, month, f"{total:.0f}"


def write_worlds(folder: str | Path, known: TrialWorlds) -> list[Path]:
    """Write how every endpoint does in every set; set 0 is the trial as asked.

    The mean estimate is a logarithm where a ratio is estimated.
    Raises ``UsageError`` where the folder cannot be written to.
    """
    rows: list[list[Cell]] = [
        ["set", "endpoint", "scale", "logarithm", "mean", "power", "power_low", "power_high"]
    ]
    for number, found in enumerate(known.found):
        for one in found.endpoints:
            power = (one.power.value, one.power.low, one.power.high)
            about: list[Cell] = [number, one.endpoint.name, one.scale, str(one.ratio), one.truth]
            rows.append([*about, *power])
    return write_files(folder, {WORLDS: csv_text(rows)})


def _text(value: float) -> str:
    return "" if value != value else f"{value:.6g}"


def _write(
    folder: Path,
    name: str,
    rows: Iterable[Row],
    record: RunRecord,
) -> list[Path]:
    files = [folder / name, folder / "record.json", folder / "parameters.toml.txt"]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with files[0].open("w", newline="", encoding="utf-8") as stream:
            csv.writer(stream, lineterminator="\n").writerows(rows)
        files[1].write_text(json.dumps(summary(record), indent=2) + "\n", encoding="utf-8")
        files[2].write_text(record.parameters, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write to {folder}: {error.strerror}") from None
    return files
