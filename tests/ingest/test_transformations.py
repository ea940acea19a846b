from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from embedders import WordEmbedder
from hypothesis import given
from hypothesis import strategies as st
from llama_index.core.schema import BaseNode, NodeRelationship

from ingest.passages import PassageSettings
from ingest.transformations import CutIntoNodes, EmbedNodes, node_span, paper_document
from vectorstore.onnx_embedding import OnnxEmbedder
from vectorstore.records import Paper, Span

TINY = Paper("p1", "On Caches", "Caches are paged. They shrink. All is well. We thank all.")


def cut(*papers: Paper) -> list[BaseNode]:
    return CutIntoNodes(PassageSettings())([paper_document(paper) for paper in papers])


def row(node: BaseNode) -> tuple[str, str, dict[str, Any]]:
    assert node.relationships.keys() == {NodeRelationship.SOURCE}
    assert node.ref_doc_id == node.metadata["paper_id"]
    return node.node_id, node.get_content(), node.metadata


def expected(node_id: str, start: int, end: int, text: str) -> tuple[str, str, dict[str, Any]]:
    paper_id, kind, ordinal = node_id.split("/")
    span = {"start": start, "end": end}
    return node_id, text, {"paper_id": paper_id, "kind": kind, "ordinal": int(ordinal), **span}


def whole(paper: Paper) -> tuple[str, str, dict[str, Any]]:
    node_id, text, metadata = expected(
        f"{paper.id}/abstract/0", 0, len(paper.abstract), paper.abstract
    )
    return node_id, text, metadata | {"title": paper.title}


def test_document() -> None:
    document = paper_document(TINY)
    assert (document.node_id, document.text, document.metadata) == (
        "p1",
        TINY.abstract,
        {"title": "On Caches"},
    )


def test_nodes_of_a_paper() -> None:
    assert [row(node) for node in cut(TINY)] == [
        whole(TINY),
        expected("p1/sentence/0", 0, 17, "Caches are paged."),
        expected("p1/sentence/1", 18, 30, "They shrink."),
        expected("p1/sentence/2", 31, 43, "All is well."),
        expected("p1/sentence/3", 44, 57, "We thank all."),
        expected("p1/passage/0", 0, 43, "Caches are paged. They shrink. All is well."),
        expected("p1/passage/1", 31, 57, "All is well. We thank all."),
    ]


@pytest.mark.parametrize(
    ("paper", "nodes"),
    [
        pytest.param(
            Paper("w", "T", "Word"),
            [
                whole(Paper("w", "T", "Word")),
                expected("w/sentence/0", 0, 4, "Word"),
                expected("w/passage/0", 0, 4, "Word"),
            ],
            id="one word",
        ),
        pytest.param(
            Paper("e", "T", ""),
            [whole(Paper("e", "T", ""))],
            id="no abstract",
        ),
        pytest.param(
            Paper("s", "T", " \n "),
            [whole(Paper("s", "T", " \n "))],
            id="white space",
        ),
        pytest.param(
            Paper("n", "Two\nlines", "Word"),
            [
                whole(Paper("n", "Two\nlines", "Word")),
                expected("n/sentence/0", 0, 4, "Word"),
                expected("n/passage/0", 0, 4, "Word"),
            ],
            id="title of two lines",
        ),
    ],
)
def test_odd_papers(paper: Paper, nodes: list[tuple[str, str, dict[str, Any]]]) -> None:
    assert [row(node) for node in cut(paper)] == nodes


def test_papers_stand_one_after_another() -> None:
    other = Paper("p2", "T", "Word")
    together = cut(TINY, other)
    assert [row(node) for node in together] == [row(node) for node in [*cut(TINY), *cut(other)]]


@given(title=st.text(), abstract=st.text())
def test_any_span_is_a_slice_of_the_abstract(title: str, abstract: str) -> None:
    paper = Paper("p", title, abstract)
    first, *others = cut(paper)
    assert row(first) == whole(paper)
    for node in others:
        span = node_span(node)
        assert node.get_content() == abstract[span.start : span.end]


@pytest.mark.parametrize("title", ["On Caches", "On\nCaches", " On Caches "])
def test_nodes_are_embedded_within_their_paper(embedder: OnnxEmbedder, title: str) -> None:
    papers = (Paper("p1", title, TINY.abstract), Paper("p2", "T", "Word"))
    nodes = EmbedNodes(embedder)(cut(*papers))

    texts = [f"{paper.title}\n{paper.abstract}" for paper in papers]
    start = len(title) + 1
    spans = [
        [Span(start, len(texts[0]))]
        + [Span(start + a, start + b) for a, b in [(0, 17), (18, 30), (31, 43), (44, 57)]]
        + [Span(start + a, start + b) for a, b in [(0, 43), (31, 57)]],
        [Span(2, 6), Span(2, 6), Span(2, 6)],
    ]
    expected = embedder.embed_texts(texts, spans)
    np.testing.assert_array_equal(
        [node.embedding for node in nodes], np.concatenate([text.spans for text in expected])
    )
    # The first node of a paper carries its tokens; nothing else is changed.
    tokens = [node.metadata.pop("tokens") for node in (nodes[0], nodes[7])]
    for found, vectors in zip(tokens, expected, strict=True):
        np.testing.assert_array_equal(found, vectors.tokens)
    assert [row(node) for node in nodes] == [row(node) for node in cut(*papers)]


def test_each_paper_goes_through_the_model_once() -> None:
    words = WordEmbedder()
    other = Paper("p2", "T", "Word")
    EmbedNodes(words)(cut(TINY, other))
    assert words.texts == [f"On Caches\n{TINY.abstract}", "T\nWord"]


def test_vectors_are_of_tidied_text() -> None:
    words = WordEmbedder()
    abstract = r"We \emph{bake}~\cite{a}. <b></b> It takes 5\% salt, they say."
    nodes = EmbedNodes(words)(cut(Paper("p1", "On <i>Levain</i>", abstract)))
    assert words.texts == ["On Levain\nWe bake. It takes 5% salt, they say."]

    # The nodes keep the text as it was read.
    sentences = nodes[1:3]
    assert [node.get_content() for node in nodes[:3]] == [
        abstract,
        r"We \emph{bake}~\cite{a}.",
        r"<b></b> It takes 5\% salt, they say.",
    ]
    expected = [words.embed_question(t) for t in ("We bake.", "It takes 5% salt, they say.")]
    for node, question in zip(sentences, expected, strict=True):
        np.testing.assert_array_equal(node.embedding, question.pooled)


def test_a_sentence_of_markup_alone_gets_the_vector_of_the_paper(embedder: OnnxEmbedder) -> None:
    abstract = "Bread rises. <!-- nothing --> "
    nodes = EmbedNodes(embedder)(cut(Paper("p1", "T", abstract)))
    [_, bread, comment, _] = nodes
    assert comment.get_content() == "<!-- nothing -->"
    whole = embedder.embed_texts(["T\nBread rises."], [[Span(0, 14), Span(2, 14)]])[0].spans
    np.testing.assert_array_equal(comment.embedding, whole[0])
    np.testing.assert_array_equal(bread.embedding, whole[1])


def test_no_papers() -> None:
    assert EmbedNodes(WordEmbedder())(cut()) == []
