from __future__ import annotations

import io
import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.entries import Entry, Noted, Reading, Skipped
from ingest.errors import IngestError
from ingest.files import find_files, read_entries
from ingest.sources import FORMATS, SOURCES
from vectorstore.records import Source

PAGE = "A Paper\n\nIts abstract.\n\n  • 4 authors\n·\nJul 2, 2024\n"


def write(path: Path, data: str | bytes = PAGE) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode("utf-8") if isinstance(data, str) else data)
    return path


def the_paper(path: Path) -> Entry:
    source = Source(str(path), 1)
    return Entry("A Paper", "Its abstract.", source, published=date(2024, 7, 2), author_count=4)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.txt", "a/z.TXT", "a/deep/c.txt", "README.md", ".hidden.txt", ".git/d.txt"):
        write(tmp_path / name)
    return tmp_path


def test_folder_is_searched(folder: Path) -> None:
    found = [folder / "a/deep/c.txt", folder / "a/z.TXT", folder / "b.txt"]
    assert find_files([folder]) == tuple(found)


def test_each_file_once_in_the_order_given(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    named = [Path("b.txt"), folder / "a" / ".." / "b.txt", Path("a"), folder, Path("a/z.TXT")]
    assert find_files(named) == (folder / "b.txt", folder / "a/deep/c.txt", folder / "a/z.TXT")


def test_named_file_is_tried_whatever_its_name(folder: Path) -> None:
    named = [folder / "README.md", folder / ".hidden.txt", folder / ".git"]
    found = [folder / "README.md", folder / ".hidden.txt", folder / ".git/d.txt"]
    assert list(read_entries(named)) == [the_paper(path) for path in found]


def test_links(folder: Path) -> None:
    (folder / "a/loop").symlink_to(folder)
    (folder / "a/same.txt").symlink_to(folder / "b.txt")
    (folder / "a/broken.txt").symlink_to(folder / "nowhere.txt")
    (folder / "a/self.txt").symlink_to(folder / "a/self.txt")
    # A link to a file is the file it leads to, in the place where it was met.
    found = (folder / "a/deep/c.txt", folder / "b.txt", folder / "a/z.TXT")
    assert find_files([folder]) == found


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("missing", "There is no such file or folder"),
        ("b.txt/inside", "There is no such file or folder"),
        ("x" * 300, "The path cannot be looked up: File name too long"),
    ],
)
def test_missing_path_is_an_error_before_anything_is_read(
    folder: Path, name: str, problem: str
) -> None:
    opened: list[Path] = []
    with pytest.raises(IngestError) as caught:
        read_entries([folder, folder / name], opened.append)
    error = caught.value
    assert (error.problem, error.where, error.hint, opened) == (
        problem,
        str(folder / name),
        "Name a file, or a folder that holds some; nothing was read.",
        [],
    )


def test_files_are_read_as_their_entries_are_taken(folder: Path) -> None:
    opened: list[Path] = []
    readings = read_entries([folder], opened.append)
    assert opened == []
    assert next(readings) == the_paper(folder / "a/deep/c.txt")
    assert opened == [folder / "a/deep/c.txt"]
    assert list(readings) == [the_paper(folder / "a/z.TXT"), the_paper(folder / "b.txt")]
    assert opened == [folder / "a/deep/c.txt", folder / "a/z.TXT", folder / "b.txt"]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(PAGE.encode("utf-8"), id="UTF-8"),
        pytest.param(PAGE.encode("utf-8-sig"), id="UTF-8 with a byte order mark"),
        pytest.param(b"\xff\xfe" + PAGE.encode("utf-16-le"), id="UTF-16, little-endian"),
        pytest.param(b"\xfe\xff" + PAGE.encode("utf-16-be"), id="UTF-16, big-endian"),
        pytest.param(PAGE.encode("utf-32"), id="UTF-32"),
        pytest.param(PAGE.replace("\n", "\r\n").encode("utf-8"), id="Windows line ends"),
        pytest.param(PAGE.replace("\n", "\r").encode("utf-8"), id="old line ends"),
    ],
)
def test_encodings(tmp_path: Path, data: bytes) -> None:
    path = write(tmp_path / "page.txt", data)
    assert list(read_entries([path])) == [the_paper(path)]


UNKNOWN = f"no papers were recognised in it; known are {FORMATS}"


