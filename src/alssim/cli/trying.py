"""``alssim trial``: one virtual trial and its report, or thousands and what they show."""

import argparse
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from alssim.cli.asking import as_typed, collected, progress
from alssim.cli.drawing import check_places, refuse, write_figure
from alssim.cli.ensembles import about_ensemble, asked_ensemble, over_members
from alssim.cli.text import plain, say, tell, tell_json, tell_table
from alssim.errors import ParameterError, UsageError
from alssim.model.record import RunRecord
from alssim.parameters import load_trial, parse_settings
from alssim.parameters.provenance import shown_key, suggestion
from alssim.parameters.schema import Scenario
from alssim.parameters.shape import Value, shape, top_keys
from alssim.parameters.trial import Trial
from alssim.present import trial_words as words
from alssim.present.ensemble_words import caveat_sentences
from alssim.present.study_files import write_files
from alssim.present.table_files import summary
from alssim.present.trial_files import write_sizes, write_trials, write_visits, write_worlds
from alssim.studies.ensemble import Ensemble, Member, kept
from alssim.studies.trial.drawing import draw
from alssim.studies.trial.plan import Plan, plan, without_effect
from alssim.studies.trial.pool import Pool, gather
from alssim.studies.trial.record import trial_record
from alssim.studies.trial.replicates import (
    EndpointOperating,
    Operating,
    check_replicates,
    replicate,
    replicate_fresh,
)
from alssim.studies.trial.report import Report, report
from alssim.studies.trial.sizing import Sizing, check_power, size_for
from alssim.studies.trial.worlds import (
    TrialWorlds,
    known_power,
    known_truth,
    moved_worlds,
    plans,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SIZING_REPLICATES = 500
NUMBERS, FIGURE = "trial.json", "trial.svg"

IN_WORDS = ("name", "title", "summary", "question", "assumed", "citations", "scenario")
"""What a trial says of itself; nobody sets it by a word of the command."""


@dataclass(frozen=True, slots=True)
class _Found:
    """What was carried out: one trial, many trials or a size for a power."""

    one: Report | None = None
    many: Operating | None = None
    known: TrialWorlds | None = None
    size: Sizing | None = None
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Others:
    """The trial in the other worlds: what each changes, and the plan there."""

    ensemble: Ensemble
    settings: tuple[Member, ...]
    plans: tuple[Plan, ...]


def trial_command(asked: argparse.Namespace) -> int:
    """Carry out the trial, or the trials, that were asked for."""
    check_places(asked, "figure")
    _check(asked)
    design, world = asked_trial(asked)
    found = plan(design, world)
    record = trial_record(found)
    done = _carried_out(found, asked, record, _others(design, world, asked))
    if file := _figure_file(asked):
        write_figure(_drawn(design, done), file, record)
        done = replace(done, files=(*done.files, file))
    document = _document(found, done, record)
    if asked.out:
        text = json.dumps(plain(document), indent=2, ensure_ascii=False) + "\n"
        written = write_files(asked.out, {NUMBERS: text})
        done = replace(done, files=(*done.files, *map(str, written)))
    if asked.json:
        tell_json(document)
    else:
        _tell(found, done, asked, record)
    return 0


def asked_trial(asked: argparse.Namespace) -> tuple[Trial, Mapping[str, Any]]:
    """Return the design that was asked for, and the changes that are for its world."""
    problems: list[str] = []
    changes = collected(problems, parse_settings, asked.set) or {}
    own = {key: value for key, value in changes.items() if _is_own(key)}
    world = {key: value for key, value in changes.items() if key not in own}
    problems += _unknown(world)
    if asked.seed is not None:
        own |= {"people": asked.seed, "fate": asked.seed, "luck": asked.seed}
    design = collected(problems, load_trial, asked.trial, own)
    if design is None or problems:
        options = {"--seed": asked.seed}
        raise ParameterError(asked.trial, as_typed(problems, options))
    return (without_effect(design.record) if asked.null else design.record), world


def _unknown(world: Mapping[str, Any]) -> list[str]:
    """Return what neither the trial nor its world knows; name what the trial knows."""
    ours = [key for key, part in shape(Trial).items() if isinstance(part, Value)]
    ours = [key for key in ours if key not in IN_WORDS]
    known = top_keys(Scenario)
    return [
        f"--set: {shown_key(key)} is unknown{suggestion(key, ours, list(known))}"
        for key in world
        if key.split(".")[0] not in known
    ]


def _is_own(key: str) -> bool:
    return key.split(".")[0] in top_keys(Trial) and not key.startswith("care.")


def _check(asked: argparse.Namespace) -> None:
    one = asked.replicates is None or asked.power is not None
    problems = [say("errors.fresh")] if asked.fresh and one else []
    if asked.ensemble is not None and one:
        problems.append(say("errors.ensemble_trial"))
    if asked.number < 0:
        problems.append(say("errors.trial_number", number=asked.number))
    for number, check in ((asked.replicates, check_replicates), (asked.power, check_power)):
        try:
            if number is not None:
                check(number)
        except UsageError as error:
            problems.append(f"--{error}")
    refuse(problems)


def _others(design: Trial, world: Mapping[str, Any], asked: argparse.Namespace) -> _Others | None:
    """Return the trial in the worlds of the ensemble that was asked for, if any."""
    ensemble = asked_ensemble(asked)
    if ensemble is None:
        return None
    moved = moved_worlds(design, ensemble, world)
    return _Others(ensemble, moved, tuple(plans(design, ensemble, world)))


def _carried_out(
    found: Plan, asked: argparse.Namespace, record: RunRecord, others: _Others | None
) -> _Found:
    if asked.replicates is not None and asked.power is None:
        many, known = _many(found, asked), None
        if others is not None:
            known = _in_worlds(others, many, asked)
        return _with_files(_Found(many=many, known=known), None, asked, record)
    with progress(say("trial.gathering")) as shown:
        pool = gather(found, backend=asked.backend, progress=shown)
    with progress(say("trial.trying")) as shown:
        if asked.power is not None:
            replicates = SIZING_REPLICATES if asked.replicates is None else asked.replicates
            done = _Found(size=size_for(pool, asked.power, replicates, shown))
        else:
            done = _Found(one=report(pool, asked.number))
    return _with_files(done, pool, asked, record)


def _many(found: Plan, asked: argparse.Namespace) -> Operating:
    """Carry out many trials of one plan."""
    if asked.fresh:
        with progress(say("trial.trying")) as shown:
            return replicate_fresh(found, asked.replicates, asked.backend, shown)
    with progress(say("trial.gathering")) as shown:
        pool = gather(found, backend=asked.backend, progress=shown)
    with progress(say("trial.trying")) as shown:
        return replicate(pool, asked.replicates, progress=shown)


def _in_worlds(others: _Others, first: Operating, asked: argparse.Namespace) -> TrialWorlds:
    """Carry out as many trials in every other world."""
    found = [first]
    with over_members(say("ensemble.trying"), len(others.plans)) as part:
        for number, plan_there in enumerate(others.plans):
            shown = part(number)
            if asked.fresh:
                many = replicate_fresh(plan_there, asked.replicates, asked.backend, shown)
            else:
                pool = gather(plan_there, backend=asked.backend)
                many = replicate(pool, asked.replicates, progress=shown)
            found.append(many)
    return TrialWorlds(others.ensemble, others.settings, tuple(found))


def _with_files(
    done: _Found, pool: Pool | None, asked: argparse.Namespace, record: RunRecord
) -> _Found:
    if asked.out is None:
        return done
    files = []
    if done.many is not None:
        files += write_trials(asked.out, done.many, record)
    if done.known is not None:
        files += write_worlds(asked.out, done.known)
    if done.one is not None and pool is not None:
        files += write_visits(asked.out, draw(pool, np.array([asked.number])), record)
    if done.size is not None:
        files += write_sizes(asked.out, done.size, record)
    return replace(done, files=tuple(map(str, files)))


def _figure_file(asked: argparse.Namespace) -> str | None:
    """Return the file of the figure: the one asked for, else one in the folder asked for."""
    file: str | None = asked.figure
    return str(Path(asked.out) / FIGURE) if asked.out and not file else file


def _drawn(design: Trial, done: _Found) -> "Figure":
    from alssim.present.trial_figures import (
        estimates_figure,
        power_figure,
        trial_figure,
        worlds_power_figure,
    )

    if done.known is not None:
        return worlds_power_figure(done.known)
    if done.size is not None:
        return power_figure(done.size, design.allocation)
    if done.many is not None:
        first = done.many.endpoints[0]
        return estimates_figure(first, design.significance, design.published)
    assert done.one is not None
    return trial_figure(done.one)


def _document(found: Plan, done: _Found, record: RunRecord) -> dict[str, Any]:
    design = found.trial
    document: dict[str, Any] = {
        "record": summary(record),
        "trial": {"name": design.name, "title": design.title, "question": design.question},
        "people": list(words.plan_sentences(found)),
        "files": list(done.files),
    }
    if done.one is not None:
        document["report"] = {
            "number": done.one.number,
            "flow": done.one.flow,
            "baseline": done.one.baseline,
            "outcomes": done.one.outcomes,
            "everyone": done.one.everyone,
            "months": done.one.months,
            "scores": done.one.scores,
        }
    if done.many is not None:
        document["operating"] = _numbers(done.many)
        document["published"] = list(design.published)
    if done.known is not None:
        document["ensemble"] = _known_numbers(done.known)
    if done.size is not None:
        document["size"] = done.size
    return document


def _numbers(found: Operating) -> dict[str, Any]:
    kept = [
        name
        for name in EndpointOperating.__dataclass_fields__
        if name not in ("value", "low", "high", "p", "endpoint")
    ]
    endpoints = [
        {"name": one.endpoint.name, "analysis": one.endpoint.analysis}
        | {name: getattr(one, name) for name in kept}
        for one in found.endpoints
    ]
    return {
        "replicates": found.replicates,
        "people": found.people,
        "fresh": found.fresh,
        "endpoints": endpoints,
        "early": found.early,
    }


def _known_numbers(known: TrialWorlds) -> dict[str, Any]:
    """Return what the ensemble is, what every member shows, and the limits that hold them."""
    limits = {
        one.endpoint.name: {
            "power": known_power(known.endpoint(place)),
            "truth": known_truth(known.endpoint(place)),
        }
        for place, one in enumerate(known.found[0].endpoints)
    }
    about = about_ensemble(known.ensemble, known.settings, kept(known.ensemble, known.settings))
    return {
        **about,
        "known": limits,
        "operating": [_numbers(one) for one in known.found],
        "sentences": words.worlds_sentences(known),
    }


def _tell(found: Plan, done: _Found, asked: argparse.Namespace, record: RunRecord) -> None:
    design = found.trial
    tell(design.title)
    tell(say("notice"))
    for text in (design.summary, design.question):
        if text:
            tell(text, "  ")
    if asked.null:
        tell(say("trial.null"), "  ")
    elif design.treatment.hypothetical:
        tell(say("compare.hypothetical", text=design.treatment.hypothetical), "  ")
    tell()
    if done.one is not None:
        _tell_one(design, done.one)
    if done.many is not None:
        _tell_many(design, done.many, asked.null)
    if done.known is not None:
        _tell_known(done.known)
    if done.size is not None:
        _tell_size(design, done.size)
    for sentence in words.plan_sentences(found):
        tell(sentence)
    if design.assumed:
        tell(say("trial.assumed", text=design.assumed))
    for file in done.files:
        tell(say("trial.file", file=file))
    tell(record.short())


def _tell_one(design: Trial, found: Report) -> None:
    for sentence in words.flow_sentences(found.flow, design.size):
        tell(sentence)
    tell()
    tell_table(words.baseline_rows(found))
    tell()
    for outcome in found.outcomes:
        tell(" ".join(words.outcome_sentences(outcome)))
    if sentence := words.look_sentence(found):
        tell(sentence)
    for row in design.published:
        tell(" ".join(words.published_sentences(row, None)), "  ")
    if found.everyone is not None:
        tell(" ".join(words.everyone_sentences(found.everyone)))
    tell()


def _tell_many(design: Trial, found: Operating, null: bool) -> None:
    tell(say("trial.many", replicates=found.replicates, size=design.size))
    way = words.null_sentences if null else words.operating_sentences
    for one in found.endpoints:
        tell(" ".join(way(one, design.significance)))
        for row in design.published:
            if row.endpoint == one.endpoint.name:
                tell(" ".join(words.published_sentences(row, one)), "  ")
    for row in design.published:
        if not row.endpoint:
            tell(" ".join(words.published_sentences(row, None)), "  ")
    for sentence in words.general_sentences(found):
        tell(sentence)
    tell()


def _tell_known(known: TrialWorlds) -> None:
    for sentence in words.worlds_sentences(known):
        tell(sentence)
    tell_table(words.worlds_rows(known))
    stay = kept(known.ensemble, known.settings)
    for sentence in caveat_sentences(known.ensemble.file, len(known.settings), stay):
        tell(sentence)
    tell()


def _tell_size(design: Trial, found: Sizing) -> None:
    rows = [[say("trial.per_arm"), say("trial.positive")]]
    for tried in found.tried:
        low, high = 100 * tried.power.low, 100 * tried.power.high
        rows.append([f"{tried.per_arm:,}", f"{100 * tried.power.value:.0f} ({low:.0f}-{high:.0f})"])
    tell_table(rows)
    tell(words.size_sentence(found, design.allocation))
    tell()
