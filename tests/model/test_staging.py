"""Staging by the published rules, each with a truth table of its own."""

import itertools

import numpy as np
import pytest
from tests.model.cohorts import QUICK, scenario

from alssim.model.events import EVENT, EVENTS
from alssim.model.simulate import simulate
from alssim.model.staging import (
    KINGS,
    documents_stage,
    first_reached,
    ft9,
    kings_clinical,
    kings_from_alsfrs,
    mitos,
    running_maximum,
)

YES, NO = np.array(True), np.array(False)


def items(**scores: int) -> np.ndarray:
    """Return twelve items, all 4 but those given, such as ``i5=3`` for item 5."""
    found = np.full(12, 4, dtype=np.int8)
    for name, score in scores.items():
        found[int(name[1:]) - 1] = score
    return found


def kings(tube: int = False, alive: int = True, **scores: int) -> int:
    return int(kings_from_alsfrs(items(**scores), np.array(bool(tube)), np.array(bool(alive))))


# ------------------------------------------------------ King's from the ALSFRS-R (Balendra 2014)


@pytest.mark.parametrize("item", [1, 2, 3])
@pytest.mark.parametrize("score", [0, 1, 2, 3])
def test_bulbar_region_by_items_1_to_3(item: int, score: int) -> None:
    assert kings(**{f"i{item}": score, "i8": 3}) == 2


@pytest.mark.parametrize("item", [4, 5])
def test_upper_limb_by_items_4_and_5a(item: int) -> None:
    assert kings(**{f"i{item}": 3, "i8": 3}) == 2


def test_lower_limb_by_item_8() -> None:
    assert kings(i8=3, i1=3) == 2


def test_regions_are_counted_once_each() -> None:
    assert kings(i1=3, i2=0, i3=2) == 1
    assert kings(i4=3, i5=0) == 1
    assert kings(i1=3, i4=3) == 2
    assert kings(i1=3, i4=3, i8=3) == 3
    assert kings(i1=0, i2=0, i3=0, i4=0, i5=0, i8=0) == 3


@pytest.mark.parametrize("item", [6, 7, 9, 10, 11])
def test_items_6_7_9_and_11_are_not_used_nor_10_above_0(item: int) -> None:
    score = 1 if item == 10 else 0
    assert kings(**{f"i{item}": score}) == 1
    assert kings(**{f"i{item}": score, "i1": 3}) == 1
    assert kings(**{f"i{item}": score, "i1": 3, "i4": 3}) == 2


def test_nobody_with_a_diagnosis_is_below_stage_1() -> None:
    assert kings() == 1


def test_stage_4_by_breathing() -> None:
    assert kings(i10=0) == 4
    assert kings(i10=1) == 1
    for score in (0, 1, 2, 3):
        assert kings(i12=score) == 4


def test_stage_4_by_a_feeding_tube() -> None:
    assert kings(tube=True) == 4
    assert kings(tube=True, i3=1) == 4


def test_item_5b_is_asked_in_place_of_5a_once_a_tube_is_in() -> None:
    """With a tube the stage is 4 whatever item 5 says; without it item 5 counts as an arm."""
    assert kings(tube=True, i5=0) == 4
    assert kings(tube=False, i5=0) == 1
    assert kings(tube=False, i5=0, i8=0) == 2


def test_breathing_and_tube_together_are_still_stage_4() -> None:
    assert kings(tube=True, i10=0, i12=0, i1=0, i4=0, i8=0) == 4


def test_death_is_stage_5_whatever_the_items_say() -> None:
    assert kings(alive=False) == 5
    assert kings(alive=False, tube=True, i12=0) == 5


# ------------------------------------------------------ MiToS (Chio 2015)


def domains(alive: int = True, **scores: int) -> int:
    return int(mitos(items(**scores), np.array(bool(alive))))


@pytest.mark.parametrize(("item", "lost_at"), [(8, 1), (6, 1), (3, 1), (10, 1), (12, 2)])
def test_a_domain_is_lost_at_its_score(item: int, lost_at: int) -> None:
    for score in range(5):
        assert domains(**{f"i{item}": score}) == int(score <= lost_at)


@pytest.mark.parametrize(("speech", "writing"), list(itertools.product(range(5), range(5))))
def test_communication_needs_speech_and_handwriting_both_lost(speech: int, writing: int) -> None:
    assert domains(i1=speech, i4=writing) == int(speech <= 1 and writing <= 1)


def test_a_domain_counts_once() -> None:
    assert domains(i8=0, i6=0) == 1
    assert domains(i10=0, i12=0) == 1


