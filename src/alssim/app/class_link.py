"""The link of the class, with its QR code, for the teacher to project."""

from urllib.parse import urlsplit

import streamlit as st

from alssim.app.classroom import class_link
from alssim.app.text import say
from alssim.present.language import ENGLISH, spoken
from alssim.present.qr import qr_svg


def show_class_link() -> None:
    """Show the link where the app serves a class: open on the teacher's machine, else folded."""
    link = class_link()
    if not link:
        return
    own = _is_own(link)
    link = _in_visit_language(link)
    with st.expander(say("start.class.title"), expanded=own):
        code, words = st.columns([1, 1.6], gap="large", vertical_alignment="center")
        code.markdown(qr_svg(link, say("start.class.alt", link=link)), unsafe_allow_html=True)
        words.markdown(say("start.class.text"))
        with words.container(key="class_link_text"):
            st.markdown(f"**[{link}]({link})**")
        words.markdown(say("start.class.exposed"))


def _in_visit_language(link: str) -> str:
    """Return the link of the class in the language in which it is shown."""
    if spoken() == ENGLISH:
        return link
    return f"{link}{'&' if urlsplit(link).query else '?'}lang={spoken()}"


def _is_own(link: str) -> bool:
    """Whether the visitor sits at the machine that serves the class."""
    return st.context.ip_address in (None, urlsplit(link).hostname)
