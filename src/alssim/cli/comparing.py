"""``alssim compare``: the same virtual patients in every arm, in words, numbers and a figure."""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alssim.cli.asking import asked_scenario, follow, record_with_sources
from alssim.cli.drawing import check_places, refuse, write_figure
from alssim.cli.ensembles import (
    Known,
    asked_worlds,
    caveats_of,
    ensemble_numbers,
    in_all_worlds,
    known_numbers,
)
from alssim.cli.summing import alive_rows, arm_numbers, at_risk, finding_numbers, risk_rows
from alssim.cli.text import plain, say, tell, tell_json, tell_table
from alssim.model.record import RunRecord
from alssim.model.simulate import Progress
from alssim.parameters.schema import Scenario
from alssim.present import comparison_words, words
from alssim.present.ensemble_words import alive_sentence, known_rows
from alssim.present.study_files import band_rows, csv_text, stay_rows, survival_rows, write_files
from alssim.present.table_files import summary
from alssim.studies.comparison import LANDMARKS, Comparison, compare
from alssim.studies.comparison.findings import Findings, findings
from alssim.studies.comparison.function import FunctionKeeper
from alssim.studies.comparison.worlds import ManyWorlds
from alssim.studies.ensemble import Worlds
from alssim.studies.lives import Lives, live

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Whole = tuple[Lives, Comparison, Findings]
Drawing = tuple[str, str, "Figure"]


def compare_command(asked: argparse.Namespace) -> int:
    """Compare the arms of the scenario that was asked for."""
    check_places(asked, "figure", "gains", "stays")
    found = asked_scenario(asked)
    horizon = _horizon(found.record, asked)
    record = record_with_sources(found)
    worlds = asked_worlds(asked, found)
    whole = _compared(found.record, horizon, asked)
    known = _in_worlds(worlds, whole, horizon, asked) if worlds else None
    figures = _drawn(whole, known, asked, record)
    document = _document(whole, known, record, asked) | {"figures": figures}
    files = _written(whole, known, document, asked, record)
    if asked.json:
        tell_json(document)
    else:
        _tell(whole, known, asked)
        for file, shown in figures.items():
            tell(say("compare.figure", file=file, shown=shown))
        if files:
            tell(say("compare.written", folder=asked.out, files=", ".join(files)))
        tell(record.short())
    return 0


def _compared(scenario: Scenario, horizon: float | None, asked: argparse.Namespace) -> Whole:
    keeper = FunctionKeeper(scenario, horizon or scenario.horizon, asked.clock)
    also = keeper.add if asked.function else None
    lives = follow(scenario, asked, visits=asked.function, also=also)
    comparison = _held(lives, horizon, asked)
    mark = words.landmark_of(comparison, asked.month) if comparison.landmarks else None
    costs = [arm.cost for arm in scenario.arms] if asked.quality else None
    kept = keeper.kept() if asked.function else None
    return lives, comparison, findings(lives, comparison, mark, kept, costs)


def _held(lives: Lives, horizon: float | None, asked: argparse.Namespace) -> Comparison:
    return compare(
        lives,
        horizon,
        asked.clock,
        asked.endpoint,
        _landmarks(asked),
        observed_from=asked.observed_from,
    )


def _in_worlds(
    worlds: Worlds, whole: Whole, horizon: float | None, asked: argparse.Namespace
) -> Known:
    """Compare in the other worlds of an ensemble too."""

    def simulate(scenario: Scenario, shown: Progress | None) -> Comparison:
        lives = live(scenario, backend=asked.backend, threads=asked.threads, progress=shown)
        return _held(lives, horizon, asked)

    return in_all_worlds(worlds, whole[1], simulate)


def _horizon(scenario: Scenario, asked: argparse.Namespace) -> float | None:
    horizon: float | None = asked.horizon
    limit = float(scenario.horizon if horizon is None else horizon)
    whole, problems = scenario.horizon, []
    if not 0 < limit <= whole:
        problems.append(say("errors.no_horizon", horizon=limit, months=f"0 to {whole}"))
        limit = float(whole)
    if asked.month is not None and not 0 < asked.month <= limit:
        problems.append(say("errors.no_landmark", month=asked.month, horizon=limit))
    refuse(problems)
    return horizon


