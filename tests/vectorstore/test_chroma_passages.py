from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from embedders import WordEmbedder
from llama_index.core.schema import NodeRelationship, RelatedNodeInfo, TextNode

from vectorstore.chroma_passages import CHROMA_FOLDER, SEARCH_BREADTH, ChromaPassages
from vectorstore.chroma_place import EmbeddedChroma
from vectorstore.embedding import Vector
from vectorstore.errors import LibraryError
from vectorstore.onnx_embedding import OnnxEmbedder
from vectorstore.open_files import FEW_HINT

FACTS = {"embedding_model": "words", "dimension": "64"}
PASSAGES = {
    "a": ("Caches are paged to disk.", "The key-value cache shrinks."),
    "b": ("Zebras graze on grass.", "Grass grows.", "Zebras drink."),
    "c": ("A cache of zebras.",),
}
HINT = (
    "If the disk is full, free some space. Otherwise run `paperchat doctor --repair`: the catalog"
    " still has every paper, and the vectors are made anew."
)


@pytest.fixture
def chroma(tmp_path: Path) -> Iterator[ChromaPassages]:
    with closing(ChromaPassages(tmp_path, FACTS)) as chroma:
        yield chroma


def vector(text: str) -> Vector:
    return WordEmbedder().embed_question(text).pooled


def nodes(paper_id: str, texts: tuple[str, ...]) -> list[TextNode]:
    return [
        TextNode(
            id_=f"{paper_id}/passage/{ordinal}",
            text=text,
            embedding=vector(text).tolist(),
            metadata={"paper_id": paper_id},
            relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=paper_id)},
        )
        for ordinal, text in enumerate(texts)
    ]


def fill(chroma: ChromaPassages, passages: dict[str, tuple[str, ...]]) -> None:
    chroma.replace(list(passages), [node for item in passages.items() for node in nodes(*item)])


def nearest(chroma: ChromaPassages, question: str, limit: int = 10) -> tuple[str, ...]:
    return chroma.nearest(vector(question), limit)


