"""Write tables to a folder: CSV or Parquet, with a run record and the meaning of every column.

Every file grows under a name that ends in ``.part`` and takes its own name when the run is
complete. A run that stops early leaves the patients it finished in those files, and whatever the
folder held before untouched.
"""

import csv
import importlib.util
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from alssim.errors import UsageError
from alssim.model.record import RunRecord
from alssim.parameters.schema import Scenario
from alssim.present.columns import Numbers, Table, Words, csv_heading, csv_rows
from alssim.present.tables import TABLES, Followed, column_names, make_tables, words

FORMATS = ("csv", "parquet")
RUN, PARAMETERS, COLUMNS = "run.json", "parameters.toml", "columns.csv"


class _Sink(Protocol):
    """A file that takes a table bit by bit."""

    def add(self, table: Table) -> None: ...

    def close(self) -> None: ...


@dataclass(slots=True)
class TableFiles:
    """Tables that are being written; ``rows`` counts what is there so far.

    The record of the run lies beside them from the beginning, also if it stops early.
    """

    folder: Path
    format: str
    record: RunRecord
    sinks: dict[str, _Sink]
    rows: dict[str, int]
    finished: bool = False

    @property
    def names(self) -> dict[str, str]:
        """Return the file of each table."""
        return {table: f"{table}.{self.format}" for table in self.sinks}

    def add(self, tables: Iterable[Table]) -> None:
        """Write the next rows of each table."""
        with told_of_disk(self.folder):
            for table in tables:
                self.sinks[table.name].add(table)
                self.rows[table.name] += len(table)

    def close(self) -> None:
        """Close all files; they stay unfinished, and those of a run without a row are removed."""
        for sink in self.sinks.values():
            sink.close()
        if self.finished:
            return
        if any(self.rows.values()):
            self.write_record()
            return
        for name in (*self.names.values(), *self._texts()):
            _unfinished(self.folder / name).unlink(missing_ok=True)

    def finish(self) -> list[Path]:
        """Give every file its own name, the run record last, and return them.

        Tables of an earlier run in this folder that this run does not replace are removed: a
        folder holds one run.
        """
        with told_of_disk(self.folder):
            for sink in self.sinks.values():
                sink.close()
            self.write_record()
            files = (*dict.fromkeys(self.names.values()), *self._texts())
            earlier = _earlier_tables(self.folder)
            for name in files:
                _unfinished(self.folder / name).replace(self.folder / name)
            for name in earlier - set(files):
                (self.folder / name).unlink(missing_ok=True)
        self.finished = True
        return [self.folder / name for name in files]

    def write_record(self) -> None:
        """Write the record of the run as far as it has come, and the meaning of its columns."""
        for name, text in self._texts().items():
            _unfinished(self.folder / name).write_text(text, encoding="utf-8", newline="\n")

    def _texts(self) -> dict[str, str]:
        return {
            COLUMNS: columns_csv(tuple(self.sinks)),
            PARAMETERS: self.record.parameters,
            RUN: self._run_json(),
        }

    def _run_json(self) -> str:
        tables = {
            name: {"file": file, "rows": self.rows[name]} for name, file in self.names.items()
        }
        return json.dumps({**summary(self.record), "tables": tables}, indent=2) + "\n"


def summary(record: RunRecord) -> dict[str, Any]:
    """Return a run record without its parameters, which have a file of their own."""
    kept = [name for name in RunRecord.__dataclass_fields__ if name != "parameters"]
    return {name: getattr(record, name) for name in kept} | {"notice": words()["notice"]}


@contextmanager
def open_tables(
    folder: str | Path, wanted: Iterable[str], record: RunRecord, format: str = "csv"
) -> Iterator[TableFiles]:
    """Open the files of the wanted tables for writing; call ``finish`` when all is added.

    Raises ``UsageError`` for an unknown format or table, where pyarrow is missing, and where the
    folder is not named or cannot be written to.
    """
    if not str(folder).strip():
        raise UsageError("the folder for the tables is empty; name one")
    place, names = Path(folder), tuple(wanted)
    check_format(format)
    if unknown := [name for name in names if name not in TABLES]:
        raise UsageError(f"there is no table {unknown[0]!r}; known: {', '.join(TABLES)}")
    with told_of_disk(place):
        place.mkdir(parents=True, exist_ok=True)
        sinks: dict[str, _Sink] = {name: _sink(place, name, format) for name in names}
        files = TableFiles(place, format, record, sinks, dict.fromkeys(names, 0))
        files.write_record()
    try:
        yield files
    finally:
        files.close()


