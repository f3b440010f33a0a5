"""What a virtual trial shows: its design, one report, many results, and what to mind."""

from collections.abc import Callable, Iterator

import numpy as np
import streamlit as st

from alssim.app.chart import show_chart
from alssim.app.downloads import show_downloads
from alssim.app.palette import palette
from alssim.app.text import say
from alssim.app.trial_files import trial_commands, trial_files
from alssim.app.trying import REPLICATES, Many, Try, design, record, trial_plan
from alssim.parameters.trial import Trial
from alssim.present import trial_words as told
from alssim.present.naming import endpoint_name, trial_in_words
from alssim.present.trial_charts import (
    alive_alt,
    alive_spec,
    estimates_alt,
    estimates_spec,
    scores_alt,
    scores_spec,
)
from alssim.studies.trial import Report
from alssim.studies.trial.replicates import EndpointOperating


def show_design(trial: Trial) -> None:
    """Show what a design is, the question it teaches and what the real trial found."""
    with st.container(border=True):
        st.header(trial.title, anchor=False)
        st.markdown(trial.summary)
        left, right = st.columns(2, gap="medium")
        left.markdown(f"**{say('trial.question')}**  \n{trial.question}")
        found = [f"{row.text} :small[({row.source})]" for row in trial.published]
        right.markdown(f"**{say('trial.real')}**")
        right.markdown("\n".join(f"- {one}" for one in found) or say("trial.no_real"))


def show_before(trial: Trial) -> None:
    """Say what a click carries out."""
    sizes = {"control": trial.per_arm, "treated": trial.treated, "months": trial.follow_up}
    st.markdown(say("trial.before", **sizes))
    st.markdown(say("trial.before_text"))


# -------------------------------------------------------------------------------- one trial


def show_one(asked: Try, found: Report, once_more: Callable[[], None]) -> None:
    """Show the report of one trial, without its survival curves."""
    first = found.outcomes[0]
    kind = "positive" if first.positive else "negative"
    st.header(say(f"trial.{kind}", p=told.p_in_words(first.p)), anchor=False)
    st.markdown(_capital(" ".join(told.outcome_sentences(first))))
    st.markdown(f":small[{say('trial.primary', name=endpoint_name(first.name))}]")
    st.button(say("trial.again"), on_click=once_more)
    st.markdown(f":small[{say('trial.again_help', number=found.number + 1)}]")
    if sentence := told.look_sentence(found):
        st.markdown(sentence)
    _show_endpoints(trial_in_words(design(asked)), found)
    st.header(say("trial.scores"), anchor=False)
    spec, alt = scores_spec(found, palette()), scores_alt(found)
    show_chart(spec, key="trial_scores", alt=alt)
    st.markdown(f":small[{say('trial.scores_text')}]")
    _show_people(design(asked), found)


def _show_endpoints(trial: Trial, found: Report) -> None:
    """Show each endpoint beside what the real trial found for it."""
    st.header(say("trial.endpoints"), anchor=False)
    for outcome in found.outcomes:
        real = [row.text for row in trial.published if row.endpoint == outcome.name]
        with st.container(border=True):
            left, right = st.columns(2, gap="medium")
            sentence = _capital(" ".join(told.outcome_sentences(outcome)))
            left.markdown(f"**{say('trial.simulated')}**  \n{sentence}")
            if trial.published:
                words = " ".join(real) or say("trial.place_none")
                right.markdown(f"**{say('trial.real')}**  \n{words}")


def _show_people(trial: Trial, found: Report) -> None:
    st.header(say("trial.who"), anchor=False)
    st.markdown("\n".join(f"- {_capital(one)}" for one in _flow(trial, found)))
    with st.expander(say("trial.table")):
        heading, *rows = told.baseline_rows(found)
        columns = {name: [row[k] for row in rows] for k, name in enumerate(heading)}
        st.table(columns, hide_index=True)


def _flow(trial: Trial, found: Report) -> tuple[str, ...]:
    return told.flow_sentences(found.flow, trial.size)


