"""Joint rank of function and survival: every pair by hand, laws, ties, wrong use."""

import time as clock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from alssim.errors import UsageError
from alssim.statistics import joint_rank as module
from alssim.statistics.followup import BoolArray, FloatArray
from alssim.statistics.joint_rank import compare_joint_rank, joint_rank, rank_sum_test

TIMES = np.array([0.0, 3, 6, 9, 12])


def winner(
    one: int, other: int, scores: FloatArray, ended: FloatArray, died: BoolArray, horizon: float
) -> int:
    """Return 1 if the first patient fares better, -1 if the second, 0 if nobody can say."""
    mine, theirs = min(ended[one], horizon), min(ended[other], horizon)
    my_death = bool(died[one]) and ended[one] <= horizon
    their_death = bool(died[other]) and ended[other] <= horizon
    if my_death and their_death:
        return int(mine > theirs) - int(mine < theirs)
    if their_death and mine >= theirs:
        return 1
    if my_death and theirs >= mine:
        return -1
    shared = [
        visit
        for visit, time in enumerate(TIMES)
        if time <= horizon and not np.isnan(scores[[one, other], visit]).any()
    ]
    mine, theirs = (scores[who, shared[-1]] - scores[who, 0] for who in (one, other))
    return int(mine > theirs) - int(mine < theirs)


Trial = tuple[FloatArray, FloatArray, BoolArray, BoolArray]


def draw(seed: int, count: int, dropout: float, gaps: float) -> Trial:
    """Draw whole-numbered scores and times, with many ties; the arms are random."""
    luck = np.random.default_rng(seed)
    fall = luck.integers(0, 3, (count, 5)) * (TIMES > 0)
    scores = (luck.integers(30, 45, count)[:, None] - np.cumsum(fall, axis=1)).astype(float)
    death = luck.integers(2, 30, count).astype(float)
    last = np.where(luck.random(count) < dropout, luck.integers(1, 13, count), 40.0)
    ended, died = np.minimum(death, last), death <= last
    scores[ended[:, None] < TIMES] = np.nan
    scores[(luck.random(scores.shape) < gaps) & (TIMES > 0)] = np.nan
    treated = luck.permutation(np.arange(count) % 2 == 0)
    return scores, ended, died, treated


@settings(deadline=None, derandomize=True, max_examples=60)
@given(
    seed=st.integers(0, 10_000),
    count=st.integers(3, 25),
    dropout=st.sampled_from([0.0, 0.3, 1.0]),
    gaps=st.sampled_from([0.0, 0.3]),
    horizon=st.sampled_from([0.0, 5.0, 6.0, 12.0, 100.0]),
)
def test_every_pair(seed: int, count: int, dropout: float, gaps: float, horizon: float) -> None:
    scores, ended, died, treated = draw(seed, count, dropout, gaps)
    table = np.array(
        [
            [winner(i, j, scores, ended, died, horizon) if i != j else 0 for j in range(count)]
            for i in range(count)
        ]
    )
    found = compare_joint_rank(scores, TIMES, ended, died, treated, horizon)
    assert found.joint_rank.balance.tolist() == table.sum(axis=1).tolist()
    assert found.joint_rank.rank.tolist() == stats.rankdata(table.sum(axis=1)).tolist()
    pairs = table[treated][:, ~treated]
    counted = [int((pairs == sign).sum()) for sign in (1, 0, -1)]
    assert [found.wins, found.ties, found.losses] == counted
    share = (pairs + 1).sum() / (2 * pairs.size)
    assert found.win_share.value == pytest.approx(share, abs=1e-12)
    alone = joint_rank(scores, TIMES, ended, died, horizon)
    assert (alone.rank == found.joint_rank.rank).all()


@settings(deadline=None, derandomize=True, max_examples=40)
@given(seed=st.integers(0, 10_000), count=st.integers(2, 30))
def test_sorting_and_pairing_agree(seed: int, count: int) -> None:
    scores, ended, died, treated = draw(seed, count, 0.0, 0.0)
    course = module._read(scores, TIMES, ended, died, 12.0)
    assert module._total_order(course) is not None
    for left, right in zip(
        module._balance(course, treated), module._balance_by_pairs(course, treated), strict=True
    ):
        assert (left == right).all()


def test_hand_worked() -> None:
    # a dies at 4, b at 8; c drops out alive at 5 after losing 1; d loses 6, e loses 2 by month 12
    scores = np.array(
        [
            [40, 39, np.nan, np.nan, np.nan],
            [40, 30, 20, np.nan, np.nan],
            [40, 39, np.nan, np.nan, np.nan],
            [40, 37, 36, 35, 34],
            [40, 40, 39, 38, 38],
        ]
    )
    ended, died = np.array([4.0, 8, 5, 12, 12]), np.array([True, True, False, False, False])
    found = joint_rank(scores, TIMES, ended, died, 12)
    # c: outlives a; at month 3 it has lost less than b and d, more than e
    assert found.balance.tolist() == [-4, -2, 2, 0, 4]
    assert found.rank.tolist() == [1, 2, 4, 3, 5]


