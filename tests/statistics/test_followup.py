"""Follow-up: who is at risk when, windows, and arrays that nobody can change."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.statistics.samples import at_risk, cohorts, unpack

from alssim.errors import UsageError
from alssim.statistics.followup import count_at_risk, follow_up
from alssim.statistics.stages import occupancy, passages

Cohort = list[tuple[float, bool, int, int]]


def test_who_enters_at_a_time_is_not_at_risk_then_who_leaves_is() -> None:
    time, entry = np.array([3.0, 5.0]), np.array([0.0, 3.0])
    assert count_at_risk(time, entry, np.array([0.0, 3.0, 3.5, 5.0, 6.0])).tolist() == [
        0,
        1,
        1,
        1,
        0,
    ]


@settings(deadline=None, derandomize=True, max_examples=60)
@given(
    cohort=cohorts,
    late=st.booleans(),
    begin=st.none() | st.integers(0, 20).map(float),
    long=st.none() | st.integers(1, 20).map(float),
)
def test_within_a_window_the_risk_sets_are_the_same(
    cohort: Cohort, late: bool, begin: float | None, long: float | None
) -> None:
    time, event, entry, _ = unpack(cohort, late)
    data, until = follow_up(time, event, entry), None if long is None else (begin or 0) + long
    start = np.full(len(time), -np.inf) if entry is None else entry
    first = start if begin is None else np.maximum(start, begin)
    overlap = first < (time if until is None else np.minimum(time, until))
    if not overlap.any():
        with pytest.raises(UsageError, match="nobody is followed between"):
            data.within(begin, until)
        return
    part, who = data.within(begin, until)
    assert (who == overlap).all()
    assert part.patients == who.sum()
    for t in np.arange(0.5, 31, 0.5):
        inside = (begin is None or t > begin) and (until is None or t <= until)
        assert at_risk(part.time, part.entry, t).sum() == inside * at_risk(time, entry, t).sum()
        assert np.sum(part.event & (part.time == t)) == inside * np.sum(event & (time == t))


def test_arrays_cannot_be_changed_yet_the_callers_can() -> None:
    time, event, entry = np.array([1.0, 2.0]), np.array([True, False]), np.array([0.0, 1.0])
    data = follow_up(time, event, entry)
    for row in (data.time, data.event, data.entry):
        assert row is not None
        with pytest.raises(ValueError, match="read-only"):
            row[0] = 0
    months, reached, until = np.array([1.0]), np.array([[1.0]]), np.array([3.0])
    occupancy(passages(reached, until), months)
    for mine in (time, event, entry, months, reached, until):
        mine[0] = 1


def test_an_empty_window() -> None:
    with pytest.raises(UsageError, match="nobody is followed between 5 and 9"):
        follow_up([3, 4], [True, True]).within(5, 9)