def _landmarks(asked: argparse.Namespace) -> list[float]:
    return sorted({*LANDMARKS, *([] if asked.month is None else [asked.month])})


def _drawn(
    whole: Whole, known: Known | None, asked: argparse.Namespace, record: RunRecord
) -> dict[str, str]:
    """Write the figures that were asked for; return file -> what it shows."""
    if not (asked.figure or asked.gains or asked.stays or asked.out):
        return {}
    files = {name: getattr(asked, name) for name in ("figure", "gains", "stays")}
    if asked.out:
        write_files(asked.out, {})
        usual = {"figure": "survival.svg", "gains": "gains.svg", "stays": "stages.svg"}
        files = {name: file or str(Path(asked.out) / usual[name]) for name, file in files.items()}
    drawn = {}
    survival = (
        _known_curves(known, files["figure"]) if known else _curves(whole, files["figure"], asked)
    )
    of_function = _function_figures(whole, asked.out) if asked.out else ()
    for file, shown, figure in (*survival, *_figures(whole, files), *of_function):
        write_figure(figure, file, record)
        drawn[file] = shown
    return drawn


def _curves(whole: Whole, file: str | None, asked: argparse.Namespace) -> Iterator[Drawing]:
    """Yield the file, the words and the figure of the survival curves, if asked for."""
    from alssim.present.figures import survival_figure

    if file:
        figure = survival_figure(whole[1], month=asked.month)
        yield file, say("compare.survival_curves"), figure


def _known_curves(known: Known, file: str | None) -> Iterator[Drawing]:
    """Yield the survival curves with both bands, one figure for each treatment."""
    from alssim.present.comparison_figures import worlds_figure

    comparison = known.many.comparisons[0]
    if file and len(comparison.arms) == 1:
        yield file, say("ensemble.both"), worlds_figure(known.many, 0)
    for arm, own in _numbered(comparison, file).items():
        name = words.arm_name(comparison.arms[arm])
        yield own, say("ensemble.known", name=name), worlds_figure(known.many, arm)


def _figures(whole: Whole, files: dict[str, str | None]) -> Iterator[Drawing]:
    """Yield the file, the words and the figure of gains and stays, where asked for."""
    from alssim.present.comparison_figures import stays_figure
    from alssim.present.figures import gain_figure

    _, comparison, found = whole
    for arm, file in _numbered(comparison, files["gains"]).items():
        name = words.arm_name(comparison.arms[arm])
        yield file, say("compare.gains", name=name), gain_figure(comparison, arm=arm)
    for arm, file in _numbered(comparison, files["stays"]).items():
        name = words.arm_name(comparison.arms[arm])
        figure = stays_figure(comparison, found.stays["documents"], arm)
        yield file, say("compare.stays", name=name), figure


def _function_figures(whole: Whole, folder: str) -> Iterator[Drawing]:
    """Yield the figures of months without help and of the ALSFRS-R, where visits were kept."""
    from alssim.present.function_figures import able_figure, score_figure

    _, comparison, found = whole
    if not found.able:
        return
    for arm, file in _numbered(comparison, str(Path(folder) / "ability.svg")).items():
        shown = say("compare.ability", name=words.arm_name(comparison.arms[arm]))
        yield file, shown, able_figure(comparison, found.able, arm)
    if not found.scores:
        return
    for arm, file in _numbered(comparison, str(Path(folder) / "score.svg")).items():
        shown = say("compare.score", name=words.arm_name(comparison.arms[arm]))
        yield file, shown, score_figure(comparison, found.scores, arm)


def _numbered(comparison: Comparison, file: str | None) -> dict[int, str]:
    """Return the file of each treatment's figure: numbered where there are several."""
    arms = range(1, len(comparison.arms))
    if file is None or len(arms) == 1:
        return dict.fromkeys(arms, file) if file else {}
    path = Path(file)
    return {arm: str(path.with_stem(f"{path.stem}-{arm}")) for arm in arms}


