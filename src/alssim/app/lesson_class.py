"""The class of a visitor: a code and a number give them virtual people of their own.

No account and no name is needed. Being in a class sets the seeds for all pages.
"""

import re
from dataclasses import replace
from typing import Any

import streamlit as st

from alssim.app.link import adopt, asked, leave_out, set_study, study
from alssim.app.text import say
from alssim.errors import UsageError
from alssim.present.class_codes import LAST_NUMBER, Member, class_code, member

MEMBER, CODE, NUMBER, PROBLEM = "class_member", "class_code", "class_number", "class_problem"
"""Session keys: who the visitor is in the class; what is typed; what is wrong with it."""


def read_class() -> None:
    """Take over code and number from the link, and use the seeds of the class."""
    adopt(PROBLEM, lambda: "")
    adopt(CODE, _asked_code)
    adopt(MEMBER, _asked_member)
    found = joined()
    if found is not None:
        _use_seeds(found)


def joined() -> Member | None:
    """Return who the visitor is in a class; None outside of one."""
    found = st.session_state.get(MEMBER)
    return found if isinstance(found, Member) else None


def link_words() -> dict[str, Any]:
    """Return what the link says of the class."""
    found = joined()
    return {} if found is None else {"code": found.code, "student": found.number}


def show_class() -> None:
    """Say in which class the visitor is, or let them join one."""
    found = joined()
    if found is not None:
        _show_member(found)
        return
    with st.expander(say("lessons.class.title"), expanded=bool(st.session_state[CODE])):
        st.markdown(say("lessons.class.about"))
        code, number = st.columns(2, gap="medium")
        code.text_input(say("lessons.class.code"), key=CODE, max_chars=14, persist_state="session")
        code.markdown(f":small[{say('lessons.class.code_help')}]")
        number.number_input(
            say("lessons.class.number"),
            1,
            LAST_NUMBER,
            None,
            step=1,
            key=NUMBER,
            persist_state="session",
        )
        number.markdown(f":small[{say('lessons.class.number_help')}]")
        st.button(say("lessons.class.join"), on_click=_join, key="class_join")
        if problem := st.session_state[PROBLEM]:
            st.error(say("lessons.class.problem", problem=problem))


def _show_member(found: Member) -> None:
    people, fate = found.seeds
    words = {"code": found.code, "number": found.number, "people": people, "fate": fate}
    with st.container(
        border=True, key="class_member_box", horizontal=True, vertical_alignment="center"
    ):
        st.markdown(say("lessons.class.joined", **words), width="stretch")
        st.button(say("lessons.class.leave"), on_click=_leave, key="class_leave")


def _asked_code() -> str:
    given = dict(asked().choices).get("code", "")
    try:
        return class_code(given) if given else ""
    except UsageError as error:
        st.session_state[PROBLEM] = str(error)
        leave_out("code", given)
        return given[:14]


def _asked_member() -> Member | None:
    given = dict(asked().choices).get("student", "")
    if not given or st.session_state[PROBLEM]:
        return None
    found = _checked(int(given) if re.fullmatch("[0-9]{1,6}", given) else 0)
    if found is None:
        leave_out("student", given)
    return found


def _checked(number: object) -> Member | None:
    """Return the visitor with the typed code; None, and why, if that cannot be."""
    try:
        found = member(str(st.session_state[CODE]), number)
    except UsageError as error:
        st.session_state[PROBLEM] = str(error)
        return None
    st.session_state[PROBLEM] = ""
    return found


def _join() -> None:
    st.session_state[MEMBER] = _checked(st.session_state.get(NUMBER))


def _leave() -> None:
    st.session_state[MEMBER] = None
    set_study(replace(study(), people=None, fate=None))


def _use_seeds(found: Member) -> None:
    people, fate = found.seeds
    if (study().record.people, study().record.fate) != (people, fate) and not study().private:
        set_study(replace(study(), people=people, fate=fate))
