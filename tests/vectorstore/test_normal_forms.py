"""Unicode's normal forms of any text, in a time that grows with its length alone."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.conversations.search_words import folded
from vectorstore.name_words import name_words
from vectorstore.normal_forms import MOST_MARKS, normalised
from vectorstore.question_words import question_words
from vectorstore.records import title_key
from vectorstore.title_words import words_of

MARKS = "\u0301\u0316"  # they sort the other way round


@given(st.text(), st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_what_people_write_is_in_unicodes_form(text: str, form: str) -> None:
    assert normalised(form, text) == unicodedata.normalize(form, text)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("Bre\u0301ad", "NFC", "Br\u00e9ad"),
        ("ｂｒｅａｄ ﬁt", "NFKC", "bread fit"),
        (f"a{MARKS * 15}b", "NFC", unicodedata.normalize("NFC", f"a{MARKS * 15}b")),
        (f"a{MARKS * 500}b", "NFC", unicodedata.normalize("NFC", f"a{MARKS * 15}b")),
        ("—" * 40 + "end", "NFKC", "—" * MOST_MARKS + "end"),
        ("=" * 40, "NFKC", "=" * 40),
    ],
)
def test_of_marks_without_end_the_first_are_kept(text: str, form: str, expected: str) -> None:
    assert normalised(form, text) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "read", [title_key, question_words, name_words, words_of, folded], ids=lambda f: f.__name__
)
def test_one_letter_with_100_000_marks(read: Callable[[str], object]) -> None:
    text = f"a{MARKS * 50_000}"
    started = time.process_time()
    read(text)
    assert time.process_time() - started < 0.5  # it took seven seconds
