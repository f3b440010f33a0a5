"""Virtual people: who they are, drawn once before the disease runs.

Everything here comes from the seed ``people``; what chance does to their course comes from the
seed ``fate`` (``alssim.model.fate``).
"""

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from alssim.model.anatomy import (
    ARMS,
    BULBAR,
    LEFT_ARM,
    LEFT_LEG,
    REGION_COUNT,
    RESPIRATORY,
    RIGHT_ARM,
    RIGHT_LEG,
    TRUNK,
    region_weights,
)
from alssim.parameters.schema import World
from alssim.randomness import normals, rounded, uniforms, words

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]

GENETIC_FORMS = ("sporadic", "sod1", "c9orf72", "other")
COGNITION = ("unchanged", "changed", "dementia")
PREFERENCES = ("niv", "gastrostomy", "tracheostomy", "stop_ventilation", "hospice", "riluzole")
REFERENCE_AGE = 64.0  # the age at which the parameters of onset and pace are given

# One word of luck for each trait, found by name. New names go to the end: no other trait changes.
TRAITS = (
    "sex",
    "age",
    "bulbar",
    "elsewhere",
    "side",
    "layer",
    "second",
    "second_region",
    "pace",
    "slow",
    "spread",
    *(f"vulnerability_{r}" for r in range(REGION_COUNT)),
    "vulnerability_breathing",
    "gene",
    "cognition",
    "capacity",
    "hand",
    *PREFERENCES,
    "response",
)


@dataclass(frozen=True, slots=True, eq=False)
class Patients:
    """Virtual people; every array is read-only, one row a person.

    number          [patient]     which patient of the seed this is
    male            [patient]
    age             [patient]     years at the first symptom
    first_region    [patient]     region of the pool that is hit first (index into REGIONS)
    first_upper     [patient]     whether that pool is an upper one
    second_region   [patient]     region seeded at the same time, -1 for none
    pace            [patient]     per month; every rate of the disease is in units of it
    slow            [patient]     whether the course is of the slow kind
    spread          [patient]     exposure from a fully affected neighbour, in units of the pace
    vulnerability   [patient, pool]  hazard at full pathology, in units of the pace
    genetic_form    [patient]     index into GENETIC_FORMS
    cognition       [patient]     index into COGNITION
    capacity        [patient]     vital capacity before the disease, % predicted
    right_handed    [patient]
    preference      [patient, care]  uniform; below the acceptance: would accept (PREFERENCES)
    response        [patient]     uniform; below the share of responders: responds to a treatment
    """

    number: IntArray
    male: BoolArray
    age: FloatArray
    first_region: IntArray
    first_upper: BoolArray
    second_region: IntArray
    pace: FloatArray
    slow: BoolArray
    spread: FloatArray
    vulnerability: FloatArray
    genetic_form: IntArray
    cognition: IntArray
    capacity: FloatArray
    right_handed: BoolArray
    preference: FloatArray
    response: FloatArray

    def __post_init__(self) -> None:
        for field in fields(self):
            getattr(self, field.name).flags.writeable = False

    def __len__(self) -> int:
        return len(self.number)

    def take(self, rows: slice | IntArray | BoolArray) -> "Patients":
        """Return the patients of some rows."""
        return replace(self, **{f.name: getattr(self, f.name)[rows].copy() for f in fields(self)})


class _Traits:
    """The luck of each trait, by name: uniform or standard normal."""

    def __init__(self, seed: int, numbers: IntArray) -> None:
        self._raw = words(seed, numbers, "traits", len(TRAITS))
        self._column = {name: column for column, name in enumerate(TRAITS)}

    def uniform(self, *names: str) -> FloatArray:
        return uniforms(self._raw[:, [self._column[name] for name in names]])

    def share(self, name: str) -> FloatArray:
        return self.uniform(name)[:, 0]

    def normal(self, name: str) -> FloatArray:
        return normals(self._raw[:, self._column[name]])


def draw_patients(world: World, people: int, numbers: IntArray) -> Patients:
    """Draw the patients with these numbers; each depends on (people, number) and the world."""
    traits = _Traits(people, numbers)
    male = traits.share("sex") < world.population.male_share
    age = _age(world, traits, male)
    region = _first_region(world, traits, male, age)
    gene = _category(
        traits.share("gene"),
        (
            world.population.sod1_share,
            world.population.c9orf72_share,
            world.population.other_gene_share,
        ),
    )
    slow = _slow(world, traits, age)
    log_pace = _log_pace(world, traits, male, age, region, gene, slow)
    return Patients(
        number=np.array(numbers, dtype=np.int64),
        male=male,
        age=age,
        first_region=region,
        first_upper=traits.share("layer") < world.onset.upper_first,
        second_region=_second_region(world, traits, region),
        pace=rounded(world.pace.median * np.exp(log_pace)),
        slow=slow,
        spread=rounded(
            world.spread.rate
            * np.exp(
                world.spread.sd * traits.normal("spread") + (world.spread.pace_power - 1) * log_pace
            )
        ),
        vulnerability=_vulnerability(world, traits, age, region),
        genetic_form=gene,
        cognition=_category(
            traits.share("cognition"),
            (world.population.cognitive_change_share, world.population.dementia_share),
        ),
        capacity=rounded(
            np.maximum(
                world.breathing.capacity_mean
                + world.breathing.capacity_sd * traits.normal("capacity"),
                world.breathing.capacity_lowest,
            )
        ),
        right_handed=traits.share("hand") < world.population.right_handed_share,
        preference=traits.uniform(*PREFERENCES),
        response=traits.share("response"),
    )


