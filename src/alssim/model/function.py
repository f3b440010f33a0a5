"""From neurons to everyday function: strength at visits, the ALSFRS-R and vital capacity.

The same tables and the same code as in the engine are read here, so what a visit shows is what the
engine used.
"""

import numpy as np
from numpy.typing import NDArray

from alssim.model.anatomy import ARMS, BULBAR, LEFT_ARM, LEGS, RESPIRATORY, RIGHT_ARM, TRUNK
from alssim.model.neurons import capacity_share, dose_at, strengths
from alssim.model.physics import Physics
from alssim.model.state import Effects, replaces
from alssim.parameters.schema import ITEMS, Item, World

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

ITEM_NAMES = (*ITEMS, "respiratory_insufficiency")  # the twelfth follows the help with breathing


def strength_at(
    physics: Physics,
    lost: IntArray,
    graft: FloatArray,
    effects: Effects | None,
    patient: IntArray,
    month: IntArray,
) -> tuple[FloatArray, FloatArray]:
    """Return strength [visit, region] and vital capacity as a share [visit].

    ``lost`` [visit, pool], ``graft`` [visit, region], ``patient`` and ``month`` [visit]. The state
    at a visit is that at the end of the step before it.
    """
    dose = dose_at(effects, patient, month * physics.steps - 1)
    here, added, grafted = lost.T, graft.T, replaces(effects)
    strength = strengths(physics, here, added, dose, grafted)
    return strength.T, capacity_share(physics, here, added, strength, dose, grafted)


def latent_items(
    items: tuple[Item, ...], strength: FloatArray, right_handed: NDArray[np.bool_]
) -> FloatArray:
    """Return the latent value of the first eleven items [visit, item], 0-1.

    Each is a weighted mean of the strengths it needs [visit, region], plus an offset.
    """
    arms, legs = strength[..., list(ARMS)], strength[..., list(LEGS)]
    dominant = np.where(right_handed, strength[..., RIGHT_ARM], strength[..., LEFT_ARM])
    parts = {
        "bulbar": strength[..., BULBAR],
        "dominant_arm": dominant,
        "arms": arms.mean(axis=-1),
        "trunk": strength[..., TRUNK],
        "respiratory": strength[..., RESPIRATORY],
        "legs": legs.mean(axis=-1),
        "weaker_leg": legs.min(axis=-1),
    }
    latent = np.empty((*dominant.shape, len(items)))
    for number, item in enumerate(items):
        needed = [getattr(item, name) * part for name, part in parts.items() if getattr(item, name)]
        latent[..., number] = np.clip(sum(needed) + item.offset, 0.0, 1.0)
    return latent


def thresholds(world: World) -> FloatArray:
    """Return the four latent values under which an item scores 3, 2, 1 and 0."""
    top, bottom = world.strength.weak, world.rating.lowest
    return top - (top - bottom) * np.arange(4) / 3


def score(latent: FloatArray, levels: FloatArray) -> NDArray[np.int8]:
    """Return item scores 0-4: 4 less one for each level that the latent value lies below."""
    found = np.full(latent.shape, 4, dtype=np.int8)
    for level in levels:
        found -= latent < level
    return found


def rated(latent: FloatArray, noise: FloatArray, visit_sd: float, item_sd: float) -> FloatArray:
    """Return latent values as one visit's rater sees them.

    ``noise`` [visit, 1 + item] is standard normal: one for the visit, one for each item.
    It shrinks to nothing at both ends of the scale: a healthy person scores 4.
    """
    spread = 4 * latent * (1 - latent)
    return latent + spread * (visit_sd * noise[..., :1] + item_sd * noise[..., 1:])


def lowest_so_far(values: FloatArray, patient: IntArray, month: IntArray) -> FloatArray:
    """Return the lowest value that each patient has had up to each visit [visit]."""
    table = np.full((patient.max(initial=-1) + 1, month.max(initial=-1) + 1), np.inf)
    table[patient, month] = values
    return np.asarray(np.minimum.accumulate(table, axis=1)[patient, month])


def respiratory_item(
    niv: NDArray[np.bool_],
    all_night: NDArray[np.bool_],
    all_day: NDArray[np.bool_],
    tracheostomy: NDArray[np.bool_],
) -> NDArray[np.int8]:
    """Return item 12 [visit]: 4 no help, 3 NIV, 2 all night, 1 day and night, 0 invasive.

    It follows the help with breathing, which is not taken back once it was needed: who recovers
    keeps the item. ``all_night`` counts in who uses NIV alone.
    """
    with_niv = np.where(all_day, 1, np.where(all_night, 2, 3))
    return np.where(tracheostomy, 0, np.where(niv, with_niv, 4)).astype(np.int8)


def all_items(
    scores: NDArray[np.int8], twelfth: NDArray[np.int8], gastrostomy: NDArray[np.bool_]
) -> NDArray[np.int8]:
    """Return the twelve items; with a feeding tube swallowing scores at most 1, as on the scale."""
    items = np.concatenate([scores, twelfth[..., None]], axis=-1)
    items[..., 2] = np.where(gastrostomy, np.minimum(items[..., 2], 1), items[..., 2])
    return items
