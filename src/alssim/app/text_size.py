"""The size of the text of a visit: read from the link, chosen by a button, on all pages."""

import streamlit as st

from alssim.app.address import LARGE, SIZES, USUAL
from alssim.app.link import take_visit, visit_size, write_visit
from alssim.app.text import say


def take_size() -> None:
    """Take over the size from the link; without a link it stays as it is."""
    take_visit("text", SIZES)


def larger() -> bool:
    """Whether the text is larger than usual."""
    return visit_size() == LARGE


def show_size_choice(key: str = "text_size") -> None:
    """Show the button that makes the text larger, or as usual again."""
    words = say("text_size.usual" if larger() else "text_size.large")
    st.button(words, on_click=_turn, key=key)


def _turn() -> None:
    write_visit("text", USUAL if larger() else LARGE)
