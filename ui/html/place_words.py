"""A place in the line, in words."""

from __future__ import annotations

from ui.server.waiting_line import Place, duration

_ENDINGS = {1: "st", 2: "nd", 3: "rd"}


def place_words(place: Place) -> str:
    """Return the place as it is told to who waits there: "3rd in line, about 4 s"."""
    return f"{_ordinal(place.number)} in line, about {duration(place.seconds)}"


def _ordinal(number: int) -> str:
    teen = number % 100 // 10 == 1
    return f"{number}{'th' if teen else _ENDINGS.get(number % 10, 'th')}"
