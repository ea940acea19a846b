"""Overwrites what Chroma's index files hold of memory that was never theirs.

Chroma writes its index with room for vectors to come, and leaves in that room whatever its memory
held before: a reply of a server, a header with a key, a question. Owns where that room is.
Invariant: what the index uses is not touched, nor is a file that is not as expected.
"""

from __future__ import annotations

import struct
from pathlib import Path

_HEADER, _VECTORS = "header.bin", "data_level0.bin"
# As Chroma's hnswlib writes them: version, offset, most elements, elements, bytes of each, more.
_FIELDS = struct.Struct("<i6QiI3QdQ")
_VERSION = 1
_AT_ONCE = 1 << 20


def wipe_leftovers(folder: Path) -> None:
    """Fill with zeros what no vector uses of the index files in Chroma's folder, which nobody has
    open.

    What cannot be read or written stays: the library works with it, and the next time tries again.
    """
    try:
        for file in folder.glob(f"*/{_VECTORS}"):
            _wipe(file)
    except OSError:
        return


def _wipe(file: Path) -> None:
    size, used = file.stat().st_size, _used_bytes(file.with_name(_HEADER))
    if used is None or used >= size:
        return
    with file.open("r+b") as index:
        for start in range(used, size, _AT_ONCE):
            length = min(_AT_ONCE, size - start)
            index.seek(start)
            if any(index.read(length)):
                index.seek(start)
                index.write(bytes(length))


def _used_bytes(header: Path) -> int | None:
    """Return how many bytes of vectors the index uses, None where its header is another's."""
    data = header.read_bytes() if header.is_file() else b""
    if len(data) != _FIELDS.size:
        return None
    version, _, most, elements, element_bytes, *_ = _FIELDS.unpack(data)
    if version != _VERSION or elements > most:
        return None
    return int(elements * element_bytes)
