"""The cohort: many virtual people at once; survival is shown to those who ask for it."""

from dataclasses import dataclass

import numpy as np
import streamlit as st
from matplotlib.figure import Figure

from alssim.app import crowd_words as told
from alssim.app.chart import show_chart
from alssim.app.crowd import crowd_record, gather
from alssim.app.downloads import (
    File,
    data_files,
    figure_files,
    report_file,
    scenario_file,
    show_downloads,
)
from alssim.app.link import adopt, asked_choice, asked_nearest, asked_number, study, write_link
from alssim.app.once import stoppable
from alssim.app.palette import palette
from alssim.app.standing import begin
from alssim.app.steps import stepped_choice, stepped_number
from alssim.app.text import say, table
from alssim.app.world import CROWD
from alssim.model.record import RunRecord
from alssim.present import cohort_charts, cohort_figures
from alssim.present.figures import rendered
from alssim.present.report import Part
from alssim.statistics.survival import SurvivalCurve
from alssim.studies.cohort import (
    GROUPS,
    PLACES,
    BoolArray,
    Cohort,
    ScoreBands,
    group_of,
    living_shares,
    places,
    score_bands,
    stage_shares,
    survival,
)

SIZES = (10, 30, 100, 300, 1000, 3000, CROWD)
FIRST_SIZE = 300
AT_ONCE = 1000
"""So many people are there before a bar could be read."""
CHOICES = ("n", "by", "whose")

SIZE, WAY, WHOSE, PATIENT, OPEN = (
    "cohort_size",
    "cohort_way",
    "cohort_whose",
    "cohort_patient",
    "cohort_open",
)
"""Session keys of the page's own values."""


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """What is on the screen: the people, how they are parted and which of them is chosen."""

    people: Cohort
    way: str
    whose: str
    patient: int
    open: bool
    record: RunRecord

    @property
    def members(self) -> list[tuple[str, BoolArray]]:
        """Name and members [patient] of each group that has any."""
        group = group_of(self.people, self.way)
        parts = [(name, group == place) for place, name in enumerate(GROUPS[self.way])]
        return [(say(f"cohort.groups.{name}"), own) for name, own in parts if own.any()]

    @property
    def bands(self) -> list[tuple[str, ScoreBands]]:
        """Name and scores of each group."""
        return [(name, score_bands(self.people, own)) for name, own in self.members]

    @property
    def curves(self) -> list[tuple[str, SurvivalCurve]]:
        """Name and survival of each group."""
        return [(name, survival(self.people, own)) for name, own in self.members]


def show() -> None:
    """Draw the page."""
    begin(CHOICES)
    _read_link()
    st.title(say("cohort.title"), anchor=False)
    st.markdown(say("cohort.lead"))
    controls, results = st.columns([1, 2.7], gap="large")
    with controls.container(key="controls"):
        size, way = _ask()
    with results:
        shown = _gathered(size, way)
        _show_who(shown)
        _show_spread(shown)
        _show_scores(shown)
        _show_stages(shown)
        _show_place(shown)
        _show_survival(shown)
        _show_limits(shown)
        show_downloads(_files(shown))
    write_link(patient=shown.patient, n=size, by=way, whose=st.session_state[WHOSE])


def _read_link() -> None:
    walked = int(st.session_state.get("walk_person", 0))
    adopt(SIZE, lambda: asked_nearest("n", SIZES, FIRST_SIZE))
    adopt(WAY, lambda: asked_choice("by", tuple(GROUPS), "everyone"))
    adopt(WHOSE, lambda: asked_choice("whose", sum(GROUPS.values(), ()), "everyone"))
    adopt(PATIENT, lambda: asked_number("patient", 0, int(st.session_state[SIZE]) - 1, walked))


def _ask() -> tuple[int, str]:
    size = stepped_choice(say("cohort.people"), SIZES, key=SIZE, about=say("cohort.people_help"))
    way = st.pills(
        say("cohort.way"),
        list(GROUPS),
        key=WAY,
        required=True,
        persist_state="session",
        format_func=lambda one: say(f"cohort.ways.{one}"),
        wrap=True,
    )
    st.session_state[PATIENT] = min(max(int(st.session_state[PATIENT]), 0), size - 1)
    stepped_number(
        say("cohort.patient"),
        key=PATIENT,
        low=0,
        high=size - 1,
        about=say("cohort.patient_help"),
        on_change=None,
    )
    st.button(say("cohort.next_patient"), on_click=_next_patient, args=(size,))
    return size, str(way)


def _next_patient(size: int) -> None:
    st.session_state[PATIENT] = (int(st.session_state[PATIENT]) + 1) % size


def _gathered(size: int, way: str) -> Shown:
    return Shown(
        people=_people(size),
        way=way,
        whose=str(st.session_state[WHOSE]),
        patient=int(st.session_state[PATIENT]),
        open=bool(st.session_state.get(OPEN)),
        record=crowd_record(study(), size),
    )


def _people(size: int) -> Cohort:
    if size <= AT_ONCE:
        return gather(study(), size, lambda done: None)
    with stoppable(say("cohort.working", done=0, all=size), "cohort", _stop) as progress:
        return gather(
            study(),
            size,
            lambda done: progress(done, size, say("cohort.working", done=done, all=size)),
        )


def _stop() -> None:
    st.session_state[SIZE] = FIRST_SIZE


# ------------------------------------------------------------------------------------- parts


def _show_who(shown: Shown) -> None:
    st.header(say("cohort.who"), anchor=False)
    st.markdown(told.who(shown.people))


