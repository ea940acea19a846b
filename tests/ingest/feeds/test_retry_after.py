"""How long a service wants to be left alone, by the header that says so."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.feeds.retry_after import wanted_wait_s

NOW = datetime(2024, 7, 5, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("", 0),
        ("0", 0),
        (" 30 ", 30),
        ("Fri, 05 Jul 2024 12:01:30 GMT", 90),
        ("Friday, 05-Jul-24 12:01:30 GMT", 90),
        ("Fri Jul  5 12:01:30 2024", 90),
        ("Fri, 05 Jul 2024 14:01:30 +0200", 90),
        ("Fri, 05 Jul 2024 11:59:59 GMT", 0),
        ("-5", 0),
        ("1.5", 0),
        ("soon", 0),
        ("9" * 5000, 0),
        ("٣", 0),
        ("Fri, 05 Jul 99999 12:00:00 GMT", 0),
    ],
)
def test_a_wait_is_read(value: str, seconds: float) -> None:
    assert wanted_wait_s(value, NOW) == seconds


@given(st.text())
def test_any_header_has_a_wait(value: str) -> None:
    assert wanted_wait_s(value, NOW) >= 0
