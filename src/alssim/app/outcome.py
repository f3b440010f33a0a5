"""What a comparison shows first: survival of all arms, then one arm in detail."""

from collections.abc import Iterator
from html import escape

import streamlit as st

from alssim.app import outcome_detail
from alssim.app.arm_words import in_words
from alssim.app.chart import show_chart
from alssim.app.comparing import Asked, Outcome, outcome
from alssim.app.downloads import show_downloads
from alssim.app.link import study
from alssim.app.once import stoppable
from alssim.app.outcome_detail import Detail, More
from alssim.app.outcome_files import comparison_files
from alssim.app.palette import palette
from alssim.app.text import say
from alssim.app.world import UNTREATED, care_title
from alssim.parameters.schema import Treatment
from alssim.present import people, vega, words
from alssim.present.language import grouped
from alssim.present.words import Names

LOOK, OPEN = "compare_look", "compare_open"
"""Session keys: the arm that is shown in detail; whether survival is open."""


def show(asked: Asked, years: int) -> None:
    """Show all of it, counting people after some years.

    Raises ``AlssimError`` when the model refuses the request.
    """
    month = 12.0 * years
    label = say("compare.working", patients=grouped(asked.patients), times=len(asked.arms) + 1)
    with stoppable(label, "compare", _close) as progress:
        found = outcome(asked, month, study(), progress)
    _show_headline(found, month)
    _show_survival(found, month)
    detail = Detail(found, names_of(found), month, _look(found))
    _show_squares(detail)
    _show_gains(detail)
    limits = list(_limits(detail))
    _show_limits(limits, found)
    more = outcome_detail.show(detail)
    _show_downloads(detail, limits, more)


def _close() -> None:
    st.session_state[OPEN] = False


# ----------------------------------------------------------------------------------- all arms


def names_of(found: Outcome) -> dict[str, str]:
    """Return the words for the arms in a sentence: a single treatment needs no title."""
    if len(found.asked.arms) == 1:
        return {found.asked.arms[0].name: say("compare.the_treatment")}
    return {arm.name: say("compare.quoted", title=_title_of(arm)) for arm in found.asked.arms}


def labels_of(found: Outcome) -> dict[str, str]:
    """Return the words for the arms in a chart."""
    if len(found.asked.arms) == 1:
        return names_of(found)
    return {arm.name: _title_of(arm) for arm in found.asked.arms}


def _title_of(arm: Treatment) -> str:
    return in_words(arm).title


def _show_headline(found: Outcome, month: float) -> None:
    names, comparison = names_of(found), found.shown
    first = comparison.arms[0]
    usual = {first: f":blue[{words.arm_name(first, names)}]"}
    if len(comparison.arms) == 2:
        other = comparison.arms[1]
        coloured = usual | {other: f":orange[{words.arm_name(other, names)}]"}
        st.header(words.headline(comparison, coloured, month), anchor=False)
        st.markdown(words.difference_sentence(comparison, names, month))
        return
    st.header(words.baseline_headline(comparison, usual, month), anchor=False)
    arms = range(1, len(comparison.arms))
    lines = [_arm_line(_words_of(found, arm), found, month, arm) for arm in arms]
    st.markdown("\n".join(f"- {line}" for line in lines), unsafe_allow_html=True)


def _arm_line(name: str, found: Outcome, month: float, arm: int) -> str:
    colour = palette().word(arm)
    mark = words.landmark_of(found.shown, month)
    counted = say(
        "compare.many_arm",
        people=mark.people[arm],
        whole=mark.whole,
        arm=f'<span style="color:{colour};font-weight:600">{escape(name)}</span>',
    )
    return f"{counted}: {words.against_words(found.shown, names_of(found), month, arm)}"


def _words_of(found: Outcome, arm: int) -> str:
    return words.arm_name(found.shown.arms[arm], names_of(found))


