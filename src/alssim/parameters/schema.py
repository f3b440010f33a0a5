"""All parameter groups: a world (the disease and its care), a treatment, a scenario."""

from dataclasses import dataclass
from typing import Annotated

from alssim.parameters.biology import (
    Loss,
    Numerics,
    Onset,
    Pace,
    Pathology,
    Population,
    Replacement,
    Spread,
)
from alssim.parameters.checking import Checked
from alssim.parameters.clinic import (
    Breathing,
    Care,
    Death,
    Diagnosis,
    Item,
    Nutrition,
    Rating,
    Strength,
    Symptom,
)
from alssim.parameters.treatment import Cost, Effect, Harms, Treatment
from alssim.quantity import Quantity, Text

__all__ = [
    "Breathing",
    "Care",
    "Cost",
    "Death",
    "Diagnosis",
    "Effect",
    "Harms",
    "Item",
    "Loss",
    "Numerics",
    "Nutrition",
    "Onset",
    "Pace",
    "Pathology",
    "Population",
    "Rating",
    "Replacement",
    "Scenario",
    "Spread",
    "Strength",
    "Symptom",
    "Treatment",
    "World",
]

ITEMS = (
    "speech",
    "salivation",
    "swallowing",
    "handwriting",
    "cutting_food",
    "dressing",
    "turning_in_bed",
    "walking",
    "stairs",
    "dyspnoea",
    "orthopnoea",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class World(Checked):
    """Every number of the disease model and of the care that surrounds it."""

    numerics: Numerics
    population: Population
    onset: Onset
    pace: Pace
    spread: Spread
    pathology: Pathology
    loss: Loss
    replacement: Replacement
    strength: Strength
    rating: Rating
    breathing: Breathing
    nutrition: Nutrition
    diagnosis: Diagnosis
    death: Death
    care: Care
    items: tuple[Item, ...]
    symptoms: tuple[Symptom, ...]

    def problems(self) -> list[str]:
        """The scale has its eleven items in order; its thresholds are ordered."""
        found = []
        if tuple(item.name for item in self.items) != ITEMS:
            found.append(f"items must be, in this order: {', '.join(ITEMS)}")
        if self.rating.lowest >= self.strength.weak:
            found.append("rating.lowest must lie below strength.weak")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario(Checked):
    """A world, the arms to compare in it, and how many virtual patients to follow."""

    name: Annotated[str, Text("short name: the file's name")]
    title: Annotated[str, Text("name for people")]
    summary: Annotated[str, Text("what it shows, in a sentence or two", lines=True)] = ""
    notes: Annotated[str, Text("notes for teaching", lines=True)] = ""
    care: Annotated[str, Text("name of the care setting")] = "modern"
    patients: Annotated[int, Quantity("patients", 1, 10_000_000, "virtual patients to follow")] = (
        1000
    )
    people: Annotated[int, Quantity("seed", 0, 2**63 - 1, "seed of the people: who they are")] = 1
    fate: Annotated[
        int, Quantity("seed", 0, 2**63 - 1, "seed of their fate: chance in the course")
    ] = 1
    horizon: Annotated[
        int, Quantity("months", 1, 600, "longest follow-up after the first symptom")
    ] = 600
    world: World
    background: Treatment
    arms: tuple[Treatment, ...] = ()

    def problems(self) -> list[str]:
        """The first arm is untreated; a drug of usual care is never laid on top of itself."""
        return [*self._arm_problems(), *self._background_problems()]

    def _arm_problems(self) -> list[str]:
        names = [arm.name for arm in self.arms]
        found = (
            []
            if names and not self.arms[0].effects
            else ['arms: the first must be without effects, such as "untreated"']
        )
        twice = sorted({name for name in names if names.count(name) > 1})
        return [*found, *(f"arms: {name} is named twice" for name in twice)]

    def _background_problems(self) -> list[str]:
        drug, share = self.background, self.world.care.riluzole_share
        found = []
        if len(drug.effects) != 1 or drug.effects[0].start != "diagnosis":
            found.append(f"background: {drug.name} must have one effect that starts at diagnosis")
        same = [arm.name for arm in self.arms if drug.name == arm.name or _shared(drug, arm)]
        if share > 0 and same:
            found.append(
                f"arms: {same[0]} is part of this care setting ({share:g} of patients take it); "
                'compare it in care without it: care = "no-riluzole"'
            )
        return found


def _shared(one: Treatment, other: Treatment) -> bool:
    return one.drug != "" and one.drug == other.drug
