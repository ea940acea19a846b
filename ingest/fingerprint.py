"""Whether a file is as it was when it was read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

# Counts up where readers come to understand more of the same files.
READERS_VERSION = 1


def fingerprint_of(path: Path, columns: Mapping[str, str]) -> str | None:
    """Return what tells the file's content, read by this map of columns, from any other.

    None where the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256")
    except OSError:
        return None
    digest.update(json.dumps(sorted(columns.items())).encode())
    return f"{READERS_VERSION}:{digest.hexdigest()}"
