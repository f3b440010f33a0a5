"""Luck: the published generator, keyed by seed, patient and purpose, turned into known laws."""

import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from tests.model.cohorts import ALARM, assert_drawn_from

from alssim import randomness
from alssim.randomness import cells, exponentials, normals, uniforms, words

MASK = 2**64 - 1
COUNT = 20_000


def philox(counter: tuple[int, int, int, int], key: tuple[int, int]) -> list[int]:
    """Philox 4x64 with ten rounds, in plain Python (Salmon 2011, 10.1145/2063384.2063405)."""
    a, b, c, d = counter
    left, right = key
    for _ in range(10):
        one, two = 0xD2E7470EE14C6C93 * a, 0xCA5A826395121157 * c
        a, b, c, d = (two >> 64) ^ b ^ left, two & MASK, (one >> 64) ^ d ^ right, one & MASK
        left, right = (left + 0x9E3779B97F4A7C15) & MASK, (right + 0xBB67AE8584CAA73B) & MASK
    return [a, b, c, d]


@pytest.mark.parametrize(
    ("counter", "key", "published"),
    [
        (
            (0, 0, 0, 0),
            (0, 0),
            "16554d9eca36314c db20fe9d672d0fdc d7e772cee186176b 7e68b68aec7ba23b",
        ),
        (
            (MASK, MASK, MASK, MASK),
            (MASK, MASK),
            "87b092c3013fe90b 438c3c67be8d0224 9cc7d7c69cd777b6 a09caebf594f0ba0",
        ),
    ],
)
def test_published_vectors(
    counter: tuple[int, int, int, int], key: tuple[int, int], published: str
) -> None:
    """The known answers that come with the authors' library (Random123, kat_vectors)."""
    assert [f"{word:016x}" for word in philox(counter, key)] == published.split()


@settings(deadline=None, derandomize=True, max_examples=20)
@given(
    seed=st.integers(0, 2**63 - 1),
    patient=st.integers(0, 2**63 - 1),
    purpose=st.text(max_size=12),
    count=st.integers(1, 9),
)
def test_words_are_philox_keyed_by_seed_and_patient(
    seed: int, patient: int, purpose: str, count: int
) -> None:
    """The counter's last word names the purpose; its first counts blocks from 1."""
    block = zlib.crc32(purpose.encode())
    expected = [w for n in range(1, 4) for w in philox((n, 0, 0, block), (seed, patient))]
    assert words(seed, [patient], purpose, count)[0].tolist() == expected[:count]


def test_a_longer_draw_begins_as_the_shorter_one() -> None:
    assert (words(1, [5, 9], "x", 40)[:, :7] == words(1, [5, 9], "x", 7)).all()


def test_uniforms_are_uniform() -> None:
    sample = uniforms(words(1, np.arange(COUNT // 10), "test", 10)).ravel()
    assert_drawn_from(sample, "uniform")
    assert (sample >= 0).all() and (sample < 1).all()


def test_exponentials_are_exponential_and_above_zero() -> None:
    sample = exponentials(words(2, np.arange(COUNT), "test", 1)).ravel()
    assert_drawn_from(sample, "expon")
    assert (sample > 0).all()
    assert exponentials(np.zeros(1, np.uint64)).tolist() == [1e-6]


def test_normals_are_normal() -> None:
    sample = normals(words(3, np.arange(COUNT), "test", 1)).ravel()
    assert_drawn_from(sample, "norm")
    ends = normals(np.array([0, MASK], dtype=np.uint64))
    assert np.isfinite(ends).all() and ends[0] < -7 and ends[1] > 7


def test_ten_bit_cells_are_even_and_whole() -> None:
    sample = cells(words(4, np.arange(400), "test", 50), 198)
    assert sample.shape == (400, 198) and sample.dtype == np.uint16
    counts = np.bincount(sample.ravel(), minlength=1024)
    assert len(counts) == 1024
    assert stats.chisquare(counts).pvalue > ALARM


def test_rounded_to_six_decimals() -> None:
    for turn in (exponentials, normals):
        sample = turn(words(5, np.arange(50), "test", 4))
        assert (np.round(sample, 6) == sample).all()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((1, "a"), (2, "a")),  # another seed
        ((1, "a"), (1, "b")),  # another purpose
    ],
)
def test_streams_are_independent(one: tuple[int, str], other: tuple[int, str]) -> None:
    first, second = (
        uniforms(words(seed, np.arange(COUNT // 4), purpose, 1))[:, 0]
        for seed, purpose in (one, other)
    )
    assert stats.spearmanr(first, second).pvalue > ALARM
    assert_drawn_from((first + second) % 1, "uniform")


def test_neighbours_are_independent() -> None:
    sample = uniforms(words(1, np.arange(COUNT // 4), "a", 2))
    assert stats.spearmanr(sample[1:, 0], sample[:-1, 0]).pvalue > ALARM
    assert stats.spearmanr(sample[:, 0], sample[:, 1]).pvalue > ALARM


def test_the_order_of_patients_does_not_matter() -> None:
    forth, back = words(1, [3, 7, 2**40], "x", 5), words(1, [2**40, 7, 3], "x", 5)
    assert (forth == back[::-1]).all()


def test_nothing_else_opens_the_door() -> None:
    """The public names are those of the laws, not of a generator with a state."""
    assert not [name for name in vars(randomness) if name in ("seed", "rng", "default_rng")]
