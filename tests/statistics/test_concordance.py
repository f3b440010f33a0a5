"""Harrell's C: pair by pair, and laws."""

import time as clock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from tests.statistics.samples import cohorts, drawn, unpack

from alssim.errors import UsageError
from alssim.statistics.concordance import concordance

Array = NDArray[np.float64]
Cohort = list[tuple[float, bool, int, int]]


def pair_by_pair(
    time: Array, event: Array, score: Array, entry: Array | None
) -> tuple[Array, Array]:
    """Return who is right against whom and who meets whom [patient, patient], each pair twice."""
    size = len(time)
    right, met = np.zeros((size, size)), np.zeros((size, size))
    for i in range(size):
        for j in range(size):
            outlives = time[j] > time[i] or (time[j] == time[i] and not event[j])
            there = entry is None or entry[j] < time[i]
            if i != j and event[i] and outlives and there:
                value = 0.5 + 0.5 * np.sign(score[i] - score[j])
                right[i, j] = right[j, i] = value
                met[i, j] = met[j, i] = 1
    return right, met


@settings(deadline=None, derandomize=True, max_examples=80)
@given(cohort=cohorts, late=st.booleans())
def test_pair_by_pair(cohort: Cohort, late: bool) -> None:
    time, event, entry, group = unpack(cohort, late)
    score = group + np.round(np.sin(time), 1)
    right, met = pair_by_pair(time, event, score, entry)
    found = concordance(time, event, score, entry)
    counted = (found.concordant, found.tied, found.discordant)
    pairs = np.triu(met).astype(bool)
    values = right[pairs]
    assert counted == tuple(int((values == one).sum()) for one in (1, 0.5, 0))
    if not len(values):
        assert np.isnan(found.estimate.value)
        return
    share = values.mean()
    assert found.estimate.value == pytest.approx(share, abs=1e-12)
    each = (right.sum(axis=1) - share * met.sum(axis=1)) / len(values)
    error = np.sqrt(np.sum(each**2))
    if 0 < share < 1 and error > 1e-12:
        odds = np.log(share / (1 - share))
        half = 1.959964 * error / (share * (1 - share))
        limits = 1 / (1 + np.exp(-np.array([odds - half, odds + half])))
        assert (found.estimate.low, found.estimate.high) == pytest.approx(tuple(limits), abs=1e-6)
    else:
        assert np.isnan([found.estimate.low, found.estimate.high]).all()


@settings(deadline=None, derandomize=True, max_examples=40)
@given(seed=st.integers(0, 999), late=st.booleans())
def test_laws(seed: int, late: bool) -> None:
    time, event, entry, covariates = drawn(60, seed, late, ties=True)
    score = np.round(covariates[:, 1], 1)
    found = concordance(time, event, score, entry)
    bent = concordance(time**2, event, np.exp(score), None if entry is None else entry**2)
    assert bent == found
    turned = concordance(
        time[::-1], event[::-1], score[::-1], None if entry is None else entry[::-1]
    )
    assert (turned.concordant, turned.tied) == (found.concordant, found.tied)
    against = concordance(time, event, -score, entry)
    assert against.estimate.value == pytest.approx(1 - found.estimate.value)
    assert against.estimate.low == pytest.approx(1 - found.estimate.high)
    nothing = concordance(time, event, np.zeros(60), entry)
    assert (nothing.estimate.value, nothing.concordant) == (0.5, 0)


def test_a_perfect_score() -> None:
    time = np.arange(1.0, 9)
    found = concordance(time, np.ones(8, bool), -time)
    assert (found.estimate.value, found.concordant) == (1, 28)
    assert np.isnan(found.estimate.low)


def test_nobody_can_be_compared() -> None:
    found = concordance([1, 1, 2], [True, True, False], [1, 2, 3], entry=[0, 0, 1])
    assert (found.concordant, found.discordant, found.tied) == (0, 0, 0)
    assert np.isnan(found.estimate.value)


def test_wrong_scores() -> None:
    with pytest.raises(UsageError, match="score must hold finite"):
        concordance([1, 2], [True, True], [1, np.nan])
    with pytest.raises(UsageError, match="score has shape"):
        concordance([1, 2], [True, True], [1])


def test_a_hundred_thousand_patients_take_seconds() -> None:
    """Ten thousand million pairs one by one would take minutes."""
    time, event, _, covariates = drawn(100_000, 1)
    start = clock.process_time()
    concordance(time, event, covariates[:, 1])
    assert clock.process_time() - start < 5
