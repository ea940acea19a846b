"""The steps of the llama-index pipeline that turns papers into embedded nodes.

A paper is a `Document` whose text is its abstract, with the title as metadata. The steps cut it
into nodes (the whole abstract, each sentence, each passage) that carry their span, and embed all
nodes of a paper in one pass over its title and abstract. Nodes hold the text as it was read, which
quotes are slices of; vectors are of the tidied text.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from itertools import groupby
from typing import Any

from llama_index.core.bridge.pydantic import PrivateAttr
from llama_index.core.schema import (
    BaseNode,
    Document,
    NodeRelationship,
    RelatedNodeInfo,
    TextNode,
    TransformComponent,
)

from ingest.passages import PassageSettings, cut_passages
from ingest.sentences import split_sentences
from vectorstore.embedding import Embedder
from vectorstore.records import Paper, Span
from vectorstore.tidying.alignment import Tidied
from vectorstore.tidying.tidy import tidy


class NodeKind(StrEnum):
    """What part of a paper a node is."""

    ABSTRACT = "abstract"
    SENTENCE = "sentence"
    PASSAGE = "passage"


def paper_document(paper: Paper) -> Document:
    """Return the paper as the pipeline takes it in."""
    return Document(id_=paper.id, text=paper.abstract, metadata={"title": paper.title})


class CutIntoNodes(TransformComponent):
    """Cuts each document into nodes of every `NodeKind`, in the order of its text."""

    _settings: PassageSettings = PrivateAttr()

    def __init__(self, settings: PassageSettings) -> None:
        """Cut passages by `settings`."""
        super().__init__()
        self._settings = settings

    def __call__(self, nodes: Sequence[BaseNode], **kwargs: Any) -> list[BaseNode]:  # noqa: ARG002
        """Return the nodes of all documents; nodes of one document stand together."""
        return [part for document in nodes for part in self._cut(document)]

    def _cut(self, document: BaseNode) -> list[BaseNode]:
        abstract = document.get_content()
        sentences = split_sentences(abstract)
        spans = [
            (NodeKind.SENTENCE, sentences),
            (NodeKind.PASSAGE, cut_passages(abstract, sentences, self._settings)),
        ]
        whole = _node(document.node_id, NodeKind.ABSTRACT, 0, Span(0, len(abstract)), abstract)
        whole.metadata["title"] = document.metadata["title"]
        parts = [
            _node(document.node_id, kind, ordinal, span, abstract[span.start : span.end])
            for kind, group in spans
            for ordinal, span in enumerate(group)
        ]
        return [whole, *parts]


class EmbedNodes(TransformComponent):
    """Embeds the nodes of each paper together, by one pass of the model over its tidied text.

    The vectors of late interaction are left in the metadata of its first node.
    """

    _embedder: Embedder = PrivateAttr()

    def __init__(self, embedder: Embedder) -> None:
        """Embed with `embedder`."""
        super().__init__()
        self._embedder = embedder

    def __call__(self, nodes: Sequence[BaseNode], **kwargs: Any) -> list[BaseNode]:  # noqa: ARG002
        """Return the same nodes with their embeddings set."""
        papers = [list(group) for _, group in groupby(nodes, key=lambda n: n.metadata["paper_id"])]
        titles = [tidy(_title(parts)).text for parts in papers]
        abstracts = [tidy(parts[0].get_content()) for parts in papers]
        texts = [
            f"{title}\n{abstract.text}" for title, abstract in zip(titles, abstracts, strict=True)
        ]
        spans = [
            [_tidied_span(part, abstract, len(title) + 1) for part in parts]
            for parts, title, abstract in zip(papers, titles, abstracts, strict=True)
        ]
        for parts, vectors in zip(papers, self._embedder.embed_texts(texts, spans), strict=True):
            parts[0].metadata["tokens"] = vectors.tokens
            for part, vector in zip(parts, vectors.spans, strict=True):
                part.embedding = vector.tolist()
        return list(nodes)


def node_span(node: BaseNode) -> Span:
    """Return the node's span in the abstract."""
    return Span(node.metadata["start"], node.metadata["end"])


def _node(paper_id: str, kind: NodeKind, ordinal: int, span: Span, text: str) -> TextNode:
    return TextNode(
        id_=f"{paper_id}/{kind}/{ordinal}",
        text=text,
        metadata={
            "paper_id": paper_id,
            "kind": kind.value,
            "ordinal": ordinal,
            "start": span.start,
            "end": span.end,
        },
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=paper_id)},
    )


def _title(parts: Sequence[BaseNode]) -> str:
    """Return the title of the paper whose first node is its whole abstract."""
    title: str = parts[0].metadata["title"]
    return title


def _tidied_span(part: BaseNode, abstract: Tidied, offset: int) -> Span:
    span = abstract.span_of(node_span(part))
    return Span(span.start + offset, span.end + offset)
