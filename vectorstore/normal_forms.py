"""Unicode's normal forms, in a time that does not grow with the square of a text.

A letter may carry marks without end, and sorting them takes the square of their number: 100,000 on
one letter take seven seconds. Of such a run the first ones are kept, as many as Unicode's
Stream-Safe Text Format allows (UAX #15, section 13), which is far more than any language has.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

MOST_MARKS = 30
# No mark is a letter, a digit or a space, so that every run of marks is within such a run.
_LONG_RUN = re.compile(rf"([^\w\s\x00-\x7f]{{{MOST_MARKS}}})[^\w\s\x00-\x7f]+")


def normalised(form: Literal["NFC", "NFD", "NFKC", "NFKD"], text: str) -> str:
    """Return `text` in a normal form of Unicode; of signs without end, the first ones."""
    if text.isascii():  # it is in all of them
        return text
    return unicodedata.normalize(form, _LONG_RUN.sub(r"\1", text))
