"""The only door to numpy's random numbers.

Every patient has one counter-based stream (Philox; Salmon 2011, 10.1145/2063384.2063405) keyed by
(seed, patient), with one counter block for each named purpose. So patient i depends on (seed, i)
alone, and a purpose added later changes no other. Raw 64-bit words are turned into uniforms,
exponentials and normals here; where a logarithm was used the result is rounded to 6 decimals, so
that it has the same bits on every machine.
"""

import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
WordArray = NDArray[np.uint64]
IntArray = NDArray[np.int64]

DECIMALS = 6
_TEN_BITS_OF_SIXTEEN = np.uint64(0x03FF03FF03FF03FF)
_BLOCK = 4  # words in one counter block of Philox


def words(seed: int, patients: Sequence[int] | IntArray, purpose: str, count: int) -> WordArray:
    """Return raw words [patient, count] of the stream of each patient for one purpose.

    ``seed`` and the patient numbers lie in 0 to 2**63 - 1.
    """
    stream: Any = np.random.Philox(key=np.array([seed, 0], dtype=np.uint64))
    # Plain lists: numpy reads a state from them quicker than from arrays.
    counter, key = [0, 0, 0, zlib.crc32(purpose.encode())], [int(seed), 0]
    nothing_left = {"buffer": [0] * _BLOCK, "buffer_pos": _BLOCK}  # of the patient before
    state = {**stream.state, "state": {"counter": counter, "key": key}, **nothing_left}
    found = np.empty((len(patients), count), dtype=np.uint64)
    for row, patient in enumerate(np.asarray(patients).tolist()):
        key[1] = patient
        stream.state = state
        found[row] = stream.random_raw(count)
    return found


def uniforms(raw: WordArray) -> FloatArray:
    """Turn raw words into numbers uniform on [0, 1), in steps of 2**-53."""
    return (raw >> np.uint64(11)).astype(np.float64) * 2.0**-53


def exponentials(raw: WordArray) -> FloatArray:
    """Turn raw words into standard exponential numbers, above 0, rounded to 6 decimals."""
    return np.maximum(rounded(-np.log1p(-uniforms(raw))), 10.0**-DECIMALS)


def normals(raw: WordArray) -> FloatArray:
    """Turn raw words into standard normal numbers, rounded to 6 decimals."""
    from scipy.special import ndtri  # takes long to load; not needed to check or explain a file

    return rounded(ndtri(np.minimum(uniforms(raw) + 2.0**-54, 1.0 - 2.0**-53)))


def cells(raw: WordArray, count: int) -> NDArray[np.uint16]:
    """Turn raw words [patient, words] into ``count`` ten-bit numbers (0 to 1023) per patient.

    The words are used up: the numbers take their place in memory.
    """
    raw &= _TEN_BITS_OF_SIXTEEN
    pieces = raw.astype("<u8", copy=False).view("<u2")
    return pieces[:, :count].astype(np.uint16, copy=False)


def rounded(values: FloatArray) -> FloatArray:
    """Round to 6 decimals: removes the last bits, in which processors differ."""
    return np.round(values, DECIMALS)
