"""The effect-size ladder: no effect gains nothing, rungs are comparisons, answers read right."""

from dataclasses import replace
from itertools import pairwise
from math import isnan, nan

import pytest

from alssim.errors import UsageError
from alssim.parameters import load_scenario, load_treatment
from alssim.parameters.schema import Scenario
from alssim.statistics.survival import Estimate
from alssim.studies.comparison import compare
from alssim.studies.comparison.effects import UNKNOWN, DescribedRatio
from alssim.studies.ladder import (
    Ladder,
    Rung,
    Step,
    climb,
    climb_worlds,
    earliest_first,
    needed,
    side_by_side,
)
from alssim.studies.lives import live

SIZES = tuple(step / 10 for step in range(10))


def scenario(patients: int = 16, **changes: float) -> Scenario:
    keys = {"patients": patients, "horizon": 72} | {
        key.replace("__", "."): value for key, value in changes.items()
    }
    return load_scenario("reference", keys).record


@pytest.fixture(scope="module")
def ladder() -> Ladder:
    return climb(scenario(), ("neuron_loss",), ("onset", "docs_6"), SIZES, backend="numpy")


def test_an_effect_of_no_size_gains_nothing(ladder: Ladder) -> None:
    for start in ladder.starts:
        rung = ladder.row("neuron_loss", start)[0]
        assert rung.step.size == 0
        assert (rung.gained, rung.median) == (Estimate(0, 0, 0), 0)
        assert rung.people.value == 0
        assert rung.alive == ladder.usual


def test_every_rung_is_there_once(ladder: Ladder) -> None:
    assert len(ladder.rungs) == len(set(rung.step for rung in ladder.rungs)) == 20
    assert [rung.step.size for rung in ladder.row("neuron_loss", "docs_6")] == list(SIZES)


def test_a_rung_is_the_comparison_of_that_treatment(ladder: Ladder) -> None:
    """Arms are followed in groups; what a rung shows does not depend on its company."""
    changes = {"effects.1.size": 0.8, "effects.1.start": "onset"}
    drug = load_treatment("slowing-from-onset", changes).record
    base = scenario()
    alone = compare(live(replace(base, arms=(base.arms[0], drug)), backend="numpy"))
    rung = ladder.row("neuron_loss", "onset")[8]
    assert rung.gained == alone.gains[1].mean
    assert rung.median == alone.gains[1].median
    assert rung.alive == next(m for m in alone.landmarks if m.month == 36).alive[1]


def test_larger_effects_gain_more_and_late_ones_reach_fewer(ladder: Ladder) -> None:
    for start in ladder.starts:
        row = ladder.row("neuron_loss", start)
        gained = [rung.gained.value for rung in row]
        # Care reacts to the state, so one of few twins may lose by a larger effect; of 300 people
        # the mean gain rises with every rung, from either start.
        assert all(after > before - 0.5 for before, after in pairwise(gained))
        assert gained[-1] > gained[0] == 0
        assert len({rung.treated for rung in row}) == 1
    early, late = (ladder.row("neuron_loss", start)[-1].gained for start in ladder.starts)
    assert early.value > 10 * late.value
    assert ladder.row("neuron_loss", "onset")[0].treated == 1
    assert ladder.row("neuron_loss", "docs_6")[0].treated < 1
    assert ladder.restricted and ladder.horizon == 72


# ------------------------------------------------------------------------ how large, how early


def rung(start: str, size: float, median: float, treated: float = 1.0) -> Rung:
    ratio = DescribedRatio(UNKNOWN, 0.0, 36.0, nan, nan, nan)
    step, gained = Step("spread", start, size), Estimate(median, median, median)
    return Rung(step, gained, median, median, median, ratio, 0.5, UNKNOWN, treated)


MADE = Ladder(
    (
        *(rung("onset", *pair) for pair in ((0.0, 0.0), (0.5, 4.0), (1.0, 12.0))),
        *(rung("diagnosis", *pair, 0.6) for pair in ((0.0, 0.0), (0.5, 1.0), (1.0, 3.0))),
        *(rung("docs_4", *pair) for pair in ((0.0, 0.0), (0.5, 8.0), (1.0, 9.0))),
    ),
    ("spread",),
    ("onset", "diagnosis", "docs_4"),
    (0.0, 0.5, 1.0),
    0.4,
    100,
    600.0,
    False,
)


def test_the_smallest_effect_is_read_between_the_rungs() -> None:
    onset, diagnosis, stage = needed(MADE, 6.0)
    assert onset.size == pytest.approx(0.5 + 0.5 * 2 / 8)
    assert stage.size == pytest.approx(0.375)
    assert isnan(diagnosis.size) and diagnosis.most == 3.0 and diagnosis.treated == 0.6
    assert needed(MADE, 4.0)[0].size == 0.5


def test_the_start_that_asks_least_comes_first_and_never_last() -> None:
    starts = [one.start for one in earliest_first(MADE, "spread", 6.0)]
    assert starts == ["docs_4", "onset", "diagnosis"]
    assert earliest_first(MADE, "neuron_loss") == ()


def test_a_ladder_without_a_lowest_rung_starts_from_nothing() -> None:
    row = tuple(one for one in MADE.rungs if one.step.size == 0.5)
    short = replace(MADE, rungs=row, sizes=(0.5,))
    assert needed(short, 2.0)[0].size == pytest.approx(0.25)


def test_an_ensemble_brings_what_is_not_known() -> None:
    members = [scenario(8, pace__median=pace) for pace in (0.06, 0.05, 0.08)]

    def one(member: Scenario) -> Ladder:
        return climb(member, ("neuron_loss",), ("onset",), (0.0, 0.5), backend="numpy")

    found, own = climb_worlds(members, one), [one(member) for member in members]
    assert found.members == 3
    for place, rung in enumerate(found.rungs):
        means = [ladder.rungs[place].gained.value for ladder in own]
        assert rung.known == (min(means), max(means))
        assert rung.gained == own[0].rungs[place].gained
    with pytest.raises(UsageError, match="at least one member"):
        climb_worlds([], one)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"targets": ("muscle",)}, "target 'muscle' is not one of: progression, neuron_loss"),
        ({"starts": ("month",)}, "start 'month' is not one of: onset, diagnosis"),
        ({"starts": ()}, "a ladder has at least one start"),
        ({"sizes": (1.2,)}, "sizes must be shares between 0 and 1"),
        ({"sizes": ()}, "sizes must be shares between 0 and 1"),
    ],
)
def test_wrong_ladders(words: dict[str, tuple[str, ...]], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        climb(scenario(1), **words)  # type: ignore[arg-type]


def test_months_that_matter_are_above_0() -> None:
    with pytest.raises(UsageError, match="months = 0 is not above 0 and at most"):
        needed(MADE, 0)


def test_ladders_of_single_starts_join_into_one(ladder: Ladder) -> None:
    rows = [climb(scenario(), ladder.targets, (start,), SIZES) for start in ladder.starts]
    joined = side_by_side(rows)
    assert (joined.starts, joined.restricted) == (ladder.starts, ladder.restricted)
    assert [rung.median for rung in joined.rungs] == [rung.median for rung in ladder.rungs]


def test_ladders_of_other_people_cannot_be_joined(ladder: Ladder) -> None:
    other = climb(scenario(8), ladder.targets, ("docs_6",), SIZES)
    for wrong in ([ladder, other], []):
        with pytest.raises(UsageError, match="same patients"):
            side_by_side(wrong)
