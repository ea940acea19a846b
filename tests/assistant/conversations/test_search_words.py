"""Titles of conversations, and how their texts are compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kept import exchange

from assistant.conversations.search_words import (
    TITLE_CHARACTERS,
    conversation_title,
    exchange_words,
    folded,
    searched_words,
)


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("Which breads rise fast?", "Which breads rise fast?"),
        ("  Which\n\tbreads\x00rise? ", "Which breads rise?"),
        ("a" * 60, "a" * 60),
        ("a" * 61, "a" * 59 + "…"),
        ("bread " * 10 + "soup", "bread " * 9 + "bread…"),
        ("b" * 59 + " soup", "b" * 59 + "…"),
        ("\u202eevil", "evil"),
        ("half \ud800", "half"),
        ("", "Untitled"),
        ("<b>&amp;", "<b>&amp;"),
    ],
)
def test_a_title_is_whole_words_on_one_line(question: str, title: str) -> None:
    assert conversation_title(question) == title


@given(st.text())
def test_a_title_always_fits_and_is_its_own_title(question: str) -> None:
    title = conversation_title(question)
    assert 1 <= len(title) <= TITLE_CHARACTERS
    assert conversation_title(title) == title


@pytest.mark.parametrize(
    ("text", "compared"),
    [("Crème BRÛLÉE", "creme brulee"), ("Straße", "strasse"), ("a\x00b \n c", "a b c"), ("", "")],
)
def test_case_and_accents_do_not_matter(text: str, compared: str) -> None:
    assert folded(text) == compared


def test_each_word_is_searched_for_once() -> None:
    assert searched_words(" Soup  soup SALT " + "x" * 300) == ("soup", "salt", "x" * 183)


def test_question_and_answer_are_searched() -> None:
    assert exchange_words(exchange("How much Salt?", "12 grams.")) == "how much salt? 12 grams."
