"""Change a preset: the size of each effect and when it starts. Controls come from the schema."""

from dataclasses import dataclass, replace
from functools import partial

import streamlit as st

from alssim.app.link import adopt, asked, note_problems
from alssim.app.steps import explain, stepped_slider
from alssim.app.text import say
from alssim.errors import ParameterError
from alssim.parameters import load_treatment, parse_settings
from alssim.parameters.schema import Effect, Treatment
from alssim.quantity import Choice as Words
from alssim.quantity import Quantity, described

SIZE_STEP = 0.05
FIRST_MONTH, LAST_MONTH = -60, 120


@dataclass(frozen=True, slots=True)
class Choice:
    """Size of each effect (0-1), and the start that all of them share."""

    sizes: tuple[float, ...]
    start: str
    month: float

    def applied(self, preset: Treatment) -> Treatment:
        """Return the treatment with these sizes and this start; unchanged it is the preset."""
        own = of_preset(preset)
        sized = (
            replace(effect, size=size)
            for effect, size in zip(preset.effects, self.sizes, strict=True)
        )
        if (self.start, self.month) == (own.start, own.month):
            return replace(preset, effects=tuple(sized))
        moved = (replace(effect, start=self.start, month=self.month) for effect in sized)
        return replace(preset, effects=tuple(moved))


def of_preset(preset: Treatment) -> Choice:
    """Return what a preset has chosen."""
    first = preset.effects[0]
    return Choice(tuple(effect.size for effect in preset.effects), first.start, first.month)


def start_choice(preset: Treatment) -> None:
    """Give the controls of a preset their first values: from the link, else from the preset."""
    given = of_preset(_as_linked(preset))
    for place, size in enumerate(given.sizes):
        adopt(_key(preset, place), partial(float, size))
    adopt(_key(preset, "start"), partial(str, given.start))
    adopt(_key(preset, "month"), partial(float, given.month))


def _as_linked(preset: Treatment) -> Treatment:
    """Return the preset as the link changes it; the preset itself if the reader refuses that."""
    begin = f"arms.{preset.name}."
    changes = {key: value for key, value in asked().changes if key.startswith(begin)}
    texts = [f"{key.removeprefix(begin)}={value}" for key, value in changes.items()]
    try:
        return load_treatment(preset.name, parse_settings(texts)).record
    except ParameterError as error:
        note_problems(error.problems)
        return preset


def choose_effects(preset: Treatment) -> Choice:
    """Show the controls of a preset and return what they say."""
    about = described(Effect)
    size, month = about["size"][1], about["month"][1]
    assert isinstance(size, Quantity) and isinstance(month, Quantity)
    explain(size)
    sizes = tuple(
        stepped_slider(
            say(f"compare.targets.{effect.target}"), size, key=_key(preset, place), step=SIZE_STEP
        )
        for place, effect in enumerate(preset.effects)
    )
    start = st.selectbox(
        say("compare.start"),
        starts(),
        key=_key(preset, "start"),
        persist_state="session",
        format_func=lambda one: say(f"compare.starts.{one}"),
    )
    if start == "month":
        shown = replace(month, low=FIRST_MONTH, high=LAST_MONTH)
        stepped_slider(say("compare.month"), shown, key=_key(preset, "month"), step=1.0)
    key = f"{_key(preset, 'start')}_reset"
    st.button(say("compare.reset"), on_click=_reset, args=(preset,), key=key)
    return Choice(sizes, start, float(st.session_state[_key(preset, "month")]))


def changed_values(preset: Treatment, choice: Choice) -> dict[str, str]:
    """Return what differs from the preset, by dotted key, as a scenario file would say it."""
    own = of_preset(preset)
    effects = range(1, len(choice.sizes) + 1)
    begin = f"arms.{preset.name}.effects"
    found = {
        f"{begin}.{number}.size": f"{choice.sizes[number - 1]:g}"
        for number in effects
        if choice.sizes[number - 1] != own.sizes[number - 1]
    }
    if (choice.start, choice.month) != (own.start, own.month):
        found |= {f"{begin}.{number}.start": choice.start for number in effects}
        if choice.start == "month":
            found |= {f"{begin}.{number}.month": f"{choice.month:g}" for number in effects}
    return found


def starts() -> tuple[str, ...]:
    """Return what an effect can start at."""
    about = described(Effect)["start"][1]
    assert isinstance(about, Words)
    return about.options


def _key(preset: Treatment, part: int | str) -> str:
    return f"effect_{preset.name}_{part}"


def _reset(preset: Treatment) -> None:
    own = of_preset(preset)
    for place, size in enumerate(own.sizes):
        st.session_state[_key(preset, place)] = size
    st.session_state[_key(preset, "start")] = own.start
    st.session_state[_key(preset, "month")] = float(own.month)
