"""The language that the browser is told, for screen readers: no picture, only an attribute."""

from functools import cache
from importlib.resources import files
from typing import Any

import streamlit as st


def show_tongue(language: str) -> None:
    """Set the language of the document while this stands on the page."""
    _component()(data={"language": language}, key="tongue")


@cache
def _component() -> Any:
    script = files(__name__).joinpath("tongue.js").read_text(encoding="utf-8")
    return st.components.v2.component("alssim_tongue", js=script)