def test_domains_add_up() -> None:
    for lost in itertools.product((NO, YES), repeat=4):
        scores: dict[str, int] = {}
        for gone, change in zip(
            lost, ({"i8": 1}, {"i3": 1}, {"i1": 1, "i4": 0}, {"i12": 2}), strict=True
        ):
            scores |= change if gone else {}
        assert domains(**scores) == sum(map(bool, lost))


def test_other_items_do_not_count() -> None:
    assert domains(i2=0, i5=0, i7=0, i9=0, i11=0) == 0


def test_mitos_5_is_death() -> None:
    assert domains(alive=False) == 5


# ------------------------------------------------------ FT9 (Thakore 2018)


def test_a_subscore_counts_at_9_or_less() -> None:
    for group, first in enumerate((1, 4, 7, 10)):
        nine = items(**{f"i{first}": 3, f"i{first + 1}": 3, f"i{first + 2}": 3})
        ten = items(**{f"i{first}": 2})
        assert int(ft9(nine, YES)) == 1, group
        assert int(ft9(ten, YES)) == 0, group


def test_subscores_add_up() -> None:
    assert int(ft9(items(), YES)) == 0
    assert int(ft9(np.zeros(12, np.int8), YES)) == 4
    assert int(ft9(items(i1=1, i7=0), YES)) == 2
    assert int(ft9(items(), NO)) == 5


# ------------------------------------------------------ clinical King's and the documents' stages

ORDER = {
    "onset": "1",
    "diagnosis": "2A",
    "second_region": "2B",
    "third_region": "3",
    "gastrostomy_need": "4A",
    "niv_need": "4B",
    "death": "5",
}


def events(**months: float) -> np.ndarray:
    found = np.full((len(EVENTS), 1), np.nan)
    for name, month in months.items():
        found[EVENT[name]] = month
    return found


def test_clinical_stages_in_their_order() -> None:
    course = events(**{name: 2.0 * number for number, name in enumerate(ORDER)})
    stages = kings_clinical(course, np.arange(0, 13, 2.0))[0]
    assert [KINGS[stage] for stage in stages] == list(ORDER.values())


def test_the_highest_milestone_counts_and_it_never_falls() -> None:
    course = events(onset=0, niv_need=3, gastrostomy_need=5, diagnosis=6, second_region=7)
    stages = kings_clinical(course, np.arange(9.0))[0]
    assert [KINGS[stage] for stage in stages] == ["1"] * 3 + ["4B"] * 6  # 4A after 4B is no step


def test_before_onset_there_is_no_stage() -> None:
    course = events(onset=2.5)
    assert [KINGS[s] for s in kings_clinical(course, np.arange(4.0))[0]] == ["-", "-", "-", "1"]


def test_a_milestone_that_is_skipped_is_not_missed() -> None:
    course = events(onset=0, death=2)
    assert [KINGS[s] for s in kings_clinical(course, np.arange(3.0))[0]] == ["1", "1", "5"]


def test_the_documents_stages() -> None:
    course = events(onset=0, diagnosis=1, marked_weakness=2, second_region=3, weakness_trunk=4,
                    gastrostomy_need=5, niv_need=6, death=7)  # fmt: skip
    assert documents_stage(course, np.arange(8.0))[0].tolist() == list(range(1, 9))
    swapped = events(onset=0, niv_need=2, gastrostomy_need=4, diagnosis=5)
    assert documents_stage(swapped, np.arange(6.0))[0].tolist() == [1, 1, 7, 7, 7, 7]


def test_running_maximum_and_first_reached() -> None:
    stage = np.array([[1, 3, 2, 3], [1, 1, 1, 1]])
    assert running_maximum(stage).tolist() == [[1, 3, 3, 3], [1, 1, 1, 1]]
    found = first_reached(stage, np.arange(4.0), 2)
    np.testing.assert_array_equal(found, [1.0, np.nan])


def test_stages_at_visits_follow_from_items_and_events() -> None:
    found = simulate(scenario(patients=60), backend=QUICK, visits=True)
    seen = found.visits
    assert seen is not None
    tube = found.months("gastrostomy")[..., None] <= seen.months
    np.testing.assert_array_equal(
        seen.kings_alsfrs, kings_from_alsfrs(seen.items, tube, seen.alive)
    )
    np.testing.assert_array_equal(seen.mitos, mitos(seen.items, seen.alive))
    np.testing.assert_array_equal(seen.ft9, ft9(seen.items, seen.alive))
    assert (np.diff(seen.kings, axis=-1) >= 0).all()
    assert (np.diff(seen.docs, axis=-1) >= 0).all()
    assert ((seen.kings == KINGS.index("5")) == ~seen.alive).all()
