"""How big, how early? One effect of every size, begun at every moment, on the same people."""

from dataclasses import replace

import streamlit as st

from alssim.app import ladder_outcome
from alssim.app.climbing import Climb, climbed
from alssim.app.ladder_outcome import GUESSES, Choices
from alssim.app.link import (
    adopt,
    asked_choice,
    asked_nearest,
    asked_words,
    leave_out,
    set_study,
    study,
    write_link,
)
from alssim.app.once import stoppable
from alssim.app.standing import begin
from alssim.app.steps import stepped_choice
from alssim.app.text import say
from alssim.app.world import LARGEST_SEED
from alssim.errors import AlssimError
from alssim.parameters.treatment import TARGETS
from alssim.present.ladder_charts import MEASURES
from alssim.present.ladder_words import short_start
from alssim.present.language import grouped
from alssim.present.words import months_in_words
from alssim.studies.ladder import LADDER_STARTS, MEANINGFUL, SIZES, Ladder

PEOPLE = (100, 300, 1000, 3000)
FIRST_PEOPLE = 300
SIZE_SETS = {
    "tens": SIZES,
    "thirds": (0.0, 0.3, 0.6, 0.9),
    "small": (0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3),
}
MONTHS = (1, 3, 6, 12, 24)
NONE = "none"
SHORT = {start.removeprefix("docs_"): start for start in LADDER_STARTS}
"""How a link names the starts: the documents' stages by their number alone."""

CHOICES = ("target", "starts", "sizes", "n", "months", "measure", "guess")

TARGET, STARTS, SET, SIZE, MATTERS, MEASURE, GUESS, RUN = (
    "ladder_target",
    "ladder_starts",
    "ladder_sizes",
    "ladder_people",
    "ladder_months",
    "ladder_measure",
    "ladder_guess",
    "ladder_run",
)
"""Session keys of the page's own values; the last holds what the visitor asked to be climbed."""


def show() -> None:
    """Draw the page."""
    begin(CHOICES)
    _read_link()
    st.title(say("ladder.title"), anchor=False)
    st.markdown(say("ladder.lead"))
    controls, results = st.columns([1, 2.7], gap="large")
    with controls.container(key="controls"):
        asked = _ask()
    with results:
        _ask_guess()
        ladder = _show_result(asked)
        if ladder is not None:
            ladder_outcome.show(ladder, asked, _choices())
    _write_link()


def _read_link() -> None:
    adopt(TARGET, lambda: asked_choice("target", TARGETS, "neuron_loss"))
    adopt(STARTS, _linked_starts)
    adopt(SET, lambda: asked_choice("sizes", tuple(SIZE_SETS), "tens"))
    adopt(SIZE, lambda: asked_nearest("n", PEOPLE, FIRST_PEOPLE))
    adopt(MATTERS, lambda: asked_nearest("months", MONTHS, round(MEANINGFUL)))
    adopt(MEASURE, lambda: asked_choice("measure", MEASURES, MEASURES[0]))
    adopt(GUESS, lambda: _linked_guess())


def _linked_guess() -> str | None:
    given = asked_choice("guess", (*GUESSES, NONE), NONE)
    return None if given == NONE else given


def _linked_starts() -> list[str]:
    given = asked_words("starts")
    for name in given:
        if name not in (*SHORT, NONE):
            leave_out("starts", name)
    found = [start for name, start in SHORT.items() if name in given]
    return found if found or given == [NONE] else list(LADDER_STARTS)


def _write_link() -> None:
    chosen = [name for name, start in SHORT.items() if start in st.session_state[STARTS]]
    write_link(
        target=st.session_state[TARGET],
        starts=".".join(chosen) or NONE,
        sizes=st.session_state[SET],
        n=st.session_state[SIZE],
        months=st.session_state[MATTERS],
        measure=st.session_state[MEASURE],
        guess=st.session_state[GUESS] or NONE,
    )


# --------------------------------------------------------------------- what the visitor chooses


def _ask() -> Climb:
    target = st.selectbox(
        say("ladder.target"),
        TARGETS,
        key=TARGET,
        persist_state="session",
        format_func=lambda one: say(f"compare.targets.{one}"),
    )
    starts = st.pills(
        say("ladder.starts"),
        LADDER_STARTS,
        key=STARTS,
        selection_mode="multi",
        persist_state="session",
        format_func=short_start,
        wrap=True,
    )
    st.markdown(f":small[{say('ladder.starts_help')}]")
    sizes = st.pills(
        say("ladder.sizes"),
        list(SIZE_SETS),
        key=SET,
        required=True,
        persist_state="session",
        format_func=lambda one: say(f"ladder.size_sets.{one}"),
        wrap=True,
    )
    patients = stepped_choice(
        say("ladder.people"), PEOPLE, key=SIZE, about=say("ladder.people_help")
    )
    stepped_choice(say("ladder.months"), MONTHS, key=MATTERS, about=say("ladder.months_help"))
    st.button(say("ladder.others"), on_click=_draw_others)
    st.markdown(f":small[{say('ladder.others_help')}]")
    ordered = tuple(start for start in LADDER_STARTS if start in starts)
    return Climb(target, ordered, SIZE_SETS[str(sizes)], patients)


def _draw_others() -> None:
    shown = study()
    people, fate = ((seed + 1) % LARGEST_SEED for seed in (shown.record.people, shown.record.fate))
    set_study(replace(shown, people=people, fate=fate))


def _choices() -> Choices:
    return Choices(
        months=float(st.session_state[MATTERS]),
        measure=st.session_state[MEASURE],
        guess=st.session_state[GUESS],
        measure_key=MEASURE,
    )


def _ask_guess() -> None:
    months = months_in_words(float(st.session_state[MATTERS]))
    with st.container(border=True):
        st.header(say("ladder.guess"), anchor=False)
        st.markdown(say("ladder.guess_ask", months=months))
        st.pills(
            say("ladder.guess_label"),
            list(GUESSES),
            key=GUESS,
            persist_state="session",
            format_func=lambda one: say(f"ladder.guesses.{one}"),
            wrap=True,
        )


# ------------------------------------------------------------------------------- what comes out


def _show_result(asked: Climb) -> Ladder | None:
    """Climb what was asked for by a click; whatever is asked anew waits for another click."""
    if not asked.starts:
        st.info(say("ladder.starts_none"))
        return None
    if st.session_state.get(RUN) != (study(), asked):
        st.markdown(say("ladder.before", rungs=asked.rungs, people=grouped(asked.patients)))
        st.markdown(say("ladder.before_text"))
        st.button(say("ladder.climb"), type="primary", on_click=_run, args=((study(), asked),))
        return None
    try:
        ladder = _climb(asked)
    except AlssimError as problem:
        st.error(say("ladder.refused"))
        st.text(str(problem))
        return None
    st.button(say("ladder.hide"), on_click=_run, args=(None,))
    return ladder


def _climb(asked: Climb) -> Ladder:
    def words(done: int, rungs: int) -> str:
        return say("ladder.working", done=done, all=rungs)

    with stoppable(words(0, asked.rungs), "ladder", lambda: _run(None)) as progress:
        return climbed(
            study(), asked, lambda done, rungs: progress(done, rungs, words(done, rungs))
        )


def _run(wanted: object) -> None:
    st.session_state[RUN] = wanted
