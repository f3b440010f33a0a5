"""Long work that many visitors may ask for: done once, kept for a while, stopped by a click."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Generic, Protocol, TypeVar

import streamlit as st

from alssim.app.text import say

T = TypeVar("T")
PATIENCE = 0.3
"""Seconds between two looks at work that somebody else does."""


class Bar(Protocol):
    """Hears what is done of all, and in words what is being done where that changes."""

    def __call__(self, done: int, whole: int, words: str = "") -> None:
        """Show it; a visitor's click on *Stop* is heard here."""


def _nothing() -> None:
    """Wait in silence."""


class Shelf(Generic[T]):
    """Keeps the last results by what was asked; the same thing is never computed twice at once."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: OrderedDict[Hashable, T] = OrderedDict()
        self._busy: dict[Hashable, Lock] = {}
        self._door = Lock()

    def once(
        self, asked: Hashable, compute: Callable[[], T], wait: Callable[[], object] = _nothing
    ) -> T:
        """Return what ``compute`` gives, or what it gave before.

        While somebody else computes it ``wait`` is called again and again; it may raise to give
        up. If they give up themselves, the next one in the queue computes.
        """
        with self._door:
            lock = self._busy.setdefault(asked, Lock())
        while not lock.acquire(timeout=PATIENCE):
            wait()
        try:
            with self._door:
                if asked in self._kept:
                    self._kept.move_to_end(asked)
                    return self._kept[asked]
            found = compute()
            with self._door:
                self._kept[asked] = found
                while len(self._kept) > self._size:
                    self._busy.pop(self._kept.popitem(last=False)[0], None)
            return found
        finally:
            lock.release()


@contextmanager
def stoppable(label: str, key: str, stop: Callable[[], None]) -> Iterator[Bar]:
    """Show how far work is, with a button that calls ``stop``; both go when it is done.

    The button stays the same while the bar moves, so that no click is lost.
    """
    place = st.empty()
    with place.container():
        bar = st.progress(0.0, label)
        st.button(say("working.stop"), key=f"{key}_stop", on_click=stop)

    def progress(done: int, whole: int, words: str = "") -> None:
        bar.progress(min(done / max(whole, 1), 1.0), words or label)

    yield progress
    place.empty()
