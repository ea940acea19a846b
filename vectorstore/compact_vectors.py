"""Vectors as the catalog stores them: a byte a component.

Each row is scaled so that its largest component becomes 127, and scaled back to length one when it
is read: cosines are kept to about 0.001.
"""

from __future__ import annotations

import numpy as np

from vectorstore.embedding import Matrix

LARGEST = 127
_TINY = np.finfo(np.float32).tiny


def to_int8(rows: Matrix) -> bytes:
    """Return L2-normalised rows, or rows of zeros, as bytes."""
    if not rows.size:
        return b""
    largest = np.abs(rows).max(axis=1, keepdims=True)
    scaled = rows * (LARGEST / np.where(largest > 0, largest, 1))
    stored: bytes = np.rint(scaled).astype(np.int8).tobytes()
    return stored


def from_int8(stored: bytes, dimension: int) -> Matrix:
    """Return the rows that were stored, L2-normalised, shape (rows, dimension)."""
    count = len(stored) // max(dimension, 1)
    rows = np.frombuffer(stored, np.int8).reshape(count, dimension).astype(np.float32)
    lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))[:, None]
    rows /= np.maximum(lengths, _TINY)
    return rows