def _show_spread(shown: Shown) -> None:
    st.header(say("cohort.spread"), anchor=False)
    st.markdown(say("cohort.spread_text", years=shown.people.horizon // 12))
    st.table(told.spread_columns(shown.people), hide_index=True)


def _show_scores(shown: Shown) -> None:
    st.header(say("cohort.scores"), anchor=False)
    bands = shown.bands
    names = {
        "title": say("cohort.scores_title"),
        "chosen": say("cohort.chosen", patient=shown.patient),
    }
    spec = cohort_charts.scores_spec(shown.people, bands, shown.patient, names, palette())
    show_chart(spec, key="cohort_scores", alt=told.scores_alt(bands))
    lines = min(len(shown.people), cohort_charts.MOST_LINES)
    st.markdown(f":small[{say('cohort.scores_text', lines=lines)}]")


def _show_stages(shown: Shown) -> None:
    st.header(say("cohort.stages"), anchor=False)
    own = _whose(shown)
    months = np.arange(shown.people.horizon + 1.0)
    occupancy = stage_shares(shown.people, own, months)
    shares = occupancy.share if shown.open else living_shares(occupancy)
    kind = "all" if shown.open else "living"
    st.markdown(say(f"cohort.stages_{kind}"))
    names = table("cohort.names")["stages"][: len(shares)]
    title = say(f"cohort.stages_title_{kind}")
    spec = cohort_charts.stages_spec(months, shares, names, title, palette())
    alt = told.stages_alt(months, shares, names)
    show_chart(spec, key="cohort_stages", alt=alt)
    with st.expander(say("cohort.as_table")):
        st.table(told.stage_columns(months, shares, names), hide_index=True)


def _whose(shown: Shown) -> BoolArray:
    """Ask whose stages are shown, where people are parted, and return the members [patient]."""
    groups = dict(zip(GROUPS[shown.way], range(len(GROUPS[shown.way])), strict=True))
    group = group_of(shown.people, shown.way)
    present = [name for name in groups if (group == groups[name]).any()]
    options = ["everyone", *(name for name in present if name != "everyone")]
    if st.session_state[WHOSE] not in options:
        st.session_state[WHOSE] = "everyone"
    if len(options) > 1:
        st.pills(
            say("cohort.stages_whose"),
            options,
            key=WHOSE,
            required=True,
            persist_state="session",
            format_func=lambda one: say(f"cohort.groups.{one}"),
            wrap=True,
        )
    whose = str(st.session_state[WHOSE])
    if whose == "everyone":
        return np.ones(len(shown.people), np.bool_)
    return np.asarray(group == groups[whose], np.bool_)


def _show_place(shown: Shown) -> None:
    st.header(say("cohort.place", patient=shown.patient), anchor=False)
    events = (*PLACES, "death") if shown.open else PLACES
    found = places(shown.people, shown.patient, events)
    lines = [told.place(one, shown.people.horizon) for one in found]
    st.markdown("\n".join(f"- {line}" for line in lines))


def _show_survival(shown: Shown) -> None:
    st.header(say("cohort.survival"), anchor=False)
    if not shown.open:
        st.markdown(say("cohort.ask"))
        st.button(say("cohort.show"), type="primary", on_click=_open, args=(True,))
        return
    st.button(say("cohort.hide"), on_click=_open, args=(False,))
    curves = shown.curves
    spec = cohort_charts.survival_spec(curves, shown.people.horizon, palette())
    lines = told.survival_lines(curves, shown.people.horizon)
    alt = say("cohort.survival_alt", told=" ".join(lines))
    show_chart(spec, key="cohort_survival", alt=alt)
    st.markdown(say("cohort.survival_text"))
    st.markdown("\n".join(f"- {line}" for line in lines))


def _open(wanted: bool) -> None:
    st.session_state[OPEN] = wanted


def _show_limits(shown: Shown) -> None:
    with st.container(border=True):
        st.markdown(f"**{say('cohort.limits')}**  \n{say('cohort.limits_text')}")
        st.markdown(f":small[{shown.record.short()}]")


# ----------------------------------------------------------------------------------- downloads


def _files(shown: Shown) -> list[File]:
    """Offer what is on the screen; survival only to those who have opened it."""
    record, title = shown.record, say("cohort.title")
    months = np.arange(shown.people.horizon + 1.0)
    everybody = np.ones(len(shown.people), np.bool_)
    names = table("cohort.names")["stages"]

    def scores() -> Figure:
        return cohort_figures.scores_figure(shown.people, shown.bands, say("cohort.scores_title"))

    def stages() -> Figure:
        found = stage_shares(shown.people, everybody, months)
        shares = found.share if shown.open else living_shares(found)
        kind = say("cohort.stages_title_all" if shown.open else "cohort.stages_title_living")
        return cohort_figures.stages_figure(months, shares, names[: len(shares)], kind)

    def curves() -> Figure:
        return cohort_figures.survival_figure(shown.curves, shown.people.horizon)

    def parts() -> list[Part]:
        drawn = [(say("cohort.scores"), scores), (say("cohort.stages"), stages)]
        drawn += [(say("cohort.survival"), curves)] if shown.open else []
        return [
            Part(say("cohort.who"), [told.who(shown.people)]),
            Part(say("cohort.spread"), rows=told.spread_rows(shown.people)),
            *(Part(head, figure=rendered(draw(), "svg", record), alt=head) for head, draw in drawn),
        ]

    files = data_files(
        say("downloads.people"),
        "cohort",
        lambda: told.people_columns(shown.people, shown.open),
        record,
    )
    files += figure_files(say("downloads.scores_picture"), "cohort-scores", scores, record)
    files += figure_files(say("downloads.stages_picture"), "cohort-stages", stages, record)
    if shown.open:
        label = say("downloads.survival_picture")
        files += figure_files(label, "cohort-survival", curves, record)
    return [*files, scenario_file(record), report_file(title, "cohort", parts, record)]
