"""What a slide simulates: each kind of live figure, made on a click, for screen and for print."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import streamlit as st
from matplotlib.figure import Figure

from alssim.app import crowd_words, outcome
from alssim.app.cases import first_weak, members, name_of
from alssim.app.chart import show_chart
from alssim.app.climbing import Climb, climbed, climbed_scenario
from alssim.app.comparing import Asked
from alssim.app.comparing import outcome as compared
from alssim.app.course import course, opening_month
from alssim.app.course_files import drawn
from alssim.app.crowd import followed_scenario, gather
from alssim.app.deck_worlds import without_changes
from alssim.app.keeping import kept
from alssim.app.outcome_detail import Detail
from alssim.app.palette import palette
from alssim.app.player import play
from alssim.app.study import Study
from alssim.app.text import say, table
from alssim.app.twins import both_lives, twin_lines
from alssim.app.world import UNTREATED, care_study, care_title, cohort, treatment
from alssim.model.anatomy import REGIONS
from alssim.model.record import RunRecord, record_of
from alssim.model.simulate import Progress, Simulation
from alssim.parameters.schema import Scenario
from alssim.present import cohort_charts, cohort_figures, figures, vega, words
from alssim.present.decks import Live
from alssim.present.figures import course_figure
from alssim.present.ladder_charts import curves_alt, curves_spec
from alssim.present.ladder_figures import ladder_figure
from alssim.present.ladder_words import ladder_caveats, needed_sentence
from alssim.present.people import squares
from alssim.present.twin_charts import twins_figure, twins_of, twins_spec
from alssim.present.vega_parts import Spec
from alssim.studies.cohort import GROUPS, group_of, living_shares, score_bands, stage_shares
from alssim.studies.cohort import Cohort as Crowd
from alssim.studies.cohort import survival as survival_of
from alssim.studies.counting import told_of
from alssim.studies.ladder import MEANINGFUL, SIZES, earliest_first
from alssim.studies.readings import read_off

Draw = Callable[[str], None]
ARM = 1
TRIAL_PEOPLE, TRIAL_MONTHS = 300, 60
"""From whom small trials draw their groups."""


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """What was simulated for a slide.

    headline, lines  what it shows, in sentences
    draw             draws it on the screen, under a key of its own
    figure           draws it for print; None where the sentences say it all
    alt              what the figure for print shows, in words
    """

    headline: str
    lines: tuple[str, ...]
    draw: Draw
    figure: Callable[[], Figure] | None
    alt: str
    record: RunRecord


def stage(live: Live, world: Study, progress: Progress) -> Scene:
    """Simulate what a slide asks for. Raises ``AlssimError`` when the model refuses."""
    if live.show == "person" and live.treatment:
        return _twins(live, world)
    return SCENES[live.show](live, world, progress)


def _chart(spec: Callable[[], Spec], alt: str) -> Draw:
    def draw(key: str) -> None:
        show_chart(spec(), key=key, alt=alt)

    return draw


def _markup(html: Callable[[], str]) -> Draw:
    def draw(key: str) -> None:
        st.container(key=key).markdown(html(), unsafe_allow_html=True)

    return draw


# ---------------------------------------------------------------------------------- one person


def _person(live: Live, world: Study, progress: Progress) -> Scene:
    people, patient = _people(world), _patient(live, world)
    month = opening_month(people, patient) if live.month is None else live.month
    data = course(people, patient, month)
    return Scene(
        headline=_who(people, patient),
        lines=(),
        draw=lambda key: _play(data, key),
        figure=lambda: course_figure(drawn(people, patient)),
        alt=data["alts"]["score"],
        record=people.record,
    )


@st.fragment
def _play(data: dict[str, object], key: str) -> None:
    play(data, key=key)


def _twins(live: Live, world: Study) -> Scene:
    added = treatment(live.word("treatment"))
    people, patient = _people(world), _patient(live, world)
    both = both_lives(patient, added.name, world)
    lives = twins_of(both, (say("present.usual"), added.title))
    title, care = say("present.scores"), say("twin.care", care=care_title(both.scenario.care))
    lines = twin_lines(both)
    return Scene(
        headline=say("present.twice", who=name_of(people, patient), treatment=added.title),
        lines=(*lines, added.hypothetical, care),
        draw=_chart(lambda: twins_spec(lives, title, palette()), " ".join([title, *lines])),
        figure=lambda: twins_figure(lives, title),
        alt=" ".join(lines),
        record=both.record,
    )


def _people(world: Study) -> Simulation:
    """Return the people of a world; those of a visitor's own deck stay in the visit."""
    return kept("deck_people", world, lambda: cohort(world)) if world.private else cohort(world)


