"""The notice before use, and the line that stays at the foot of every page."""

import streamlit as st

from alssim.app.text import say, table

READ = "notice_read"


def show_notice() -> bool:
    """Show the notice until it has been read; return whether it has."""
    if st.session_state.get(READ):
        return True
    with st.container(key="notice", border=True):
        st.header(say("notice.title"), anchor=False)
        for sentence in table("notice.sentences").values():
            st.markdown(sentence)
        st.button(say("notice.button"), type="primary", on_click=_mark_read)
    return False


def show_foot() -> None:
    """Show the short form of the notice."""
    st.markdown(f":small[{say('notice.foot')}]")


def _mark_read() -> None:
    st.session_state[READ] = True
