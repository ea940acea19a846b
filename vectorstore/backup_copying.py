"""What goes into a backup and comes out of it: copied piece by piece, digested and counted."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import IO

from vectorstore.database_copy import OnBytes

PIECE = 1 << 20  # bytes in memory
MEGABYTE = 1_000_000

OnProgress = Callable[[int, int], None]


@dataclass(slots=True)
class Tally:
    """Counts bytes, and tells megabytes of how many are done."""

    total: int
    report: OnProgress
    done: int = 0

    def add(self, size: int) -> None:
        """Count some more."""
        self.done += size
        self.report(self.done // MEGABYTE, self.total // MEGABYTE)


def pieces_of(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield what is left of a stream."""
    while piece := stream.read(PIECE):
        yield piece


def write_pieces(
    pieces: Iterable[bytes], target: IO[bytes], on_bytes: OnBytes, most: int = sys.maxsize
) -> tuple[int, str]:
    """Write the pieces, and return how many bytes they have and the SHA-256 of those.

    Ends before the piece with which they are more than `most`, which counts and is not written.
    """
    digest, size = hashlib.sha256(), 0
    for piece in pieces:
        digest.update(piece)
        size += len(piece)
        if size > most:
            break
        target.write(piece)
        on_bytes(len(piece))
    return size, digest.hexdigest()
