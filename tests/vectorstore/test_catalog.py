from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.abbreviations import Abbreviation
from vectorstore.catalog import (
    Catalog,
    CatalogCounts,
    OverviewRow,
    PaperVectors,
    StoredVectors,
)
from vectorstore.catalog_file import DAMAGE_HINT, LOST_HINT
from vectorstore.errors import LibraryError
from vectorstore.library_state import read_state
from vectorstore.question_words import question_words
from vectorstore.records import Paper, Source, Span

FULL = Paper(
    id="2407.02447",
    title="PLeaS: Merging Models",
    abstract="We merge models. It works.",
    published=date(2024, 7, 2),
    author_count=4,
    authors=("Anshul Nasery", "Zoë O'Neill"),
    organization="AI at Meta",
    comment_count=0,
    url="https://example.org/a?b=c&d",
    sources=(Source("/pages/a.txt", 13), Source("/pages/ü.txt", 9)),
)
BARE = Paper("b", "Serving", "Caches are paged.")

HOSTILE = (
    "She said \"no\" OR '1'='1'; DROP TABLE papers; --",
    'title:x AND NEAR(a b) NOT c* ^d - + "',
    "a\0b",
    "\n\t\r ",
    "<script>alert(1)</script> %s {} \\x \\",
    "\N{BELL} \N{RIGHT-TO-LEFT OVERRIDE} \U0001f9e0 \N{ZERO WIDTH JOINER}",
    "long " * 40_000,
)


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with closing(Catalog(tmp_path / "catalog.sqlite3")) as catalog:
        yield catalog


def vectors_of(
    paper_id: str, passages: int = 2, abbreviations: Sequence[Abbreviation] = ()
) -> PaperVectors:
    matrix = np.array([[1.0, 0.0], [0.6, -0.8], [0.0, 1.0]], np.float32)
    tokens = np.array([[0.0, 1.0, 0.0], [0.0, 0.0, -1.0]], np.float32)
    spans = (Span(0, 16), Span(17, 26))
    return PaperVectors(paper_id, spans, matrix, tokens, passages, tuple(abbreviations))


def int8(*values: int) -> bytes:
    return np.array(values, np.int8).tobytes()


def stored(number: int) -> StoredVectors:
    """Return what comes back of `vectors_of`."""
    return StoredVectors(
        number,
        whole=int8(127, 0),
        sentences="[[0, 16], [17, 26]]",
        sentence_vectors=int8(95, -127, 0, 127),
        token_vectors=int8(0, 127, 0, 0, 0, -127),
        token_dimension=3,
    )


def save_indexed(catalog: Catalog, *papers: Paper) -> None:
    catalog.save(papers)
    catalog.mark_indexed([vectors_of(paper.id) for paper in papers])


def pending(catalog: Catalog) -> list[str]:
    papers = catalog.pending_papers(9)
    assert len(papers) == catalog.pending_count()
    return [paper.id for paper in papers]


def matched(catalog: Catalog, words: Sequence[str], limit: int = 9) -> list[str]:
    """Return the ids of the papers that have any of the words, best first."""
    numbers = catalog.match_words(" OR ".join(f'"{word}"' for word in words), limit)
    return [paper.id for paper in catalog.papers_by_number(list(numbers))]


def test_every_detail_comes_back(tmp_path: Path) -> None:
    file = tmp_path / "catalog.sqlite3"
    with closing(Catalog(file)) as catalog:
        catalog.save([FULL, BARE])
    with closing(Catalog(file)) as catalog:
        assert catalog.papers() == {FULL.id: FULL, "b": BARE}


def test_papers_asked_for_by_id(catalog: Catalog) -> None:
    catalog.save([FULL, BARE, replace(BARE, id="'c'")])
    assert catalog.papers(["b", "'c'", "unknown", "b"]) == {
        "b": BARE,
        "'c'": replace(BARE, id="'c'"),
    }
    assert catalog.papers([]) == {}


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text(catalog: Catalog, text: str) -> None:
    paper = Paper("a", text, text, authors=(text,), sources=(Source(text, 1),), url=text)
    save_indexed(catalog, paper, BARE)
    assert catalog.papers() == {"a": paper, "b": BARE}
    for word in question_words(text):
        assert matched(catalog, [word]) == ["a"]


@given(text=st.text(max_size=60))
def test_any_words_can_be_asked_for(shared: Catalog, text: str) -> None:
    words = question_words(text)
    assert set(matched(shared, words) if words else []) <= {FULL.id, "b"}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalog]:
    with closing(Catalog(tmp_path_factory.mktemp("shared") / "catalog.sqlite3")) as catalog:
        save_indexed(catalog, FULL, BARE)
        yield catalog


