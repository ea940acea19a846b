"""Reads what programs send, which may be of any type and any size.

Invariant: what cannot be used is an ArgumentError that names the argument and says what it takes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import typer

from assistant.question_check import too_long
from assistant.settings import AssistantSettings
from ui.filter_options import NamesAsked, first_day, last_day, make_filters
from vectorstore.errors import PaperchatError
from vectorstore.filters import Filters, Order
from vectorstore.whole_text import whole_characters

MOST_EARLIER = 20
MOST_PAPERS = 100_000
MOST_HITS = 1000
LONGEST_TEXT = 10_000


class ArgumentError(PaperchatError):
    """A program asked for what cannot be."""


@dataclass(frozen=True, slots=True)
class FilterArguments:
    """What a program may limit a search to, as it sent it."""

    published_from: object = ""
    published_to: object = ""
    organization: object = ""
    min_authors: object = None
    max_authors: object = None
    source: object = ""
    order: object = Order.RELEVANCE.value
    author: object = ""
    category: object = ""
    venue: object = ""

    def read(self) -> Filters:
        """Return the filters. Raises ArgumentError where one cannot be used."""
        try:
            return make_filters(
                (
                    _day("published_from", self.published_from, last=False),
                    _day("published_to", self.published_to, last=True),
                ),
                NamesAsked(
                    text("organization", self.organization),
                    text("author", self.author),
                    text("category", self.category),
                    text("venue", self.venue),
                ),
                (
                    _authors("min_authors", self.min_authors),
                    _authors("max_authors", self.max_authors),
                ),
                text("source", self.source),
                _order(self.order),
            )
        except typer.BadParameter as error:
            hint = "Give the lower end first, or leave one of them out."
            raise ArgumentError("A range is upside down", hint=hint) from error


def question(name: str, value: object) -> str:
    """Return a question, which the assistant checks; "" for None."""
    most = AssistantSettings().question_characters
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        raise too_long(len(value), most)
    return text(name, value, most)


def text(name: str, value: object, most: int = LONGEST_TEXT) -> str:
    """Return a text; "" for None. `most` letters are told to be what it may have."""
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise ArgumentError(f"{name} has to be a text", hint=f"Of {most:,} letters at most.")
    return whole_characters(value)


def texts(name: str, value: object, most: int) -> tuple[str, ...]:
    """Return a list of texts, `most` of them at most; () for None."""
    hint = f"Of {most:,} at most; an empty one is fine."
    if value is None:
        return ()
    if not isinstance(value, list | tuple) or len(value) > most:
        raise ArgumentError(f"{name} has to be a list of texts", hint=hint)
    if not all(isinstance(item, str) and len(item) <= LONGEST_TEXT for item in value):
        raise ArgumentError(f"{name} has to be a list of texts", hint=hint)
    return tuple(map(whole_characters, value))


def number(name: str, value: object, most: int) -> int:
    """Return a whole number from 1 to `most`."""
    # JSON knows one kind of number, and some programs send 3.0 for 3.
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
        raise ArgumentError(f"{name} has to be a whole number", hint=f"From 1 to {most:,}.")
    return value


def _authors(name: str, value: object) -> int | None:
    return None if value is None else number(name, value, 1_000_000)


def _day(name: str, value: object, *, last: bool) -> date | None:
    written = text(name, value).strip()
    if not written:
        return None
    try:
        return last_day(written) if last else first_day(written)
    except typer.BadParameter as error:
        raise ArgumentError(
            f"{name} has to be a date",
            hint="Write YYYY, YYYY-MM or YYYY-MM-DD, or leave it out.",
        ) from error


def _order(value: object) -> Order:
    try:
        return Order(text("order", value) or Order.RELEVANCE)
    except ValueError as error:
        orders = ", ".join(order.value for order in Order)
        raise ArgumentError("There is no such order", hint=f"The orders are {orders}.") from error
