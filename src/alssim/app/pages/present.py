"""Present: slides with live simulations; an educator chooses a deck or brings one."""

import streamlit as st

from alssim.app import deck_visit as visit
from alssim.app.deck_files import show_files, show_source
from alssim.app.deck_slide import show_slide
from alssim.app.downloads import File, show_download
from alssim.app.link import open_link
from alssim.app.standing import show_notes
from alssim.app.study import Study
from alssim.app.text import say
from alssim.present.decks import Deck, deck_source, shipped_decks

COLUMNS = 3


def show() -> None:
    """Draw the page."""
    open_link(visit.CHOICES)
    visit.read_place()
    show_notes()
    deck = visit.opened()
    if deck is None:
        _show_list()
    elif visit.step():
        show_slide(deck)
    else:
        _show_cover(deck)
    visit.write_place()


# --------------------------------------------------------------------------------- the list


def _show_list() -> None:
    st.title(say("present.title"), anchor=False)
    st.markdown(say("present.lead"))
    if visit.name() == visit.OWN:
        st.warning(say("present.own_gone"))
    decks = list(shipped_decks().items())
    for first in range(0, len(decks), COLUMNS):
        row = decks[first : first + COLUMNS]
        for column, (name, deck) in zip(st.columns(COLUMNS, gap="medium"), row, strict=False):
            with column.container(border=True, height="stretch", key=f"card_{name}"):
                _show_card(name, deck)
    _show_own()


def _show_card(name: str, deck: Deck) -> None:
    st.subheader(deck.title, anchor=False)
    st.markdown(deck.summary)
    st.markdown(f":small[{_facts(deck)}]")
    label = say("present.open", title=deck.title)
    st.button(label, on_click=visit.go, args=(name,), key=f"open_{name}", width="stretch")


def _facts(deck: Deck) -> str:
    title = Study(deck.scenario).record.title
    facts = {"slides": len(deck.steps), "minutes": deck.minutes, "scenario": title}
    return say("present.facts", **facts)


def _show_own() -> None:
    st.header(say("present.own.title"), anchor=False)
    st.markdown(say("present.own.about"))
    _show_problems()
    st.file_uploader(
        say("present.own.upload"),
        type="toml",
        key=visit.FILE,
        max_upload_size=1,
        on_change=visit.use_file,
    )
    if visit.DRAFT not in st.session_state:
        st.session_state[visit.DRAFT] = deck_source(next(iter(shipped_decks())))
    st.text_area(
        say("present.own.write"),
        key=visit.DRAFT,
        height=360,
        max_chars=65_536,
        persist_state="session",
    )
    st.markdown(f":small[{say('present.own.write_help')}]")
    text = str(st.session_state[visit.DRAFT])
    with st.container(horizontal=True):
        st.button(say("present.own.use"), on_click=visit.use_draft, key="own_use")
        if visit.replaced():
            st.button(say("present.own.bring_back"), on_click=visit.bring_back, key="own_back")
        show_download(File(say("present.own.save"), "my-deck", "toml", text.encode), "draft_")


def _show_problems() -> None:
    if not visit.problems():
        return
    with st.container(border=True, key="problems"):
        st.error(say("present.own.refused"))
        for problem in visit.problems():
            st.text(problem)


# -------------------------------------------------------------------------------- the cover


def _show_cover(deck: Deck) -> None:
    st.button(say("present.all"), on_click=visit.go, args=("",), key="present_all")
    st.title(deck.title, anchor=False)
    if visit.name() == visit.OWN:
        st.badge(say("present.own_badge"))
    st.markdown(deck.summary)
    st.markdown(f":small[{_facts(deck)}]")
    start = say("present.start")
    st.button(start, type="primary", on_click=visit.go, args=(visit.name(), 1), shortcut="Right")
    st.markdown(f":small[{say('present.keys')}]")
    st.subheader(say("present.contents"), anchor=False)
    titles = [
        say("present.with_live", title=slide.title) if slide.simulated else slide.title
        for slide in deck.steps
    ]
    st.markdown("\n".join(f"{number}. {title}" for number, title in enumerate(titles, 1)))
    show_files(deck)
    st.subheader(say("present.source"), anchor=False)
    st.markdown(say("present.source_about"))
    with st.container(horizontal=True):
        show_source()
        st.button(say("present.change"), on_click=visit.write_from, args=(visit.source(),))
