"""Data that llama-index-core carries, so that tiktoken and nltk need not download it."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from vectorstore.errors import PaperchatError


def bundled_data(name: str) -> Path:
    """Return the folder `name` of llama-index-core's data, without importing it.

    Raises PaperchatError where it is missing: the libraries would go to the network for it.
    """
    spec = importlib.util.find_spec("llama_index.core")
    package = Path(spec.origin).parent if spec and spec.origin else Path("llama_index/core")
    folder = package / "_static" / name
    if not folder.is_dir():
        raise PaperchatError(
            "Data that comes with llama-index-core is missing",
            where=str(folder),
            hint="Install paperchat again.",
        )
    return folder
