"""The pages of the app: one entry here, one module in ``alssim.app.pages`` and its words.

A module has a function ``show`` that draws the page. The words of an entry stand under
``pages.NAME`` (title, about) in the texts. The first page opens at the bare address.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module

import streamlit as st

from alssim.app.address import Query
from alssim.app.link import in_this_visit
from alssim.app.text import say

GROUPS = ("learn", "teach", "model")


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its name, which is also its address and its module, and its group.

    ``translated``: whether its words are there in every language; else it is in English.
    """

    name: str
    group: str
    translated: bool = True

    @property
    def title(self) -> str:
        """What the page is called in the navigation."""
        return say(f"pages.{self.name}.title")

    @property
    def about(self) -> str:
        """What the page is for, in a sentence."""
        return say(f"pages.{self.name}.about")

    @property
    def show(self) -> Callable[[], None]:
        """The function that draws the page."""
        found: Callable[[], None] = import_module(f"alssim.app.pages.{self.name}").show
        return found


PAGES = (
    Page("start", "learn"),
    Page("walk", "learn"),
    Page("cohort", "learn"),
    Page("compare", "learn"),
    Page("ladder", "learn"),
    Page("trial", "learn"),
    Page("lessons", "learn"),
    Page("claims", "learn"),
    Page("glossary", "learn"),
    Page("present", "teach", translated=False),
    Page("scenarios", "teach", translated=False),
    Page("parameters", "model", translated=False),
    Page("validation", "model", translated=False),
    Page("model", "model", translated=False),
    Page("about", "model"),
)


@cache
def page(name: str) -> Page:
    """Return the page of a name; raise ``KeyError`` if there is none."""
    return {one.name: one for one in PAGES}[name]


def streamlit_page(name: str) -> st.Page:
    """Return the page as Streamlit knows it, for links within the app."""
    one = page(name)
    return st.Page(one.show, title=one.title, url_path=name, default=one is PAGES[0])


def navigation() -> dict[str, list[st.Page]]:
    """Return the pages that exist, by the title of their group; no group is empty."""
    found = {
        say(f"groups.{group}"): [streamlit_page(one.name) for one in PAGES if one.group == group]
        for group in GROUPS
    }
    return {title: pages for title, pages in found.items() if pages}


def link_to(name: str, query: Query | None = None) -> None:
    """Show a link to a page, with its title; ``query``: what it opens there.

    Where a page runs without the navigation, as in a test of its own, the title stands alone.
    """
    try:
        title = page(name).title
        st.page_link(
            streamlit_page(name),
            label=title,
            width="stretch",
            query_params=in_this_visit(query),
        )
    except st.errors.StreamlitAPIException:
        st.markdown(f"**{page(name).title}**")