@pytest.mark.parametrize(
    ("data", "readings"),
    [
        (b"", [("an empty file", False)]),
        (b"\xef\xbb\xbf \r\n\t", [("an empty file", False)]),
        (b"\x89PNG\0\xff", [("a binary file, not text", True)]),
        (PAGE.encode("utf-8") + b"\0", [("a binary file, not text", True)]),
        (PAGE.encode("utf-16-le"), [("a binary file, not text", True)]),
        (b"\xff\xfe" + f"{PAGE}\0".encode("utf-16-le"), [("a binary file, not text", True)]),
        (b"milk\n\nbread\n\neggs", [(UNKNOWN, False)]),
        (b"Subscribe\n\nDec 9", [(UNKNOWN, False)]),
        (b"x" * 10_000_000, [(UNKNOWN, False)]),
    ],
)
def test_bad_file_leaves_the_next_one_alone(
    tmp_path: Path, data: bytes, readings: list[tuple[str, bool]]
) -> None:
    bad, good = write(tmp_path / "bad.txt", data), write(tmp_path / "good.txt")
    skipped = [Skipped(str(bad), 1, reason, ends_file=ends) for reason, ends in readings]
    assert list(read_entries([tmp_path])) == [*skipped, the_paper(good)]


def test_what_was_guessed_is_told_after_the_entries(tmp_path: Path) -> None:
    path = write(
        tmp_path / "page.txt", PAGE.replace("Its", "Bj\xf6rk's").encode("latin-1", "ignore")
    )
    reason = "lines that are not UTF-8, this one first, read as Windows-1252"
    (paper, *told) = read_entries([path])
    assert isinstance(paper, Entry)
    assert (paper.abstract, told) == ("Bj\xf6rk's abstract.", [Noted(str(path), 3, reason)])


def test_unreadable_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = write(tmp_path / "bad.txt"), write(tmp_path / "good.txt")
    opened = Path.open

    # Removing the permission would not stop a test that runs as root.
    def refuse_the_bad_one(path: Path, mode: str) -> object:
        if path == bad:
            raise PermissionError(13, "Permission denied")
        return opened(path, mode)

    monkeypatch.setattr(Path, "open", refuse_the_bad_one)
    skipped = Skipped(str(bad), 1, "the file cannot be read: Permission denied", ends_file=True)
    assert list(read_entries([tmp_path])) == [skipped, the_paper(good)]


def test_disk_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Failing(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if data := super().read(size):
                return data
            raise OSError(5, "Input/output error")

    path = write(tmp_path / "page.txt")
    monkeypatch.setattr(Path, "open", lambda *_: Failing(PAGE.encode()))
    reason = "the file cannot be read any further: Input/output error"
    assert list(read_entries([path])) == [
        the_paper(path),
        Skipped(str(path), 8, reason, ends_file=True),
    ]


def test_readers_of_the_caller(tmp_path: Path) -> None:
    path = write(tmp_path / "page.txt")
    assert list(read_entries([path], sources=[])) == [Skipped(str(path), 1, UNKNOWN)]


def test_what_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert list(read_entries([tmp_path / "pipe.txt"])) == [
        Skipped(str(tmp_path / "pipe.txt"), 1, "not a regular file", ends_file=True)
    ]


def test_folder_without_files(tmp_path: Path) -> None:
    write(tmp_path / "notes.md")
    endings = ", ".join(dict.fromkeys(e for source in SOURCES for e in source.suffixes))
    reason = (
        f"a folder in which there is no file to be read; their names end in {endings}, .gz, .zip"
    )
    assert list(read_entries([tmp_path])) == [Skipped(str(tmp_path), 1, reason, ends_file=True)]


def test_name_that_is_not_utf8(tmp_path: Path) -> None:
    path = write(tmp_path / os.fsdecode(b"caf\xe9.txt"))
    expected = the_paper(tmp_path / "caf\\xe9.txt")
    assert list(read_entries([path])) == [expected]


def test_nothing_named() -> None:
    assert list(read_entries([])) == []


@given(data=st.binary() | st.text().map(str.encode) | st.text().map(lambda t: t.encode("utf-16")))
def test_any_file_is_read_or_skipped(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = write(tmp_path_factory.getbasetemp() / "any.txt", data)
    readings = list(read_entries([path]))
    assert readings
    assert set(map(file_of, readings)) == {str(path)}


def file_of(reading: Reading) -> str:
    return reading.source.file if isinstance(reading, Entry) else reading.file
