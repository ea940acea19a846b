"""A whole library as one file, from which it can be read back, paper by paper as they come.

Invariant: memory holds one paper at a time, whatever the library.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from pathlib import Path

from ui.export.export_bibtex import library_bibtex
from ui.export.export_csv import library_csv, library_csv_head
from ui.export.export_files import check_writable, encoded, write_parts
from ui.export.export_ris import library_ris
from ui.export.paper_record import library_json
from vectorstore.records import Paper


class LibraryFormat(StrEnum):
    """A format of a whole library."""

    JSON_LINES = "jsonl"
    BIBTEX = "bibtex"
    RIS = "ris"
    CSV = "csv"


_WRITERS: dict[LibraryFormat, Callable[[Paper], str]] = {
    LibraryFormat.JSON_LINES: library_json,
    LibraryFormat.BIBTEX: library_bibtex,
    LibraryFormat.RIS: library_ris,
    LibraryFormat.CSV: library_csv,
}


def export_library(papers: Iterable[Paper], wanted: LibraryFormat, file: Path | None = None) -> int:
    """Write the papers to `file`, or to standard output where there is none; return how many.

    The file has its old content until all is written. Raises OutputFileError for the file, OSError
    for standard output.
    """
    counted = _Counted(papers)
    parts = library_parts(counted, wanted)
    if file is None:
        sys.stdout.buffer.writelines(encoded(parts))
        sys.stdout.buffer.flush()
    else:
        check_writable(file)
        write_parts(file, parts)
    return counted.count


def library_parts(papers: Iterable[Paper], wanted: LibraryFormat) -> Iterator[str]:
    """Yield the text of the file, a paper at a time; line ends are part of it."""
    if wanted is LibraryFormat.CSV:
        yield library_csv_head()
    yield from map(_WRITERS[wanted], papers)


class _Counted:
    """Papers that are counted as they pass."""

    def __init__(self, papers: Iterable[Paper]) -> None:
        self._papers = papers
        self.count = 0

    def __iter__(self) -> Iterator[Paper]:
        for paper in self._papers:
            self.count += 1
            yield paper
