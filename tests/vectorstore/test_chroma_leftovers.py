"""What Chroma leaves in its files: the vectors, and nothing of what was in memory."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from embedders import WordEmbedder

from ingest.indexing import index_pending
from vectorstore.chroma_leftovers import wipe_leftovers
from vectorstore.library import open_library
from vectorstore.records import Paper

FIELDS = "<i6QiI3QdQ"
SECRET = b"sourdough-1 " * 40


def header(elements: int, most: int = 4, *, version: int = 1) -> bytes:
    """Return the header of an index of elements of 100 bytes each."""
    return struct.pack(FIELDS, version, 0, most, elements, 100, 92, 12, 0, 0, 16, 32, 16, 0.36, 100)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    folder = tmp_path / "7baf1a40"
    folder.mkdir()
    (folder / "data_level0.bin").write_bytes(SECRET[:400])
    return folder


@pytest.mark.parametrize(
    ("head", "left"),
    [
        (header(0), bytes(400)),
        (header(3), SECRET[:300] + bytes(100)),
        (header(4), SECRET[:400]),
        (header(3, version=2), SECRET[:400]),
        (header(5), SECRET[:400]),
        (header(3)[:-1], SECRET[:400]),
        (b"", SECRET[:400]),
        (None, SECRET[:400]),
    ],
    ids=["none", "three", "all", "another version", "too many", "cut", "empty", "missing"],
)
def test_what_no_vector_uses_is_overwritten(
    index: Path, tmp_path: Path, head: bytes | None, left: bytes
) -> None:
    if head is not None:
        (index / "header.bin").write_bytes(head)
    wipe_leftovers(tmp_path)
    assert (index / "data_level0.bin").read_bytes() == left


def test_a_file_longer_than_is_read_at_once(index: Path, tmp_path: Path) -> None:
    (index / "header.bin").write_bytes(header(1, most=10**6))
    (index / "data_level0.bin").write_bytes(b"x" * 3_000_000)
    wipe_leftovers(tmp_path)
    assert (index / "data_level0.bin").read_bytes() == b"x" * 100 + bytes(2_999_900)


def test_a_folder_that_is_not_there_is_no_failure(tmp_path: Path) -> None:
    wipe_leftovers(tmp_path / "none")


def leftovers(home: Path) -> Iterator[bytes]:
    """Yield what no vector uses of the index files of a library."""
    for file in (home / "chroma").glob("*/data_level0.bin"):
        elements, each = struct.unpack(FIELDS, file.with_name("header.bin").read_bytes())[3:5]
        yield file.read_bytes()[elements * each :]


@pytest.mark.parametrize("count", [3, 1_200])
def test_a_closed_library_has_nothing_of_the_memory(tmp_path: Path, count: int) -> None:
    memory = [bytearray(SECRET * 20) for _ in range(5_000)]
    papers = [Paper(f"p{n}", f"Bread {n}", f"Loaf {n} rises.") for n in range(count)]
    for _ in range(2):
        with open_library(tmp_path, WordEmbedder()) as library:
            del memory[::2]
            library.add(papers)
            index_pending(library)
            assert library.counts().pending == 0
        found = list(leftovers(tmp_path))
        assert found
        assert not any(any(part) for part in found)
    with open_library(tmp_path, WordEmbedder()) as library:
        assert library.counts().passages == count
        assert sum(map(len, library.chroma.ids())) == count
