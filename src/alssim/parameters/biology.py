"""Parameters of the people and of the disease in their motor neurons: unit, range and meaning."""

from dataclasses import dataclass
from typing import Annotated

from alssim.parameters.checking import Checked
from alssim.quantity import Quantity


def shares_problem(name: str, shares: tuple[float, ...]) -> list[str]:
    """Report shares that do not add to one (within 1e-6)."""
    total = sum(shares)
    return [] if abs(total - 1) < 1e-6 else [f"{name} add to {total:.6g}; they must add to 1"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Numerics(Checked):
    """How finely the disease is computed."""

    neurons_per_pool: Annotated[
        int,
        Quantity(
            "neurons", 10, 5000, "motor neurons in each of the 14 pools; few make a noisier pool"
        ),
    ]
    steps_per_month: Annotated[
        int, Quantity("per month", 1, 64, "time steps in a month; 4 is weekly")
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Population(Checked):
    """Who falls ill."""

    male_share: Annotated[float, Quantity("share", 0, 1, "share of patients who are men")]
    age_men: Annotated[float, Quantity("years", 20, 90, "mean age of men at the first symptom")]
    age_women: Annotated[float, Quantity("years", 20, 90, "mean age of women at the first symptom")]
    age_sd: Annotated[
        float, Quantity("years", 1, 25, "spread (SD) of the age at the first symptom")
    ]
    age_skew: Annotated[
        float, Quantity("share", 0, 0.3, "how far the ages lean to the old side (0: symmetric)")
    ]
    age_lowest: Annotated[float, Quantity("years", 0, 60, "youngest age at the first symptom")]
    age_highest: Annotated[float, Quantity("years", 60, 110, "oldest age at the first symptom")]
    sod1_share: Annotated[
        float, Quantity("share", 0, 1, "share of patients who carry a SOD1 variant")
    ]
    c9orf72_share: Annotated[
        float, Quantity("share", 0, 1, "share of patients who carry a C9orf72 expansion")
    ]
    other_gene_share: Annotated[
        float, Quantity("share", 0, 1, "share of patients with another known gene")
    ]
    cognitive_change_share: Annotated[
        float,
        Quantity(
            "share",
            0,
            1,
            "share in whom thinking or behaviour changes at some time, dementia aside",
        ),
    ]
    dementia_share: Annotated[
        float, Quantity("share", 0, 1, "share who develop frontotemporal dementia")
    ]
    right_handed_share: Annotated[
        float, Quantity("share", 0, 1, "share whose right hand is dominant")
    ]

    def problems(self) -> list[str]:
        """Genetic forms and cognitive profiles are shares of one whole."""
        genes = self.sod1_share + self.c9orf72_share + self.other_gene_share
        minds = self.cognitive_change_share + self.dementia_share
        named = (
            ("sod1_share, c9orf72_share and other_gene_share", genes),
            ("cognitive_change_share and dementia_share", minds),
        )
        return [f"{name} add to {total:.6g}; at most 1" for name, total in named if total > 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Onset(Checked):
    """Where the disease begins."""

    bulbar_share: Annotated[
        float, Quantity("share", 0, 1, "chance of bulbar onset for a man of 64")
    ]
    bulbar_women: Annotated[
        float, Quantity("share", -0.5, 0.5, "added chance of bulbar onset for a woman")
    ]
    bulbar_per_year: Annotated[
        float,
        Quantity(
            "share per year", -0.05, 0.05, "added chance of bulbar onset with each year above 64"
        ),
    ]
    bulbar_lowest: Annotated[float, Quantity("share", 0, 1, "least chance of bulbar onset")]
    bulbar_highest: Annotated[float, Quantity("share", 0, 1, "greatest chance of bulbar onset")]
    arms_share: Annotated[float, Quantity("share", 0, 1, "of onsets elsewhere: share in an arm")]
    legs_share: Annotated[float, Quantity("share", 0, 1, "of onsets elsewhere: share in a leg")]
    trunk_share: Annotated[
        float, Quantity("share", 0, 1, "of onsets elsewhere: share in the trunk")
    ]
    respiratory_share: Annotated[
        float, Quantity("share", 0, 1, "of onsets elsewhere: share in the breathing muscles")
    ]
    upper_first: Annotated[
        float,
        Quantity("share", 0, 1, "chance that the first pool hit is an upper one (motor cortex)"),
    ]
    multifocal: Annotated[
        float, Quantity("share", 0, 1, "chance that a second region is seeded at the same time")
    ]

    def problems(self) -> list[str]:
        """The four non-bulbar shares are one whole."""
        parts = (self.arms_share, self.legs_share, self.trunk_share, self.respiratory_share)
        found = shares_problem("arms_share, legs_share, trunk_share and respiratory_share", parts)
        if self.bulbar_lowest > self.bulbar_highest:
            found.append("bulbar_lowest must not lie above bulbar_highest")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace(Checked):
    """How fast one person's disease runs: one log-normal factor on every rate."""

    median: Annotated[
        float, Quantity("per month", 0.005, 0.5, "pace of a man of 64 with leg onset")
    ]
    sd: Annotated[float, Quantity("ln", 0, 1.5, "spread between patients (SD of the logarithm)")]
    per_decade: Annotated[
        float, Quantity("ln per decade", -0.5, 1, "added for each ten years above 64")
    ]
    bulbar: Annotated[float, Quantity("ln", -1, 1, "added for bulbar onset")]
    arm: Annotated[float, Quantity("ln", -1, 1, "added for arm onset")]
    women: Annotated[float, Quantity("ln", -1, 1, "added for women")]
    c9orf72: Annotated[float, Quantity("ln", -1, 1, "added for carriers of a C9orf72 expansion")]
    sod1: Annotated[float, Quantity("ln", -1, 1, "added for carriers of a SOD1 variant")]
    slow_share: Annotated[float, Quantity("share", 0, 0.5, "share with a slow course, at age 64")]
    slow_per_year: Annotated[
        float, Quantity("ln per year", 0, 0.2, "fall of the slow share with each year of age")
    ]
    slow_factor: Annotated[
        float, Quantity("ratio", 0.02, 1, "pace of a slow course against the others")
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread(Checked):
    """How pathology reaches a further pool: a directed graph with weights."""

    rate: Annotated[
        float,
        Quantity(
            "ratio",
            0,
            50,
            "exposure from a fully affected neighbour of weight 1, in units of the pace",
        ),
    ]
    sd: Annotated[float, Quantity("ln", 0, 2, "spread between patients (SD of the logarithm)")]
    pace_power: Annotated[
        float,
        Quantity(
            "exponent", 0, 1.5, "how strongly the speed of spread follows the pace (1: fully)"
        ),
    ]
    latency: Annotated[
        float,
        Quantity(
            "share", 0, 0.95, "part of the involvement threshold that is the same for all pools"
        ),
    ]
    across: Annotated[float, Quantity("weight", 0, 20, "to the same limb of the other side")]
    down: Annotated[float, Quantity("weight", 0, 20, "down the cord, to the next segment")]
    up: Annotated[float, Quantity("weight", 0, 20, "up the cord, to the next segment")]
    same_side: Annotated[
        float, Quantity("ratio", 0, 20, "between arm and leg of one side, against down and up")
    ]
    background: Annotated[
        float, Quantity("weight", 0, 5, "from anywhere to anywhere (remote spread)")
    ]
    bulbar_to_legs: Annotated[float, Quantity("weight", 0, 10, "from the bulbar pool to each leg")]
    to_respiratory: Annotated[
        float, Quantity("weight", 0, 10, "from an arm to the phrenic pool (C3 to C5)")
    ]
    respiratory_from_bulbar: Annotated[
        float, Quantity("ratio", 0, 10, "bulbar to phrenic, against arm to phrenic")
    ]
    respiratory_from_trunk: Annotated[
        float, Quantity("ratio", 0, 10, "trunk to phrenic, against arm to phrenic")
    ]
    respiratory_to_bulbar: Annotated[
        float, Quantity("ratio", 0, 10, "phrenic to bulbar, against up the cord")
    ]
    upper_lower: Annotated[
        float,
        Quantity(
            "weight", 0, 20, "between an upper pool and its own lower pool (corticospinal tract)"
        ),
    ]
    motor_strip: Annotated[
        float,
        Quantity("ratio", 0, 10, "between upper pools, against the same edge between lower pools"),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pathology(Checked):
    """Misfolded protein within one pool (SOD1 in SOD1 carriers, TDP-43 in nearly all others)."""

    growth: Annotated[
        float, Quantity("ratio", 0, 50, "growth of a small amount, in units of the pace")
    ]
    seed: Annotated[float, Quantity("share", 1e-6, 0.5, "amount at which a pool becomes involved")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss(Checked):
    """What kills a motor neuron, and how much each mechanism carries."""

    lower: Annotated[
        float,
        Quantity(
            "ratio", 0, 10, "hazard of a lower neuron at full pathology, in units of the pace"
        ),
    ]
    upper: Annotated[
        float,
        Quantity(
            "ratio", 0, 10, "hazard of an upper neuron at full pathology, in units of the pace"
        ),
    ]
    respiratory: Annotated[float, Quantity("ratio", 0, 10, "phrenic neurons against the others")]
    onset: Annotated[
        float, Quantity("ratio", 0.1, 10, "neurons of the region of onset against the others")
    ]
    regional_sd: Annotated[
        float,
        Quantity("ln", 0, 2, "vulnerability of a region: spread between regions and patients (SD)"),
    ]
    respiratory_sd: Annotated[
        float, Quantity("ln", 0, 2, "further spread of the phrenic pools' vulnerability (SD)")
    ]
    axial_per_decade: Annotated[
        float,
        Quantity(
            "ln per decade",
            -0.5,
            1,
            "added in bulbar and phrenic pools for each ten years above 64",
        ),
    ]
    oxidative_gain: Annotated[
        float,
        Quantity("ratio", 0, 5, "hazard added by full oxidative stress, against pathology alone"),
    ]
    oxidative_months: Annotated[
        float, Quantity("months", 0.5, 60, "time in which oxidative stress follows the pathology")
    ]
    inflammation_gain: Annotated[
        float,
        Quantity("ratio", 0, 10, "hazard added by full inflammation, against pathology alone"),
    ]
    inflammation_months: Annotated[
        float,
        Quantity("months", 0.5, 60, "time in which inflammation follows the share of neurons lost"),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement(Checked):
    """What a grafted neuron would have to do before it moves a muscle."""

    growth_months: Annotated[
        float, Quantity("months", 0.5, 120, "time in which grafted units approach their number")
    ]
    axon_speed: Annotated[
        float, Quantity("mm per day", 0.01, 10, "speed at which an axon grows toward its muscle")
    ]
    bulbar_distance: Annotated[float, Quantity("cm", 0, 200, "from the brainstem to the tongue")]
    arm_distance: Annotated[float, Quantity("cm", 0, 200, "from the cord to the hand")]
    trunk_distance: Annotated[
        float, Quantity("cm", 0, 200, "from the cord to the muscles of the trunk")
    ]
    respiratory_distance: Annotated[float, Quantity("cm", 0, 200, "from the cord to the diaphragm")]
    leg_distance: Annotated[float, Quantity("cm", 0, 200, "from the cord to the foot")]
