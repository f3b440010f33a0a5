"""Folded sections below a comparison: what else is known of one arm."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import streamlit as st

from alssim.app import comparing
from alssim.app.chart import show_chart
from alssim.app.comparing import Known, Outcome
from alssim.app.link import study
from alssim.app.once import stoppable
from alssim.app.palette import palette
from alssim.app.text import say
from alssim.app.world import UNTREATED
from alssim.errors import AlssimError
from alssim.present import comparison_charts, comparison_words, words
from alssim.present.charts import Palette
from alssim.present.ensemble_words import alive_sentence, caveat_sentences
from alssim.present.language import grouped
from alssim.present.plain_charts import Bar, bars_alt, bars_spec
from alssim.present.words import Names
from alssim.studies.comparison.currencies import Currencies

ABLE, QUALITY, KNOWN = "compare_able", "compare_quality", "compare_known"
"""Session keys: what was asked to be followed month by month; whether quality is shown; what was
asked to be followed in other sets of parameters."""


@dataclass(frozen=True, slots=True)
class Detail:
    """One arm of a comparison, and the month at which people are counted."""

    found: Outcome
    names: Names
    month: float
    arm: int

    @property
    def name(self) -> str:
        """The arm's name."""
        return self.found.whole.arms[self.arm]

    @property
    def treated(self) -> bool:
        """Whether the arm is a treatment, not usual care held against one."""
        return self.name != UNTREATED

    @property
    def pinned(self) -> bool:
        """Whether gains are counted against another arm than usual care."""
        return self.found.whole.arms[0] != UNTREATED


@dataclass(frozen=True, slots=True)
class More:
    """What was asked for besides: findings with function, other worlds, quality."""

    found: Outcome
    able: bool
    quality: bool
    known: Known | None


def show(detail: Detail) -> More:
    """Show the sections; return what else is now known."""
    st.header(say("compare.more_sections"), anchor=False)
    with st.expander(say("compare.lived_title")):
        _show_stays(detail)
    four = st.container()
    with st.expander(say("compare.able_title")):
        richer = _show_able(detail)
    with four, st.expander(say("compare.four_title")):
        _show_currencies(detail, richer or detail.found)
    with st.expander(say("compare.harms_title")):
        _show_harms(detail)
    with st.expander(say("compare.quality_title")):
        _show_quality(detail, richer or detail.found)
    known = None
    if comparing.has_ensemble():
        with st.expander(say("compare.known_title")):
            known = _show_known(detail)
    quality = bool(st.session_state.get(QUALITY))
    return More(richer or detail.found, richer is not None, quality, known)


# ------------------------------------------------------------------------------ at once


def _show_stays(detail: Detail) -> None:
    whole, found, arm = detail.found.whole, detail.found.found.stays, detail.arm
    st.markdown(comparison_words.stays_sentence(whole, found["documents"], arm, detail.names))
    spec = comparison_charts.stays_spec(whole, found["documents"], palette(), detail.names, arm)
    alt = comparison_charts.stays_alt(whole, found["documents"], detail.names, arm)
    show_chart(spec, key="stays", alt=alt)
    st.markdown(comparison_words.stays_sentence(whole, found["ventilation"], arm, detail.names))


def currency_lines(found: Currencies) -> list[tuple[str, str, str]]:
    """Return the name of each currency, the effect in it, and how to read it."""
    parts = comparison_words.currency_parts(found)
    by_chance = [words.more_or_fewer(round(end)) for end in (found.people.low, found.people.high)]
    gained = comparison_words.gained_between(found.months)
    reading = {
        "loss": say("compare.loss_meaning"),
        "ratio": say("compare.ratio_meaning"),
        "months": say("compare.months_meaning", interval=gained),
        "people": say("compare.people_meaning", low=by_chance[0], high=by_chance[1]),
    }
    return [(say(f"compare.four_{name}"), part, reading[name]) for name, part in parts.items()]


def _show_currencies(detail: Detail, found: Outcome) -> None:
    own = found.found.currencies[detail.arm - 1]
    lines = [f"- **{name}**: {part} ({reading})." for name, part, reading in currency_lines(own)]
    if "loss" not in comparison_words.currency_parts(own):
        unknown = say("compare.four_loss_unknown")
        lines.insert(0, f"- **{say('compare.four_loss')}**: {unknown}.")
    st.markdown(say("compare.four"))
    st.markdown("\n".join(lines))
    differences = detail.found.found.differences[detail.arm - 1]
    whole, arm, names = detail.found.whole, detail.arm, detail.names
    st.markdown(comparison_words.ratio_sentence(whole, differences.ratio, arm, names))
    if not detail.pinned:
        st.markdown(comparison_words.precision_sentence(whole, differences, arm, names))


def _show_harms(detail: Detail) -> None:
    if not detail.treated:
        st.markdown(say("compare.harms_none"))
        return
    harm = detail.found.found.harms[detail.arm - 1]
    st.markdown(comparison_words.harm_sentence(detail.found.whole, harm, detail.arm, detail.names))
    st.markdown(f":small[{say('compare.harms_text')}]")


# ------------------------------------------------------------------------------ on a click


