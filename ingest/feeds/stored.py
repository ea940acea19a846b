"""Fetched pages as files, and the note beside them of how far an unfinished fetch came.

Invariant: a file is whole or not there. Notes are hidden files, which no search of a folder reads.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ingest.feeds.errors import GO_ON, FeedError

LARGEST_NOTE = 100_000  # bytes; ours have some hundred


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a fetch brought: all of its pages, those of an earlier run that was cut short included.

    `before` of its papers came with that run. `missing` papers were counted by the service, and
    then it sent no more.
    """

    service: str
    folder: Path
    files: tuple[Path, ...]
    papers: int
    before: int = 0
    missing: int = 0


@contextmanager
def storing(place: Path) -> Iterator[None]:
    """Turn the failure of a disk into FeedError."""
    try:
        yield
    except OSError as error:
        problem = f"What was fetched cannot be stored: {error.strerror or error}"
        hint = f"Make room for it, or make its folder writable. {GO_ON}"
        raise FeedError(problem, where=str(place), hint=hint) from error


def store(file: Path, data: bytes) -> None:
    """Write `data` in the file's place, on the disk for good. Raises FeedError."""
    part = file.with_name(f".{file.name}.part")
    with storing(file):
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            with part.open("wb") as new:
                new.write(data)
                new.flush()
                os.fsync(new.fileno())
            part.replace(file)
        finally:
            part.unlink(missing_ok=True)


def write_note(file: Path, values: Mapping[str, object]) -> None:
    """Store `values`, which JSON has a form for. Raises FeedError."""
    store(file, json.dumps(values).encode())


def read_note(file: Path) -> dict[str, object]:
    """Return what `write_note` wrote; nothing where it is not there or something else is."""
    try:
        with file.open("rb") as opened:
            values = json.loads(opened.read(LARGEST_NOTE))
    except (OSError, ValueError, RecursionError):
        return {}
    return values if isinstance(values, dict) else {}


def count(value: object) -> int:
    """Return a number of a note, 0 where it is none."""
    return value if type(value) is int and value > 0 else 0
