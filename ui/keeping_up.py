"""A library opened, finished, and kept up with the home that writes it, where another one does.

Owns when the server is asked: once at the start, then every few seconds, whatever is going on.
Invariant: a server or a model that fails stops nothing but that; it is said once, when it failed
twice in a row.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING

from vectorstore.chroma_server import ChromaServer, Role
from vectorstore.errors import LibraryError, PaperchatError

if TYPE_CHECKING:
    from ingest.engine import Engine
    from vectorstore.embedding import Embedder
    from vectorstore.following import Following
    from vectorstore.library import Library

logger = logging.getLogger(__name__)

EVERY_S = 3.0  # one request of some milliseconds
END_S = 5.0  # to finish a batch of papers


def taken_over(
    home: Path, server: ChromaServer | None, embedder: Embedder, engine: Engine | None = None
) -> None:
    """Have this home write the library on the server, where it is to and another one does.

    It follows that one to its end first, and makes its vectors: killed before, it has only
    followed.
    """
    from vectorstore.library_state import read_state
    from vectorstore.standing import must_take_over, record_writer

    state = read_state(home, server) if home.is_dir() else None
    if server is None or not must_take_over(server, state.facts if state else {}):
        return
    heir = replace(server, role=Role.HEIR)
    with kept_up(home, heir, embedder, engine) as library:
        if library.following is not None:
            record_writer(library.following.standing)


@contextmanager
def kept_up(
    home: Path, server: ChromaServer | None, embedder: Embedder, engine: Engine | None = None
) -> Iterator[Library]:
    """Give the library with all its papers indexed; one that follows goes on doing so."""
    from vectorstore.library import open_library

    with open_library(home, embedder, server) as library:
        if library.following is None:
            _finish(library, "Finishing what an earlier run began", engine)
            yield library
            return
        trouble = _caught_up(library, library.following)
        _finish(library, "Indexing what changed", engine)
        with _kept_up(library, library.following, trouble):
            yield library


def _caught_up(library: Library, following: Following) -> LibraryError | None:
    """Take what changed, behind a bar, and return why that was not possible, where it was not."""
    from ui.console.progress import progress_bar
    from ui.console.terminal import announce

    try:
        with progress_bar("Taking papers from the server") as on_progress:
            following.catch_up(on_progress)
    except LibraryError as error:
        if following.standing.server.role is Role.HEIR or not library.catalog.paper_count():
            raise
        announce(f"{error.problem}. Going on with change {following.change:,} of the library.")
        return error
    return None


def _finish(library: Library, label: str, engine: Engine | None) -> None:
    from ingest.indexing import index_pending
    from ui.console.progress import progress_bar
    from ui.console.terminal import errors

    if library.counts().pending and not errors.is_terminal:
        errors.print(f"{label}.")  # a terminal shows a bar
    # The bar ends before the work of the command begins: it would draw over its output.
    with progress_bar(label) as on_progress:
        index_pending(library, on_progress=on_progress, engine=engine)


@contextmanager
def _kept_up(
    library: Library, following: Following, trouble: LibraryError | None
) -> Iterator[None]:
    over = Event()
    work = (library, following, over, trouble)
    thread = Thread(target=_follow, args=work, name="following", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(END_S)


def _follow(library: Library, following: Following, over: Event, trouble: Exception | None) -> None:
    from ingest.indexing import index_pending

    said = trouble is not None
    while not over.wait(EVERY_S):
        try:
            following.catch_up()
            index_pending(library)
        except Exception as error:  # noqa: BLE001 - a thread that ended would leave this unsaid
            # One failure may be a moment's; and where all is being closed, it says nothing.
            if not said and trouble is not None and not over.is_set():
                said = True
                _say(error)
            trouble = error
        else:
            if said:
                logger.warning("The library is followed again")
            trouble, said = None, False


def _say(error: Exception) -> None:
    if isinstance(error, PaperchatError):
        logger.warning("The library is not followed any more: %s", error)
    else:
        logger.error("the library could not be followed", exc_info=error)
