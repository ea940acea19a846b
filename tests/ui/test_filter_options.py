"""The dates and ranges that the options of a search take."""

from __future__ import annotations

from datetime import date

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

from ui.filter_options import NamesAsked, first_day, last_day, make_filters
from vectorstore.filters import Filters, Order


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-02", date(2023, 2, 1), date(2023, 2, 28)),
        (" 2024-12 ", date(2024, 12, 1), date(2024, 12, 31)),
        ("2024-06-05", date(2024, 6, 5), date(2024, 6, 5)),
        ("9999", date(9999, 1, 1), date(9999, 12, 31)),
    ],
)
def test_a_date_is_a_day_a_month_or_a_year(text: str, first: date, last: date) -> None:
    assert (first_day(text), last_day(text)) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "24",
        "2024-",
        "2024-13",
        "2023-02-29",
        "2024-1",
        "0000",
        "2024-00",
        "2024-05-00",
        "2024-00-07",
        "２０２４",
        "2024/05",
    ],
)
def test_other_dates_are_refused(text: str) -> None:
    message = f"{text!r} is no YYYY, YYYY-MM or YYYY-MM-DD"
    for read in (first_day, last_day):
        with pytest.raises(typer.BadParameter) as refused:
            read(text)
        assert refused.value.message == message


@given(st.dates())
def test_every_day_is_within_its_month_and_its_year(day: date) -> None:
    texts = [day.isoformat()[:length] for length in (4, 7, 10)]
    firsts, lasts = [first_day(text) for text in texts], [last_day(text) for text in texts]
    assert firsts == sorted(firsts)
    assert lasts == sorted(lasts, reverse=True)
    assert firsts[-1] == lasts[-1] == day


def test_the_filters_that_options_make() -> None:
    first, last = date(2024, 1, 1), date(2024, 12, 31)
    assert make_filters(
        (first, last),
        NamesAsked(" nvidia ", " A. Baker", "cs.CL ", " ICML "),
        (1, 3),
        " page-3 ",
        Order.NEWEST,
    ) == Filters(
        first,
        last,
        "nvidia",
        1,
        3,
        "page-3",
        author="A. Baker",
        category="cs.CL",
        venue="ICML",
        order=Order.NEWEST,
    )
    assert make_filters((None, None), NamesAsked(), (None, None), "") == Filters()


@pytest.mark.parametrize(
    ("published", "authors", "message"),
    [
        (
            (date(2025, 1, 1), date(2024, 12, 31)),
            (None, None),
            "--from 2025-01-01 is after --to 2024-12-31",
        ),
        ((None, None), (3, 2), "--min-authors 3 is more than --max-authors 2"),
    ],
)
def test_ranges_that_are_upside_down(
    published: tuple[date | None, date | None],
    authors: tuple[int | None, int | None],
    message: str,
) -> None:
    with pytest.raises(typer.BadParameter) as refused:
        make_filters(published, NamesAsked(), authors, "")
    assert refused.value.message == message
