"""The opaque ids under which a model is shown sentences, and how they are recognised in its reply.

Owns the shape of an id. Invariant: ids are drawn anew for every question from 157,464 of them, so
that no abstract can name the sentences it will be shown with. The shape has a digit in second place
and no vowels, so that hardly anything written in brackets looks like one.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable

# Letters and digits that no reader, and no model, takes for one another: no l, o, 0 or 1.
_DIGITS = "23456789"
_SIGNS = _DIGITS + "bcdfghjkmnpqrstvwxz"

SENTENCE_ID = re.compile(rf"(?<![A-Za-z0-9])s[{_DIGITS}][{_SIGNS}]{{3}}(?![A-Za-z0-9])")


def make_ids(count: int, choose: Callable[[str], str] = secrets.choice) -> tuple[str, ...]:
    """Return `count` distinct ids; `choose` picks one sign of a string, unpredictably by default.

    Raises ValueError if there are not so many ids.
    """
    if count > len(_DIGITS) * len(_SIGNS) ** 3:
        raise ValueError(f"there are no {count} distinct sentence ids")
    ids: dict[str, None] = {}
    while len(ids) < count:
        ids["s" + choose(_DIGITS) + "".join(choose(_SIGNS) for _ in range(3))] = None
    return tuple(ids)
