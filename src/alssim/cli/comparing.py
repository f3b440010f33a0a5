"""``alssim compare``: the same virtual patients in every arm, in words, numbers and a figure."""

import argparse
from pathlib import Path
from typing import Any

from alssim.cli.asking import Lives, asked_scenario, follow, record_with_sources
from alssim.cli.summing import alive_rows, arm_numbers, at_risk, risk_rows
from alssim.cli.text import say, tell, tell_json, tell_table
from alssim.errors import UsageError
from alssim.model.record import RunRecord
from alssim.parameters.schema import Scenario
from alssim.present import words
from alssim.present.table_files import summary
from alssim.studies.comparison import LANDMARKS, Comparison, compare

FIGURES = (".svg", ".png", ".pdf")


def compare_command(asked: argparse.Namespace) -> int:
    """Compare the arms of the scenario that was asked for."""
    _check_figure(asked.figure)
    found = asked_scenario(asked)
    horizon = _horizon(found.record, asked)
    record = record_with_sources(found)
    lives = follow(found.record, asked)
    comparison = compare(lives, horizon, asked.clock, asked.endpoint, _landmarks(asked))
    if asked.figure:
        _draw(comparison, asked, record)
    if asked.json:
        tell_json(_document(lives, comparison, record, asked))
    else:
        _tell(lives, comparison, record, asked)
    return 0


def _check_figure(file: str | None) -> None:
    """Refuse a figure that could not be written, before the work begins."""
    if file is None:
        return
    path = Path(file)
    if path.suffix.lower() not in FIGURES:
        raise UsageError(say("errors.figure_kind", file=file))
    if not path.parent.is_dir():
        raise UsageError(say("errors.no_figure_folder", file=file, folder=path.parent))


def _horizon(scenario: Scenario, asked: argparse.Namespace) -> float | None:
    horizon: float | None = asked.horizon
    limit = float(scenario.horizon if horizon is None else horizon)
    if not 0 < limit <= scenario.horizon:
        months = f"0 to {scenario.horizon}"
        raise UsageError(say("errors.no_horizon", horizon=limit, months=months))
    if asked.month is not None and not 0 < asked.month <= limit:
        raise UsageError(say("errors.no_landmark", month=asked.month, horizon=limit))
    return horizon


def _landmarks(asked: argparse.Namespace) -> list[float]:
    return sorted({*LANDMARKS, *([] if asked.month is None else [asked.month])})


def _draw(comparison: Comparison, asked: argparse.Namespace, record: RunRecord) -> None:
    from alssim.present.figures import rendered, survival_figure

    path = Path(asked.figure)
    figure = survival_figure(comparison, month=asked.month)
    unfinished = path.with_name(f"{path.name}.part")
    try:
        unfinished.write_bytes(rendered(figure, path.suffix.lower().removeprefix("."), record))
        unfinished.replace(path)
    except OSError as error:
        raise UsageError(say("errors.not_written", file=path, reason=error.strerror)) from None


def _document(
    lives: Lives, comparison: Comparison, record: RunRecord, asked: argparse.Namespace
) -> dict[str, Any]:
    months, counts = at_risk(comparison)
    arms = [
        {
            **arm_numbers(lives.scenario, comparison, arm),
            "gain": comparison.gains[arm],
            "difference": {f"{m.month:g}": m.difference[arm] for m in comparison.landmarks},
            "at_risk": counts[arm],
            "sentences": _sentences(comparison, asked.month, arm),
        }
        for arm in range(len(comparison.arms))
    ]
    return {
        "record": summary(record),
        "clock": comparison.clock,
        "endpoint": comparison.endpoint,
        "horizon": comparison.horizon,
        "patients": comparison.patients,
        "left_out": comparison.left_out,
        "at_risk_months": months,
        "arms": arms,
        "figure": asked.figure,
    }


def _sentences(comparison: Comparison, month: float | None, arm: int) -> tuple[str, ...]:
    if not arm:
        return ()
    if not comparison.landmarks:  # the count ends before the first landmark
        said = (words.gain_sentence(comparison, arm=arm), words.shares_sentence(comparison, arm))
        return (*said, words.median_sentence(comparison, arm=arm))
    return words.sentences(comparison, month=month, arm=arm)


def _tell(
    lives: Lives, comparison: Comparison, record: RunRecord, asked: argparse.Namespace
) -> None:
    tell(lives.scenario.title)
    tell(say("notice"))
    for arm, treatment in enumerate(lives.scenario.arms[1:], 1):
        tell()
        tell(say("compare.arm", title=treatment.title, name=treatment.name))
        for sentence in _sentences(comparison, asked.month, arm):
            tell(sentence, "  ")
        if treatment.hypothetical:
            tell(say("compare.hypothetical", text=treatment.hypothetical), "  ")
    tell()
    if len(comparison.arms) == 1:
        tell(say("compare.single"))
    tell_table([*alive_rows(comparison), *risk_rows(comparison)])
    tell()
    if asked.figure:
        tell(say("compare.figure", file=asked.figure))
    tell(record.short())
