"""Files that were sent: read from memory, known by a name that is never a path."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest
from embedders import WordEmbedder
from hypothesis import given
from hypothesis import strategies as st

from ingest.entries import Skipped
from ingest.uploads import LONGEST_NAME, Upload, ingest_uploads, name_problem
from vectorstore.library import Library, open_library
from vectorstore.records import Paper, Source, paper_id_from_title

BREAD = "On Bread\n\nDough rises overnight.\n\n  • 4 authors\n·\nJul 2, 2024\n\n".encode()
SOUP = "On Soup\n\nBroth simmers slowly.\n\n  • 4 authors\n·\nJul 2, 2024\n\n".encode()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with open_library(tmp_path / "library", WordEmbedder()) as library:
        yield library


def bread(abstract: str, *sources: Source) -> Paper:
    return Paper(
        paper_id_from_title("On Bread"),
        "On Bread",
        abstract,
        date(2024, 7, 2),
        author_count=4,
        sources=sources,
    )


def test_papers_are_known_by_the_name_that_was_sent(library: Library) -> None:
    report = ingest_uploads(library, [Upload("Bread & <b>.txt", BREAD)])
    paper = bread("Dough rises overnight.", Source("uploaded/Bread & <b>.txt", 1))
    assert library.catalog.papers() == {paper.id: paper}
    assert (report.files, report.entries, report.new, report.new_ids) == (1, 1, 1, (paper.id,))
    assert report.seconds > 0


def test_file_that_comes_again_is_read_anew(library: Library) -> None:
    ingest_uploads(library, [Upload("bread.txt", BREAD)])
    edited = BREAD.replace(b"Dough rises overnight.", b"It rises.")
    report = ingest_uploads(library, [Upload("bread.txt", edited)])
    paper = bread("It rises.", Source("uploaded/bread.txt", 1))
    assert library.catalog.papers() == {paper.id: paper}
    assert (report.new, report.updated, report.updated_ids) == (0, 1, (paper.id,))


def test_bad_files_leave_the_others_alone(library: Library) -> None:
    uploads = [
        Upload("../../bread.txt", BREAD),
        Upload("picture.txt", b"\x89PNG\0\xff"),
        Upload("nothing.txt", b""),
        Upload("soup.txt", SOUP),
    ]
    report = ingest_uploads(library, uploads)
    assert report.skipped == (
        Skipped('"../../bread.txt"', 1, "a file name with a path in it"),
        Skipped("uploaded/picture.txt", 1, "a binary file, not text", ends_file=True),
        Skipped("uploaded/nothing.txt", 1, "an empty file"),
    )
    assert [paper.title for paper in library.catalog.papers().values()] == ["On Soup"]
    assert (report.files, report.new) == (4, 1)


def test_archives_are_read_from_memory(library: Library) -> None:
    data = io.BytesIO()
    with ZipFile(data, "w") as archive:
        archive.writestr("pages/bread.txt", BREAD)
        archive.writestr("../soup.txt", SOUP)
    report = ingest_uploads(library, [Upload("pages.zip", data.getvalue())])
    paper = bread("Dough rises overnight.", Source("uploaded/pages.zip/pages/bread.txt", 1))
    assert library.catalog.papers() == {paper.id: paper}
    reason = '"../soup.txt" was left out: its name is a path out of the archive'
    assert report.skipped == (Skipped("uploaded/pages.zip", 1, reason),)


def test_files_of_one_name(library: Library) -> None:
    names = ("page.txt", "page.txt", "../x.txt", "../x.txt")
    uploads = [Upload(name, (BREAD, SOUP)[at % 2]) for at, name in enumerate(names)]
    report = ingest_uploads(library, uploads)
    refused = "a file name with a path in it"
    assert report.skipped == (
        Skipped('"../x.txt"', 1, refused),
        Skipped('"../x.txt (2)"', 1, refused),
    )
    assert {paper.title: paper.sources for paper in library.catalog.papers().values()} == {
        "On Bread": (Source("uploaded/page.txt", 1),),
        "On Soup": (Source("uploaded/page.txt (2)", 1),),
    }


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("page.txt", ""),
        ("Página 2 (копия).TXT", ""),
        ("<img src=x onerror=alert(1)>.txt", ""),
        (".hidden", ""),
        ("\N{MAN}\N{ZERO WIDTH JOINER}\N{COOKING}.txt", ""),
        ("x" * LONGEST_NAME, ""),
        ("x" * (LONGEST_NAME + 1), "a file name of 201 characters"),
        ("", "a file without a name"),
        (" .. ", "a file without a name"),
        ("../page.txt", "a file name with a path in it"),
        ("/etc/hosts", "a file name with a path in it"),
        ("C:\\page.txt", "a file name with a path in it"),
        ("page\0.txt", "a file name with control characters"),
        ("page\n.txt", "a file name with control characters"),
        ("\N{RIGHT-TO-LEFT OVERRIDE}txt.exe", "a file name with control characters"),
        ("page\N{LINE SEPARATOR}.txt", "a file name with control characters"),
        ("page\ud800.txt", "a file name with control characters"),
    ],
)
def test_names(name: str, problem: str) -> None:
    assert name_problem(name) == problem


@given(name=st.text())
def test_any_name_is_refused_or_one_line_of_text(name: str) -> None:
    assert name_problem(name) or (name.splitlines() == [name] and name.encode("utf-8"))
