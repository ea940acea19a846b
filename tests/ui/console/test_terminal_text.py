"""What a terminal says of a paper behind its title."""

from __future__ import annotations

from datetime import date

import pytest

from ui.console.terminal_text import details
from vectorstore.records import DatePrecision, Paper

RYE = Paper(
    id="a",
    title="Rye",
    abstract="",
    published=date(2024, 3, 1),
    date_precision=DatePrecision.MONTH,
    authors=("Ada Löwe", "Bo", "Cy", "Di", "Ed"),
    organization="Kitchen",
    venue="Crumb & \x1b[31mCrust",
    arxiv_id="2403.00001",
    doi="10.1234/rye",
    categories=("food.BR",),
    language="de",
    suspicious=("hidden",),
)


@pytest.mark.parametrize(
    ("paper", "shown"),
    [
        (Paper("b", "Bread", ""), ""),
        (Paper("b", "Bread", "", date(2024, 3, 1)), "  (2024-03-01)"),
        (
            RYE,
            "  (Ada Löwe, Bo, Cy and 2 more, Crumb & [31mCrust, Kitchen, 2024-03,"
            " arXiv:2403.00001, doi:10.1234/rye, food.BR, German, has hidden text)",
        ),
    ],
)
def test_details(paper: Paper, shown: str) -> None:
    assert details(paper) == shown
