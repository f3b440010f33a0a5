"""A world compiled to the numbers and tables that the engine reads.

All logarithms, powers and exponentials are spent here, once per parameter set, and rounded: inside
the engine only + - * / and table look-ups remain, so both back ends give the same bits.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from alssim.model.anatomy import REGION_COUNT, pool_weights
from alssim.parameters.schema import Strength, World

FloatArray = NDArray[np.float64]

GRID = 1024  # cells of a table over strength 0-1
_WEIGHT_STEPS = 2.0**20
DECIMALS = 9  # tables are rounded to hide the last bits of power and exp

# What is watched: the month in which each signal first falls below its level is an event.
SIGNALS = (
    *(f"weakness_{r}" for r in range(REGION_COUNT)),
    "marked",
    "most_paralysed",
    "speech_lost",
    "swallowing_weak",
    "swallowing_lost",
    "capacity_low",
    "capacity_half",
    "all_day",
    "breathless",
    "hospice",
    "weight_low",
)
SIGNAL = {name: row for row, name in enumerate(SIGNALS)}


class Physics(NamedTuple):
    """Constants and tables; tables over counts are indexed by neurons lost, 0 to N.

    weights      [to pool, from pool]     graph of spread, per step of pathology (see ``_graph``)
    fineness     steps in which spread sees pathology, per unit
    lower_link   [count]   H of the lower neurons; ``sprouting_link`` with sprouting helped fully
    upper_link   [region, count]   1 - w (1 - H) of the upper neurons
    capacity_link  [count]  vital capacity as a share, from phrenic neurons
    respiratory_hazard, aspiration_hazard  [grid]  per month, over strength
    diagnosis_rate  [regions involved]  per month
    levels       [signal]
    """

    steps: int
    dt: float
    neurons: int
    weights: FloatArray
    fineness: float
    growth: float
    seed: float
    oxidative_keep: float
    oxidative_step: float
    oxidative_gain: float
    inflammation_step: float
    inflammation_gain: float
    lower_link: FloatArray
    sprouting_link: FloatArray
    upper_link: FloatArray
    capacity_link: FloatArray
    respiratory_hazard: FloatArray
    aspiration_hazard: FloatArray
    diagnosis_rate: FloatArray
    diagnosis_earliest: float
    levels: FloatArray
    weak: float
    phrenic_share: float
    breath_offset: float
    lying_offset: float
    lying_respiratory: float
    lying_trunk: float
    loss_swallowing: float
    loss_weakness: float
    loss_most: float
    ventilated_rate: float
    niv_relief: float
    niv_low: float
    niv_span: float
    gastrostomy_ratio: float
    clinic_ratio: float


def compile_world(world: World) -> Physics:
    """Return the constants and tables of a world."""
    neurons, dt = world.numerics.neurons_per_pool, 1.0 / world.numerics.steps_per_month
    half = dt / (2 * world.loss.oxidative_months)
    strength, care, death, breathing = world.strength, world.care, world.death, world.breathing
    dyspnoea, orthopnoea = world.items[-2], world.items[-1]
    weights, fineness = _graph(world)
    return Physics(
        steps=world.numerics.steps_per_month,
        dt=dt,
        neurons=neurons,
        weights=weights,
        fineness=fineness,
        growth=world.pathology.growth,
        seed=world.pathology.seed,
        oxidative_keep=(1 - half) / (1 + half),
        oxidative_step=2 * half / (1 + half),
        oxidative_gain=world.loss.oxidative_gain,
        inflammation_step=dt / max(world.loss.inflammation_months, dt),
        inflammation_gain=world.loss.inflammation_gain,
        lower_link=link(neurons, strength.lower_half, strength.lower_exponent),
        sprouting_link=link(
            neurons, min(strength.sprouting_half, strength.lower_half), strength.lower_exponent
        ),
        upper_link=upper_link(neurons, strength),
        capacity_link=link(neurons, breathing.capacity_half, breathing.capacity_exponent),
        respiratory_hazard=hazard_table(death.respiratory_rate, death.respiratory_power),
        aspiration_hazard=hazard_table(death.aspiration_rate, death.aspiration_power),
        diagnosis_rate=_diagnosis_rate(world),
        diagnosis_earliest=world.diagnosis.earliest,
        levels=_levels(world),
        weak=strength.weak,
        phrenic_share=breathing.phrenic_share,
        breath_offset=dyspnoea.offset,
        lying_offset=orthopnoea.offset,
        lying_respiratory=orthopnoea.respiratory,
        lying_trunk=orthopnoea.trunk,
        loss_swallowing=world.nutrition.loss_swallowing,
        loss_weakness=world.nutrition.loss_weakness,
        loss_most=world.nutrition.loss_most,
        ventilated_rate=death.ventilated_rate,
        niv_relief=1 - care.niv_hazard_ratio,
        niv_low=care.niv_bulbar_low,
        niv_span=care.niv_bulbar_high - care.niv_bulbar_low,
        gastrostomy_ratio=care.gastrostomy_hazard_ratio,
        clinic_ratio=care.clinic_hazard_ratio,
    )


def _graph(world: World) -> tuple[FloatArray, float]:
    """Return weights and fineness with which sums of weight x pathology are exact.

    Weights are whole multiples of 2**-20, and pathology is read in whole steps so fine that no sum
    needs more than the 53 bits of a number. So a sum has the same bits in any order.
    """
    weights = np.round(pool_weights(world.spread) * _WEIGHT_STEPS) / _WEIGHT_STEPS
    bits = 52 - np.log2(_WEIGHT_STEPS) - np.ceil(np.log2(max(weights.sum(axis=0).max(), 1.0)))
    fineness = float(2.0**bits)
    return np.ascontiguousarray(weights.T) / fineness, fineness


def hill(share: FloatArray, half: float, exponent: float) -> FloatArray:
    """Return the saturating link H(x) = x^h (1 + k^h) / (x^h + k^h): 0 at 0, 1 at 1 (Hill form)."""
    power, k = share**exponent, half**exponent
    return np.asarray(power * (1 + k) / (power + k))


def link(neurons: int, half: float, exponent: float) -> FloatArray:
    """Return H for every number of neurons lost, 0 to N, and one entry beyond."""
    left = (neurons - np.arange(neurons + 2)).clip(min=0) / neurons
    return np.round(hill(left, half, exponent), DECIMALS)


def upper_link(neurons: int, strength: Strength) -> FloatArray:
    """Return what the loss of upper neurons leaves of strength [region, neurons lost]."""
    weight = np.array(
        [
            strength.upper_bulbar,
            strength.upper_arms,
            strength.upper_arms,
            strength.upper_trunk,
            strength.upper_respiratory,
            strength.upper_legs,
            strength.upper_legs,
        ]
    )
    loss = 1 - link(neurons, strength.upper_half, strength.upper_exponent)
    return np.round(1 - weight[:, None] * loss, DECIMALS)


def hazard_table(rate: float, power: float) -> FloatArray:
    """Return rate * (1 - strength)^power over the grid of strength; one entry beyond."""
    missing = 1 - np.minimum(np.arange(GRID + 2) / GRID, 1)
    return np.round(rate * missing**power, DECIMALS)


def _diagnosis_rate(world: World) -> FloatArray:
    regions = np.arange(5.0)
    rate = world.diagnosis.rate * regions**world.diagnosis.region_power
    rate[0] = 0.0  # nobody is diagnosed before a region is involved
    return np.asarray(np.round(rate, DECIMALS), dtype=np.float64)


def _levels(world: World) -> FloatArray:
    strength, breathing, nutrition = world.strength, world.breathing, world.nutrition
    score_two = (
        strength.weak - (strength.weak - world.rating.lowest) / 3
    )  # an item scores 2 below it
    named = {
        "marked": strength.marked,
        "most_paralysed": strength.most_paralysed,
        "speech_lost": world.rating.lowest,
        "swallowing_weak": nutrition.tube_weight_strength,
        "swallowing_lost": nutrition.tube_strength,
        "capacity_low": breathing.niv_capacity_symptoms,
        "capacity_half": breathing.niv_capacity,
        "all_day": breathing.all_day_capacity,
        "breathless": score_two,
        "hospice": world.care.hospice_capacity,
        "weight_low": -nutrition.tube_weight,
    }
    return np.array([named.get(name, strength.weak) for name in SIGNALS])
