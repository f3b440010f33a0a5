"""Regions, pools of motor neurons and the graph along which the disease spreads.

Seven regions, each with a lower pool (brainstem nuclei or anterior horn) and an upper pool (motor
cortex). Pool ``r`` is the lower pool of region ``r``, pool ``7 + r`` its upper pool.
"""

import numpy as np
from numpy.typing import NDArray

from alssim.parameters.schema import Spread

REGIONS = ("bulbar", "left_arm", "right_arm", "trunk", "respiratory", "left_leg", "right_leg")
BULBAR, LEFT_ARM, RIGHT_ARM, TRUNK, RESPIRATORY, LEFT_LEG, RIGHT_LEG = range(7)
REGION_COUNT = len(REGIONS)
POOLS = tuple(f"{region}_{layer}" for layer in ("lower", "upper") for region in REGIONS)
POOL_COUNT = len(POOLS)
CELLS = 1024  # a neuron's resilience is a multiple of 1 / CELLS

ARMS, LEGS = (LEFT_ARM, RIGHT_ARM), (LEFT_LEG, RIGHT_LEG)

_DOWN = (
    (BULBAR, LEFT_ARM),
    (BULBAR, RIGHT_ARM),
    (LEFT_ARM, TRUNK),
    (RIGHT_ARM, TRUNK),
    (TRUNK, LEFT_LEG),
    (TRUNK, RIGHT_LEG),
)
_ACROSS = ((LEFT_ARM, RIGHT_ARM), (LEFT_LEG, RIGHT_LEG))
_SAME_SIDE = ((LEFT_ARM, LEFT_LEG), (RIGHT_ARM, RIGHT_LEG))


def region_weights(spread: Spread) -> NDArray[np.float64]:
    """Return the weights [from region, to region] of one layer; the diagonal is 0."""
    weights = np.full((REGION_COUNT, REGION_COUNT), spread.background)
    for one, other in _ACROSS:
        weights[one, other] = weights[other, one] = spread.across
    for above, below in _DOWN:
        weights[above, below], weights[below, above] = spread.down, spread.up
    for arm, leg in _SAME_SIDE:
        weights[arm, leg] = spread.down * spread.same_side
        weights[leg, arm] = spread.up * spread.same_side
    weights[BULBAR, LEGS] = spread.bulbar_to_legs
    _set_respiratory(weights, spread)
    np.fill_diagonal(weights, 0.0)
    return weights


def _set_respiratory(weights: NDArray[np.float64], spread: Spread) -> None:
    """The phrenic pool lies at C3 to C5: it neighbours the bulbar, arm and trunk segments."""
    weights[BULBAR, RESPIRATORY] = spread.to_respiratory * spread.respiratory_from_bulbar
    weights[ARMS, RESPIRATORY] = spread.to_respiratory
    weights[TRUNK, RESPIRATORY] = spread.to_respiratory * spread.respiratory_from_trunk
    weights[RESPIRATORY, BULBAR] = spread.up * spread.respiratory_to_bulbar
    weights[RESPIRATORY, ARMS] = spread.up
    weights[RESPIRATORY, TRUNK] = spread.up


def pool_weights(spread: Spread) -> NDArray[np.float64]:
    """Return the weights [from pool, to pool]: both layers, and the tract between them."""
    one_layer = region_weights(spread)
    lower, upper = slice(0, REGION_COUNT), slice(REGION_COUNT, POOL_COUNT)
    weights = np.zeros((POOL_COUNT, POOL_COUNT))
    weights[lower, lower] = one_layer
    weights[upper, upper] = one_layer * spread.motor_strip
    for region in range(REGION_COUNT):
        weights[region, REGION_COUNT + region] = spread.upper_lower
        weights[REGION_COUNT + region, region] = spread.upper_lower
    return weights