def _patient(live: Live, world: Study) -> int:
    """Return whose course is shown: the same person, whichever values the slide changes."""
    if live.patient is not None:
        return live.patient
    found = members(_people(without_changes(world)), live.word("case"))
    return found[0] if found else 0


def _who(people: Simulation, patient: int) -> str:
    return say(
        "present.person",
        name=name_of(people, patient),
        age=int(people.patients.age[patient]),
        region=say(f"regions_in_text.{REGIONS[int(first_weak(people)[patient])]}"),
    )


# --------------------------------------------------------------------------------- many people


def _cohort(live: Live, world: Study, progress: Progress) -> Scene:
    count = live.number("people")
    crowd = gather(world, count, lambda done: progress(done, count))
    record = record_of(replace(followed_scenario(world), patients=count))
    parts = {"scores": _scores, "stages": _stages, "survival": _survival}
    lines, spec, alt, figure = parts[live.word("figure")](crowd, live.word("by"))
    headline = say(f"present.cohort_{live.word('figure')}", people=f"{count:,}")
    return Scene(headline, lines, _chart(spec, alt), figure, alt, record)


Parts = tuple[tuple[str, ...], Callable[[], Spec], str, Callable[[], Figure]]


def _groups(crowd: Crowd, way: str) -> list[tuple[str, np.ndarray[tuple[int], np.dtype[np.bool_]]]]:
    group = group_of(crowd, way)
    parts = [(name, np.asarray(group == place)) for place, name in enumerate(GROUPS[way])]
    return [(say(f"cohort.groups.{name}"), own) for name, own in parts if own.any()]


def _scores(crowd: Crowd, way: str) -> Parts:
    bands = [(name, score_bands(crowd, own)) for name, own in _groups(crowd, way)]
    title = say("cohort.scores_title")
    lines = (say("cohort.scores_text", lines=min(len(crowd), cohort_charts.MOST_LINES)),)
    return (
        lines,
        lambda: cohort_charts.scores_spec(crowd, bands, None, {"title": title}, palette()),
        crowd_words.scores_alt(bands),
        lambda: cohort_figures.scores_figure(crowd, bands, title),
    )


def _stages(crowd: Crowd, way: str) -> Parts:
    months = np.arange(crowd.horizon + 1.0)
    shares = living_shares(stage_shares(crowd, np.ones(len(crowd), np.bool_), months))
    names = table("cohort.names")["stages"][: len(shares)]
    title = say("cohort.stages_title_living")
    return (
        (say("present.living"),),
        lambda: cohort_charts.stages_spec(months, shares, names, title, palette()),
        crowd_words.stages_alt(months, shares, names),
        lambda: cohort_figures.stages_figure(months, shares, names, title),
    )


def _survival(crowd: Crowd, way: str) -> Parts:
    curves = [(name, survival_of(crowd, own)) for name, own in _groups(crowd, way)]
    lines = tuple(crowd_words.survival_lines(curves, crowd.horizon))
    return (
        (*lines, say("cohort.survival_text")),
        lambda: cohort_charts.survival_spec(curves, crowd.horizon, palette()),
        say("cohort.survival_alt", told=" ".join(lines)),
        lambda: cohort_figures.survival_figure(curves, crowd.horizon),
    )


# --------------------------------------------------------------------------------- a comparison


