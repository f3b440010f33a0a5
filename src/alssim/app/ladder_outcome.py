"""What the ladder shows: how large an effect each start asks for, curves, a map, and limits."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, isnan

import streamlit as st

from alssim.app.chart import show_chart
from alssim.app.climbing import Climb, climbed_scenario
from alssim.app.commands import command
from alssim.app.downloads import show_downloads
from alssim.app.ladder_files import ladder_files
from alssim.app.link import study
from alssim.app.palette import palette
from alssim.app.standing import scenario
from alssim.app.text import say
from alssim.model.record import RunRecord, record_of
from alssim.present.ladder_charts import MEASURES, Measure, curves_alt, curves_spec, map_html
from alssim.present.ladder_words import ladder_caveats, needed_sentence, start_name
from alssim.present.language import grouped
from alssim.present.words import months_in_words
from alssim.studies.counting import told_of
from alssim.studies.ladder import Ladder, Needed, earliest_first

GUESSES = {"tenth": 0.1, "quarter": 0.25, "half": 0.5, "most": 0.75, "never": 1.0}
NEAR = 0.1  # a guess that is no further off is about right


@dataclass(frozen=True, slots=True)
class Choices:
    """How a ladder is read: the months that matter, what the map shows, and what was guessed.

    ``measure_key``: the session key under which the control of the map keeps its value.
    """

    months: float
    measure: Measure
    guess: str | None
    measure_key: str


def show(ladder: Ladder, asked: Climb, choices: Choices) -> None:
    """Show all of it."""
    record = record_of(climbed_scenario(study(), asked.patients))
    found = earliest_first(ladder, asked.target, choices.months)
    st.header(headline(found[0], ladder.sizes[-1]), anchor=False)
    if choices.guess:
        st.markdown(guess_answer(choices.guess, _earliest(found, ladder)))
    _show_needed(found, ladder)
    _show_curves(ladder, asked.target, choices.months)
    _show_map(ladder, asked.target, choices)
    limits = list(_limits(ladder))
    _show_limits(limits, record)
    show_downloads(ladder_files(ladder, asked.target, choices.months, record, limits))
    _show_command(asked, choices.months)


def headline(found: Needed, largest: float) -> str:
    """Say in a line what the least demanding start asks for."""
    months = months_in_words(found.months)
    if isnan(found.size):
        return say("ladder.headline_never", percent=f"{100 * largest:.0f}", months=months)
    start = start_name(found.start)
    return say("ladder.headline", start=start, percent=_percent(found), months=months)


def guess_answer(guess: str, found: Needed) -> str:
    """Hold a guess against what the earliest start asks for."""
    asks = 1.0 if isnan(found.size) else found.size
    kind = "more" if asks > GUESSES[guess] else "less"
    if isnan(found.size):
        kind = "never"
    elif guess != "never" and abs(asks - GUESSES[guess]) <= NEAR:
        kind = "right"
    return say(
        f"ladder.guessed_{kind}",
        guess=say(f"ladder.guesses.{guess}"),
        percent="" if isnan(found.size) else _percent(found),
        start=start_name(found.start),
    )


def _percent(found: Needed) -> str:
    return f"{ceil(100 * found.size - 1e-9)}"


def _earliest(found: tuple[Needed, ...], ladder: Ladder) -> Needed:
    return next(one for one in found if one.start == ladder.starts[0])


def _show_needed(found: tuple[Needed, ...], ladder: Ladder) -> None:
    st.markdown(f"**{say('ladder.found')}**")
    whole = told_of(ladder.patients)
    lines = [needed_sentence(one, ladder.sizes[-1], whole=whole) for one in found]
    st.markdown("\n".join(f"- {line}" for line in lines))


def _show_curves(ladder: Ladder, target: str, months: float) -> None:
    st.header(say("ladder.curves"), anchor=False)
    spec = curves_spec(ladder, target, months, palette())
    alt = curves_alt(ladder, target)
    show_chart(spec, key="ladder_curves", alt=alt)
    st.markdown(say("ladder.curves_text"))


def _show_map(ladder: Ladder, target: str, choices: Choices) -> None:
    st.header(say("ladder.map"), anchor=False)
    st.pills(
        say("ladder.measure"),
        list(MEASURES),
        key=choices.measure_key,
        required=True,
        persist_state="session",
        format_func=lambda one: say(f"ladder.measures.{one}"),
        wrap=True,
    )
    drawn = map_html(ladder, target, choices.measure, choices.months, palette())
    st.markdown(drawn, unsafe_allow_html=True)
    st.markdown(f":small[{say('ladder.map_text')}]")


def _limits(ladder: Ladder) -> Iterator[str]:
    yield from ladder_caveats(ladder)
    yield say("ladder.limits_people", people=grouped(ladder.patients))
    yield say("ladder.limits_text")


def _show_limits(limits: list[str], record: RunRecord) -> None:
    with st.container(border=True):
        st.markdown(f"**{say('ladder.limits')}**")
        st.markdown("\n".join(f"- {sentence}" for sentence in limits))
        st.markdown(f":small[{record.short()}]")


def _show_command(asked: Climb, months: float) -> None:
    with st.expander(say("ladder.command")):
        st.markdown(say("ladder.command_about"))
        if study().private:
            st.markdown(say("ladder.command_file"))
        st.code(ladder_command(asked, months), language="bash", wrap_lines=True)


def ladder_command(asked: Climb, months: float) -> str:
    """Return the command line that climbs the same ladder."""
    options = ["--target", asked.target]
    for start in asked.starts:
        options += ["--start", start]
    options += ["--sizes", ",".join(f"{size:g}" for size in asked.sizes)]
    options += ["--patients", str(asked.patients), "--months", f"{months:g}"]
    return command("ladder", study(), scenario(study()).name, options=options)
