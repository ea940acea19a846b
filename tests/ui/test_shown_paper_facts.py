"""What all views say of a paper: identifiers that lead somewhere, its language, what is odd."""

from __future__ import annotations

import pytest

from ingest.cleaning.suspicious import SuspiciousMark
from ui.paper_facts import (
    Identifier,
    foreign_language,
    is_identifier,
    linked_identifiers,
    shortened,
    suspicion,
)
from vectorstore.records import Paper


def paper(**fields: object) -> Paper:
    return Paper("a", "Bread", "It rises.", **fields)


@pytest.mark.parametrize(
    ("arxiv_id", "doi", "shown"),
    [
        (None, None, []),
        ("", "", []),
        (
            "2403.00001",
            None,
            [Identifier("arXiv:2403.00001", "https://arxiv.org/abs/2403.00001")],
        ),
        (
            "hep-th/9901001",
            "10.1234/rye(1);2",
            [
                Identifier("arXiv:hep-th/9901001", "https://arxiv.org/abs/hep-th/9901001"),
                Identifier("doi:10.1234/rye(1);2", "https://doi.org/10.1234/rye(1);2"),
            ],
        ),
        (
            None,
            "10.1234/a'b#c?d",
            [Identifier("doi:10.1234/a'b#c?d", "https://doi.org/10.1234/a%27b%23c%3Fd")],
        ),
        ("javascript:alert(1)", "javascript:alert(1)", []),
        ("2403.00001/../../login", '10.1234/"onclick=', []),
    ],
)
def test_identifiers_lead_to_their_registries(
    arxiv_id: str | None, doi: str | None, shown: list[Identifier]
) -> None:
    assert list(linked_identifiers(paper(arxiv_id=arxiv_id, doi=doi))) == shown


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("http://arxiv.org/pdf/2403.00001v3", True),
        ("https://arxiv.org/abs/2403.00002", False),
        ("https://dx.doi.org/10.1234/RYE", True),
        ("https://example.org/10.1234/rye", False),
    ],
)
def test_an_address_that_is_an_identifier(url: str, is_one: bool) -> None:
    assert is_identifier(url, paper(arxiv_id="2403.00001", doi="10.1234/rye")) is is_one


@pytest.mark.parametrize(
    ("language", "name"), [(None, ""), ("en", ""), ("de", "German"), ("eo", "eo")]
)
def test_languages(language: str | None, name: str) -> None:
    assert foreign_language(paper(language=language)) == name


@pytest.mark.parametrize(
    ("marks", "said"),
    [
        ((), ""),
        (("zero-width",), "has invisible characters"),
        (("hidden", "instruction"), "has hidden text and text that addresses a model"),
        (
            ("zero-width", "bidirectional", "later"),
            "has invisible characters, characters that turn text round and later",
        ),
    ],
)
def test_suspicions(marks: tuple[str, ...], said: str) -> None:
    assert suspicion(paper(suspicious=marks)) == said


@pytest.mark.parametrize("mark", SuspiciousMark)
def test_every_mark_has_words(mark: SuspiciousMark) -> None:
    assert suspicion(paper(suspicious=(mark,))) not in ("", f"has {mark}")


def test_names_are_shortened() -> None:
    assert shortened(("a", "b"), 2) == (("a", "b"), "")
    assert shortened(tuple("a" * 1_003), 3) == (("a", "a", "a"), " and 1,000 more")
