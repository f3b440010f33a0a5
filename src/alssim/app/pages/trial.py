"""Virtual trial: carry one out, then two hundred like it; published trials are re-enacted."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from alssim.app import trial_outcome
from alssim.app.link import (
    adopt,
    asked,
    asked_choice,
    asked_nearest,
    asked_number,
    note_problems,
    study,
    write_link,
)
from alssim.app.once import stoppable
from alssim.app.standing import begin
from alssim.app.steps import stepped_choice, stepped_number, stepped_slider
from alssim.app.study import Study, difference
from alssim.app.text import say
from alssim.app.trying import (
    PLAIN,
    REPLICATES,
    SIZE_KEY,
    Many,
    PartProgress,
    Try,
    design,
    designs,
    many_trials,
    one_trial,
    own_effect,
    shipped,
)
from alssim.app.world import LARGEST_SEED
from alssim.errors import AlssimError, ParameterError
from alssim.parameters import load_trial, parse_settings
from alssim.parameters.schema import Effect
from alssim.present.naming import trial_in_words
from alssim.quantity import Quantity, described
from alssim.studies.trial import Report

SIZES = (20, 50, 100, 200, 300, 500)
EFFECT_STEP = 0.05
MOST_DRAWS = 10_000

CHOICES = ("trial", "n", "seed", "number", "endpoint")

TRIAL, SEED, NUMBER, RUN, MANY, OPEN, ENDPOINT = (
    "trial_design",
    "trial_seed",
    "trial_number",
    "trial_run",
    "trial_many",
    "trial_open",
    "trial_endpoint",
)
"""Session keys of the page's own values; two hold what was asked to be carried out."""


def show() -> None:
    """Draw the page."""
    begin(CHOICES)
    _read_link()
    st.title(say("trial.title"), anchor=False)
    st.markdown(say("trial.lead"))
    _show_gallery()
    controls, results = st.columns([1, 2.7], gap="large")
    with controls.container(key="controls"):
        chosen = _ask()
    with results:
        trial_outcome.show_design(trial_in_words(shipped(chosen.name)))
        try:
            _show_results(chosen)
        except AlssimError as problem:
            st.error(say("trial.refused"))
            st.text(str(problem))
    _write_link(chosen)


# ------------------------------------------------------------------------------------ the link


def _read_link() -> None:
    adopt(TRIAL, lambda: asked_choice("trial", designs(), PLAIN))
    adopt(SEED, lambda: asked_number("seed", 0, LARGEST_SEED, 1))
    adopt(NUMBER, lambda: asked_number("number", 0, MOST_DRAWS, 0))
    name = str(st.session_state[TRIAL])
    endpoints = len(shipped(name).endpoints)
    adopt(ENDPOINT, lambda: asked_number("endpoint", 1, endpoints, 1) - 1)
    adopt(_size_key(name), lambda: _linked_size(name))
    if own_effect(name) is not None:
        adopt(_effect_key(name), lambda: _linked_effect(name))


def _linked_size(name: str) -> int:
    own = shipped(name).per_arm
    if asked_choice("trial", designs(), PLAIN) != name:
        return own
    return asked_nearest("n", _sizes(name), own)


def _linked_effect(name: str) -> float:
    """Return the size of the effect: as the link changes it, else the design's own."""
    own = own_effect(name)
    assert own is not None
    given = dict(asked().changes).get(_change(name))
    if given is None:
        return own
    try:
        size = parse_settings([f"size={given}"])["size"]
        return float(load_trial(name, {SIZE_KEY: size}).record.treatment.effects[0].size)
    except ParameterError as error:
        note_problems(error.problems)
        return own


def _write_link(chosen: Try) -> None:
    changed = chosen.effect is not None and chosen.effect != own_effect(chosen.name)
    write_link(
        changes={_change(chosen.name): f"{chosen.effect:g}"} if changed else {},
        trial=chosen.name,
        n=chosen.per_arm,
        seed=chosen.seed,
        number=st.session_state[NUMBER],
        endpoint=_endpoint(chosen.name) + 1,
    )


def _change(name: str) -> str:
    return f"arms.{shipped(name).treatment.name}.effects.1.size"


def _size_key(name: str) -> str:
    return f"trial_size_{name}"


def _effect_key(name: str) -> str:
    return f"trial_effect_{name}"


def _sizes(name: str) -> tuple[int, ...]:
    return tuple(sorted({*SIZES, shipped(name).per_arm}))


def _endpoint(name: str) -> int:
    """Return the place of the endpoint that is shown; the first where there is no such one."""
    place = int(st.session_state[ENDPOINT])
    return place if place < len(shipped(name).endpoints) else 0


