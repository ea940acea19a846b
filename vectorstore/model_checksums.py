"""Whether the files of the embedding model that ships are those that it was published with."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from vectorstore.errors import LibraryError

DESCRIPTION = "model.json"
# The file, and the name of its checksum in the description.
FILES = {"model.onnx": "model_sha256", "tokenizer.json": "tokenizer_sha256"}


def changed_files(folder: Path) -> tuple[str, ...]:
    """Return the files of the model in `folder` that are other than its description says.

    Raises LibraryError if one of them, or the description, cannot be read.
    """
    try:
        described = json.loads((folder / DESCRIPTION).read_text("utf-8"))
        return tuple(
            file
            for file, checksum in FILES.items()
            if hashlib.sha256((folder / file).read_bytes()).hexdigest() != described[checksum]
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LibraryError(
            "The embedding model is missing or damaged",
            where=str(folder),
            hint="Install paperchat again.",
        ) from error
