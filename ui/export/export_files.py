"""Writes the files that a user asked for, whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path

from vectorstore.errors import PaperchatError


class OutputFileError(PaperchatError):
    """A file that the user named cannot be written."""


def check_writable(file: Path) -> None:
    """Raise OutputFileError where it is plain already that the file cannot be written."""
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

    Raises OutputFileError.
    """
    target = resolved(file)  # a link stays one
    part = target.with_name(f".{secrets.token_hex(8)}.part")
    try:
        try:
            # A new file under a name that nobody can have guessed and put a link at.
            with part.open("xb") as new:
                new.writelines(encoded(parts))
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
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


def _error(file: Path, reason: str) -> OutputFileError:
    return OutputFileError(
        f"The file cannot be written: {reason}",
        where=str(file),
        hint="Name a file in a folder that you can write to.",
    )
