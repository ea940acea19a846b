"""What the embedder makes of a model that gives one vector for a text."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from embedding_server import word_vector
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.candidates import CandidateSettings
from vectorstore.embedding import Embedder
from vectorstore.library import Library
from vectorstore.model_errors import OutsideModelError
from vectorstore.pooled_embedding import LONGEST_TEXT, PooledEmbedder, TextKind
from vectorstore.records import Paper, Span, paper_id_from_title
from vectorstore.search import SearchSettings, search


class WordModel:
    """A `PooledModel` that counts words; `asked` are the texts of each call."""

    name = "words"
    where = "here"

    def __init__(self) -> None:
        self.asked: list[tuple[TextKind, list[str]]] = []

    def embed(self, texts: Sequence[str], kind: TextKind) -> Sequence[object]:
        self.asked.append((kind, list(texts)))
        return [word_vector(text) for text in texts]


class FixedModel(WordModel):
    """Gives, at each call, the next of the replies."""

    def __init__(self, *replies: Sequence[object]) -> None:
        super().__init__()
        self._replies = iter(replies)

    def embed(self, texts: Sequence[str], kind: TextKind) -> Sequence[object]:
        super().embed(texts, kind)
        return next(self._replies)


def unit(text: str) -> list[float]:
    vector = np.array(word_vector(text))
    return list(vector / np.linalg.norm(vector))


def test_making_it_asks_nothing_and_the_dimension_asks_once() -> None:
    model = WordModel()
    embedder = PooledEmbedder(model)
    assert (embedder.name, model.asked) == ("words", [])
    assert (embedder.dimension, embedder.dimension) == (16, 16)
    assert model.asked == [("passage", ["dimension"])]


def test_spans_are_embedded_as_texts_of_their_own() -> None:
    model = WordModel()
    first, second = PooledEmbedder(model).embed_texts(
        ["One title\nOne. Two two.", "Two two."],
        [[Span(10, 23), Span(10, 14), Span(15, 23), Span(9, 10)], [Span(0, 8)]],
    )
    # Each text once, short ones first; the blank span is the whole text.
    whole = ["One. Two two.", "One title\nOne. Two two."]
    assert model.asked[0] == ("passage", ["One.", "Two two.", *whole])
    pieces = ["One. Two two.", "One.", "Two two.", "One title\nOne. Two two."]
    np.testing.assert_allclose(first.spans, [unit(piece) for piece in pieces], atol=1e-6)
    np.testing.assert_allclose(second.spans, [unit("Two two.")], atol=1e-6)
    assert first.spans.dtype == np.float32
    assert first.tokens.shape == second.tokens.shape == (0, 0)


def test_question() -> None:
    model = WordModel()
    vectors = PooledEmbedder(model).embed_question(" Which papers page caches? ")
    assert model.asked[0] == ("question", ["Which papers page caches?"])
    np.testing.assert_allclose(vectors.pooled, unit("which papers page caches"), atol=1e-6)
    assert (vectors.words, vectors.tokens.shape, vectors.owners) == (("page", "caches"), (0, 0), ())


def test_blank_texts_are_zero_without_asking() -> None:
    model = WordModel()
    embedder = PooledEmbedder(model)
    [vectors] = embedder.embed_texts([" \n"], [[Span(0, 2), Span(1, 1)]])
    assert vectors.spans.tolist() == [[0.0] * 16] * 2
    assert embedder.embed_question("  ").pooled.tolist() == [0.0] * 16
    assert model.asked == [("passage", ["dimension"])]


def test_no_texts_and_no_spans() -> None:
    model = WordModel()
    embedder = PooledEmbedder(model)
    assert embedder.embed_texts([], []) == []
    assert model.asked == []
    [vectors] = embedder.embed_texts(["Text."], [[]])
    assert vectors.spans.shape == (0, 16)


def test_a_text_is_cut_where_no_model_reads_on() -> None:
    model = WordModel()
    PooledEmbedder(model).embed_question("x" * (LONGEST_TEXT + 1))
    assert model.asked[0][1] == ["x" * LONGEST_TEXT]


def test_half_of_a_character_is_a_question_mark() -> None:
    model = WordModel()
    PooledEmbedder(model).embed_question("naïve \ud83d")
    assert model.asked[0][1] == ["naïve ?"]


@pytest.mark.parametrize("scale", [1e-320, 1e-30, 1.0, 1e300])
def test_vectors_of_any_length_are_normalised(scale: float) -> None:
    embedder = PooledEmbedder(FixedModel([[3 * scale, 4 * scale]], [[1.0, 1.0]]))
    assert embedder.embed_question("x").pooled.tolist() == pytest.approx([0.6, 0.8], abs=1e-3)


def test_a_vector_of_zeros_stays() -> None:
    embedder = PooledEmbedder(FixedModel([[0.0, 0.0]], [[1.0, 1.0]]))
    assert embedder.embed_question("?").pooled.tolist() == [0.0, 0.0]


@pytest.mark.parametrize(
    ("replies", "result"),
    [
        ([[]], "0 vectors for 1 texts"),
        ([[[1.0], [1.0]]], "2 vectors for 1 texts"),
        ([[[1.0, 2.0]], [[1.0]]], "vectors of 2 numbers, after some of 1"),
        ([[[]]], "something other than a vector for each text"),
        ([[1.0]], "something other than a vector for each text"),
        ([[[[1.0]]]], "something other than a vector for each text"),
        ([[[1.0, float("nan")]]], "vectors with numbers that are not finite"),
        ([[[1.0, float("-inf")]]], "vectors with numbers that are not finite"),
        ([[[1.0, None]]], "vectors with numbers that are not finite"),
        ([[[1.0, 10**400]]], "vectors with numbers that are not finite"),
    ],
)
def test_what_is_no_vector_is_refused(replies: list[Sequence[object]], result: str) -> None:
    with pytest.raises(OutsideModelError) as refused:
        PooledEmbedder(FixedModel(*replies)).embed_question("x")
    assert str(refused.value) == (
        f"The embedding model words gave {result} (here). "
        "Check that it is a model for embeddings, or choose another."
    )


def test_vectors_of_different_lengths_are_refused() -> None:
    embedder = PooledEmbedder(FixedModel([[1.0, 2.0], [1.0]]))
    with pytest.raises(OutsideModelError, match="words gave vectors of different lengths"):
        embedder.embed_texts(["a b"], [[Span(0, 1), Span(2, 3)]])


@given(
    st.lists(
        st.tuples(
            st.text(max_size=30),
            st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=4),
        ),
        max_size=4,
    )
)
def test_any_texts_and_spans(entries: list[tuple[str, list[tuple[int, int]]]]) -> None:
    texts = [text for text, _ in entries]
    spans = [[Span(*ends) for ends in of_text] for _, of_text in entries]
    model = WordModel()
    vectors = PooledEmbedder(model).embed_texts(texts, spans)
    assert [item.spans.shape for item in vectors] == [(len(of_text), 16) for of_text in spans]
    for item in vectors:
        lengths = np.linalg.norm(item.spans, axis=1)
        assert all(length == pytest.approx(1.0, abs=1e-6) or length == 0.0 for length in lengths)
    asked = [text for _, batch in model.asked for text in batch]
    assert len(set(asked) - {"dimension"}) == len([text for text in asked if text != "dimension"])
    assert all(text.strip() and text.encode() for text in asked)


@pytest.mark.parametrize(
    "candidates",
    [
        CandidateSettings(),
        CandidateSettings(all_papers=0),
        CandidateSettings(all_papers=0, most_papers=0),
    ],
    ids=["all papers", "the nearest abstracts", "the nearest passages"],
)
def test_search_does_without_token_vectors(
    candidates: CandidateSettings, make_library: Callable[[Sequence[Paper], Embedder], Library]
) -> None:
    abstracts = {
        "Rivers": "Floods of rivers are hard to forecast. A graph network learns the rivers.",
        "Caches": "Serving language models needs much memory. We page the cache to disk.",
        "Updates": "Devices send their updates late. We correct stale updates.",
    }
    papers = [
        Paper(id=paper_id_from_title(title), title=title, abstract=abstract)
        for title, abstract in abstracts.items()
    ]
    library = make_library(papers, PooledEmbedder(WordModel()))
    found = search(library, "page the cache", 3, settings=SearchSettings(candidates=candidates))
    best = found.hits[0]
    assert (best.paper.title, best.parts.late) == ("Caches", 0.0)
    assert best.parts.pooled > 0.5
    assert max(best.sentences, key=lambda hit: hit.similarity).span == Span(43, 69)
