"""Compare treatments: the same virtual people with usual care and with hypothetical treatments."""

from dataclasses import replace

import streamlit as st

from alssim.app import outcome
from alssim.app.arm_words import in_words
from alssim.app.arms import Arm, ask_arms, read_arms
from alssim.app.building import NAMES
from alssim.app.comparing import Asked
from alssim.app.file_arms import file_arms, is_of_file
from alssim.app.link import adopt, asked_choice, asked_nearest, set_study, study, write_link
from alssim.app.outcome import LOOK, OPEN
from alssim.app.standing import begin
from alssim.app.steps import stepped_choice
from alssim.app.text import say
from alssim.app.world import LARGEST_SEED, UNTREATED, treatments
from alssim.errors import AlssimError
from alssim.parameters.schema import Treatment
from alssim.present.naming import evidence_words
from alssim.present.words import arm_name

SIZES = (100, 200, 500, 1000, 2000)
YEARS = (1, 2, 3, 5)
PARTS = ("claim", "found", "hypothetical")

CHOICES = ("n", "years", "against", "look")

PEOPLE, YEAR, AGAINST, CHANGES = (
    "compare_people",
    "compare_year",
    "compare_against",
    "compare_changes",
)
"""Session keys of the page's own values."""


def show() -> None:
    """Draw the page."""
    begin(CHOICES)
    _read_link()
    st.title(say("compare.title"), anchor=False)
    st.markdown(say("compare.lead"))
    controls, results = st.columns([1, 2.7], gap="large")
    with controls.container(key="controls"):
        arms = ask_arms()
        asked, years = _ask(tuple(one.treatment for one in arms))
    with results:
        _show_treatments(asked.arms)
        _show_results(asked, years)
    _write_link(arms, asked, years)


def _read_link() -> None:
    read_arms()
    adopt(PEOPLE, lambda: asked_nearest("n", SIZES, 1000))
    adopt(YEAR, lambda: asked_nearest("years", YEARS, 3))
    named = (*file_arms(study()), *treatments(), *NAMES)
    adopt(AGAINST, lambda: asked_choice("against", named, UNTREATED))
    adopt(LOOK, lambda: asked_choice("look", (UNTREATED, *named), ""))


def _write_link(arms: tuple[Arm, ...], asked: Asked, years: int) -> None:
    """Write the screen into the link; what is as usual is left out."""
    changes = {key: value for arm in arms for key, value in arm.changes.items()}
    st.session_state[CHANGES] = changes
    names = tuple(arm.treatment.name for arm in arms)
    others = [name for name in (UNTREATED, *names) if name != asked.against]
    look = str(st.session_state.get(LOOK) or "")
    write_link(
        arms=names,
        changes=changes,
        n=asked.patients,
        years=years,
        against="" if asked.against == UNTREATED else asked.against,
        look=look if look in others[1:] else "",
    )


# What the visitor chooses


def _ask(arms: tuple[Treatment, ...]) -> tuple[Asked, int]:
    against = _ask_against(arms)
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
    return Asked(arms, patients, against), years or YEARS[0]


def _ask_against(arms: tuple[Treatment, ...]) -> str:
    """Ask what gains are counted against; with a single treatment it is usual care."""
    titles = {one.name: in_words(one).title for one in arms}
    options = (UNTREATED, *titles)
    if len(arms) == 1 or st.session_state.get(AGAINST) not in options:
        st.session_state[AGAINST] = UNTREATED
    if len(arms) == 1:
        return UNTREATED
    found = st.selectbox(
        say("compare.against"),
        options,
        key=AGAINST,
        persist_state="session",
        format_func=lambda one: _capital(arm_name(one, titles)),
    )
    st.markdown(f":small[{say('compare.against_help')}]")
    return str(found)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _draw_others() -> None:
    shown = study()
    set_study(replace(shown, people=_next(shown.record.people), fate=_next(shown.record.fate)))


def _next(seed: int) -> int:
    return (seed + 1) % LARGEST_SEED


# What is claimed and what was found


def _show_treatments(given: tuple[Treatment, ...]) -> None:
    """Show what is known of a treatment; of several, folded."""
    arms = [in_words(one) for one in given]
    if len(arms) == 1:
        with st.container(border=True):
            st.header(arms[0].title, anchor=False)
            _show_treatment(arms[0])
            if lines := _sources(arms[0]):
                with st.expander(say("compare.sources")):
                    st.markdown(lines)
        return
    for one in arms:
        with st.expander(one.title):
            _show_treatment(one)
            if lines := _sources(one):
                st.markdown(f"**{say('compare.sources')}**")
                st.markdown(lines)


def _show_treatment(shown: Treatment) -> None:
    if is_of_file(shown):
        _show_of_file(shown)
        return
    st.markdown(f"{shown.summary} :gray-badge[{_evidence(shown)}]")
    for column, part in zip(st.columns(3, gap="medium"), PARTS, strict=True):
        column.markdown(f"**{say(f'compare.{part}')}**  \n{getattr(shown, part)}")


def _show_of_file(shown: Treatment) -> None:
    """Show what the file says, letter by letter: its words are a visitor's own."""
    st.markdown(say("compare.file.about"))
    for part in ("summary", "claim", "found"):
        if text := getattr(shown, part):
            st.text(text)
    st.markdown(shown.hypothetical)


def _sources(shown: Treatment) -> str:
    """Return how a treatment is given, and its published sources, as a list."""
    if is_of_file(shown):
        return ""
    given = [
        f"{say(f'compare.{key}')}: {text}"
        for key in ("route", "cell_source")
        if (text := getattr(shown, key))
    ]
    return "\n".join(f"- {line}" for line in (*given, *shown.citations))


def _evidence(preset: Treatment) -> str:
    return say("compare.evidence", label=evidence_words(preset.evidence))


# What comes out


def _show_results(asked: Asked, years: int) -> None:
    if not st.session_state.get(OPEN):
        st.markdown(say("compare.ask"))
        st.button(say("compare.show"), type="primary", on_click=_open, args=(True,))
        return
    st.button(say("compare.hide"), on_click=_open, args=(False,))
    try:
        outcome.show(asked, years)
    except AlssimError as problem:
        st.error(say("compare.refused"))
        st.text(str(problem))


def _open(wanted: bool) -> None:
    st.session_state[OPEN] = wanted
