"""Trials drawn from the pool: who, which arm, which ratings. About 3 s."""

import numpy as np
import pytest
from scipy import stats
from tests.studies.trial import pools

from alssim.errors import UsageError
from alssim.parameters.trial import Blinding
from alssim.studies.trial.drawing import draw

MANY = np.arange(40)


def test_arms_have_their_sizes_and_nobody_is_in_two() -> None:
    trials = draw(pools.pool(), MANY, pools.changed(pools.pool(), allocation=2.0))
    assert (~trials.treated).sum() == 60
    assert trials.treated.sum() == 120
    assert all(len(np.unique(row)) == 180 for row in trials.person)


def test_a_trial_is_the_same_in_any_company() -> None:
    alone, among = draw(pools.pool(), np.array([7])), draw(pools.pool(), MANY)
    for name in ("person", "total", "kings", "marker", "left"):
        assert np.array_equal(getattr(alone, name)[0], getattr(among, name)[7], equal_nan=True)


def test_everybody_is_as_likely_to_be_in_either_arm() -> None:
    """Count over trials; a fair draw fails once in a million runs."""
    pool = pools.pool()
    trials = draw(pool, np.arange(400))
    for arm in (trials.treated, ~trials.treated):
        counts = np.bincount(trials.person[:, arm].ravel(), minlength=len(pool))
        assert stats.chisquare(counts).pvalue > 1e-6


def test_weights_make_some_rarer() -> None:
    pool = pools.pool()
    heavy = np.where(np.arange(len(pool)) < 300, 0.25, 1.75)
    object.__setattr__(pool, "weight", heavy)
    try:
        trials = draw(pool, MANY)
    finally:
        object.__setattr__(pool, "weight", np.ones(len(pool)))
    assert 0.1 < (trials.person < 300).mean() < 0.25


def test_ratings_up_to_allotment_stay_and_later_ones_are_drawn_anew() -> None:
    pool = pools.pool()
    trials = draw(pool, MANY)
    early = trials.months <= 0
    rated = pool.before.sum(axis=2)
    assert np.array_equal(trials.total[..., early], rated[trials.person])
    twice = np.flatnonzero(np.bincount(trials.person[:, ~trials.treated].ravel()) > 1)[0]
    rows = [
        trials.total[k, j, ~early] for k, j in np.argwhere(trials.person == twice)
        if not trials.treated[j]
    ]  # fmt: skip
    assert not np.array_equal(rows[0], rows[1], equal_nan=True)


def test_no_score_after_death_or_leaving() -> None:
    trials = draw(pools.pool(), MANY)
    end = np.minimum(trials.left, trials.ends["death"])
    after = trials.months >= end[..., None]
    assert np.isnan(trials.total[after]).all()
    assert np.isfinite(trials.total[~after]).all()
    assert ((trials.kings == 0) == after).all()


def test_people_leave_at_the_given_hazard() -> None:
    trials = draw(pools.pool(), np.arange(100))
    gone = int((trials.left < 9).sum())
    assert stats.binomtest(gone, trials.left.size, 1 - np.exp(-0.18)).pvalue > 1e-6


@pytest.mark.parametrize(
    ("blinding", "share"),
    [(Blinding(blind=False, bias=2.3), 1.0), (Blinding(bias=2.3, guessed=0.5), 0.5)],
)
def test_knowing_the_arm_adds_its_points_to_treated_patients(
    blinding: Blinding, share: float
) -> None:
    plain = draw(pools.pool(), MANY)
    biased = draw(pools.pool(), MANY, pools.changed(pools.pool(), blinding=blinding))
    apart = biased.total - plain.total
    assert np.nanmax(np.abs(apart[:, ~plain.treated])) == 0
    assert np.nanmax(np.abs(apart[..., plain.months <= 0])) == 0
    treated = apart[:, plain.treated][..., plain.months > 0]
    free = plain.total[:, plain.treated][..., plain.months > 0] <= 45
    assert np.nanmean(treated[free]) == pytest.approx(2.3 * share, abs=0.15)


def test_an_interim_look_sees_the_first_of_each_arm() -> None:
    trials = draw(pools.pool(), MANY)
    early = trials.first(0.25)
    assert early.treated.sum() == 15
    assert (~early.treated).sum() == 15
    assert np.array_equal(early.person[:, :15], trials.person[:, :15])


def test_fresh_trials_share_nobody() -> None:
    trials = draw(pools.pool(), np.arange(5), fresh=True)
    assert len(np.unique(trials.person)) == 600


def test_a_pool_too_small_is_refused() -> None:
    with pytest.raises(UsageError, match="1200 patients are needed, the pool holds 600"):
        draw(pools.pool(), MANY[:2], pools.changed(pools.pool(), per_arm=300, pool=600), fresh=True)