def _comparison(live: Live, world: Study, progress: Progress) -> Scene:
    added = treatment(live.word("treatment"))
    asked, month = Asked((added,), live.number("people"), UNTREATED), 12.0 * live.number("years")
    found = compared(asked, month, world, progress)
    named = outcome.names_of(found)
    shown, whole = found.shown, found.whole
    lines = (words.difference_sentence(shown, named, month, ARM),)
    assumed = (added.hypothetical, say("compare.care", care=care_title(found.care)))
    if live.word("figure") == "gained":
        alt = vega.gain_alt(whole, named, ARM)
        return Scene(
            headline=words.gain_sentence(whole, named, ARM),
            lines=(words.shares_sentence(whole, ARM), *assumed),
            draw=_chart(lambda: vega.gain_spec(whole, palette(), named, ARM), alt),
            figure=lambda: figures.gain_figure(whole, named, ARM),
            alt=alt,
            record=found.record,
        )
    alt = vega.survival_alt(shown, named, month, ARM)
    draw = _chart(lambda: vega.survival_spec(shown, palette(), named, month), alt)
    if live.word("figure") == "hundred":
        draw = _markup(lambda: outcome.squares_html(Detail(found, named, month, ARM)))
    return Scene(
        headline=words.headline(shown, named, month, ARM),
        lines=(*lines, words.median_sentence(shown, named, ARM), *assumed),
        draw=draw,
        figure=lambda: figures.survival_figure(shown, named, month),
        alt=alt,
        record=found.record,
    )


# ------------------------------------------------------------------------------ ladder and trials


def _ladder(live: Live, world: Study, progress: Progress) -> Scene:
    target, people = live.word("target"), live.number("people")
    ladder = climbed(world, Climb(target, (live.word("start"),), SIZES, people), progress)
    (needed,) = earliest_first(ladder, target)
    alt = curves_alt(ladder, target)
    return Scene(
        headline=needed_sentence(needed, ladder.sizes[-1], whole=told_of(ladder.patients)),
        lines=tuple(ladder_caveats(ladder)),
        draw=_chart(lambda: curves_spec(ladder, target, MEANINGFUL, palette()), alt),
        figure=lambda: ladder_figure(ladder, target, MEANINGFUL),
        alt=alt,
        record=record_of(climbed_scenario(world, people)),
    )


def _trials(live: Live, world: Study, progress: Progress) -> Scene:
    named, size = live.word("treatment"), live.number("size")
    scenario = _trial_world(named, world)
    count = round(100 * _significant(world, named, size, scenario))
    told = say("present.trials_of_nothing", size=size)
    if named:
        told = say("present.trials_text", size=size, treatment=treatment(named).title)
    label = say("present.trials_alt", count=count)
    return Scene(
        headline=say("present.trials", count=count),
        lines=(
            told,
            say("compare.care", care=care_title(scenario.care)),
        ),
        draw=_markup(lambda: f'<div class="trials">{squares(count, 0, label, palette())}</div>'),
        figure=None,
        alt=label,
        record=record_of(scenario),
    )


def _trial_world(named: str, world: Study) -> Scenario:
    usual = care_study((treatment(named),), world).record if named else world.record
    arms = (treatment(UNTREATED), *([treatment(named)] if named else []))
    return replace(usual, arms=arms, patients=TRIAL_PEOPLE, horizon=TRIAL_MONTHS)


def _significant(world: Study, named: str, size: int, scenario: Scenario) -> float:
    if world.private:
        asked = world, named, size
        return kept("deck_trials", asked, lambda: _share(named, size, scenario))
    return _shared_share(world.key, named, size, scenario)


@st.cache_data(max_entries=64, show_spinner=False)
def _shared_share(key: str, named: str, size: int, _scenario: Scenario) -> float:
    return _share(named, size, _scenario)


def _share(named: str, size: int, scenario: Scenario) -> float:
    return read_off("significant_share", scenario, {"size": size, "treatment": named})[0]


SCENES: Mapping[str, Callable[[Live, Study, Progress], Scene]] = {
    "person": _person,
    "cohort": _cohort,
    "comparison": _comparison,
    "ladder": _ladder,
    "trials": _trials,
}
