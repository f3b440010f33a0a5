# mypy: disable-error-code="no-untyped-def"
"""Tables that the compiled engine reads."""

from collections import namedtuple
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from alssim.model.anatomy import CELLS
from alssim.model.fast.steps import OPTIONS
from alssim.model.physics import Physics
from alssim.model.state import CountArray, table_type

_named: Any = namedtuple  # its fields are known only when it runs
# The plain numbers of Physics.
Constants = _named(
    "Constants", [name for name, kind in Physics.__annotations__.items() if kind in (int, float)]
)


def constants(physics: Physics) -> Any:
    """Return the plain numbers of a world."""
    return Constants(*(getattr(physics, name) for name in Constants._fields))


def links(physics: Physics) -> NDArray[np.float64]:
    """Return the links over lower neurons [plain, with sprouting helped, capacity; count]."""
    return np.array([physics.lower_link, physics.sprouting_link, physics.capacity_link])


def lost_table(resilience: NDArray[np.uint16]) -> CountArray:
    """Return how many neurons are lost [patient, pool, cell] (see ``alssim.model.damage``)."""
    patients, pools, neurons = resilience.shape
    table: NDArray[Any] = np.empty((patients, pools, CELLS + 1), dtype=table_type(neurons))
    if table.dtype == np.uint8:
        _fill_bytes(resilience, table)
    else:
        _fill(resilience, table)
    return table


@njit(**OPTIONS)
def _fill(resilience, table):
    table[:] = 0
    for patient in range(resilience.shape[0]):
        for pool in range(resilience.shape[1]):
            cells, total = table[patient, pool], 0
            for neuron in range(resilience.shape[2]):
                cells[resilience[patient, pool, neuron] + 1] += 1
            for cell in range(CELLS + 1):
                total += cells[cell]
                cells[cell] = total


@njit(**OPTIONS)
def _fill_bytes(resilience, table):
    """Add up eight cells at a time: a product with 0x01...01 holds the running sums of a word."""
    ones, last = np.uint64(0x0101010101010101), np.uint64(56)
    counts, sums = np.zeros(CELLS + 8, np.uint8), np.empty(CELLS + 8, np.uint8)
    count_words, sum_words = counts.view(np.uint64), sums.view(np.uint64)
    above = counts[1:]  # a neuron with resilience r is lost from cell r + 1 on
    for patient in range(resilience.shape[0]):
        for pool in range(resilience.shape[1]):
            for neuron in range(resilience.shape[2]):
                above[resilience[patient, pool, neuron]] += 1
            total = np.uint64(0)
            for word in range(len(count_words)):
                running = count_words[word] * ones
                sum_words[word] = running + total * ones
                total += running >> last
                count_words[word] = 0
            table[patient, pool] = sums[: CELLS + 1]
