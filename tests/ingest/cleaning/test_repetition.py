"""Which texts say the same over and over."""

from __future__ import annotations

import pytest

from ingest.cleaning.repetition import repeats_itself
from ingest.cleaning.suspicious import SuspiciousMark, suspicious_marks

_ONCE = " ".join(f"word{number}" for number in range(60))


@pytest.mark.parametrize(
    ("text", "repeats"),
    [
        ("Which papers study bread? " * 200, True),
        ("bread " * 60, True),
        (f"{_ONCE} {'bread rises ' * 40}", True),
        (f"{_ONCE} {'bread rises ' * 20}", False),
        (_ONCE, False),
        ("bread " * 59, False),
        ("", False),
    ],
)
def test_which_texts_repeat_themselves(text: str, repeats: bool) -> None:
    assert repeats_itself(text) is repeats
    marks = (SuspiciousMark.REPEATED,) if repeats else ()
    assert suspicious_marks("Bread", text) == marks
