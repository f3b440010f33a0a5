"""Walk the stages: one virtual person, month by month."""

from typing import Any

import streamlit as st

from alssim.app.cases import CASES, another, first_weak, members, name_of
from alssim.app.course import course, opening_month
from alssim.app.link import asked_choice, asked_number, remember
from alssim.app.player import play
from alssim.app.text import say
from alssim.app.world import COHORT, MONTHS, cohort
from alssim.model.anatomy import REGIONS

CASE, PERSON, SHOWN, MONTH = "walk_case", "walk_person", "walk_shown", "walk_month"
"""Session keys: the case and the person chosen; the person and the month on the screen."""


def show() -> None:
    """Draw the page."""
    _read_link()
    header = st.container(
        horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"
    )
    with header.container(width=640):
        st.title(say("walk.title"), anchor=False)
        st.markdown(say("walk.lead"))
    with header:
        _choose_case()
    _show_person()
    _show_player(st.session_state[PERSON])
    with st.expander(say("walk.why")):
        st.markdown(say("walk.why_text"))


@st.cache_data(max_entries=len(CASES), show_spinner=False)
def _order(case: str) -> list[int]:
    return members(cohort(), case)


@st.cache_data(max_entries=256, show_spinner=False)
def _course(patient: int) -> dict[str, Any]:
    people = cohort()
    return course(people, patient, opening_month(people, patient))


def _read_link() -> None:
    if CASE not in st.session_state:
        st.session_state[CASE] = asked_choice("case", tuple(CASES), "arm")
    if PERSON not in st.session_state:
        typical = _first(st.session_state[CASE])
        st.session_state[PERSON] = asked_number("patient", 0, COHORT - 1, typical)


def _first(case: str) -> int:
    order = _order(case)
    return order[0] if order else 0


def _choose_case() -> None:
    st.pills(
        say("walk.case"),
        list(CASES),
        key="walk_case_shown",
        required=True,
        default=st.session_state[CASE],
        format_func=lambda case: say(f"walk.cases.{case}"),
        on_change=_change_case,
        wrap=True,
    )


def _change_case() -> None:
    case = st.session_state["walk_case_shown"]
    st.session_state[CASE], st.session_state[PERSON] = case, _first(case)


def _next_person() -> None:
    order = _order(st.session_state[CASE])
    st.session_state[PERSON] = another(order, st.session_state[PERSON])


def _show_person() -> None:
    people, patient = cohort(), st.session_state[PERSON]
    region = REGIONS[int(first_weak(people)[patient])]
    facts = say(
        "walk.person",
        name=name_of(people, patient),
        age=int(people.patients.age[patient]),
        region=say(f"regions_in_text.{region}"),
        course=say("walk.person_slow" if people.patients.slow[patient] else "walk.person_usual"),
    )
    count = len(_order(st.session_state[CASE]))
    row = st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
    )
    row.markdown(f"{facts} :small[{say('walk.counted', count=count, people=COHORT)}]")
    row.button(say("walk.another"), on_click=_next_person)


@st.fragment
def _show_player(patient: int) -> None:
    data = _course(patient)
    month = min(_month(patient, data["month"]), data["last"])
    rest = play({**data, "month": month}, key="player")
    st.session_state[MONTH] = rest
    remember(case=st.session_state[CASE], patient=patient, month=rest)


def _month(patient: int, opening: int) -> int:
    """Return the month to show: the link's at first, the opening one for each new person."""
    before = st.session_state.get(SHOWN)
    if before is None:
        st.session_state[MONTH] = asked_number("month", 0, MONTHS, opening)
    elif before != patient:
        st.session_state[MONTH] = opening
    st.session_state[SHOWN] = patient
    return int(st.session_state[MONTH])
