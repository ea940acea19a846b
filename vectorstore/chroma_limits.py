"""What one request to Chroma holds at most, and texts cut to that.

The numbers are the quotas of Chroma Cloud (https://docs.trychroma.com/cloud/quotas-limits), which
its `get_max_batch_size` does not tell. A server of one's own takes more, and gains little by it.
"""

from __future__ import annotations

from collections.abc import Iterator

RECORDS_AT_ONCE = 300  # written or read
DOCUMENT_BYTES = 16_384
FACT_BYTES = 256  # of what a collection records of itself
_WITHIN_A_CHARACTER = range(0x80, 0xC0)  # bytes of UTF-8 that begin none


def pieces(text: str, most_bytes: int = DOCUMENT_BYTES) -> Iterator[str]:
    """Yield the text in pieces of so many bytes of UTF-8 at most, none within a character."""
    data, start = text.encode(), 0
    while start < len(data):
        end = min(start + most_bytes, len(data))
        while end < len(data) and data[end] in _WITHIN_A_CHARACTER:
            end -= 1
        yield data[start:end].decode()
        start = end


def beginning(text: str, most_bytes: int = DOCUMENT_BYTES) -> str:
    """Return as much of the text as so many bytes hold."""
    return next(pieces(text, most_bytes), "")
