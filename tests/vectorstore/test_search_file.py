"""What is kept of a large library beside its catalog: it follows the papers, or is made again."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from embedders import WordEmbedder

from ingest.indexing import index_pending
from vectorstore import search_file
from vectorstore.abstract_vectors import AbstractVectors, NearAbstracts
from vectorstore.array_file import read_arrays
from vectorstore.catalog import Catalog
from vectorstore.embedding import Embedder
from vectorstore.errors import LibraryError
from vectorstore.filters import Filters
from vectorstore.library import Library, open_library
from vectorstore.near_copies import search_distinct
from vectorstore.paper_index import PaperIndex, make_index
from vectorstore.records import Paper, Source
from vectorstore.search import search
from vectorstore.search_file import SEARCH_FILE
from vectorstore.similar import similar_papers
from vectorstore.snapshot import Snapshot

MakeLibrary = Callable[[Sequence[Paper], Embedder], Library]

WORDS = "bread crust starter oven kiln glaze weft loom reed grass herd hoof".split()
EMBEDDER = WordEmbedder(token_dimension=16)


def a_paper(number: int) -> Paper:
    word, other = WORDS[number % 12], WORDS[number % 7]
    return Paper(
        id=f"p{number:02}",
        title=f"Q{number}Net: {word.title()}",
        abstract=f"The {word} and the {other} of case {number} (QC{number}).",
        published=date(2024, 1 + number % 12, 1) if number % 4 else None,
        author_count=number % 3,
        authors=(f"Ann Baker{number}",),
        organization=("Mill", "Dairy", None)[number % 3],
        categories=("a.AA", "b.BB")[: number % 3],
        venue="Bread 2024" if number % 5 else None,
        sources=(Source(f"file-{number % 4}.txt", number),),
    )


PAPERS = tuple(a_paper(number) for number in range(24))


@pytest.fixture(autouse=True)
def _all_are_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vectorstore.snapshot.RESIDENT_PAPERS", 3)


@pytest.fixture
def library(make_library: MakeLibrary) -> Library:
    return make_library(PAPERS, EMBEDDER)


def file_of(library: Library) -> Path:
    return library.home / SEARCH_FILE


def token(library: Library) -> str:
    found = read_arrays(file_of(library))
    assert found is not None
    return str(found.facts["token"])


def read_anew(catalog: Catalog) -> PaperIndex:
    return make_index(catalog.overview(), EMBEDDER.dimension)


def assert_says_what_the_catalog_does(snapshot: Snapshot, catalog: Catalog) -> None:
    index, expected = snapshot.index, read_anew(catalog)
    assert index.numbers.tolist() == expected.numbers.tolist()
    assert tuple(index.titles) == expected.titles
    assert list(index.row_by_id.items()) == list(expected.row_by_id.items())
    for name, column in expected.columns.counts.items():
        assert index.columns.counts[name].tolist() == column.tolist()
    rows = np.arange(len(index))
    for text, texts in expected.columns.texts.items():
        assert index.columns.texts[text].at(rows) == texts.at(rows)
    np.testing.assert_array_equal(index.whole, expected.whole)
    np.testing.assert_array_equal(index.units(rows), expected.units(rows))
    names = {(paper.organization or "").lower() for paper in catalog.papers().values()}
    assert snapshot.organizations == names - {""}
    for asked in ("bread", "kilns and glazes"):
        vector = EMBEDDER.embed_question(asked).pooled
        near = NearAbstracts(index.columns.vectors, vector).nearest(rows, 4, compared=len(rows))
        best = NearAbstracts(expected.columns.vectors, vector).nearest(rows, 4, len(rows))
        assert set(near) == set(best)


@contextmanager
def opened_again(library: Library) -> Iterator[Library]:
    """Open a copy of the library, as it would be after a kill."""
    home = library.home.with_name("copy")
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(library.home, home, ignore=shutil.ignore_patterns("*.lock"))
    with open_library(home, EMBEDDER) as copy:
        yield copy


def test_made_once(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    assert_says_what_the_catalog_does(library.snapshot(), library.catalog)
    with opened_again(library) as again:
        with monkeypatch.context() as patch:
            patch.setattr(Catalog, "overviews", None)  # nobody reads all papers
            patch.setattr(Catalog, "stem_counts", None)  # or counts all words
            snapshot = again.snapshot()
        assert_says_what_the_catalog_does(snapshot, again.catalog)
        assert token(again) == token(library)


def change_some(library: Library) -> None:
    """Rewrite, relabel, add and remove papers, at both ends and in the middle."""
    library.add([Paper("p03", "Q3Net: Wefts anew", "Looms of zebrawood.")], [])
    library.add([], [Paper(**{**_fields(PAPERS[8]), "organization": "Zoo"})])
    library.add([a_paper(30), a_paper(31)])
    library.remove(["p00", "p10", "p11", "p23"])
    index_pending(library)


def _fields(paper: Paper) -> dict[str, object]:
    return {name: getattr(paper, name) for name in Paper.__dataclass_fields__}


@pytest.mark.parametrize("at_once", [100, 1], ids=["read again", "written anew"])
def test_papers_that_change(
    library: Library, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(search_file, "FEWEST_CHANGES", at_once)
    monkeypatch.setattr(search_file, "ANEW_SHARE", 1)
    before = library.snapshot(), token(library)
    change_some(library)
    after = library.snapshot()
    assert_says_what_the_catalog_does(after, library.catalog)
    assert (token(library) == before[1]) is (at_once == 100)
    assert after.vocabulary.papers_with("zebrawood") == 1
    assert after.vocabulary.long_form("QC31") is None  # it is not defined, but named
    assert before[0].index.numbers.tolist() == list(range(1, 25))  # who has it goes on
    with opened_again(library) as again:
        assert_says_what_the_catalog_does(again.snapshot(), again.catalog)
    change_some(library)
    assert_says_what_the_catalog_does(library.snapshot(), library.catalog)


def test_no_search_copies_all_vectors(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_file, "ANEW_SHARE", 1)
    library.snapshot()
    change_some(library)
    expected = [hit.paper.id for hit in search(library, "bread in an oven", 5).hits]
    nearest = [similar.paper.id for similar in similar_papers(library, "p12", 3)]
    monkeypatch.setattr(AbstractVectors, "matrix", None)
    found = search_distinct(library, "bread in an oven", 5)
    assert [hit.paper.id for hit in found.hits] == expected
    assert [similar.paper.id for similar in similar_papers(library, "p12", 3)] == nearest


def test_all_papers_change(library: Library) -> None:
    first = library.snapshot() and token(library)
    library.make_passages_anew()
    index_pending(library)
    assert_says_what_the_catalog_does(library.snapshot(), library.catalog)
    assert token(library) != first


def test_words_are_counted_again(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FEWEST_CHANGES", "ANEW_SHARE"):
        monkeypatch.setattr(search_file, name, 1)
    for share, papers in ((2, 3), (100, 2)):  # 24 papers, of which two say "grass"
        monkeypatch.setattr(search_file, "RECOUNTED_SHARE", share)
        library.snapshot()
        library.add([], [PAPERS[9], PAPERS[1]])
        assert library.snapshot().vocabulary.papers_with("grass") == papers


def test_undone_changes(library: Library) -> None:
    with library.rehearsing():
        library.catalog.save([a_paper(40)])
        library.catalog.file.rows("SELECT 1")
    assert_says_what_the_catalog_does(library.snapshot(), library.catalog)
    first = token(library)
    with suppress(RuntimeError), library.changing():
        library.catalog.save([], [Paper("p01", "No", "No.")])
        raise RuntimeError
    assert_says_what_the_catalog_does(library.snapshot(), library.catalog)
    assert token(library) == first


@pytest.mark.parametrize("damage", ["cut", "other", "gone", "of another state", "half written"])
def test_a_file_that_does_not_fit(library: Library, damage: str, tmp_path: Path) -> None:
    library.snapshot()
    file, first = file_of(library), token(library)
    shutil.copy(file, tmp_path / "earlier")
    if damage == "cut":
        file.write_bytes(file.read_bytes()[:-9])
    elif damage == "other":
        file.write_bytes(b"bread" * 100)
    elif damage == "gone":
        file.unlink()
    elif damage == "half written":
        file.with_name(f"{SEARCH_FILE}.new").write_bytes(b"bread")
    library.make_passages_anew()
    index_pending(library)
    if damage == "of another state":
        library.snapshot()
        shutil.copy(tmp_path / "earlier", file)
        library.add([], [PAPERS[2]])
    assert_says_what_the_catalog_does(library.snapshot(), library.catalog)
    assert token(library) != first


def test_killed_before_the_catalog_knows_the_file(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(search_file, "start_log", killed)
        with pytest.raises(KeyboardInterrupt):
            library.snapshot()
    first = token(library)
    library.add([], [Paper("p05", "Q5Net: Reeds", "Reeds.")])
    assert_says_what_the_catalog_does(library.snapshot(), library.catalog)
    assert token(library) != first


def test_no_room_for_a_file(library: Library) -> None:
    file_of(library).with_name(f"{SEARCH_FILE}.new").mkdir()
    assert_says_what_the_catalog_does(library.snapshot(), library.catalog)
    assert not file_of(library).exists()
    assert search(library, "glaze of kilns", 3).hits[0].paper.title.endswith("Glaze")


def test_no_room_in_the_catalog_for_the_log(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise LibraryError("The disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(search_file, "start_log", full)
        assert_says_what_the_catalog_does(library.snapshot(), library.catalog)
    library.add([], [PAPERS[2]])
    assert_says_what_the_catalog_does(library.snapshot(), library.catalog)


def test_searched_as_a_small_one(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    filters = (Filters(), Filters(category="b"), Filters(venue="bread", min_authors=1))
    asked = ("Q7Net", "starters of case 2", "crusts", "What is QC9?")

    def found() -> list[list[tuple[str, float]]]:
        results = [search(library, each, 5, limit) for each in asked for limit in filters]
        return [[(hit.paper.id, hit.fused) for hit in result.hits] for result in results]

    large = found()
    monkeypatch.setattr("vectorstore.snapshot.RESIDENT_PAPERS", 1_000)
    library.add([], PAPERS[:1])
    for ours, expected in zip(large, found(), strict=True):
        assert [paper for paper, _ in ours] == [paper for paper, _ in expected]
        assert [fused for _, fused in ours] == pytest.approx([fused for _, fused in expected])


def test_a_title_is_that_of_now(library: Library) -> None:
    index = library.snapshot().index
    library.add([], [Paper("p05", "Q5Net: Reeds", PAPERS[5].abstract)])
    library.remove(["p06"])
    assert (index.titles[5], index.titles[6], len(index.titles)) == ("Q5Net: Reeds", "", 24)
    assert index.titles[-2:] == (PAPERS[22].title, PAPERS[23].title)
    assert index.titles_at(np.array([7, 6])) == [PAPERS[7].title, ""]
    assert ("p06" in index.row_by_id, index.row_by_id.get("p07"), "x" in index.row_by_id) == (
        False,
        7,
        False,
    )
    assert list(index.row_by_id)[5:8] == ["p05", "", "p07"]
