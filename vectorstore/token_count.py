"""How many tokens a text has, without asking the network.

Owns where the encoding is read from: the copy that ships inside llama-index-core. Other models'
tokenizers differ from it by some percent, which the settings of the chat model leave room for.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock

from vectorstore.bundled_data import bundled_data

# Of the two that are shipped, the one that makes more tokens of abstracts, by a percent.
_ENCODING = "cl100k_base"
_CACHE_VARIABLE = "TIKTOKEN_CACHE_DIR"

_environment_lock = Lock()


@cache
def token_counter() -> Callable[[str], int]:
    """Return the function that counts a text's tokens; loads the encoding once, in a second.

    Text that looks like a special token is counted as the ordinary text it is.
    """
    import tiktoken

    with _shipped_encodings():
        encoding = tiktoken.get_encoding(_ENCODING)
    return lambda text: len(encoding.encode_ordinary(text))


@contextmanager
def _shipped_encodings() -> Iterator[None]:
    """Let tiktoken read its encodings from llama-index-core's copy; it would download them
    otherwise, and takes the folder from the environment alone.
    """
    with _environment_lock:
        before = os.environ.get(_CACHE_VARIABLE)
        os.environ[_CACHE_VARIABLE] = str(bundled_data("tiktoken_cache"))
        try:
            yield
        finally:
            if before is None:
                del os.environ[_CACHE_VARIABLE]
            else:
                os.environ[_CACHE_VARIABLE] = before
