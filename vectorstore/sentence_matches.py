"""How well each sentence of a paper answers each word of the question, by late interaction.

Owns which of a paper's stored token vectors are whose. The catalog keeps them in a row, title
first, so the text is cut into tokens again: some 0.8 ms a paper, which is why only the papers of an
answer are looked at, and remembered. Where that yields another number of tokens than are stored,
another tokenizer or another text made them, and nothing is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from vectorstore.catalog import StoredVectors
from vectorstore.compact_vectors import from_int8
from vectorstore.content_tokens import content_words
from vectorstore.embedding import QuestionVectors
from vectorstore.library import Library
from vectorstore.onnx_embedding import MODEL_FOLDER
from vectorstore.question import read_question
from vectorstore.records import Hit, MatchedWord, SentenceHit, Span
from vectorstore.tidying.tidy import tidy
from vectorstore.vector_block import starts_of, word_matches

if TYPE_CHECKING:
    from tokenizers import Tokenizer

REMEMBERED_PAPERS = 1_024  # 4 kB each


def with_sentence_matches(library: Library, question: str, hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """Return the hits with how well each of their sentences answers each word of `question`.

    Those of a model without a token head stay as they are. Raises what a search raises.
    """
    with library.reading() as snapshot:
        rows = snapshot.index.rows_by_id([hit.paper.id for hit in hits])
        numbers = {each: int(snapshot.index.numbers[row]) for each, row in rows.items()}
        stored = {item.number: item for item in library.catalog.vectors([*numbers.values()])}
    if not any(item.token_dimension for item in stored.values()):
        return tuple(hits)
    vectors = read_question(question, snapshot.vocabulary, library.embedder).vectors
    found = ((hit, stored.get(numbers.get(hit.paper.id, -1))) for hit in hits)
    return tuple(_matched(hit, item, vectors) if item else hit for hit, item in found)


def _matched(hit: Hit, stored: StoredVectors, question: QuestionVectors) -> Hit:
    tokens = from_int8(stored.token_vectors, stored.token_dimension)
    title, abstract = tidy(hit.paper.title).text, tidy(hit.paper.abstract)
    places = token_places(title, abstract.text)
    if len(places) != len(tokens) or tokens.shape[1:] != question.tokens.shape[1:]:
        return hit
    sentences = (abstract.span_of(sentence.span) for sentence in hit.sentences)
    spans = [Span(-len(title) - 1, 0), *sentences]
    first = np.searchsorted(places, [span.start for span in spans])
    last = np.searchsorted(places, [span.end for span in spans])
    nothing = np.zeros((1, tokens.shape[1]), np.float32)  # of a span without content
    groups = [
        tokens[start:end] if end > start else nothing
        for start, end in zip(first, last, strict=True)
    ]
    starts = starts_of([len(group) for group in groups])
    of_title, *matches = word_matches(question, np.concatenate(groups), starts).tolist()
    left = [1 - min(1.0, max(0.0, match)) for match in of_title]
    return replace(
        hit,
        sentences=tuple(
            SentenceHit(
                sentence.span,
                sentence.similarity,
                tuple(map(MatchedWord, question.words, left, row)),
            )
            for sentence, row in zip(hit.sentences, matches, strict=True)
        ),
    )


@lru_cache(REMEMBERED_PAPERS)
def token_places(title: str, abstract: str) -> npt.NDArray[np.int64]:
    """Return where the content tokens of a paper's tidied text begin in the abstract, in order.

    Those of the title are below 0.
    """
    text = f"{title}\n{abstract}"  # as ingest embeds it
    offsets = _tokenizer().encode(text, add_special_tokens=False).offsets
    starts = [offsets[token][0] for word in content_words(text, offsets) for token in word.tokens]
    return np.array(starts, np.int64) - len(title) - 1


@cache
def _tokenizer() -> Tokenizer:
    """Return the shipped model's tokenizer, the one that has a token head."""
    from tokenizers import Tokenizer

    tokenizer: Tokenizer = Tokenizer.from_file(str(MODEL_FOLDER / "tokenizer.json"))
    tokenizer.no_truncation()  # the published file cuts at 128 tokens and pads to as many
    tokenizer.no_padding()
    return tokenizer