def _show_survival(found: Outcome, month: float) -> None:
    comparison, names = found.shown, names_of(found)
    spec = vega.survival_spec(comparison, palette(), labels_of(found), month)
    arms = range(1, len(comparison.arms))
    alt = " ".join(vega.survival_alt(comparison, names, month, arm) for arm in arms)
    show_chart(spec, key="survival", alt=alt)
    st.markdown(f":small[{say('compare.band')}]")
    if len(arms) == 1:
        st.markdown(words.median_sentence(comparison, names))


def _look(found: Outcome) -> int:
    """Ask which arm is shown in detail; return its number. A single one is not asked for."""
    others = found.shown.arms[1:]
    if len(others) == 1:
        return 1
    if st.session_state.get(LOOK) not in others:
        st.session_state[LOOK] = others[0]
    labels = labels_of(found)
    name = st.pills(
        say("compare.in_detail"),
        others,
        key=LOOK,
        required=True,
        persist_state="session",
        format_func=lambda one: _capital(words.arm_name(one, labels)),
        wrap=True,
    )
    return 1 + others.index(str(name))


# ------------------------------------------------------------------------------------ one arm


def _show_squares(detail: Detail) -> None:
    whole = words.landmark_of(detail.found.shown, detail.month).whole
    title = say("compare.people_whole", whole=whole, years=words.span(detail.month))
    st.header(title, anchor=False)
    st.markdown(squares_html(detail), unsafe_allow_html=True)
    if len(detail.found.shown.arms) > 2:
        st.markdown(words.median_sentence(detail.found.shown, detail.names, detail.arm))


def squares_html(detail: Detail) -> str:
    """Return a hundred squares, or fewer, for the baseline and the arm, and what they mean."""
    comparison, names, month, arm = detail.found.shown, detail.names, detail.month, detail.arm
    drawn = people.panels(comparison, palette(), names, month, arm)
    legend = people.legend(comparison, palette(), names, month, arm)
    keys = "".join(f"<span>{square} {escape(text)}</span>" for square, text in legend)
    titles = (_title(comparison.arms[place], names) for place in (0, arm))
    parts = "".join(
        f"<div><b>{escape(title)}</b>{squares}</div>"
        for title, squares in zip(titles, drawn, strict=True)
    )
    return f'<div class="pairs">{parts}</div><div class="square-keys">{keys}</div>'


def _title(name: str, names: Names) -> str:
    if name == UNTREATED:
        return say("compare.usual")
    return say("compare.treated") if len(names) == 1 else words.arm_name(name, names)


def _show_gains(detail: Detail) -> None:
    st.header(say("compare.gained"), anchor=False)
    whole, names, arm = detail.found.whole, detail.names, detail.arm
    st.markdown(words.gain_sentence(whole, names, arm))
    st.markdown(words.shares_sentence(whole, arm))
    spec = vega.gain_spec(whole, palette(), names, arm)
    alt = vega.gain_alt(whole, names, arm)
    show_chart(spec, key="gains", alt=alt)
    st.markdown(words.mean_sentence(whole, names, arm))


def _show_limits(limits: list[str], found: Outcome) -> None:
    with st.container(border=True):
        st.markdown(f"**{say('compare.limits')}**")
        st.markdown("\n".join(f"- {sentence}" for sentence in limits))
        st.markdown(f":small[{found.record.short()}]")


def _limits(detail: Detail) -> Iterator[str]:
    yield from words.caveats(detail.found.whole, detail.names, detail.arm)
    for one in _told_of(detail):
        yield in_words(one).hypothetical
    kind = "care" if len(detail.found.asked.arms) == 1 else "care_all"
    yield say(f"compare.{kind}", care=care_title(detail.found.care))
    yield say("compare.limits_text")


def _told_of(detail: Detail) -> list[Treatment]:
    """Return the treatments that the detail is about: the arm's, and that of the baseline."""
    shown = {detail.found.whole.arms[place] for place in (0, detail.arm)}
    return [one for one in detail.found.asked.arms if one.name in shown]


def _show_downloads(detail: Detail, limits: list[str], more: More) -> None:
    arms = detail.found.asked.arms
    stem = arms[0].name if len(arms) == 1 else say("compare.stem")
    show_downloads(comparison_files(stem, detail, limits, more))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
