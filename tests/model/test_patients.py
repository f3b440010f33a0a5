"""Who falls ill: every trait follows the law that its parameters state."""

from typing import Any

import numpy as np
import pytest
from scipy import stats
from tests.model.cohorts import ALARM, assert_drawn_from, assert_share, bits, scenario, world

from alssim.model import patients as drawing
from alssim.model.anatomy import BULBAR, REGION_COUNT, REGIONS, RESPIRATORY, region_weights
from alssim.model.patients import COGNITION, GENETIC_FORMS, PREFERENCES, Patients, draw_patients
from alssim.parameters.schema import World

SIZE = 4000
# Chances that depend on nothing else, so that each share can be read off the cohort.
PLAIN: dict[str, Any] = {
    "onset__bulbar_women": 0.0,
    "onset__bulbar_per_year": 0.0,
    "pace__per_decade": 0.0,
    "pace__women": 0.0,
    "pace__bulbar": 0.0,
    "pace__arm": 0.0,
    "pace__c9orf72": 0.0,
    "pace__slow_per_year": 0.0,
    "pace__slow_share": 0.2,
    "loss__axial_per_decade": 0.0,
    "population__age_skew": 0.0,
    "population__sod1_share": 0.15,
    "spread__pace_power": 1.0,
}
WORLD = world(**PLAIN)


def cohort(of: World = WORLD, seed: int = 3, size: int = SIZE) -> Patients:
    return draw_patients(of, seed, np.arange(size))


COHORT = cohort()


def shares() -> dict[str, tuple[np.ndarray, float]]:
    """Return who has a trait, and the share who should."""
    people, onset = WORLD.population, WORLD.onset
    elsewhere = 1 - onset.bulbar_share
    region, gene = COHORT.first_region, COHORT.genetic_form
    return {
        "men": (COHORT.male, people.male_share),
        "bulbar onset": (region == BULBAR, onset.bulbar_share),
        "arm onset": (np.isin(region, (1, 2)), elsewhere * onset.arms_share),
        "leg onset": (np.isin(region, (5, 6)), elsewhere * onset.legs_share),
        "trunk onset": (region == 3, elsewhere * onset.trunk_share),
        "respiratory onset": (region == RESPIRATORY, elsewhere * onset.respiratory_share),
        "right side": (np.isin(region, (2, 6)), elsewhere * (1 - 0.024) / 2),
        "upper layer first": (COHORT.first_upper, onset.upper_first),
        "two regions at once": (COHORT.second_region >= 0, onset.multifocal),
        "slow course": (COHORT.slow, WORLD.pace.slow_share),
        "SOD1": (gene == GENETIC_FORMS.index("sod1"), people.sod1_share),
        "C9orf72": (gene == GENETIC_FORMS.index("c9orf72"), people.c9orf72_share),
        "another gene": (gene == GENETIC_FORMS.index("other"), people.other_gene_share),
        "changed thinking": (COHORT.cognition == 1, people.cognitive_change_share),
        "dementia": (COHORT.cognition == COGNITION.index("dementia"), people.dementia_share),
        "right-handed": (COHORT.right_handed, people.right_handed_share),
    }


@pytest.mark.parametrize("name", shares())
def test_shares(name: str) -> None:
    has, share = shares()[name]
    assert_share(int(has.sum()), SIZE, share)


def test_ages() -> None:
    for male, mean in ((True, WORLD.population.age_men), (False, WORLD.population.age_women)):
        age = COHORT.age[COHORT.male == male]
        inside = (age > WORLD.population.age_lowest) & (age < WORLD.population.age_highest)
        low, high = (
            (end - mean) / WORLD.population.age_sd
            for end in (WORLD.population.age_lowest, WORLD.population.age_highest)
        )
        law = stats.truncnorm(low, high, loc=mean, scale=WORLD.population.age_sd)
        assert_drawn_from(age[inside], law.cdf)


def test_skewed_ages_keep_their_mean() -> None:
    """z - skew (z**2 - 1) has mean 0; a long young tail."""
    wide: dict[str, Any] = {"population__age_lowest": 0.0, "population__age_highest": 110.0}
    skewed = world(population__age_skew=0.12, population__age_sd=8.0, **wide)
    men = cohort(skewed)
    age = men.age[men.male]
    spread = skewed.population.age_sd * np.sqrt(1 + 2 * 0.12**2)
    z = (age.mean() - skewed.population.age_men) / (spread / np.sqrt(len(age)))
    assert stats.norm.sf(abs(z)) > ALARM / 2
    assert stats.skew(age) < -0.2


def test_pace_is_log_normal_with_a_slow_group() -> None:
    pace = WORLD.pace
    log = np.log(COHORT.pace / pace.median)
    assert_drawn_from(log[~COHORT.slow] / pace.sd, "norm")
    assert_drawn_from((log[COHORT.slow] - np.log(pace.slow_factor)) / pace.sd, "norm")


@pytest.mark.parametrize(
    ("key", "who"),
    [
        ("pace__bulbar", lambda p: p.first_region == BULBAR),
        ("pace__arm", lambda p: np.isin(p.first_region, (1, 2))),
        ("pace__women", lambda p: ~p.male),
        ("pace__sod1", lambda p: p.genetic_form == 1),
        ("pace__c9orf72", lambda p: p.genetic_form == 2),
    ],
)
def test_covariates_of_the_pace(key: str, who: Any) -> None:
    """Adding 0.5 in the logarithm multiplies the pace of these people, and of nobody else."""
    changed = cohort(world(**{**PLAIN, key: 0.5}), size=300)
    plain = cohort(size=300)
    factor = np.where(who(plain), np.exp(0.5), 1.0)
    np.testing.assert_allclose(changed.pace, plain.pace * factor, rtol=1e-4)


