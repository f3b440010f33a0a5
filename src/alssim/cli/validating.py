"""``alssim validate``: every published number beside the simulated one, and what passes.

The exit status is 0 when the shipped thresholds hold and 1 when they do not.
"""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alssim.cli.asking import progress
from alssim.cli.text import say, tell, tell_json, tell_table
from alssim.errors import UsageError
from alssim.parameters import parse_settings
from alssim.present import validation_words as words
from alssim.present.table_files import summary
from alssim.studies.validation.cohorts import Progress
from alssim.studies.validation.study import Row, Tally, Validation, validate
from alssim.studies.validation.targets import CALIBRATION, VALIDATION, Target

HOLDS, FAILS = 0, 1
SHOWN = ("id", "published", "allowed", "simulated", "distance", "result")


def validate_command(asked: argparse.Namespace) -> int:
    """Validate the model against its targets."""
    _check_report(asked.report)
    changes = parse_settings(asked.set)
    with _shown_progress() as shown:
        found = validate(
            patients=asked.patients,
            seed=asked.seed,
            changes=changes,
            backend=asked.backend,
            threads=asked.threads,
            progress=shown,
        )
    if asked.report:
        _write(asked.report, found)
    if asked.json:
        tell_json(document(found))
    else:
        _tell(found, asked.report)
    return HOLDS if found.holds else FAILS


def _check_report(file: str | None) -> None:
    """Refuse a report that could not be written, before the work begins."""
    if file is None:
        return
    path = Path(file)
    if path.suffix.lower() not in (".html", ".htm"):
        raise UsageError(say("errors.report_kind", file=file))
    if not path.parent.is_dir():
        raise UsageError(say("errors.no_report_folder", file=file, folder=path.parent))


@contextmanager
def _shown_progress() -> Iterator[Progress | None]:
    """Show one bar over all cohorts, where there is a terminal."""
    with progress(say("validate.following")) as bar:
        if bar is None:
            yield None
            return
        before: dict[str, int] = {}

        def shown(cohort: str, done: int, total: int) -> None:
            before[cohort] = done
            bar(sum(before.values()), total * len(words.texts()["cohorts"]))

        yield shown


def _write(file: str, found: Validation) -> None:
    from alssim.present.validation_page import page

    path = Path(file)
    unfinished = path.with_name(f"{path.name}.part")
    try:
        unfinished.write_text(page(found), encoding="utf-8", newline="\n")
        unfinished.replace(path)
    except OSError as error:
        raise UsageError(say("errors.not_written", file=path, reason=error.strerror)) from None


def _tell(found: Validation, report: str | None) -> None:
    texts = words.texts()
    tell(texts["title"])
    tell(texts["lead"].format(patients=found.record.patients))
    tell(say("notice"))
    for use in (CALIBRATION, VALIDATION):
        tell()
        tell(texts["sections"][use])
        tell_table(_rows(found.of_use(use)))
    tell(texts["star"])
    tell()
    for name, sentences in (
        ("prognosis", words.prognosis_sentences(found.prognosis)),
        ("care", words.care_sentences(found.care)),
    ):
        tell(texts["sections"][name])
        for sentence in sentences:
            tell(sentence, "  ", "    ")
        tell()
    for sentence in words.tally_sentences(found):
        tell(sentence)
    if report:
        tell(texts["written"].format(file=report))
    tell(found.record.short())


def _rows(rows: tuple[Row, ...]) -> Iterator[list[str]]:
    names = words.texts()["columns"]
    yield [names[name] for name in SHOWN]
    for row in rows:
        yield [
            f"{row.target.id}{' *' if row.target.is_core else ''}",
            words.published(row.target),
            words.allowed(row),
            words.simulated(row),
            words.distance(row),
            words.result(row),
        ]


def document(found: Validation) -> dict[str, Any]:
    """Return a validation as JSON knows it."""
    return {
        "record": summary(found.record),
        "holds": found.holds,
        "tallies": {
            "core": _tally(found.core),
            "calibration": _tally(found.calibration),
            "validation": _tally(found.validation),
        },
        "rows": [_row(row) for row in found.rows],
        "inputs": [_target(one) for one in found.inputs],
        "prognosis": found.prognosis,
        "care": found.care,
    }


def _tally(tally: Tally) -> dict[str, Any]:
    return {
        "passed": tally.passed,
        "rows": tally.rows,
        "needed": tally.needed,
        "holds": tally.holds,
    }


def _row(row: Row) -> dict[str, Any]:
    found, verdict = row.measured, row.verdict
    return {
        **_target(row.target),
        "how": words.how(row.target),
        "reason": row.reason,
        "simulated": found.values if found else None,
        "simulated_low": found.low if found else None,
        "simulated_high": found.high if found else None,
        "behind": found.behind if found else None,
        "patients": found.patients if found else None,
        "allowed": [[one.low, one.high] for one in verdict.allowed] if verdict else None,
        "distance": verdict.distance if verdict else None,
        "passed": row.passed,
    }


def _target(target: Target) -> dict[str, Any]:
    return {name: getattr(target, name) for name in Target.__dataclass_fields__}
