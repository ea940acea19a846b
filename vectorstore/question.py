"""A question as search understands it: its words in the collection's own, and its vectors."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from vectorstore.embedding import Embedder, QuestionVectors, Vector
from vectorstore.normal_forms import normalised
from vectorstore.question_words import STOP_WORDS, question_words
from vectorstore.vocabulary import Vocabulary

_WORD = re.compile(r"[^\W_]+")
MOST_POSTINGS = 60_000  # a word in more papers is left out even where it is alone: 50 ms


@dataclass(frozen=True, slots=True)
class Correction:
    """A word of the question that no paper has, and what was searched for in its place."""

    typed: str
    used: str


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of a question: `typed`, and `text` as the collection would have put them."""

    typed: str
    text: str
    corrections: tuple[Correction, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What is searched for.

    `typed` is the question itself; `text` what was embedded: corrected, with the long forms of
    abbreviations behind them. `rarity` has one weight for each of `vectors.words`, shape (words,).
    """

    typed: str
    text: str
    corrections: tuple[Correction, ...]
    vectors: QuestionVectors
    rarity: Vector
    highest_rarity: float  # that of a word that no paper has


def read_question(text: str, vocabulary: Vocabulary, embedder: Embedder) -> Question:
    """Return `text` as the collection of `vocabulary` would have put it."""
    return with_vectors(word_question(text, vocabulary), vocabulary, embedder)


def word_question(text: str, vocabulary: Vocabulary) -> Wording:
    """Return the words of a question, and what the collection would have typed for them."""
    corrections: list[Correction] = []
    explained: set[str] = set()

    def in_its_words(match: re.Match[str]) -> str:
        typed = match.group()
        if typed.lower() in STOP_WORDS:
            return typed
        long_form = vocabulary.long_form(typed)
        if long_form is not None:
            seen = typed.lower() in explained or long_form in plain.lower()
            explained.add(typed.lower())
            return typed if seen else f"{typed} ({long_form})"
        usual = vocabulary.usual_spelling(typed.lower())
        if usual is not None:
            return usual
        used = None if is_name(typed) else vocabulary.corrected(typed.lower())
        if used is not None:
            corrections.append(Correction(typed, used))
        return used or typed

    plain = normalised("NFKC", text)
    rewritten = _WORD.sub(in_its_words, plain)
    return Wording(plain, rewritten, tuple(dict.fromkeys(corrections)))


def with_vectors(wording: Wording, vocabulary: Vocabulary, embedder: Embedder) -> Question:
    """Return a question with its vectors."""
    vectors = embedder.embed_question(wording.text)
    rarity = np.array([vocabulary.rarity(word.lower()) for word in vectors.words], np.float32)
    return Question(
        wording.typed,
        wording.text,
        wording.corrections,
        vectors,
        rarity,
        vocabulary.rarity(""),
    )


def is_name(typed: str) -> bool:
    """Tell whether a word is shaped as names are, "CoSQL" or "W8A8", and so meant as it stands."""
    return not typed.isalpha() or not (typed.islower() or typed.istitle() or typed.isupper())


def match_expression(text: str, vocabulary: Vocabulary, budget: int) -> str:
    """Return the FTS5 expression for any word of the question, empty where it has none.

    In a large collection the commonest words are left out while the papers that have one of the
    words are more than `budget`: they tell little, and reading them all takes long. The rarest word
    that a paper has stays, unless more than MOST_POSTINGS have it.
    """
    spellings = dict.fromkeys(
        spelling
        for word in question_words(text)
        for spelling in (word, *vocabulary.other_spellings(word))
    )
    kept: list[str] = []
    papers = 0
    for word in sorted(spellings, key=vocabulary.papers_with):
        having = vocabulary.papers_with(word)
        papers += having
        if papers > max(budget, min(having, MOST_POSTINGS)):
            break
        kept.append(word)
    return " OR ".join(f'"{word}"' for word in kept)
