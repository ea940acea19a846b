"""A date says no more than what is known of it."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.checking.support import about
from assistant.paper_dates import DateForm, paper_date
from assistant.writing.paper_facts import record
from vectorstore.records import DatePrecision, Paper

DAY, MONTH, YEAR = DatePrecision.DAY, DatePrecision.MONTH, DatePrecision.YEAR


@pytest.mark.parametrize(
    ("precision", "iso", "short", "long"),
    [
        (DAY, "2024-03-05", "5 Mar 2024", "5 March 2024"),
        (MONTH, "2024-03", "Mar 2024", "March 2024"),
        (YEAR, "2024", "2024", "2024"),
    ],
)
def test_dates(precision: DatePrecision, iso: str, short: str, long: str) -> None:
    paper = Paper("a", "Bread", "", date(2024, 3, 5), date_precision=precision)
    assert [paper_date(paper, form) for form in DateForm] == [iso, short, long]


@pytest.mark.parametrize("form", DateForm)
def test_no_date(form: DateForm) -> None:
    assert paper_date(Paper("a", "Bread", ""), form) == ""


@pytest.mark.parametrize(
    ("precision", "published", "may_be_said"),
    [
        (DAY, "Published 5 March 2024", "Bread March 2024 2024-03-05"),
        (MONTH, "Published March 2024", "Bread March 2024 2024-03"),
        (YEAR, "Published 2024", "Bread 2024"),
    ],
)
def test_answers_claim_no_more_than_is_known(
    precision: DatePrecision, published: str, may_be_said: str
) -> None:
    paper = Paper("a", "Bread", "", date(2024, 3, 5), date_precision=precision)
    assert (record(paper), about(paper)) == (published, may_be_said)
