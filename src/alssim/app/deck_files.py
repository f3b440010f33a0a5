"""What can be taken away from a deck: a hand-out as PDF or HTML, and the deck's own file."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import streamlit as st

from alssim.app import deck_visit as visit
from alssim.app.deck_scenes import Scene, stage
from alssim.app.deck_worlds import changed_lines, world_of
from alssim.app.downloads import File, show_download
from alssim.app.once import stoppable
from alssim.app.study import Study
from alssim.app.text import say, table
from alssim.errors import AlssimError
from alssim.model.record import record_of
from alssim.model.simulate import Progress
from alssim.present.deck_handout import Sheet, handout_pdf, plain_paragraphs
from alssim.present.decks import Deck, Slide
from alssim.present.figures import rendered
from alssim.present.report import Part, html_report

FIGURES, NOTES, READY = "handout_figures", "handout_notes", "handout_ready"
"""Session keys: what the hand-out is to hold, and for which deck its figures are simulated."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a hand-out is to hold besides text and questions; ``own``: of the visitor's own deck."""

    deck: Deck
    world: Study
    figures: bool
    notes: bool
    own: bool = False

    def world_of(self, slide: Slide) -> Study:
        """Return the world of a slide."""
        return world_of(slide, self.world, self.own)


def show_files(deck: Deck) -> None:
    """Offer the hand-out and the deck's file. Nothing is simulated before a click."""
    st.subheader(say("present.handout"), anchor=False)
    st.markdown(say("present.handout_about"))
    with st.container(horizontal=True):
        figures = st.toggle(say("present.handout_figures"), key=FIGURES, persist_state="session")
        notes = st.toggle(say("present.handout_notes"), key=NOTES, persist_state="session")
    wanted = Wanted(deck, visit.world(deck), figures, notes, visit.own())
    if figures and not _simulated(wanted):
        return
    label, stem = say("present.handout"), f"handout-{visit.name()}"
    with st.container(horizontal=True):
        show_download(File(label, stem, "pdf", partial(as_pdf, wanted)), "present_")
        show_download(File(label, stem, "html", partial(as_html, wanted)), "present_")


def show_source() -> None:
    """Offer the deck's own file."""
    source = visit.source().encode()
    show_download(File(say("present.file"), f"deck-{visit.name()}", "toml", lambda: source))


def _simulated(wanted: Wanted) -> bool:
    """Whether the figures are simulated; if not, a click does that, with progress."""
    if st.session_state.get(READY) == (wanted.deck, wanted.world):
        return True
    label = say("present.handout_simulate")
    if st.button(label, type="primary", key="handout_simulate"):
        slides = [slide for slide in wanted.deck.steps if slide.simulated]
        try:
            with stoppable(say("present.working"), "handout", lambda: None) as progress:
                for done, slide in enumerate(slides):
                    progress(done, len(slides))
                    further = partial(_further, progress, done, len(slides))
                    stage(slide.live, wanted.world_of(slide), further)
        except AlssimError as problem:
            st.error(say("present.refused"))
            st.text(str(problem))
        else:
            st.session_state[READY] = (wanted.deck, wanted.world)
            st.rerun()
    return False


def _further(progress: Progress, before: int, lives: int, done: int, whole: int) -> None:
    """Say how far one of several simulations is, in thousandths of all of them."""
    share = done / max(whole, 1)
    progress(round(1000 * (before + share)), 1000 * lives)


def as_pdf(wanted: Wanted) -> bytes:
    """Return the hand-out as a PDF file."""
    sheets = [_sheet(wanted, slide, scene) for slide, scene in _staged(wanted)]
    records = [sheet.record for sheet in sheets if sheet.record is not None]
    words = {**table("present.handout_words"), "virtual": say("present.virtual")}
    deck = wanted.deck
    own = [record_of(wanted.world.record)]
    return handout_pdf(deck.title, deck.summary, sheets, words, records or own)


def as_html(wanted: Wanted) -> bytes:
    """Return the hand-out as one HTML file, which screen readers read better."""
    parts = [_part(wanted, slide, scene) for slide, scene in _staged(wanted)]
    first = [Part(wanted.deck.summary)] if wanted.deck.summary else []
    record = record_of(wanted.world.record)
    return html_report(wanted.deck.title, [*first, *parts], record).encode()


def _staged(wanted: Wanted) -> Iterator[tuple[Slide, Scene | None]]:
    for slide in wanted.deck.steps:
        asked = wanted.figures and slide.simulated
        yield slide, stage(slide.live, wanted.world_of(slide), _quiet) if asked else None


def _quiet(done: int, whole: int) -> None:
    """Say nothing of progress: the browser waits for the file."""


def _sheet(wanted: Wanted, slide: Slide, scene: Scene | None) -> Sheet:
    notes, changed = slide.notes if wanted.notes else "", _changed(wanted, slide)
    if scene is None:
        return Sheet(slide.title, slide.text, slide.question, notes, changed)
    picture = rendered(scene.figure(), "png", scene.record) if scene.figure else b""
    found = (*changed, scene.headline, *scene.lines)
    return Sheet(slide.title, slide.text, slide.question, notes, found, picture, scene.record)


def _changed(wanted: Wanted, slide: Slide) -> list[str]:
    """Say which values of the scenario differ on a slide."""
    lines = changed_lines(wanted.world_of(slide))
    return [f"{say('present.changed_title')} {' '.join(lines)}"] if lines else []


def _part(wanted: Wanted, slide: Slide, scene: Scene | None) -> Part:
    words = table("present.handout_words")
    said = [*plain_paragraphs(slide.text), *_changed(wanted, slide)]
    if scene is not None:
        said += [scene.headline, *scene.lines, scene.record.short()]
    if slide.question:
        said.append(f"{words['question']}: {' '.join(plain_paragraphs(slide.question))}")
    if slide.notes and wanted.notes:
        said.append(f"{words['notes']}: {' '.join(plain_paragraphs(slide.notes))}")
    if scene is None or scene.figure is None:
        return Part(slide.title, said)
    return Part(
        slide.title, said, figure=rendered(scene.figure(), "svg", scene.record), alt=scene.alt
    )
