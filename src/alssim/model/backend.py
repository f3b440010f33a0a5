"""Choose between the two back ends; they give the same bits, so the choice is never seen."""

import importlib.util
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from alssim.errors import UsageError
from alssim.model import course as numpy_course
from alssim.model import damage
from alssim.model import neurons as numpy_neurons
from alssim.model.compiled import is_kept
from alssim.model.ledger import Outcome
from alssim.model.physics import Physics
from alssim.model.state import CountArray, Effects, Luck, Onset

Backend = Literal["auto", "numpy", "numba"]
# Lanes (patients x arms) from which loading numba, or compiling it, costs less than it saves.
LOADING_PAYS_FROM, COMPILING_PAYS_FROM = 200, 50_000
_loaded = threading.Event()


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


@dataclass(frozen=True, slots=True)
class Engine:
    """One back end: its three functions, and how many patients it takes at a time."""

    name: str
    silent: Silent
    course: Course
    lost_table: Callable[[NDArray[np.uint16]], CountArray]
    chunk: int


NUMPY = Engine("numpy", numpy_neurons.silent, numpy_course.course, damage.lost_table, 8192)


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

    return Engine("numba", fast.silent, fast.course, fast.lost_table, 2048)


def choose(backend: str, lanes: int) -> Engine:
    """Return the engine for so many patients x arms."""
    if backend not in ("auto", "numpy", "numba"):
        raise UsageError(f'backend {backend!r} is unknown; known: "auto", "numpy", "numba"')
    if backend == "numba" or (backend == "auto" and has_numba() and _pays(lanes)):
        return numba_engine()
    return NUMPY


def _pays(lanes: int) -> bool:
    if _loaded.is_set() or lanes >= COMPILING_PAYS_FROM:
        return True
    return lanes >= LOADING_PAYS_FROM and is_kept()


def warm_up() -> None:
    """Load the fast back end, if installed, and use it from now on. Safe in a thread of its own."""
    if not has_numba():
        return
    from alssim.model.arms import try_out

    try_out(numba_engine())
    _loaded.set()
