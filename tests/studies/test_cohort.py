"""A cohort's counts are those of its patients, whatever the parts it was made from."""

from dataclasses import replace

import numpy as np
import pytest

from alssim.model.anatomy import REGIONS
from alssim.parameters import load_scenario
from alssim.statistics.survival import survival_at
from alssim.studies.cohort import (
    DEAD,
    GROUPS,
    NEXT,
    ONSETS,
    PLACES,
    Cohort,
    follow_part,
    group_of,
    join_parts,
    living_shares,
    onset_of,
    places,
    score_bands,
    spread_counts,
    stage_shares,
    survival,
)

SCENARIO = replace(load_scenario("reference").record, horizon=60)


@pytest.fixture(scope="module")
def people() -> Cohort:
    return follow_part(SCENARIO, 0, 120)


def everybody(people: Cohort) -> np.ndarray:
    return np.ones(len(people), bool)


def test_parts_join_to_the_whole(people: Cohort) -> None:
    joined = join_parts([follow_part(SCENARIO, first, 40) for first in (0, 40, 80)])
    assert np.array_equal(joined.total, people.total)
    assert np.array_equal(joined.events, people.events, equal_nan=True)
    assert np.array_equal(joined.patients.age, people.patients.age)


def test_the_dead_have_no_score_and_the_living_have_one(people: Cohort) -> None:
    months = np.arange(people.horizon + 1)
    dead = np.nan_to_num(people.months("death"), nan=np.inf)[:, None] <= months
    assert np.array_equal(people.total == DEAD, dead)
    assert people.total.max() <= 48


@pytest.mark.parametrize("way", GROUPS)
def test_everybody_is_in_one_group(people: Cohort, way: str) -> None:
    group = group_of(people, way)
    assert group.min() >= 0 and group.max() < len(GROUPS[way])
    if way == "age":
        assert (people.patients.age[group == 0] < 50).all()
        assert (people.patients.age[group == 3] >= 75).all()


def test_stages_are_counted_as_by_hand(people: Cohort) -> None:
    months = np.arange(people.horizon + 1.0)
    found = stage_shares(people, everybody(people), months)
    assert np.allclose(found.share.sum(axis=0), 1)
    died = (np.nan_to_num(people.months("death"), nan=np.inf)[:, None] <= months).mean(axis=0)
    assert np.allclose(found.share[-1], died)
    living = living_shares(found)
    known = died < 1
    assert np.allclose(living[:, known].sum(axis=0), 1)


def test_survival_is_the_share_alive(people: Cohort) -> None:
    curve = survival(people, everybody(people))
    death = np.nan_to_num(people.months("death"), nan=np.inf)
    for month in (12.0, 36.0, 59.0):
        assert survival_at(curve, month) == pytest.approx(np.mean(death > month))


def test_bands_hold_the_middle_half_of_the_living(people: Cohort) -> None:
    bands = score_bands(people, everybody(people))
    alive = people.total[:, 24][people.total[:, 24] != DEAD]
    assert bands.middle[24] == np.median(alive)
    assert bands.low[24] <= bands.middle[24] <= bands.high[24]
    assert np.isnan(score_bands(people, np.arange(len(people)) < 3).middle).all()


def test_spread_is_counted_as_by_hand(people: Cohort) -> None:
    counts = spread_counts(people)
    assert counts.sum() == len(people)
    assert all(counts[ONSETS.index(kind), NEXT.index(kind)] == 0 for kind in ONSETS[:3])
    by_hand = np.zeros_like(counts)
    kinds = {"bulbar": "bulbar", "respiratory": "breathing", "trunk": ""}
    for patient, onset in enumerate(onset_of(people)):
        months = {}
        for region in REGIONS:
            kind = kinds.get(region, region.rpartition("_")[2])
            month = people.months(f"weakness_{region}")[patient]
            if kind and kind != ONSETS[onset] and np.isfinite(month):
                months[kind] = min(month, months.get(kind, np.inf))
        second = min(months, key=lambda kind: months[kind]) if months else "none"
        by_hand[onset, NEXT.index(second)] += 1
    assert np.array_equal(counts, by_hand)


def test_a_place_is_the_share_that_comes_later(people: Cohort) -> None:
    for found in places(people, 7, (*PLACES, "death")):
        months = np.nan_to_num(people.months(found.event), nan=np.inf)
        later = sum(month > months[7] for month in months)
        never = sum(np.isinf(month) for month in months)
        expected = never if np.isnan(found.month) else later
        assert found.later == round(100 * expected / len(people))
