"""The projector: full screen, the keys of a presenter's clicker, and what is said aloud."""

from functools import cache
from importlib.resources import files
from typing import Any

import streamlit as st


def project(words: dict[str, str], *, key: str) -> None:
    """Show the button for full screen and listen for keys while slides are shown.

    ``words``: ``full`` and ``leave`` for the button, ``said`` for people who hear the page.
    """
    _component()(data=words, key=key)


@cache
def _component() -> Any:
    return st.components.v2.component(
        "alssim_projector",
        html=_read("projector.html"),
        css=_read("projector.css"),
        js=_read("projector.js"),
    )


def _read(name: str) -> str:
    return files(__name__).joinpath(name).read_text(encoding="utf-8")
