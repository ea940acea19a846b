from __future__ import annotations

import pytest

from assistant.errors import place_in


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        (("exchange", "answer", 3), "exchange.answer.3"),
        (("a\nb", "\x1b[31m", "\u202e"), "a?b.?[31m.?"),
        (("a" * 200,), "a" * 100),
        ((), ""),
    ],
)
def test_the_place_of_a_fault_is_fit_for_a_terminal(keys: tuple[object, ...], place: str) -> None:
    assert place_in(keys) == place