def test_age_speeds_the_pace() -> None:
    older = cohort(world(**{**PLAIN, "pace__per_decade": 0.3}), size=300)
    factor = np.exp(0.3 * (COHORT.age[:300] - 64) / 10)
    np.testing.assert_allclose(older.pace, COHORT.pace[:300] * factor, rtol=1e-4)


def test_spread_is_log_normal() -> None:
    assert_drawn_from(np.log(COHORT.spread / WORLD.spread.rate) / WORLD.spread.sd, "norm")


def test_spread_follows_a_power_of_the_pace() -> None:
    """spread x pace = rate x own luck x pace ** power."""
    powered = cohort(world(**{**PLAIN, "spread__pace_power": 0.3}), size=300)
    relative = COHORT.pace[:300] / WORLD.pace.median
    np.testing.assert_allclose(
        powered.spread, COHORT.spread[:300] * relative ** (0.3 - 1), rtol=1e-4
    )


def test_vulnerability_is_shared_by_both_pools_of_a_region() -> None:
    loss, found = WORLD.loss, COHORT.vulnerability
    lower, upper = found[:, :REGION_COUNT], found[:, REGION_COUNT:]
    np.testing.assert_allclose(lower / loss.lower, upper / loss.upper, rtol=1e-4)
    others = [r for r in range(REGION_COUNT) if r != RESPIRATORY]
    for region in others:
        assert_drawn_from(
            np.log(lower[:, region] / loss.lower) / loss.regional_sd, "norm", ALARM / 7
        )
    breathing = np.log(lower[:, RESPIRATORY] / loss.lower / loss.respiratory)
    both = np.hypot(loss.regional_sd, loss.respiratory_sd)
    assert_drawn_from(breathing / both, "norm", ALARM / 7)
    assert stats.spearmanr(lower[:, 0], lower[:, 1]).pvalue > ALARM


def test_age_adds_to_the_loss_of_speech_and_breath_alone() -> None:
    older = cohort(world(**{**PLAIN, "loss__axial_per_decade": 0.3}), size=300)
    factor = np.ones((300, 2 * REGION_COUNT))
    axial = [region + layer for layer in (0, REGION_COUNT) for region in (BULBAR, RESPIRATORY)]
    factor[:, axial] = np.exp(0.3 * (COHORT.age[:300, None] - 64) / 10)
    np.testing.assert_allclose(older.vulnerability, COHORT.vulnerability[:300] * factor, rtol=1e-4)


def test_capacity_preferences_and_response() -> None:
    breathing = WORLD.breathing
    assert_drawn_from((COHORT.capacity - breathing.capacity_mean) / breathing.capacity_sd, "norm")
    for column in range(len(PREFERENCES)):
        assert_drawn_from(COHORT.preference[:, column], "uniform", ALARM / 7)
    assert_drawn_from(COHORT.response, "uniform", ALARM / 7)


def test_the_second_region_is_chosen_by_the_graph() -> None:
    both = cohort(world(**{**PLAIN, "onset__multifocal": 1.0}))
    assert (both.second_region >= 0).all()
    assert (both.second_region != both.first_region).all()
    pair = {1: 2, 2: 1, 5: 6, 6: 5}
    for first in (BULBAR, REGIONS.index("left_arm"), REGIONS.index("right_leg")):
        chosen = both.second_region[both.first_region == first]
        weights = region_weights(WORLD.spread)[first]
        if first in pair:
            weights[pair[first]] = 0
        expected = weights / weights.sum() * len(chosen)
        counts = np.bincount(chosen, minlength=REGION_COUNT)
        assert (counts[expected == 0] == 0).all()
        possible = expected > 0
        assert stats.chisquare(counts[possible], expected[possible]).pvalue > ALARM


def test_bulbar_onset_is_older_and_more_often_female() -> None:
    reference = cohort(world())
    bulbar = reference.first_region == BULBAR
    assert reference.age[bulbar].mean() > reference.age[~bulbar].mean()
    assert reference.male[bulbar].mean() < reference.male[~bulbar].mean()


def test_a_trait_added_changes_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    before = cohort(size=50)
    monkeypatch.setattr(drawing, "TRAITS", (*drawing.TRAITS, "shoe_size"))
    after = cohort(size=50)
    for name in Patients.__dataclass_fields__:
        assert bits(getattr(before, name)) == bits(getattr(after, name)), name


def test_a_parameter_changes_its_own_trait_alone() -> None:
    before, after = (
        cohort(size=50),
        cohort(world(**{**PLAIN, "breathing__capacity_sd": 20.0}), size=50),
    )
    changed = {
        name
        for name in Patients.__dataclass_fields__
        if bits(getattr(before, name)) != bits(getattr(after, name))
    }
    assert changed == {"capacity"}


def test_people_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        COHORT.age[0] = 1.0
    assert len(COHORT.take(slice(0, 5))) == 5


def test_the_number_of_patients_is_a_matter_of_taste() -> None:
    case = scenario(patients=3)
    few = draw_patients(case.world, 1, np.array([2, 0, 1]))
    assert bits(few.age[[1, 2, 0]]) == bits(draw_patients(case.world, 1, np.arange(3)).age)
