"""The app: its frame, its pages and what happens before the first of them."""

from importlib.resources import as_file, files

import streamlit as st

from alssim.app.notice import show_foot, show_notice
from alssim.app.pages import compare, walk
from alssim.app.text import say
from alssim.app.warm import prepare


def run() -> None:
    """Draw the page that the visitor is on."""
    _set_frame()
    prepare()
    page = st.navigation(_pages(), position="top")
    if show_notice():
        page.run()
    show_foot()


def _set_frame() -> None:
    with as_file(files(__package__).joinpath("icon.svg")) as icon:
        st.set_page_config(page_title=say("app.title"), page_icon=str(icon), layout="wide")
    style = files(__package__).joinpath("style.css").read_text(encoding="utf-8")
    st.html(f"<style>{style}</style>")


def _pages() -> list[st.Page]:
    return [
        st.Page(walk.show, title=say("app.walk"), url_path="walk", default=True),
        st.Page(compare.show, title=say("app.compare"), url_path="compare"),
    ]
