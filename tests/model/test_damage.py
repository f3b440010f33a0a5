"""Neurons lost at a damage: the fast running sums against a plain count."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alssim.model import fast
from alssim.model.anatomy import CELLS
from alssim.model.damage import lost_table, running_sums
from alssim.model.physics import compile_world
from alssim.model.state import table_type
from alssim.parameters import load_scenario


def counted(resilience: np.ndarray) -> np.ndarray:
    """Count, for each cell, the neurons whose damage limit (r + 1) is reached."""
    cells = np.arange(CELLS + 1)
    return (resilience[..., None, :] + 1 <= cells[:, None]).sum(axis=-1)


@pytest.mark.parametrize("neurons", [1, 3, 200, 255, 256, 700])
@pytest.mark.parametrize("make", [lost_table, fast.lost_table], ids=["numpy", "numba"])
def test_both_tables_are_a_plain_count(neurons: int, make: object) -> None:
    luck = np.random.default_rng(neurons)
    resilience = luck.integers(0, CELLS, (2, 14, neurons)).astype(np.uint16)
    resilience[0, 0], resilience[0, 1] = 0, CELLS - 1  # everybody at one end
    table = make(resilience)  # type: ignore[operator]
    assert table.dtype == table_type(neurons)
    assert np.array_equal(table, counted(resilience))


@given(
    counts=st.lists(st.integers(0, 1), min_size=CELLS + 8, max_size=CELLS + 8),
    wide=st.booleans(),
)
def test_running_sums_of_words(counts: list[int], wide: bool) -> None:
    kind = np.uint16 if wide else np.uint8
    row = np.array([counts], dtype=kind)
    if not wide:
        row[0, np.flatnonzero(row[0])[255:]] = 0  # what a byte can count
    assert np.array_equal(running_sums(row.copy()), np.cumsum(row, axis=1))


@given(
    seed=st.integers(0, 2**32 - 1),
    down=st.floats(0, 20),
    same_side=st.floats(0, 20),
    strip=st.floats(0, 10),
)
def test_sums_of_spread_are_exact_in_any_order(
    seed: int, down: float, same_side: float, strip: float
) -> None:
    """However large the weights: the same bits forward, backward and by the library's product."""
    settings = {"spread.down": down, "spread.same_side": same_side, "spread.motor_strip": strip}
    physics = compile_world(load_scenario("reference", settings).record.world)
    seen = np.floor(np.random.default_rng(seed).random(14) * physics.fineness)
    terms = physics.weights * seen
    forward, backward = (sum(part.T) for part in (terms, terms[:, ::-1]))
    assert np.array_equal(forward, backward)
    assert np.array_equal(physics.weights @ seen, forward)