def write_tables(
    folder: str | Path,
    scenario: Scenario,
    parts: Iterable[Followed],
    record: RunRecord,
    wanted: Iterable[str] = ("patients", "events"),
    format: str = "csv",
) -> list[Path]:
    """Write the wanted tables of a simulation's parts, with its record; return the files.

    Errors as ``open_tables`` and ``make_tables``.
    """
    names = tuple(wanted)
    with open_tables(folder, names, record, format) as files:
        for part in parts:
            files.add(make_tables(scenario, part, names))
        return files.finish()


def check_format(format: str) -> None:
    """Raise ``UsageError`` unless tables can be written in this format."""
    if format not in FORMATS:
        raise UsageError(f"format {format!r} is unknown; known: {', '.join(FORMATS)}")
    if format == "parquet" and importlib.util.find_spec("pyarrow") is None:
        raise UsageError('Parquet needs pyarrow; pip install "alssim[parquet]", or write csv')


def columns_csv(tables: Iterable[str]) -> str:
    """Return the meaning of every column, and of the words in it, as CSV text."""
    text = io.StringIO()
    page = csv.writer(text, lineterminator="\n")
    page.writerow(("table", "column", "value", "unit", "meaning"))
    for table in tables:
        page.writerows(_column_rows(table))
    return text.getvalue()


def _column_rows(table: str) -> Iterator[tuple[str, str, str, str, str]]:
    about = words()[table]
    for column, told in about["columns"].items():
        yield table, column, "", told.get("unit", ""), told["meaning"]
        for value, meaning in about.get("values", {}).get(column, {}).items():
            yield table, column, value, "", meaning


# ------------------------------------------------------------------------------ kinds of files


class _Csv:
    """A CSV file; each addition is written whole."""

    def __init__(self, path: Path, table: str) -> None:
        self._file: BinaryIO = path.open("wb", buffering=0)
        self._file.write(csv_heading(column_names(table)))

    def add(self, table: Table) -> None:
        rows = memoryview(csv_rows(table))
        while rows:
            rows = rows[self._file.write(rows) :]

    def close(self) -> None:
        self._file.close()


class _Parquet:
    """A Parquet file; each addition is a row group."""

    def __init__(self, path: Path, table: str) -> None:
        self._path, self._table = path, table
        self._writer: Any = None
        path.unlink(missing_ok=True)

    def add(self, table: Table) -> None:
        import pyarrow.parquet

        rows = arrow(table)
        if self._writer is None:
            self._writer = pyarrow.parquet.ParquetWriter(self._path, rows.schema)
        self._writer.write_table(rows)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()


def arrow(table: Table) -> Any:
    """Return a table as a ``pyarrow.Table``; each field knows its unit and meaning."""
    import pyarrow as pa

    told = words()[table.name]["columns"]
    fields = {name: _arrow_column(column) for name, column in table.columns.items()}
    schema = pa.schema(
        pa.field(name, values.type, metadata=_bytes(told[name])) for name, values in fields.items()
    )
    return pa.Table.from_arrays(list(fields.values()), schema=schema)


def _arrow_column(column: Numbers | Words) -> Any:
    import pyarrow as pa

    if isinstance(column, Words):
        codes = column.codes.astype("int32")
        return pa.DictionaryArray.from_arrays(
            pa.array(codes, mask=codes < 0), pa.array(column.labels, pa.string())
        )
    scaled = column.scaled()
    values = scaled / 10**column.decimals if column.decimals else scaled
    return pa.array(values, mask=~column.known())


def _bytes(told: Mapping[str, str]) -> dict[str, str]:
    return {"unit": told.get("unit", ""), "meaning": told["meaning"]}


# ------------------------------------------------------------------------------------- folders


def _sink(folder: Path, table: str, format: str) -> _Sink:
    path = _unfinished(folder / f"{table}.{format}")
    return _Csv(path, table) if format == "csv" else _Parquet(path, table)


def _unfinished(path: Path) -> Path:
    return path.with_name(f"{path.name}.part")


def _earlier_tables(folder: Path) -> set[str]:
    """Return the tables that an earlier run left here, as its record names them."""
    ours = {f"{table}.{format}" for table in TABLES for format in FORMATS}
    try:
        found = json.loads((folder / RUN).read_text("utf-8"))["tables"].values()
        return ours & {table["file"] for table in found}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return set()


@contextmanager
def told_of_disk(folder: Path) -> Iterator[None]:
    """Turn a failure of the disk into words: a ``UsageError``."""
    try:
        yield
    except OSError as error:
        place = error.filename or folder
        raise UsageError(f"cannot write {place}: {error.strerror or error}") from error
