"""When a paper was published, said to the day, the month or the year: as much as is known."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from vectorstore.records import DatePrecision, Paper


class DateForm(StrEnum):
    """How a date is written: 2024-03-05, 5 Mar 2024 or 5 March 2024."""

    ISO = "iso"
    SHORT = "short"
    LONG = "long"


_ISO_LENGTHS = {DatePrecision.DAY: 10, DatePrecision.MONTH: 7, DatePrecision.YEAR: 4}
_MONTHS = {DateForm.SHORT: "%b", DateForm.LONG: "%B"}


def paper_date(paper: Paper, form: DateForm = DateForm.ISO) -> str:
    """Return when the paper was published; empty where no source dates it."""
    return date_text(paper.published, paper.date_precision, form) if paper.published else ""


def date_text(day: date, precision: DatePrecision, form: DateForm = DateForm.ISO) -> str:
    """Return the part of `day` that is known."""
    if form is DateForm.ISO:
        return day.isoformat()[: _ISO_LENGTHS[precision]]
    if precision is DatePrecision.YEAR:
        return str(day.year)
    month = f"{day.strftime(_MONTHS[form])} {day.year}"
    return month if precision is DatePrecision.MONTH else f"{day.day} {month}"