def by_similarity(question: str, passages: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the papers in the order of their best passages' cosine to the question."""
    asked = vector(question)
    best = {key: max(float(asked @ vector(t)) for t in texts) for key, texts in passages.items()}
    assert len(set(best.values())) == len(best)  # or any order would be right
    return tuple(sorted(best, key=lambda paper_id: -best[paper_id]))


@pytest.mark.parametrize(
    "question", ["Zebras are paged to disk.", "zebras of a disk", "what grows on a cache of grass"]
)
def test_papers_come_in_the_order_of_their_best_passages(
    chroma: ChromaPassages, question: str
) -> None:
    fill(chroma, PASSAGES)
    assert nearest(chroma, question) == by_similarity(question, PASSAGES)


def test_only_papers_of_the_nearest_passages(chroma: ChromaPassages) -> None:
    fill(chroma, PASSAGES)
    assert nearest(chroma, "Zebras graze on grass.", 1) == ("b",)
    # The second nearest is of the same paper.
    assert nearest(chroma, "Zebras drink grass.", 2) == ("b",)


def test_more_passages_than_the_graph_is_searched_for(chroma: ChromaPassages) -> None:
    # A thousand vectors and more are in the graph; before, Chroma compares all of them.
    papers = {f"p{n}": (f"paper {n} of {n % 7} and {n % 11}",) for n in range(1_100)}
    fill(chroma, papers)
    found = set(nearest(chroma, "paper of", 1_100))
    assert found <= set(papers)
    assert len(found) >= 1_090  # the graph is approximate, and not the same in every run
    assert len(set(nearest(chroma, "paper of", 2 * SEARCH_BREADTH))) == 2 * SEARCH_BREADTH


def test_nearest_with_the_model(tmp_path: Path, embedder: OnnxEmbedder) -> None:
    texts = ("Serving models needs memory.", "Zebras graze.", "An inverse problem of tumours.")
    with closing(ChromaPassages(tmp_path, FACTS)) as chroma:
        for text in texts:
            [node] = nodes(text, (text,))
            node.embedding = embedder.embed_question(text).pooled.tolist()
            chroma.replace([text], [node])
        asked = embedder.embed_question("GPU memory of a model server").pooled
        found = chroma.nearest(asked, 3)
    cosines = {text: float(asked @ embedder.embed_question(text).pooled) for text in texts}
    assert found == tuple(sorted(cosines, key=lambda text: -cosines[text]))


def test_empty_collection(chroma: ChromaPassages) -> None:
    assert chroma.count() == 0
    assert nearest(chroma, "zebras") == ()


def test_replacing_twice_changes_nothing(chroma: ChromaPassages) -> None:
    fill(chroma, PASSAGES)
    before = nearest(chroma, "zebras of a disk")
    fill(chroma, {"b": PASSAGES["b"]})
    fill(chroma, PASSAGES)
    assert chroma.count() == 6
    assert nearest(chroma, "zebras of a disk") == before


def test_replaced_passages_are_gone(chroma: ChromaPassages) -> None:
    fill(chroma, PASSAGES)
    fill(chroma, {"b": ("Horses run.",)})
    assert chroma.count() == 4
    assert nearest(chroma, "Zebras graze on grass.", 1) == ("c",)


def test_paper_left_without_passages(chroma: ChromaPassages) -> None:
    fill(chroma, PASSAGES)
    chroma.replace(["a", "c"], [])
    assert nearest(chroma, "cache") == ("b",)


def test_clear(chroma: ChromaPassages) -> None:
    fill(chroma, PASSAGES)
    chroma.clear()
    assert (chroma.count(), chroma.recorded_facts) == (0, FACTS)
    fill(chroma, {"a": PASSAGES["a"]})
    assert chroma.count() == 2


def test_opened_again(tmp_path: Path) -> None:
    with closing(ChromaPassages(tmp_path, FACTS)) as chroma:
        fill(chroma, PASSAGES)
        before = nearest(chroma, "zebras of a disk")
    with closing(ChromaPassages(tmp_path, {"embedding_model": "other"})) as chroma:
        # What it was made with stays on record, whoever opens it.
        assert chroma.recorded_facts == FACTS
        assert chroma.count() == 6
        assert nearest(chroma, "zebras of a disk") == before


def test_folder_that_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / CHROMA_FOLDER).mkdir()
    (tmp_path / CHROMA_FOLDER / "chroma.sqlite3").write_bytes(b"junk" * 1000)
    with pytest.raises(LibraryError) as caught:
        ChromaPassages(tmp_path, FACTS)
    assert caught.value.problem.startswith("Chroma cannot open its store: ")
    assert (caught.value.where, caught.value.hint) == (str(tmp_path / CHROMA_FOLDER), HINT)


def test_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / CHROMA_FOLDER).touch()
    with pytest.raises(LibraryError) as caught:
        ChromaPassages(tmp_path, FACTS)
    assert caught.value.problem == "Chroma cannot open its store: File exists (os error 17)"


def test_graph_that_is_damaged(tmp_path: Path) -> None:
    # Chroma keeps vectors in a log until there are a thousand; only then is there a graph.
    with closing(ChromaPassages(tmp_path / "good", FACTS)) as chroma:
        chroma.replace(["a"], nodes("a", tuple(f"Sentence {n}." for n in range(1_100))))
    # A copy, since what this process has read of the first one it keeps in memory.
    shutil.copytree(tmp_path / "good", tmp_path / "bad")
    [header] = (tmp_path / "bad").rglob("header.bin")
    header.write_bytes(b"junk")
    with (
        closing(ChromaPassages(tmp_path / "bad", FACTS)) as chroma,
        pytest.raises(LibraryError) as caught,
    ):
        nearest(chroma, "zebras")
    assert caught.value.problem.startswith("Chroma cannot use its store: ")
    assert (caught.value.where, caught.value.hint) == (str(tmp_path / "bad" / "chroma"), HINT)


