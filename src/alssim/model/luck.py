"""Patients and their fate, laid out as the engine reads them."""

import numpy as np

from alssim.model.anatomy import REGION_COUNT
from alssim.model.fate import Fate
from alssim.model.patients import PREFERENCES, BoolArray, Patients
from alssim.model.state import CountArray, FloatArray, Luck
from alssim.parameters.schema import World
from alssim.randomness import rounded

_UPPER = REGION_COUNT  # the upper pool of a region lies this far behind its lower pool


def lay_out(patients: Patients, fate: Fate, world: World, table: CountArray) -> Luck:
    """Return the luck of these patients as the engine reads it, [pool, patient].

    ``table`` [patient, pool, cell]: neurons lost, as ``lost_table`` of an engine makes it.
    """
    care = world.care
    layer = _UPPER * patients.first_upper
    second = np.where(patients.second_region >= 0, patients.second_region + layer, -1)
    return Luck(
        table=table,
        pace=patients.pace,
        spread=patients.spread,
        vulnerability=patients.vulnerability.T.copy(),
        involvement=fate.involvement.T.copy(),
        first=patients.first_region + layer,
        second=second,
        capacity=patients.capacity,
        diagnosis=_diagnosis(patients, fate, world),
        respiratory=fate.respiratory,
        aspiration=fate.aspiration,
        ventilated=fate.ventilated,
        other=fate.other,
        niv=accepts(patients, "niv", care.niv_acceptance),
        gastrostomy=accepts(patients, "gastrostomy", care.gastrostomy_acceptance),
        tracheostomy=accepts(patients, "tracheostomy", care.tracheostomy_acceptance),
        stop_ventilation=accepts(patients, "stop_ventilation", care.ventilation_stop_share),
    )


def _diagnosis(patients: Patients, fate: Fate, world: World) -> FloatArray:
    """Return how much of the chance of diagnosis each patient bears until it is made [patient].

    The hazard is in proportion to a power of the pace, and to a power of what was borne before: a
    Weibull law in place of an exponential one. The threshold takes both up.
    """
    pace, law = patients.pace / world.pace.median, world.diagnosis
    return rounded(fate.diagnosis ** (1 / law.persistence) / pace**law.pace_power)


def accepts(patients: Patients, care: str, share: float) -> BoolArray:
    """Say who accepts a kind of care [patient]: those whose preference lies below the share."""
    return patients.preference[:, PREFERENCES.index(care)] < share
