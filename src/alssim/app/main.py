"""The app: its frame, its pages and what happens before the first of them."""

from collections.abc import Callable
from importlib.resources import as_file, files
from typing import Literal

import streamlit as st

from alssim.app.language import language_of, show_choice, show_language, take_language
from alssim.app.link import in_this_visit
from alssim.app.notice import show_foot, show_notice
from alssim.app.registry import PAGES, navigation, streamlit_page
from alssim.app.text import say
from alssim.app.text_size import larger, show_size_choice, take_size
from alssim.app.warm import prepare
from alssim.app.way_back import show_way_back

OLD_WALK = ("case", "patient", "month")
"""Names in links from the time when the bare address was that of *Walk the stages*."""


def run() -> None:
    """Draw the page that the visitor is on."""
    take_language()
    take_size()
    _set_frame()
    prepare()
    place: Literal["top", "hidden"] = "hidden" if st.context.is_embedded else "top"
    page = st.navigation(navigation(), position=place)
    _send_on(page)
    draw(page.url_path or PAGES[0].name, page.run)


def draw(name: str, show: Callable[[], None]) -> None:
    """Draw a page with what stands around it: language, notice, foot and ways to read."""
    show_language(name)
    if show_notice():
        with language_of(name):
            show()
    show_foot()
    with st.container(key="reading", horizontal=True):
        show_size_choice()
        show_choice()
        show_way_back()


def _set_frame() -> None:
    with as_file(files(__package__).joinpath("icon.svg")) as icon:
        st.set_page_config(page_title=say("app.title"), page_icon=str(icon), layout="wide")
    asked = {"larger.css": larger(), "embedded.css": st.context.is_embedded}
    sheets = ["style.css", *(sheet for sheet, wanted in asked.items() if wanted)]
    folder = files(__package__)
    style = "".join(folder.joinpath(sheet).read_text(encoding="utf-8") for sheet in sheets)
    st.html(f"<style>{style}</style>")


def _send_on(page: st.Page) -> None:
    """Open *Walk the stages* for an early link, which named no page for it."""
    given = {name: st.query_params[name] for name in OLD_WALK if name in st.query_params}
    if page.url_path == "" and given and "v" not in st.query_params:
        query = in_this_visit({name: [value] for name, value in given.items()})
        st.switch_page(streamlit_page("walk"), query_params=query)
