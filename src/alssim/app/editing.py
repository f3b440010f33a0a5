"""Values being edited: kept as typed, checked by the reader, used once nothing is wrong."""

import re
from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from alssim.app.link import set_study, study
from alssim.app.study import Study, checked, value_text
from alssim.parameters.changing import CARE_KEY, editable
from alssim.parameters.walking import Entry

DRAFTS, PROBLEMS, SEEN = "edit_drafts", "edit_problems", "edit_seen"
"""Session keys: what is typed, by dotted key; what is wrong with it; the study it belongs to."""


def drafts() -> dict[str, str]:
    """Return what is typed and differs, by dotted key.

    If another study was opened since, that one's changes are what is typed.
    """
    if st.session_state.get(SEEN) != study():
        _start(study())
    found: dict[str, str] = st.session_state[DRAFTS]
    return found


def problems() -> list[str]:
    """Return everything that is wrong with what is typed."""
    return list(st.session_state.get(PROBLEMS, []))


def problems_of(key: str, found: Sequence[str]) -> list[str]:
    """Return the problems that name a dotted key."""
    named = re.compile(rf"(^|[\s:]){re.escape(key)}($|[\s:=])")
    return [problem for problem in found if named.search(problem)]


def type_in(key: str, text: str) -> None:
    """Take over what was typed for a value; use everything typed if nothing is wrong with it."""
    before = _unchanged(key)
    typed = {name: value for name, value in drafts().items() if name != key}
    if text.strip() and text.strip() != value_text(before.value):
        typed[key] = text.strip()
    _try(typed)


def take_back(key: str | None = None) -> None:
    """Forget what was typed for one value, or for all of them (None)."""
    _try({} if key is None else {name: text for name, text in drafts().items() if name != key})


def _try(typed: dict[str, str]) -> None:
    wanted = replace(study(), changes=tuple(sorted(typed.items())))
    found = checked(wanted)
    st.session_state[DRAFTS], st.session_state[PROBLEMS] = typed, found
    if not found:
        set_study(wanted)
    st.session_state[SEEN] = study()


def _unchanged(key: str) -> Entry:
    """Return a value as it is without what was typed; a care setting that was chosen stays."""
    shown = study()
    care = tuple(pair for pair in shown.changes if pair[0] == CARE_KEY != key)
    return editable(replace(shown, changes=care).record)[key]


def _start(shown: Study) -> None:
    st.session_state[DRAFTS] = dict(shown.changes)
    st.session_state[PROBLEMS] = []
    st.session_state[SEEN] = shown
