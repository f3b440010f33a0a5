"""Write what untreated people show to a folder: CSV tables, their columns and the run record."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from alssim.errors import UsageError
from alssim.model.function import ITEM_NAMES
from alssim.model.record import RunRecord
from alssim.present.anecdote_words import texts
from alssim.present.table_files import COLUMNS, PARAMETERS, RUN, summary, told_of_disk
from alssim.studies.untreated import Untreated
from alssim.studies.watching import Watched

CHANGES, BEST, SERIES = "changes.csv", "best.csv", "series.csv"


def write_untreated(
    folder: str | Path, people: Watched, found: Untreated, record: RunRecord
) -> list[Path]:
    """Write the tables of a study of untreated people; return the files, the run record last.

    Raises ``UsageError`` where the folder cannot be written to.
    """
    place = Path(folder)
    if place.exists() and not place.is_dir():
        raise UsageError(f"{place} is a file, not a folder")
    tables = {CHANGES: _changes(people, found), BEST: _best(found), SERIES: _series(found)}
    written = {name: _text(columns, rows) for name, (columns, rows) in tables.items()}
    told = {name: list(columns) for name, (columns, _) in tables.items()}
    about = {**summary(record), "moment": found.changes.moment, "after": found.changes.after}
    written |= {
        COLUMNS: _text(("table", "column", "meaning"), _meanings(told)),
        PARAMETERS: record.parameters,
        RUN: json.dumps({**about, "tables": list(tables)}, indent=2) + "\n",
    }
    with told_of_disk(place):
        place.mkdir(parents=True, exist_ok=True)
        for name, text in written.items():
            unfinished = place / f"{name}.part"
            unfinished.write_text(text, encoding="utf-8", newline="\n")
            unfinished.replace(place / name)
    return [place / name for name in written]


Content = tuple[Sequence[str], Iterable[Sequence[object]]]


def _changes(people: Watched, found: Untreated) -> Content:
    seen = found.changes
    columns = ("patient", "month", "answers", "total", *ITEM_NAMES, "vital_capacity")
    rows = (
        (patient, month, int(answers), *map(_whole, (total, *items, breath)))
        for patient, month, answers, total, items, breath in zip(
            people.number[seen.person].tolist(),
            seen.month.tolist(),
            seen.answers.tolist(),
            seen.total.tolist(),
            seen.items.tolist(),
            seen.capacity.tolist(),
            strict=True,
        )
    )
    return columns, rows


def _best(found: Untreated) -> Content:
    rows = (
        (best.size, _whole(change), f"{share:.6f}")
        for best in found.best
        for change, share in zip(best.change.tolist(), best.share.tolist(), strict=True)
    )
    return ("size", "best_change", "share"), rows


def _series(found: Untreated) -> Content:
    series = found.series
    columns = ("series", "improved", "fine", "best", "mean_change", "on_before", "on_control")
    parts = (series.improved, series.fine, series.best, series.change)
    values = (*parts, series.on_before, series.on_control)
    rows = (
        (number, int(row[0]), int(row[1]), *(_decimal(value) for value in row[2:]))
        for number, row in enumerate(zip(*(part.tolist() for part in values), strict=True), 1)
    )
    return columns, rows


def _meanings(told: Mapping[str, Sequence[str]]) -> Iterable[Sequence[object]]:
    words = texts()["columns"]
    for table, columns in told.items():
        for column in columns:
            yield table, column, words.get(column, words["change"])


def _whole(value: float) -> str:
    return f"{value:.0f}" if np.isfinite(value) else ""


def _decimal(value: float) -> str:
    return f"{value:.6f}" if np.isfinite(value) else ""


def _text(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    page = io.StringIO()
    writer = csv.writer(page, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return page.getvalue()
