"""How far an upload is, and what may be uploaded."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ingest.report import IngestReport

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """What may be sent; the shipped listing pages have 110 kB each."""

    file_bytes: int = 20 * MEGABYTE
    upload_bytes: int = 100 * MEGABYTE
    files: int = 200
    held_bytes: int = 300 * MEGABYTE  # of all visitors, as all is held in memory
    uploads: int = 50  # of one visitor at once, each of which may be of a few files
    held_uploads: int = 1000  # of all visitors: who sends no cookie is another one each time
    given_up_s: float = 600.0  # after the last file of one that is being sent: its page is closed
    forgotten_s: float = 3600.0  # after the end of one that has ended


class Phase(StrEnum):
    """How far an upload is."""

    RECEIVING = "receiving"
    WAITING = "waiting"
    READING = "reading"
    INDEXING = "indexing"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class UploadState:
    """An upload as it is told of: `indexed` of `to_index` papers are done while it is indexing."""

    id: str
    files: int
    received: tuple[str, ...] = ()
    phase: Phase = Phase.RECEIVING
    indexed: int = 0
    to_index: int = 0
    report: IngestReport | None = None
    problem: str = ""
    hint: str = ""

    @property
    def ended(self) -> bool:
        """Tell whether nothing more will happen to it."""
        return self.phase in (Phase.DONE, Phase.FAILED)


def megabytes(size: int) -> str:
    """Return a size as people say it."""
    return f"{size / MEGABYTE:,.0f} MB"
