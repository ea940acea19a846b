"""Whole abstracts near to a question: by signs first where they are many, and no other ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.abstract_vectors import (
    AbstractVectors,
    NearAbstracts,
    lengths_of,
    make_vectors,
    signs_of,
)


def some_vectors(seed: int, rows: int, dimension: int = 70) -> np.ndarray:
    random = np.random.default_rng(seed)
    return random.integers(-127, 128, (rows, dimension)).astype(np.int8)


def cosines(whole: np.ndarray, question: np.ndarray) -> np.ndarray:
    floats = whole.astype(np.float64)
    return floats @ question / np.maximum(np.linalg.norm(floats, axis=1), 1e-9)


def with_fresh(whole: np.ndarray, fresh: list[int]) -> AbstractVectors:
    """Return the same rows, of which these came later."""
    late = np.isin(np.arange(len(whole)), fresh)
    stored = make_vectors(whole[~late], signs=True)
    places = np.where(late, len(stored) + np.cumsum(late) - 1, np.cumsum(~late) - 1)
    return replace(
        stored,
        fresh=whole[late],
        fresh_lengths=lengths_of(whole[late]),
        places=places.astype(np.int32),
    )


FRESH = st.lists(st.integers(0, 29), max_size=9)


@given(seed=st.integers(0, 99), fresh=FRESH, rows=st.lists(st.integers(0, 29)))
def test_rows_that_came_later(seed: int, fresh: list[int], rows: list[int]) -> None:
    whole = some_vectors(seed, 30)
    vectors = with_fresh(whole, fresh)
    assert len(vectors) == 30
    np.testing.assert_array_equal(vectors.matrix, whole)
    asked = np.random.default_rng(seed).standard_normal(70).astype(np.float32)
    wanted = np.array(rows, np.int64)
    found = vectors.similarities(asked, wanted)
    np.testing.assert_allclose(found, cosines(whole[wanted], asked), rtol=1e-4, atol=1e-4)
    np.testing.assert_array_equal(
        vectors.units(wanted), whole[wanted].astype(np.float32) / lengths_of(whole[wanted])[:, None]
    )


@given(
    seed=st.integers(0, 99),
    fresh=FRESH,
    rows=st.sets(st.integers(0, 29)),
    limit=st.integers(1, 31),
)
def test_nearest_of_all_that_are_compared(
    seed: int, fresh: list[int], rows: set[int], limit: int
) -> None:
    whole = some_vectors(seed, 30)
    asked = np.random.default_rng(seed).standard_normal(70).astype(np.float32)
    among = np.array(sorted(rows), np.int64)
    expected = among[np.argsort(-cosines(whole[among], asked), kind="stable")[:limit]]
    for vectors in (make_vectors(whole, signs=False), with_fresh(whole, fresh)):
        near = NearAbstracts(vectors, asked)
        assert set(near.nearest(among, limit, compared=30)) == set(expected)


@pytest.mark.parametrize("fresh", [[], [3, 200, 201, 2_999]])
@pytest.mark.parametrize("of_all", [True, False])
def test_nearest_by_signs(fresh: list[int], of_all: bool) -> None:
    random = np.random.default_rng(5)
    asked = random.standard_normal(70).astype(np.float32)
    whole = some_vectors(1, 3_000)
    close = [7, 200, 1_500, 2_999]
    whole[close] = np.rint(30 * asked + random.normal(scale=3, size=(4, 70))).clip(-127, 127)
    vectors = with_fresh(whole, fresh) if fresh else make_vectors(whole, signs=True)
    rows = np.arange(3_000) if of_all else np.arange(0, 3_000, 100)
    near = NearAbstracts(vectors, asked)
    expected = set(close) & set(rows.tolist())
    assert set(near.nearest(rows, len(expected), compared=10).tolist()) == expected
    # Of far more, nothing but what is among the rows.
    assert set(near.nearest(rows, 5, compared=10).tolist()) <= set(rows.tolist())


def test_signs_are_counted_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = make_vectors(some_vectors(2, 100), signs=True)
    asked = np.random.default_rng(2).standard_normal(70).astype(np.float32)
    differing = vectors.differing_signs(asked)
    mean = (vectors.stored / vectors.lengths[:, None]).mean(axis=0)
    differs = (vectors.stored / vectors.lengths[:, None] > mean) != (asked > 0)
    heavy = np.abs(asked) > np.quantile(np.abs(asked), 0.7)
    assert differing.tolist() == (differs @ np.where(heavy, 3, 1)).tolist()
    for module_name in ("COUNTED_ROWS", "READ_ROWS"):
        monkeypatch.setattr(f"vectorstore.abstract_vectors.{module_name}", 7)
    again = make_vectors(vectors.stored, signs=True)
    assert again.differing_signs(asked).tolist() == differing.tolist()


@pytest.mark.parametrize(("dimension", "words"), [(1, 1), (64, 1), (65, 2), (384, 6)])
def test_shape_of_signs(dimension: int, words: int) -> None:
    assert signs_of(np.ones((3, dimension), np.bool_)).shape == (words, 3)


def test_no_papers() -> None:
    near = NearAbstracts(
        make_vectors(np.zeros((0, 6), np.int8), signs=True), np.ones(6, np.float32)
    )
    assert near.nearest(np.zeros(0, np.int64), 5, compared=0).tolist() == []
