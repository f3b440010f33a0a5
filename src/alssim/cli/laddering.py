"""``alssim ladder``: how large must an effect be, and how early, to matter?"""

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alssim.cli.asking import asked_scenario, record_with_sources
from alssim.cli.drawing import check_places, write_figure
from alssim.cli.ensembles import asked_worlds, caveats_of, ensemble_numbers, over_members
from alssim.cli.text import at, plain, say, tell, tell_json, tell_table
from alssim.model.record import RunRecord
from alssim.parameters.schema import Scenario
from alssim.present.ladder_words import ladder_sentences, start_name, target_name
from alssim.present.study_files import csv_text, ladder_rows, write_files
from alssim.present.table_files import summary
from alssim.present.words import number
from alssim.studies.ladder import (
    LADDER_STARTS,
    SIZES,
    Ladder,
    Rung,
    check_months,
    climb,
    climb_worlds,
    needed,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def ladder_command(asked: argparse.Namespace) -> int:
    """Climb the ladder that was asked for."""
    check_places(asked, "figure", "map")
    found = asked_scenario(asked)
    check_months(asked.months, found.record.horizon)
    record = record_with_sources(found)
    worlds = asked_worlds(asked, found)
    ladder = _climbed(worlds.scenarios if worlds else (found.record,), asked)
    sentences = ladder_sentences(ladder, asked.months)
    if worlds:
        sentences = (*sentences, *caveats_of(worlds))
    document = _document(ladder, record, sentences, asked.months)
    document |= {"ensemble": ensemble_numbers(worlds)} if worlds else {}
    document["figures"] = _drawn(ladder, asked, record)
    files = _written(ladder, document, asked, record)
    if asked.json:
        tell_json(document)
    else:
        _tell(ladder, found.record.title, sentences)
        for file, figure in document["figures"].items():
            tell(say("compare.figure", file=file, shown=figure))
        if files:
            tell(say("compare.written", folder=asked.out, files=", ".join(files)))
        tell(record.short())
    return 0


def _climbed(scenarios: Sequence[Scenario], asked: argparse.Namespace) -> Ladder:
    """Climb in every world; the first is the reference."""
    numbers = count()
    with over_members(say("ladder.climbing"), len(scenarios)) as part:

        def one(scenario: Scenario) -> Ladder:
            return climb(
                scenario,
                asked.target or ("neuron_loss",),
                asked.start or LADDER_STARTS,
                asked.sizes or SIZES,
                clock=asked.clock,
                backend=asked.backend,
                threads=asked.threads,
                progress=part(next(numbers)),
            )

        return one(scenarios[0]) if len(scenarios) == 1 else climb_worlds(scenarios, one)


def _document(
    ladder: Ladder, record: RunRecord, sentences: tuple[str, ...], months: float
) -> dict[str, Any]:
    return {
        "record": summary(record),
        "clock": ladder.clock,
        "horizon": ladder.horizon,
        "patients": ladder.patients,
        "restricted": ladder.restricted,
        "alive_36": ladder.usual,
        "rungs": [{**rung.step._asdict(), **_rung(rung)} for rung in ladder.rungs],
        "needed": needed(ladder, months),
        "sentences": sentences,
    }


def _rung(rung: Any) -> dict[str, Any]:
    names = [name for name in type(rung).__dataclass_fields__ if name != "step"]
    return {name: getattr(rung, name) for name in names}


def _drawn(ladder: Ladder, asked: argparse.Namespace, record: RunRecord) -> dict[str, str]:
    """Write the figures that were asked for; return file -> what it shows."""
    curves, heat = asked.figure, asked.map
    if asked.out:
        write_files(asked.out, {})
        curves = curves or str(Path(asked.out) / "ladder.svg")
        heat = heat or str(Path(asked.out) / "ladder-map.svg")
    drawn = {}
    for file, shown, figure in _figures(ladder, curves, heat, asked.months):
        write_figure(figure, file, record)
        drawn[file] = shown
    return drawn


def _figures(
    ladder: Ladder, curves: str | None, heat: str | None, months: float
) -> Iterator[tuple[str, str, "Figure"]]:
    if curves is None and heat is None:
        return
    from alssim.present.ladder_figures import ladder_figure, ladder_map

    for target in ladder.targets:
        name = target_name(target)
        if curves:
            figure = ladder_figure(ladder, target, months)
            yield _file(curves, ladder, target), say("ladder.curves", target=name), figure
        if heat:
            figure = ladder_map(ladder, target, months)
            yield _file(heat, ladder, target), say("ladder.map", target=name), figure


def _file(file: str, ladder: Ladder, target: str) -> str:
    """Return the file of one target's figure: named after it where there are several."""
    path = Path(file)
    return file if len(ladder.targets) == 1 else str(path.with_stem(f"{path.stem}-{target}"))


def _written(
    ladder: Ladder, document: dict[str, Any], asked: argparse.Namespace, record: RunRecord
) -> list[str]:
    if not asked.out:
        return []
    texts = {
        "ladder.csv": csv_text(ladder_rows(ladder)),
        "ladder.json": json.dumps(plain(document), indent=2, ensure_ascii=False) + "\n",
        "parameters.toml": record.parameters,
    }
    return [path.name for path in write_files(asked.out, texts)]


def _tell(ladder: Ladder, title: str, sentences: tuple[str, ...]) -> None:
    one, many = at("ladder.rung")
    count = len(ladder.rungs)
    rungs = one if count == 1 else many.format(count=count)
    tell(say("ladder.heading", title=title, patients=ladder.patients, rungs=rungs))
    tell(say("notice"))
    tell()
    for sentence in sentences:
        tell(sentence, "  ", "    ")
    for target in ladder.targets:
        tell()
        tell(say("ladder.table", target=target_name(target)))
        tell_table(_rows(ladder, target, lambda rung: _signed(rung.median)))
        if ladder.members > 1:
            tell(say("ladder.known", target=target_name(target), members=ladder.members))
            tell_table(_rows(ladder, target, _known))
    tell()


def _rows(ladder: Ladder, target: str, cell: Callable[[Rung], str]) -> Iterator[list[str]]:
    yield ["", *(say("ladder.column", percent=f"{100 * size:g}") for size in ladder.sizes)]
    for start in ladder.starts:
        row = ladder.row(target, start)
        yield [start_name(start), *(cell(rung) for rung in row)]


def _known(rung: Rung) -> str:
    low, high = rung.known_median or (rung.median, rung.median)
    ends = _signed(low), _signed(high)
    return ends[0] if ends[0] == ends[1] else say("ladder.between", low=ends[0], high=ends[1])


def _signed(months: float) -> str:
    return f"-{number(months)}" if months <= -0.05 else number(months)
