"""Many trials: power, exaggeration, interim looks, size. About 10 s."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from tests.studies.trial import pools

from alssim.errors import UsageError
from alssim.parameters.trial import Looks
from alssim.studies.trial.drawing import draw
from alssim.studies.trial.endpoints import analyse
from alssim.studies.trial.looks import look
from alssim.studies.trial.pool import Pool
from alssim.studies.trial.replicates import replicate, replicate_fresh
from alssim.studies.trial.sizing import size_for

ALARM = 1e-6


def only(pool: Pool, name: str, **changes: object) -> object:
    row = next(row for row in pool.trial.endpoints if row.name == name)
    return pools.changed(pool, endpoints=(row,), **changes)


def test_counts_are_those_of_the_trials() -> None:
    pool = pools.pool()
    design = only(pool, "change", per_arm=30)
    told = replicate(pool, 300, design).endpoints[0]  # type: ignore[arg-type]
    found = analyse(draw(pool, np.arange(300), design), design.endpoints[0]).effect  # type: ignore
    positive = found.p < 0.05
    assert np.array_equal(told.value, found.value)
    assert told.power.value == positive.mean()
    assert told.truth == pytest.approx(found.value.mean())
    large = np.abs(found.value[positive]).mean() / abs(found.value.mean())
    assert told.exaggeration == pytest.approx(large)
    assert told.wrong_sign == (found.value[positive] < 0).mean()
    assert told.power.low < told.power.value < told.power.high


def test_small_trials_exaggerate_more() -> None:
    pool = pools.pool()
    sizes = [replicate(pool, 300, only(pool, "change", per_arm=n)) for n in (15, 60)]  # type: ignore
    small, large = (told.endpoints[0] for told in sizes)
    assert small.power.value < large.power.value
    assert small.exaggeration > large.exaggeration >= 1


def test_what_is_nothing_is_not_exaggerated() -> None:
    pool = pools.pool(null=True)
    told = replicate(pool, 100, only(pool, "change")).endpoints[0]  # type: ignore[arg-type]
    assert np.isnan(told.exaggeration)
    assert np.isnan(told.wrong_sign)


def test_intervals_hold_the_truth() -> None:
    """Intervals that hold it in 95 of 100 trials fail here once in a million runs."""
    pool = pools.pool()
    told = replicate(pool, 400, only(pool, "slope")).endpoints[0]  # type: ignore[arg-type]
    assert stats.binomtest(round(400 * told.covers.value), 400, 0.95).pvalue > ALARM


def test_people_used_once_give_the_same_power_as_a_pool() -> None:
    """Two shares of trials; if they are one, the test fails once in a million runs."""
    pool = pools.pool()
    design = only(pool, "change", per_arm=30)
    again = replicate(pool, 400, design).endpoints[0]  # type: ignore[arg-type]
    fresh = replicate_fresh(replace(pool.plan, trial=design), 60)  # type: ignore[arg-type]
    assert fresh.fresh
    assert fresh.people == 60 * 60
    counts = [round(400 * again.power.value), round(60 * fresh.endpoints[0].power.value)]
    table = [[counts[0], 400 - counts[0]], [counts[1], 60 - counts[1]]]
    assert stats.fisher_exact(table).pvalue > ALARM


def test_interim_looks_keep_the_false_positive_rate() -> None:
    """Looks that spend 5 % fail here once in a million runs; the naive count would not pass."""
    pool = pools.pool(null=True)
    design = only(pool, "change", looks=Looks(shares=(0.25, 0.5, 0.75), spending="pocock"))
    told = replicate(pool, 800, design).early  # type: ignore[arg-type]
    assert told is not None
    assert stats.binomtest(round(800 * told.crossed.value), 800, 0.05).pvalue > ALARM
    assert sum(told.stops) == pytest.approx(1)


def test_trials_that_stop_early_see_fewer_patients_and_exaggerate() -> None:
    pool = pools.pool()
    design = only(pool, "change", looks=Looks(shares=(0.3, 0.6)))
    told = replicate(pool, 300, design).early  # type: ignore[arg-type]
    assert told is not None
    assert 0.3 < told.mean_share < 1
    assert told.exaggeration > 1
    stopped = look(draw(pool, np.arange(50), design))  # type: ignore[arg-type]
    early = stopped.look < 2
    assert stopped.crossed[early].all()


@pytest.mark.parametrize("null", [True, False])
def test_stopping_for_futility_adds_no_positive_trial(null: bool) -> None:
    """The same trials with and without it; under no effect it stops as many as are due."""
    pool, shares = pools.pool(null=null), (0.3, 0.6)
    with_it = only(pool, "change", looks=Looks(shares=shares, futility=0.2))
    trials = draw(pool, np.arange(400), with_it)  # type: ignore[arg-type]
    plain = look(draw(pool, np.arange(400), only(pool, "change", looks=Looks(shares=shares))))  # type: ignore[arg-type]
    found = look(trials)
    assert (found.crossed <= plain.crossed).all(), "a subset, trial by trial"
    assert np.array_equal(found.ever, plain.crossed)
    assert not (found.crossed & found.futile).any()
    assert (found.look <= plain.look).all()
    assert not plain.futile.any()
    told = replicate(pool, 400, with_it).early  # type: ignore[arg-type]
    assert told is not None
    assert told.crossed.value <= told.regardless.value
    assert told.mean_size == pytest.approx(told.mean_share * trials.trial.size)
    first = (found.futile & (found.look == 0)).mean()
    due = stats.norm.cdf(found.floors[0]) - stats.norm.cdf(-found.limits[0])
    if null:
        assert stats.binomtest(round(400 * first), 400, due).pvalue > ALARM
    else:
        assert first < due - 0.1, "a treatment that works is seldom futile"


def test_the_size_found_has_the_power_asked_for() -> None:
    """The power at the size found lies within what 400 trials can tell, plus 5 points."""
    pool = pools.pool()
    found = size_for(replace(pool, trial=only(pool, "change")), 0.7, 400)  # type: ignore[arg-type]
    assert found.per_arm is not None
    assert found.low is not None
    assert found.low <= found.per_arm
    design = only(pool, "change", per_arm=found.per_arm)
    power = replicate(pool, 400, design, first=10_000).endpoints[0].power.value  # type: ignore
    assert power == pytest.approx(0.7, abs=0.05 + 5 * np.sqrt(0.7 * 0.3 / 400))


def test_a_size_beyond_the_pool_is_not_told() -> None:
    pool = pools.pool(null=True)
    found = size_for(replace(pool, trial=only(pool, "change")), 0.9, 50)  # type: ignore[arg-type]
    assert found.per_arm is None


@pytest.mark.parametrize("count", [1, 100_001])
def test_too_few_or_too_many_trials_are_refused(count: int) -> None:
    with pytest.raises(UsageError, match="allowed: 2 to 100,000"):
        replicate(pools.pool(), count)


def test_a_power_must_be_one() -> None:
    with pytest.raises(UsageError, match=r"power = 1; allowed: 0.05 to 0.99"):
        size_for(pools.pool(), 1.0)
