"""The address bar: read when a visitor changes it, written when the screen changes.

A page calls ``open_link`` first and ``write_link`` last. In between it reads what the link asks of
it; whatever a link says, the values that come out are allowed ones: numbers are held within their
limits and unknown words fall back to the default. What was not taken over is said on the page.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from alssim.app import address
from alssim.app.address import Address, Opened
from alssim.app.study import Study, checked, digest_of
from alssim.app.text import say
from alssim.present.language import LANGUAGES

STUDY, ADDRESS, OPENINGS, WRITTEN, NOTES, FRESH, LONG, LATE = (
    "study",
    "link_address",
    "link_openings",
    "link_written",
    "link_notes",
    "link_fresh",
    "link_long",
    "link_late",
)
"""Session keys: what is looked at; the link last opened, and how many were; the link last written;
what to say of it; whether it was opened in this run; whether the screen is too much for a link;
whether the page has found more to say of the link than stands at its top."""

OF_VISIT = {name: f"link_{name}" for name in address.OF_VISIT}
"""Session keys of what holds for all pages of a visit: its language and the size of its text."""


def open_link(choices: Sequence[str] = ()) -> None:
    """Take over the link if the visitor has changed it, and say what could not be taken over.

    ``choices``: the names under which this page keeps what it has chosen.
    """
    query = _query()
    first = ADDRESS not in st.session_state
    st.session_state[FRESH] = first or bool(query and query != st.session_state.get(WRITTEN))
    if st.session_state[FRESH]:
        _take_over(address.decode(query, choices))
        st.session_state[WRITTEN] = query


def study() -> Study:
    """Return what this visitor looks at."""
    found = st.session_state.setdefault(STUDY, Study())
    assert isinstance(found, Study)
    return found


def set_study(wanted: Study) -> None:
    """Look at something else from now on."""
    st.session_state[STUDY] = wanted


def visit_language() -> str:
    """Return the code of the language that this visitor reads."""
    return _of_visit("lang")


def visit_size() -> str:
    """Return the size of text that this visitor reads."""
    return _of_visit("text")


def take_visit(name: str, allowed: Collection[str]) -> None:
    """Take over what the link says for the whole visit; a link that holds none means the usual."""
    query, usual = st.query_params, address.OF_VISIT[name]
    if name in query:
        st.session_state[OF_VISIT[name]] = query[name] if query[name] in allowed else usual
    elif "v" in query:
        st.session_state[OF_VISIT[name]] = usual


def write_visit(name: str, value: str) -> None:
    """Choose something for the whole visit, also in the link that is open; read nothing anew."""
    st.session_state[OF_VISIT[name]] = value
    if value == address.OF_VISIT[name]:
        st.query_params.pop(name, None)
    else:
        st.query_params[name] = value
    if WRITTEN in st.session_state:
        st.session_state[WRITTEN] = _query()


def in_this_visit(query: address.Query | None) -> address.Query | None:
    """Return a link within the app that keeps language and size of text."""
    if query is None:
        return None
    kept = Address(language=visit_language(), size=visit_size()).of_visit
    return {**query, **{name: [value] for name, value in kept.items()}}


def _of_visit(name: str) -> str:
    return str(st.session_state.get(OF_VISIT[name], address.OF_VISIT[name]))


def asked() -> Address:
    """Return the link that was opened last."""
    found = st.session_state.get(ADDRESS, Address())
    assert isinstance(found, Address)
    return found


def openings() -> int:
    """Return how many links this visitor has opened."""
    return int(st.session_state.get(OPENINGS, 0))


def adopt(key: str, read: Callable[[], Any]) -> None:
    """Give a session key its value from the link: the first time, and whenever one is opened."""
    if key not in st.session_state or st.session_state.get(FRESH):
        st.session_state[key] = read()


def asked_number(name: str, low: int, high: int, default: int) -> int:
    """Return a whole number that the link asks for, held within ``low`` to ``high``."""
    number = _asked_number(name)
    if number is None:
        return default
    return _taken(name, number, min(max(number, low), high))


def asked_nearest(name: str, allowed: Sequence[int], default: int) -> int:
    """Return the one of the allowed numbers that is nearest to what the link asks for."""
    number = _asked_number(name)
    if number is None:
        return default
    return _taken(name, number, min(allowed, key=lambda one: abs(one - number)))


def _asked_number(name: str) -> int | None:
    if name in ("people", "fate", "patient", "month"):
        number: int | None = getattr(asked(), name)
        return number
    raw = dict(asked().choices).get(name, "")
    if address.NUMBER.fullmatch(raw):
        return int(raw)
    if raw:
        leave_out(name, raw)
    return None


def _taken(name: str, given: int, taken: int) -> int:
    if taken != given:
        _say_late(say("link.instead", part=f"{name}={given}", taken=taken))
    return taken


def asked_choice(name: str, allowed: Sequence[str], default: str) -> str:
    """Return a word that the link asks for, if it is an allowed one."""
    raw = dict(asked().choices).get(name, "")
    if raw and raw not in allowed:
        leave_out(name, raw)
    return raw if raw in allowed else default


def leave_out(name: str, given: str) -> None:
    """Say that the page knows nothing of the kind that the link asks for."""
    _say_late(say("link.unread", part=address.shown(f"{name}={given}")))


def _say_late(words: str) -> None:
    """Say something of a link that has just been opened, once, at the top of the page."""
    said, problems = notes()
    if st.session_state.get(FRESH) and words not in said:
        st.session_state[NOTES] = ([*said, words], problems)
        st.session_state[LATE] = True


def asked_words(name: str) -> list[str]:
    """Return the words of a list that the link asks for, as they stand between its dots."""
    return [word for word in dict(asked().choices).get(name, "").split(".") if word]


def write_link(
    *,
    patient: int | None = None,
    month: int | None = None,
    arms: tuple[str, ...] = (),
    changes: Mapping[str, str] | None = None,
    **choices: str | int,
) -> None:
    """Write the screen into the address bar, if it has changed.

    ``changes``: values of the arms that differ from their files, by dotted key. A choice that is
    an empty text is left out. A study from a
    visitor's file is never written: the link then names the digest of the file alone.
    """
    shown = study()
    here = Address(
        scenario=shown.scenario,
        people=shown.record.people,
        fate=shown.record.fate,
        patient=patient,
        month=month,
        arms=arms,
        changes=() if shown.private else (*shown.changes, *(changes or {}).items()),
        choices=tuple(sorted((name, str(value)) for name, value in choices.items() if value != "")),
        language=visit_language(),
        size=visit_size(),
    )
    long = not address.fits(here)
    if shown.private or long:
        scenario = address.REFERENCE if shown.private else shown.scenario
        here = address.shortened(replace(here, scenario=scenario), digest_of(shown))
    query = address.encode(here)
    if query != _query():
        st.query_params.from_dict(query)
    st.session_state[WRITTEN] = query
    if st.session_state.pop(LATE, False) or long != too_long():
        st.session_state[LONG] = long
        st.rerun()  # it is said at the top of the page


def note_problems(problems: Sequence[str]) -> None:
    """Say further problems of the link that was opened; they are shown at the next run."""
    said, before = notes()
    if not set(problems) <= set(before):
        st.session_state[NOTES] = (said, [*before, *problems])
        st.rerun()


def too_long() -> bool:
    """Whether the screen differs from its scenario in more values than a link can hold."""
    return bool(st.session_state.get(LONG))


def _query() -> address.Query:
    return {name: st.query_params.get_all(name) for name in st.query_params}


def _take_over(opened: Opened) -> None:
    found = opened.address
    st.session_state[ADDRESS] = found
    st.session_state[OPENINGS] = openings() + 1
    known = ", ".join(f"{code} ({name})" for code, name in LANGUAGES.items())
    said = [say(f"link.{one.kind}", part=one.part, known=known) for one in opened.refusals]
    own = tuple(pair for pair in found.changes if not pair[0].startswith("arms."))
    wanted = Study(found.scenario, found.people, found.fate, own)
    before = study()
    if found.file and not (before.private and digest_of(before)[:12] == found.file):
        said.append(say("link.file", part=found.file))
    if before.private and found.file:
        wanted = before
    problems = checked(wanted)
    set_study(Study() if problems else wanted)
    st.session_state[NOTES] = (said, problems)


def notes() -> tuple[list[str], list[str]]:
    """Return what is to be said of the link: what was left out, and what the reader refused."""
    said, problems = st.session_state.get(NOTES, ([], []))
    return list(said), list(problems)


def forget_notes() -> None:
    """Say no more of the link."""
    st.session_state[NOTES] = ([], [])
