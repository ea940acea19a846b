from __future__ import annotations

from datetime import date

import pytest

from ingest.entries import Entry, Skipped, checked
from ingest.readers.fields import read_date
from ingest.readers.json_values import people
from ingest.readers.labelled_records import without_jats
from vectorstore.records import DatePrecision, Source

DAY, MONTH, YEAR = DatePrecision.DAY, DatePrecision.MONTH, DatePrecision.YEAR


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2024-03-05T10:00:00Z", (date(2024, 3, 5), DAY)),
        ("03.02.2016", (date(2016, 2, 3), DAY)),
        ("25.02.2016", (date(2016, 2, 25), DAY)),
        ("2024/03/05/", (date(2024, 3, 5), DAY)),
        ("2024 Mar 5", (date(2024, 3, 5), DAY)),
        ("2024-03", (date(2024, 3, 1), MONTH)),
        ("Mar 2024", (date(2024, 3, 1), MONTH)),
        ("2024", (date(2024, 1, 1), YEAR)),
        ("2024 Jan-Feb", (date(2024, 1, 1), YEAR)),
        ("Spring 2020", (date(2020, 1, 1), YEAR)),
        ("5 May", None),
        ("12/13", None),
        ("soon", None),
        ("", None),
    ],
)
def test_dates(text: str, found: tuple[date, DatePrecision] | None) -> None:
    assert read_date(text) == found


@pytest.mark.parametrize(
    "abstract",
    ["No abstract available.", "[No abstract available]", "Abstract not available", "N/A", ""],
)
def test_what_programs_write_for_no_abstract_is_none(abstract: str) -> None:
    assert checked(Entry("Rye", abstract, Source("a", 3)), "rye1") == Skipped(
        "a", 3, 'a title without an abstract: "Rye"', "rye1"
    )


@pytest.mark.parametrize("abstract", ["No abstract art was harmed.", "None of it rose.", "Rye."])
def test_short_abstracts(abstract: str) -> None:
    entry = Entry("Rye", abstract, Source("a", 3))
    assert checked(entry) == entry


def test_names_with_particles() -> None:
    names = [
        {"given": "Ludwig", "non-dropping-particle": "van", "family": "Beethoven"},
        {"given": "Charles", "dropping-particle": "de", "family": "Gaulle", "suffix": "Jr."},
        {"family": "Baker"},
    ]
    assert people(names) == ("Ludwig van Beethoven", "Charles de Gaulle Jr.", "Baker")


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (
            "<jats:title>Abstract</jats:title><jats:p>Rye &amp; <jats:italic>oats</jats:italic>.",
            "Rye & oats .",
        ),
        ("<i>Rye</i> &amp; oats\nrise.", "<i>Rye</i> &amp; oats\nrise."),
    ],
)
def test_jats(text: str, plain: str) -> None:
    assert without_jats(text) == plain