def test_ids_of_all_passages(chroma: ChromaPassages, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vectorstore.chroma_passages.READ_AT_ONCE", 4)
    fill(chroma, PASSAGES)
    pages = list(chroma.ids())
    assert [len(page) for page in pages] == [4, 2]
    assert sorted(passage_id for page in pages for passage_id in page) == [
        f"{paper_id}/passage/{n}" for paper_id in PASSAGES for n in range(len(PASSAGES[paper_id]))
    ]


def test_dropped_passages_are_gone(chroma: ChromaPassages, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vectorstore.chroma_passages.REMOVED_AT_ONCE", 1)
    fill(chroma, PASSAGES)
    chroma.drop(["b/passage/0", "b/passage/2", "d/passage/0"])
    assert [sorted(page) for page in chroma.ids()] == [
        ["a/passage/0", "a/passage/1", "b/passage/1", "c/passage/0"]
    ]


@pytest.mark.parametrize("passages", [{}, PASSAGES, {"a": tuple(f"Loaf {n}." for n in range(70))}])
def test_passages_are_found_by_their_own_vectors(
    chroma: ChromaPassages, passages: dict[str, tuple[str, ...]]
) -> None:
    fill(chroma, passages)
    assert chroma.finds_passages()


def test_passages_that_are_not_found(
    chroma: ChromaPassages, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(chroma, PASSAGES)
    monkeypatch.setattr(chroma._collection, "query", lambda **_: {"distances": [[0.5]]})
    assert not chroma.finds_passages()


class PanicException(BaseException):
    """Stands for the one that cannot be imported."""


def test_a_panic_is_an_error(chroma: ChromaPassages, monkeypatch: pytest.MonkeyPatch) -> None:
    def panic() -> int:
        raise PanicException("called unwrap on an Err value")

    monkeypatch.setattr(chroma._collection, "count", panic)
    with pytest.raises(LibraryError) as caught:
        chroma.count()
    assert (caught.value.problem, caught.value.hint) == (
        "Chroma cannot use its store: called unwrap on an Err value",
        HINT,
    )


def test_a_store_that_could_not_be_opened_is_made_anew(tmp_path: Path) -> None:
    place = EmbeddedChroma(tmp_path / CHROMA_FOLDER)
    place.folder.mkdir()
    (place.folder / "chroma.sqlite3").write_bytes(b"junk" * 1000)
    assert place.damage() == "chroma.sqlite3: file is not a database"
    for _ in range(2):  # the second attempt of a process fails as the first one does
        with pytest.raises(LibraryError, match="file is not a database"):
            ChromaPassages(tmp_path, FACTS)
    place.discard()
    assert (list(tmp_path.iterdir()), place.damage()) == ([], "")
    place.discard()  # of nothing, nothing
    with closing(ChromaPassages(tmp_path, FACTS)) as chroma:
        fill(chroma, PASSAGES)
        assert (chroma.count(), place.damage()) == (6, "")


def test_a_folder_whose_name_is_no_text(tmp_path: Path) -> None:
    home = Path(os.fsdecode(os.fsencode(tmp_path) + b"/bread-\xff"))
    with pytest.raises(LibraryError) as caught:
        ChromaPassages(home, FACTS)
    assert (caught.value.where, caught.value.hint) == (
        str(home / "chroma"),
        "The name of that folder is no UTF-8 text, and Chroma takes no other: rename it, or set"
        " PAPERCHAT_HOME to another folder.",
    )


def test_too_few_files_are_not_taken_for_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "chroma").touch()
    for few, hint in ((True, FEW_HINT), (False, HINT)):
        monkeypatch.setattr("vectorstore.chroma_place.few_are_left", lambda few=few: few)
        with pytest.raises(LibraryError) as caught:
            ChromaPassages(tmp_path, FACTS)
        assert caught.value.hint == hint
