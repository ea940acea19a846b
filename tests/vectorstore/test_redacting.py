"""What is secret in an address, and how it is taken out of what servers say."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.redacting import SHORTEST_SECRET, address_secrets, chain, harmless, redacted

LEVAIN = base64.b64encode(b"levain-baker:rye & wheat").decode()


@pytest.mark.parametrize(
    ("url", "secrets"),
    [
        ("http://127.0.0.1:8000/v1", ()),
        ("https://levain-baker@bakery.example/v1", ("levain-baker",)),
        (
            "https://levain-baker:rye%20%26%20wheat@bakery.example/v1",
            ("levain-baker", "rye%20%26%20wheat", "rye & wheat", LEVAIN),
        ),
        ("http://h/v1?key=sourdough-1&b=short", ("sourdough-1",)),
        ("http://h/v1?sourdough-1", ("sourdough-1",)),
        ("http://h/v1?key=sour%2Ddough", ("sour%2Ddough", "sour-dough")),
        ("http://[h/v1?key=sourdough-1", ()),
        ("", ()),
    ],
)
def test_what_is_secret_in_an_address(url: str, secrets: tuple[str, ...]) -> None:
    assert address_secrets(url) == secrets


@pytest.mark.parametrize(
    ("text", "secrets", "left"),
    [
        ("Bearer sourdough-1 is wrong", ("sourdough-1",), "Bearer (key) is wrong"),
        ("sourdough-12 and sourdough-1", ("sourdough-1", "sourdough-12"), "(key) and (key)"),
        ("a none at all", ("none", "", "a"), "a none at all"),
        ("nothing", ("sourdough-1",), "nothing"),
    ],
)
def test_secrets_are_taken_out(text: str, secrets: tuple[str, ...], left: str) -> None:
    assert redacted(text, secrets) == left


@given(st.text(), st.lists(st.text(min_size=SHORTEST_SECRET)), st.text())
def test_no_secret_is_left(before: str, secrets: list[str], after: str) -> None:
    text = redacted(before + "".join(secrets) + after, secrets)
    assert not [secret for secret in secrets if secret in text.replace("(key)", "\0")]


@given(st.text())
def test_any_text_can_be_looked_at_as_an_address(url: str) -> None:
    assert all(len(secret) >= SHORTEST_SECRET for secret in address_secrets(url))


def failed(*words: str) -> Exception:
    """Return an error that came of another, and that of another."""
    error: Exception | None = None
    for text in words:
        later = ValueError(text)
        later.__context__ = error
        error = later
    assert error is not None
    return error


def test_an_error_is_a_cause_unless_it_has_a_secret() -> None:
    error = failed("first", "second", "third")
    assert harmless(error, ("sourdough-1",)) is error
    assert harmless(failed("for sourdough-1", "second", "third"), ("sourdough-1",)) is None
    group = ExceptionGroup("several", [failed("a"), failed("of sourdough-1", "b")])
    assert harmless(group, ("sourdough-1",)) is None


def test_errors_that_came_of_each_other_are_told_once() -> None:
    first, second = ValueError("first"), ValueError("second")
    first.__context__, second.__context__ = second, first
    assert list(chain(first)) == [first, second]
