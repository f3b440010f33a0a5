"""The language of a visit: read from the link, chosen by a button, said on every page.

A page that has no translation is shown in English, and says so in the language of the visit.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from alssim.app.link import take_visit, visit_language, write_visit
from alssim.app.registry import page
from alssim.app.text import say
from alssim.app.tongue import show_tongue
from alssim.present.language import ENGLISH, LANGUAGES, speak, speaking


def take_language() -> None:
    """Say words in the language of the link; without a link, in that of the visit so far."""
    take_visit("lang", LANGUAGES)
    speak(visit_language())


def show_language(name: str) -> None:
    """Say that no clinician who speaks the language has read the words, and what is not in it."""
    if visit_language() == ENGLISH:
        return
    wanted = _language_of(name)
    show_tongue(wanted)
    with st.container(key="language", horizontal=True, vertical_alignment="center"):
        told = say("language.unreviewed")
        if wanted == ENGLISH:
            told += f" **{say('language.untranslated')}**"
        st.markdown(f":small[{told}]", width="stretch")
        _show_buttons("top")


@contextmanager
def language_of(name: str) -> Iterator[None]:
    """Say the words of a page in the language of the visit, or in English if it has no other."""
    with speaking(_language_of(name)):
        yield


def _language_of(name: str) -> str:
    return visit_language() if page(name).translated else ENGLISH


def show_choice() -> None:
    """Show a button for each other language, unless they stand at the top already."""
    if visit_language() == ENGLISH:
        _show_buttons("foot")


def _show_buttons(place: str) -> None:
    for code, name in LANGUAGES.items():
        if code != visit_language():
            st.button(name, key=f"language_{place}_{code}", on_click=_choose, args=(code,))


def _choose(code: str) -> None:
    _keep_choices()
    write_visit("lang", code)


def _keep_choices() -> None:
    """Send what is chosen to the browser anew: it knows options by their words alone."""
    for key, value in st.session_state.items():
        if isinstance(value, str | int | float | list | tuple) and not isinstance(value, bool):
            st.session_state[key] = value
