"""One slide: its text, what is simulated on it, the speaker notes and the ways on."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import streamlit as st

from alssim.app import deck_visit as visit
from alssim.app.deck_scenes import Scene, stage
from alssim.app.deck_worlds import changed_lines, world_of
from alssim.app.once import stoppable
from alssim.app.projector import project
from alssim.app.text import say
from alssim.app.text_size import show_size_choice
from alssim.errors import AlssimError
from alssim.model.simulate import Progress
from alssim.present.decks import Deck, Live, Slide

WIDE = ("person", "")
"""What needs the whole width: the player of a person, and its treatment (none)."""


def show_slide(deck: Deck) -> None:
    """Draw the slide at which the visitor is."""
    slide = deck.steps[visit.step() - 1]
    with st.container(key="slide_body"):
        st.title(slide.title, anchor=False)
        _show_body(deck, slide)
    _show_ways(deck)
    if visit.notes_shown():
        _show_notes(deck, slide)


def _show_body(deck: Deck, slide: Slide) -> None:
    if not slide.simulated:
        _show_words(slide)
    elif _wide(slide.live):
        _show_words(slide)
        _show_live(deck, slide)
    else:
        said, seen = st.columns([1, 1.35], gap="large")
        with said:
            _show_words(slide)
        with seen:
            _show_live(deck, slide)


def _wide(live: Live) -> bool:
    return (live.show, live.word("treatment")) == WIDE


def _show_words(slide: Slide) -> None:
    with st.container(key="slide_words"):
        st.markdown(slide.text)
        if slide.question:
            with st.container(border=True, key="slide_question"):
                st.markdown(slide.question)


# ---------------------------------------------------------------------------------- simulated


def _show_live(deck: Deck, slide: Slide) -> None:
    live, world = slide.live, world_of(slide, visit.world(deck), visit.own())
    with st.container(border=True, key="slide_live"):
        _show_changed(changed_lines(world))
        if not visit.running():
            kind = "run_about_survival" if live.survival else "run_about"
            st.markdown(say(f"present.{kind}"))
            label = say(f"present.{_label(live)}")
            st.button(label, type="primary", on_click=visit.run, args=(True,), key="slide_run")
            return
        try:
            with _working(live) as progress:
                scene = stage(live, world, progress)
        except AlssimError as problem:
            st.error(say("present.refused"))
            st.text(str(problem))
        else:
            _show_scene(scene)
        st.button(say("present.hide"), on_click=visit.run, args=(False,), key="slide_hide")


def _show_changed(lines: Sequence[str]) -> None:
    if lines:
        listed = "\n".join(f"- {line}" for line in lines)
        with st.container(key="slide_changed"):
            st.markdown(f"**{say('present.changed_title')}**\n\n{listed}")


def _label(live: Live) -> str:
    if live.show == "person":
        return "run_twice" if live.treatment else "run_person"
    return "run_survival" if live.survival else "run"


@contextmanager
def _working(live: Live) -> Iterator[Progress]:
    if live.show in ("cohort", "ladder"):
        with stoppable(say("present.working"), "slide", lambda: visit.run(False)) as progress:
            yield progress
    else:
        with st.spinner(say("present.working")):
            yield lambda done, whole: None


def _show_scene(scene: Scene) -> None:
    st.header(scene.headline, anchor=False)
    scene.draw(f"slide_figure_{visit.name()}_{visit.step()}")
    if scene.lines:
        st.markdown("\n".join(f"- {line}" for line in scene.lines))
    st.markdown(f":small[{say('present.virtual')} {scene.record.short()}]")


# -------------------------------------------------------------------------------- notes and ways


def _show_notes(deck: Deck, slide: Slide) -> None:
    with st.container(border=True, key="slide_notes"):
        st.subheader(say("present.notes"), anchor=False)
        st.markdown(slide.notes or say("present.notes_none"))
        if visit.step() < len(deck.steps):
            title = deck.steps[visit.step()].title
            st.markdown(f":small[{say('present.notes_next', title=title)}]")


def _show_ways(deck: Deck) -> None:
    step, steps, name = visit.step(), len(deck.steps), visit.name()
    title = deck.steps[step - 1].title
    with st.container(horizontal=True, vertical_alignment="center", key="slide_ways"):
        st.button(
            say("present.back"),
            on_click=visit.go,
            args=(name, step - 1),
            key="slide_back",
            shortcut="Left",
        )
        st.markdown(say("present.at", step=step, steps=steps), width="content")
        st.button(
            say("present.next" if step < steps else "present.finish"),
            on_click=visit.go,
            args=(name, (step + 1) % (steps + 1)),
            key="slide_next",
            type="primary",
            shortcut="Right",
        )
        notes = say("present.notes_hide" if visit.notes_shown() else "present.notes")
        st.button(notes, on_click=visit.turn_notes, key="slide_turn_notes", shortcut="N")
        show_size_choice("slide_size")
        said = say("present.at_spoken", step=step, steps=steps, title=title)
        words = {"full": say("present.full"), "leave": say("present.full_leave"), "said": said}
        project(words, key="projector")
        st.button(say("present.close"), on_click=visit.go, args=(name,), key="slide_close")
