"""From the paths a user names to entries: which files are read, how, and by which reader.

Owns finding and decoding files, and the registry of readers. In folders, and the folders in them,
only files are considered whose name ends as a reader declares (`SOURCES`); hidden ones are left
out, and so are links to other folders. A file that is named itself is always tried.
Invariant: a path that does not exist is an error before anything is read; after that, every fault
of a file becomes a `Skipped` and the next file is read.
"""

from __future__ import annotations

import codecs
import os
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path

from ingest.entries import Entry, PaperSource, Skipped
from ingest.errors import IngestError
from ingest.listing_pages import ListingPages

SOURCES: tuple[PaperSource, ...] = (ListingPages(),)

UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_entries(
    paths: Iterable[Path], on_file: Callable[[Path], None] | None = None
) -> Iterator[Entry | Skipped]:
    """Return the entries of all files that `paths` lead to, read file by file as they are taken.

    `on_file` is called with each file before it is opened. Raises IngestError at once, before any
    file is read, where a path does not exist.
    """
    return chain.from_iterable(_read_file(path, on_file) for path in find_files(paths))


def find_files(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Return the files to be read, each once: paths in the order given, folders sorted by name.

    All are absolute and free of links, so that a file is the same source however it was named. A
    folder that holds nothing to read stands for itself, so that reading says so.
    """
    named = tuple(paths)
    for path in named:
        _require(path)
    files = chain.from_iterable(_in_folder(p) if p.is_dir() else (p,) for p in named)
    return tuple(dict.fromkeys(file.resolve() for file in files))


def _require(path: Path) -> None:
    try:
        problem = "" if path.exists() else "There is no such file or folder"
    except OSError as error:
        problem = f"The path cannot be looked up: {error.strerror}"
    if problem:
        hint = "Name a file, or a folder that holds some; nothing was read."
        raise IngestError(problem, where=str(path), hint=hint)


def _in_folder(folder: Path) -> list[Path]:
    endings = tuple(ending for source in SOURCES for ending in source.suffixes)
    found: list[Path] = []
    unreadable: list[Path] = []
    for parent, folders, names in os.walk(
        folder, onerror=lambda error: unreadable.append(Path(error.filename))
    ):
        folders[:] = [name for name in folders if not name.startswith(".")]
        visible = [n for n in names if not n.startswith(".") and n.lower().endswith(endings)]
        found += [path for name in visible if _may_be_read(path := Path(parent, name))]
    return sorted(found) + sorted(unreadable) or [folder]


def _may_be_read(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return True  # reading it will say what is wrong


def _read_file(path: Path, on_file: Callable[[Path], None] | None) -> Iterator[Entry | Skipped]:
    if on_file:
        on_file(path)
    # A name that is not UTF-8 could not be stored; the question mark shows where it is not.
    file = os.fsencode(path).decode("utf-8", errors="replace")
    data = _data_of(path, file)
    yield from [data] if isinstance(data, Skipped) else read_data(data, file)


def read_data(data: bytes, file: str) -> Iterator[Entry | Skipped]:
    """Yield the entries of a file's content, or why there are none; `file` is what they call it.

    No file is looked for by that name.
    """
    text = _decoded(data, file)
    if isinstance(text, Skipped):
        yield text
        return
    source = next((source for source in SOURCES if source.accepts(text, Path(file))), None)
    readings = source.read(text, file) if source else iter(())
    nothing = Skipped(file, 1, "no papers were recognised in it")
    yield next(readings, nothing)
    yield from readings


def _data_of(path: Path, file: str) -> bytes | Skipped:
    try:
        if path.is_dir():
            endings = " or ".join(ending for source in SOURCES for ending in source.suffixes)
            return Skipped(file, 1, f"a folder in which no file ending in {endings} can be read")
        if not path.is_file():
            return Skipped(file, 1, "not a regular file")
        return path.read_bytes()
    except OSError as error:
        return Skipped(file, 1, f"the file cannot be read: {error.strerror}")


def _decoded(data: bytes, file: str) -> str | Skipped:
    """Return the text, with "\\n" for every line end and no byte order mark."""
    try:
        text = data.decode("utf-16" if data.startswith(UTF16_MARKS) else "utf-8-sig")
    except UnicodeDecodeError as error:
        if b"\0" in data:
            return Skipped(file, 1, "a binary file, not text")
        line = data.count(b"\n", 0, error.start) + 1
        return Skipped(file, line, "not text in UTF-8 (or UTF-16 with a byte order mark)")
    if "\0" in text:
        return Skipped(file, 1, "a binary file, not text")
    if not text.strip():
        return Skipped(file, 1, "an empty file")
    return text.replace("\r\n", "\n").replace("\r", "\n")
