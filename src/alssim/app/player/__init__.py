"""The player: a component that animates one person's course in the browser."""

from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

import streamlit as st

from alssim.app.course import body_words
from alssim.app.text import table
from alssim.model.anatomy import REGION_COUNT
from alssim.present.bodymap import body_map
from alssim.present.language import spoken

PLACE = "<!--body-map-->"


def play(data: dict[str, Any], *, key: str) -> int:
    """Show a course; return the month at which the player rests."""
    result = _component(spoken())(data=data, key=key, on_rest_change=lambda: None)
    rest = result.get("rest") or {}
    same = rest.get("person") == data["person"]
    return int(rest["month"] if same else data["month"])


@cache
def _component(language: str) -> Any:
    """Register the player once a language: its body map holds words."""
    full = [1.0] * REGION_COUNT
    words = replace(body_words(), names=table("regions_on_map"))
    return st.components.v2.component(
        f"alssim_player_{language}",
        html=_read("player.html").replace(PLACE, body_map(words, full, full)),
        css=_read("player.css"),
        js=_read("chart.js") + _read("player.js"),
    )


def _read(name: str) -> str:
    return files(__name__).joinpath(name).read_text(encoding="utf-8")
