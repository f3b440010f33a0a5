"""How much twins differ: known answers, laws, late entry, and how often the intervals hold."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats
from tests.studies.made_up import FIVE, NEVER, MadeUp, twins

from alssim.errors import UsageError
from alssim.model.events import CAUSES
from alssim.parameters.outcomes import TrialEntry
from alssim.statistics.means import paired_restricted_mean_difference
from alssim.statistics.survival import kaplan_meier, survival_at
from alssim.statistics.two_arms import hazard_ratio
from alssim.studies.comparison import MOST_ARMS, compare
from alssim.studies.comparison.currencies import currencies
from alssim.studies.comparison.effects import differences
from alssim.studies.comparison.harms import harms

lives = st.lists(st.tuples(st.floats(0.1, 200), st.floats(0.1, 200)), min_size=2, max_size=30)


def exponential(patients: int, seed: int, scale: float = 40.0) -> NDArray[np.float64]:
    found = stats.expon.rvs(scale=scale, size=patients, random_state=seed)
    return np.asarray(found, np.float64)


def pairs(first: NDArray[np.float64], second: NDArray[np.float64]) -> MadeUp:
    return MadeUp({"death": np.array([first, second]).tolist()}, horizon=5_000)


# ------------------------------------------------------------------------------------ laws


@settings(deadline=None, derandomize=True)
@given(pairs=lives)
def test_restricted_mean_of_whole_lives_is_the_mean_gain(pairs: list[tuple[float, float]]) -> None:
    comparison = compare(twins(pairs, horizon=300))
    found = differences(comparison)[0]
    assert found.mean.value == pytest.approx(comparison.gains[1].mean.value, abs=1e-9)
    assert not found.restricted and not comparison.cut


@settings(deadline=None, derandomize=True)
@given(pairs=lives)
def test_same_lives_differ_in_nothing(pairs: list[tuple[float, float]]) -> None:
    found = differences(compare(twins([(life, life) for life, _ in pairs], horizon=300)))[0]
    assert (found.mean.value, found.mean.low, found.mean.high) == (0, 0, 0)
    assert found.precision.worth == np.inf
    window = [life for life, _ in pairs if life <= 36]
    if window:
        assert found.ratio.ratio.value == pytest.approx(1, abs=1e-9)
    else:
        assert np.isnan(found.ratio.ratio.value)


def test_turning_the_arms_round_turns_months_and_inverts_the_ratio() -> None:
    first, second = exponential(200, 1), exponential(200, 2, 60.0)
    there = differences(compare(pairs(first, second)))[0]
    back = differences(compare(pairs(second, first)))[0]
    assert there.mean.value == pytest.approx(-back.mean.value)
    assert there.median.value == pytest.approx(-back.median.value)
    assert there.ratio.ratio.value == pytest.approx(1 / back.ratio.ratio.value)
    assert there.ratio.ratio.low == pytest.approx(1 / back.ratio.ratio.high)


def test_order_of_the_arms_changes_no_arm() -> None:
    rows = [exponential(50, 1), exponential(50, 2, 50.0), exponential(50, 3, 60.0)]
    names = ("untreated", "one", "other")
    here = MadeUp({"death": [row.tolist() for row in rows]}, 5_000, names)
    turned = [rows[0], rows[2], rows[1]]
    there = MadeUp({"death": [row.tolist() for row in turned]}, 5_000, (*names[:1], "other", "one"))
    found, other = differences(compare(here)), differences(compare(there))
    assert [one.arm for one in found] == ["one", "other"]
    assert found[0] == other[1] and found[1] == other[0]


def test_a_shorter_horizon_gives_restricted_means_and_says_so() -> None:
    simulation = pairs(exponential(300, 1), exponential(300, 1) * 1.5)
    comparison = compare(simulation, horizon=24)
    found = differences(comparison)[0]
    assert comparison.cut and found.restricted and found.until == 24
    wanted = paired_restricted_mean_difference(comparison.seen(0), comparison.seen(1), 24)
    assert found.mean == wanted
    assert found.ratio.until == 24


def test_the_ratio_belongs_to_its_window() -> None:
    first = exponential(2_000, 3)
    second = np.where(first < 20, first * 1.5, first)  # helps only who would die early
    comparison = compare(pairs(first, second))
    wide, narrow = (differences(comparison, window=w)[0].ratio for w in (200.0, 12.0))
    assert narrow.until == 12 and wide.until == 200
    assert narrow.ratio.value < 0.8 < wide.ratio.value
    assert wide.early < wide.late
    time = np.concatenate((first, second))
    arm = np.repeat([False, True], 2_000)
    plain = hazard_ratio(time, np.ones(4_000, bool), arm, until=12)
    assert narrow.ratio.value == pytest.approx(plain.ratio.value, abs=1e-9)


def test_pairing_is_worth_nothing_for_strangers_and_much_for_twins() -> None:
    first = exponential(4_000, 4)
    strangers = differences(compare(pairs(first, exponential(4_000, 5))))[0].precision
    assert strangers.worth == pytest.approx(1, abs=0.15)
    close = differences(compare(pairs(first, first * 1.1)))[0].precision
    # variances (1 + 1.1^2) s^2 against (0.1 s)^2
    assert close.worth == pytest.approx((1 + 1.21) / 0.01, rel=1e-6)
    assert close.independent / close.paired == pytest.approx(close.worth**0.5)


def test_four_currencies_agree_with_what_they_are_made_of() -> None:
    comparison = compare(pairs(exponential(200, 1), exponential(200, 1) * 1.4))
    mark = comparison.landmarks[2]
    found = currencies(comparison, mark)[0]
    own = differences(comparison)[0]
    assert found.months == own.mean and found.ratio == own.ratio
    assert found.people.value == pytest.approx(100 * mark.difference[1].value)
    assert (found.loss, found.month) == (None, 36.0)


# ------------------------------------------------------------------------- clocks, late entry


def test_trial_entry_worked_by_hand() -> None:
    events = {
        "death": [[100, 100, 14, 100, 100, 100], [100, 100, 90, 100, 100, 100]],
        "diagnosis": [[10, NEVER, 10, 10, 60, 10]] * 2,
        "niv_need": [[NEVER, NEVER, NEVER, 15, NEVER, NEVER]] * 2,
        "tracheostomy": [[NEVER, NEVER, NEVER, NEVER, NEVER, 16]] * 2,
    }
    rule = TrialEntry(delay=6, longest=60)
    found = compare(MadeUp(events, 120), clock="trial_entry", trial_entry=rule)
    assert found.members.tolist() == [0]  # the others: no diagnosis, dead, mask, late, tube
    assert found.begin.tolist() == [16] and found.time[0].tolist() == [84]
    assert found.left_out == 5


def test_late_entry_is_the_left_truncated_curve() -> None:
    events = dict(FIVE.events) | {"diagnosis": [[5, 3, 12, 45, 20]] * 2}
    found = compare(MadeUp(events, 100), observed_from="diagnosis")
    assert found.members.tolist() == [0, 1, 2, 4]  # patient 3 dies before being seen
    assert found.entry is not None and found.entry.tolist() == [5, 3, 12, 20]
    curve = kaplan_meier(found.time[0], found.ended[0], found.entry)
    assert found.curves[0].at_risk.tolist() == curve.at_risk.tolist()
    assert found.time[0].tolist() == [10, 20, 30, 100]  # the clock still starts at onset


def test_late_entry_that_knows_nothing_of_the_course_changes_no_curve() -> None:
    life, entry = exponential(20_000, 6), stats.uniform.rvs(scale=30, size=20_000, random_state=7)
    simulation = MadeUp(
        {"death": [life.tolist()] * 2, "diagnosis": [entry.tolist()] * 2}, horizon=5_000
    )
    found = compare(simulation, observed_from="diagnosis")
    assert found.left_out > 4_000
    alive = float(survival_at(found.curves[0], 36.0))
    # standard error about 0.004 with some 15,000 at risk; 5 of them: once in two million
    assert alive == pytest.approx(np.exp(-36 / 40), abs=0.02)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"observed_from": "birth"}, "observed_from = 'birth' is not one of: onset, diagnosis"),
        ({"clock": "entry"}, "clock = 'entry' is not one of: onset, diagnosis, trial_entry"),
    ],
)
def test_wrong_words(options: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        compare(FIVE, **options)  # type: ignore[arg-type]


def test_more_than_eight_arms_are_refused() -> None:
    names = tuple(f"arm {k}" for k in range(MOST_ARMS + 1))
    many = MadeUp({"death": [[10.0, 20.0]] * len(names)}, arms=names)
    with pytest.raises(UsageError, match="9 arms; a comparison has at most 8"):
        compare(many)
    with pytest.raises(UsageError, match="window = 0 is not above 0"):
        differences(compare(FIVE), window=0)


# ----------------------------------------------------------------------------------- harms


@dataclass(frozen=True)
class WithCauses(MadeUp):
    @property
    def cause(self) -> NDArray[np.int8]:
        return np.array([[1, 1, 1, 1], [CAUSES.index("treatment"), 1, 1, 0]], np.int8)


def test_harms_worked_by_hand() -> None:
    simulation = WithCauses(
        {
            "death": [[10, 20, 30, 40], [4, 20.4, 35, NEVER]],
            "complication": [[NEVER] * 4, [NEVER, 2, NEVER, NEVER]],
        },
        untreated=frozenset({3}),
    )
    found = harms(simulation, compare(simulation))[0]
    assert found.treated.value == 0.75
    assert found.complication.value == 0.25
    assert found.killed.value == 0.25
    assert found.lives_shorter.value == 0.25
    assert found.killed.low == pytest.approx(0.0456, abs=1e-4)  # Wilson, 1 of 4
    assert found.killed.high == pytest.approx(0.6994, abs=1e-4)
    early = harms(simulation, compare(simulation, horizon=3))[0]
    assert early.killed.value == 0


# ---------------------------------------------------------------- how often they are right


def test_intervals_over_patients_hold_the_truth() -> None:
    """In 2,000 repeats 95 % intervals hold the truth in 93 to 97 %; about 10 seconds.

    One that holds exactly 95 % fails in 4 of 100,000 runs; the seeds are fixed.
    """
    trials, ratio, gain = 2_000, 0.7, 40 / 0.7 - 40
    short = 24.0
    mean = [scale * (1 - np.exp(-short / scale)) for scale in (40, 40 / 0.7)]
    hits = dict.fromkeys(("whole", "short", "ratio", "median"), 0)
    for seed in range(trials):
        first = exponential(200, seed)
        comparison = compare(pairs(first, first / 0.7))
        whole = differences(comparison)[0]
        limited = differences(comparison, until=short)[0]
        hits["whole"] += whole.mean.low <= gain <= whole.mean.high
        hits["short"] += limited.mean.low <= mean[1] - mean[0] <= limited.mean.high
        hits["ratio"] += whole.ratio.ratio.low <= ratio <= whole.ratio.ratio.high
        hits["median"] += whole.median.low <= gain * np.log(2) <= whole.median.high
    shares = {name: count / trials for name, count in hits.items()}
    assert all(0.93 <= share <= 0.97 for share in shares.values()), shares
