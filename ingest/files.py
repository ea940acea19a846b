"""From the paths a user names to entries: which files are read, how, and by which reader.

Owns finding and opening files. In folders, and the folders in them, only files are considered whose
name ends as a reader declares or as an archive's does; hidden ones are left out, and so are links
to other folders. A file that is named itself is always tried.
Invariant: a path that does not exist is an error before anything is read; after that, every fault
of a file becomes a `Skipped` and the next file is read.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

from ingest.archives import ARCHIVE_ENDINGS, unpacked
from ingest.content import Content, ContentError
from ingest.entries import Entry, Noted, PaperSource, Reading, Skipped
from ingest.errors import IngestError
from ingest.sources import FORMATS, SOURCES


def read_entries(
    paths: Iterable[Path],
    on_file: Callable[[Path], None] | None = None,
    sources: Sequence[PaperSource] = SOURCES,
) -> Iterator[Reading]:
    """Return the entries of all files that `paths` lead to, read file by file as they are taken.

    `on_file` is called with each file before it is opened. Raises IngestError at once, before any
    file is read, where a path does not exist.
    """

    def read(path: Path) -> Iterator[Reading]:
        if on_file:
            on_file(path)
        yield from read_file(path, sources)

    return chain.from_iterable(map(read, find_files(paths)))


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


def read_file(path: Path, sources: Sequence[PaperSource] = SOURCES) -> Iterator[Reading]:
    """Yield the entries of one file, or of the files in it, or why there are none.

    What there is to say of a whole file comes after its entries.
    """
    file = file_name(path)
    problem = _problem(path, sources)
    if problem:
        yield Skipped(file, 1, problem, ends_file=True)
    else:
        yield from _read(Content(file, lambda: path.open("rb")), sources)


def file_name(path: Path) -> str:
    """Return what a file is called in sources and reports.

    A name that is not UTF-8 could not be stored: its bytes are spelt out, so that no two are alike.
    """
    return os.fsencode(path).decode("utf-8", errors="backslashreplace")


def read_data(
    data: bytes, file: str, sources: Sequence[PaperSource] = SOURCES
) -> Iterator[Reading]:
    """Yield the entries of a file's content, as `read_file` does; `file` is what they call it.

    No file is looked for by that name.
    """
    yield from _read(Content(file, lambda: io.BytesIO(data)), sources)


def _require(path: Path) -> None:
    try:
        problem = "" if path.exists() else "There is no such file or folder"
    except OSError as error:
        problem = f"The path cannot be looked up: {error.strerror}"
    if problem:
        hint = "Name a file, or a folder that holds some; nothing was read."
        raise IngestError(problem, where=str(path), hint=hint)


def _endings(sources: Sequence[PaperSource]) -> tuple[str, ...]:
    of_readers = (ending for source in sources for ending in source.suffixes)
    return tuple(dict.fromkeys((*of_readers, *ARCHIVE_ENDINGS)))


def _in_folder(folder: Path) -> list[Path]:
    endings = _endings(SOURCES)
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


def _problem(path: Path, sources: Sequence[PaperSource]) -> str:
    try:
        if path.is_dir():
            known = ", ".join(_endings(sources))
            return f"a folder in which there is no file to be read; their names end in {known}"
        return "" if path.is_file() else "not a regular file"
    except OSError as error:
        return _cannot_be_read(error)


def _cannot_be_read(error: OSError) -> str:
    return f"the file cannot be read: {error.strerror}"


def _read(content: Content, sources: Sequence[PaperSource]) -> Iterator[Reading]:
    for found in unpacked(content, _endings(sources)):
        yield from [found] if isinstance(found, Skipped) else _read_one(found, sources)


def _read_one(content: Content, sources: Sequence[PaperSource]) -> Iterator[Reading]:
    """Yield the readings of a file that is no archive, then what was noticed on the way."""
    problem: ContentError | None = None
    try:
        yield from _recognised(content, sources)
    except ContentError as error:
        problem = error
    except OSError as error:
        problem = ContentError(1, _cannot_be_read(error))
    for reason, line in content.findings.notes.items():
        yield Noted(content.file, line, reason)
    if problem := content.findings.damage or problem:
        yield Skipped(content.file, problem.line, problem.reason, ends_file=True)


def _recognised(content: Content, sources: Sequence[PaperSource]) -> Iterator[Entry | Skipped]:
    source = next((source for source in sources if source.accepts(content)), None)
    found = False
    for reading in source.read(content) if source else ():
        found = True
        # What ends a file that is damaged is the damage, which is told of all formats alike.
        if not (content.findings.damage and isinstance(reading, Skipped) and reading.ends_file):
            yield reading
    if not found and not content.findings.damage:
        is_empty = not content.head.strip()
        nothing = f"no papers were recognised in it; known are {FORMATS}"
        yield Skipped(content.file, 1, "an empty file" if is_empty else nothing)
