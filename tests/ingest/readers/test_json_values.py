from __future__ import annotations

from datetime import date

import pytest

from ingest.readers.fields import Dated
from ingest.readers.json_values import count, dated, labels, people, text_by_word
from vectorstore.records import DatePrecision

DAY, MONTH, YEAR = DatePrecision


@pytest.mark.parametrize(
    ("value", "names"),
    [
        (["Anna Baker", "Miller, Bo"], ("Anna Baker", "Bo Miller")),
        ([{"name": "Anna Baker"}, {"literal": "Levain Group"}], ("Anna Baker", "Levain Group")),
        ([{"family": "Baker", "given": "Anna"}, {"family": "Plato"}], ("Anna Baker", "Plato")),
        ([{"firstName": "Anna", "lastName": "Baker", "creatorType": "author"}], ("Anna Baker",)),
        ([{"firstName": "Ed", "lastName": "Itor", "creatorType": "editor"}], ()),
        ([{"author": {"display_name": "Anna Baker"}, "institutions": []}], ("Anna Baker",)),
        ({"name": "Anna Baker"}, ("Anna Baker",)),
        ("Anna Baker; Bo Miller;", ("Anna Baker", "Bo Miller")),
        ("Baker, Anna; Miller, Bo", ("Anna Baker", "Bo Miller")),
        ("Baker, Anna and Miller, Bo", ("Anna Baker", "Bo Miller")),
        ("Anna Baker, Bo Miller", ("Anna Baker", "Bo Miller")),
        ("A. Baker, B. Miller and C. Cook", ("A. Baker", "B. Miller", "C. Cook")),
        ("Baker, Anna", ("Anna Baker",)),
        ("Anna Baker", ("Anna Baker",)),
        (["Sam Baker, Jr."], ("Sam Baker, Jr.",)),
        ("['Anna Baker', \"Bo O'Neill\"]", ("Anna Baker", "Bo O'Neill")),
        ({}, ()),
        (5, ()),
        (None, ()),
        ([None, 5, [], {}, {"name": 5}, ""], ()),
    ],
)
def test_people(value: object, names: tuple[str, ...]) -> None:
    assert people(value) == names


@pytest.mark.parametrize(
    ("value", "names"),
    [
        (["soup", "bread", "soup"], ("soup", "bread")),
        ([{"tag": "soup"}, {"category": "bread", "source": "guess"}], ("soup", "bread")),
        ("cs.CL cs.AI hep-th", ("cs.CL", "cs.AI", "hep-th")),
        ("cs.CL", ("cs.CL",)),
        ("slow food; hot soup", ("slow food", "hot soup")),
        ("slow food, hot soup", ("slow food", "hot soup")),
        ("slow food", ("slow food",)),
        ("['cs.CL', 'cs.AI']", ("cs.CL", "cs.AI")),
        (5, ()),
    ],
)
def test_labels(value: object, names: tuple[str, ...]) -> None:
    assert labels(value) == names


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2024-03-05T10:00:00Z", Dated(date(2024, 3, 5), DAY)),
        ({"date-parts": [[2024, 3, 5]]}, Dated(date(2024, 3, 5), DAY)),
        ({"date-parts": [["2024", "3"]]}, Dated(date(2024, 3, 1), MONTH)),
        ({"date-parts": [[2024]]}, Dated(date(2024, 1, 1), YEAR)),
        ({"raw": "March 2024"}, Dated(date(2024, 3, 1), MONTH)),
        (2024, Dated(date(2024, 1, 1), YEAR)),
        (2024.0, Dated(date(2024, 1, 1), YEAR)),
        (1709596800, Dated(date(2024, 3, 5), DAY)),
        (1709596800000, Dated(date(2024, 3, 5), DAY)),
        *((value, None) for value in (5, 10**15, True, [], {}, None, 2024.5, float("inf"))),
        *(({"date-parts": parts}, None) for parts in ([], [[]], [5], [[None]], [["x" * 9]], {})),
    ],
)
def test_dated(value: object, expected: Dated | None) -> None:
    assert dated(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(3, 3), (0, 0), ("12", 12), (4.0, 4), ("4.0", 4), (True, None), (-1, None), (10**9, None)],
)
def test_count(value: object, expected: int | None) -> None:
    assert count(value) == expected


def test_text_by_word() -> None:
    assert text_by_word({"We": [0], "cook": [1, 3], "and": [2], "bad": 5}) == "We cook and cook"
    assert text_by_word(["We"]) == ""
