from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Thread

import pytest
from embedders import WordEmbedder

from ingest.entries import Skipped
from ingest.errors import IngestError
from ingest.ingesting import ingest_paths
from ingest.report import IngestReport
from vectorstore.catalog import CatalogCounts
from vectorstore.library import Library, open_library
from vectorstore.records import Paper, Source, paper_id_from_title
from vectorstore.search import search

PAGES = Path(__file__).parents[2] / "data" / "daily-papers"
CACHES = "On Caches\n\nCaches are paged to disk.\n\n"
ZEBRAS = "On Zebras\n\nZebras graze on grass.\n\n"
TAIL = "  • 4 authors\n·\nJul 2, 2024\n\n"


@pytest.fixture
def words() -> WordEmbedder:
    return WordEmbedder()


@pytest.fixture
def library(tmp_path: Path, words: WordEmbedder) -> Iterator[Library]:
    with open_library(tmp_path / "library", words) as library:
        yield library


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "a.txt").write_text(CACHES + TAIL + ZEBRAS + TAIL, "utf-8")
    return folder


def outcome(report: IngestReport) -> IngestReport:
    """Leave out the time, which nobody can know in advance, and which papers are counted."""
    assert report.seconds > 0
    return replace(report, seconds=0.0, new_ids=(), updated_ids=())


def figures(**counts: int) -> IngestReport:
    zero = dict.fromkeys(("files", "entries", "new", "updated", "unchanged", "duplicates"), 0)
    return IngestReport(**{**zero, **counts}, skipped=(), seconds=0.0)


def best(library: Library, question: str) -> str:
    return search(library, question, 1).hits[0].paper.title


def test_shipped_pages(shipped_report: IngestReport, shipped_library: Library) -> None:
    assert outcome(shipped_report) == figures(files=5, entries=429, new=365, duplicates=64)
    counts = shipped_library.counts()
    assert counts == CatalogCounts(
        365,
        0,
        shipped_library.chroma.count(),
        dated=283,
        with_author_count=273,
        with_organization=10,
    )
    assert counts.passages > 4 * 365


def test_shipped_pages_again(shipped_library: Library, words: WordEmbedder) -> None:
    papers, counts = shipped_library.catalog.papers(), shipped_library.counts()
    same = Library(shipped_library.home, words, shipped_library.catalog, shipped_library.chroma)
    report = ingest_paths(same, [PAGES])
    assert outcome(report) == figures(files=5, entries=429, unchanged=365, duplicates=64)
    assert words.texts == []
    assert (shipped_library.catalog.papers(), shipped_library.counts()) == (papers, counts)


def test_page_after_page(library: Library) -> None:
    reports = [ingest_paths(library, [page]) for page in sorted(PAGES.glob("*.txt"))[:3]]
    together = ingest_paths(library, sorted(PAGES.glob("*.txt"))[:3])
    assert sum(report.new for report in reports) == together.unchanged == library.counts().papers
    assert (together.new, together.updated) == (0, 0)


def test_papers_as_they_are_stored(library: Library, pages: Path) -> None:
    ingest_paths(library, [pages])
    file = str(pages / "a.txt")
    expected = [
        Paper(
            id=paper_id_from_title(title),
            title=title,
            abstract=abstract,
            published=date(2024, 7, 2),
            author_count=4,
            sources=(Source(file, line),),
        )
        for title, abstract, line in [
            ("On Caches", "Caches are paged to disk.", 1),
            ("On Zebras", "Zebras graze on grass.", 9),
        ]
    ]
    assert list(library.catalog.papers().values()) == expected


def test_second_run_does_nothing(library: Library, pages: Path, words: WordEmbedder) -> None:
    assert outcome(ingest_paths(library, [pages])) == figures(files=1, entries=2, new=2)
    words.texts.clear()
    progress: list[tuple[int, int]] = []
    again = ingest_paths(library, [pages], lambda *step: progress.append(step))
    assert outcome(again) == figures(files=1, entries=2, unchanged=2)
    assert (words.texts, progress) == ([], [(0, 0)])


def test_edited_abstract(library: Library, pages: Path, words: WordEmbedder) -> None:
    ingest_paths(library, [pages])
    words.texts.clear()
    edited = ZEBRAS.replace("Zebras graze on grass.", "They drink.")
    (pages / "a.txt").write_text(CACHES + TAIL + edited + TAIL, "utf-8")
    report = ingest_paths(library, [pages])
    assert outcome(report) == figures(files=1, entries=2, updated=1, unchanged=1)
    assert words.texts == ["On Zebras\nThey drink."]
    assert best(library, "Who drinks?") == "On Zebras"
    assert library.catalog.match_words('"graze"', 5) == {}
    assert library.counts().passages == library.chroma.count() == 2


def test_new_date_is_no_reason_to_embed(library: Library, pages: Path, words: WordEmbedder) -> None:
    ingest_paths(library, [pages])
    words.texts.clear()
    later = TAIL.replace("Jul 2", "Jul 3").replace("4 authors", "5 authors")
    (pages / "a.txt").write_text(CACHES + TAIL + ZEBRAS + later, "utf-8")
    report = ingest_paths(library, [pages])
    assert outcome(report) == figures(files=1, entries=2, updated=1, unchanged=1)
    assert words.texts == []
    zebras = library.catalog.papers()[paper_id_from_title("On Zebras")]
    assert (zebras.published, zebras.author_count) == (date(2024, 7, 3), 5)
    assert best(library, "Who grazes?") == "On Zebras"


