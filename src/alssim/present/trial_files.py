"""Tables of virtual trials: one row for each endpoint of each trial, or for each visit of one."""

import csv
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from alssim.errors import UsageError
from alssim.model.record import RunRecord
from alssim.present.study_files import Cell, csv_text, write_files
from alssim.present.table_files import summary
from alssim.studies.trial.drawing import Trials
from alssim.studies.trial.replicates import Operating
from alssim.studies.trial.worlds import TrialWorlds

TRIALS, VISITS, WORLDS = "trials.csv", "visits.csv", "sets.csv"


def write_trials(folder: str | Path, found: Operating, record: RunRecord) -> list[Path]:
    """Write every trial's estimates; logarithms where a ratio is estimated.

    Raises ``UsageError`` where the folder cannot be written to.
    """
    heading = ("trial", "endpoint", "scale", "logarithm", "estimate", "low", "high", "p")
    rows = (
        (k, one.endpoint.name, one.scale, one.ratio, *map(_text, numbers))
        for one in found.endpoints
        for k, numbers in enumerate(zip(one.value, one.low, one.high, one.p, strict=True))
    )
    return _write(Path(folder), TRIALS, heading, rows, record)


def write_visits(folder: str | Path, trials: Trials, record: RunRecord) -> list[Path]:
    """Write the visits of one trial: patient, arm, month, ALSFRS-R as rated."""
    heading = ("patient", "arm", "month", "alsfrs_r")
    rows = (
        (patient, "treated" if trials.treated[patient] else "control", month, f"{total:.0f}")
        for patient, scores in enumerate(trials.total[0])
        for month, total in zip(trials.months.tolist(), scores.tolist(), strict=True)
        if total == total  # there was a visit
    )
    return _write(Path(folder), VISITS, heading, rows, record)


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
    heading: Sequence[str],
    rows: Iterable[Sequence[object]],
    record: RunRecord,
) -> list[Path]:
    files = [folder / name, folder / "record.json", folder / "parameters.toml.txt"]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with files[0].open("w", newline="", encoding="utf-8") as stream:
            table = csv.writer(stream, lineterminator="\n")
            table.writerow(heading)
            table.writerows(rows)
        files[1].write_text(json.dumps(summary(record), indent=2) + "\n", encoding="utf-8")
        files[2].write_text(record.parameters, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write to {folder}: {error.strerror}") from None
    return files
