"""What readers of every format make of the fields of a record: texts on one line, dates, names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import MAXYEAR, MINYEAR, date, datetime
from typing import NamedTuple

from vectorstore.records import DatePrecision

_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?=$|[T ])")
_DOTTED = re.compile(r"\d{1,2}\.\d{1,2}\.\d{4}")  # written so, the day stands first
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_LONGEST_DATE = 60  # characters; dateutil would look at every word of a longer text


class Dated(NamedTuple):
    """A date and how much of it was known."""

    date: date
    precision: DatePrecision


def clean_text(text: str) -> str:
    """Return `text` without what is no text: control characters and halves of characters.

    Every line end is "\n", as it is in files that are read as text.
    """
    if text.replace("\n", "").isprintable():  # so is almost every text, and this tells at once
        return text
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _HALF_CHARACTER.sub("\ufffd", _NOT_TEXT.sub("", lines))


def folded(text: str) -> str:
    """Return `text` on one line, as `clean_text` leaves it, white space as single spaces."""
    line = text.strip().replace("\n", " ")
    if "  " not in line and line.isprintable():  # the only white space of printable text is " "
        return line
    return " ".join(clean_text(text).split())


def read_date(text: str) -> Dated | None:
    """Return the date that `text` states, in any of the usual forms; None where it states none.

    Of a range such as "2024 Jan-Feb" the first year is taken.
    """
    stripped = text.strip().rstrip("/")
    if iso := _ISO_DATE.match(stripped):
        return _day(*map(int, iso.groups()))
    if not stripped or len(stripped) > _LONGEST_DATE or not any(map(str.isdigit, stripped)):
        return None
    if dated := _parsed(stripped):
        return dated
    year = _YEAR.search(stripped)
    return Dated(date(int(year[0]), 1, 1), DatePrecision.YEAR) if year else None


def known(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names on one line each, without empty ones, each once."""
    return tuple(dict.fromkeys(name for name in map(folded, names) if name))


def _day(year: int, month: int, day: int) -> Dated | None:
    try:
        return Dated(date(year, month, day), DatePrecision.DAY)
    except ValueError:
        return None


def _parsed(text: str) -> Dated | None:
    """Read it twice over different defaults: what differs is not in the text."""
    from dateutil import parser

    low, high = datetime(2001, 1, 1), datetime(2004, 2, 2)  # noqa: DTZ001 - dates alone
    try:
        # A time zone would be looked for among words, with a warning about each that is none.
        is_dotted = _DOTTED.match(text) is not None
        first, second = (
            parser.parse(text, default=default, ignoretz=True, dayfirst=is_dotted)
            for default in (low, high)
        )
    except (ValueError, ArithmeticError, TypeError):  # of long numbers, decimal's errors too
        return None
    if first.year != second.year or not MINYEAR <= first.year <= MAXYEAR:
        return None
    if first.month != second.month:
        return Dated(date(first.year, 1, 1), DatePrecision.YEAR)
    if first.day != second.day:
        return Dated(date(first.year, first.month, 1), DatePrecision.MONTH)
    return Dated(first.date(), DatePrecision.DAY)
