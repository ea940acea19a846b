"""Numbers found among others that rise."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.array_types import find_in

NUMBERS = st.integers(-3, 12)


@given(st.sets(NUMBERS), st.lists(NUMBERS))
def test_places_of_numbers(known: set[int], wanted: list[int]) -> None:
    rising = np.array(sorted(known), np.int64)
    at, there = find_in(rising, np.array(wanted, np.int64))
    assert there.tolist() == [number in known for number in wanted]
    assert rising[at[there]].tolist() == [number for number in wanted if number in known]
