"""The options that limit and order a search, as typer reads them, and the filters they make.

Owns what a date without a day means: `--from 2024` its first day, `--to 2024` its last.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated

import typer

from vectorstore.filters import Filters, Order

_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
JANUARY, DECEMBER = 1, 12


def first_day(text: str) -> date:
    """Return the first day of a year, a month or a day. Raises typer.BadParameter on others."""
    return _period(text)[0]


def last_day(text: str) -> date:
    """Return the last day of a year, a month or a day. Raises typer.BadParameter on others."""
    return _period(text)[1]


def _period(text: str) -> tuple[date, date]:
    found = _DATE.fullmatch(text.strip())
    try:
        if found is None:
            raise ValueError(text)
        year, month, day = found.groups()
        first = date(int(year), int(month or JANUARY), int(day or 1))
        last_month = date(first.year, int(month or DECEMBER), 1)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no YYYY, YYYY-MM or YYYY-MM-DD") from error
    days = calendar.monthrange(last_month.year, last_month.month)[1]
    return first, first if day else last_month.replace(day=days)


@dataclass(frozen=True, slots=True)
class NamesAsked:
    """The names, or parts of them, that papers must have; empty asks for nothing."""

    organization: str = ""
    author: str = ""
    category: str = ""
    venue: str = ""


def make_filters(
    published: tuple[date | None, date | None],
    names: NamesAsked,
    author_count: tuple[int | None, int | None],
    source: str,
    order: Order = Order.RELEVANCE,
) -> Filters:
    """Return what the options ask for; both ranges are a lowest and a highest value.

    Raises typer.BadParameter where a range is upside down.
    """
    (first, last), (fewest, most) = published, author_count
    if first and last and first > last:
        raise typer.BadParameter(f"--from {first} is after --to {last}")
    if fewest and most and fewest > most:
        raise typer.BadParameter(f"--min-authors {fewest} is more than --max-authors {most}")
    return Filters(
        published_from=first,
        published_to=last,
        organization=names.organization.strip(),
        author=names.author.strip(),
        category=names.category.strip(),
        venue=names.venue.strip(),
        min_authors=fewest,
        max_authors=most,
        source=source.strip(),
        order=order,
    )


FromDate = Annotated[
    date | None,
    typer.Option(
        "--from",
        parser=first_day,
        metavar="DATE",
        help="That year (YYYY), month (YYYY-MM), day (YYYY-MM-DD) or later.",
    ),
]
ToDate = Annotated[
    date | None,
    typer.Option(
        "--to",
        parser=last_day,
        metavar="DATE",
        help="The same, or before; undated papers match neither.",
    ),
]
Organization = Annotated[
    str, typer.Option(metavar="NAME", help="An organisation with this in its name.")
]
Author = Annotated[
    str, typer.Option(metavar="NAME", help='An author called so: "Alice Baker", "A. Baker", baker.')
]
Category = Annotated[str, typer.Option(metavar="NAME", help="A category such as cs.CL, or cs.")]
Venue = Annotated[
    str, typer.Option(metavar="NAME", help="A journal or conference with this in its name.")
]
MinAuthors = Annotated[int | None, typer.Option(min=1, help="At least so many authors.")]
MaxAuthors = Annotated[int | None, typer.Option(min=1, help="At most so many authors.")]
SourceFile = Annotated[
    str, typer.Option("--source", metavar="FILE", help="Listed in a file with this in its name.")
]
ResultOrder = Annotated[
    Order, typer.Option("--order", help="What comes first, of all that is relevant.")
]
