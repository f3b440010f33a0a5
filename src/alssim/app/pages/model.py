"""The model: what is computed, in plain words and in full."""

import streamlit as st

from alssim.app.documents import document
from alssim.app.link import write_link
from alssim.app.registry import link_to, page
from alssim.app.standing import begin
from alssim.app.text import page_text, say


def show() -> None:
    """Draw the page."""
    begin()
    st.title(page("model").title, anchor=False)
    st.markdown(page_text("model"))
    link_to("parameters")
    with st.expander(say("model.details")):
        st.markdown(document("model.md"))
    write_link()
