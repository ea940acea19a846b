"""Where Chroma keeps a library's passages: in the library's own folder, or on a server.

Owns what is different between the two: how the client is made, and how a failure is told.
`ChromaPassages` does the rest, the same for both.
"""

from __future__ import annotations

import shutil
import sqlite3
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from vectorstore.chroma_leftovers import wipe_leftovers
from vectorstore.errors import LibraryError
from vectorstore.open_files import FEW_HINT, few_are_left

COLLECTION = "passages"
DATABASE = "chroma.sqlite3"

Attempt = Literal["open", "use"]

_DAMAGE_HINT = (
    "If the disk is full, free some space. Otherwise run `paperchat doctor --repair`: the catalog"
    " still has every paper, and the vectors are made anew."
)
_NAME_HINT = (
    "The name of that folder is no UTF-8 text, and Chroma takes no other: rename it, or set"
    " PAPERCHAT_HOME to another folder."
)


class ChromaPlace(Protocol):
    """One place for one collection."""

    @property
    def where(self) -> str:
        """Return the folder or address, for messages."""
        ...

    @property
    def collection(self) -> str:
        """Return the name of the collection."""
        ...

    @property
    def most_found(self) -> int:
        """Return how many passages one question of it may find."""
        ...

    @property
    def secrets(self) -> tuple[str, ...]:
        """Return what no text may hold."""
        ...

    def client(self) -> Any:
        """Return a client that makes, gets and deletes collections, until it is closed."""
        ...

    def closed(self) -> None:
        """Do what is to be done once the client was closed."""
        ...

    def failure(self, attempt: Attempt, error: Exception) -> LibraryError | None:
        """Return what `error` means to a user, or None if it is none of Chroma's."""
        ...


@dataclass(frozen=True, slots=True)
class EmbeddedChroma:
    """Chroma in this process, with its files in `folder`."""

    folder: Path
    collection: str = COLLECTION

    @property
    def where(self) -> str:
        """Return the folder."""
        return str(self.folder)

    @property
    def most_found(self) -> int:
        """Return any number: there is no limit."""
        return sys.maxsize

    @property
    def secrets(self) -> tuple[str, ...]:
        """Return nothing: there are none."""
        return ()

    def client(self) -> Any:
        """Return a client of the files."""
        import chromadb
        from chromadb.api.shared_system_client import SharedSystemClient
        from chromadb.config import Settings

        wipe_leftovers(self.folder)  # of a process that was killed
        try:
            return chromadb.PersistentClient(
                str(self.folder), settings=Settings(anonymized_telemetry=False)
            )
        except BaseException:
            # Or the next attempt of this process gets what failed to start, not the folder.
            SharedSystemClient._identifier_to_system.pop(str(self.folder), None)
            raise

    def closed(self) -> None:
        """Leave nothing in the files that is none of the library's."""
        wipe_leftovers(self.folder)

    def damage(self) -> str:
        """Return what is wrong with the database among the files, "" where nothing is.

        Chroma itself, opening a damaged one, may panic.
        """
        file = self.folder / DATABASE
        if not file.is_file():
            return ""
        try:
            with closing(sqlite3.connect(file)) as connection:
                [found] = connection.execute("PRAGMA integrity_check(1)").fetchone()
        except sqlite3.Error as error:
            return f"{file.name}: {error}"
        return "" if found == "ok" else f"{file.name}: {found}"

    def discard(self) -> None:
        """Delete the files, whatever their state; a folder is not left half deleted."""
        aside = self.folder.with_name(f"{self.folder.name}.damaged")
        try:
            _delete(aside)  # what a discarding left that was cut short
            if self.folder.exists():
                self.folder.rename(aside)
            _delete(aside)
        except OSError as error:
            raise LibraryError(
                f"The folder of the vectors cannot be deleted: {error.strerror or error}",
                where=self.where,
                hint="Delete it yourself and run the command again: the vectors are made anew.",
            ) from error

    def failure(self, attempt: Attempt, error: Exception) -> LibraryError | None:
        """Return an error that says how the files are made anew."""
        from chromadb.errors import ChromaError

        if attempt == "use" and not isinstance(error, ChromaError):
            return None
        return LibraryError(
            f"Chroma cannot {attempt} its store: {error}",
            where=self.where,
            hint=_hint(error),
        )


def _hint(error: Exception) -> str:
    if isinstance(error, UnicodeError):
        return _NAME_HINT
    return FEW_HINT if few_are_left() else _DAMAGE_HINT


def _delete(place: Path) -> None:
    if place.is_dir():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)
