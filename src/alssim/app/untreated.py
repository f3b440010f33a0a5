"""The anecdote machine: untreated people watched from a moment on, and what can be made of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import streamlit as st

from alssim.app.chart import show_chart
from alssim.app.downloads import File, data_files, figure_files, report_file, scenario_file
from alssim.app.keeping import kept
from alssim.app.once import Shelf, stoppable
from alssim.app.palette import palette
from alssim.app.study import Study
from alssim.app.text import say
from alssim.app.world import UNTREATED, treatment
from alssim.model.function import ITEM_NAMES
from alssim.model.record import RunRecord, record_of
from alssim.parameters.schema import Scenario
from alssim.present import anecdote_charts as charts
from alssim.present import anecdote_figures as figures
from alssim.present import anecdote_words as words
from alssim.present.data_files import Columns
from alssim.present.figures import rendered
from alssim.present.language import grouped
from alssim.present.report import Part
from alssim.statistics.followup import FloatArray
from alssim.studies.untreated import Untreated, study_untreated
from alssim.studies.watching import Watched, watch

TABLED = ("total", "any_item", "walking", "swallowing", "speech", "vital_capacity")
GAINS = (0, 1, 2, 4)  # points
PEOPLE: Shelf[Watched] = Shelf(6)
FOUND: Shelf["Result"] = Shelf(60)


@dataclass(frozen=True, slots=True)
class Asked:
    """From which moment on, how many months, how many in a series, and how many people in all."""

    moment: str
    after: int
    size: int
    people: int


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """What untreated people show, and the record of the run."""

    found: Untreated
    record: RunRecord


def run(study: Study, asked: Asked, key: str, stop: Callable[[], None]) -> Result:
    """Watch the untreated people of a study; computed once for everybody who asks the same.

    ``key`` tells the page's buttons apart; ``stop`` is called when the visitor stops the work.
    Raises ``AlssimError`` when the model refuses, or nobody is seen at the moment.
    """
    scenario = _scenario(study, asked.people)

    def look(people: Watched) -> Result:
        seed = scenario.fate
        found = study_untreated(people, asked.moment, asked.after, asked.size, seed=seed)
        return Result(found, record_of(scenario))

    with stoppable(say("claims.watching", people=grouped(asked.people)), key, stop) as progress:

        def follow() -> Watched:
            return watch(scenario, progress=progress)

        if study.private:
            people = kept("untreated_people", (study, asked.people), follow)
            return kept("untreated", (study, asked), lambda: look(people))

        def wait() -> None:
            progress(0, 1)

        def whole() -> Result:
            return look(PEOPLE.once((study.key, asked.people), follow, wait))

        return FOUND.once((study.key, asked), whole, wait)


def _scenario(study: Study, people: int) -> Scenario:
    return replace(study.record, arms=(treatment(UNTREATED),), patients=people)


# ------------------------------------------------------------------------------------ on the page


def show_short(result: Result, key: str) -> None:
    """Show who looks better, and the best case that a clinic could show."""
    found = result.found
    sentences = (*words.look_sentences(found), *words.best_sentences(found))
    st.markdown("\n".join(f"- {sentence}" for sentence in sentences))
    _show_changes(found, key)
    st.markdown(words.texts()["sentences"]["closing"])
    st.markdown(f":small[{result.record.short()}]")


def show_whole(result: Result, key: str) -> None:
    """Show everything: looks, best case, series, and the three biases."""
    found = result.found
    seen, *looks = words.look_sentences(found)
    st.markdown(seen)
    _show_changes(found, key)
    st.markdown("\n".join(f"- {sentence}" for sentence in looks))
    st.table(look_columns(found), hide_index=True)
    st.subheader(say("claims.machine.clinic"), anchor=False)
    st.markdown("\n".join(f"- {sentence}" for sentence in words.best_sentences(found)))
    st.table(best_columns(found), hide_index=True)
    st.subheader(say("claims.machine.series"), anchor=False)
    st.markdown("\n".join(f"- {sentence}" for sentence in words.series_sentences(found)))
    _show_biases(found, key)
    st.markdown(words.texts()["sentences"]["closing"])
    with st.container(border=True):
        st.markdown(f"**{say('claims.limits')}**  \n{say('claims.machine.limits')}")
        st.markdown(f":small[{result.record.short()}]")


def _show_changes(found: Untreated, key: str) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        spec, alt = charts.changes_spec(found, palette()), charts.changes_alt(found)
        show_chart(spec, key=f"{key}_changes", alt=alt)
    with right:
        spec, alt = charts.best_spec(found, palette()), charts.best_alt(found)
        show_chart(spec, key=f"{key}_best", alt=alt)
    st.markdown(f":small[{say('claims.machine.colours')}]")


def _show_biases(found: Untreated, key: str) -> None:
    st.subheader(say("claims.machine.biases"), anchor=False)
    st.markdown(say("claims.machine.biases_text"))
    specs = charts.bias_specs(found, palette())
    told = {"regression": words.regression_sentences, "waiting": words.waiting_sentences}
    told["asking"] = words.asking_sentences
    for column, (name, sentences) in zip(st.columns(3, gap="medium"), told.items(), strict=True):
        with column.container(border=True, height="stretch"):
            st.markdown(
                f"**{say(f'claims.machine.{name}')}**  \n{say(f'claims.machine.{name}_how')}"
            )
            if name in specs:
                alt = charts.bias_alt(found, name)
                spec = specs[name]
                show_chart(spec, key=f"{key}_{name}", alt=alt)
            st.markdown("\n".join(f"- {sentence}" for sentence in sentences(found)))


def look_columns(found: Untreated) -> dict[str, list[str]]:
    """Return how people look by each measure, of 100, as columns."""
    heads = [say(f"claims.machine.looks.{name}") for name in ("measure", *_LOOKS)]
    rows = [
        [
            words.measure_name(name),
            *(words.of_hundred(getattr(found.look(name), one)) for one in _LOOKS),
        ]
        for name in TABLED
    ]
    return {head: [row[place] for row in rows] for place, head in enumerate(heads)}


_LOOKS = ("improved", "stable", "declined", "died")


def best_columns(found: Untreated) -> dict[str, list[str]]:
    """Return what clinics of several sizes can show, of 100 clinics, as columns."""
    columns = {say("claims.machine.best"): [say(f"claims.machine.gains.{gain}") for gain in GAINS]}
    for one in found.best:
        columns[grouped(one.size)] = [words.of_hundred(one.at_least(gain)) for gain in GAINS]
    return columns


# ----------------------------------------------------------------------------------- to take away


def files(result: Result) -> list[File]:
    """Offer the changes of every person, both figures, the scenario and a report."""
    found, record = result.found, result.record

    def parts() -> Iterator[Part]:
        drawn = figures.anecdote_figure(found), figures.bias_figure(found)
        first, second = (rendered(figure, "svg", record) for figure in drawn)
        looks = (*words.look_sentences(found), *words.best_sentences(found))
        rows = _rows(look_columns(found))
        alt = f"{charts.changes_alt(found)} {charts.best_alt(found)}"
        yield Part(say("claims.machine.title"), looks, rows, first, alt)
        yield Part(say("claims.machine.clinic"), (), _rows(best_columns(found)))
        yield Part(say("claims.machine.series"), words.series_sentences(found))
        alt = " ".join(charts.bias_alt(found, name) for name in figures.gains(found))
        told = words.bias_sentences(found)
        yield Part(say("claims.machine.biases"), told, figure=second, alt=alt)
        yield Part(say("claims.limits"), [say("claims.machine.limits")])

    people, title = say("claims.machine.people_file"), say("claims.machine.title")
    stem = f"untreated-{found.changes.moment.replace(':', '-')}"
    return [
        *data_files(people, stem, lambda: changes_columns(found), record),
        *figure_files(
            say("claims.machine.picture"), stem, lambda: figures.anecdote_figure(found), record
        ),
        *figure_files(
            say("claims.machine.bias_picture"),
            f"{stem}-biases",
            lambda: figures.bias_figure(found),
            record,
        ),
        scenario_file(record),
        report_file(title, stem, parts, record),
    ]


def _rows(columns: dict[str, list[str]]) -> list[list[str]]:
    return [list(columns), *map(list, zip(*columns.values(), strict=True))]


def changes_columns(found: Untreated) -> Columns:
    """Return one row a person seen at the moment: what the two visits say; empty: no answer."""
    seen = found.changes
    columns: dict[str, list[object]] = {
        "patient": seen.person.tolist(),
        "month": seen.month.tolist(),
        "answers": seen.answers.astype(int).tolist(),
        "total": _whole(seen.total),
    }
    for place, name in enumerate(ITEM_NAMES):
        columns[name] = _whole(seen.items[:, place])
    columns["vital_capacity"] = _whole(seen.capacity)
    return columns


def _whole(values: FloatArray) -> list[object]:
    return [None if np.isnan(value) else int(value) for value in values.tolist()]
