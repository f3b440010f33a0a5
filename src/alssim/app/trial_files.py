"""What can be taken away from a virtual trial: tables, figures, parameters, report, commands."""

import shlex
from collections.abc import Sequence

from matplotlib.figure import Figure

from alssim.app.downloads import File, data_files, figure_files, report_file
from alssim.app.text import say
from alssim.app.trying import REPLICATES, Many, Try, design, one_trial, rated_visits, record
from alssim.app.trying import settings as changed_settings
from alssim.parameters import dump
from alssim.present import trial_words as told
from alssim.present.data_files import Columns, columns_of
from alssim.present.figures import rendered
from alssim.present.naming import trial_in_words
from alssim.present.report import Part
from alssim.present.trial_charts import alive_alt, estimates_alt, scores_alt
from alssim.present.trial_figures import estimates_figure, trial_figure
from alssim.present.trial_files import trial_rows, visit_rows
from alssim.studies.trial import Report


def trial_files(
    asked: Try, number: int, survival: Report | None, many: Many | None, limits: Sequence[str]
) -> list[File]:
    """Offer the files of a trial: those of survival and of many trials only once they are open."""
    stem, kept = f"trial-{asked.name}", record(asked)

    def visits() -> Columns:
        return columns_of(visit_rows(rated_visits(asked, number)))

    files = data_files(say("trial.files.visits"), f"{stem}-visits", visits, kept)
    if survival is not None:
        shown = survival
        label = say("trial.files.one")
        files += figure_files(label, f"{stem}-one", lambda: trial_figure(shown), kept)
    if many is not None:
        every = many.found
        label = say("trial.files.trials")
        files += data_files(label, f"{stem}-many", lambda: columns_of(trial_rows(every)), kept)
        label = say("trial.files.many")
        files += figure_files(label, f"{stem}-estimates", lambda: _estimates(asked, many), kept)

    def parts() -> list[Part]:
        return _parts(asked, number, survival, many, limits)

    label = say("trial.files.design")
    files.append(File(label, stem, "toml", lambda: dump(design(asked)).encode()))
    return [*files, report_file(trial_in_words(design(asked)).title, stem, parts, kept)]


def trial_commands(asked: Try, number: int) -> list[str]:
    """Return the command lines of one trial, of many, and of many without an effect."""
    words = ["alssim", "trial", asked.name]
    for key, value in changed_settings(asked).items():
        words += ["--set", f"{key}={value:g}"]
    words += ["--seed", str(asked.seed)]
    many = ["--replicates", str(REPLICATES)]
    ends = (["--number", str(number)], many, [*many, "--null"])
    return [shlex.join([*words, *end]) for end in ends]


def _estimates(asked: Try, many: Many) -> Figure:
    trial = trial_in_words(design(asked))
    return estimates_figure(many.found.endpoints[0], trial.significance, trial.published)


def _parts(
    asked: Try, number: int, survival: Report | None, many: Many | None, limits: Sequence[str]
) -> list[Part]:
    trial, kept = trial_in_words(design(asked)), record(asked)
    found = survival or one_trial(asked, number, lambda part, done, whole: None)
    outcomes = [" ".join(told.outcome_sentences(one)) for one in found.outcomes]
    parts = [
        Part(say("trial.question"), [trial.summary, trial.question]),
        Part(say("trial.simulated"), [*outcomes, scores_alt(found)]),
        Part(say("trial.real"), [f"{row.text} ({row.source})" for row in trial.published]),
        Part(
            say("trial.who"),
            told.flow_sentences(found.flow, trial.size),
            rows=told.baseline_rows(found),
        ),
    ]
    if survival is not None:
        drawn = rendered(trial_figure(survival), "svg", kept)
        parts.append(Part(say("trial.survival"), figure=drawn, alt=alive_alt(survival)))
    if many is not None:
        drawn = rendered(_estimates(asked, many), "svg", kept)
        sentences = [
            " ".join(told.operating_sentences(one, trial.significance))
            for one in many.found.endpoints
        ]
        sentences += [
            " ".join(told.null_sentences(one, trial.significance)) for one in many.null.endpoints
        ]
        alt = estimates_alt(many.found.endpoints[0])
        parts.append(Part(say("trial.many"), sentences, figure=drawn, alt=alt))
    return [*parts, Part(say("trial.limits"), limits)]
