"""Columns over papers, as numpy types that every part of search shares, and places in them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.bool_]  # (papers,)
Numbers = npt.NDArray[np.int64]  # rows of an index, or numbers of the catalog


def find_in(rising: Numbers, wanted: Numbers) -> tuple[Numbers, Mask]:
    """Return the place of each of `wanted` among numbers that rise, and which are there at all."""
    at = np.searchsorted(rising, wanted)
    there = at < len(rising)
    there[there] = rising[at[there]] == wanted[there]
    return at, there
