"""Writes the files that a user asked for, whole or not at all; straight into pipes and devices.

Invariant: what is no regular file is never replaced by one, and who may read a file stays as it is.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from vectorstore.errors import PaperchatError

_HINT = "Name a file in a folder that you can write to."


class OutputFileError(PaperchatError):
    """A file that the user named cannot be written."""


def check_writable(file: Path) -> None:
    """Raise OutputFileError where it is plain already that the file cannot be written."""
    if _is_stream(file):
        if not os.access(file, os.W_OK):
            raise _error(file, "it is not writable")
        return
    folder = resolved(file).parent
    if file.is_dir():
        raise _error(file, "it is a folder")
    if not folder.is_dir():
        raise _error(file, "its folder does not exist")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise _error(file, "its folder is not writable")


def write_file(file: Path, text: str) -> None:
    """Write `text` in the file's place, as `write_parts` does."""
    write_parts(file, [text])


def write_parts(file: Path, parts: Iterable[str]) -> None:
    """Write the parts in the file's place; it has its old content until all is written.

    A pipe or a device, which has no content to keep, gets them one after the other. Raises
    OutputFileError.
    """
    try:
        if _is_stream(file):
            with _opened_stream(file) as stream:
                stream.writelines(encoded(parts))
        else:
            _replace(resolved(file), parts)  # a link stays one
    except OSError as error:
        raise _error(file, error.strerror or str(error)) from error


def encoded(parts: Iterable[str]) -> Iterator[bytes]:
    """Yield the parts in UTF-8; half characters, which it has no form for, become "?"."""
    return (part.encode("utf-8", "replace") for part in parts)


def resolved(file: Path) -> Path:
    """Return where the file is behind all links; raises OutputFileError where they go in a ring."""
    try:
        return file.resolve()
    except (OSError, RuntimeError) as error:  # the latter until Python 3.13
        raise _error(file, "its links lead nowhere") from error


def _replace(target: Path, parts: Iterable[str]) -> None:
    part = target.with_name(f".{secrets.token_hex(8)}.part")
    try:
        # A new file under a name that nobody can have guessed and put a link at.
        with part.open("xb") as new:
            _open_to_the_same(new, target)
            new.writelines(encoded(parts))
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _open_to_the_same(new: BinaryIO, target: Path) -> None:
    """Have the new file belong to those, and be open to those, that the one in its place is."""
    try:
        old = target.stat()
    except FileNotFoundError:
        return
    mode = old.st_mode & 0o777
    with suppress(PermissionError):  # only root may give a file away
        os.fchown(new.fileno(), old.st_uid, -1)
    try:
        os.fchown(new.fileno(), -1, old.st_gid)
    except PermissionError:  # a group that is not one's own; one's own were others to the old file
        mode &= 0o707 | (mode & 0o007) << 3
    os.fchmod(new.fileno(), mode)


def _is_stream(file: Path) -> bool:
    """Tell whether there is a pipe or a device of that name, also one that the shell made for
    `>(command)`.

    Raises OutputFileError for what neither is a file nor takes one byte after the other: a disk,
    which would be written over, or a socket.
    """
    try:
        mode = file.stat().st_mode
    except OSError:  # nothing yet; or what writing it will say
        return False
    if stat.S_ISBLK(mode) or stat.S_ISSOCK(mode):
        raise _error(file, "it is a disk or a socket")
    return stat.S_ISFIFO(mode) or stat.S_ISCHR(mode)


def _opened_stream(file: Path) -> BinaryIO:
    """Open a pipe or a device; raises OutputFileError for a pipe that nothing reads from."""
    try:
        # Opened otherwise, a pipe waits for a reader, who may never come.
        descriptor = os.open(file, os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY)
    except OSError as error:
        if error.errno != errno.ENXIO:
            raise
        raise _error(file, "nothing reads from it", "Start first what is to read it.") from error
    os.set_blocking(descriptor, True)
    return os.fdopen(descriptor, "wb")


def _error(file: Path, reason: str, hint: str = _HINT) -> OutputFileError:
    return OutputFileError(f"The file cannot be written: {reason}", where=str(file), hint=hint)
