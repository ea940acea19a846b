"""The records that every package shares: papers, where they were read, and search hits.

Owns what a paper is and how it gets its id. Invariant: every span points into `Paper.abstract` as
it is stored, so a quote is always a slice of it.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from vectorstore.normal_forms import normalised

ID_DIGITS = 16
REPEATED = "repeated"  # a mark of `Paper.suspicious` that search reads


class DatePrecision(StrEnum):
    """How much of a date is known; of a month or a year, the date is its first day."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Source:
    """Where an entry was read: `line` counts from 1 and is the line of the title."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper, merged from every source that lists it.

    `published` is None where no source dates the paper; `author_count` may be known where `authors`
    is not. `language` is an ISO 639-1 code, None where the abstract is too short to tell.
    `suspicious` says what a text holds that no reader of it sees, or that talks to a model. The
    plain texts are what search reads where title or abstract hold markup, None where they don't.
    """

    id: str
    title: str
    abstract: str
    published: date | None = None
    author_count: int | None = None
    authors: tuple[str, ...] = ()
    organization: str | None = None
    comment_count: int | None = None
    url: str | None = None
    sources: tuple[Source, ...] = ()
    arxiv_id: str | None = None
    doi: str | None = None
    venue: str | None = None
    categories: tuple[str, ...] = ()
    language: str | None = None
    suspicious: tuple[str, ...] = ()
    date_precision: DatePrecision = DatePrecision.DAY
    plain_title: str | None = None
    plain_abstract: str | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open range of characters, `text[start:end]`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class MatchedWord:
    """A word of the question and how well one sentence answers it.

    `match` in [-1, 1] is the best cosine of its token vectors to any of the sentence; `open` in
    [0, 1] is what the paper's title leaves of the word to be answered: 0 for one of its subject.
    """

    word: str
    open: float
    match: float


@dataclass(frozen=True, slots=True)
class SentenceHit:
    """A sentence of an abstract and its cosine similarity to the question, in [-1, 1].

    `words` are those of the question, in its order, where `with_sentence_matches` looked at them.
    """

    span: Span
    similarity: float
    words: tuple[MatchedWord, ...] = ()


@dataclass(frozen=True, slots=True)
class WordMatch:
    """A word of the question and how well one paper answers it.

    `match` in [-1, 1] is the best cosine of its token vectors to any of the paper; `rarity` is the
    word's inverse document frequency.
    """

    word: str
    rarity: float
    match: float


@dataclass(frozen=True, slots=True)
class ScoreParts:
    """What a hit's score is made of.

    `pooled` is a cosine similarity, the mean of whole abstract and best sentence; `late` the mean
    match of the question's words, weighted by rarity; `lexical` the BM25 score as a share of the
    best one of this search; `title` how surely the question names the paper.
    """

    pooled: float
    late: float = 0.0
    lexical: float = 0.0
    title: float = 0.0


@dataclass(frozen=True, slots=True)
class Hit:
    """A paper found by a search.

    `relevance` in [0, 1] estimates how likely a reader calls the paper relevant. `fused` is what
    hits are ordered by, unless an order was asked for. `sentences` are in the order of the
    abstract, `words` in that of the question. `copies` are the ids of papers with nearly the same
    abstract for which this one stands.
    """

    paper: Paper
    relevance: float
    fused: float
    parts: ScoreParts
    sentences: tuple[SentenceHit, ...] = ()
    words: tuple[WordMatch, ...] = ()
    copies: tuple[str, ...] = ()


def title_key(title: str) -> str:
    """Return the title's letters and digits alone: what two listings of one paper share."""
    folded = normalised("NFKC", title).casefold()
    return " ".join(re.findall(r"[^\W_]+", folded))


def paper_id_from_title(title: str) -> str:
    """Return the stable id of a paper for which no identifier is known."""
    return hashlib.sha256(title_key(title).encode("utf-8")).hexdigest()[:ID_DIGITS]


def title_identifier(title: str) -> str:
    """Return the title as one of a paper's identifiers."""
    return f"title:{paper_id_from_title(title)}"
