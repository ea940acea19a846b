"""What comes out of an archive, with limits: to its size, and to how far it was packed.

Owns the faults of packed bytes. Invariant: however an archive was made, no more than `LARGEST` is
unpacked of it with all that it holds, and what was unpacked before a fault can be read.
"""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, cast

from ingest.decoding import ContentError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

LARGEST = 64 << 30  # bytes of one archive; more of a library are better files
MAX_MEMBERS = 10_000
# Text seldom packs to a twentieth. Any gets this far at first, as zeros pack to a thousandth.
LARGEST_RATIO = 200
RATIO_FLOOR = 50_000_000  # bytes

# Python's readers raise all of these for bytes that are not what they should be.
FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)


@dataclass(slots=True)
class Allowance:
    """What is left of the limits to one archive, including the archives in it."""

    size: int = LARGEST
    members: int = MAX_MEMBERS


@dataclass(slots=True)
class Gauge:
    """How far one packed file was unpacked; only what goes further counts, not a second pass."""

    allowance: Allowance
    reached: int = 0

    def check(self, position: int, packed: int) -> None:
        """Count what was unpacked up to `position`; raises ContentError beyond a limit."""
        self.allowance.size -= max(0, position - self.reached)
        self.reached = max(position, self.reached)
        if self.allowance.size < 0:
            raise ContentError(1, f"an archive of over {LARGEST >> 30} GiB; stopped here")
        if position > RATIO_FLOOR and position > LARGEST_RATIO * packed:
            reason = f"over {LARGEST_RATIO} times its packed size"
            raise ContentError(1, f"looks like a zip bomb: {reason}; stopped here")


class Unpacked(io.RawIOBase):
    """The bytes of one packed file; raises ContentError where there are no more to be had.

    `packed` returns how many packed bytes they were made of so far, or in all.
    """

    def __init__(
        self, inner: gzip.GzipFile | zipfile.ZipExtFile, gauge: Gauge, packed: Callable[[], int]
    ) -> None:
        self._inner = inner
        self._gauge = gauge
        self._packed = packed
        self._position = 0

    def readable(self) -> bool:
        """Return True, as whatever can be read must."""
        return True

    def tell(self) -> int:
        """Return how many bytes were read."""
        return self._position

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill a part of the buffer: what came before a fault is never held back."""
        target = memoryview(buffer).cast("B")
        try:
            read = self._inner.read1(len(target))
        except EOFError as error:
            raise ContentError(1, "the archive is cut off: its end is missing") from error
        except FAULTS as error:
            raise ContentError(1, "the archive is damaged; what follows is lost") from error
        self._position += len(read)
        self._gauge.check(self._position, self._packed())
        target[: len(read)] = read
        return len(read)

    def close(self) -> None:
        """Close what it is read from too."""
        self._inner.close()
        super().close()


class _Gunzipped(Unpacked):
    """Closes the packed file too, which `GzipFile` leaves open."""

    def __init__(self, packed: BinaryIO, gauge: Gauge) -> None:
        super().__init__(gzip.GzipFile(fileobj=packed), gauge, packed.tell)
        self._packed_file = packed

    def close(self) -> None:
        super().close()
        self._packed_file.close()


def gunzipped(open_packed: Callable[[], BinaryIO], allowance: Allowance) -> Callable[[], BinaryIO]:
    """Return what opens the bytes that a .gz holds."""
    gauge = Gauge(allowance)
    return lambda: cast(BinaryIO, _Gunzipped(open_packed(), gauge))


def unzipped(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, allowance: Allowance
) -> Callable[[], BinaryIO]:
    """Return what opens the bytes of a file in a .zip, while that is open."""
    gauge = Gauge(allowance)

    def opened() -> BinaryIO:
        try:
            inner = cast(zipfile.ZipExtFile, archive.open(member))
        except FAULTS as error:
            raise ContentError(1, "the archive is damaged here") from error
        return cast(BinaryIO, Unpacked(inner, gauge, lambda: member.compress_size))

    return opened
