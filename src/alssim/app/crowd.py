"""The virtual people of *The cohort*: followed part by part, with progress and a way to stop."""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

import streamlit as st

from alssim.app.keeping import kept
from alssim.app.study import Study
from alssim.app.world import HORIZON, UNTREATED, treatment
from alssim.model.record import RunRecord, record_of
from alssim.parameters.schema import Scenario
from alssim.studies.cohort import Cohort, follow_part, join_parts

PART = 500
"""People followed at once; between two parts a click is heard."""

Progress = Callable[[int], None]


def gather(study: Study, count: int, progress: Progress) -> Cohort:
    """Return ``count`` virtual people of a study; ``progress`` is called with those done.

    Parts are kept for everybody, so who asks for the same people waits for nothing; parts that
    rest on a visitor's own file are kept in the visit alone.
    """
    if study.private:
        return kept("crowd", (study, count), lambda: _gathered(study, count, progress))
    return _gathered(study, count, progress)


def followed_scenario(study: Study) -> Scenario:
    """Return what is simulated: usual care, without an added treatment, for ten years."""
    return replace(study.record, arms=(treatment(UNTREATED),), horizon=HORIZON)


def crowd_record(study: Study, count: int) -> RunRecord:
    """Return the run record of ``count`` people of a study."""
    return _record(study, count) if study.private else _shared_record(study, count)


@lru_cache(maxsize=256)
def _shared_record(study: Study, count: int) -> RunRecord:
    return _record(study, count)


def _record(study: Study, count: int) -> RunRecord:
    return record_of(replace(followed_scenario(study), patients=count))


def _gathered(study: Study, count: int, progress: Progress) -> Cohort:
    parts = []
    for first in range(0, count, PART):
        progress(first)
        size = min(PART, count - first)
        follow = _followed if study.private else _shared_part
        parts.append(follow(study.key, first, size, study))
    progress(count)
    return join_parts(parts)


def _followed(key: str, first: int, count: int, study: Study) -> Cohort:
    return follow_part(followed_scenario(study), first, count)


@st.cache_data(max_entries=120, show_spinner=False)
def _shared_part(key: str, first: int, count: int, _study: Study) -> Cohort:
    return _followed(key, first, count, _study)
