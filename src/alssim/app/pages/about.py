"""About: what this is, its limits, its sources, and where people affected find support."""

import streamlit as st

from alssim.app.documents import document
from alssim.app.link import write_link
from alssim.app.registry import page
from alssim.app.standing import begin
from alssim.app.text import page_text, say
from alssim.model.record import package_version


def show() -> None:
    """Draw the page."""
    begin()
    st.title(page("about").title, anchor=False)
    st.markdown(page_text("about"))
    with st.expander(say("about.sources")):
        st.markdown(document("references.md"))
    with st.expander(say("about.cite")):
        st.markdown(say("about.cite_text"))
        st.markdown(say("about.version", version=package_version()))
    write_link()
