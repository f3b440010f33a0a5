"""From damage to neurons lost: a table for every pool, and how it is made and read.

A neuron dies when its pool's damage u = 1 - s reaches its own resilience (Sellke 1983): the number
lost is ``table[floor(1024 u)]``, whole neurons.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from alssim.model.anatomy import CELLS
from alssim.model.state import CountArray, FloatArray, IntArray, table_type

_ROWS_AT_ONCE = 448  # pools whose table is counted at once: what fits the cache
_WIDTH = CELLS + 8  # cells of a row while it is counted: a whole number of words


def lost_table(resilience: NDArray[np.uint16]) -> CountArray:
    """Return how many neurons are lost [patient, pool, cell] at damage cell / 1024.

    ``resilience`` [patient, pool, neuron]: a neuron with resilience r dies at (r + 1) / 1024.
    """
    patients, pools, neurons = resilience.shape
    table = np.empty((patients * pools, CELLS + 1), dtype=table_type(neurons))
    rows = resilience.reshape(-1, neurons)
    for first in range(0, len(rows), _ROWS_AT_ONCE):
        block = rows[first : first + _ROWS_AT_ONCE]
        place = block + (np.arange(len(block))[:, None] * _WIDTH + 1)
        counts: CountArray = np.zeros_like(table, shape=len(block) * _WIDTH)
        np.add.at(counts, place.ravel(), counts.dtype.type(1))
        table[first : first + len(block)] = running_sums(counts.reshape(-1, _WIDTH))[:, : CELLS + 1]
    return table.reshape(patients, pools, CELLS + 1)


def running_sums(counts: CountArray) -> CountArray:
    """Add up the counts of every row [row, cell], as many cells at a time as a word holds.

    The product of a word with 1 in each of its cells holds the running sums of its cells. What the
    words before it hold together is found in the same way, from the sum of each.
    """
    kind, inside = counts.dtype, 8 // counts.itemsize
    ones = np.uint64(sum(1 << (64 // inside * place) for place in range(inside)))
    sums = counts.view(np.uint64) * ones
    words = sums.view(kind)[:, inside - 1 : -inside : inside]  # the sum of each but the last
    count = words.shape[1]
    if count < inside:
        before: NDArray[Any] = np.cumsum(words, axis=1, dtype=kind)
    else:
        whole = np.zeros_like(words, shape=(len(words), -(-count // inside) * inside))
        whole[:, :count] = words
        before = running_sums(whole)[:, :count]
    sums[:, 1:] += before * ones
    return sums.view(kind)


def look_up(
    table: CountArray, base: IntArray, survival: FloatArray, out: CountArray | None = None
) -> CountArray:
    """Return whole neurons lost [pool, patient] at a survival share, in ``out`` if it is given."""
    place = ((1.0 - survival) * CELLS).astype(np.int64)
    place += base
    # No place lies outside; "clip" spares numpy the copy with which it would guard ``out``.
    return table.reshape(-1).take(place, out=out, mode="clip")
