"""The start of every page: the link is opened, and what differs from the reference is said."""

from collections.abc import Sequence

import streamlit as st

from alssim.app import address
from alssim.app.downloads import File, scenario_text, show_download
from alssim.app.link import (
    forget_notes,
    notes,
    open_link,
    set_study,
    study,
    too_long,
    visit_language,
)
from alssim.app.study import Study, difference, digest_of
from alssim.app.text import say
from alssim.present.language import speaking
from alssim.present.naming import scenario_title


def begin(choices: Sequence[str] = ()) -> None:
    """Open the link, and say what of it was refused and which scenario is on the screen.

    ``choices``: the names under which the page keeps what it has chosen in the link.
    """
    open_link(choices)
    with speaking(visit_language()):
        show_notes()
        _show_study(study())


def show_notes() -> None:
    """Say what of the link was left out or refused."""
    said, problems = notes()
    if not said and not problems:
        return
    with st.container(border=True, key="link_notes"):
        if problems:
            st.error(say("link.refused"))
        else:
            st.warning(say("link.changed"))
        for line in [*said, *map(address.shown_whole, problems)]:
            st.text(line)
        st.button(say("link.dismiss"), on_click=forget_notes, key="link_dismiss")


def _show_study(shown: Study) -> None:
    if shown == Study(people=shown.people, fate=shown.fate) and not too_long():
        return
    with st.container(border=True, key="standing"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(_sentence(shown), width="stretch")
            st.button(say("link.back"), on_click=set_study, args=(Study(),), key="standing_back")
        if shown.private:
            st.markdown(say("link.private"))
        if too_long():
            st.warning(say("link.too_long"))
        if shown.private or too_long():
            show_download(scenario(shown), "standing_")


def scenario(shown: Study) -> File:
    """Offer the scenario file of a study."""
    stem = f"scenario-{digest_of(shown)[:12]}"
    return File(say("downloads.scenario"), stem, "toml", lambda: scenario_text(shown.resolved()))


def _sentence(shown: Study) -> str:
    words = [say("link.other_scenario", title=scenario_title(shown.scenario, shown.record))]
    if count := len(difference(shown)):
        words.append(say("link.different", count=count))
    return " ".join(words)
