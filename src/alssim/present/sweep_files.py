"""The table of a sweep, written row by row as points are done, so that none is done twice.

``sweep.csv`` holds one row a point, in order. Until the sweep is complete its rows grow in
``sweep.csv.part``, in the order in which they were done. A later sweep in the same folder takes
over the rows of both, by the digest of their parameters.
"""

import csv
import io
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from alssim.errors import UsageError
from alssim.model.record import RunRecord
from alssim.parameters.writing import toml_value
from alssim.present.table_files import summary, told_of_disk
from alssim.present.tables import words
from alssim.studies.sweep import Point, row_columns

TABLE, RECORD, PARAMETERS = "sweep.csv", "sweep.json", "sweep.toml"
DECIMALS = 6
Texts = dict[str, str]


@dataclass(slots=True)
class SweepTable:
    """The rows of a sweep; ``done`` maps digests to what is known of their points."""

    folder: Path
    heading: tuple[str, ...]
    summed: tuple[str, ...]
    version: str
    done: dict[str, Texts]
    part: BinaryIO

    def add(self, point: Point, row: Mapping[str, Any]) -> None:
        """Write what was found of a point; raise ``UsageError`` if another version found it."""
        if row["version"] != self.version:
            raise UsageError(
                f"a worker runs alssim {row['version']}, this is {self.version}; "
                "install the same on both"
            )
        found = {name: _text(row[name]) for name in self.summed}
        self.done[point.digest] = found
        with told_of_disk(self.folder):
            self.part.write(_line(_whole_row(self.heading, 0, point, found)))

    def finish(
        self, points: Sequence[Point], record: RunRecord, asked: Mapping[str, Any]
    ) -> list[Path]:
        """Write all rows in order, and the record of the sweep beside them; return the files."""
        rows = self.rows(points)
        about = {**summary(record), "sweep": asked, "columns": column_meanings(self.heading)}
        texts = {
            PARAMETERS: record.parameters,
            RECORD: json.dumps(about, indent=2, ensure_ascii=False) + "\n",
            TABLE: (_line(self.heading) + b"".join(map(_line, rows))).decode(),
        }
        with told_of_disk(self.folder):
            self.part.close()
            for name, text in texts.items():
                unfinished = self.folder / f"{name}.new"
                unfinished.write_text(text, encoding="utf-8", newline="\n")
                unfinished.replace(self.folder / name)
            _part(self.folder).unlink()
        return [self.folder / name for name in texts]

    def rows(self, points: Sequence[Point]) -> list[list[str]]:
        """Return the row of every point, in order."""
        return [
            _whole_row(self.heading, number, point, self.done[point.digest])
            for number, point in enumerate(points, 1)
        ]


@contextmanager
def open_sweep(folder: str | Path, points: Sequence[Point], version: str) -> Iterator[SweepTable]:
    """Open the table of a sweep in a folder, with the rows that are there already.

    Raises ``UsageError`` where the folder cannot be written to, and where it holds rows that
    are not of this sweep and would be lost.
    """
    place, first = Path(folder), points[0]
    known = row_columns([arm.name for arm in first.scenario.arms])
    summed = tuple(name for name in known if name not in first.settings)
    heading = ("point", *first.settings, "digest", *summed)
    with told_of_disk(place):
        place.mkdir(parents=True, exist_ok=True)
        found = [row for path in _paths(place) for row in _rows(path, heading)]
        _check_rows(place, found, {point.digest for point in points}, version)
        done = {row["digest"]: {name: row[name] for name in summed} for row in found}
        by_digest = {point.digest: point for point in points}
        kept = [_whole_row(heading, 0, by_digest[mark], row) for mark, row in done.items()]
        part = _begun(place, _line(heading) + b"".join(map(_line, kept)))
    try:
        yield SweepTable(place, heading, summed, version, done, part)
    finally:
        part.close()
        if not done:
            _part(place).unlink(missing_ok=True)


def column_meanings(heading: Sequence[str]) -> Texts:
    """Return what each column of a sweep's table means."""
    told = words()["sweep"]
    return {name: told.get(name) or told.get(_of_arm(name), told["key"]) for name in heading}


def _of_arm(column: str) -> str:
    """Return the end of a column of an arm: ``median`` of ``untreated.median``."""
    return column.rpartition(".")[2]


def _paths(folder: Path) -> list[Path]:
    return [path for path in (folder / TABLE, _part(folder)) if path.exists()]


def _part(folder: Path) -> Path:
    return folder / f"{TABLE}.part"


def _begun(folder: Path, content: bytes) -> BinaryIO:
    """Open the file in which rows grow, with what is known already; it is never less."""
    fresh = _part(folder).with_suffix(".new")
    fresh.write_bytes(content)
    fresh.replace(_part(folder))
    return _part(folder).open("ab", buffering=0)


def _rows(path: Path, heading: tuple[str, ...]) -> list[Texts]:
    """Return the whole rows of a table; the last line of a sweep that was killed may be torn."""
    text, newline, _ = path.read_bytes().decode("utf-8", "replace").rpartition("\n")
    first, *rows = csv.reader(io.StringIO(text + newline)) if newline else [heading]
    if tuple(first) != heading:
        raise UsageError(
            f"{path} holds another sweep, of other keys or arms; choose another folder"
        )
    return [dict(zip(heading, row, strict=True)) for row in rows if len(row) == len(heading)]


def _check_rows(folder: Path, rows: Sequence[Texts], digests: set[str], version: str) -> None:
    strange = [row for row in rows if row["digest"] not in digests]
    if strange:
        raise UsageError(
            f"{folder} holds {len(strange)} points that are not in this sweep; "
            "choose another folder, or ask for their values as well"
        )
    if other := [row["version"] for row in rows if row["version"] != version]:
        raise UsageError(
            f"{folder} holds points of alssim {other[0]}, this is {version}; choose another folder"
        )


def _whole_row(
    heading: Sequence[str], number: int, point: Point, found: Mapping[str, str]
) -> list[str]:
    settings = {key: _typed(value) for key, value in point.settings.items()}
    row = {**found, **settings, "point": str(number), "digest": point.digest}
    return [row[name] for name in heading]


def _text(value: object) -> str:
    """Return what was found as a field: rounded to 6 decimals, empty if not known."""
    if isinstance(value, float):  # of numpy too
        return "" if math.isnan(value) else repr(round(float(value), DECIMALS))
    return str(value)


def _typed(value: object) -> str:
    """Return a setting as a field: as it is typed, on one line."""
    text = value if isinstance(value, str) else toml_value(value)
    return text.replace("\n", " ")


def _line(fields: Sequence[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(fields)
    return line.getvalue().encode()
