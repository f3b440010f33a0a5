"""A slider with a step button on each side: dragging is never needed."""

from collections.abc import Callable, Sequence

import streamlit as st

from alssim.app.text import say
from alssim.present.naming import meaning_of, unit_of
from alssim.quantity import Quantity


def stepped_slider(label: str, about: Quantity, *, key: str, step: float) -> float:
    """Show a slider for a described number; its value lives in the session under ``key``.

    The range comes from the description. Numbers between 0 and 1 are shown in percent.
    """
    share = (about.low, about.high) == (0, 1)
    low, high = float(about.low), float(about.high)
    words = f"{100 * step:g}%" if share else f"{step:g}"
    with _row(key):
        _step_button(f"−{words}", key, -step, low, high)
        value = st.slider(
            label,
            low,
            high,
            step=step,
            key=key,
            persist_state="session",
            format="percent" if share else "%d",
        )
        _step_button(f"+{words}", key, step, low, high)
    return float(value)


def explain(about: Quantity) -> None:
    """Say what a described number means and which values it takes, in sight of everybody."""
    scale, unit = (100, "%") if (about.low, about.high) == (0, 1) else (1, about.unit)
    limits = say("steps.limits", low=f"{scale * about.low:g}", high=f"{scale * about.high:g}")
    meaning = meaning_of(about.meaning)
    _small(say("steps.meaning", meaning=meaning, limits=limits, unit=unit_of(unit)))


def stepped_choice(label: str, options: Sequence[int], *, key: str, about: str) -> int:
    """Show a slider over a few numbers, with step buttons; its value lives under ``key``."""
    with _row(key):
        _choice_button(say("steps.fewer"), key, -1, options)
        value = st.select_slider(label, options, key=key, persist_state="session")
        _choice_button(say("steps.more"), key, 1, options)
    _small(about)
    return int(value)


def _row(key: str) -> st.delta_generator.DeltaGenerator:
    return st.container(
        key=f"steps_{key}", horizontal=True, vertical_alignment="bottom", gap="small"
    )


def _small(words: str) -> None:
    st.markdown(f":small[{words}]")


def _step_button(label: str, key: str, step: float, low: float, high: float) -> None:
    def move() -> None:
        moved = st.session_state[key] + step
        st.session_state[key] = round(min(max(moved, low), high), 6)

    _button(label, key, step < 0, move)


def _choice_button(label: str, key: str, step: int, options: Sequence[int]) -> None:
    def move() -> None:
        place = options.index(st.session_state[key]) + step
        st.session_state[key] = options[min(max(place, 0), len(options) - 1)]

    _button(label, key, step < 0, move)


def _button(label: str, key: str, less: bool, move: Callable[[], None]) -> None:
    st.button(label, key=f"{key}_{'less' if less else 'more'}", on_click=move)


def stepped_number(
    label: str,
    *,
    key: str,
    low: int,
    high: int,
    about: str,
    on_change: Callable[[], None] | None | None,
) -> int:
    """Show a whole number that is typed or stepped; its value lives under ``key``."""
    value = st.number_input(
        label, low, high, step=1, key=key, on_change=on_change, persist_state="session"
    )
    _small(about)
    return int(value)
