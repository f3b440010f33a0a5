"""``alssim variation``: where variation comes from, in words, numbers and a figure."""

import argparse
import json
from pathlib import Path
from typing import Any

from alssim.cli.asking import asked_scenario, progress, record_with_sources
from alssim.cli.drawing import check_places, write_figure
from alssim.cli.ensembles import asked_worlds, caveats_of, ensemble_numbers
from alssim.cli.text import at, plain, say, tell, tell_json, tell_table
from alssim.model.record import RunRecord
from alssim.parameters.schema import Scenario
from alssim.present.study_files import csv_text, write_files
from alssim.present.table_files import summary
from alssim.present.variation_words import (
    shares,
    variation_rows,
    variation_sentences,
    variation_table,
    what_in_words,
)
from alssim.statistics.followup import FloatArray
from alssim.studies.ensemble import Worlds
from alssim.studies.lives import live
from alssim.studies.variation import Variation, lived_and_gained, redrawn, split_variation


def variation_command(asked: argparse.Namespace) -> int:
    """Split the variation of survival, and of the months gained, by where it comes from."""
    check_places(asked, "figure")
    found = asked_scenario(asked)
    record = record_with_sources(found)
    worlds = asked_worlds(asked, found)
    values = _lived(worlds.scenarios if worlds else (found.record,), asked)
    split = [split_variation(values[:, arm]) for arm in range(values.shape[1])]
    arms = [arm.name for arm in found.record.arms]
    said = _sentences(found.record, values, split, worlds)
    document = _document(arms, split, record, worlds) | {"sentences": said}
    document["figures"] = _drawn(arms, split, asked, record)
    files = _written(arms, split, document, asked, record)
    if asked.json:
        tell_json(document)
        return 0
    _tell(found.record.title, arms, split, said)
    for file, shown in document["figures"].items():
        tell(say("compare.figure", file=file, shown=shown))
    if files:
        tell(say("compare.written", folder=asked.out, files=", ".join(files)))
    tell(record.short())
    return 0


def _lived(scenarios: tuple[Scenario, ...], asked: argparse.Namespace) -> FloatArray:
    """Return months lived, and gained, of all [member, arm, patient, fate]."""

    def measure(scenario: Scenario) -> FloatArray:
        return lived_and_gained(live(scenario, backend=asked.backend, threads=asked.threads))

    with progress(say("variation.following")) as shown:
        return redrawn(scenarios, asked.fates, measure, shown)


def _sentences(
    scenario: Scenario, values: FloatArray, split: list[Variation], worlds: Worlds | None
) -> list[str]:
    arms = [arm.name for arm in scenario.arms]
    alive = bool((values[:, 0] >= scenario.horizon).any())
    cut_at = float(scenario.horizon) if alive else None
    caveats = caveats_of(worlds, ranges=False) if worlds else []
    return [*variation_sentences(arms, split, cut_at), *caveats]


def _document(
    arms: list[str], split: list[Variation], record: RunRecord, worlds: Worlds | None
) -> dict[str, Any]:
    numbers = [
        {
            "number": "gained" if arm else "lived",
            "arm": arms[arm],
            **plain(one),
            "shares": shares(one),
        }
        for arm, one in enumerate(split)
    ]
    known = {"ensemble": ensemble_numbers(worlds)} if worlds else {}
    return {"record": summary(record), **known, "variation": numbers}


def _drawn(
    arms: list[str], split: list[Variation], asked: argparse.Namespace, record: RunRecord
) -> dict[str, str]:
    """Write the figure that was asked for; return file -> what it shows."""
    file = asked.figure
    if asked.out:
        write_files(asked.out, {})
        file = file or str(Path(asked.out) / "variation.svg")
    if not file:
        return {}
    from alssim.present.function_figures import variations_figure

    parts = [(what_in_words(arms, arm), one) for arm, one in enumerate(split)]
    write_figure(variations_figure(parts), file, record)
    return {file: say("variation.parts")}


def _written(
    arms: list[str],
    split: list[Variation],
    document: dict[str, Any],
    asked: argparse.Namespace,
    record: RunRecord,
) -> list[str]:
    if not asked.out:
        return []
    texts = {
        "variation.csv": csv_text(variation_rows(arms, split)),
        "variation.json": json.dumps(plain(document), indent=2, ensure_ascii=False) + "\n",
        "parameters.toml": record.parameters,
    }
    return [path.name for path in write_files(asked.out, texts)]


def _tell(title: str, arms: list[str], split: list[Variation], said: list[str]) -> None:
    first = split[0]
    one, many = at("variation.members")
    members = one if first.members == 1 else many.format(count=first.members)
    counts = {"patients": first.patients, "fates": first.fates, "members": members}
    tell(say("variation.heading", title=title, **counts))
    tell(say("notice"))
    tell()
    for sentence in said:
        tell(sentence, "  ", "    ")
    tell()
    tell_table(variation_table(arms, split))
    tell()
