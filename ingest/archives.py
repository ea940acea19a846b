"""The files in .gz and .zip archives, in archives in them too, told by their first bytes.

Owns which files of an archive are read, and their names: "papers.zip/2024/bread.json". The limits
to unpacking are of `ingest.unpacking`. Invariant: no name in an archive is ever a path on this
machine; whatever is wrong with an archive or with a file in it, the other files are read.
"""

from __future__ import annotations

import io
import stat
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import IO, BinaryIO, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from ingest.content import Content, ContentError
from ingest.entries import Skipped, excerpt
from ingest.names import member_name_problem
from ingest.unpacking import FAULTS, MAX_MEMBERS, Allowance, gunzipped, unzipped

ARCHIVE_ENDINGS = (".gz", ".zip")
GZIP_MARK = b"\x1f\x8b"
ZIP_MARKS = (b"PK\x03\x04", b"PK\x05\x06")  # the second is that of an empty one
DEEPEST = 3  # archives in each other
# Python holds the list of files in memory, with some ten times its size in objects.
LARGEST_LIST = 8 << 20
# An archive in an archive has to be unpacked to be looked around in: in memory, then on disk.
LARGEST_INNER = 1 << 30
LARGEST_IN_MEMORY = 16 << 20
LOCAL_HEADER = 30  # bytes before the data of a file, without its name
ENCRYPTED = 0x1


def unpacked(content: Content, endings: Sequence[str]) -> Iterator[Content | Skipped]:
    """Yield the files that `content` holds, or itself where it is no archive.

    Of a .zip, those with one of `endings`; a .gz, whatever it holds, keeps its own name.
    """
    return _unpacked(content, tuple(endings), Allowance(), 0)


def _unpacked(
    content: Content, endings: tuple[str, ...], allowance: Allowance, depth: int
) -> Iterator[Content | Skipped]:
    mark = _mark(content)
    if not mark.startswith((GZIP_MARK, *ZIP_MARKS)):
        yield content
    elif depth == DEEPEST:
        reason = f"an archive inside {DEEPEST} others; unpack it first"
        yield Skipped(content.file, 1, reason, ends_file=True)
    elif mark.startswith(GZIP_MARK):
        inner = Content(content.file, gunzipped(content.open_bytes, allowance))
        yield from _unpacked(inner, endings, allowance, depth + 1)
    else:
        for found in _unzipped(content, endings, allowance):
            if isinstance(found, Skipped):
                yield found
            else:
                yield from _unpacked(found, endings, allowance, depth + 1)


def _mark(content: Content) -> bytes:
    try:
        with content.open_bytes() as data:
            return data.read(len(ZIP_MARKS[0]))
    except (ContentError, OSError):
        return b""  # reading it will say what is wrong


def _unzipped(
    content: Content, endings: tuple[str, ...], allowance: Allowance
) -> Iterator[Content | Skipped]:
    try:
        with _seekable(content) as data, ZipFile(cast(IO[bytes], _Sparing(data))) as archive:
            yield from _members(content.file, archive, endings, allowance)
    except ContentError as error:
        yield Skipped(content.file, error.line, error.reason, ends_file=True)
    except FAULTS:
        reason = "a damaged or incomplete .zip: its list of files cannot be read"
        yield Skipped(content.file, 1, reason, ends_file=True)


@contextmanager
def _seekable(content: Content) -> Iterator[BinaryIO]:
    """Open it, by way of a nameless copy where it is itself inside an archive."""
    with content.open_bytes() as data:
        if data.seekable():
            yield data
            return
        with tempfile.SpooledTemporaryFile(LARGEST_IN_MEMORY) as copy:
            while read := data.read(1 << 18):
                copy.write(read)
                if copy.tell() > LARGEST_INNER:
                    reason = f"a .zip of over {LARGEST_INNER >> 30} GiB in an archive"
                    raise ContentError(1, f"{reason}; unpack it first")
            yield cast(BinaryIO, copy)


class _Sparing(io.RawIOBase):
    """A .zip of which no more is read at once than `LARGEST_LIST`."""

    def __init__(self, data: BinaryIO) -> None:
        self._data = data

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._data.seek(offset, whence)

    def tell(self) -> int:
        return self._data.tell()

    def read(self, size: int = -1) -> bytes:
        if size > LARGEST_LIST:
            raise ContentError(1, f"a .zip with far more than {MAX_MEMBERS:,} files")
        return self._data.read(size if size >= 0 else LARGEST_LIST)


def _members(
    file: str, archive: ZipFile, endings: tuple[str, ...], allowance: Allowance
) -> Iterator[Content | Skipped]:
    members = [m for m in archive.infolist() if _may_hold_papers(m, endings)]
    if not members:
        known = " or ".join(endings)
        yield Skipped(file, 1, f"an archive in which no file ending in {known} can be read")
    overlapping = _overlapping(archive)
    for member in members:
        allowance.members -= 1
        if allowance.members < 0:
            reason = f"an archive of over {MAX_MEMBERS:,} files; stopped here"
            yield Skipped(file, 1, reason, ends_file=True)
            return
        problem = _problem(member, member.header_offset in overlapping)
        if problem:
            yield Skipped(file, 1, f"{excerpt(member.filename)} was left out: {problem}")
        else:
            opened = unzipped(archive, member, allowance)
            yield Content(f"{file}/{member.filename}", opened)


def _may_hold_papers(member: ZipInfo, endings: tuple[str, ...]) -> bool:
    """Tell whether it would be read in a folder; a name that leads elsewhere is not passed over."""
    parts = member.filename.replace("\\", "/").split("/")
    is_hidden = any(p == "__MACOSX" or (p.startswith(".") and p != "..") for p in parts)
    return member.filename.lower().endswith(endings) and not is_hidden


def _problem(member: ZipInfo, is_overlapping: bool) -> str:
    if problem := member_name_problem(member.orig_filename):
        return problem
    if stat.S_ISLNK(member.external_attr >> 16):
        return "a link to another file"
    if member.flag_bits & ENCRYPTED:
        return "it is encrypted; unpack it first"
    if member.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        return "it is packed in a way that is not read; unpack it first"
    if is_overlapping:
        return "it shares its data with another file, as in a zip bomb"
    return ""


def _overlapping(archive: ZipFile) -> frozenset[int]:
    """Return where the files begin that reach into the next one, or out of the archive."""
    members = sorted(archive.infolist(), key=lambda member: member.header_offset)
    starts = [*(member.header_offset for member in members), archive.start_dir]
    return frozenset(
        start
        for member, (start, following) in zip(members, pairwise(starts), strict=True)
        if start + LOCAL_HEADER + member.compress_size > following
    )