# --------------------------------------------------------------------- what the visitor chooses


def _show_gallery() -> None:
    with st.expander(say("trial.gallery", count=len(designs()))):
        columns = st.columns(2, gap="medium")
        for place, name in enumerate(designs()):
            one = trial_in_words(shipped(name))
            with columns[place % 2].container(border=True):
                st.button(one.title, key=f"trial_open_{name}", on_click=_choose, args=(name,))
                st.markdown(one.question)


def _choose(name: str) -> None:
    st.session_state[TRIAL] = name


def _ask() -> Try:
    name = st.selectbox(
        say("trial.design"),
        designs(),
        key=TRIAL,
        persist_state="session",
        format_func=lambda one: trial_in_words(shipped(one)).title,
    )
    per_arm = int(st.session_state[_size_key(name)])
    treated = round(per_arm * shipped(name).allocation)
    help_text = say("trial.control_help", treated=treated)
    stepped_choice(say("trial.control"), _sizes(name), key=_size_key(name), about=help_text)
    effect = _ask_effect(name)
    seed = stepped_number(
        say("trial.seed"),
        key=SEED,
        low=0,
        high=LARGEST_SEED,
        about=say("trial.seed_help"),
        on_change=None,
    )
    st.button(say("trial.back"), on_click=_reset, args=(name,))
    if difference(study()) or study().scenario != Study().scenario:
        st.markdown(f":small[{say('trial.world')}]")
    return Try(name, per_arm, effect, seed)


def _ask_effect(name: str) -> float | None:
    own = own_effect(name)
    if own is None:
        st.markdown(f":small[{say('trial.no_effect')}]")
        return None
    about = described(Effect)["size"][1]
    assert isinstance(about, Quantity)
    size = stepped_slider(say("trial.effect"), about, key=_effect_key(name), step=EFFECT_STEP)
    target = say(f"compare.targets.{shipped(name).treatment.effects[0].target}")
    words = say("trial.effect_own", percent=f"{100 * own:.0f}", target=target)
    st.markdown(f":small[{words}]")
    return size


def _reset(name: str) -> None:
    st.session_state[_size_key(name)] = shipped(name).per_arm
    if (own := own_effect(name)) is not None:
        st.session_state[_effect_key(name)] = own
    st.session_state[SEED] = 1
    st.session_state[NUMBER] = 0


# ------------------------------------------------------------------------------- what comes out


def _show_results(chosen: Try) -> None:
    """Carry out what was asked for by a click; whatever is asked anew waits for another."""
    if st.session_state.get(RUN) != chosen:
        trial_outcome.show_before(design(chosen))
        st.button(say("trial.run"), type="primary", on_click=_set, args=(RUN, chosen))
        return
    number = int(st.session_state[NUMBER])
    found = _carried_out(chosen, number)
    trial_outcome.show_one(chosen, found, _once_more)
    opened = bool(st.session_state.get(OPEN))
    trial_outcome.show_survival(found, opened, lambda: _set(OPEN, not opened))
    many = _show_many(chosen, found)
    trial_outcome.show_foot(chosen, number, found if opened else None, many)


def _show_many(chosen: Try, one: Report) -> Many | None:
    st.header(say("trial.many"), anchor=False)
    st.markdown(say("trial.many_text"))
    if st.session_state.get(MANY) != chosen:
        words = say("trial.many_run", count=REPLICATES)
        st.button(words, type="primary", on_click=_set, args=(MANY, chosen))
        return None
    with _stoppable(MANY) as progress:
        many = many_trials(chosen, progress)
    st.button(say("trial.many_hide", count=REPLICATES), on_click=_set, args=(MANY, None))
    shown = trial_outcome.ask_endpoint(chosen, ENDPOINT, _endpoint(chosen.name))
    trial_outcome.show_many(chosen, many, one, shown)
    return many


def _carried_out(chosen: Try, number: int) -> Report:
    with _stoppable(RUN) as progress:
        found = one_trial(chosen, number, progress)
    st.button(say("trial.hide"), on_click=_set, args=(RUN, None))
    return found


@contextmanager
def _stoppable(key: str) -> Iterator[PartProgress]:
    """Show how far the parts of the work are, with a way to stop it."""
    with stoppable(say("trial.working"), key, lambda: _set(key, None)) as progress:

        def part_progress(part: str, done: int, whole: int) -> None:
            progress(done, whole, say(f"trial.working_{part}", done=done, all=whole))

        yield part_progress


def _once_more() -> None:
    st.session_state[NUMBER] = (int(st.session_state[NUMBER]) + 1) % MOST_DRAWS


def _set(key: str, value: object) -> None:
    st.session_state[key] = value
