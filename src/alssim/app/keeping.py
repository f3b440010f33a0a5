"""Results that are kept within one visit, where nobody else can reach them."""

from collections.abc import Callable, Hashable
from typing import TypeVar

import streamlit as st

T = TypeVar("T")


def kept(name: str, asked: Hashable, compute: Callable[[], T]) -> T:
    """Return what ``compute`` gives, computed again only if something else is asked.

    One value a name is held, in this visit alone: for results that rest on a visitor's own file.
    """
    place = f"kept_{name}"
    held = st.session_state.get(place)
    if held is None or held[0] != asked:
        held = (asked, compute())
        st.session_state[place] = held
    value: T = held[1]
    return value
