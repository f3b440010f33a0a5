"""``alssim compare``: the same virtual patients in every arm, in words, numbers and a figure."""

import argparse
from pathlib import Path
from typing import Any

from alssim.cli.asking import asked_scenario, follow, record_with_sources
from alssim.cli.drawing import check_figure, write_figure
from alssim.cli.summing import alive_rows, arm_numbers, at_risk, risk_rows
from alssim.cli.text import say, tell, tell_json, tell_table
from alssim.errors import UsageError
from alssim.model.record import RunRecord
from alssim.parameters.schema import Scenario
from alssim.present import words
from alssim.present.table_files import summary
from alssim.studies.comparison import LANDMARKS, Comparison, compare
from alssim.studies.lives import Lives


def compare_command(asked: argparse.Namespace) -> int:
    """Compare the arms of the scenario that was asked for."""
    check_figure("--figure", asked.figure)
    check_figure("--gains", asked.gains)
    found = asked_scenario(asked)
    horizon = _horizon(found.record, asked)
    record = record_with_sources(found)
    lives = follow(found.record, asked)
    comparison = compare(lives, horizon, asked.clock, asked.endpoint, _landmarks(asked))
    figures = _drawn(comparison, asked, record)
    if asked.json:
        tell_json(_document(lives, comparison, record, asked) | {"figures": figures})
    else:
        _tell(lives, comparison, record, asked)
        for file, shown in figures.items():
            tell(say("compare.figure", file=file, shown=shown))
        tell(record.short())
    return 0


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


def _drawn(comparison: Comparison, asked: argparse.Namespace, record: RunRecord) -> dict[str, str]:
    """Write the figures that were asked for; return file -> what it shows."""
    if not (asked.figure or asked.gains):
        return {}
    from alssim.present.figures import gain_figure, survival_figure

    drawn = {}
    if asked.figure:
        write_figure(survival_figure(comparison, month=asked.month), asked.figure, record)
        drawn[asked.figure] = say("compare.survival_curves")
    for arm, file in _gain_files(comparison, asked.gains).items():
        write_figure(gain_figure(comparison, arm=arm), file, record)
        drawn[file] = say("compare.gains", name=words.arm_name(comparison.arms[arm]))
    return drawn


def _gain_files(comparison: Comparison, file: str | None) -> dict[int, str]:
    """Return the file of each treatment's figure: numbered where there are several."""
    arms = range(1, len(comparison.arms))
    if file is None or len(arms) == 1:
        return dict.fromkeys(arms, file) if file else {}
    path = Path(file)
    return {arm: str(path.with_stem(f"{path.stem}-{arm}")) for arm in arms}


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
