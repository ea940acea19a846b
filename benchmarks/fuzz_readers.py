"""Every reader of files on files that no one would write.

Each reader, and the reading of archives by all of them, is a target of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from benchmarks.fuzz_checks import check_storable, insist
from benchmarks.fuzz_seeds import READ, samples, texts
from benchmarks.fuzz_target import Check, Target

ARCHIVES = "archives"  # all readers, behind them
READERS = (
    *("ArxivAtom", "ArxivJsonLines", "Bibtex", "CsvTables", "DailyPapersJson"),
    *("JsonRecords", "ListingPages", "Medline", "PubmedXml", "Ris"),
)
LONGEST = 20_000  # bytes: rare paths are found in short ones


def targets() -> tuple[Target, ...]:
    """Return a target for each reader, and one for archives."""
    return (
        *(_target(reader, packed=False) for reader in READERS),
        _target(ARCHIVES, packed=True),
    )


def _target(reader: str, *, packed: bool) -> Target:
    return Target(reader, partial(checking, reader), partial(_seeds, packed=packed), LONGEST)


def _seeds(*, packed: bool) -> Iterator[bytes]:
    yield from samples(packed=packed)
    yield from texts(READ)


def checking(reader: str) -> Check:
    """Return what reads an input and raises UnfitError for what could not be stored or shown."""
    from ingest.entries import Entry
    from ingest.files import read_data
    from ingest.sources import SOURCES

    chosen = [source for source in SOURCES if reader in (ARCHIVES, type(source).__name__)]
    insist(chosen, "no such reader", reader)

    def check(data: bytes) -> None:
        readings = list(read_data(data, "file", chosen))
        insist(readings, "neither an entry nor a reason")
        for reading in readings:
            if isinstance(reading, Entry):
                check_storable(reading.title, reading.abstract, *reading.authors)
                insist(reading.source.line >= 1, "no line", reading.source)
            else:
                check_storable(reading.file, reading.reason)
                insist(reading.line >= 1, "no line", reading.line)
                insist(reading.reason.isprintable(), "not for a terminal", reading.reason)

    return check
