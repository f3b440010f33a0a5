"""The graph of spread: what may reach what, and its mirror symmetry."""

import numpy as np
import pytest
from tests.model.cohorts import world

from alssim.model.anatomy import (
    POOL_COUNT,
    POOLS,
    REGION_COUNT,
    REGIONS,
    pool_weights,
    region_weights,
)

SPREAD = world().spread
SWAPPED = {"left": "right", "right": "left"}


def mirrored(name: str) -> str:
    side, _, rest = name.partition("_")
    return f"{SWAPPED[side]}_{rest}" if side in SWAPPED else name


MIRRORED_REGIONS = [REGIONS.index(mirrored(name)) for name in REGIONS]
MIRRORED_POOLS = [POOLS.index(mirrored(name)) for name in POOLS]


def at(source: str, target: str) -> float:
    return float(region_weights(SPREAD)[REGIONS.index(source), REGIONS.index(target)])


def test_pools_are_the_lower_then_the_upper_layer() -> None:
    assert len(POOLS) == POOL_COUNT == 2 * REGION_COUNT
    assert POOLS[:REGION_COUNT] == tuple(f"{region}_lower" for region in REGIONS)
    assert POOLS[REGION_COUNT:] == tuple(f"{region}_upper" for region in REGIONS)


def test_weights_are_never_negative() -> None:
    weights = pool_weights(SPREAD)
    assert (weights >= 0).all()
    assert (np.diag(weights) == 0).all()


def test_left_is_the_mirror_of_right() -> None:
    regions, pools = region_weights(SPREAD), pool_weights(SPREAD)
    assert (regions[np.ix_(MIRRORED_REGIONS, MIRRORED_REGIONS)] == regions).all()
    assert (pools[np.ix_(MIRRORED_POOLS, MIRRORED_POOLS)] == pools).all()


def test_the_background_reaches_everywhere() -> None:
    """Within a layer every region is within reach of every other; the tract joins the layers."""
    regions = region_weights(SPREAD)
    others = ~np.eye(REGION_COUNT, dtype=bool)
    assert (regions[others] >= SPREAD.background).all()
    assert SPREAD.background > 0


def test_edges_are_where_the_anatomy_says() -> None:
    assert at("left_arm", "right_arm") == at("right_leg", "left_leg") == SPREAD.across
    assert at("bulbar", "left_arm") == at("trunk", "right_leg") == SPREAD.down
    assert at("left_arm", "bulbar") == at("right_leg", "trunk") == SPREAD.up
    assert at("left_arm", "left_leg") == pytest.approx(SPREAD.down * SPREAD.same_side)
    assert at("left_arm", "right_leg") == at("right_arm", "left_leg") == SPREAD.background
    assert at("bulbar", "left_leg") == SPREAD.bulbar_to_legs
    assert at("left_leg", "bulbar") == SPREAD.background
    assert at("left_arm", "respiratory") == SPREAD.to_respiratory
    assert at("left_leg", "respiratory") == SPREAD.background


def test_the_tract_joins_both_pools_of_a_region_only() -> None:
    weights = pool_weights(SPREAD)
    between = weights[:REGION_COUNT, REGION_COUNT:]
    assert (np.diag(between) == SPREAD.upper_lower).all()
    assert np.count_nonzero(between) == REGION_COUNT
    assert (weights[REGION_COUNT:, :REGION_COUNT] == between.T).all()


def test_the_motor_strip_is_the_same_graph_scaled() -> None:
    doubled = world(spread__motor_strip=2.0).spread
    weights = pool_weights(doubled)
    lower, upper = weights[:REGION_COUNT, :REGION_COUNT], weights[REGION_COUNT:, REGION_COUNT:]
    assert (upper == 2 * lower).all()
