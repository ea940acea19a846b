"""From files to an indexed library: reading, merging, cutting into passages, embedding.

Knows `vectorstore` and neither `assistant` nor `ui`.
"""

from ingest.entries import Entry, PaperSource, Skipped
from ingest.errors import IngestError

__all__ = ["Entry", "IngestError", "PaperSource", "Skipped"]
