"""A backup opened: its manifest, and its parts written where a library is to be.

Owns the limits to what an archive may be. Invariant: whoever made the archive, no more is written
than its manifest says and the disk has room for, under no name but those a library has, and what
differs from the manifest ends it.
"""

from __future__ import annotations

import io
import os
import stat
import struct
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Self, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from vectorstore.backup_copying import pieces_of, write_pieces
from vectorstore.backup_format import (
    LARGEST_MANIFEST,
    MANIFEST,
    BackupError,
    Database,
    Part,
    no_backup,
    read_manifest,
)
from vectorstore.database_copy import OnBytes

LARGEST_LIST = 24 << 20  # bytes of the archive's list of files
# What a library holds packs to a third. An empty one gets this far at first.
LARGEST_RATIO = 100
RATIO_FLOOR = 50_000_000  # bytes

_ENCRYPTED = 0x1
_FAULTS = (
    BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)


class _Sparing(io.FileIO):
    """A file of which no more is read at once than a list of files is long."""

    def read(self, size: int | None = -1) -> bytes:
        if size is not None and size > LARGEST_LIST:
            raise BadZipFile("its list of files is too long")
        return super().read(LARGEST_LIST if size is None or size < 0 else size)


class OpenedBackup:
    """A backup whose manifest was read, and is of an archive that has what it names."""

    def __init__(self, file: Path, databases: Sequence[Database]) -> None:
        """Open it; raises BackupError where no library can be made of it."""
        self.file = file
        self._archive, self._data = _opened(file)
        try:
            self._check_packing()
            self.manifest = read_manifest(self._manifest_bytes(), databases, file)
            self._check_size()
            self._check_members()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        """Return the backup, which is closed at the block's end."""
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._archive.close()
        self._data.close()

    def unpack(self, part: Part, target: Path, on_bytes: OnBytes) -> None:
        """Write a part to a file that is not there yet, for good.

        Raises BackupError where it is not what the manifest says, OSError where it cannot be
        written.
        """
        with target.open("xb") as written:
            found = write_pieces(self._pieces(part.name), written, on_bytes, part.size)
            written.flush()
            os.fsync(written.fileno())
        if found != (part.size, part.sha256):
            raise no_backup(self.file, f"{part.name} is not what was backed up")

    def _manifest_bytes(self) -> bytes:
        data = b""
        for piece in self._pieces(MANIFEST):
            data += piece
            if len(data) > LARGEST_MANIFEST:
                raise no_backup(self.file, "its manifest is too long")
        return data

    def _pieces(self, name: str) -> Iterator[bytes]:
        try:
            with self._archive.open(name) as packed:
                yield from pieces_of(packed)
        except KeyError as error:
            raise no_backup(self.file, f"there is no {name} in it") from error
        except _FAULTS as error:
            raise no_backup(self.file, f"{name} in it is damaged") from error

    def _check_packing(self) -> None:
        for member in self._archive.infolist():
            if problem := _problem(member):
                raise no_backup(self.file, f"{member.filename[:100]!r} in it {problem}")

    def _check_size(self) -> None:
        if self.manifest.size > RATIO_FLOOR + LARGEST_RATIO * self.file.stat().st_size:
            reason = f"it says to hold over {LARGEST_RATIO} times its size, as a zip bomb does"
            raise no_backup(self.file, reason)

    def _check_members(self) -> None:
        sizes = {part.name: part.size for part in self.manifest.parts}
        members = self._archive.infolist()
        for member in members:
            if member.filename != MANIFEST and sizes.get(member.filename) != member.file_size:
                name = member.filename[:100]
                raise no_backup(self.file, f"{name!r} in it is not what its manifest says")
        if sorted([*sizes, MANIFEST]) != sorted(member.filename for member in members):
            raise no_backup(self.file, "it does not hold what its manifest says")


def _opened(file: Path) -> tuple[ZipFile, _Sparing]:
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            raise no_backup(file, "it is no file")
        data = _Sparing(file)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise BackupError(
            f"The backup cannot be read: {reason}",
            where=str(file),
            hint="Name a file that `paperchat backup` wrote.",
        ) from error
    try:
        return ZipFile(cast(IO[bytes], data)), data
    except _FAULTS as error:
        data.close()
        raise no_backup(file, "it is no .zip, or only the beginning of one") from error


def _problem(member: ZipInfo) -> str:
    if stat.S_ISLNK(member.external_attr >> 16):
        return "is a link"
    if member.flag_bits & _ENCRYPTED:
        return "is encrypted"
    if member.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        return "is packed as none of ours is"
    return ""
