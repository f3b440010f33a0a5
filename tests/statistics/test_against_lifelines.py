"""Survival curves held against lifelines, an independent package."""

import sys
import warnings

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from alssim.statistics.survival import kaplan_meier, median, restricted_mean

if sys.version_info >= (3, 15):
    pytest.skip("lifelines cannot be installed on Python 3.15 yet", allow_module_level=True)

with warnings.catch_warnings():  # another project's warnings are not ours to fix
    warnings.simplefilter("ignore")
    import pandas
    from lifelines import KaplanMeierFitter
    from lifelines.utils import median_survival_times, restricted_mean_survival_time

months = st.integers(1, 60).map(float)  # whole months: many ties


@settings(deadline=None, derandomize=True, max_examples=40)
@given(
    cohort=st.lists(st.tuples(months, st.booleans(), st.integers(0, 59)), min_size=1, max_size=30),
    late=st.booleans(),
)
def test_lifelines_agrees(cohort: list[tuple[float, bool, int]], late: bool) -> None:
    # One patient is followed throughout, so that the curve never reaches 0 (there lifelines gives
    # no useful interval). Entries lie at half months: a tie of entry and death is counted
    # differently there.
    everyone = [*cohort, (61.0, False, 0)]
    time, event, begin = (np.array(row, dtype=float) for row in zip(*everyone, strict=True))
    entry = np.minimum(begin, time - 1) + 0.5 if late else None
    if entry is not None:
        entry[-1] = 0
    assume(event.any())
    ours = kaplan_meier(time, event, entry)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = KaplanMeierFitter().fit(time, event, entry=entry)
    table = theirs.event_table.loc[ours.times]
    assert (table["at_risk"].to_numpy() == ours.at_risk).all()
    assert (table["observed"].to_numpy() == ours.events).all()
    limits: pandas.DataFrame = theirs.confidence_interval_.loc[ours.times]
    np.testing.assert_allclose(np.ravel(theirs.predict(ours.times)), ours.survival, atol=1e-12)
    np.testing.assert_allclose(limits.iloc[:, 0], ours.lower, atol=1e-9)
    np.testing.assert_allclose(limits.iloc[:, 1], ours.upper, atol=1e-9)


def test_lifelines_agrees_on_median_and_mean() -> None:
    time = np.round(stats.weibull_min.rvs(1.4, scale=35, size=400, random_state=1), 2)
    event = time < 60
    time = np.minimum(time, 60)
    ours = kaplan_meier(time, event)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = KaplanMeierFitter().fit(time, event)
        limits = median_survival_times(theirs.confidence_interval_).to_numpy()[0]
        mean = restricted_mean_survival_time(theirs, t=48)
    half = median(ours)
    assert (half.value, half.low, half.high) == (theirs.median_survival_time_, *limits)
    assert restricted_mean(ours, 48) == pytest.approx(mean, rel=1e-9)
