"""The error that every package's errors come from, and what can go wrong with a library on disk."""

from __future__ import annotations


class PaperchatError(Exception):
    """Something a user can act on: `problem` says what, `where` the file, folder or address, `hint`
    the next step.
    """

    def __init__(self, problem: str, *, where: str = "", hint: str = "") -> None:
        place = f" ({where})" if where else ""
        super().__init__(f"{problem}{place}. {hint}".rstrip())
        self.problem = problem
        self.where = where
        self.hint = hint


class LibraryError(PaperchatError):
    """A library on disk cannot be used."""


class LibraryBusyError(LibraryError):
    """Another process holds the library."""


class LibraryMismatchError(LibraryError):
    """The library was written with another embedding model or another schema."""
