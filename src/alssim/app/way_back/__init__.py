"""The way back: the browser's Back leads from each page to the one before, in one step."""

from functools import cache
from importlib.resources import files
from typing import Any

import streamlit as st


def show_way_back() -> None:
    """Let the link that a page writes take the place of the bare address that led to it."""
    _component()(key="way_back")


@cache
def _component() -> Any:
    script = files(__name__).joinpath("way_back.js").read_text(encoding="utf-8")
    return st.components.v2.component("alssim_way_back", js=script)
