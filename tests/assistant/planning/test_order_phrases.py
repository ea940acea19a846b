"""In which order a question wants its papers."""

from __future__ import annotations

import pytest

from assistant.planning.order_phrases import find_order
from vectorstore.filters import Order


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("newest first", Order.NEWEST),
        ("newest papers on agents", Order.NEWEST),
        ("the latest diffusion papers", Order.NEWEST),
        ("latest work on ovens, newest first", Order.NEWEST),
        ("which is the newest?", Order.NEWEST),
        ("show me newest 3", Order.NEWEST),
        ("the most recent papers", Order.NEWEST),
        ("recent advances in diffusion", Order.NEWEST),
        ("just the recent ones", Order.NEWEST),
        ("new papers", Order.NEWEST),
        ("what's new in baking?", Order.NEWEST),
        ("sort them by date", Order.NEWEST),
        ("oldest first", Order.OLDEST),
        ("the earliest paper on ovens", Order.OLDEST),
        ("in chronological order", Order.OLDEST),
        ("most discussed papers", Order.DISCUSSED),
        ("sort them by number of comments", Order.DISCUSSED),
    ],
)
def test_orders(text: str, order: Order) -> None:
    found = find_order(text)
    assert found is not None
    assert found[0] is order


@pytest.mark.parametrize(
    "text",
    [
        "do I need the latest graphics cards?",
        "Nvidia's latest chip, part by part",
        "What does the newest release drop from its loss?",
        "earliest-finish-time heuristics",
        "without building a new one from scratch",
        "recurrent networks",
    ],
)
def test_what_is_new_and_no_paper(text: str) -> None:
    assert find_order(text) is None
