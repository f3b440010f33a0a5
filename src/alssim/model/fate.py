"""Fate: all the chance of a course, drawn once before the disease runs.

Every event has a threshold with a standard exponential distribution: it happens once the hazard
that was borne exceeds it (Sellke 1983, J Appl Probab 20:390). Every neuron has a resilience, a
multiple of 1/1024: it dies once the damage of its pool reaches it. Nothing is drawn while the
disease runs, so a treated twin has the same fate and differs by the treatment alone.
"""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from alssim.model.anatomy import POOL_COUNT
from alssim.model.patients import FloatArray, IntArray, Patients
from alssim.parameters.schema import Death, World
from alssim.randomness import cells, exponentials, rounded, uniforms, words

MONTHS_PER_YEAR = 12.0
# One word of luck each, found by name. New names go to the end: no other threshold changes.
THRESHOLDS = (
    *(f"pool_{p}" for p in range(POOL_COUNT)),
    "diagnosis",
    "respiratory",
    "aspiration",
    "other",
    "ventilated",
    "procedure",
    "complication",
    "harm",
    "stopping",
)


@dataclass(frozen=True, slots=True, eq=False)
class Fate:
    """Thresholds and resiliences; every array is read-only, one row a patient.

    involvement  [patient, pool]  exposure at which a pool becomes involved
    diagnosis, respiratory, aspiration, ventilated  [patient]  hazard borne until the event
    other        [patient]  months from the first symptom to death of another cause
    procedure, complication  [patient]  uniform: chance of a procedure
    harm         [patient]  hazard borne until a treatment's added hazard kills
    stopping     [patient]  hazard borne until a treatment is stopped
    resilience   [patient, pool, neuron]  0 to 1023: the neuron dies at damage (r + 1) / 1024
    """

    involvement: FloatArray
    diagnosis: FloatArray
    respiratory: FloatArray
    aspiration: FloatArray
    ventilated: FloatArray
    other: FloatArray
    procedure: FloatArray
    complication: FloatArray
    harm: FloatArray
    stopping: FloatArray
    resilience: NDArray[np.uint16]

    def __post_init__(self) -> None:
        for field in fields(self):
            getattr(self, field.name).flags.writeable = False


def draw_fate(world: World, fate: int, patients: Patients) -> Fate:
    """Draw the fate of these patients; that of patient i depends on (fate, i), age and world."""
    raw = words(fate, patients.number, "thresholds", len(THRESHOLDS))
    at = {name: column for column, name in enumerate(THRESHOLDS)}
    latency = world.spread.latency
    pools = exponentials(raw[:, [at[f"pool_{p}"] for p in range(POOL_COUNT)]])
    return Fate(
        involvement=rounded(latency + (1 - latency) * pools),
        diagnosis=exponentials(raw[:, at["diagnosis"]]),
        respiratory=exponentials(raw[:, at["respiratory"]]),
        aspiration=exponentials(raw[:, at["aspiration"]]),
        ventilated=exponentials(raw[:, at["ventilated"]]),
        other=other_death(world.death, patients.age, exponentials(raw[:, at["other"]])),
        procedure=uniforms(raw[:, at["procedure"]]),
        complication=uniforms(raw[:, at["complication"]]),
        harm=exponentials(raw[:, at["harm"]]),
        stopping=exponentials(raw[:, at["stopping"]]),
        resilience=draw_resilience(fate, patients.number, world.numerics.neurons_per_pool),
    )


def draw_resilience(fate: int, numbers: IntArray, neurons: int) -> NDArray[np.uint16]:
    """Draw ten bits of resilience for every neuron [patient, pool, neuron]."""
    count = POOL_COUNT * neurons
    raw = words(fate, numbers, "neurons", -(-count // 4))
    return cells(raw, count).reshape(len(numbers), POOL_COUNT, neurons)


def other_death(death: Death, age: FloatArray, threshold: FloatArray) -> FloatArray:
    """Return months to death of another cause, from a Gompertz hazard by age in closed form.

    The hazard is ``other_at_65 * exp(g (age - 65))`` per month; its integral from the first
    symptom is set equal to the threshold and solved for the time.
    """
    per_month = death.other_per_year / MONTHS_PER_YEAR
    now = death.other_at_65 * np.exp(death.other_per_year * (age - 65))
    safe = np.maximum(now, 1e-12)  # a hazard of 0 means: never within any horizon
    return rounded(np.log1p(threshold * per_month / safe) / per_month)
