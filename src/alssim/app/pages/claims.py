"""Claims and evidence: what is claimed, what is published, and simulations that test it."""

from collections import Counter

import streamlit as st

from alssim.app import untreated
from alssim.app.claim_tests import Trying, show_lesson, show_test, tells_survival, try_or_say
from alssim.app.documents import references
from alssim.app.downloads import show_downloads
from alssim.app.link import adopt, asked_choice, asked_nearest, study, write_link
from alssim.app.standing import begin
from alssim.app.steps import stepped_choice
from alssim.app.text import say
from alssim.present import anecdote_words
from alssim.present.claims import TOPICS, VERDICTS, Asking, Check, Claim, load_claims

EVERY = "all"
SIZES = (100, 300, 1000, 3000)
FIRST_SIZE = 1000
MOMENTS = {
    "onset": "onset",
    "diagnosis": "diagnosis",
    "second-region": "second_region",
    "third-region": "third_region",
    "feeding-tube": "gastrostomy_need",
    "breathing-mask": "niv_need",
    "month-6": "month:6",
    "month-12": "month:12",
    "month-24": "month:24",
}
"""Moments by their names in a link."""
AFTER = (1, 2, 3, 4, 6, 9, 12)
SERIES = (5, 10, 20, 50, 100)
CHOICES = ("topic", "verdict", "n", "moment", "after", "series")
COLOURS = {
    "supported": "green",
    "partly": "blue",
    "overclaimed": "orange",
    "wrong": "red",
    "untested": "gray",
    "unfalsifiable": "violet",
}

TOPIC, VERDICT, SIZE, MOMENT, MONTHS, TREATED, OPEN, MACHINE = (
    "claims_topic",
    "claims_verdict",
    "claims_size",
    "claims_moment",
    "claims_after",
    "claims_series",
    "claims_open",
    "claims_machine",
)
"""Session keys of the page's own values; OPEN: the claim and place of the test that is shown."""


def show() -> None:
    """Draw the page."""
    begin(CHOICES)
    _read_link()
    known = load_claims()
    st.title(say("claims.title"), anchor=False)
    st.markdown(say("claims.lead"))
    st.markdown(say("claims.contents"))
    _show_claims(known.claims)
    _show_machine()
    _show_asking(known.asking)
    write_link(
        topic=st.session_state[TOPIC],
        verdict=st.session_state[VERDICT],
        n=st.session_state[SIZE],
        moment=st.session_state[MOMENT],
        after=st.session_state[MONTHS],
        series=st.session_state[TREATED],
    )


def _read_link() -> None:
    adopt(TOPIC, lambda: asked_choice("topic", (EVERY, *TOPICS), TOPICS[-1]))
    adopt(VERDICT, lambda: asked_choice("verdict", (EVERY, *VERDICTS), EVERY))
    adopt(SIZE, lambda: asked_nearest("n", SIZES, FIRST_SIZE))
    adopt(MOMENT, lambda: asked_choice("moment", tuple(MOMENTS), "diagnosis"))
    adopt(MONTHS, lambda: asked_nearest("after", AFTER, 3))
    adopt(TREATED, lambda: asked_nearest("series", SERIES, 10))


# ------------------------------------------------------------------------------------ the claims


def _show_claims(claims: tuple[Claim, ...]) -> None:
    st.header(say("claims.claims"), anchor="claims")
    st.markdown(_tally(claims))
    filters, size = st.columns([1.7, 1], gap="large")
    with filters:
        _pills(say("claims.topic"), TOPIC, TOPICS, "claims.topics")
        _pills(say("claims.verdict"), VERDICT, VERDICTS, "claims.verdicts")
    with size:
        stepped_choice(say("claims.people"), SIZES, key=SIZE, about=say("claims.people_help"))
    topic, verdict = st.session_state[TOPIC], st.session_state[VERDICT]
    shown = [
        claim
        for claim in claims
        if topic in (EVERY, claim.topic) and verdict in (EVERY, claim.verdict)
    ]
    st.markdown(say("claims.shown", count=len(shown), all=len(claims)))
    if st.session_state[VERDICT] != EVERY:
        st.markdown(load_claims().verdicts[verdict])
    for claim in shown:
        _show_claim(claim)


def _tally(claims: tuple[Claim, ...]) -> str:
    counts = Counter(claim.verdict for claim in claims)
    parts = [f"{counts[name]} {say(f'claims.tally.{name}')}" for name in VERDICTS if counts[name]]
    return say("claims.counted", all=len(claims), parts=", ".join(parts))


