"""Exchanges of late: the ones used last stay."""

from __future__ import annotations

from ui.page.conversation import Exchange
from ui.page.recent import RecentExchanges


def test_the_one_not_used_for_longest_is_forgotten() -> None:
    recent = RecentExchanges(kept=2)
    first, second, third = (Exchange(word) for word in ("soup", "bread", "tea"))
    recent.put(1, first)
    recent.put(2, second)
    assert recent.get(1) is first
    recent.put(3, third)
    assert [recent.get(number) for number in (1, 2, 3)] == [first, None, third]
