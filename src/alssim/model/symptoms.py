"""Symptoms: a table of rules, each of them a measure at a place that falls below a level."""

import numpy as np
from numpy.typing import NDArray

from alssim.model.anatomy import ARMS, BULBAR, LEGS, REGION_COUNT, RESPIRATORY, TRUNK
from alssim.model.patients import COGNITION, Patients
from alssim.parameters.schema import Symptom
from alssim.randomness import uniforms, words

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

PLACES = {
    "bulbar": (BULBAR,),
    "arms": ARMS,
    "hands": ARMS,
    "legs": LEGS,
    "trunk": (TRUNK,),
    "respiratory": (RESPIRATORY,),
    "anywhere": tuple(range(REGION_COUNT)),
}


def prone(symptoms: tuple[Symptom, ...], patients: Patients, fate: int) -> BoolArray:
    """Say in whom each symptom can appear [patient, symptom]; drawn by the symptom's own name."""
    changed = patients.cognition != COGNITION.index("unchanged")
    columns = []
    for symptom in symptoms:
        luck = uniforms(words(fate, patients.number, f"symptom {symptom.name}", 1))[:, 0]
        able = (luck < symptom.share) & (changed | (symptom.cognition == "any"))
        columns.append(able)
    return np.array(columns).reshape(len(symptoms), len(patients)).T


def present(
    symptoms: tuple[Symptom, ...],
    able: BoolArray,
    left: FloatArray,
    strength: FloatArray,
    capacity: FloatArray,
    month: FloatArray,
    diagnosis: FloatArray,
) -> BoolArray:
    """Say which symptoms are there at each visit [visit, symptom].

    ``able`` [visit, symptom]; ``left`` [visit, pool]: share of neurons left; ``strength`` [visit,
    region]; ``capacity`` [visit] % predicted; ``month`` and ``diagnosis`` [visit] months since the
    first symptom.
    """
    found = np.zeros(able.shape, dtype=np.bool_)
    measures = {
        "strength": strength,
        "lower": left[:, :REGION_COUNT],
        "upper": left[:, REGION_COUNT:],
    }
    since = {"months": month, "diagnosis": month - diagnosis}
    for number, symptom in enumerate(symptoms):
        if symptom.measure in since:
            holds = since[symptom.measure] >= symptom.level
        elif symptom.measure == "capacity":
            holds = capacity < symptom.level
        else:
            place = list(PLACES[symptom.place])
            holds = measures[symptom.measure][:, place].min(axis=1) < symptom.level
        found[:, number] = holds & able[:, number]
    return found