def _pills(label: str, key: str, options: tuple[str, ...], names: str) -> None:
    st.pills(
        label,
        (EVERY, *options),
        key=key,
        required=True,
        persist_state="session",
        format_func=lambda one: say(f"{names}.{one}"),
        wrap=True,
    )


def _show_claim(claim: Claim) -> None:
    with st.container(border=True, key=f"claim_{claim.id}"):
        left, right = st.columns([1, 1.35], gap="medium")
        badge = f":{COLOURS[claim.verdict]}-badge[{say(f'claims.verdicts.{claim.verdict}')}]"
        left.markdown(f":small[{say('claims.claimed')}]  \n**{claim.claim}**")
        right.markdown(f":small[{say('claims.published')}] {badge}  \n{claim.evidence}")
        sources = [f":small[**{name}.** {references()[name]}]" for name in claim.citations]
        right.markdown("  \n".join(sources))
        with left:
            _show_tests(claim)
        for place, test in enumerate(claim.tests):
            if st.session_state.get(OPEN) == (claim.id, place):
                _show_result(claim, place, test)


def _show_tests(claim: Claim) -> None:
    for place, test in enumerate(claim.tests):
        if test.kind == "lesson":
            show_lesson(test)
        else:
            _show_button(claim, place, test)


def _show_button(claim: Claim, place: int, test: Check) -> None:
    kind = "survival" if tells_survival(claim.id, place, test) else "plain"
    label = say(f"claims.run.{test.kind}", shows=test.shows.rstrip("."))
    st.button(
        label + say(f"claims.run.{kind}"),
        key=f"run_{claim.id}_{place}",
        on_click=_open,
        args=((claim.id, place),),
    )


def _open(wanted: tuple[str, int] | None) -> None:
    st.session_state[OPEN] = wanted


def _close() -> None:
    _open(None)


def _show_result(claim: Claim, place: int, test: Check) -> None:
    trying = Trying(claim.id, place, test, int(st.session_state[SIZE]), _close)
    with st.container(border=True, key=f"result_{claim.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{say('claims.result')}** {test.shows}", width="stretch")
            st.button(say("claims.close"), key=f"close_{claim.id}", on_click=_close)
        try_or_say(lambda: show_test(trying, study()))


# ----------------------------------------------------------------------------- the anecdote machine


def _show_machine() -> None:
    st.header(say("claims.machine.title"), anchor="anecdotes")
    st.markdown(say("claims.machine.lead"))
    controls, results = st.columns([1, 2.7], gap="large")
    with controls.container(key="controls"):
        asked = _ask()
    with results:
        if not st.session_state.get(MACHINE):
            st.markdown(say("claims.machine.ask"))
            st.button(say("claims.machine.run"), type="primary", on_click=_switch, args=(True,))
            return
        st.button(say("claims.machine.hide"), on_click=_switch, args=(False,))
        try_or_say(lambda: _run(asked))


def _switch(wanted: bool) -> None:
    st.session_state[MACHINE] = wanted


def _ask() -> untreated.Asked:
    moment = st.selectbox(
        say("claims.machine.moment"),
        list(MOMENTS),
        key=MOMENT,
        persist_state="session",
        format_func=_moment_name,
    )
    after = stepped_choice(
        say("claims.machine.after"), AFTER, key=MONTHS, about=say("claims.machine.after_help")
    )
    size = stepped_choice(
        say("claims.machine.size"), SERIES, key=TREATED, about=say("claims.machine.size_help")
    )
    st.markdown(f":small[{say('claims.machine.people', people=st.session_state[SIZE])}]")
    return untreated.Asked(MOMENTS[str(moment)], after, size, int(st.session_state[SIZE]))


def _moment_name(name: str) -> str:
    words = anecdote_words.moment_name(MOMENTS[name])
    return words[:1].upper() + words[1:]


def _run(asked: untreated.Asked) -> None:
    result = untreated.run(study(), asked, "machine", lambda: _switch(False))
    untreated.show_whole(result, "machine")
    show_downloads(untreated.files(result))


# --------------------------------------------------------------------------------- before paying


def _show_asking(asking: Asking) -> None:
    st.header(asking.title, anchor="questions")
    st.markdown(asking.opening)
    st.markdown("\n".join(f"{place}. {text}" for place, text in enumerate(asking.questions, 1)))
    st.markdown(asking.closing)
    st.subheader(say("claims.registers"), anchor=False)
    st.markdown(say("claims.registers_text"))
    lines = [f"- {one.name}:  \n  [{one.address}]({one.address})" for one in asking.registers]
    st.markdown("\n".join(lines))
    st.markdown(f":small[{asking.registers_note}]")