def test_a_complete_trial_without_deaths_is_the_rank_of_the_change() -> None:
    luck = np.random.default_rng(3)
    scores = np.column_stack([np.full(40, 40.0), 40 - luck.integers(0, 15, 40)])
    arm, alive = np.arange(40) < 20, np.zeros(40, bool)
    found = compare_joint_rank(scores, [0, 12], np.full(40, 12.0), alive, arm, 12)
    change = scores[:, 1] - scores[:, 0]
    assert found.joint_rank.rank.tolist() == stats.rankdata(change).tolist()
    theirs = stats.mannwhitneyu(
        change[arm], change[~arm], use_continuity=False, method="asymptotic"
    )
    assert found.wilcoxon == pytest.approx(theirs.pvalue, rel=1e-9)
    assert found.win_share.value == pytest.approx(theirs.statistic / 400, rel=1e-12)
    t_test = stats.ttest_ind(found.joint_rank.rank[arm], found.joint_rank.rank[~arm])
    assert found.ranks.difference.p == pytest.approx(t_test.pvalue, rel=1e-9)
    # DeLong's variance, from the kernel pair by pair
    kernel = (np.sign(change[arm][:, None] - change[~arm]) + 1) / 2
    variance = kernel.mean(axis=1).var(ddof=1) / 20 + kernel.mean(axis=0).var(ddof=1) / 20
    assert found.win_share.error == pytest.approx(np.sqrt(variance), rel=1e-9)


def test_survival_alone() -> None:
    ended, arm = np.array([1.0, 2, 3, 4, 5, 6]), np.array([False, True] * 3)
    scores = np.full((6, 1), 40.0)
    found = compare_joint_rank(scores, [0], ended, np.ones(6, bool), arm, 12)
    assert found.joint_rank.rank.tolist() == [1, 2, 3, 4, 5, 6]
    assert (found.wins, found.ties, found.losses) == (6, 0, 3)


def test_swapping_arms_turns_everything_around() -> None:
    scores, ended, died, treated = draw(9, 40, 0.3, 0.1)
    here = compare_joint_rank(scores, TIMES, ended, died, treated, 12)
    there = compare_joint_rank(scores, TIMES, ended, died, ~treated, 12)
    assert (there.wins, there.ties, there.losses) == (here.losses, here.ties, here.wins)
    assert there.win_share.low == pytest.approx(1 - here.win_share.high, abs=1e-12)
    assert there.wilcoxon == pytest.approx(here.wilcoxon, rel=1e-9)
    assert there.win_share.p == pytest.approx(float(here.win_share.p), rel=1e-9)


@pytest.mark.parametrize("sizes", [(2, 1), (1, 5), (8, 8)])
def test_one_arm_wins_every_pair(sizes: tuple[int, int]) -> None:
    arm = np.repeat([True, False], sizes)
    scores = np.column_stack([np.full(len(arm), 40.0), 20.0 + 10 * arm])
    alive = np.zeros(len(arm), bool)
    found = compare_joint_rank(scores, [0, 12], 12.0 + 0 * arm, alive, arm, 12)
    assert found.win_share.value == found.win_share.high == 1
    assert 0 < found.win_share.low < 1
    exact = stats.mannwhitneyu(np.arange(sizes[0]) + 100, np.arange(sizes[1]), method="exact")
    assert found.win_share.p == pytest.approx(exact.pvalue, rel=1e-9)


def test_nobody_differs() -> None:
    scores, arm = np.full((10, 2), 40.0), np.arange(10) < 5
    found = compare_joint_rank(scores, [0, 12], np.full(10, 12.0), np.zeros(10, bool), arm, 12)
    assert (found.wins, found.ties, found.losses) == (0, 25, 0)
    assert found.win_share.value == 0.5
    assert (found.wilcoxon, found.win_share.p) == (1, 1)
    assert rank_sum_test([2.0, 2.0, 2.0], [True, False, False]) == 1


def test_two_hundred_patients_take_milliseconds() -> None:
    scores, ended, died, treated = draw(4, 200, 0.3, 0.1)
    start = clock.process_time()
    for _ in range(20):
        compare_joint_rank(scores, TIMES, ended, died, treated, 12)
    assert (clock.process_time() - start) / 20 < 0.05  # about 0.003 s


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"times": TIMES[:3]}, r"scores has shape \(12, 5\), times \(3,\)"),
        ({"times": TIMES[::-1]}, "times must ascend"),
        ({"horizon": -1}, "start by the horizon, -1"),
        ({"ended": np.ones(3)}, r"ended has shape \(3,\), expected \(12,\)"),
        ({"died": np.ones(3)}, r"died has shape \(3,\), expected \(12,\)"),
        ({"ended": np.full(12, np.inf)}, "finite numbers"),
        ({"scores": np.full((12, 5), np.nan)}, "patient 0 has no score at the first visit"),
        ({"died": np.ones(12), "ended": np.full(12, 1.0)}, "has a score after death at 1"),
        ({"treated": np.ones(12)}, "both must occur"),
    ],
)
def test_wrong_use(change: dict[str, object], message: str) -> None:
    scores, ended, died, treated = draw(5, 12, 0.3, 0.0)
    right = dict(scores=scores, times=TIMES, ended=ended, died=died, treated=treated, horizon=12.0)
    with pytest.raises(UsageError, match=message):
        compare_joint_rank(**(right | change))  # type: ignore[arg-type]
