"""Glossary: words used in the app, in plain language."""

import streamlit as st

from alssim.app.link import write_link
from alssim.app.standing import begin
from alssim.app.text import say, table


def show() -> None:
    """Draw the page."""
    begin()
    st.title(say("glossary.title"), anchor=False)
    st.markdown(say("glossary.lead"))
    for group in table("glossary.groups").values():
        st.header(group["title"], anchor=False)
        for row in group["terms"]:
            st.markdown(f"**{row['term']}**  \n{row['meaning']}")
    write_link()
