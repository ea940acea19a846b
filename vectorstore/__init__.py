"""What is kept and how it is searched: catalog, passages in Chroma, embedding model, search.

This package knows nothing of the others. The records and errors below are the light part of it;
heavier modules are imported by name where they are needed.
"""

from vectorstore.errors import (
    LibraryBusyError,
    LibraryError,
    LibraryMismatchError,
    PaperchatError,
)
from vectorstore.records import Hit, Paper, SentenceHit, Source, Span

__all__ = [
    "Hit",
    "LibraryBusyError",
    "LibraryError",
    "LibraryMismatchError",
    "Paper",
    "PaperchatError",
    "SentenceHit",
    "Source",
    "Span",
]
