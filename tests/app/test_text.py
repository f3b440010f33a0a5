"""Every word of the app is there, and no two languages disagree about their keys."""

import re
from importlib.resources import files
from pathlib import Path

import pytest

from alssim.app.text import say, table, words
from alssim.app.world import treatment, treatments
from alssim.model.anatomy import REGIONS
from alssim.parameters.treatment import STARTS, TARGETS

APP = Path(str(files("alssim.app")))
ASKED = re.compile(r"\b(?:say|table)\(\s*\"([a-z0-9_.]+)\"")


def test_every_text_that_the_code_names_is_there() -> None:
    named = {key for page in APP.rglob("*.py") for key in ASKED.findall(page.read_text("utf-8"))}
    assert len(named) > 30
    for key in sorted(named):
        found = words()
        for part in key.split("."):
            found = found[part]


def test_every_text_that_the_player_names_is_there() -> None:
    page = (APP / "player" / "player.html").read_text("utf-8")
    named = re.findall(r"data-(?:say|named)=\"(\w+)\"", page)
    assert named and set(named) <= set(table("player"))


@pytest.mark.parametrize("region", REGIONS)
def test_every_region_has_a_name(region: str) -> None:
    assert say(f"regions.{region}") and say(f"regions_in_text.{region}")


def test_every_target_and_start_of_a_treatment_has_words() -> None:
    assert set(table("compare.targets")) == set(TARGETS)
    assert set(table("compare.starts")) == set(STARTS)


def test_every_treatment_says_what_is_claimed_found_and_assumed() -> None:
    assert len(treatments()) > 10
    for name in treatments():
        preset = treatment(name)
        assert preset.effects and preset.summary and preset.claim and preset.found
        assert "hypothetical" in preset.hypothetical.lower(), name


def test_a_missing_text_is_an_error() -> None:
    with pytest.raises(KeyError, match="nothing"):
        say("walk.nothing")
    with pytest.raises(KeyError, match="no text"):
        say("walk")
    with pytest.raises(KeyError, match="no table"):
        table("walk.title")
