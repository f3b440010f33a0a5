"""Who is let in, and what both arms of the same person look like. About 10 s."""

from dataclasses import replace

import numpy as np
import pytest
from tests.studies.trial import pools

from alssim.errors import ParameterError, UsageError
from alssim.parameters import load_trial
from alssim.parameters.reading import Upload
from alssim.studies.trial.everyone import everyone
from alssim.studies.trial.plan import plan
from alssim.studies.trial.pool import Pool, gather
from alssim.studies.trial.report import report

SOD1 = """
treatment = "sod1-lowering"
per_arm = 20
pool = 300
[[endpoints]]
name = "change"
kind = "change"
analysis = "ancova"
"""


def same(one: Pool, other: Pool, count: int) -> bool:
    names = ("latent", "twelfth", "tube", "alive", "marker")
    rows = [np.array_equal(getattr(one, n)[:, :count], getattr(other, n)[:, :count]) for n in names]
    return all(rows) and np.array_equal(one.before[:count], other.before[:count])


def test_everybody_meets_the_criteria() -> None:
    pool, entry = pools.pool(), pools.everything().entry
    first, last = (pool.before[:, visit].sum(axis=1) for visit in (0, -1))
    lead_in = pool.trial.lead_in
    age = pool.traits["age"] - lead_in / 12
    assert ((age >= entry.age_least) & (age <= entry.age_most)).all()
    assert (pool.traits["since_onset"] - lead_in <= entry.months_most).all()
    assert (first >= entry.score_least).all()
    assert pool.before[:, 0].min() >= entry.item_least
    assert ((first - last >= -2) & (first - last <= 9)).all()
    assert (pool.before[:, -1, 11] == 4).all(), "nobody uses a breathing aid"
    assert np.array_equal(pool.traits["score"], last)


def test_everybody_asked_is_let_in_or_refused_for_one_reason() -> None:
    pool = pools.pool()
    assert pool.asked.sum() == len(pool) + pool.refused.sum()


def test_criteria_that_nobody_meets_are_refused() -> None:
    trial = pools.everything()
    entry = replace(trial.entry, age_least=119, age_most=120)
    with pytest.raises(UsageError, match="fit for it; widen its entry criteria"):
        gather(plan(replace(trial, entry=entry, pool=120)))


def test_both_arms_are_the_same_person_until_allotment() -> None:
    pool = pools.pool()
    before = pool.months <= 0
    assert pool.alive[:, :, before].all()
    for values in (pool.latent, pool.twelfth, pool.tube, pool.marker):
        assert np.array_equal(values[0][:, before], values[1][:, before])


def test_a_treatment_without_effect_changes_nobody() -> None:
    pool = pools.pool(null=True)
    for values in (pool.latent, pool.alive, pool.marker, *pool.ends.values()):
        assert np.array_equal(values[0], values[1])


def test_a_protective_treatment_leaves_nobody_weaker() -> None:
    pool = pools.pool()
    both = pool.alive.all(axis=0)
    assert (pool.latent[1][both] >= pool.latent[0][both] - 1e-6).all()
    assert pool.latent[1][both].mean() > pool.latent[0][both].mean()


def test_people_do_not_depend_on_how_many_are_wanted() -> None:
    few = gather(pools.pool().plan, 100)
    assert same(few, pools.pool(), 100)


def test_both_back_ends_find_the_same_people() -> None:
    pytest.importorskip("numba")
    one, other = (gather(pools.pool().plan, 60, backend) for backend in ("numpy", "numba"))
    assert same(one, other, 60)


def test_nobody_is_drawn_twice_when_asking_goes_on() -> None:
    first = gather(pools.pool().plan, 60)
    second = gather(pools.pool().plan, 60, first=int(first.asked.max()))
    ages = np.concatenate([first.traits["age"], second.traits["age"]])
    assert len(np.unique(ages)) == 120
    assert same(gather(pools.pool().plan, 120), first, 60)


def test_the_readout_shows_neurons_lost_more_slowly() -> None:
    pool = pools.pool()
    late = pool.months >= 6
    both = pool.alive.all(axis=0)[:, late]
    low, high = (pool.marker[arm][:, late][both].mean() for arm in (1, 0))
    assert low < high - 0.1


def test_carriers_alone_are_drawn_where_only_they_may_take_part() -> None:
    trial = load_trial(Upload("sod1.toml", SOD1 + '[entry]\ngenes = "sod1"\n')).record
    found = plan(trial)
    pool = gather(found, 60)
    assert found.carriers == "only"
    assert found.strata[0].share == pytest.approx(0.02, abs=0.01)
    assert pool.traits["sod1"].all()


def test_carriers_are_oversampled_with_weights_that_undo_it() -> None:
    found = plan(load_trial(Upload("sod1.toml", SOD1)).record)
    pool = gather(found, 400)
    carriers = pool.traits["sod1"].astype(bool)
    assert found.carriers == "oversampled"
    assert carriers.mean() == 0.5
    share = (pool.weight * carriers).sum() / pool.weight.sum()
    assert share == pytest.approx(found.strata[0].share, rel=0.6), "as in people asked"
    same_person = (pool.latent[1] == pool.latent[0]).all(axis=(1, 2))
    assert same_person[~carriers].all(), "it cannot act in others"
    assert not same_person[carriers].all()


def test_an_oversampled_pool_is_turned_back_into_everybody() -> None:
    pool = gather(plan(load_trial(Upload("sod1.toml", SOD1)).record), 400)
    found = everyone(pool)
    assert found is not None
    carriers, month = pool.traits["sod1"].astype(bool), pool.trial.follow_up
    share = pool.weight[carriers].sum() / pool.weight.sum()
    assert found.carriers == pytest.approx(share)
    for arm in (0, 1):  # nobody leaves: the curve is a weighted share
        lives = pool.ends["death"][arm] > month
        groups = [lives[carriers].mean(), lives[~carriers].mean()]
        assert found.alive[arm].value == pytest.approx(share * groups[0] + (1 - share) * groups[1])
        assert found.alive[arm].low < found.alive[arm].value < found.alive[arm].high
    assert found.worth < 250, "half of them count for little"
    assert found.among.value < found.ratio.value < 1.0, "it acts in carriers alone"
    assert everyone(pools.pool()) is None


def test_how_many_are_asked_is_counted_by_weight() -> None:
    pool = gather(plan(load_trial(Upload("sod1.toml", SOD1)).record), 400)
    flow = report(pool).flow
    shares = np.array([stratum.share for stratum in pool.plan.strata])
    fit = shares @ (200 / pool.asked)
    assert flow.asked == round(pool.trial.size / fit)
    together = sum(flow.refused.values()) + pool.trial.size
    assert together == pytest.approx(flow.asked, abs=len(flow.refused))


def test_what_the_trial_decides_cannot_be_set_in_its_world() -> None:
    with pytest.raises(ParameterError, match="horizon is not for a trial to change"):
        plan(pools.everything(), {"horizon": 3})
