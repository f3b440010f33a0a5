"""Small tables for a download: columns of equal length as CSV or Parquet."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence

from alssim.model.record import RunRecord
from alssim.present.table_files import check_format, summary

Columns = Mapping[str, Sequence[object]]


def columns_of(rows: Iterable[Sequence[object]]) -> Columns:
    """Return rows, the first of them the heading, as columns."""
    heading, *others = rows
    return {str(name): column for name, *column in zip(heading, *others, strict=True)}


def csv_text(columns: Columns) -> str:
    """Return columns as CSV text with a heading; None is an empty field."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return out.getvalue()


def parquet_bytes(columns: Columns, record: RunRecord | None = None) -> bytes:
    """Return columns as a Parquet file; the run record lies in its metadata under ``alssim``.

    Raises ``UsageError`` where pyarrow is missing.
    """
    check_format("parquet")
    import pyarrow
    from pyarrow import parquet

    rows = pyarrow.table({name: list(values) for name, values in columns.items()})
    if record is not None:
        rows = rows.replace_schema_metadata({"alssim": json.dumps(summary(record))})
    out = pyarrow.BufferOutputStream()
    parquet.write_table(rows, out)
    return bytes(out.getvalue())