def _show_quality(detail: Detail, found: Outcome) -> None:
    opened = bool(st.session_state.get(QUALITY))
    st.markdown(say("compare.quality"))
    words_of = say("compare.quality_hide" if opened else "compare.quality_show")
    st.button(words_of, key="quality_button", on_click=_set, args=(QUALITY, not opened))
    if opened:
        for sentence in quality_sentences(detail, found):
            st.markdown(sentence)


def quality_sentences(detail: Detail, found: Outcome) -> list[str]:
    """Say what the ratings make of the gained time, and what it costs where a price is given."""
    whole, arm, names = found.whole, detail.arm, detail.names
    said = [comparison_words.quality_sentence(whole, found.found.quality, arm, names)]
    if costs := found.found.costs.get(arm):
        said.append(comparison_words.cost_sentence(whole, costs, arm, names))
    elif detail.treated:
        said.append(say("compare.no_cost"))
    return said


def _show_able(detail: Detail) -> Outcome | None:
    """Follow function where that was asked for; return the findings with it."""
    st.markdown(say("compare.able"))
    asked = (study().key, detail.found.asked.followed)
    if not _asked_for(ABLE, asked, "able"):
        return None
    patients = grouped(detail.found.asked.patients)
    with stoppable(say("compare.able_working", patients=patients), ABLE, _stop(ABLE)) as progress:
        function = comparing.function(detail.found.asked, study(), progress)
        found = comparing.outcome(detail.found.asked, detail.month, study(), progress, function)
    bars = able_bars(detail, found)
    title = comparison_words.told()["able"]["short"]
    top = max(max(bar.value, bar.beside) for bar in bars)
    sentences = able_sentences(detail, found)
    usual, arm = (words.arm_name(found.whole.arms[k], detail.names) for k in (0, detail.arm))
    alt = bars_alt(bars, title, (f"({usual})", f"({arm})"))
    spec = bars_spec(bars, title, top, _two_colours(detail.arm))
    show_chart(spec, key="able", alt=alt)
    st.markdown(f":small[{say('compare.able_bars', usual=usual, arm=arm)}]")
    st.markdown("\n".join(f"- {sentence}" for sentence in sentences))
    return found


def _two_colours(arm: int) -> Palette:
    """Return the palette in which the second mark is that of an arm."""
    shown = palette()
    return replace(shown, marks=(shown.mark(0), shown.mark(arm)))


def able_bars(detail: Detail, found: Outcome) -> list[Bar]:
    """Return months without help: with the baseline, and beside it with the arm."""
    what = comparison_words.told()["able"]["what"]
    return [
        Bar(_capital(what.get(one.name, one.name)), *(one.months[k].value for k in (0, detail.arm)))
        for one in found.found.able
    ]


def able_sentences(detail: Detail, found: Outcome) -> list[str]:
    """Say what people do longer or shorter without help, and how their scores differ."""
    whole, arm, names = found.whole, detail.arm, detail.names
    said = [comparison_words.able_sentence(whole, one, arm, names) for one in found.found.able]
    scores = [one for one in found.found.scores if one.month == detail.month]
    return said + [comparison_words.score_sentence(whole, one, arm, names) for one in scores]


def _show_known(detail: Detail) -> Known | None:
    """Follow the arms in other sets of parameters where that was asked for."""
    st.markdown(say("compare.known"))
    asked = detail.found.asked
    if not _asked_for(KNOWN, (study().key, asked), "known"):
        return None
    try:
        with stoppable(say("compare.known_working"), KNOWN, _stop(KNOWN)) as progress:
            known = comparing.in_other_worlds(asked, detail.found.whole, study(), progress)
    except AlssimError as problem:
        st.error(say("compare.refused"))
        st.text(str(problem))
        return None
    many, arm, names = known.many, detail.arm, detail.names
    st.markdown(comparison_words.worlds_sentence(many, arm, names))
    spec = comparison_charts.worlds_spec(many, palette(), names, arm)
    alt = comparison_charts.worlds_alt(many, names, arm, detail.month)
    show_chart(spec, key="known", alt=alt)
    filled, dotted = comparison_charts.bands_legend(many)
    st.markdown(f":small[{_capital(filled)}; {dotted}.]")
    st.markdown(alive_sentence(many, detail.month, names))
    st.markdown("\n".join(f"- {sentence}" for sentence in known_caveats(known)))
    return known


def known_caveats(known: Known) -> list[str]:
    """Say what the sets are, and what they leave out."""
    worlds = known.worlds
    return list(caveat_sentences(worlds.ensemble.file, len(worlds.settings), worlds.kept))


def _asked_for(key: str, asked: object, name: str) -> bool:
    """Show the button of long work; return whether it was pressed for just this."""
    wanted = st.session_state.get(key) == asked
    label = say(f"compare.{name}_hide" if wanted else f"compare.{name}_show")
    st.button(label, key=f"{key}_button", on_click=_set, args=(key, None if wanted else asked))
    return wanted


def _stop(key: str) -> Callable[[], None]:
    return lambda: _set(key, None)


def _set(key: str, value: object) -> None:
    st.session_state[key] = value


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
