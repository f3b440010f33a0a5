"""What the engine reads and hands on: luck, effects, doses and the state at the first symptom."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from alssim.model.anatomy import POOL_COUNT, REGION_COUNT
from alssim.parameters.treatment import TARGETS

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
CountArray = NDArray[np.uint8] | NDArray[np.uint16]
EARLY = 20  # loss is seen early once one pool has lost one in so many neurons
LONGEST_SILENCE = 2400  # months; the clock of who has no symptom by then starts there
CHANNELS = TARGETS  # an effect's channel is the place of its target in this list
NEVER = np.int64(2**40)  # a step that is not reached


class Luck(NamedTuple):
    """What the engine reads of patients and their fate.

    table [patient, pool, cell]: neurons lost at damage cell / 1024. The rest is [patient] or
    [pool, patient]; see ``alssim.model.patients`` and ``alssim.model.fate``.
    """

    table: CountArray
    pace: FloatArray
    spread: FloatArray
    vulnerability: FloatArray
    involvement: FloatArray
    first: IntArray
    second: IntArray
    capacity: FloatArray
    diagnosis: FloatArray
    respiratory: FloatArray
    aspiration: FloatArray
    ventilated: FloatArray
    other: FloatArray
    niv: NDArray[np.bool_]
    gastrostomy: NDArray[np.bool_]
    tracheostomy: NDArray[np.bool_]
    stop_ventilation: NDArray[np.bool_]


class Effects(NamedTuple):
    """The effects of one arm, compiled.

    channel  [effect]            index into CHANNELS
    size     [effect, patient]   full size in this patient; 0 in who does not respond
    start    [effect, patient]   step (counted from the first symptom) at which it starts; NEVER
    stop     [effect, patient]   step from which it is gone
    shape    [effect, age]       mean over each step since the start, 0-1; the last value stays
    travel   [region]            steps that an axon needs to reach its muscle
    regrow   share of the gap that grafted units close in a step
    on_diagnosis  effect that starts in the month after this run's own diagnosis; -1: none
    harm     [patient]           month of death by the treatment itself; inf: never
    """

    channel: IntArray
    size: FloatArray
    start: IntArray
    stop: IntArray
    shape: FloatArray
    travel: IntArray
    regrow: float
    on_diagnosis: int
    harm: FloatArray


class Onset(NamedTuple):
    """The state at the first symptom: [pool, patient] or [patient].

    steps, part: whole steps and part of the next one that passed in silence; region: the one that
    is weak first, -1 where the clock of an earlier run says when the course begins; early: the
    silent step in which a first pool has lost a twentieth of its neurons, -1 for none.
    """

    q: FloatArray
    oxidative: FloatArray
    survival: FloatArray
    exposure: FloatArray
    inflammation: FloatArray
    graft: FloatArray
    steps: IntArray
    part: FloatArray
    region: IntArray
    early: IntArray


class Dose(NamedTuple):
    """What is left of each rate in one step, and what function gains: numbers or [patient]."""

    progression: Any = 1.0
    neuron_loss: Any = 1.0
    inflammation: Any = 1.0
    oxidative_stress: Any = 1.0
    pathology: Any = 1.0
    spread: Any = 1.0
    compensation: Any = 0.0
    strength: Any = 0.0
    hazard_ratio: Any = 1.0


def table_type(neurons: int) -> type[np.uint8] | type[np.uint16]:
    """Return the smallest whole numbers that count the neurons of a pool."""
    return np.uint8 if neurons < 256 else np.uint16


def no_effects(count: int) -> Effects:
    """Return the effects of an arm without treatment."""
    none, nobody = np.zeros(0, np.int64), np.zeros((0, count))
    return Effects(
        channel=none,
        size=nobody,
        start=nobody.astype(np.int64),
        stop=nobody.astype(np.int64),
        shape=np.zeros((0, 1)),
        travel=np.zeros(REGION_COUNT, np.int64),
        regrow=0.0,
        on_diagnosis=-1,
        harm=np.full(count, np.inf),
    )


def replaces(effects: Effects | None) -> bool:
    """Say whether an arm grafts units."""
    return effects is not None and bool((effects.channel == CHANNELS.index("replacement")).any())


def empty_onset(count: int) -> Onset:
    """Return room for the state of so many patients."""
    return Onset(
        q=np.zeros((POOL_COUNT, count)),
        oxidative=np.zeros((POOL_COUNT, count)),
        survival=np.zeros((POOL_COUNT, count)),
        exposure=np.zeros((POOL_COUNT, count)),
        inflammation=np.zeros(count),
        graft=np.zeros((REGION_COUNT, count)),
        steps=np.zeros(count, np.int64),
        part=np.zeros(count),
        region=np.full(count, -1),
        early=np.full(count, -1),
    )
