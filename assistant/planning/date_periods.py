"""Times as they are written, and the days they mean: "3 March", "mid 2024", "the last two weeks".

Owns the forms of a time and which days each means; dates themselves are read by dateutil. Whether
papers of that time are meant is for `date_phrases`. Choices where people differ:

- "last year" is the calendar year before, "the last year" and "the past year" end today.
- A date without its year is the latest that has begun; "January to June" is so in March already.
- "early", "mid" and "late" are thirds of a year; "winter 2023" begins in December 2023.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from assistant.alike_letters import plain_letters

DAY = timedelta(days=1)
UNITS = {
    "day": relativedelta(days=1),
    "week": relativedelta(weeks=1),
    "month": relativedelta(months=1),
    "year": relativedelta(years=1),
    "decade": relativedelta(years=10),
}


class Kind(StrEnum):
    """What else the words may be, and so how much of a sign they need that a time is meant."""

    SURE = "sure"
    YEAR = "year"  # or a figure
    WORD = "word"  # "may", "march", a person's name
    RECENT = "recent"  # "the last 3 months" of a time series


@dataclass(frozen=True, slots=True)
class Period:
    """Days `first` to `last`; without `has_year` they are so in every year."""

    first: date
    last: date
    kind: Kind = Kind.SURE
    has_year: bool = True


# How the year is parted: names, months that went before, months of the part.
_PARTS = (
    ("early|beginning|start", 0, 4),
    ("mid", 4, 4),
    ("late|end", 8, 4),
    ("first half|h1", 0, 6),
    ("second half|h2", 6, 6),
    ("first quarter|q1", 0, 3),
    ("second quarter|q2", 3, 3),
    ("third quarter|q3", 6, 3),
    ("fourth quarter|last quarter|q4", 9, 3),
    ("spring", 2, 3),
    ("summer", 5, 3),
    ("autumn|fall", 8, 3),
    ("winter", 11, 3),
)
_NUMBERS = "one two three four five six seven eight nine ten eleven twelve".split()

# For `pattern`: a space stands for any white space.
_Y4 = r"(?:19|20)[0-9]{2}(?!\w)"
_Y2 = r"['’][0-9]{2}(?!\w)"
_YEAR = rf"(?:(?:the )?year {_Y4}|{_Y4}|{_Y2})"
_DAY = r"(?:0?[1-9]|[12][0-9]|3[01])(?:st|nd|rd|th)?(?!\w)"
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?!\w)\.?"
)
_UNIT = f"(?:{'|'.join(UNITS)})"
_DAYS = rf"(?:{_DAY} ?(?:-|–|to|and) ?)?{_DAY}"
_PERIOD = (
    r"(?P<iso>(?:19|20)[0-9]{2}[-/][01][0-9](?:[-/][0-3][0-9])?(?!\w))"
    rf"|(?:the )?(?P<day>(?:{_DAYS}(?: of)? {_MONTH}|{_MONTH} {_DAYS})(?:,? {_Y4})?)"
    rf"|(?P<month>(?:last )?{_MONTH}(?:,?(?: of)? (?:{_Y4}|{_Y2}))?)"
    rf"|(?P<part>(?:the )?(?:{'|'.join(names for names, _, _ in _PARTS)})(?: of| in|-)? ?"
    rf"(?:{_YEAR}|(?:this|last) year)"
    r"|(?:19|20)[0-9]{2}(?:-| ?)[qh][1-4](?!\w))"
    r"|(?P<calendar>(?:(?:this|last) (?:week|month|year)|today|yesterday)(?!\w| of ))"
    r"|(?P<recent>(?:(?:the )?(?:last|past|previous) (?:[0-9]{1,3}|a couple of"
    rf"|{'|'.join(_NUMBERS)}) {_UNIT}s?|(?:the )?past {_UNIT}|the last {_UNIT})(?!\w| of ))"
    rf"|(?:the )?(?P<decade>(?:19|20)[0-9]0s(?!\w))|(?P<year>{_YEAR})"
)


def pattern(text: str) -> re.Pattern[str]:
    """Compile a pattern in which a space stands for any white space; case counts for nothing."""
    return re.compile(text.replace(" ?", r"\s*").replace(" ", r"\s+"), re.IGNORECASE)


def _unnamed(text: str) -> str:
    return re.sub(r"\?P<\w+>", "?:", text)


# Any one time, for other patterns: without groups of its own.
POINT = f"(?:{_unnamed(_PERIOD)})"
_ONE_PERIOD = pattern(_PERIOD)


def read_periods(text: str, today: date) -> list[Period]:
    """Return the periods written in `text`, each with its year.

    Raises ValueError or OverflowError if the calendar has no such day.
    """
    found = _ONE_PERIOD.finditer(plain_letters(text))
    return _with_years([_read(point, today) for point in found], today)


def _read(point: re.Match[str], today: date) -> Period:
    form = str(point.lastgroup)
    return _READERS[form](point[form], today)


def _full_years(text: str, today: date) -> str:
    """Write '24 as 2024: dateutil would ask the clock for the century."""

    def full(year: re.Match[str]) -> str:
        return f"{20 if int(year[1]) <= today.year % 100 + 1 else 19}{year[1]}"

    return re.sub(r"['’]([0-9]{2})", full, text)


