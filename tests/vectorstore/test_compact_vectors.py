"""Vectors in a byte a component."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.compact_vectors import from_int8, to_int8
from vectorstore.embedding import Matrix

pytestmark = pytest.mark.filterwarnings("error")  # of numpy, where a row of zeros is divided


def matrix(*rows: list[float]) -> Matrix:
    return np.array(rows, np.float32)


@pytest.mark.parametrize(
    ("rows", "stored"),
    [
        (matrix([1.0, 0.0]), [127, 0]),
        (matrix([-1.0, 0.0]), [-127, 0]),
        (matrix([0.6, 0.8]), [95, 127]),
        (matrix([0.0, 1.0], [0.8, -0.6]), [0, 127, 127, -95]),
        (matrix([0.0, 0.0]), [0, 0]),
        (matrix([0.0, 0.0], [0.0, 1.0]), [0, 0, 0, 127]),
        (np.zeros((0, 2), np.float32), []),
        (np.zeros((0, 0), np.float32), []),
    ],
    ids=str,
)
def test_stored_bytes(rows: Matrix, stored: list[int]) -> None:
    assert list(np.frombuffer(to_int8(rows), np.int8)) == stored


@pytest.mark.parametrize(
    ("stored", "dimension", "rows"),
    [
        ([127, 0], 2, matrix([1.0, 0.0])),
        ([3, 4, 0, -1], 2, matrix([0.6, 0.8], [0.0, -1.0])),
        ([0, 0, 3, 4], 2, matrix([0.0, 0.0], [0.6, 0.8])),
        ([], 2, np.zeros((0, 2), np.float32)),
        ([], 0, np.zeros((0, 0), np.float32)),
    ],
    ids=str,
)
def test_rows_that_are_read(stored: list[int], dimension: int, rows: Matrix) -> None:
    found = from_int8(np.array(stored, np.int8).tobytes(), dimension)
    assert (found.shape, found.dtype) == (rows.shape, np.float32)
    np.testing.assert_allclose(found, rows, rtol=1e-6)


@given(seed=st.integers(0, 2**32 - 1), count=st.integers(0, 8), dimension=st.integers(1, 384))
def test_cosines_are_kept(seed: int, count: int, dimension: int) -> None:
    rows = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    found = from_int8(to_int8(rows), dimension)
    assert np.linalg.norm(found, axis=1) == pytest.approx(1.0, abs=1e-5)
    np.testing.assert_allclose(found @ found.T, rows @ rows.T, atol=0.01)


@given(st.lists(st.floats(-1, 1, width=32).filter(lambda x: x == 0 or abs(x) > 1e-6), min_size=1))
def test_any_row_keeps_its_direction(row: list[float]) -> None:
    rows = matrix(row)
    length = float(np.linalg.norm(rows))
    normalised = rows / (length or 1.0)
    [found] = from_int8(to_int8(normalised), len(row))
    assert found @ normalised[0] == pytest.approx(1.0 if length else 0.0, abs=0.01)


@given(st.binary(max_size=40), st.integers(1, 8))
def test_what_was_read_is_stored_again_alike(stored: bytes, dimension: int) -> None:
    rows = from_int8(stored[: len(stored) // dimension * dimension], dimension)
    np.testing.assert_allclose(from_int8(to_int8(rows), dimension), rows, atol=0.01)
