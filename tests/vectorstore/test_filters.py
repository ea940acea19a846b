"""What a search is limited to, before any paper is looked at."""

from __future__ import annotations

from datetime import date

import pytest

from vectorstore.filters import Filters, Order

DAY = date(2025, 1, 1)


@pytest.mark.parametrize(
    ("filters", "limits", "by_date"),
    [
        (Filters(), False, False),
        (Filters(order=Order.NEWEST), False, False),
        (Filters(published_from=DAY), True, True),
        (Filters(published_to=DAY), True, True),
        (Filters(published_from=DAY, published_to=DAY, order=Order.OLDEST), True, True),
        (Filters(organization="nvidia"), True, False),
        (Filters(min_authors=0), True, False),
        (Filters(max_authors=0), True, False),
        (Filters(source="a.txt", order=Order.DISCUSSED), True, False),
        (Filters(author="baker"), True, False),
        (Filters(category="cs.CL"), True, False),
        (Filters(venue="ICML"), True, False),
        (Filters(scope=("a",)), True, False),
    ],
)
def test_what_filters_do(filters: Filters, limits: bool, by_date: bool) -> None:
    assert (filters.limits, filters.by_date) == (limits, by_date)


def test_orders_by_name() -> None:
    orders = [Order(name) for name in ("relevance", "newest", "oldest", "discussed")]
    assert orders == list(Order)
