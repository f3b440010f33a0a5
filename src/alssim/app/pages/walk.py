"""Walk the stages: one virtual person, month by month."""

from typing import Any
from zlib import crc32

import streamlit as st

from alssim.app.arm_words import in_words
from alssim.app.cases import CASES, another, case_of, first_weak, members, name_of
from alssim.app.course import course, opening_month
from alssim.app.course_files import course_files
from alssim.app.downloads import show_downloads
from alssim.app.keeping import kept
from alssim.app.link import (
    adopt,
    asked,
    asked_choice,
    asked_number,
    openings,
    study,
    visit_language,
    write_link,
)
from alssim.app.player import play
from alssim.app.standing import begin
from alssim.app.study import Study
from alssim.app.text import say
from alssim.app.twins import both_lives
from alssim.app.world import (
    COHORT,
    CROWD,
    MONTHS,
    care_study,
    care_title,
    cohort,
    person,
    treatment,
    treatments,
)
from alssim.model.anatomy import REGIONS
from alssim.model.simulate import Simulation
from alssim.present.language import speak, spoken

CASE, PILL, PERSON, BESIDE, SHOWN, MONTH = (
    "walk_case",
    "walk_case_shown",
    "walk_person",
    "walk_beside",
    "walk_shown",
    "walk_month",
)
"""Session keys: the case, the person and the treatment chosen; the person and month shown."""
CHOICES = ("case", "beside")


def show() -> None:
    """Draw the page."""
    begin(CHOICES)
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
    _choose_treatment()
    _show_player(st.session_state[PERSON], st.session_state[BESIDE])
    with st.expander(say("walk.why")):
        st.markdown(say("walk.why_text"))
    people, place = _someone(st.session_state[PERSON])
    show_downloads(course_files(people, place, name_of(people, place)))


def _people() -> Simulation:
    """Return the virtual people of the study; those of a visitor's own file stay in the visit."""
    shown = study()
    return kept("cohort", shown, lambda: cohort(shown)) if shown.private else cohort(shown)


def _someone(number: int) -> tuple[Simulation, int]:
    """Return the people among whom a person is, and their place."""
    return (_people(), number) if number < COHORT else (person(study(), number), 0)


def _order(case: str) -> list[int]:
    if study().private:
        return members(_people(), case)
    return _shared_order(study().key, case, study())


def _course(patient: int, beside: str) -> dict[str, Any]:
    if study().private:
        return _told(patient, beside, study())
    return _shared_course(study().key, spoken(), patient, beside, study())


@st.cache_data(max_entries=4 * len(CASES), show_spinner=False)
def _shared_order(key: str, case: str, _study: Study) -> list[int]:
    return members(cohort(_study), case)


@st.cache_data(max_entries=256, show_spinner=False)
def _shared_course(
    key: str, language: str, patient: int, beside: str, _study: Study
) -> dict[str, Any]:
    return _told(patient, beside, _study)


def _told(patient: int, beside: str, shown: Study) -> dict[str, Any]:
    people, place = _someone(patient)
    opening = opening_month(people, place)
    if not beside:
        return course(people, place, opening)
    return course(both_lives(patient, beside, shown), 0, opening)


def _read_link() -> None:
    adopt(CASE, lambda: asked_choice("case", tuple(CASES), _case_asked()))
    adopt(PERSON, lambda: asked_number("patient", 0, CROWD - 1, _first(st.session_state[CASE])))
    adopt(BESIDE, lambda: asked_choice("beside", treatments(), ""))
    adopt(SHOWN, lambda: None)
    adopt(PILL, lambda: st.session_state[CASE])


def _case_asked() -> str:
    """Return the case of the person whom a link asks for by number; the first case otherwise."""
    number, first = asked().patient, next(iter(CASES))
    if number is None or not 0 <= number < CROWD:
        return first
    return case_of(*_someone(number)) or first


def _first(case: str) -> int:
    order = _order(case)
    return order[0] if order else 0


def _choose_case() -> None:
    st.pills(
        say("walk.case"),
        list(CASES),
        key=PILL,
        required=True,
        format_func=lambda case: say(f"walk.cases.{case}"),
        on_change=_change_case,
        wrap=True,
    )


def _change_case() -> None:
    case = st.session_state[PILL]
    st.session_state[CASE], st.session_state[PERSON] = case, _first(case)


def _next_person() -> None:
    order = _order(st.session_state[CASE])
    st.session_state[PERSON] = another(order, st.session_state[PERSON])


def _show_person() -> None:
    number, order = st.session_state[PERSON], _order(st.session_state[CASE])
    people, place = _someone(number)
    region = REGIONS[int(first_weak(people)[place])]
    facts = say(
        "walk.person",
        name=name_of(people, place),
        age=int(people.patients.age[place]),
        region=say(f"regions_in_text.{region}"),
        course=say("walk.person_slow" if people.patients.slow[place] else "walk.person_usual"),
    )
    if number in order:
        told = say("walk.counted", count=len(order), people=COHORT)
    else:
        told = say("walk.numbered", number=number)
    row = st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
    )
    row.markdown(f"{facts} :small[{told}]")
    row.button(say("walk.another"), on_click=_next_person)


def _choose_treatment() -> None:
    st.selectbox(
        say("walk.beside"),
        ("", *treatments()),
        key=BESIDE,
        format_func=lambda name: _title(name) if name else say("walk.beside_none"),
        width=420,
    )
    if name := st.session_state[BESIDE]:
        added = in_words(treatment(name))
        care = care_title(care_study((treatment(name),), study()).record.care)
        told = (say("walk.beside_help"), added.hypothetical, say("twin.care", care=care))
        st.markdown(" ".join(told))


def _title(name: str) -> str:
    return in_words(treatment(name)).title


@st.fragment
def _show_player(patient: int, beside: str) -> None:
    speak(visit_language())  # the rest of the page does not run with it
    data = _course(patient, beside)
    month = min(_month(patient, data["month"]), data["last"])
    person = f"{data['person']}.{crc32(study().key.encode())}.{openings()}"
    rest = play({**data, "month": month, "person": person}, key="player")
    st.session_state[MONTH] = rest
    write_link(patient=patient, month=rest, case=st.session_state[CASE], beside=beside)


def _month(patient: int, opening: int) -> int:
    """Return the month to show: the link's at first, the opening one for each new person."""
    before = st.session_state.get(SHOWN)
    if before is None:
        wanted = asked_number("month", 0, MONTHS, opening)
        st.session_state[MONTH] = wanted if asked().patient in (None, patient) else opening
    elif before != patient:
        st.session_state[MONTH] = opening
    st.session_state[SHOWN] = patient
    return int(st.session_state[MONTH])
