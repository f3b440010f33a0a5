"""The treatments on the screen of a comparison: up to four places.

Each is a preset, one built, or one of the opened scenario.
A place has a number from 1 to 4 that it keeps while others come and go; a built treatment is named
after its place. A treatment that is chosen twice is followed once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

import streamlit as st

from alssim.app.arm_words import in_words
from alssim.app.building import MOST, NAMES, build, built_changes, start_building
from alssim.app.choice import changed_values, choose_effects, start_choice
from alssim.app.file_arms import file_arms
from alssim.app.link import adopt, asked, leave_out, study
from alssim.app.text import say
from alssim.app.world import treatment, treatments
from alssim.parameters.schema import Treatment
from alssim.present.language import ENGLISH, speaking

FIRST = "slowing-from-diagnosis"
NEXT = (FIRST, "slowing-from-onset", "slowing-from-stage-3", "riluzole-like")
"""What a new place begins with: the first of these that is not on the screen."""
PLACES = "compare_places"
CHOSEN = "compare_treatment"
"""Session keys: the numbers of the places in use, in order; what stands in a place."""


@dataclass(frozen=True, slots=True)
class Arm:
    """A treatment on the screen, and what of it differs from its file, for the link."""

    treatment: Treatment
    changes: dict[str, str]


def read_arms() -> None:
    """Take the places over from the link: the first time, and whenever one is opened."""
    placed = _placed(asked().arms)
    adopt(PLACES, lambda: tuple(placed))
    for place in range(1, MOST + 1):
        adopt(_key(place), partial(placed.get, place, FIRST))


def _placed(wanted: tuple[str, ...]) -> dict[int, str]:
    """Return place -> name of the treatments that a link names; built ones at their own place."""
    offered = (*file_arms(study()), *treatments(), *NAMES)
    known = [name for name in wanted if name in offered][:MOST]
    for name in wanted:
        if name not in known:
            leave_out("arms", name)
    free = [place for place in range(1, MOST + 1) if NAMES[place - 1] not in known]
    placed = {NAMES.index(name) + 1 if name in NAMES else free.pop(0): name for name in known}
    return placed or {1: next(iter(file_arms(study())), FIRST)}


def ask_arms() -> tuple[Arm, ...]:
    """Show the controls of all places; return the arms, each once."""
    places = _places()
    found: dict[str, Arm] = {}
    for place in places:
        with st.container(border=len(places) > 1, key=f"place_{place}"):
            arm = _ask_arm(place, tuple(found))
            if arm is not None:
                found[arm.treatment.name] = arm
            if len(places) > 1:
                words = say("compare.remove", number=places.index(place) + 1)
                st.button(words, key=f"remove_{place}", on_click=_remove, args=(place,))
    if len(places) < MOST:
        st.button(say("compare.add"), on_click=_add)
    return tuple(found.values())


def _ask_arm(place: int, above: tuple[str, ...]) -> Arm | None:
    of_file = file_arms(study())
    options = (*of_file, *treatments(), NAMES[place - 1])
    if st.session_state[_key(place)] not in options:  # another file is open
        st.session_state[_key(place)] = FIRST
    name = st.selectbox(
        _label(place),
        options,
        key=_key(place),
        persist_state="session",
        format_func=partial(_title, of_file),
    )
    if name in above:
        st.markdown(f":small[{say('compare.twice')}]")
        return None
    if name in of_file:
        return Arm(of_file[name], {})
    if name in NAMES:
        start_building(name)
        with st.expander(say("compare.build"), expanded=True):
            return Arm(build(name), built_changes(name))
    preset = treatment(name)
    start_choice(preset)
    with st.expander(say("compare.change")):
        choice = choose_effects(preset)
    changes = changed_values(preset, choice)
    applied = choice.applied(preset)
    if changes:
        with speaking(ENGLISH):
            applied = replace(applied, title=say("compare.changed", title=preset.title))
    return Arm(applied, changes)


def _label(place: int) -> str:
    places = _places()
    if len(places) == 1:
        return say("compare.treatment")
    return say("compare.treatment_number", number=places.index(place) + 1)


def _title(of_file: Mapping[str, Treatment], name: str) -> str:
    if name in NAMES:
        return say("compare.built.option")
    return in_words(of_file[name] if name in of_file else treatment(name)).title


def _places() -> tuple[int, ...]:
    found: tuple[int, ...] = st.session_state[PLACES]
    return found


def _add() -> None:
    places = _places()
    place = next(one for one in range(1, MOST + 1) if one not in places)
    there = {st.session_state[_key(one)] for one in places}
    st.session_state[_key(place)] = next(name for name in NEXT if name not in there)
    st.session_state[PLACES] = (*places, place)


def _remove(place: int) -> None:
    st.session_state[PLACES] = tuple(one for one in _places() if one != place)


def _key(place: int) -> str:
    return CHOSEN if place == 1 else f"{CHOSEN}_{place}"
