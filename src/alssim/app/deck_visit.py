"""Where a visitor is among the decks: which one is open, at which slide, and what it shows.

A visitor's own deck and its text live in the visit alone: no link, no log and no shared cache
holds them. What is simulated for a slide rests on shipped scenarios, so it is computed once for
everybody; where a visitor's own deck changes values of the scenario, it is computed for that visit.
"""

from dataclasses import replace

import streamlit as st

from alssim.app.link import adopt, asked_choice, asked_number, study, write_link
from alssim.app.study import Study
from alssim.app.text import say
from alssim.errors import ParameterError
from alssim.present.decks import Deck, deck_source, read_deck, shipped_decks

OWN = "own"
CHOICES = ("deck", "step", "notes")
SHOWN, HIDDEN = "shown", "hidden"
DECK, STEP, NOTES, OPENED, GIVEN, DRAFT, BEFORE, FILE, PROBLEMS = (
    "present_deck",
    "present_step",
    "present_notes",
    "present_opened",
    "present_own",
    "present_draft",
    "present_before",
    "present_file",
    "present_problems",
)
"""Session keys: the open deck, its slide from 1 (0: its cover), whether the notes are shown, which
slides were asked to simulate; the visitor's own deck and its source, the text being written and the
one that stood there before, the file opened, and what is wrong with either."""


def read_place() -> None:
    """Take over deck, slide and view from the link."""
    adopt(DECK, lambda: asked_choice("deck", (*shipped_decks(), OWN), ""))
    adopt(STEP, lambda: asked_number("step", 0, last_step(), 0))
    adopt(NOTES, lambda: asked_choice("notes", (SHOWN, HIDDEN), HIDDEN))


def write_place() -> None:
    """Write deck, slide and view into the link."""
    if name():
        write_link(deck=name(), step=step(), notes=st.session_state[NOTES])
    else:
        write_link()


def name() -> str:
    """Return the name of the open deck; empty if none is open."""
    return str(st.session_state.get(DECK, ""))


def opened() -> Deck | None:
    """Return the open deck; None if none is, or if the visitor's own is not in this visit."""
    if name() == OWN:
        own = st.session_state.get(GIVEN)
        return own[0] if own else None
    return shipped_decks().get(name())


def source() -> str:
    """Return the text of the open deck's file."""
    return str(st.session_state[GIVEN][1]) if name() == OWN else deck_source(name())


def step() -> int:
    """Return the slide that is shown, from 1; 0 is the cover."""
    return min(int(st.session_state.get(STEP, 0)), last_step())


def last_step() -> int:
    """Return the number of the last slide."""
    deck = opened()
    return len(deck.steps) if deck else 0


def go(deck: str, step: int = 0) -> None:
    """Open a slide of a deck, or its cover; no deck: the list."""
    st.session_state[DECK], st.session_state[STEP] = deck, step


def notes_shown() -> bool:
    """Whether the speaker notes are shown."""
    return bool(st.session_state[NOTES] == SHOWN)


def turn_notes() -> None:
    """Show the speaker notes, or hide them."""
    st.session_state[NOTES] = HIDDEN if notes_shown() else SHOWN


def running() -> bool:
    """Whether this slide was asked to simulate."""
    return (name(), step()) in st.session_state.setdefault(OPENED, set())


def run(wanted: bool) -> None:
    """Simulate on this slide, or hide it again."""
    asked: set[tuple[str, int]] = st.session_state.setdefault(OPENED, set())
    (asked.add if wanted else asked.discard)((name(), step()))


def own() -> bool:
    """Whether the open deck is the visitor's own."""
    return name() == OWN


def world(deck: Deck) -> Study:
    """Return the world of a deck, with the visitor's seeds; a private study lends no seeds."""
    shown = study()
    if shown.private:
        return Study(deck.scenario)
    return replace(Study(deck.scenario), people=shown.record.people, fate=shown.record.fate)


# ------------------------------------------------------------------------------- a visitor's own


def use_file() -> None:
    """Open the file that was uploaded."""
    file = st.session_state[FILE]
    if file is not None:
        _use(file.getvalue(), file.name)


def use_draft() -> None:
    """Open the deck that was written."""
    _use(str(st.session_state[DRAFT]).encode(), say("present.own.label"))


def write_from(text: str) -> None:
    """Put a deck's text where it can be changed."""
    _write(text)
    st.session_state[PROBLEMS] = []
    go("")


def bring_back() -> None:
    """Put the text that stood there before where it can be changed."""
    _write(st.session_state[BEFORE])


def replaced() -> bool:
    """Whether another text stood where one is written now."""
    return bool(st.session_state.get(BEFORE))


def _write(text: str) -> None:
    """Change the text being written; what a visitor had typed there is kept."""
    before = str(st.session_state.get(DRAFT, ""))
    if before not in ("", text, *map(deck_source, shipped_decks())):
        st.session_state[BEFORE] = before
    st.session_state[DRAFT] = text


def problems() -> list[str]:
    """Return what is wrong with the visitor's deck."""
    return list(st.session_state.get(PROBLEMS, []))


def _use(raw: bytes, label: str) -> None:
    try:
        deck = read_deck(raw, label)
    except ParameterError as error:
        st.session_state[PROBLEMS] = error.problems
        return
    text = raw.decode("utf-8-sig")
    st.session_state[PROBLEMS] = []
    st.session_state[GIVEN] = (deck, text)
    _write(text)
    opened_before: set[tuple[str, int]] = st.session_state.setdefault(OPENED, set())
    st.session_state[OPENED] = {one for one in opened_before if one[0] != OWN}
    go(OWN)
