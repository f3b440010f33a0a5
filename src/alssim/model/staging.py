"""Stages: King's (clinical and from the ALSFRS-R), MiToS, FT9 and the documents' eight.

Items are scored 0-4 and numbered as on the scale: item 1 speech ... item 12 respiratory
insufficiency; in arrays item n is column n - 1.
"""

import numpy as np
from numpy.typing import NDArray

from alssim.model.events import KINGS_EVENTS, months_of

IntArray = NDArray[np.int8]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

KINGS = ("-", "1", "2A", "2B", "3", "4A", "4B", "5")
DEAD = 5


def highest_reached(events: FloatArray, names: list[str], months: FloatArray) -> IntArray:
    """Return the highest milestone reached by each month [..., patient, month], counted from 1."""
    stage = np.zeros((*months_of(events, names[0]).shape, len(months)), dtype=np.int8)
    for number, name in enumerate(names, 1):
        reached = months_of(events, name)[..., None] <= months
        stage[reached] = number
    return stage


def kings_clinical(events: FloatArray, months: FloatArray) -> IntArray:
    """Return King's stage at each month, an index into KINGS (Roche 2012, 10.1093/brain/awr351).

    The highest milestone so far; it never falls.
    """
    return highest_reached(events, list(KINGS_EVENTS), months)


def documents_stage(events: FloatArray, months: FloatArray) -> IntArray:
    """Return the documents' stage at each month, 1 to 8: the highest row reached."""
    return highest_reached(events, [f"docs_{stage}" for stage in range(1, 9)], months)


def kings_from_alsfrs(items: IntArray, gastrostomy: BoolArray, alive: BoolArray) -> IntArray:
    """Return King's stage from the ALSFRS-R, 1 to 5 (Balendra 2014, 10.3109/21678421.2014.897357).

    ``items`` [..., 12]; ``gastrostomy``: a tube is in place. Stages 4A and 4B both give 4. With no
    region reduced a diagnosed patient counts as stage 1.
    """
    bulbar = (items[..., :3] < 4).any(axis=-1)
    upper = (items[..., 3] < 4) | ((items[..., 4] < 4) & ~gastrostomy)
    lower = items[..., 7] < 4
    regions = bulbar.astype(np.int8) + upper + lower
    breathing = (items[..., 9] == 0) | (items[..., 11] < 4)
    stage = np.where(breathing | gastrostomy, 4, np.maximum(regions, 1))
    return np.where(alive, stage, DEAD).astype(np.int8)


def mitos(items: IntArray, alive: BoolArray) -> IntArray:
    """Return the MiToS stage, 0 to 5: functional domains lost (Chio 2015, JNNP 86:38).

    Communication is lost when speech and handwriting are both at 1 or less.
    """
    movement = (items[..., 7] <= 1) | (items[..., 5] <= 1)
    swallowing = items[..., 2] <= 1
    communication = (items[..., 0] <= 1) & (items[..., 3] <= 1)
    breathing = (items[..., 9] <= 1) | (items[..., 11] <= 2)
    lost = movement.astype(np.int8) + swallowing + communication + breathing
    return np.where(alive, lost, DEAD).astype(np.int8)


def subscores(items: IntArray) -> IntArray:
    """Return the four parts of the ALSFRS-R [..., 4], 0-12: bulbar, hands, moving, breathing."""
    return np.asarray(items.reshape(*items.shape[:-1], 4, 3).sum(axis=-1))


def ft9(items: IntArray, alive: BoolArray) -> IntArray:
    """Return the FT9 stage, 0 to 5: subscores at 9 or less (Thakore 2018, ALSFD 19:483)."""
    return np.where(alive, (subscores(items) <= 9).sum(axis=-1), DEAD).astype(np.int8)


def running_maximum(stage: IntArray) -> IntArray:
    """Return the highest stage so far along the last axis (King's staging knows no way back)."""
    return np.maximum.accumulate(stage, axis=-1)


def first_reached(stage: IntArray, months: FloatArray, level: int) -> FloatArray:
    """Return the month of the first visit at which a stage is at or above a level; NaN if none."""
    reached = stage >= level
    return np.where(reached.any(axis=-1), months[reached.argmax(axis=-1)], np.nan)
