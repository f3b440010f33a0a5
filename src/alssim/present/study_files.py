"""Files of a study: tables and documents written whole or not at all."""

import csv
import io
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from alssim.present.charts import curve_months
from alssim.present.table_files import told_of_disk
from alssim.statistics.survival import Estimate, interval_at, survival_at
from alssim.studies.comparison.arms import Comparison
from alssim.studies.comparison.stays import Stays
from alssim.studies.comparison.worlds import ManyWorlds
from alssim.studies.ladder import Ladder

DECIMALS = 6
Cell = str | float | int


def write_files(folder: str | Path, texts: Mapping[str, str]) -> list[Path]:
    """Write texts to files of a folder, made if need be; return the files.

    Raises ``UsageError`` where the folder cannot be written to.
    """
    place = Path(folder)
    with told_of_disk(place):
        place.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            unfinished = place / f"{name}.part"
            unfinished.write_text(text, encoding="utf-8", newline="\n")
            unfinished.replace(place / name)
    return [place / name for name in texts]


def csv_text(rows: Iterable[Sequence[Cell]]) -> str:
    """Return rows as CSV; numbers rounded to 6 decimals, empty where not known."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue()


def _cell(value: Cell) -> str:
    if isinstance(value, float):
        return repr(round(float(value), DECIMALS)) if math.isfinite(value) else ""
    return str(value)


def survival_rows(comparison: Comparison) -> Iterator[list[Cell]]:
    """Yield the curves: arm, month, share alive, its limits."""
    yield ["arm", "month", "alive", "alive_low", "alive_high"]
    months = curve_months(comparison.horizon)
    for name, curve in zip(comparison.arms, comparison.curves, strict=True):
        columns = (months, survival_at(curve, months), *interval_at(curve, months))
        for row in zip(*(column.tolist() for column in columns), strict=True):
            yield [name, *row]


def band_rows(found: ManyWorlds) -> Iterator[list[Cell]]:
    """Yield the curves of the first world with both bands: limits by chance and by knowledge."""
    names = ("alive", "chance_low", "chance_high", "known_low", "known_high")
    yield ["arm", "month", *names]
    for arm, name in enumerate(found.comparisons[0].arms):
        columns = (found.bands.months, *(getattr(found.bands, column)[arm] for column in names))
        for row in zip(*(column.tolist() for column in columns), strict=True):
            yield [name, *row]


def stay_rows(found: Iterable[Stays]) -> Iterator[list[Cell]]:
    """Yield months in each stage: scale, arm, stage, months, more than with usual care."""
    yield ["scale", "arm", "stage", *_limits("months"), *_limits("difference")]
    for one in found:
        for stay in one.stages:
            for arm, name in enumerate(one.arms):
                row = (*_numbers(stay.months[arm]), *_numbers(stay.difference[arm]))
                yield [one.scale, name, stay.stage, *row]


def ladder_rows(ladder: Ladder) -> Iterator[list[Cell]]:
    """Yield one row for each rung of a ladder."""
    yield [
        *("target", "start", "size", *_limits("gained"), "median", "lower_quartile"),
        *("upper_quartile", *_limits("hazard_ratio"), "window", "alive_36", *_limits("people")),
        *("treated", "known_low", "known_high", "known_median_low", "known_median_high"),
    ]
    unknown = (math.nan, math.nan)
    for rung in ladder.rungs:
        yield [
            *(*rung.step, *_numbers(rung.gained), rung.median, rung.lower, rung.upper),
            *(*_numbers(rung.ratio.ratio), rung.ratio.until, rung.alive, *_numbers(rung.people)),
            *(rung.treated, *(rung.known or unknown), *(rung.known_median or unknown)),
        ]


def _limits(name: str) -> tuple[str, str, str]:
    return name, f"{name}_low", f"{name}_high"


def _numbers(found: Estimate) -> tuple[float, float, float]:
    return float(found.value), float(found.low), float(found.high)
