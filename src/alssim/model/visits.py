"""Monthly visits: what a clinic would see, from the neurons that the engine kept."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from alssim.model import function, staging, symptoms
from alssim.model.events import months_of
from alssim.model.ledger import Outcome
from alssim.model.patients import Patients
from alssim.model.physics import Physics
from alssim.model.state import Effects
from alssim.parameters.schema import World
from alssim.randomness import normals, words

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
_SHORT = 72  # months
_NOISES = 13  # normal numbers a visit: the visit, eleven items, vital capacity


@dataclass(frozen=True, slots=True, eq=False)
class Visits:
    """Monthly visits of every arm; read-only.

    Rows after death are empty (0, and stage 5), unless the simulation is latent.

    months          [month]
    alive           [arm, patient, month]
    lost            [arm, patient, month, pool]    motor neurons lost
    strength        [arm, patient, month, region]  0-1
    items           [arm, patient, month, 12]      ALSFRS-R as rated, 0-4
    vital_capacity  [arm, patient, month]          % predicted, as measured
    weight_loss     [arm, patient, month]          %
    kings           [arm, patient, month]          index into KINGS, clinical
    kings_alsfrs    [arm, patient, month]          1-5, from the rated items of the visit
    mitos, ft9      [arm, patient, month]          0-5, from the rated items
    docs            [arm, patient, month]          1-8
    symptoms        [arm, patient, month, symptom]
    """

    months: FloatArray
    alive: NDArray[np.bool_]
    lost: NDArray[np.uint16]
    strength: NDArray[np.float32]
    items: NDArray[np.int8]
    vital_capacity: NDArray[np.float32]
    weight_loss: NDArray[np.float32]
    kings: NDArray[np.int8]
    kings_alsfrs: NDArray[np.int8]
    mitos: NDArray[np.int8]
    ft9: NDArray[np.int8]
    docs: NDArray[np.int8]
    symptoms: NDArray[np.bool_]

    def __post_init__(self) -> None:
        for field in fields(self):
            getattr(self, field.name).flags.writeable = False

    @property
    def total(self) -> NDArray[np.int64]:
        """ALSFRS-R total [arm, patient, month], 0-48."""
        return np.asarray(self.items.sum(axis=-1))


def visit(
    world: World,
    physics: Physics,
    patients: Patients,
    fate: int,
    outcome: Outcome,
    effects: Effects | None,
    events: FloatArray,
    last: int,
    latent: bool = False,
) -> dict[str, NDArray[np.generic]]:
    """Return one arm's visits from month 0 to ``last``, by name, [patient, month, ...].

    Only the living are seen, unless ``latent``; other rows are 0 (stages of the dead: the last).
    """
    months = np.arange(last + 1.0)
    alive = ~(months_of(events, "death")[:, None] <= months)
    shown = np.ones_like(alive) if latent else alive
    patient, month = np.nonzero(shown)
    found = _seen(world, physics, patients, fate, outcome, effects, events, patient, month, last)
    rows = {
        name: _laid_out(values, shown, staging.DEAD if name in _SCALES else 0)
        for name, values in found.items()
    }
    return {
        **rows,
        "alive": alive,
        "kings": staging.kings_clinical(events, months),
        "docs": staging.documents_stage(events, months),
    }


_SCALES = ("kings_alsfrs", "mitos", "ft9")


def _laid_out(
    values: NDArray[np.generic], shown: NDArray[np.bool_], fill: int
) -> NDArray[np.generic]:
    """Lay out the values of the visits shown [visit, ...] as [patient, month, ...]."""
    table = np.full((*shown.shape, *values.shape[1:]), fill, dtype=values.dtype)
    table[shown] = values
    return table


def _seen(
    world: World,
    physics: Physics,
    patients: Patients,
    fate: int,
    outcome: Outcome,
    effects: Effects | None,
    events: FloatArray,
    patient: IntArray,
    month: IntArray,
    last: int,
) -> dict[str, NDArray[np.generic]]:
    """Return what is seen at each visit [visit, ...]."""
    lost = outcome.lost[patient, month]
    strength, share = function.strength_at(
        physics,
        lost.astype(np.int64),
        outcome.graft[patient, month].astype(np.float64),
        effects,
        patient,
        month,
    )
    capacity = patients.capacity[patient] * share
    tube, niv, all_day, trach = (
        months_of(events, name)[patient] <= month
        for name in ("gastrostomy", "niv", "niv_22h", "tracheostomy")
    )
    lowest = function.lowest_so_far(capacity, patient, month)
    all_night = lowest < world.breathing.night_capacity
    latent = function.latent_items(world.items, strength, patients.right_handed[patient])
    noise = rating_noise(fate, patients, last, patient, month)
    seen = function.rated(latent, noise[:, :12], world.rating.visit_sd, world.rating.item_sd)
    items = function.all_items(
        function.score(seen, function.thresholds(world)),
        function.respiratory_item(niv, all_night, all_day, trach),
        tube,
    )
    living = np.ones(len(patient), np.bool_)
    able = symptoms.prone(world.symptoms, patients, fate)[patient]
    return {
        "lost": lost,
        "strength": strength.astype(np.float32),
        "items": items,
        "vital_capacity": _measured(capacity, noise[:, 12], world).astype(np.float32),
        "weight_loss": outcome.weight[patient, month],
        "kings_alsfrs": staging.kings_from_alsfrs(items, tube, living),
        "mitos": staging.mitos(items, living),
        "ft9": staging.ft9(items, living),
        "symptoms": symptoms.present(
            world.symptoms,
            able,
            1 - lost / physics.neurons,
            strength,
            capacity,
            month.astype(np.float64),
            months_of(events, "diagnosis")[patient],
        ),
    }


def _measured(capacity: FloatArray, noise: FloatArray, world: World) -> FloatArray:
    """Return vital capacity as a spirometer shows it [visit], % predicted."""
    return np.asarray(np.maximum(capacity + world.breathing.capacity_error * noise, 0.0))


def rating_noise(
    fate: int, patients: Patients, last: int, patient: IntArray, month: IntArray
) -> FloatArray:
    """Return standard normal numbers [visit, 13]; each depends on (fate, patient, month) alone."""
    noise = np.empty((len(patient), _NOISES))
    longest = np.zeros(len(patients), np.int64)
    np.maximum.at(longest, patient, month)
    for short in (True, False):  # the few who live long must not make the draw long for all
        rows = np.flatnonzero((longest <= _SHORT) == short)
        if not len(rows):
            continue
        length = min(_SHORT, last) + 1 if short else last + 1
        raw = words(fate, patients.number[rows], "ratings", length * _NOISES)
        place = np.full(len(patients), -1)
        place[rows] = np.arange(len(rows))
        here = place[patient] >= 0
        drawn = raw.reshape(len(rows), length, _NOISES)[place[patient[here]], month[here]]
        noise[here] = normals(drawn)
    return noise
