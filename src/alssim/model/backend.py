"""Choose between the two back ends; they give the same bits, so the choice is never seen."""

import importlib.util
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from alssim.errors import UsageError
from alssim.model import course as numpy_course
from alssim.model import damage
from alssim.model import silence as numpy_silence
from alssim.model.compiled import forget, is_kept, mark_kept
from alssim.model.ledger import Kept, Outcome
from alssim.model.physics import Physics
from alssim.model.state import CountArray, Effects, Luck, Onset

Backend = Literal["auto", "numpy", "numba"]
# Lanes (patients x arms) from which loading numba, or compiling it, costs less than it saves.
LOADING_PAYS_FROM, COMPILING_PAYS_FROM = 200, 50_000
MOST_IN_A_BYTE = 255
_loaded, _broken, _loading = threading.Event(), threading.Event(), threading.RLock()


class Silent(Protocol):
    """Follow patients from the first pathology to the first symptom."""

    def __call__(
        self,
        luck: Luck,
        physics: Physics,
        effects: Effects | None = None,
        until: Onset | None = None,
    ) -> Onset:
        """Return the state at the first symptom."""
        ...


class Course(Protocol):
    """Follow patients from the first symptom to death."""

    def __call__(
        self,
        luck: Luck,
        physics: Physics,
        onset: Onset,
        months: int,
        effects: Effects | None = None,
        record: bool = False,
        latent: bool = False,
    ) -> Outcome:
        """Return what happened, and when."""
        ...


class Fork(NamedTuple):
    """How a back end keeps the state of a course at a month, and begins another course there."""

    keep: Callable[..., tuple[Outcome, Kept]]
    since: Callable[..., Outcome]


@dataclass(frozen=True, slots=True)
class Engine:
    """One back end: its functions, and how many patients it takes at a time."""

    name: str
    silent: Silent
    course: Course
    lost_table: Callable[[NDArray[np.uint16]], CountArray]
    chunk: int
    fork: Fork | None = None


NUMPY = Engine(
    "numpy",
    numpy_silence.silent,
    numpy_course.course,
    damage.lost_table,
    16384,
    Fork(numpy_course.course_kept, numpy_course.course_since),
)


def has_numba() -> bool:
    """Say whether the fast back end is installed."""
    return importlib.util.find_spec("numba") is not None


def numba_engine() -> Engine:
    """Load the fast back end; the first time compiles it, later ones read it from disk."""
    if not has_numba():
        raise UsageError(
            'backend "numba" is not installed; pip install "alssim[fast]", or use "numpy"'
        )
    from alssim.model import fast

    fork = Fork(fast.course_kept, fast.course_since)
    return Engine("numba", fast.silent, fast.course, fast.lost_table, 2048, fork)


def choose(backend: str, lanes: int, neurons: int = 0) -> Engine:
    """Return the engine for so many patients x arms of so many neurons a pool.

    "auto" takes numpy where numba is missing or cannot be loaded: the bits are the same.
    """
    if backend not in ("auto", "numpy", "numba"):
        raise UsageError(f'backend {backend!r} is unknown; known: "auto", "numpy", "numba"')
    if backend == "numba":
        return numba_engine()
    if backend == "auto" and has_numba() and _pays(lanes, neurons):
        return _loaded_engine() or NUMPY
    return NUMPY


def _pays(lanes: int, neurons: int) -> bool:
    """Say whether it pays to load the compiled engine, or to compile it."""
    if lanes >= COMPILING_PAYS_FROM:
        return True
    usual = neurons <= MOST_IN_A_BYTE  # only tables of bytes are compiled beforehand
    return usual and (_loaded.is_set() or (lanes >= LOADING_PAYS_FROM and is_kept()))


def _loaded_engine() -> Engine | None:
    """Return the compiled engine once it has run here; None where it cannot.

    What is kept on disk may be damaged, and numba may not fit numpy or this machine. Then what is
    kept is taken away, and numpy does the work.
    """
    from alssim.model.arms import try_out

    with _loading:
        if _broken.is_set():
            return None
        try:
            engine = numba_engine()
            if not _loaded.is_set():
                try_out(engine)
        except Exception:
            _broken.set()
            forget()
            return None
        mark_kept()
        _loaded.set()
        return engine


def warm_up() -> None:
    """Load the fast back end, if installed, and use it from now on. Safe in a thread of its own."""
    if has_numba():
        _loaded_engine()
