"""Parameters of function, diagnosis, care and death: unit, range and meaning."""

from dataclasses import dataclass
from typing import Annotated

from alssim.parameters.checking import Checked
from alssim.quantity import Choice, Quantity, Text

STRENGTH = "share of normal strength"


@dataclass(frozen=True, slots=True, kw_only=True)
class Strength(Checked):
    """From working motor units to strength: a saturating link, H(1) = 1."""

    lower_half: Annotated[
        float,
        Quantity(
            "share", 0.01, 2, "half-point of the link of lower neurons (surviving units sprout)"
        ),
    ]
    lower_exponent: Annotated[
        float, Quantity("exponent", 0.5, 6, "steepness of the link of lower neurons")
    ]
    sprouting_half: Annotated[
        float,
        Quantity(
            "share", 0.01, 2, "half-point of the lower link when sprouting is helped to the full"
        ),
    ]
    upper_half: Annotated[
        float, Quantity("share", 0.01, 2, "half-point of the link of upper neurons")
    ]
    upper_exponent: Annotated[
        float, Quantity("exponent", 0.5, 6, "steepness of the link of upper neurons")
    ]
    upper_bulbar: Annotated[
        float,
        Quantity(
            "share", 0, 1, "strength for speech and swallowing that is lost with all upper neurons"
        ),
    ]
    upper_arms: Annotated[
        float, Quantity("share", 0, 1, "strength of the arms that is lost with all upper neurons")
    ]
    upper_legs: Annotated[
        float, Quantity("share", 0, 1, "strength of the legs that is lost with all upper neurons")
    ]
    upper_trunk: Annotated[
        float, Quantity("share", 0, 1, "strength of the trunk that is lost with all upper neurons")
    ]
    upper_respiratory: Annotated[
        float,
        Quantity("share", 0, 1, "strength of quiet breathing that is lost with all upper neurons"),
    ]
    weak: Annotated[
        float,
        Quantity(
            STRENGTH, 0.05, 0.99, "a region is weak, and an item falls below 4, under this strength"
        ),
    ]
    marked: Annotated[
        float,
        Quantity(
            STRENGTH, 0.01, 0.95, "a region is markedly weak or paralysed under this strength"
        ),
    ]
    most_paralysed: Annotated[
        float,
        Quantity(
            STRENGTH, 0.01, 0.95, "most muscles are paralysed when the mean of all regions is below"
        ),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating(Checked):
    """How the ALSFRS-R is scored, and how noisy a visit's rating is."""

    lowest: Annotated[
        float,
        Quantity(
            STRENGTH, 0.001, 0.6, "an item scores 0 under this strength; 3 to 1 lie evenly between"
        ),
    ]
    visit_sd: Annotated[
        float,
        Quantity("strength", 0, 0.5, "noise of a visit, shared by the items (SD at half strength)"),
    ]
    item_sd: Annotated[
        float, Quantity("strength", 0, 0.5, "noise of one item at one visit (SD at half strength)")
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(Checked):
    """One of the first eleven ALSFRS-R items: a weighted mean of strengths plus an offset."""

    name: Annotated[str, Text("name of the item")]
    source: Annotated[str, Text("where the weights come from")]
    bulbar: Annotated[float, Quantity("weight", 0, 1, "weight of the bulbar region")] = 0.0
    dominant_arm: Annotated[float, Quantity("weight", 0, 1, "weight of the dominant arm")] = 0.0
    arms: Annotated[float, Quantity("weight", 0, 1, "weight of the mean of both arms")] = 0.0
    trunk: Annotated[float, Quantity("weight", 0, 1, "weight of the trunk")] = 0.0
    respiratory: Annotated[float, Quantity("weight", 0, 1, "weight of the breathing muscles")] = 0.0
    legs: Annotated[float, Quantity("weight", 0, 1, "weight of the mean of both legs")] = 0.0
    weaker_leg: Annotated[float, Quantity("weight", 0, 1, "weight of the weaker leg")] = 0.0
    offset: Annotated[
        float, Quantity("strength", -0.5, 0.5, "added: an easier (above 0) or harder item")
    ] = 0.0

    def problems(self) -> list[str]:
        """The weights are one whole."""
        total = (
            self.bulbar
            + self.dominant_arm
            + self.arms
            + self.trunk
            + self.respiratory
            + self.legs
            + self.weaker_leg
        )
        return (
            []
            if abs(total - 1) < 1e-6
            else [f"the weights of {self.name} add to {total:.6g}; they must add to 1"]
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Breathing(Checked):
    """Vital capacity, and when help with breathing is needed."""

    capacity_mean: Annotated[
        float, Quantity("% predicted", 60, 140, "vital capacity before the disease, mean")
    ]
    capacity_error: Annotated[
        float,
        Quantity("% predicted", 0, 30, "error of one measurement of vital capacity (SD)"),
    ]
    capacity_sd: Annotated[
        float, Quantity("% predicted", 0, 40, "vital capacity before the disease, spread (SD)")
    ]
    capacity_lowest: Annotated[
        float, Quantity("% predicted", 0, 100, "least vital capacity before the disease")
    ]
    capacity_half: Annotated[
        float, Quantity("share", 0.01, 3, "half-point of the link from phrenic neurons to capacity")
    ]
    capacity_exponent: Annotated[float, Quantity("exponent", 0.5, 6, "steepness of that link")]
    phrenic_share: Annotated[
        float,
        Quantity(
            "share",
            0,
            1,
            "part of the capacity carried by the phrenic pool; the trunk carries the rest",
        ),
    ]
    niv_capacity: Annotated[
        float,
        Quantity("% predicted", 0, 100, "ventilation at night (NIV) is needed under this capacity"),
    ]
    niv_capacity_symptoms: Annotated[
        float, Quantity("% predicted", 0, 120, "NIV is needed under this capacity if breathless")
    ]
    night_capacity: Annotated[
        float,
        Quantity("% predicted", 0, 100, "with NIV, it runs all night once capacity was under this"),
    ]
    all_day_capacity: Annotated[
        float,
        Quantity(
            "% predicted",
            0,
            100,
            "with NIV, it runs more than 22 hours a day once capacity was under this",
        ),
    ]

    def problems(self) -> list[str]:
        """Capacities come in the order in which they are passed."""
        found = []
        if self.niv_capacity > self.niv_capacity_symptoms:
            found.append("niv_capacity must not lie above niv_capacity_symptoms")
        if self.all_day_capacity > self.night_capacity:
            found.append("all_day_capacity must not lie above night_capacity")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Nutrition(Checked):
    """Weight, and when a feeding tube is needed."""

    loss_swallowing: Annotated[
        float, Quantity("% of weight per month", 0, 20, "weight lost with no bulbar strength left")
    ]
    loss_weakness: Annotated[
        float,
        Quantity("% of weight per month", 0, 20, "weight lost with no strength left anywhere"),
    ]
    loss_most: Annotated[
        float, Quantity("% of weight", 1, 90, "the loss that is approached and never passed")
    ]
    tube_strength: Annotated[
        float, Quantity(STRENGTH, 0, 1, "a tube is needed under this bulbar strength")
    ]
    tube_weight: Annotated[
        float,
        Quantity("% of weight", 0, 60, "a tube is needed above this loss, if swallowing is weak"),
    ]
    tube_weight_strength: Annotated[
        float, Quantity(STRENGTH, 0, 1, "swallowing counts as weak there under this strength")
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis(Checked):
    """When the diagnosis is made."""

    rate: Annotated[float, Quantity("per month", 0, 1, "chance a month with one region involved")]
    earliest: Annotated[
        float, Quantity("months", 0, 24, "no diagnosis earlier than this after the first symptom")
    ]
    region_power: Annotated[
        float,
        Quantity("exponent", 0, 4, "how the chance rises with the number of regions involved"),
    ]
    pace_power: Annotated[
        float,
        Quantity("exponent", 0, 3, "how the chance rises with the pace of the person's disease"),
    ]
    persistence: Annotated[
        float,
        Quantity("exponent", 1, 5, "how the chance rises with what has been seen so far; 1: not"),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Death(Checked):
    """Competing causes of death."""

    respiratory_rate: Annotated[
        float, Quantity("per month", 0, 50, "hazard with no breathing strength left")
    ]
    respiratory_power: Annotated[
        float, Quantity("exponent", 0.5, 12, "steepness of that hazard as strength falls")
    ]
    aspiration_rate: Annotated[
        float,
        Quantity(
            "per month", 0, 10, "hazard of choking or aspiration with no bulbar strength left"
        ),
    ]
    aspiration_power: Annotated[
        float, Quantity("exponent", 0.5, 12, "steepness of that hazard as strength falls")
    ]
    other_at_65: Annotated[
        float, Quantity("per month", 0, 0.1, "hazard of death from other causes at 65")
    ]
    other_per_year: Annotated[
        float, Quantity("ln per year", 0.01, 0.2, "rise of that hazard with age (Gompertz)")
    ]
    ventilated_rate: Annotated[
        float, Quantity("per month", 0, 1, "hazard on tracheostomy ventilation")
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Care(Checked):
    """What care is offered, how often it is wanted, and what it does."""

    niv_acceptance: Annotated[float, Quantity("share", 0, 1, "share who use NIV once they need it")]
    niv_hazard_ratio: Annotated[
        float,
        Quantity("ratio", 0, 1, "hazard of respiratory death on NIV with good bulbar function"),
    ]
    niv_bulbar_low: Annotated[
        float, Quantity(STRENGTH, 0, 1, "bulbar strength at which NIV no longer helps")
    ]
    niv_bulbar_high: Annotated[
        float, Quantity(STRENGTH, 0, 1, "bulbar strength from which NIV helps fully")
    ]
    gastrostomy_acceptance: Annotated[
        float, Quantity("share", 0, 1, "share who have a feeding tube once they need it")
    ]
    gastrostomy_hazard_ratio: Annotated[
        float, Quantity("ratio", 0, 1, "hazard of aspiration and choking with a tube")
    ]
    tracheostomy_acceptance: Annotated[
        float, Quantity("share", 0, 1, "share who would choose ventilation by tracheostomy")
    ]
    ventilation_stop_share: Annotated[
        float,
        Quantity(
            "share", 0, 1, "of those: share who ask for it to stop once most muscles are paralysed"
        ),
    ]
    hospice_share: Annotated[
        float, Quantity("share", 0, 1, "share who receive hospice care at the end")
    ]
    hospice_capacity: Annotated[
        float, Quantity("% predicted", 0, 100, "hospice care starts under this vital capacity")
    ]
    clinic_hazard_ratio: Annotated[
        float,
        Quantity(
            "ratio",
            0,
            1,
            "further effect of a multidisciplinary clinic on respiratory and bulbar death",
        ),
    ]
    riluzole_share: Annotated[
        float, Quantity("share", 0, 1, "share who take riluzole from diagnosis on")
    ]

    def problems(self) -> list[str]:
        """NIV cannot stop helping above the point where it helps fully."""
        if self.niv_bulbar_low < self.niv_bulbar_high:
            return []
        return ["niv_bulbar_low must lie below niv_bulbar_high"]


MEASURES = ("strength", "lower", "upper", "capacity", "months", "diagnosis")
PLACES = ("bulbar", "arms", "hands", "legs", "trunk", "respiratory", "anywhere")


@dataclass(frozen=True, slots=True, kw_only=True)
class Symptom(Checked):
    """A symptom appears when a measure at a place falls below a level, in a share of patients."""

    name: Annotated[str, Text("short name, used in tables", plain=True)]
    label: Annotated[str, Text("words for people")]
    source: Annotated[str, Text("where the rule comes from")]
    place: Annotated[str, Choice(PLACES, "where it is looked for (the weakest such region counts)")]
    measure: Annotated[
        str,
        Choice(
            MEASURES,
            "strength; share of neurons left; vital capacity; months since onset or diagnosis",
        ),
    ]
    level: Annotated[
        float, Quantity("share, %, months", 0, 200, "appears below it (months: from it on)")
    ]
    share: Annotated[
        float, Quantity("share", 0, 1, "share of patients in whom it appears when the rule holds")
    ]
    cognition: Annotated[
        str, Choice(("any", "changed"), "only in people whose thinking changes, or in any")
    ] = "any"
