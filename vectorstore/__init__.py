"""What is kept and how it is searched: catalog, passages in Chroma, embedding model, search.

This package knows nothing of the others. The records and errors below are the light part of it;
heavier modules are imported by name where they are needed.
"""

import os

from vectorstore.errors import (
    LibraryBusyError,
    LibraryError,
    LibraryMismatchError,
    PaperchatError,
)
from vectorstore.records import Hit, Paper, SentenceHit, Source, Span

# onnxruntime keeps an id of the machine and a record of its sessions, and sends them to its makers;
# it looks for this once, when whoever is first imports it: we, fastembed or another library.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

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
