"""Results that everybody shares: each is computed once, however many ask for it at once."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Once(Generic[T]):
    """The results asked for last, by what they depend on; results must not be changed.

    Unlike Streamlit's own caches it lets the computation show its progress. Who asks for what
    somebody else is computing waits for it; work that is broken off leaves nothing behind.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: OrderedDict[Hashable, T] = OrderedDict()
        self._working: dict[Hashable, Lock] = {}
        self._guard = Lock()

    def value(self, asked: Hashable, compute: Callable[[], T]) -> T:
        """Return the result for what is asked; computed by ``compute`` if nobody has yet."""
        with self._guard:
            if asked in self._held:
                self._held.move_to_end(asked)
                return self._held[asked]
            work = self._working.setdefault(asked, Lock())
        with work:
            if asked in self._held:
                return self._held[asked]
            try:
                found = compute()
                self._keep(asked, found)
            finally:
                self._working.pop(asked, None)
        return found

    def _keep(self, asked: Hashable, found: T) -> None:
        with self._guard:
            self._held[asked] = found
            while len(self._held) > self._most:
                self._held.popitem(last=False)
