from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from embedders import WordEmbedder
from llama_index.core.schema import NodeRelationship, RelatedNodeInfo, TextNode

from vectorstore.chroma_passages import CHROMA_FOLDER, ChromaPassages
from vectorstore.embedding import OnnxEmbedder
from vectorstore.errors import LibraryError

FACTS = {"embedding_model": "words", "dimension": "64"}
PASSAGES = {
    "a": ("Caches are paged to disk.", "The key-value cache shrinks."),
    "b": ("Zebras graze on grass.", "Grass grows.", "Zebras drink."),
    "c": ("A cache of zebras.",),
}
HINT = (
    "If the disk is full, free some space. Otherwise delete this folder and run the command again:"
    " the catalog still has every paper, and the vectors are made anew."
)


@pytest.fixture
def words() -> WordEmbedder:
    return WordEmbedder()


@pytest.fixture
def chroma(tmp_path: Path, words: WordEmbedder) -> Iterator[ChromaPassages]:
    with closing(ChromaPassages(tmp_path, words, FACTS)) as chroma:
        yield chroma


def nodes(paper_id: str, texts: tuple[str, ...]) -> list[TextNode]:
    return [
        TextNode(
            id_=f"{paper_id}/passage/{ordinal}",
            text=text,
            embedding=WordEmbedder().embed_query(text).tolist(),
            metadata={"paper_id": paper_id},
            relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=paper_id)},
        )
        for ordinal, text in enumerate(texts)
    ]


def fill(chroma: ChromaPassages, passages: dict[str, tuple[str, ...]]) -> None:
    chroma.replace(list(passages), [node for item in passages.items() for node in nodes(*item)])


def best_similarity(question: str, texts: tuple[str, ...]) -> float:
    asked = WordEmbedder().embed_query(question)
    return max(float(asked @ WordEmbedder().embed_query(text)) for text in texts)


@pytest.mark.parametrize(
    "question", ["Caches are paged to disk.", "zebras cache grass", "nothing of all that"]
)
def test_similarity_is_the_cosine_of_the_best_passage(
    chroma: ChromaPassages, words: WordEmbedder, question: str
) -> None:
    fill(chroma, PASSAGES)
    near = chroma.nearest(question, 10)
    np.testing.assert_array_equal(near.question, words.embed_query(question))
    expected = {paper_id: best_similarity(question, texts) for paper_id, texts in PASSAGES.items()}
    assert near.similarity == pytest.approx(expected, abs=1e-6)


def test_only_papers_of_the_nearest_passages(chroma: ChromaPassages) -> None:
    fill(chroma, PASSAGES)
    assert list(chroma.nearest("Zebras graze on grass.", 1).similarity) == ["b"]
    # The second nearest is of the same paper.
    assert list(chroma.nearest("Zebras drink grass.", 2).similarity) == ["b"]


def test_similarity_with_the_model(tmp_path: Path, embedder: OnnxEmbedder) -> None:
    texts = ("Serving models needs memory.", "Zebras graze.", "An inverse problem of tumours.")
    vectors = [embedder.embed_query(text) for text in texts]
    with closing(ChromaPassages(tmp_path, embedder, FACTS)) as chroma:
        for text, vector in zip(texts, vectors, strict=True):
            [node] = nodes(text, (text,))
            node.embedding = vector.tolist()
            chroma.replace([text], [node])
        near = chroma.nearest("GPU memory of a model server", 3)
    expected = {t: float(v @ near.question) for t, v in zip(texts, vectors, strict=True)}
    assert near.similarity == pytest.approx(expected, abs=1e-6)


def test_empty_collection(chroma: ChromaPassages) -> None:
    assert chroma.count() == 0
    assert chroma.nearest("zebras", 5).similarity == {}


def test_replacing_twice_changes_nothing(chroma: ChromaPassages) -> None:
    fill(chroma, PASSAGES)
    before = chroma.nearest("zebras", 10).similarity
    fill(chroma, {"b": PASSAGES["b"]})
    fill(chroma, PASSAGES)
    assert chroma.count() == 6
    assert chroma.nearest("zebras", 10).similarity == before


def test_replaced_passages_are_gone(chroma: ChromaPassages) -> None:
    fill(chroma, PASSAGES)
    fill(chroma, {"b": ("Horses run.",)})
    assert chroma.count() == 4
    expected = {
        "a": best_similarity("zebras", PASSAGES["a"]),
        "b": 0.0,
        "c": best_similarity("zebras", PASSAGES["c"]),
    }
    assert chroma.nearest("zebras", 10).similarity == pytest.approx(expected, abs=1e-6)


def test_paper_left_without_passages(chroma: ChromaPassages) -> None:
    fill(chroma, PASSAGES)
    chroma.replace(["a", "c"], [])
    assert list(chroma.nearest("cache", 10).similarity) == ["b"]


def test_clear(chroma: ChromaPassages) -> None:
    fill(chroma, PASSAGES)
    chroma.clear()
    assert (chroma.count(), chroma.recorded_facts) == (0, FACTS)
    fill(chroma, {"a": PASSAGES["a"]})
    assert chroma.count() == 2


def test_opened_again(tmp_path: Path, words: WordEmbedder) -> None:
    with closing(ChromaPassages(tmp_path, words, FACTS)) as chroma:
        fill(chroma, PASSAGES)
        before = chroma.nearest("zebras", 10).similarity
    with closing(ChromaPassages(tmp_path, words, {"embedding_model": "other"})) as chroma:
        # What it was made with stays on record, whoever opens it.
        assert chroma.recorded_facts == FACTS
        assert chroma.count() == 6
        assert chroma.nearest("zebras", 10).similarity == before


def test_folder_that_cannot_be_opened(tmp_path: Path, words: WordEmbedder) -> None:
    (tmp_path / CHROMA_FOLDER).mkdir()
    (tmp_path / CHROMA_FOLDER / "chroma.sqlite3").write_bytes(b"junk" * 1000)
    with pytest.raises(LibraryError) as caught:
        ChromaPassages(tmp_path, words, FACTS)
    assert caught.value.problem.startswith("Chroma cannot open its store: ")
    assert (caught.value.where, caught.value.hint) == (str(tmp_path / CHROMA_FOLDER), HINT)


def test_file_in_the_place_of_the_folder(tmp_path: Path, words: WordEmbedder) -> None:
    (tmp_path / CHROMA_FOLDER).touch()
    with pytest.raises(LibraryError) as caught:
        ChromaPassages(tmp_path, words, FACTS)
    assert caught.value.problem == "Chroma cannot open its store: File exists (os error 17)"


def test_graph_that_is_damaged(tmp_path: Path, words: WordEmbedder) -> None:
    # Chroma keeps vectors in a log until there are a thousand; only then is there a graph.
    with closing(ChromaPassages(tmp_path / "good", words, FACTS)) as chroma:
        chroma.replace(["a"], nodes("a", tuple(f"Sentence {n}." for n in range(1_100))))
    # A copy, since what this process has read of the first one it keeps in memory.
    shutil.copytree(tmp_path / "good", tmp_path / "bad")
    [header] = (tmp_path / "bad").rglob("header.bin")
    header.write_bytes(b"junk")
    with (
        closing(ChromaPassages(tmp_path / "bad", words, FACTS)) as chroma,
        pytest.raises(LibraryError) as caught,
    ):
        chroma.nearest("zebras", 5)
    assert caught.value.problem.startswith("Chroma cannot use its store: ")
    assert (caught.value.where, caught.value.hint) == (str(tmp_path / "bad" / "chroma"), HINT)