def test_counts(catalog: Catalog) -> None:
    assert catalog.counts() == CatalogCounts(0, 0, 0, 0, 0, 0)
    catalog.save([FULL, BARE, replace(BARE, id="c", author_count=1)])
    assert catalog.counts() == CatalogCounts(3, 3, 0, 1, 2, 1)
    catalog.mark_indexed([vectors_of("c", 5), vectors_of(FULL.id, 2)])
    assert catalog.counts() == CatalogCounts(3, 1, 7, 1, 2, 1)
    assert pending(catalog) == ["b"]


def test_pending_papers_come_oldest_first(catalog: Catalog) -> None:
    catalog.save([replace(BARE, id=name) for name in "zam"])
    assert pending(catalog) == ["z", "a", "m"]
    catalog.mark_indexed([vectors_of("a")])
    assert pending(catalog) == ["z", "m"]
    assert [paper.id for paper in catalog.pending_papers(1)] == ["z"]
    catalog.mark_all_pending()
    assert pending(catalog) == ["z", "a", "m"]


def test_vectors_come_back_as_they_are_stored(catalog: Catalog) -> None:
    save_indexed(catalog, FULL, BARE)
    catalog.save([replace(BARE, id="c")])
    assert catalog.vectors([2, 1, 3, 99, 2]) == [stored(1), stored(2)]
    assert catalog.vectors([]) == []


def test_vectors_of_a_paper_without_sentences_and_of_a_model_without_tokens(
    catalog: Catalog,
) -> None:
    catalog.save([BARE])
    whole = np.array([[0.0, 1.0]], np.float32)
    catalog.mark_indexed([PaperVectors("b", (), whole, np.zeros((0, 0), np.float32), 0)])
    assert catalog.vectors([1]) == [StoredVectors(1, int8(0, 127), "[]", b"", b"", 0)]


def test_vectors_of_a_paper_without_tokens(catalog: Catalog) -> None:
    catalog.save([BARE])
    vectors = replace(vectors_of("b"), tokens=np.zeros((0, 3), np.float32))
    catalog.mark_indexed([vectors])
    assert catalog.vectors([1]) == [replace(stored(1), token_vectors=b"")]


def test_vectors_of_a_paper_that_is_not_there(catalog: Catalog) -> None:
    save_indexed(catalog, BARE)
    catalog.mark_indexed([vectors_of("unknown")])
    assert catalog.vectors([1, 2]) == [stored(1)]
    assert catalog.counts() == CatalogCounts(1, 0, 2, 0, 0, 0)


def test_overview_of_indexed_papers(catalog: Catalog) -> None:
    save_indexed(catalog, BARE, FULL)
    catalog.save([replace(BARE, id="c")])
    assert catalog.overview() == [
        OverviewRow(1, "b", "Serving", int8(127, 0), None, None, None, None, "[]"),
        OverviewRow(
            2,
            FULL.id,
            FULL.title,
            int8(127, 0),
            "2024-07-02",
            4,
            "AI at Meta",
            0,
            '[["/pages/a.txt", 13], ["/pages/ü.txt", 9]]',
        ),
    ]


def test_papers_by_number_come_in_the_order_asked_for(catalog: Catalog) -> None:
    catalog.save([FULL, BARE])
    assert catalog.papers_by_number([2, 99, 1, 2]) == [BARE, FULL, BARE]
    assert catalog.papers_by_number([]) == []


def test_titles_and_number_of_papers(catalog: Catalog) -> None:
    assert (catalog.titles(), catalog.paper_count()) == ((), 0)
    catalog.save([FULL, BARE])
    assert (catalog.titles(), catalog.paper_count()) == (("PLeaS: Merging Models", "Serving"), 2)


def test_abbreviations(catalog: Catalog) -> None:
    moe = Abbreviation("MoE", "Mixture of Experts")
    llm, kv = Abbreviation("LLM", "large language model"), Abbreviation("KV", "key-value")
    catalog.save([FULL, BARE])
    catalog.mark_indexed([vectors_of("b", 2, [kv]), vectors_of(FULL.id, 2, [moe, llm])])
    assert catalog.abbreviations() == [
        (1, "LLM", "large language model"),
        (1, "MoE", "Mixture of Experts"),
        (2, "KV", "key-value"),
    ]
    catalog.mark_indexed([vectors_of(FULL.id, 2, [moe]), vectors_of("b", 2)])
    assert catalog.abbreviations() == [(1, "MoE", "Mixture of Experts")]


def test_metadata_changes_and_the_state_stays(catalog: Catalog) -> None:
    save_indexed(catalog, BARE)
    dated = replace(BARE, published=date(2025, 1, 1), comment_count=3, organization="Apple")
    catalog.save([], [dated])
    assert catalog.papers() == {"b": dated}
    assert catalog.counts() == CatalogCounts(1, 0, 2, 1, 0, 1)
    assert catalog.vectors([1]) == [stored(1)]
    [row] = catalog.overview()
    assert (row.published, row.comment_count, row.organization) == ("2025-01-01", 3, "Apple")