def test_further_page(library: Library, pages: Path, words: WordEmbedder) -> None:
    ingest_paths(library, [pages])
    words.texts.clear()
    # A paper that moved to another page of the same listing is still the same paper.
    looms = "On Looms\n\nA weaver sees patterns.\n\n"
    (pages / "b.txt").write_text(looms + TAIL + ZEBRAS + TAIL, "utf-8")
    report = ingest_paths(library, [pages])
    assert outcome(report) == figures(
        files=2, entries=4, new=1, updated=0, unchanged=2, duplicates=1
    )
    assert words.texts == ["On Looms\nA weaver sees patterns."]
    zebras = library.catalog.papers()[paper_id_from_title("On Zebras")]
    assert zebras.sources == (Source(str(pages / "a.txt"), 9), Source(str(pages / "b.txt"), 9))


def test_missing_page_takes_nothing_away(library: Library, pages: Path) -> None:
    ingest_paths(library, [pages])
    (pages / "a.txt").write_text(CACHES + TAIL, "utf-8")
    report = ingest_paths(library, [pages])
    assert outcome(report) == figures(files=1, entries=1, unchanged=1)
    assert library.counts().papers == 2


def test_bad_files_among_good_ones(library: Library, pages: Path) -> None:
    (pages / "b.txt").write_bytes(b"\x89PNG\0\xff")
    (pages / "c.txt").write_text("", "utf-8")
    (pages / "d.txt").write_text(f"{CACHES}{TAIL}A Title Alone\n\n{TAIL}", "utf-8")
    report = ingest_paths(library, [pages])
    skipped = (
        Skipped(str(pages / "b.txt"), 1, "a binary file, not text", ends_file=True),
        Skipped(str(pages / "c.txt"), 1, "an empty file"),
        Skipped(str(pages / "d.txt"), 9, 'a title without an abstract: "A Title Alone"'),
    )
    expected = figures(files=4, entries=3, new=2, duplicates=1)
    assert outcome(report) == replace(expected, skipped=skipped, skipped_count=3)
    assert library.counts().pending == 0


def test_missing_path_stops_everything(library: Library, pages: Path) -> None:
    with pytest.raises(IngestError):
        ingest_paths(library, [pages, pages / "nowhere"])
    assert library.counts().papers == 0


def test_nothing_named(library: Library) -> None:
    assert outcome(ingest_paths(library, [])) == figures()


def test_papers_left_by_an_earlier_run_are_finished(
    library: Library, pages: Path, words: WordEmbedder
) -> None:
    ingest_paths(library, [pages])
    library.catalog.mark_all_pending()
    words.texts.clear()
    shutil.rmtree(pages)
    pages.mkdir()
    report = ingest_paths(library, [pages])
    assert (report.new, report.updated, report.unchanged) == (0, 0, 0)
    assert library.counts() == CatalogCounts(2, 0, 2, 2, 2, 0)
    assert len(words.texts) == 2


def ids(*titles: str) -> tuple[str, ...]:
    return tuple(map(paper_id_from_title, titles))


def test_which_papers_are_new_and_updated(library: Library, pages: Path) -> None:
    report = ingest_paths(library, [pages])
    assert (report.new_ids, report.updated_ids) == (ids("On Caches", "On Zebras"), ())
    edited, looms = ZEBRAS.replace("graze", "drink"), "On Looms\n\nA weaver sees patterns.\n\n"
    dated = CACHES + TAIL.replace("Jul 2", "Jul 3")
    (pages / "a.txt").write_text(dated + edited + TAIL + looms + TAIL, "utf-8")
    report = ingest_paths(library, [pages])
    assert (report.new_ids, report.updated_ids) == (ids("On Looms"), ids("On Caches", "On Zebras"))
    # One more place is no news of a paper.
    (pages / "b.txt").write_text(looms + TAIL, "utf-8")
    report = ingest_paths(library, [pages])
    assert (report.new_ids, report.updated_ids) == ((), ())


def test_report_names_no_more_papers_than_anybody_looks_through(
    library: Library, pages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.report.NAMED_PAPERS", 1)
    report = ingest_paths(library, [pages])
    assert (report.new, report.new_ids) == (2, ids("On Caches"))


def test_second_run_waits_for_the_first(library: Library, pages: Path) -> None:
    ended: list[str] = []

    def run_again(done: int, _total: int) -> None:
        if not done:
            second.start()
            second.join(0.2)  # time enough to come to an end, if it did not wait
            ended.append("first, before it was done")

    second = Thread(target=lambda: (ingest_paths(library, [pages]), ended.append("second")))
    ingest_paths(library, [pages], run_again)
    second.join()
    assert ended == ["first, before it was done", "second"]
    assert library.counts() == CatalogCounts(2, 0, 2, 2, 2, 0)
