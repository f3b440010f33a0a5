"""Scenarios for class: choose a ready-made world, read its notes, open it on every page."""

from dataclasses import replace

import streamlit as st

from alssim.app.link import adopt, set_study, study, write_link
from alssim.app.registry import link_to
from alssim.app.standing import begin
from alssim.app.steps import stepped_number
from alssim.app.study import Study
from alssim.app.text import say
from alssim.app.world import LARGEST_SEED, care_title, treatment
from alssim.parameters import SCENARIOS, names
from alssim.parameters.schema import Scenario

CHOSEN = "scenarios_chosen"
PEOPLE, FATE = "scenarios_people", "scenarios_fate"
"""Session keys: the scenario that is read about, and the seeds."""


def show() -> None:
    """Draw the page."""
    begin()
    st.title(say("scenarios.title"), anchor=False)
    st.markdown(say("scenarios.lead"))
    adopt(CHOSEN, lambda: study().scenario)
    name = st.selectbox(
        say("scenarios.choose"),
        names(SCENARIOS),
        key=CHOSEN,
        persist_state="session",
        format_func=lambda one: Study(one).record.title,
    )
    _show_scenario(Study(name).record)
    _show_seeds()
    st.markdown(say("scenarios.share"))
    write_link()


def _show_scenario(chosen: Scenario) -> None:
    with st.container(border=True):
        st.header(chosen.title, anchor=False)
        st.markdown(chosen.summary)
        arms = ", ".join(treatment(arm.name).title for arm in chosen.arms)
        st.markdown(say("scenarios.arms", arms=arms))
        st.markdown(say("scenarios.care", care=care_title(chosen.care)))
        st.subheader(say("scenarios.notes"), anchor=False)
        st.markdown("\n".join(f"- {line}" for line in chosen.notes.strip().splitlines()))
    if study().scenario == chosen.name and not study().private:
        st.markdown(say("scenarios.opened"))
        with st.container(horizontal=True):
            for page in ("walk", "cohort", "compare"):
                link_to(page)
    else:
        st.button(say("scenarios.open"), type="primary", on_click=_open, args=(chosen.name,))


def _open(name: str) -> None:
    set_study(Study(name))


def _show_seeds() -> None:
    st.markdown(say("scenarios.seeds"))
    for column, key, part in zip(st.columns(2), (PEOPLE, FATE), ("people", "fate"), strict=True):
        st.session_state[key] = min(getattr(study().record, part), LARGEST_SEED)
        with column:
            stepped_number(
                say(f"scenarios.{part}"),
                key=key,
                low=0,
                high=LARGEST_SEED,
                about=say(f"scenarios.{part}_help"),
                on_change=_use_seeds,
            )


def _use_seeds() -> None:
    people, fate = st.session_state[PEOPLE], st.session_state[FATE]
    set_study(replace(study(), people=people, fate=fate))
