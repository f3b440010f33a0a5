"""The numbers of a world as its file gives them, for the exact engine: nothing is compiled."""

from typing import NamedTuple

from alssim.parameters.schema import World


class Rules(NamedTuple):
    """The numbers of a world, as its file gives them."""

    neurons: int
    seed: float
    growth: float
    oxidative_gain: float
    oxidative_months: float
    inflammation_gain: float
    inflammation_months: float
    lower_half: float
    lower_power: float
    upper_half: float
    upper_power: float
    vc_half: float
    vc_power: float
    phrenic: float
    weak: float
    marked: float
    paralysed: float
    speechless: float
    tube_weak: float
    tube_lost: float
    tube_weight: float
    vc_low: float
    vc_need: float
    breath_level: float
    breath_offset: float
    lying_respiratory: float
    lying_trunk: float
    lying_offset: float
    thin_swallowing: float
    thin_weakness: float
    thin_most: float
    diagnosis_rate: float
    diagnosis_power: float
    diagnosis_earliest: float
    respiratory_rate: float
    respiratory_power: float
    aspiration_rate: float
    aspiration_power: float
    ventilated_rate: float
    niv_ratio: float
    niv_low: float
    niv_high: float
    tube_ratio: float
    clinic_ratio: float


def rules_of(world: World) -> Rules:
    loss, strength, breathing = world.loss, world.strength, world.breathing
    death, care, nutrition, diagnosis = world.death, world.care, world.nutrition, world.diagnosis
    dyspnoea, orthopnoea = world.items[9], world.items[10]
    return Rules(
        neurons=world.numerics.neurons_per_pool,
        seed=world.pathology.seed,
        growth=world.pathology.growth,
        oxidative_gain=loss.oxidative_gain,
        oxidative_months=loss.oxidative_months,
        inflammation_gain=loss.inflammation_gain,
        inflammation_months=loss.inflammation_months,
        lower_half=strength.lower_half,
        lower_power=strength.lower_exponent,
        upper_half=strength.upper_half,
        upper_power=strength.upper_exponent,
        vc_half=breathing.capacity_half,
        vc_power=breathing.capacity_exponent,
        phrenic=breathing.phrenic_share,
        weak=strength.weak,
        marked=strength.marked,
        paralysed=strength.most_paralysed,
        speechless=world.rating.lowest,
        tube_weak=nutrition.tube_weight_strength,
        tube_lost=nutrition.tube_strength,
        tube_weight=nutrition.tube_weight,
        vc_low=breathing.niv_capacity_symptoms,
        vc_need=breathing.niv_capacity,
        breath_level=strength.weak - (strength.weak - world.rating.lowest) / 3,
        breath_offset=dyspnoea.offset,
        lying_respiratory=orthopnoea.respiratory,
        lying_trunk=orthopnoea.trunk,
        lying_offset=orthopnoea.offset,
        thin_swallowing=nutrition.loss_swallowing,
        thin_weakness=nutrition.loss_weakness,
        thin_most=nutrition.loss_most,
        diagnosis_rate=diagnosis.rate,
        diagnosis_power=diagnosis.region_power,
        diagnosis_earliest=diagnosis.earliest,
        respiratory_rate=death.respiratory_rate,
        respiratory_power=death.respiratory_power,
        aspiration_rate=death.aspiration_rate,
        aspiration_power=death.aspiration_power,
        ventilated_rate=death.ventilated_rate,
        niv_ratio=care.niv_hazard_ratio,
        niv_low=care.niv_bulbar_low,
        niv_high=care.niv_bulbar_high,
        tube_ratio=care.gastrostomy_hazard_ratio,
        clinic_ratio=care.clinic_hazard_ratio,
    )