def show_survival(found: Report, opened: bool, turn: Callable[[], None]) -> None:
    """Show survival to those who ask for it."""
    st.header(say("trial.survival"), anchor=False)
    if not opened:
        st.markdown(say("trial.survival_ask"))
        st.button(say("trial.survival_show"), on_click=turn)
        return
    st.button(say("trial.survival_hide"), on_click=turn)
    spec, alt = alive_spec(found, palette()), alive_alt(found)
    show_chart(spec, key="trial_alive", alt=alt)
    st.markdown(say("trial.survival_text"))


# ------------------------------------------------------------------------------- many trials


def ask_endpoint(asked: Try, key: str, place: int) -> int:
    """Ask which endpoint is shown; return its place."""
    names = [endpoint_name(row.name) for row in design(asked).endpoints]
    st.session_state[key] = place
    if len(names) == 1:
        return 0
    chosen = st.pills(
        say("trial.many_endpoint"),
        range(len(names)),
        key=key,
        required=True,
        persist_state="session",
        format_func=lambda one: _capital(names[one]),
        wrap=True,
    )
    return int(chosen or 0)


def show_many(asked: Try, many: Many, one: Report, place: int) -> None:
    """Show what many trials find for one endpoint, and where one trial and the real one lie."""
    trial, found = trial_in_words(design(asked)), many.found.endpoints[place]
    positive = int((found.p < trial.significance).sum())
    words = say("trial.many_headline", positive=positive, all=len(found.p))
    st.subheader(words, anchor=False)
    parts = zip(
        ("power", "false", "exaggeration"),
        (*_power(trial, found), *_false(trial, many.null.endpoints[place]), _exaggeration(found)),
        strict=True,
    )
    for column, (name, sentence) in zip(st.columns(3, gap="medium"), parts, strict=True):
        column.markdown(f"**{say(f'trial.{name}')}**  \n{_capital(sentence)}")
    st.markdown(told.operating_sentences(found, trial.significance)[1])
    value = one.outcomes[place].value
    spec = estimates_spec(found, trial.significance, trial.published, value, palette())
    alt = estimates_alt(found)
    show_chart(spec, key="trial_estimates", alt=alt)
    _show_published(trial, found)


def _power(trial: Trial, found: EndpointOperating) -> tuple[str]:
    return (told.operating_sentences(found, trial.significance)[0],)


def _false(trial: Trial, null: EndpointOperating) -> tuple[str]:
    return (" ".join(told.null_sentences(null, trial.significance)),)


def _exaggeration(found: EndpointOperating) -> str:
    if not np.isfinite(found.exaggeration) or not found.power.value:
        return say("trial.exaggeration_none")
    return " ".join(told.operating_sentences(found, 0)[2:4])


def _show_published(trial: Trial, found: EndpointOperating) -> None:
    if not trial.published:
        return
    rows = [row for row in trial.published if row.endpoint == found.endpoint.name]
    lines = [" ".join(told.published_sentences(row, found)) for row in rows]
    st.markdown(f"**{say('trial.place')}**")
    st.markdown("\n".join(f"- {line}" for line in lines) or say("trial.place_none"))


# -------------------------------------------------------------------------------- at the foot


def show_foot(asked: Try, number: int, survival: Report | None, many: Many | None) -> None:
    """Show limits, files and commands; ``survival``: the report, if its curves are open."""
    limits = list(_limits(asked, many))
    with st.container(border=True):
        st.markdown(f"**{say('trial.limits')}**")
        st.markdown("\n".join(f"- {sentence}" for sentence in limits))
        st.markdown(f":small[{record(asked).short()}]")
    show_downloads(trial_files(asked, number, survival, many, limits))
    with st.expander(say("trial.command")):
        st.markdown(say("trial.command_about", count=REPLICATES))
        lines = "\n".join(trial_commands(asked, number))
        st.code(lines, language="bash", wrap_lines=True)


def _limits(asked: Try, many: Many | None) -> Iterator[str]:
    trial = trial_in_words(design(asked))
    if trial.treatment.hypothetical:
        yield trial.treatment.hypothetical
    if trial.assumed:
        yield trial.assumed
    yield from told.plan_sentences(trial_plan(asked))
    if many is not None:
        yield from told.general_sentences(many.found)
        yield say("trial.limits_many", count=REPLICATES)
    yield say("trial.limits_text")


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
