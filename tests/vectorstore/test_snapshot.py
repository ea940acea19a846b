"""What search keeps of a library: read once, and again when papers change."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import date

import numpy as np
import pytest
from embedders import WordEmbedder

from ingest.indexing import index_pending
from vectorstore.embedding import Embedder
from vectorstore.library import Library
from vectorstore.records import Paper
from vectorstore.snapshot import take_snapshot
from vectorstore.title_match import NamedTitle

MakeLibrary = Callable[[Sequence[Paper], Embedder], Library]

PAPERS = (
    Paper("a", "ZebraNet: Paged Caches", "Caches are paged to disk. They shrink."),
    Paper("b", "Zebras", "Zebras graze on grass."),
    Paper("c", "Looms", "A weaver of key-value (KV) caches sees patterns."),
    Paper("d", "Kilns", "Clay is fired with a key-value (KV) cache."),
)


def ids(library: Library) -> set[str]:
    return set(library.snapshot().index.row_by_id)


def test_read_once(make_library: MakeLibrary) -> None:
    library = make_library(PAPERS, WordEmbedder())
    assert library.snapshot() is library.snapshot()


def test_papers_that_change(make_library: MakeLibrary) -> None:
    library = make_library(PAPERS[:2], WordEmbedder())
    assert ids(library) == {"a", "b"}
    library.add(PAPERS)  # those two are indexed again, and wait until then
    assert ids(library) == set()
    index_pending(library)
    assert ids(library) == {"a", "b", "c", "d"}
    library.add([], [Paper("a", "Paged Caches", PAPERS[0].abstract, date(2024, 7, 2))])
    index = library.snapshot().index
    assert index.titles[0] == "Paged Caches"
    assert index.published.tolist() == [date(2024, 7, 2).toordinal(), -1, -1, -1]


def test_library_that_is_reconciled(make_library: MakeLibrary) -> None:
    library = make_library(PAPERS, WordEmbedder())
    assert len(ids(library)) == 4
    library.chroma.replace(["a"], [])
    assert len(ids(library)) == 4
    library.reconcile()
    assert ids(library) == set()


def test_what_is_read(make_library: MakeLibrary) -> None:
    library = make_library(PAPERS, WordEmbedder(token_dimension=16))
    snapshot = library.snapshot()
    assert snapshot.index.titles == tuple(paper.title for paper in PAPERS)
    assert snapshot.vocabulary.rarity("caching") == pytest.approx(math.log(1 + 1.5 / 3.5))
    assert snapshot.vocabulary.long_form("KV") == "key-value"
    assert snapshot.block is not None
    assert snapshot.block.numbers.tolist() == snapshot.index.numbers.tolist() == [1, 2, 3, 4]
    vectors = library.embedder.embed_question(PAPERS[0].abstract)
    whole = snapshot.block.pooled[snapshot.block.pooled_starts[0]]
    np.testing.assert_allclose(whole, vectors.pooled, atol=0.01)


NAMED = (
    Paper("a", "ZebraNet: Paged Caches", "Caches are paged to disk."),
    Paper("b", "Grass-Agnostic Zebras at Scale", "We show Grass-Agnostic Zebras (GAZ)."),
    Paper("c", "Key-Value Looms", "A weaver of key-value stores (KVS) sees patterns."),
    Paper("d", "Key-Value Kilns", "Clay is fired with key-value stores (KVS)."),
    Paper("e", "Ovens", "They beat the Brick and Charcoal Oven (BCO)."),
    # A word is only rare among some papers.
    *(Paper(f"p{n}", f"Paper {n}", "We read what others write.") for n in range(40)),
)


OF_SMALL = {
    "What does ZebraNet do?": {0},
    # A name that only the abstract gives to what the title is about.
    "What does GAZ do?": {1},
    "What does KVS do?": set(),
    "What does BCO do?": set(),
    "What do weavers do?": set(),
}


@pytest.mark.parametrize(
    ("resident_papers", "named"),
    [(len(NAMED), OF_SMALL), (len(NAMED) - 1, OF_SMALL | {"What does GAZ do?": set()})],
    ids=["small library", "large library"],
)
def test_papers_that_a_question_names(
    make_library: MakeLibrary,
    monkeypatch: pytest.MonkeyPatch,
    resident_papers: int,
    named: dict[str, set[int]],
) -> None:
    library = make_library(NAMED, WordEmbedder())
    monkeypatch.setattr("vectorstore.snapshot.RESIDENT_PAPERS", resident_papers)
    snapshot = library.snapshot()
    is_small = resident_papers == len(NAMED)
    assert (snapshot.block is not None) == (snapshot.titles is not None) == is_small
    scores = {
        question: snapshot.title_scores(question, np.arange(len(NAMED))) for question in named
    }
    found = {
        question: {r for r, score in scores[question].items() if score > 0.6} for question in named
    }
    assert found == named


def test_titles_of_a_large_library_are_those_of_some_rows(
    make_library: MakeLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = make_library(NAMED, WordEmbedder())
    monkeypatch.setattr("vectorstore.snapshot.RESIDENT_PAPERS", 0)
    snapshot = library.snapshot()
    question = "What does ZebraNet do?"
    assert list(snapshot.title_scores(question, np.array([3, 0, 7]))) == [0]
    assert snapshot.title_scores(question, np.array([3, 7])) == {}


FIELD = tuple(f"We propose FIELDNET, loom {n}." for n in range(4))  # a paper too many
COINED = (
    Paper("a", "Bricks in Walls", "We propose BrickNet-2, which finds bricks."),
    Paper("b", "Heat in Ovens", "We present KILN, a schedule, and a test called OvenBench."),
    Paper("c", "Heat in Jars", "We introduce KILN, a simulator."),
    Paper("d", "Weaving", "It beats BERT-2, called BERT by all."),
    *(Paper(f"f{n}", f"Field {n}", abstract) for n, abstract in enumerate(FIELD)),
    *(Paper(f"p{n}", f"Paper {n} in 2 Parts", "We read what others write.") for n in range(40)),
)


@pytest.mark.parametrize(
    ("question", "named"),
    [
        # The 2 is in many titles; its paper is still the only one that has the whole name.
        ("What is BrickNet-2?", [NamedTitle("BrickNet 2", 0, 0.8)]),
        (
            "Do KILN and OvenBench differ?",
            [
                NamedTitle("KILN", 1, 0.8),
                NamedTitle("KILN", 2, 0.8),
                NamedTitle("OvenBench", 1, 0.8),
            ],
        ),
        ("What is FIELDNET?", []),
        ("What do kilns do?", []),
    ],
)
def test_names_that_papers_coin(
    make_library: MakeLibrary, question: str, named: list[NamedTitle]
) -> None:
    snapshot = make_library(COINED, WordEmbedder()).snapshot()
    found = snapshot.named_titles(question, np.arange(0))
    assert [title for title in found if title.score > 0.6] == named
    scores = snapshot.title_scores(question, np.arange(0))
    expected = {title.position for title in named}
    assert {row for row, score in scores.items() if score > 0.6} == expected


def test_names_in_a_large_library_are_those_of_some_rows(
    make_library: MakeLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = make_library(NAMED, WordEmbedder())
    monkeypatch.setattr("vectorstore.snapshot.RESIDENT_PAPERS", 0)
    snapshot = library.snapshot()
    question = "What does ZebraNet do?"
    found = snapshot.named_titles(question, np.array([3, 0, 7]))
    assert found == (NamedTitle("ZebraNet", 0, 1.0),)
    assert snapshot.named_titles(question, np.array([3, 7])) == ()
    assert snapshot.named_titles(question, np.arange(0)) == ()


def test_empty_library(make_library: MakeLibrary) -> None:
    library = make_library((), WordEmbedder())
    snapshot = take_snapshot(library.catalog, 64)
    assert len(snapshot.index) == 0
    assert snapshot.title_scores("zebras", np.arange(0)) == {}
    assert snapshot.named_titles("zebras", np.arange(0)) == ()
