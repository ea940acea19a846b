"""Leaves the machine's other cores to questions while a map is made."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def one_core() -> Iterator[None]:
    """Have NumPy and scikit-learn use a single thread during the block."""
    # Only libraries that are loaded already can be limited: these two bring OpenMP.
    import sklearn.cluster
    import sklearn.manifold  # noqa: F401
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        yield
