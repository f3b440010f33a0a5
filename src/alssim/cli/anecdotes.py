"""``alssim anecdote``: untreated people who look better, and what can be made of them."""

import argparse
from pathlib import Path
from typing import Any

from alssim.cli.asking import asked_scenario, progress, record_with_sources
from alssim.cli.drawing import check_places, write_figure
from alssim.cli.text import at, say, tell, tell_json, tell_table
from alssim.model.record import RunRecord
from alssim.parameters.schema import Scenario
from alssim.present import anecdote_words as words
from alssim.present.table_files import summary
from alssim.studies.anecdotes import TOTAL, BestOf, Look
from alssim.studies.untreated import Untreated, study_untreated
from alssim.studies.watching import Watched, check_moment, check_span, watch

GAINS = (0, 1, 2, 4)  # points
TABLED = (TOTAL, "any_item", "walking", "swallowing", "speech", "vital_capacity")


def anecdote_command(asked: argparse.Namespace) -> int:
    """Watch the untreated people of a scenario from a moment on."""
    check_places(asked, "figure", "biases")
    check_moment(asked.moment)
    check_span("after", asked.after)
    scenario = asked_scenario(asked)
    people = _watch(scenario.record, asked)
    found = study_untreated(
        people, asked.moment, asked.after, asked.series, seed=scenario.record.fate
    )
    record = record_with_sources(scenario)
    files = _written(asked, people, found, record)
    figures = _drawn(asked, found, record)
    if asked.json:
        tell_json(_document(found, record) | {"files": files, "figures": figures})
    else:
        _tell(scenario.record, found, record, files, figures)
    return 0


def _watch(scenario: Scenario, asked: argparse.Namespace) -> Watched:
    with progress(say("run.following")) as shown:
        return watch(scenario, backend=asked.backend, threads=asked.threads, progress=shown)


def _written(
    asked: argparse.Namespace, people: Watched, found: Untreated, record: RunRecord
) -> list[str]:
    if not asked.out:
        return []
    from alssim.present.anecdote_files import write_untreated

    return [str(file) for file in write_untreated(asked.out, people, found, record)]


def _drawn(asked: argparse.Namespace, found: Untreated, record: RunRecord) -> dict[str, str]:
    """Write the figures that were asked for; return file -> what it shows."""
    if not (asked.figure or asked.biases):
        return {}
    from alssim.present.anecdote_figures import anecdote_figure, bias_figure

    drawn = {}
    for file, draw, shown in (
        (asked.figure, anecdote_figure, "changes"),
        (asked.biases, bias_figure, "biases"),
    ):
        if file:
            write_figure(draw(found), file, record)
            drawn[file] = say(f"anecdote.{shown}")
    return drawn


def _document(found: Untreated, record: RunRecord) -> dict[str, Any]:
    seen, series = found.changes, found.series
    return {
        "record": summary(record),
        "moment": seen.moment,
        "after": seen.after,
        "people": found.people,
        "seen": len(seen.person),
        "left_out": seen.left_out,
        "looks": found.looks,
        "half_year": found.half_year,
        "best": [_best(one) for one in found.best],
        "series": series,
        "regression_to_the_mean": found.regression,
        "immortal_time": found.waiting,
        "survivorship": found.asking,
        "sentences": words.sentences(found),
    }


def _best(found: BestOf) -> dict[str, Any]:
    return {
        "size": found.size,
        "at_least": {str(gain): found.at_least(gain) for gain in GAINS},
        "change": found.change,
        "share": found.share,
    }


def _tell(
    scenario: Scenario,
    found: Untreated,
    record: RunRecord,
    files: list[str],
    figures: dict[str, str],
) -> None:
    tell(scenario.title)
    tell(say("notice"))
    tell()
    for sentence in words.sentences(found):
        tell(sentence, "  ")
    tell()
    tell_table([[say("anecdote.looks_heading"), *at("anecdote.looks")], *map(_row, _shown(found))])
    tell()
    tell_table(_best_rows(found))
    tell()
    if files:
        tell(say("run.files", folder=str(Path(files[0]).parent)))
        for file in files:
            tell(say("run.other", file=Path(file).name), "  ")
    for file, shown in figures.items():
        tell(say("anecdote.figure", file=file, shown=shown))
    tell(record.short())


def _shown(found: Untreated) -> list[Look]:
    return [found.look(measure) for measure in TABLED]


def _row(seen: Look) -> list[str]:
    shares = (seen.improved, seen.stable, seen.declined, seen.died)
    return [words.measure_name(seen.measure), *map(words.of_hundred, shares)]


def _best_rows(found: Untreated) -> list[list[str]]:
    rows = [[say("anecdote.best_heading"), *(str(one.size) for one in found.best)]]
    for name, gain in zip(at("anecdote.best_rows"), GAINS, strict=True):
        rows.append([name, *(words.of_hundred(one.at_least(gain)) for one in found.best)])
    return rows
