"""The address bar: what a shared link holds, read with suspicion and written only on change.

Whatever a link says, the values that come out are allowed ones: numbers are held within their
limits and unknown words fall back to the default.
"""

from collections.abc import Sequence

import streamlit as st

LONGEST = 40


def asked_number(name: str, low: int, high: int, default: int) -> int:
    """Return a whole number from the link, held within ``low`` to ``high``."""
    raw = _raw(name)
    digits = raw.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()):
        return default
    return min(max(int(raw), low), high)


def asked_share(name: str, low: float, high: float, default: float) -> float:
    """Return a share from the link, where it is written in percent."""
    if not _raw(name):
        return default
    return asked_number(name, round(100 * low), round(100 * high), round(100 * default)) / 100


def asked_choice(name: str, allowed: Sequence[str], default: str) -> str:
    """Return a word from the link if it is an allowed one."""
    raw = _raw(name)
    return raw if raw in allowed else default


def remember(**values: str | int) -> None:
    """Write values into the link; those that have not changed are left alone."""
    for name, value in values.items():
        if st.query_params.get(name) != str(value):
            st.query_params[name] = str(value)


def forget(*names: str) -> None:
    """Take values out of the link."""
    for name in names:
        st.query_params.pop(name, None)


def _raw(name: str) -> str:
    raw = st.query_params.get(name, "")
    return raw if len(raw) <= LONGEST else ""
