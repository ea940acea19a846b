"""A place in the line as it is told."""

from __future__ import annotations

import pytest

from ui.html.place_words import place_words
from ui.server.waiting_line import Place


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (Place(1, 0.1), "1st in line, about 1 s"),
        (Place(2, 3.4), "2nd in line, about 4 s"),
        (Place(3, 5.0), "3rd in line, about 5 s"),
        (Place(4, 5.1), "4th in line, about 6 s"),
        (Place(11, 30.0), "11th in line, about 30 s"),
        (Place(12, 90.0), "12th in line, about 2 min"),
        (Place(13, 91.0), "13th in line, about 2 min"),
        (Place(21, 600.0), "21st in line, about 10 min"),
        (Place(111, 601.0), "111th in line, about 11 min"),
    ],
)
def test_a_place_is_told(place: Place, said: str) -> None:
    assert place_words(place) == said
