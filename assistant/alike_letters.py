"""Letters that a pattern without case takes for those of English, and that no table of words has.

"ſix" is found as "six", in an abstract as in a question, and `lower` leaves it as it is.
"""

from __future__ import annotations

_ALIKE = str.maketrans("ſıİ\N{KELVIN SIGN}", "siik")


def plain_letters(text: str) -> str:
    """Return `text` with the letters that they are taken for; it stays as long as it was."""
    return text if text.isascii() else text.translate(_ALIKE)
