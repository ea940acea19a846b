"""How many tokens a text has, counted by tiktoken without the network.

Owns where tiktoken finds its encodings: it would download them, so it is pointed at the copy that
llama-index-core carries.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

from vectorstore.errors import PaperchatError

ENCODING = "o200k_base"  # of the current OpenAI models; for others it is a close estimate
CACHE_VARIABLE = "TIKTOKEN_CACHE_DIR"


@cache
def token_counter() -> Callable[[str], int]:
    """Return a function from text to its number of tokens.

    Text that looks like a special token counts as the ordinary text it is.
    """
    import tiktoken

    before = os.environ.get(CACHE_VARIABLE)
    os.environ[CACHE_VARIABLE] = str(_bundled_encodings())
    try:
        encoding = tiktoken.get_encoding(ENCODING)
    finally:
        if before is None:
            del os.environ[CACHE_VARIABLE]
        else:
            os.environ[CACHE_VARIABLE] = before
    return lambda text: len(encoding.encode_ordinary(text))


def _bundled_encodings() -> Path:
    spec = importlib.util.find_spec("llama_index.core")
    folder = (
        Path(spec.origin).parent / "_static" / "tiktoken_cache" if spec and spec.origin else None
    )
    if folder is None or not folder.is_dir():
        raise PaperchatError(
            "The token encodings that come with llama-index-core are missing",
            where=str(folder),
            hint="Install paperchat again.",
        )
    return folder
