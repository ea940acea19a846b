"""What can go wrong with a request to ingest; a fault inside one file is a `Skipped` instead."""

from __future__ import annotations

from vectorstore.errors import PaperchatError


class IngestError(PaperchatError):
    """What was asked to be read cannot be read at all."""
