"""Get ready once per process, so that nobody waits at the first click."""

import gc
from threading import Thread

import streamlit as st

from alssim.app.world import cohort, treatment, treatments, twins
from alssim.model.backend import warm_up
from alssim.studies.comparison import compare


@st.cache_resource(show_spinner=False)
def prepare() -> Thread:
    """Compile and compute the first cohort beside the first page.

    Python looks through all objects for garbage now and then, and everybody waits meanwhile;
    freezing what lives for ever makes that short.
    """
    _freeze()
    beside = Thread(target=_compute, name="warm-up", daemon=True)
    beside.start()
    return beside


def _compute() -> None:
    warm_up()
    cohort()
    compare(twins([treatment(treatments()[0])], patients=20))
    _freeze()


def _freeze() -> None:
    gc.collect()
    gc.freeze()
