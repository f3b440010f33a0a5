"""Tables of virtual trials: one row for each endpoint of each trial, or for each visit of one."""

import csv
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from alssim.model.record import RunRecord
from alssim.present.study_files import Cell, csv_text, write_files
from alssim.present.table_files import summary, told_of_disk
from alssim.studies.trial.drawing import Trials
from alssim.studies.trial.replicates import Operating
from alssim.studies.trial.sizing import Sizing
from alssim.studies.trial.worlds import TrialWorlds

Row = tuple[object, ...]
TRIALS, VISITS, WORLDS, SIZES = "trials.csv", "visits.csv", "sets.csv", "sizes.csv"


def write_trials(folder: str | Path, found: Operating, record: RunRecord) -> list[Path]:
    """Write every trial's estimates; logarithms where a ratio is estimated.

    Raises ``UsageError`` where the folder cannot be written to.
    """
    return _write(Path(folder), TRIALS, trial_rows(found), record)


def write_visits(folder: str | Path, trials: Trials, record: RunRecord) -> list[Path]:
    """Write the visits of one trial: patient, arm, month, ALSFRS-R as rated."""
    return _write(Path(folder), VISITS, visit_rows(trials), record)


def write_sizes(folder: str | Path, found: Sizing, record: RunRecord) -> list[Path]:
    """Write the sizes that were tried: patients in the control arm, and power."""
    return _write(Path(folder), SIZES, size_rows(found), record)


def size_rows(found: Sizing) -> Iterator[Row]:
    """Yield the power of every size that was tried, with a heading."""
    yield "per_arm", "power", "power_low", "power_high"
    for one in found.tried:
        limits = one.power.value, one.power.low, one.power.high
        yield one.per_arm, *map(_text, limits)


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
    unfinished = folder / f"{name}.part"
    with told_of_disk(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with unfinished.open("w", newline="", encoding="utf-8") as stream:
            csv.writer(stream, lineterminator="\n").writerows(rows)
        unfinished.replace(folder / name)
    about = {
        "record.json": json.dumps(summary(record), indent=2) + "\n",
        "parameters.toml.txt": record.parameters,
    }
    return [folder / name, *write_files(folder, about)]
