"""Compare treatments: the same virtual people with and without a hypothetical treatment."""

from dataclasses import dataclass, replace

import streamlit as st

from alssim.app import outcome
from alssim.app.choice import Choice, changed_values, choose_effects, start_choice
from alssim.app.link import adopt, asked, asked_number, set_study, study, write_link
from alssim.app.standing import begin
from alssim.app.steps import stepped_choice
from alssim.app.text import say
from alssim.app.world import LARGEST_SEED, treatment, treatments
from alssim.errors import AlssimError
from alssim.parameters.schema import Treatment

SIZES = (100, 200, 500, 1000, 2000)
YEARS = (1, 2, 3, 5)
FIRST = "slowing-from-diagnosis"
PARTS = ("claim", "found", "hypothetical")

CHOICES = ("n", "years")

TREATMENT, PEOPLE, YEAR, OPEN, CHANGES = (
    "compare_treatment",
    "compare_people",
    "compare_year",
    "compare_open",
    "compare_changes",
)
"""Session keys of the page's own values."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the visitor has chosen."""

    preset: Treatment
    choice: Choice
    patients: int
    years: int


def show() -> None:
    """Draw the page."""
    begin(CHOICES)
    _read_link()
    st.title(say("compare.title"), anchor=False)
    st.markdown(say("compare.lead"))
    controls, results = st.columns([1, 2.7], gap="large")
    with controls.container(key="controls"):
        asked = _ask()
    with results:
        _show_preset(asked.preset)
        _show_results(asked)
    _write_link(asked)


def _read_link() -> None:
    asked_arm = [name for name in asked().arms if name in treatments()]
    adopt(TREATMENT, lambda: asked_arm[0] if asked_arm else FIRST)
    adopt(PEOPLE, lambda: _nearest(SIZES, asked_number("n", SIZES[0], SIZES[-1], 1000)))
    adopt(YEAR, lambda: _nearest(YEARS, asked_number("years", YEARS[0], YEARS[-1], 3)))


def _write_link(asked: Asked) -> None:
    changes = changed_values(asked.preset, asked.choice)
    st.session_state[CHANGES] = changes
    write_link(
        arms=(asked.preset.name,),
        changes=changes,
        n=asked.patients,
        years=asked.years,
    )


def _nearest(allowed: tuple[int, ...], value: int) -> int:
    return min(allowed, key=lambda one: abs(one - value))


# What the visitor chooses


def _ask() -> Asked:
    name = st.selectbox(
        say("compare.treatment"),
        treatments(),
        key=TREATMENT,
        persist_state="session",
        format_func=lambda one: treatment(one).title,
    )
    preset = treatment(name)
    start_choice(preset)
    with st.expander(say("compare.change")):
        choice = choose_effects(preset)
    patients = stepped_choice(
        say("compare.people"), SIZES, key=PEOPLE, about=say("compare.people_help")
    )
    years = st.segmented_control(
        say("compare.years"),
        YEARS,
        key=YEAR,
        required=True,
        persist_state="session",
        format_func=lambda year: say("compare.year", year=year),
    )
    st.button(say("compare.seed"), on_click=_draw_others)
    st.markdown(f":small[{say('compare.seed_help')}]")
    return Asked(preset, choice, patients, years or YEARS[0])


def _draw_others() -> None:
    shown = study()
    set_study(replace(shown, people=_next(shown.record.people), fate=_next(shown.record.fate)))


def _next(seed: int) -> int:
    return (seed + 1) % LARGEST_SEED


# What is claimed and what was found


def _show_preset(preset: Treatment) -> None:
    with st.container(border=True):
        st.header(preset.title, anchor=False)
        st.markdown(f"{preset.summary} :gray-badge[{_evidence(preset)}]")
        for column, part in zip(st.columns(3, gap="medium"), PARTS, strict=True):
            column.markdown(f"**{say(f'compare.{part}')}**  \n{getattr(preset, part)}")
        with st.expander(say("compare.sources")):
            for key in ("route", "cell_source"):
                if text := getattr(preset, key):
                    st.markdown(f"{say(f'compare.{key}')}: {text}")
            st.markdown("\n".join(f"- {citation}" for citation in preset.citations))


def _evidence(preset: Treatment) -> str:
    return say("compare.evidence", label=preset.evidence)


# What comes out


def _show_results(asked: Asked) -> None:
    if not st.session_state.get(OPEN):
        st.markdown(say("compare.ask"))
        st.button(say("compare.show"), type="primary", on_click=_open, args=(True,))
        return
    st.button(say("compare.hide"), on_click=_open, args=(False,))
    try:
        with st.spinner(say("compare.working", patients=asked.patients)):
            result = outcome.run(asked.choice.applied(asked.preset), asked.patients, study())
    except AlssimError as problem:
        st.error(say("compare.refused"))
        st.text(str(problem))
    else:
        outcome.show(result, asked.years)


def _open(wanted: bool) -> None:
    st.session_state[OPEN] = wanted