def test_details_can_be_taken_away(catalog: Catalog) -> None:
    catalog.save([FULL])
    bare = Paper(FULL.id, FULL.title, FULL.abstract)
    catalog.save([], [bare])
    assert catalog.papers() == {FULL.id: bare}


def test_rewritten_paper_waits_again_and_keeps_its_place(catalog: Catalog) -> None:
    save_indexed(catalog, BARE, FULL)
    rewritten = replace(BARE, abstract="Pages are cached.")
    catalog.save([rewritten])
    assert list(catalog.papers().values()) == [rewritten, FULL]
    assert catalog.counts() == CatalogCounts(2, 1, 2, 1, 1, 1)
    assert [row.paper_id for row in catalog.overview()] == [FULL.id]
    # Whoever searches by what it read before finds the vectors that belong to that.
    assert catalog.vectors([1, 2]) == [stored(1), stored(2)]


def test_index_of_words_follows_the_text(catalog: Catalog) -> None:
    save_indexed(catalog, BARE, FULL)
    save_indexed(catalog, replace(BARE, title="Zebras", abstract="They graze."))
    asked = {"serving": [], "paged": [], "zebra": ["b"], "graze": ["b"], "merging": [FULL.id]}
    assert {word: matched(catalog, [word]) for word in asked} == asked
    stems, forms = catalog.stem_counts(), catalog.form_counts()
    assert sorted(stems) == "graze it merg model plea thei we work zebra".split()
    assert sorted(forms) == "graze it merge merging models pleas they we works zebras".split()
    assert {*stems.values(), *forms.values()} == {1}
    # The indexes compare themselves with the papers and complain where they differ.
    with closing(sqlite3.connect(catalog.file.path)) as connection:
        connection.execute("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)")
        connection.execute("INSERT INTO forms (forms, rank) VALUES ('integrity-check', 1)")


def test_counts_of_stems_and_forms(catalog: Catalog) -> None:
    texts = {"a": "cache", "b": "A caching cache", "c": "Naïve zebra", "d": "Cached, CACHE"}
    save_indexed(catalog, *(Paper(name, "T", text) for name, text in texts.items()))
    assert catalog.stem_counts() == {"t": 4, "cach": 3, "a": 1, "naiv": 1, "zebra": 1}
    assert catalog.form_counts() == {
        "t": 4,
        "cache": 3,
        "a": 1,
        "caching": 1,
        "naive": 1,
        "zebra": 1,
        "cached": 1,
    }


def test_stem_that_is_no_text(catalog: Catalog) -> None:
    # SQLite's stemmer takes "ing" off and then the last of what it sees as two equal consonants:
    # bytes of one character, half of which stays.
    save_indexed(catalog, Paper("a", "T", "a耀ing"))
    assert catalog.stem_counts() == {"t": 1, "a\N{REPLACEMENT CHARACTER}": 1}
    assert catalog.form_counts() == {"t": 1, "a耀ing": 1}


def test_best_match_comes_first(catalog: Catalog) -> None:
    rest = "and some further words that fill the line"
    save_indexed(
        catalog,
        Paper("elsewhere", "Zebras", f"They graze on grass {rest}"),
        Paper("in the text", "Grass", f"They read a cache {rest}"),
        Paper("in the title", "Caches", f"They graze on a graph {rest}"),
    )
    assert matched(catalog, ["cache"]) == ["in the title", "in the text"]
    scores = list(catalog.match_words('"cache"', 9).values())
    assert scores[0] > scores[1] > 0
    assert matched(catalog, ["cache"], 1) == ["in the title"]
    assert matched(catalog, ["reads", "cache"], 1) == ["in the text"]


def test_best_matches(catalog: Catalog) -> None:
    texts = {"a": "cache", "b": "cache of zebras", "c": "zebra", "d": "cache, cache"}
    save_indexed(catalog, *(Paper(name, "T", text) for name, text in texts.items()))
    everywhere = catalog.match_words('"cache"', 9)
    assert list(everywhere) == [4, 1, 2]
    assert catalog.match_words('"cache"', 2) == {n: everywhere[n] for n in (4, 1)}
    assert catalog.match_words('"cache"', 0) == {}


@pytest.mark.parametrize(
    "word", ["cache", "caches", "caching", "cached", "CACHE", "naïve", "naive", "straße", "模型"]
)
def test_inflections_case_and_accents(catalog: Catalog, word: str) -> None:
    save_indexed(catalog, Paper("a", "T", "A Naïve Caching of 模型, in the Straße."), BARE)
    assert "a" in matched(catalog, [word])


