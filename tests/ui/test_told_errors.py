"""What is told of an error, at this machine and elsewhere."""

from __future__ import annotations

import pytest

from ui.told_errors import told
from vectorstore.errors import PaperchatError

HOME = "/srv/bakery/library"


@pytest.mark.parametrize(
    ("error", "here", "elsewhere"),
    [
        (PaperchatError("Stale"), ("Stale", ""), ("Stale", "")),
        (
            PaperchatError("Stale", where=HOME, hint="Bake again."),
            (f"Stale ({HOME})", "Bake again."),
            ("Stale", "Bake again."),
        ),
        (
            PaperchatError(f"[Errno 13] denied: '{HOME}/bread'", where=HOME, hint=f"Open {HOME}."),
            (f"[Errno 13] denied: '{HOME}/bread' ({HOME})", f"Open {HOME}."),
            ("[Errno 13] denied: '…/bread'", "Open …."),
        ),
        (
            PaperchatError("The environment is stale", where="environment"),
            ("The environment is stale (environment)", ""),
            ("The environment is stale", ""),
        ),
    ],
    ids=["nowhere", "somewhere", "a place in the words", "no path"],
)
def test_a_place_is_told_at_this_machine_alone(
    error: PaperchatError, here: tuple[str, str], elsewhere: tuple[str, str]
) -> None:
    assert told(error, shared=False) == here
    assert told(error, shared=True) == elsewhere
