"""Places on the map: near papers near, the same every time, and no two alike."""

from __future__ import annotations

import numpy as np
import pytest

from vectorstore.embedding import Matrix
from vectorstore.mapping.layout import Places, lay_out

DIMENSION = 16


def bundles(size: int, count: int = 3) -> Matrix:
    """Return `count` bundles of vectors, each around an axis of its own."""
    random = np.random.default_rng(1)
    axes = np.repeat(np.eye(DIMENSION, dtype=np.float32)[:count], size, axis=0)
    vectors = axes + random.normal(scale=0.1, size=axes.shape).astype(np.float32)
    rows: Matrix = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return rows


def share_of_own(places: Places, size: int) -> float:
    """Return of how many places the three nearest are all of the same bundle."""
    distances = np.linalg.norm(places[:, None] - places[None], axis=2)
    nearest = np.argsort(distances, axis=1)[:, 1:4]
    bundle = np.arange(len(places)) // size
    return float((bundle[nearest] == bundle[:, None]).all(axis=1).mean())


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5, 6, 7, 12])
def test_every_paper_has_a_place_of_its_own(count: int) -> None:
    places = lay_out(bundles(4)[:count])
    assert places.shape == (count, 2)
    assert np.abs(places).max(initial=0) <= 1.0001
    assert len({tuple(place) for place in places.tolist()}) == count


@pytest.mark.parametrize("count", [2, 5, 40])
@pytest.mark.parametrize("length", [0.0, 1.0], ids=["without words", "of the same words"])
def test_papers_with_one_vector(count: int, length: float) -> None:
    same = np.zeros((count, DIMENSION), np.float32)
    same[:, 0] = length
    places = lay_out(same)
    assert np.isfinite(places).all()
    assert len({tuple(place) for place in places.tolist()}) == count


def test_papers_that_mean_the_same_are_near() -> None:
    assert share_of_own(lay_out(bundles(20)), 20) == 1


def test_more_papers_than_are_laid_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vectorstore.mapping.layout.LANDMARKS", 60)
    places = lay_out(bundles(60))
    assert np.abs(places).max() == pytest.approx(1)
    assert share_of_own(places, 60) > 0.95


@pytest.mark.parametrize("landmarks", [30, 90])
def test_the_same_every_time(monkeypatch: pytest.MonkeyPatch, landmarks: int) -> None:
    monkeypatch.setattr("vectorstore.mapping.layout.LANDMARKS", landmarks)
    np.testing.assert_array_equal(lay_out(bundles(20)), lay_out(bundles(20)))