@pytest.mark.parametrize("word", ["ache", "cachet", "naivety", "模"])
def test_other_words(catalog: Catalog, word: str) -> None:
    save_indexed(catalog, Paper("a", "T", "A Naïve Cache of 模型."))
    assert matched(catalog, [word]) == []


def test_many_words(catalog: Catalog) -> None:
    save_indexed(catalog, BARE, FULL)
    assert matched(catalog, [*(f"word{n}" for n in range(5_000)), "serving"]) == ["b"]


def test_facts_are_recorded(tmp_path: Path) -> None:
    file = tmp_path / "catalog.sqlite3"
    with closing(Catalog(file)) as catalog:
        assert catalog.about() == {}
        catalog.describe({"model": "a", "dimension": "2"})
        catalog.describe({"model": "b"})
    with closing(Catalog(file)) as catalog:
        assert catalog.about() == {"model": "b", "dimension": "2"}


def test_batch_is_saved_whole_or_not_at_all(catalog: Catalog) -> None:
    catalog.save([BARE])

    def broken() -> Iterator[Paper]:
        yield FULL
        yield replace(BARE, title="Changed")
        raise ValueError("the reader failed")

    with pytest.raises(ValueError, match="the reader failed"):
        catalog.save(broken())
    assert catalog.papers() == {"b": BARE}


def junk(file: Path) -> None:
    file.write_bytes(b"This is no database. " * 100)


def other_database(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE songs (title TEXT)")


@pytest.mark.parametrize(
    ("prepare", "problem", "hint"),
    [
        (junk, "The catalog cannot be used: file is not a database", DAMAGE_HINT),
        (
            Path.mkdir,
            "catalog.sqlite3 is a folder, a device or a link that leads nowhere, and no file",
            LOST_HINT,
        ),
        (other_database, "This is no catalog, but a database of another program", LOST_HINT),
    ],
)
def test_what_is_no_catalog(tmp_path: Path, prepare: object, problem: str, hint: str) -> None:
    file = tmp_path / "catalog.sqlite3"
    prepare(file)  # type: ignore[operator]
    with pytest.raises(LibraryError) as caught:
        Catalog(file).about()
    assert (caught.value.problem, caught.value.where, caught.value.hint) == (
        problem,
        str(file),
        hint,
    )


@pytest.mark.parametrize("name", ["catalog.sqlite3-wal", "catalog.sqlite3-shm"])
@pytest.mark.parametrize("read_only", [False, True])
@pytest.mark.parametrize("linked", [False, True], ids=["in its place", "linked"])
def test_what_is_in_the_place_of_a_file_beside_it(
    tmp_path: Path, name: str, *, read_only: bool, linked: bool
) -> None:
    file = tmp_path / "catalog.sqlite3"
    Catalog(file).close()
    (tmp_path / name).mkdir()
    opened = file
    if linked:
        opened = tmp_path / "link"
        opened.symlink_to(file)
    with pytest.raises(LibraryError) as caught:
        Catalog(opened, read_only=read_only)
    assert (caught.value.problem, caught.value.where, caught.value.hint) == (
        f"{name} is a folder, a device or a link that leads nowhere, and no file",
        str(tmp_path / name),
        "SQLite keeps a file of that name: move away what is there, and try again.",
    )


def test_place_where_no_file_can_be(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LibraryError, match="unable to open database file"):
        Catalog(tmp_path / "file" / "catalog.sqlite3")


def test_catalog_that_another_program_is_writing(catalog: Catalog) -> None:
    catalog.file._connection.execute("PRAGMA busy_timeout = 10")
    with closing(sqlite3.connect(catalog.file.path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LibraryError, match="database is locked"):
            catalog.save([BARE])
    catalog.save([BARE])
    assert catalog.papers() == {"b": BARE}


def test_catalog_read_only(tmp_path: Path) -> None:
    file = tmp_path / "catalog.sqlite3"
    with pytest.raises(LibraryError, match="unable to open database file"):
        Catalog(file, read_only=True)
    with closing(Catalog(file)) as catalog:
        catalog.save([BARE])
        # Beside whoever writes, and what is not in the file itself yet.
        with closing(Catalog(file, read_only=True)) as reader:
            assert reader.papers() == {"b": BARE}
            with pytest.raises(LibraryError, match="attempt to write a readonly database"):
                reader.save([BARE])
    with closing(Catalog(file, read_only=True)) as reader:
        assert not reader.file.is_empty
    assert list(tmp_path.iterdir()) == [file]


def test_catalog_without_tables_yet(tmp_path: Path) -> None:
    file = tmp_path / "catalog.sqlite3"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")  # and then the process died
    with closing(Catalog(file, read_only=True)) as reader:
        assert reader.file.is_empty
    assert read_state(tmp_path) is None
