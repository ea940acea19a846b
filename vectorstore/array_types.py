"""Columns over papers, as numpy types that every part of search shares."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.bool_]  # (papers,)
Numbers = npt.NDArray[np.int64]  # rows of an index, or numbers of the catalog
