"""What each endpoint finds: against slow second ways and in trials without an effect. About 8 s."""

import numpy as np
import pytest
from scipy import stats
from tests.studies.trial import pools

from alssim.parameters.trial import Endpoint
from alssim.statistics.joint_rank import compare_joint_rank
from alssim.studies.trial.drawing import Trials, draw
from alssim.studies.trial.endpoints import Result, analyse
from alssim.studies.trial.report import outcome, report

ALARM = 1e-6
NULL_TRIALS = 400


def row(name: str) -> Endpoint:
    return next(row for row in pools.everything().endpoints if row.name == name)


def found(name: str, trials: Trials) -> Result:
    return analyse(trials, row(name))


@pytest.mark.parametrize("name", pools.ROWS)
def test_without_effect_one_trial_in_twenty_is_positive(name: str) -> None:
    """A test that keeps its 5 % fails here once in a million runs (each endpoint)."""
    trials = draw(pools.pool(null=True), np.arange(NULL_TRIALS))
    positive = int((found(name, trials).effect.p < 0.05).sum())
    assert stats.binomtest(positive, NULL_TRIALS, 0.05).pvalue > ALARM


@pytest.mark.parametrize("name", pools.ROWS)
def test_a_strong_effect_is_seen_in_the_right_direction(name: str) -> None:
    result = found(name, draw(pools.pool(), np.arange(60)))
    assert np.nanmean(result.effect.value) * result.better > 0
    assert result.better * (result.treated - result.control).mean() > 0


@pytest.mark.parametrize("name", pools.ROWS)
def test_a_trial_is_analysed_by_itself(name: str) -> None:
    many, one = draw(pools.pool(), np.arange(5)), draw(pools.pool(), np.array([3]))
    together, alone = found(name, many).effect, found(name, one).effect
    for field in ("value", "low", "high", "p"):
        assert getattr(together, field)[3] == pytest.approx(getattr(alone, field)[0], rel=1e-6)


def test_change_is_that_of_patients_who_finish() -> None:
    trials = draw(pools.pool(), np.array([0]))
    first, last = (trials.total[0, :, list(trials.months).index(m)] for m in (0, 9))
    kept = ~np.isnan(last)
    terms = np.column_stack([np.ones(kept.sum()), trials.treated[kept], first[kept]])
    slow = np.linalg.lstsq(terms, (last - first)[kept], rcond=None)[0][1]
    assert found("change", trials).effect.value[0] == pytest.approx(slow)


def test_responders_are_counted_by_hand() -> None:
    trials = draw(pools.pool(), np.array([1]))
    months, hits = trials.months, np.zeros(len(trials.treated), bool)
    for patient, scores in enumerate(trials.total[0]):
        if np.isnan(scores[-1]):
            continue
        slopes = [
            stats.linregress(months[kept], scores[kept]).slope
            for kept in (months <= 0, months >= 0)
        ]
        hits[patient] = slopes[1] - slopes[0] >= pools.BETTER
    result = found("responders", trials)
    assert result.treated[0] == pytest.approx(hits[trials.treated].mean())
    assert result.control[0] == pytest.approx(hits[~trials.treated].mean())


def test_who_dies_progresses() -> None:
    trials = draw(pools.pool(), np.array([2]))
    result = found("kings", trials)
    later = trials.months > 0
    start = list(trials.months).index(0)
    stage = trials.kings[0]
    worse = (stage[:, later] > stage[:, [start]]).any(axis=1)
    death = trials.ends["death"][0]
    worse |= (death <= 9) & (death <= trials.left[0])
    known = worse | (stage[:, -1] > 0)
    arm = trials.treated
    assert result.treated[0] == pytest.approx((worse & arm).sum() / (known & arm).sum())


def test_joint_ranks_do_not_grow_with_the_trial() -> None:
    """Where nobody leaves, mean ranks say what the share of pairs won says."""
    trials = draw(pools.pool(), np.array([4]), pools.changed(pools.pool(), dropout=0.0))
    later = trials.months >= 0
    death = trials.ends["death"][0]
    end = np.minimum(death, 9.0)
    direct = compare_joint_rank(
        trials.total[0][:, later], trials.months[later], end, death <= end, trials.treated, 9.0
    )
    share = float(direct.win_share.value)
    assert found("cafs", trials).effect.value[0] == pytest.approx(2 * share - 1, abs=1e-9)


def test_deaths_of_those_who_left_count_where_they_are_known() -> None:
    pool = pools.pool()
    unknown, known = (
        draw(pool, np.arange(20), pools.changed(pool, dropout=0.1, deaths_known=flag))
        for flag in (False, True)
    )
    assert (found("death", known).control >= found("death", unknown).control).all()
    assert found("death", known).control.mean() > found("death", unknown).control.mean()


def test_the_joint_model_can_be_chosen() -> None:
    way = Endpoint(name="slope", kind="slope", analysis="joint")
    trials = draw(pools.pool(), np.arange(20))
    joint, mixed = analyse(trials, way).effect, found("slope", trials).effect
    assert joint.value == pytest.approx(mixed.value, abs=0.25)
    assert joint.value.mean() > 0


def test_a_report_adds_up() -> None:
    told = report(pools.pool(), 3)
    for flow in told.flow.arms:
        assert flow.allotted == flow.died + flow.left + flow.finished == 60
    assert told.flow.asked == pytest.approx(sum(told.flow.refused.values()) + 120, abs=8)
    assert {base.trait for base in told.baseline} >= {"age", "score", "capacity", "male"}
    assert [one.name for one in told.outcomes] == list(pools.ROWS)
    assert told.scores.shape == (2, len(told.months))
    assert [one.positive for one in told.outcomes] == [one.p < 0.05 for one in told.outcomes]


def test_ratios_are_told_as_ratios() -> None:
    result = found("ratio", draw(pools.pool(), np.array([0])))
    told = outcome(result, 0.05)
    assert told.scale == "hazard ratio"
    assert told.value == pytest.approx(np.exp(result.effect.value[0]))
    assert told.low < told.value < told.high
    assert told.favours == ("treated" if told.value < 1 else "control")