def _parsed(text: str, today: date) -> date:
    from dateutil.parser import parse  # 30 ms, spared where a question has no date

    return parse(_full_years(text, today), default=datetime(today.year, 1, 1)).date()  # noqa: DTZ001


def _lasting(first: date, length: relativedelta, kind: Kind = Kind.SURE) -> Period:
    return Period(first, first + length - DAY, kind)


def _read_iso(text: str, today: date) -> Period:
    first = _parsed(text.replace("/", "-"), today)
    return _lasting(first, UNITS["day" if len(text) > len("2024-05") else "month"])


def _read_day(text: str, today: date) -> Period:
    """Read "3 March", "March 3" or "1-3 March", with or without a year."""
    other = re.search(r"([0-9]+)[a-z]*\s*(?:-|–|to|and)\s*(?=[0-9])", text, re.IGNORECASE)
    day = _parsed(text.replace(other[0], "") if other else text, today)
    days = sorted((day, day.replace(day=int(other[1])) if other else day))
    has_year = bool(re.search(r"[0-9]{4}", text))
    return Period(days[0], days[1], Kind.SURE if has_year else Kind.WORD, has_year)


def _read_month(text: str, today: date) -> Period:
    ended = re.match(r"last\s+", text, re.IGNORECASE)
    first = _parsed(text[ended.end() :] if ended else text, today)
    if re.search(r"[0-9]", text):
        return _lasting(first, UNITS["month"])
    period = replace(_lasting(first, UNITS["month"], Kind.WORD), has_year=False)
    return _latest(period, today.replace(day=1) - DAY) if ended else period


def _read_part(text: str, today: date) -> Period:
    said = " ".join(text.lower().split())
    before, months = next((skip, n) for names, skip, n in _PARTS if re.search(names, said))
    first = _year(text, today) + relativedelta(months=before)
    return _lasting(first, relativedelta(months=months))


def _read_calendar(text: str, today: date) -> Period:
    which, *units = text.lower().split()
    if not units:
        day = today if which == "today" else today - DAY
        return Period(day, day, Kind.WORD)
    [unit] = units
    starts = {
        "week": today - timedelta(days=today.weekday()),
        "month": today.replace(day=1),
        "year": today.replace(month=1, day=1),
    }
    return _lasting(starts[unit] - UNITS[unit] * (which == "last"), UNITS[unit])


def _read_recent(text: str, today: date) -> Period:
    """Read "the last three months": as many up to today, from the same day of a month."""
    words = text.lower().split()
    number = 2 if "couple" in words else 1
    for word in words:
        number = int(word) if word.isdecimal() else number
        number = _NUMBERS.index(word) + 1 if word in _NUMBERS else number
    return Period(today - UNITS[words[-1].removesuffix("s")] * number, today, Kind.RECENT)


def _read_year(text: str, today: date) -> Period:
    kind = Kind.SURE if "year" in text.lower() else Kind.YEAR
    return _lasting(_year(text, today), UNITS["year"], kind)


def _read_decade(text: str, _today: date) -> Period:
    return _lasting(date(int(text[:4]), 1, 1), UNITS["decade"], Kind.YEAR)


def _year(text: str, today: date) -> date:
    """Return the first day of the year in the text: a number, or "this year" or "last year"."""
    digits = re.search(r"[0-9]{4}", _full_years(text, today))
    before_this = re.search(r"last\s+year", text, re.IGNORECASE) is not None
    return date(int(digits[0]) if digits else today.year - before_this, 1, 1)


_READERS: dict[str, Callable[[str, date], Period]] = {
    "iso": _read_iso,
    "day": _read_day,
    "month": _read_month,
    "part": _read_part,
    "calendar": _read_calendar,
    "recent": _read_recent,
    "decade": _read_decade,
    "year": _read_year,
}


def _with_years(periods: list[Period], today: date) -> list[Period]:
    """Give each period its year: that of its neighbours in order, or the latest that has begun."""
    for place in reversed(range(len(periods) - 1)):
        if periods[place + 1].has_year:
            periods[place] = _latest(periods[place], periods[place + 1].first)
    for place, period in enumerate(periods):
        if place == 0:
            periods[0] = _latest(period, today)
        elif not period.has_year:
            after = periods[place - 1].first
            latest = _latest(period, after)
            periods[place] = latest if latest.first == after else _later(latest, 1)
    return periods


def _latest(period: Period, limit: date) -> Period:
    """Return a period without its year in the latest in which it begins by `limit`."""
    if period.has_year:
        return period
    in_year = _later(period, limit.year - period.first.year)
    return in_year if in_year.first <= limit else _later(in_year, -1)


def _later(period: Period, years: int) -> Period:
    shift = relativedelta(years=years)
    last = period.last + DAY + shift - DAY  # by way of the next day: February has no fixed end
    return replace(period, first=period.first + shift, last=last, has_year=True)