def _written(
    whole: Whole,
    known: Known | None,
    document: dict[str, Any],
    asked: argparse.Namespace,
    record: RunRecord,
) -> list[str]:
    """Write the numbers to the folder that was asked for; return the names of the files."""
    if not asked.out:
        return []
    _, comparison, found = whole
    texts = {
        "survival.csv": csv_text(survival_rows(comparison)),
        "stages.csv": csv_text(stay_rows(found.stays.values())),
        "compare.json": json.dumps(plain(document), indent=2, ensure_ascii=False) + "\n",
        "parameters.toml": record.parameters,
    }
    if known:
        texts["bands.csv"] = csv_text(band_rows(known.many))
    return [path.name for path in write_files(asked.out, texts)]


def _document(
    whole: Whole, known: Known | None, record: RunRecord, asked: argparse.Namespace
) -> dict[str, Any]:
    lives, comparison, found = whole
    months, counts = at_risk(comparison)
    arms = [
        {
            **arm_numbers(lives.scenario, comparison, arm),
            "gain": comparison.gains[arm],
            "difference": {f"{m.month:g}": m.difference[arm] for m in comparison.landmarks},
            "at_risk": counts[arm],
            **finding_numbers(found, arm),
            "sentences": _sentences(comparison, asked.month, arm),
            "findings": comparison_words.finding_sentences(comparison, found, arm) if arm else (),
            **(_known_of(known, asked.month, arm) if known else {}),
        }
        for arm in range(len(comparison.arms))
    ]
    return {
        "record": summary(record),
        "clock": comparison.clock,
        "observed_from": comparison.observed_from,
        "endpoint": comparison.endpoint,
        "horizon": comparison.horizon,
        "cut": comparison.cut,
        "patients": comparison.patients,
        "left_out": comparison.left_out,
        "at_risk_months": months,
        **({"ensemble": ensemble_numbers(known.worlds)} if known else {}),
        "arms": arms,
    }


def _known_of(known: Known, month: float | None, arm: int) -> dict[str, Any]:
    """Return one arm's limits by chance and by knowledge, and the sentence that tells them."""
    said = _known_sentence(known.many, month, arm)
    return {"worlds": {**known_numbers(known.many, arm), "sentence": said}}


def _known_sentence(many: ManyWorlds, month: float | None, arm: int) -> str:
    return comparison_words.worlds_sentence(many, arm) if arm else alive_sentence(many, month)


def _sentences(comparison: Comparison, month: float | None, arm: int) -> tuple[str, ...]:
    if not arm:
        return ()
    if not comparison.landmarks:  # the count ends before the first landmark
        said = (words.gain_sentence(comparison, arm=arm), words.shares_sentence(comparison, arm))
        return (*said, words.median_sentence(comparison, arm=arm))
    return words.sentences(comparison, month=month, arm=arm)


def _tell(whole: Whole, known: Known | None, asked: argparse.Namespace) -> None:
    lives, comparison, found = whole
    tell(lives.scenario.title)
    tell(say("notice"))
    for sentence in comparison_words.caveats_of_time(comparison):
        tell(sentence)
    for arm, treatment in enumerate(lives.scenario.arms[1:], 1):
        tell()
        tell(say("compare.arm", title=treatment.title, name=treatment.name))
        for sentence in _sentences(comparison, asked.month, arm):
            tell(sentence, "  ")
        for sentence in comparison_words.finding_sentences(comparison, found, arm):
            tell(sentence, "  ")
        if known:
            tell(_known_sentence(known.many, asked.month, arm), "  ")
        if treatment.hypothetical:
            tell(say("compare.hypothetical", text=treatment.hypothetical), "  ")
    tell()
    if len(comparison.arms) == 1:
        tell(say("compare.single"))
    tell_table([*alive_rows(comparison), *risk_rows(comparison)])
    tell()
    if known:
        _tell_known(known, asked.month)


def _tell_known(known: Known, month: float | None) -> None:
    tell(_known_sentence(known.many, month, 0))
    tell_table(known_rows(known.many, [row[0] for row in alive_rows(known.many.comparisons[0])]))
    for sentence in caveats_of(known.worlds):
        tell(sentence)
    tell()
