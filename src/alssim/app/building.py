"""Build a treatment: what it acts on, how strongly, when, for how long, in whom, and its harms.

A built treatment has one effect. It is read by the reader of parameter files, as a link gives it;
words come from the texts of the app alone, and are English in what is computed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from alssim.app.choice import FIRST_MONTH, LAST_MONTH, SIZE_STEP, starts
from alssim.app.link import adopt, asked, note_problems
from alssim.app.steps import explain, stepped_choice, stepped_slider
from alssim.app.text import say
from alssim.errors import ParameterError
from alssim.parameters import Upload, load_treatment, parse_settings
from alssim.parameters.schema import Effect, Treatment
from alssim.parameters.treatment import TARGETS
from alssim.present.language import ENGLISH, speaking
from alssim.quantity import Quantity, described

MOST = 4
NAMES = tuple(f"own-{number}" for number in range(1, MOST + 1))
EFFECT = ("target", "size", "start", "month", "delay", "duration", "responders")
HARMS = ("procedure_death", "procedure_complication")
WORDS = ("summary", "claim", "found", "hypothetical")
LONGEST_DELAY = 24.0
DURATIONS = (1, 3, 6, 12, 24, 36, 60, 120, 600)
PERCENTS = (0, 1, 2, 5, 10, 15, 20, 30)


def start_building(name: str) -> None:
    """Give the controls of a built treatment their first values: from the link, else usual ones."""
    given = _as_linked(name)
    effect = given.effects[0]
    for part in EFFECT:
        adopt(_key(name, part), partial(getattr, effect, part))
    adopt(_key(name, "duration_in"), lambda: _nearest(DURATIONS, effect.duration))
    for part in HARMS:
        adopt(_key(name, part), partial(_percent, getattr(given.harms, part)))


def build(name: str) -> Treatment:
    """Show the controls and return the treatment that they say."""
    quantities = {key: about for key, (_, about) in described(Effect).items()}
    _ask_target(name)
    _slide(name, "size", quantities["size"], SIZE_STEP)
    _ask_start(name, quantities["month"])
    delay = quantities["delay"]
    assert isinstance(delay, Quantity)
    _slide(name, "delay", replace(delay, high=LONGEST_DELAY), 1.0)
    about = say("compare.built.duration_help")
    stepped_choice(
        say("compare.built.duration"), DURATIONS, key=_key(name, "duration_in"), about=about
    )
    _slide(name, "responders", quantities["responders"], SIZE_STEP)
    for part in HARMS:
        words = say(f"compare.built.{part}_help")
        stepped_choice(say(f"compare.built.{part}"), PERCENTS, key=_key(name, part), about=words)
    return built(name, _chosen(name))


def built(name: str, values: Mapping[str, str]) -> Treatment:
    """Return the built treatment with some values that differ, by key within its file."""
    overrides = parse_settings(f"{key}={value}" for key, value in values.items())
    with speaking(ENGLISH):
        found = load_treatment(Upload(f"{name}.toml", _usual_text()), overrides).record
        return built_in_words(found)


def built_in_words(given: Treatment) -> Treatment:
    """Return a built treatment with its words in the language of now."""
    effect = given.effects[0]
    target = say(f"compare.targets.{effect.target}")
    title = say(
        "compare.built.title",
        number=NAMES.index(given.name) + 1,
        target=f"{target[:1].lower()}{target[1:]}",
        percent=f"{100 * effect.size:.0f}",
    )
    return replace(given, title=title, **_words())


def _words() -> dict[str, Any]:
    """Return what is said of any built treatment, by the key within its file."""
    return {part: say(f"compare.built.{part}") for part in WORDS}


def built_changes(name: str) -> dict[str, str]:
    """Return what differs from the usual values, by dotted key, as a link says it."""
    return {f"arms.{name}.{key}": value for key, value in _chosen(name).items()}


def _chosen(name: str) -> dict[str, str]:
    """Return what the controls say and the usual values do not, by key within the file."""
    usual = built(name, {})
    effect = {part: st.session_state[_key(name, part)] for part in EFFECT}
    effect["duration"] = float(st.session_state[_key(name, "duration_in")])
    if effect["start"] != "month":
        effect["month"] = usual.effects[0].month
    harms = {part: st.session_state[_key(name, part)] / 100 for part in HARMS}
    pairs = [
        *((f"effects.1.{part}", effect[part], getattr(usual.effects[0], part)) for part in EFFECT),
        *((f"harms.{part}", harms[part], getattr(usual.harms, part)) for part in HARMS),
    ]
    return {key: _text(value) for key, value, own in pairs if value != own}


def _text(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def _usual_text() -> str:
    """Return the file of a built treatment before anything is changed."""
    words = {"title": say("compare.built.title_short")}
    words |= _words()
    source = say("compare.built.source")
    lines = [f'{key} = "{text}"' for key, text in words.items()]
    size = f'size = {{ value = 0.3, unit = "share", source = "{source}" }}'
    return "\n".join(
        [*lines, "[[effects]]", 'target = "neuron_loss"', size, 'start = "diagnosis"', ""]
    )


def _as_linked(name: str) -> Treatment:
    """Return the treatment as the link has it; the usual one if the reader refuses that."""
    begin, allowed = f"arms.{name}.", {f"effects.1.{part}" for part in EFFECT}
    allowed |= {f"harms.{part}" for part in HARMS}
    given = {
        key.removeprefix(begin): value for key, value in asked().changes if key.startswith(begin)
    }
    try:
        if wrong := sorted(set(given) - allowed):
            raise ParameterError(name, [f"{begin}{key} cannot be changed here" for key in wrong])
        return built(name, given)
    except ParameterError as error:
        note_problems(error.problems)
        return built(name, {})


# ---------------------------------------------------------------------------------- controls


def _ask_target(name: str) -> None:
    st.selectbox(
        say("compare.built.target"),
        TARGETS,
        key=_key(name, "target"),
        persist_state="session",
        format_func=lambda one: say(f"compare.targets.{one}"),
    )


def _ask_start(name: str, month: object) -> None:
    start = st.selectbox(
        say("compare.start"),
        starts(),
        key=_key(name, "start"),
        persist_state="session",
        format_func=lambda one: say(f"compare.starts.{one}"),
    )
    if start == "month":
        assert isinstance(month, Quantity)
        shown = replace(month, low=FIRST_MONTH, high=LAST_MONTH)
        stepped_slider(say("compare.month"), shown, key=_key(name, "month"), step=1.0)


def _slide(name: str, part: str, about: object, step: float) -> None:
    assert isinstance(about, Quantity)
    explain(about)
    stepped_slider(say(f"compare.built.{part}"), about, key=_key(name, part), step=step)


def _key(name: str, part: str) -> str:
    return f"built_{name}_{part}"


def _percent(share: float) -> int:
    return _nearest(PERCENTS, 100 * share)


def _nearest(allowed: Sequence[int], value: float) -> int:
    return min(allowed, key=lambda one: abs(one - value))