def _age(world: World, traits: _Traits, male: BoolArray) -> FloatArray:
    """Ages lean to the old side: z - skew (z**2 - 1) has mean 0 and a long young tail."""
    people, z = world.population, traits.normal("age")
    mean = np.where(male, people.age_men, people.age_women)
    age = mean + people.age_sd * (z - people.age_skew * (z * z - 1))
    return rounded(np.clip(age, people.age_lowest, people.age_highest))


def _first_region(world: World, traits: _Traits, male: BoolArray, age: FloatArray) -> IntArray:
    onset = world.onset
    chance = (
        onset.bulbar_share
        + onset.bulbar_women * ~male
        + onset.bulbar_per_year * (age - REFERENCE_AGE)
    )
    bulbar = traits.share("bulbar") < np.clip(chance, onset.bulbar_lowest, onset.bulbar_highest)
    kind = _category(
        traits.share("elsewhere"),
        (onset.arms_share, onset.legs_share, onset.trunk_share),
        rest_first=False,
    )
    right = traits.share("side") < 0.5
    choices = [
        np.where(right, RIGHT_ARM, LEFT_ARM),
        np.where(right, RIGHT_LEG, LEFT_LEG),
        np.full(len(age), TRUNK),
        np.full(len(age), RESPIRATORY),
    ]
    return np.where(bulbar, BULBAR, np.choose(kind, choices)).astype(np.int64)


def _category(luck: FloatArray, shares: tuple[float, ...], rest_first: bool = True) -> IntArray:
    """Return a category by its share; the unnamed rest is category 0 (or the last one)."""
    edges = np.cumsum(shares)
    place = np.searchsorted(edges, luck, side="right")
    return (np.where(place == len(shares), 0, place + 1) if rest_first else place).astype(np.int64)


def _second_region(world: World, traits: _Traits, first: IntArray) -> IntArray:
    """Choose the region seeded with the first by the graph; not the other limb of a pair."""
    weights = region_weights(world.spread)
    for pair in (ARMS, (LEFT_LEG, RIGHT_LEG)):
        weights[pair, pair[::-1]] = 0.0
    total = weights.sum(axis=1, keepdims=True)
    edges = np.cumsum(weights / np.where(total > 0, total, 1), axis=1)[first]
    chosen = (
        (traits.share("second_region")[:, None] >= edges).sum(axis=1).clip(max=REGION_COUNT - 1)
    )
    seeded = (traits.share("second") < world.onset.multifocal) & (total[first, 0] > 0)
    return np.where(seeded, chosen, -1).astype(np.int64)


def _slow(world: World, traits: _Traits, age: FloatArray) -> BoolArray:
    pace = world.pace
    return traits.share("slow") < pace.slow_share * np.exp(
        -pace.slow_per_year * (age - REFERENCE_AGE)
    )


def _log_pace(
    world: World,
    traits: _Traits,
    male: BoolArray,
    age: FloatArray,
    region: IntArray,
    gene: IntArray,
    slow: BoolArray,
) -> FloatArray:
    """Logarithm of the pace against its median."""
    pace = world.pace
    return np.asarray(
        pace.sd * traits.normal("pace")
        + pace.per_decade * (age - REFERENCE_AGE) / 10
        + pace.women * ~male
        + pace.bulbar * (region == BULBAR)
        + pace.arm * np.isin(region, ARMS)
        + pace.sod1 * (gene == GENETIC_FORMS.index("sod1"))
        + pace.c9orf72 * (gene == GENETIC_FORMS.index("c9orf72"))
        + np.log(pace.slow_factor) * slow
    )


def _vulnerability(world: World, traits: _Traits, age: FloatArray, first: IntArray) -> FloatArray:
    """Hazard of a neuron at full pathology [patient, pool]; a region's pools share the luck.

    In older people speech, swallowing and breathing fail faster than the limbs (Yokoi 2016).
    """
    loss = world.loss
    aged = np.exp(loss.axial_per_decade * (age - REFERENCE_AGE) / 10)
    luck = np.column_stack([traits.normal(f"vulnerability_{r}") for r in range(REGION_COUNT)])
    regional = np.exp(loss.regional_sd * luck)
    regional[np.arange(len(first)), first] *= loss.onset
    regional[:, RESPIRATORY] *= loss.respiratory * np.exp(
        loss.respiratory_sd * traits.normal("vulnerability_breathing")
    )
    regional[:, [BULBAR, RESPIRATORY]] *= aged[:, None]
    return rounded(np.hstack([loss.lower * regional, loss.upper * regional]))
