"""Get ready once per process, so that nobody waits at the first click."""

import gc
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from threading import Thread

import streamlit as st

from alssim.app.world import cohort, treatment, treatments, twins
from alssim.model.backend import has_numba, warm_up
from alssim.model.compiled import folder, is_kept
from alssim.studies.comparison import compare

COMPILE = """
import os, threading
from alssim.model.backend import warm_up

def end_with_the_server():
    os.read(0, 1)
    os._exit(1)

threading.Thread(target=end_with_the_server, daemon=True).start()
getattr(os, "nice", int)(10)
warm_up()
"""


@st.cache_resource(show_spinner=False)
def prepare() -> Thread:
    """Compile and compute the first cohort beside the first page.

    Python looks through all objects for garbage now and then, and everybody waits meanwhile;
    freezing what lives for ever makes that short.
    """
    _freeze()
    beside = Thread(target=make_ready, name="warm-up", daemon=True)
    beside.start()
    return beside


@contextmanager
def compiling() -> Iterator[None]:
    """Compile the fast engine meanwhile, where that is still to do, in a process of its own.

    A compiler in a thread of this process would hold up whoever clicks.
    """
    if not has_numba() or is_kept():
        yield
        return
    with subprocess.Popen(
        [sys.executable, "-c", COMPILE],
        env={**os.environ, "NUMBA_CACHE_DIR": str(folder().parent)},
        stdin=subprocess.PIPE,  # ends with this process
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as compiler:
        yield
        compiler.wait()


def make_ready() -> None:
    """Do what the first click would wait for; where numba does not work, numpy does."""
    with compiling():
        import_module("pandas")  # Streamlit loads it for the first chart
        cohort()
        compare(twins([treatment(treatments()[0])], patients=20))
    if is_kept():
        warm_up()
    _freeze()


def _freeze() -> None:
    gc.collect()
    gc.freeze()
