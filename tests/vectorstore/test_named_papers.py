"""Which papers the words of a question are names of, in a small library and in a large one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from embedders import WordEmbedder
from hypothesis import given, settings
from hypothesis import strategies as st

from vectorstore.embedding import Embedder
from vectorstore.library import Library
from vectorstore.named_papers import NamedPaper, named_papers
from vectorstore.records import Paper

MakeLibrary = Callable[[Sequence[Paper], Embedder], Library]

PAPERS = (
    Paper("a", "LoomServe: Weaving Requests", "Requests are woven."),
    Paper("b", "KilnFire-2: Fast Ovens", "Ovens heat up fast."),
    Paper("c", "KILN: A Simulator of Heat", "Heat is simulated."),
    Paper("d", "Firing Bricks on Two Devices", "We present KILN, a schedule for ovens."),
    Paper("e", "Bricks in Walls", "We propose BrickNet, which finds bricks."),
    # A word is only rare among some papers.
    *(Paper(f"p{n}", f"Paper {n}", "We read what others write.") for n in range(40)),
)
# Question, names and papers in a small library, and those of them that titles alone tell.
NAMED = (
    ("What does LoomServe do?", ["LoomServe a 1.0"], ["LoomServe a 1.0"]),
    ("and loom serve?", ["loom serve a 1.0"], []),  # no word of it is one of the paper's
    ("KilnFire-2 or LoomServe", ["KilnFire 2 b 1.0", "LoomServe a 1.0"], None),
    ("LoomServe or KilnFire-2", ["LoomServe a 1.0", "KilnFire 2 b 1.0"], None),
    ("Loomserve, loomserve and LOOMSERVE", ["Loomserve a 1.0"], None),
    # Namesakes, the one that has the name in its title first.
    ("What is KILN?", ["KILN c 1.0", "KILN d 0.8"], ["KILN c 1.0"]),
    ("Who made BrickNet?", ["BrickNet e 0.8"], []),
    ("Which papers are on ovens?", [], []),
    ("", [], []),
    ("?!", [], []),
    ("zzyzx", [], []),
)


def sure(library: Library, question: str) -> list[str]:
    return [
        f"{found.name} {found.paper_id} {round(found.score, 2)}"
        for found in named_papers(library, question)
        if found.score >= 0.6
    ]


@pytest.mark.parametrize(
    "resident_papers", [len(PAPERS), len(PAPERS) - 1], ids=["small library", "large library"]
)
def test_papers_that_a_question_names(
    make_library: MakeLibrary, monkeypatch: pytest.MonkeyPatch, resident_papers: int
) -> None:
    monkeypatch.setattr("vectorstore.snapshot.RESIDENT_PAPERS", resident_papers)
    library = make_library(PAPERS, WordEmbedder())
    is_large = library.snapshot().titles is None
    assert is_large == (resident_papers < len(PAPERS))
    found = {question: sure(library, question) for question, _, _ in NAMED}
    assert found == {
        question: by_title if is_large and by_title is not None else names
        for question, names, by_title in NAMED
    }


def test_a_large_library_looks_at_the_best_papers_by_words(
    make_library: MakeLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vectorstore.snapshot.RESIDENT_PAPERS", 0)
    monkeypatch.setattr("vectorstore.named_papers.LIKELY_PAPERS", 1)
    library = make_library(PAPERS, WordEmbedder())
    # All words but the name are those of another paper, which is looked at alone.
    assert sure(library, "Are requests woven by LoomServe?") == ["LoomServe a 1.0"]
    assert sure(library, "Are ovens that heat up fast as fast as LoomServe?") == []


def test_whole_papers(make_library: MakeLibrary) -> None:
    library = make_library(PAPERS, WordEmbedder())
    assert named_papers(library, "BrickNet, KILN") == (
        NamedPaper("BrickNet", "e", 0.8),
        NamedPaper("KILN", "c", 1.0),
        NamedPaper("KILN", "d", 0.8),
    )


def test_empty_library(make_library: MakeLibrary) -> None:
    assert named_papers(make_library((), WordEmbedder()), "LoomServe") == ()


@given(question=st.text(max_size=100))
@settings(max_examples=40)
def test_any_question(shipped_library: Library, question: str) -> None:
    found = named_papers(shipped_library, question)
    assert all(0 < paper.score <= 1 and paper.name for paper in found)
    assert {paper.paper_id for paper in found} <= set(shipped_library.snapshot().index.row_by_id)
    assert len({(paper.name.lower(), paper.paper_id) for paper in found}) == len(found)
