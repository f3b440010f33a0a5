"""Entry to trials and what is seen there; covariates at diagnosis; the small Cox regression."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from tests.studies.validation.by_hand import all_enter, cohort, cohorts, life, measured

from alssim.errors import ParameterError
from alssim.studies.validation.designs import Trial, load_designs
from alssim.studies.validation.entry import delay, enrol, schedule
from alssim.studies.validation.participation import TYPICAL, chances
from alssim.studies.validation.prognosis import at_diagnosis, explained_share, prognosis
from alssim.studies.validation.trials import responds

MONTHS = 132
TRIAL = Trial(
    name="t",
    source="s",
    delay_mean=2,
    delay_sd=0.01,
    onset_most=20,
    capacity_least=60,
    follow_up=12,
)
HEALTHY = life("weakness_left_arm", diagnosis=6.4)


def entered(trial: Trial, *lives: dict[str, float], **traits: object) -> list[int]:
    some = cohort(*lives, months=MONTHS, horizon=MONTHS, **traits)
    return enrol(some, trial).rows.tolist()


def test_the_month_of_entry_follows_the_diagnosis() -> None:
    some = cohort(HEALTHY, months=MONTHS, horizon=MONTHS)
    assert enrol(some, TRIAL).baseline.tolist() == [9]
    assert enrol(some, replace(TRIAL, run_in=3)).baseline.tolist() == [12]


def test_months_of_entry_have_the_published_mean_and_sd() -> None:
    """Kolmogorov-Smirnov against the gamma law: false alarm 1e-6."""
    law = replace(TRIAL, delay_mean=8.3, delay_sd=6.9)
    months = delay(law, stats.uniform.rvs(size=3000, random_state=2))
    shape = (8.3 / 6.9) ** 2
    assert stats.kstest(months, stats.gamma(shape, scale=8.3 / shape).cdf).pvalue > 1e-6
    assert stats.gamma(shape, scale=8.3 / shape).std() == pytest.approx(6.9)


def test_who_takes_part_has_the_published_case_mix() -> None:
    """Sums of the chances are exact; those who enter differ by luck: 5 SE, false alarm 1e-6."""
    age = stats.norm(64, 11).rvs(size=4000, random_state=3)
    bulbar = stats.uniform.rvs(size=4000, random_state=4) < 0.3 + 0.006 * (age - 64)
    chance = chances([(age, 55.4), (bulbar.astype(float), 0.185)])
    assert np.average(age, weights=chance) == pytest.approx(55.4, rel=1e-4)
    assert np.average(bulbar, weights=chance) == pytest.approx(0.185, rel=1e-4)
    assert chance.min() >= 0 and chance.max() <= 1
    there = stats.uniform.rvs(size=4000, random_state=5) < chance
    assert abs(age[there].mean() - 55.4) < 5 * age.std() / np.sqrt(there.sum())


@given(st.lists(st.integers(18, 95), min_size=3, max_size=30, unique=True), st.floats(0.2, 0.8))
def test_any_mean_within_reach_is_met_by_chances_that_follow_the_trait(
    ages: list[int], share: float
) -> None:
    values = np.array(sorted(ages), np.float64)
    published = float(np.quantile(values, share))
    chance = chances([(values, published)])
    assert ((chance >= 0) & (chance <= 1)).all()
    steps = np.diff(chance)
    assert (steps >= -1e-12).all() or (steps <= 1e-12).all()
    assert np.average(values, weights=chance) == pytest.approx(published, abs=0.01)


def test_the_typical_take_part_four_times_out_of_five() -> None:
    assert chances([(np.array([50.0, 60, 70]), 60.0)]) == pytest.approx(TYPICAL)


def test_where_nothing_is_published_all_take_part() -> None:
    assert chances([(np.arange(5.0), 0.0)]).tolist() == [1] * 5
    assert chances([(np.empty(0), 55.0)]).shape == (0,)


def test_a_mean_out_of_reach_is_met_as_nearly_as_can_be() -> None:
    nearest, other = chances([(np.array([40.0, 70]), 30.0)])
    assert other < 1e-4 * nearest


def test_time_since_diagnosis_is_matched_where_time_since_onset_is() -> None:
    """Two met soon after diagnosis, two late; the published mean is that of the late ones."""
    lives = [life("weakness_left_arm", diagnosis=one) for one in (3.4, 8.4, 3.2, 9.1)]
    some = cohort(*lives, months=MONTHS, horizon=MONTHS)
    soon = replace(TRIAL, duration=6.0)
    assert set(enrol(some, soon).rows) <= {0, 2}
    assert enrol(some, TRIAL).rows.tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("change", "alive"),
    [
        ({}, True),
        ({"diagnosis": np.nan}, False),
        ({"diagnosis": 18.5}, False),  # enters at 21, after 20 months
        ({"death": 8.9}, False),
        ({"death": 9.5}, True),
        ({"tracheostomy": 8.0}, False),
        ({"niv_22h": 8.0}, False),
        ({"niv": 8.0}, True),
    ],
)
def test_who_is_there_and_who_is_not(change: dict[str, float], alive: bool) -> None:
    assert entered(TRIAL, {**HEALTHY, **change}) == ([0] if alive else [])


@pytest.mark.parametrize(
    ("criterion", "traits", "meets"),
    [
        ({"capacity_least": 80}, {"capacity": 80.0}, True),
        ({"capacity_least": 80}, {"capacity": 79.9}, False),
        ({"age_most": 75}, {"age": 75.9}, True),
        ({"age_most": 75}, {"age": 76.0}, False),
        ({"age_least": 20}, {"age": 19.9}, False),
        ({"total_least": 37}, {"items": 3}, False),
        ({"total_least": 36}, {"items": 3}, True),
        ({"item_least": 2}, {"items": 1}, False),
        ({"breathing_item_least": 4}, {"items": [4] * 9 + [4, 3, 4]}, False),
        ({"breathing_item_least": 4}, {"items": [1] * 9 + [4] * 3}, True),
    ],
)
def test_criteria(criterion: dict[str, float], traits: dict[str, object], meets: bool) -> None:
    assert entered(replace(TRIAL, **criterion), HEALTHY, **traits) == ([0] if meets else [])


def test_the_run_in_asks_for_decline_and_survival() -> None:
    items = np.full((1, MONTHS + 1, 12), 4)
    items[0, 11:, 0] = 1  # three points between month 9 and month 12
    trial = replace(TRIAL, run_in=3, decline_least=1, decline_most=3)
    assert entered(trial, HEALTHY, items=items) == [0]
    assert entered(replace(trial, decline_least=4, decline_most=9), HEALTHY, items=items) == []
    assert entered(replace(trial, decline_most=2), HEALTHY, items=items) == []
    assert entered(trial, {**HEALTHY, "death": 11.0}, items=items) == []


def test_a_trial_whose_ranges_are_reversed_is_refused() -> None:
    with pytest.raises(ParameterError, match="age: the least lies above the most"):
        replace(TRIAL, age_least=70, age_most=60)


def test_visits_stop_with_death_and_with_the_simulation() -> None:
    some = cohort(life(death=8), life(), months=10, horizon=10)
    when, seen = schedule(some, np.array([0, 1]), np.array([4, 6]), np.arange(0, 7, 2))
    assert when.tolist() == [[4, 6, 8, 10], [6, 8, 10, 10]]
    assert seen.tolist() == [[True, True, False, False], [True, True, True, False]]


# -------------------------------------------------------------------------- what trials measure


def visited(*lives: dict[str, float], **arrays: object):
    return cohort(*lives, months=MONTHS, horizon=MONTHS, **arrays)


def test_survival_is_counted_from_entry() -> None:
    """Diagnosis at 2, entry at 6 to 8: who dies at 14 lives 6 to 8 months in the trial."""
    short = [life(diagnosis=2, death=14)] * 50
    some = visited(*short, *[life(diagnosis=2)] * 50)
    assert measured("TRT-01b", minimal=some) == pytest.approx((0.5,))
    assert measured("TRT-04", minimal=some) == pytest.approx((0.5,))
    assert measured("TRL-03", visits=some)[0] == pytest.approx(
        1 - 0.5 * np.exp(-18 * load_designs().thresholds.dropout)
    )


def test_endpoint_of_a_year() -> None:
    base = {"diagnosis": 2.0}
    some = visited(
        *[life(**base)] * 10,
        *[life(**base, death=13.0)] * 10,
        *[life(**base, tracheostomy=13.0)] * 10,
        *[life(**base, niv_22h=13.0)] * 10,
        *[life(**base, niv=13.0)] * 10,
    )
    assert measured("MIT-03", visits=some) == (0.6,)


def one_point_a_month() -> np.ndarray:
    """Return items [month, 12] whose total falls by a point a month, limb and bulbar in turn."""
    items = np.full((MONTHS + 1, 12), 4)
    for month in range(1, 28):
        items[month:, (month - 1) % 9] -= 1
    return items


@pytest.mark.parametrize("death", [200.0, 16.5])
def test_change_over_24_weeks_carries_the_last_score_of_the_dead(death: float) -> None:
    """24 weeks are 5.52 months; who dies at 16.5 has a last visit at 16."""
    lives = [life("weakness_left_arm", diagnosis=2, weakness_bulbar=1, death=death)] * 40
    some = visited(*lives, items=np.broadcast_to(one_point_a_month(), (40, MONTHS + 1, 12)))
    baseline = enrol(some, all_enter().trial("enriched")).baseline
    assert len(baseline) == 40
    weeks = 24 * 7 / 30.4375
    lived = [(min(b + 5, last), min(b + 6, last)) for b in baseline if (last := death // 1)]
    expected = np.mean(
        [(6 - weeks) * a + (weeks - 5) * z - b for (a, z), b in zip(lived, baseline, strict=True)]
    )
    assert measured("TRT-10", visits=some) == pytest.approx((-expected,))


def test_responders_by_hand() -> None:
    """Slopes before and after: -2 and -0.5 responds, -2 and -1 does not, nor do the dead."""
    months = np.arange(-3.0, 7)
    better = np.where(months <= 0, 40 - 2 * months, 40 - 0.5 * months)
    worse = np.where(months <= 0, 40 - 2 * months, 40 - 1.0 * months)
    seen = np.ones((3, 10), bool)
    seen[2, 8:] = False
    assert responds(months, np.array([better, worse, better]), seen).tolist() == [
        True,
        False,
        False,
    ]


# ------------------------------------------------------------------------------------ prognosis


def test_explained_share_by_hand() -> None:
    x = np.array([[0.0], [1.0], [2.0], [3.0]])
    assert explained_share(1 + 2 * x[:, 0], x) == pytest.approx(1)
    assert explained_share(np.array([1.0, -1.0, -1.0, 1.0]), x) == pytest.approx(0, abs=1e-12)


def test_covariates_at_diagnosis() -> None:
    """Delay 10 and 20 months; the score at the first visit is 38 in both."""
    lives = [
        life("weakness_bulbar", diagnosis=10.0, second_region=6.0, death=30.0),
        life("weakness_left_leg", diagnosis=20.0, second_region=25.0, death=50.0),
        life("weakness_left_leg", death=50.0),
    ]
    usual = cohort(*lives, age=[70, 50, 50])
    visits = visited(*lives, items=[4] * 9 + [2, 0, 0])
    time, event, known = at_diagnosis(cohorts(usual=usual, visits=visits))
    assert time.tolist() == [20, 30] and event.all()
    assert known[:, 0] == pytest.approx([1, -1])  # the short delay is above
    assert known[:, 1].tolist() == [1, 0]
    assert known[:, 2].tolist() == [7, 5] and known[:, 3].tolist() == [1, 0]
    assert known[:, 4] == pytest.approx([1, -1])  # a point a month, and half a point


def test_a_world_in_which_covariates_matter() -> None:
    """Deaths drawn with all five hazards above 1: each ratio holds, and not all is explained."""
    size = 3000
    luck = stats.norm.rvs(size=(size, 3), random_state=9)
    delay = np.exp(2.4 + 0.5 * luck[:, 0])
    early = stats.bernoulli.rvs(0.4, size=size, random_state=10).astype(bool)
    bulbar = stats.bernoulli.rvs(0.3, size=size, random_state=11).astype(bool)
    age = 62 + 10 * luck[:, 1]
    slope = np.exp(-0.3 + 0.5 * luck[:, 2])
    log_rate = -3.5 - luck[:, 0] * 0.5 + early * 0.6 + bulbar * 0.5 + luck[:, 1] * 0.4
    time = stats.expon.rvs(size=size, random_state=12) / np.exp(log_rate + 0.8 * luck[:, 2])
    lives = [
        life(
            "weakness_bulbar" if bulbar[n] else "weakness_left_arm",
            diagnosis=delay[n],
            second_region=delay[n] - 1 if early[n] else delay[n] + 1,
            death=delay[n] + time[n],
        )
        for n in range(size)
    ]
    month = np.minimum(np.ceil(delay), MONTHS).astype(int)
    score = np.clip(48 - np.rint(slope * month), 0, 48).astype(int)
    items = np.clip(score[:, None] - 4 * np.arange(12), 0, 4)[:, None, :]
    usual = cohort(*lives, age=age)
    visits = visited(*lives, items=np.broadcast_to(items, (size, MONTHS + 1, 12)), age=age)
    found = prognosis(cohorts(usual=usual, visits=visits))
    assert [ratio.covariate for ratio in found.ratios if not ratio.holds] == []
    assert 0.1 < found.explained < 0.5 and found.holds


def test_a_covariate_in_which_all_are_alike_has_no_ratio() -> None:
    lives = [
        life("weakness_left_arm", diagnosis=5.0 + n, death=20.0 + n * n % 17) for n in range(20)
    ]
    some = cohort(*lives, age=np.linspace(40, 80, 20))
    found = prognosis(cohorts(usual=some, visits=visited(*lives)))
    ratios = {ratio.covariate: ratio for ratio in found.ratios}
    assert np.isnan(ratios["bulbar_onset"].value) and not ratios["bulbar_onset"].holds
    assert np.isfinite(ratios["older_age"].value) and not found.holds


def test_nothing_is_fitted_when_hardly_anybody_dies() -> None:
    lives = [life("weakness_left_arm", diagnosis=5.0)] * 9
    found = prognosis(cohorts(usual=cohort(*lives), visits=visited(*lives)))
    assert np.isnan(found.explained) and not found.holds
