"""Start: what this is, three doors, and a tour of one minute."""

import streamlit as st

from alssim.app.class_link import show_class_link
from alssim.app.link import write_link
from alssim.app.registry import GROUPS, PAGES, link_to
from alssim.app.standing import begin
from alssim.app.text import say, table

STEP = "start_step"
"""Session key: the step of the tour that is shown; 0 = no tour."""


def show() -> None:
    """Draw the page."""
    begin()
    st.title(say("start.title"), anchor=False)
    st.markdown(say("start.lead"))
    st.markdown(f":small[{say('start.notice')}]")
    show_class_link()
    _show_doors()
    _show_tour()
    _show_reasons()
    write_link()


def _show_doors() -> None:
    st.header(say("start.doors"), anchor=False)
    for column, group in zip(st.columns(len(GROUPS), gap="medium"), GROUPS, strict=True):
        with column.container(border=True, key=f"door_{group}", height="stretch"):
            st.subheader(say(f"start.{group}.title"), anchor=False)
            st.markdown(say(f"start.{group}.text"))
            for one in PAGES[1:]:
                if one.group == group:
                    link_to(one.name)


def _show_tour() -> None:
    steps = table("start")["steps"]
    step = int(st.session_state.get(STEP, 0))
    with st.container(border=True, key="tour"):
        st.subheader(say("start.tour"), anchor=False)
        if not step:
            st.button(say("start.tour_start"), type="primary", on_click=_go, args=(1,))
            return
        about = steps[step - 1]
        st.markdown(f":small[{say('start.tour_step', step=step, steps=len(steps))}]")
        st.markdown(f"**{about['title']}**  \n{about['text']}")
        with st.container(horizontal=True):
            st.button(say("start.tour_back"), on_click=_go, args=(step - 1,), disabled=step == 1)
            last = step == len(steps)
            if not last:
                st.button(say("start.tour_next"), type="primary", on_click=_go, args=(step + 1,))
            st.button(say("start.tour_end"), on_click=_go, args=(0,))


def _go(step: int) -> None:
    st.session_state[STEP] = step


def _show_reasons() -> None:
    left, right = st.columns(2, gap="medium")
    with left:
        st.subheader(say("start.why_title"), anchor=False)
        st.markdown(say("start.why"))
    with right:
        st.subheader(say("start.support"), anchor=False)
        st.markdown(say("start.support_text"))
        link_to("about")
