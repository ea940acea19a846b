"""What a visitor of the page, or a program, is told of an error.

Invariant: on a page that others can open nothing told names a place: where the library lies on the
machine is nobody's business elsewhere.
"""

from __future__ import annotations

import os

from vectorstore.errors import PaperchatError

_HIDDEN = "…"


def told(error: PaperchatError, *, shared: bool) -> tuple[str, str]:
    """Return what went wrong, with the place unless the page is `shared`, and what to do."""
    if shared:
        return _placeless(error.problem, error.where), _placeless(error.hint, error.where)
    place = f" ({error.where})" if error.where else ""
    return f"{error.problem}{place}", error.hint


def _placeless(text: str, where: str) -> str:
    """Return the text without the place, which a library's own words may repeat."""
    return text.replace(where, _HIDDEN) if os.sep in where else text
