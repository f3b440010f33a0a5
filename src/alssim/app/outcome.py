"""What a comparison shows: survival, a hundred squares, months gained, and words for each."""

from collections.abc import Iterator
from dataclasses import dataclass

import streamlit as st

from alssim.app.downloads import show_downloads
from alssim.app.keeping import kept
from alssim.app.outcome_files import comparison_files
from alssim.app.palette import palette
from alssim.app.study import Study
from alssim.app.text import say
from alssim.app.world import HORIZON, care_title, twins
from alssim.model.record import RunRecord
from alssim.parameters.schema import Treatment
from alssim.present import people, vega, words
from alssim.studies.comparison import Comparison, compare

ARM = 1
LANDMARKS = tuple(12.0 * year for year in range(1, HORIZON // 12 + 1))


@dataclass(frozen=True, slots=True)
class Outcome:
    """The same people in both arms: up to the horizon of the curves, and as long as followed."""

    treatment: Treatment
    shown: Comparison
    whole: Comparison
    care: str
    record: RunRecord


def run(treatment: Treatment, patients: int, study: Study) -> Outcome:
    """Follow virtual people with and without a treatment, and compare them.

    Raises ``AlssimError`` when the model refuses the request.
    """
    if study.private:
        asked = (treatment, patients, study)
        return kept("outcome", asked, lambda: _compared(treatment, patients, study))
    return _shared(treatment, patients, study.key, study)


@st.cache_data(max_entries=64, show_spinner=False)
def _shared(treatment: Treatment, patients: int, key: str, _study: Study) -> Outcome:
    return _compared(treatment, patients, _study)


def _compared(treatment: Treatment, patients: int, study: Study) -> Outcome:
    simulation = twins(treatment, patients, study)
    return Outcome(
        treatment=treatment,
        shown=compare(simulation, horizon=HORIZON, landmarks=LANDMARKS),
        whole=compare(simulation),
        care=care_title(simulation.scenario.care),
        record=simulation.record,
    )


def show(outcome: Outcome, years: int) -> None:
    """Show all of it, counting people after some years."""
    month = 12.0 * years
    _show_headline(outcome, month)
    _show_survival(outcome, month)
    _show_squares(outcome, month)
    _show_gains(outcome)
    _show_limits(outcome)
    _show_downloads(outcome, month)


def _show_headline(outcome: Outcome, month: float) -> None:
    named = _coloured(outcome)
    st.header(words.headline(outcome.shown, named, month, ARM), anchor=False)
    st.markdown(words.difference_sentence(outcome.shown, plain_names(outcome), month, ARM))


def _show_survival(outcome: Outcome, month: float) -> None:
    spec = vega.survival_spec(outcome.shown, palette(), plain_names(outcome), month)
    alt = vega.survival_alt(outcome.shown, plain_names(outcome), month, ARM)
    st.vega_lite_chart(spec=spec, width="stretch", key="survival", alt=alt)
    st.markdown(words.median_sentence(outcome.shown, plain_names(outcome), ARM))


def _show_squares(outcome: Outcome, month: float) -> None:
    st.header(say("compare.people_100", years=words.span(month)), anchor=False)
    st.markdown(squares_html(outcome, month), unsafe_allow_html=True)


def squares_html(outcome: Outcome, month: float) -> str:
    """Return a hundred squares for each arm, and what they stand for."""
    named, colours = plain_names(outcome), palette()
    usual, treated = people.panels(outcome.shown, colours, named, month, ARM)
    legend = people.legend(outcome.shown, colours, named, month, ARM)
    keys = "".join(f"<span>{square} {text}</span>" for square, text in legend)
    titles = [say("compare.usual"), say("compare.treated")]
    parts = "".join(
        f"<div><b>{title}</b>{drawn}</div>"
        for title, drawn in zip(titles, (usual, treated), strict=True)
    )
    return f'<div class="pairs">{parts}</div><div class="square-keys">{keys}</div>'


def _show_gains(outcome: Outcome) -> None:
    st.header(say("compare.gained"), anchor=False)
    named = plain_names(outcome)
    st.markdown(words.gain_sentence(outcome.whole, named, ARM))
    st.markdown(words.shares_sentence(outcome.whole, ARM))
    spec = vega.gain_spec(outcome.whole, palette(), named, ARM)
    alt = vega.gain_alt(outcome.whole, named, ARM)
    st.vega_lite_chart(spec=spec, width="stretch", key="gains", alt=alt)
    st.markdown(words.mean_sentence(outcome.whole, named, ARM))


def _show_limits(outcome: Outcome) -> None:
    with st.container(border=True):
        st.markdown(f"**{say('compare.limits')}**")
        st.markdown("\n".join(f"- {sentence}" for sentence in _limits(outcome)))
        st.markdown(f":small[{outcome.record.short()}]")


def _limits(outcome: Outcome) -> Iterator[str]:
    yield from words.caveats(outcome.whole, plain_names(outcome), ARM)
    yield outcome.treatment.hypothetical
    yield say("compare.care", care=outcome.care)
    yield say("compare.limits_text")


def _show_downloads(outcome: Outcome, month: float) -> None:
    files = comparison_files(
        outcome.treatment.name,
        outcome.shown,
        outcome.whole,
        plain_names(outcome),
        month,
        outcome.record,
        list(_limits(outcome)),
    )
    show_downloads(files)


def plain_names(outcome: Outcome) -> dict[str, str]:
    """Return what sentences and charts call the treatment."""
    return {outcome.treatment.name: say("compare.the_treatment")}


def _coloured(outcome: Outcome) -> dict[str, str]:
    usual, treated = outcome.shown.arms[0], outcome.treatment.name
    return {
        usual: f":blue[{words.arm_name(usual)}]",
        treated: f":orange[{say('compare.the_treatment')}]",
    }
