"""The body map shows every pool, by colour, by number and in words."""

import re
from xml.etree import ElementTree

import pytest

from alssim.model.anatomy import REGIONS
from alssim.present.bodymap import COLOURS, STRIP, Words, body_map, colour, describe, ink

WORDS = Words(
    title="Motor <neurons>",
    brain="Brain",
    told="{region}: {lower}, {upper}.",
    names={region: f"The {region}" for region in REGIONS},
)
LOWER = [0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 1.0]
UPPER = [1.0, 0.8, 0.6, 0.4, 0.3, 0.2, 0.1]


def test_it_is_one_well_formed_picture_with_a_text_alternative() -> None:
    drawn = ElementTree.fromstring(body_map(WORDS, LOWER, UPPER))
    assert drawn.get("role") == "img"
    named = {one.get("id"): one.text for one in drawn.iter() if one.get("id")}
    title, told = (drawn.get("aria-labelledby") or "").split()
    assert named[title] == "Motor <neurons>"
    assert named[told] == describe(WORDS, LOWER, UPPER)


def test_words_say_every_number() -> None:
    assert describe(WORDS, LOWER, UPPER).startswith("The bulbar: 5%, 100%. The left_arm: 20%, 80%.")


def test_every_pool_has_its_place() -> None:
    drawn = body_map(WORDS, LOWER, UPPER)
    assert sorted(re.findall(r'data-region="(\w+)"', drawn)) == sorted(REGIONS)
    assert sorted(re.findall(r'data-cell="(\w+)"', drawn)) == sorted(REGIONS)
    assert sorted(STRIP) == sorted(REGIONS)


def test_few_neurons_are_hatched_too() -> None:
    drawn = ElementTree.fromstring(body_map(WORDS, LOWER, UPPER))
    hatched = {
        group.get("data-region") or group.get("data-cell")
        for group in drawn.iter()
        for path in group
        if "opacity:1" in path.get("style", "")
    }
    assert hatched == {"bulbar", "right_leg"}  # 5 % below, 10 % above; 20 % is not few


def test_the_sides_are_crossed_in_the_brain() -> None:
    assert STRIP.index("left_arm") < STRIP.index("right_arm")


@pytest.mark.parametrize(("share", "expected"), COLOURS)
def test_colours_pass_through_their_stops(share: float, expected: tuple[int, ...]) -> None:
    assert colour(share) == expected


def test_darker_means_more_neurons() -> None:
    light = [0.299 * r + 0.587 * g + 0.114 * b for r, g, b in (colour(k / 50) for k in range(51))]
    assert light == sorted(light, reverse=True)


@pytest.mark.parametrize(("outside", "within"), [(-1, 0), (2, 1), (float("inf"), 1)])
def test_shares_out_of_range_get_the_nearest_colour(outside: float, within: float) -> None:
    assert colour(outside) == colour(within)


def test_text_on_a_region_can_be_read() -> None:
    assert ink(colour(1.0)) == "#ffffff"
    assert ink(colour(0.0)) == "#12303f"


def test_names_are_escaped() -> None:
    words = Words(title="t", brain="<b>", told="{region}", names=dict.fromkeys(REGIONS, "<i>"))
    drawn = body_map(words, LOWER, UPPER)
    assert "<b>" not in drawn and "<i>" not in drawn
