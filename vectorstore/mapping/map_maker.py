"""Makes a library's map in the background, once for each version of the library.

Owns the thread that makes it and its low priority: a question that is asked meanwhile goes first.
Safe to share between threads; at most one map is being made at a time.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock, Thread, get_native_id

from vectorstore.errors import PaperchatError
from vectorstore.library import Library
from vectorstore.mapping.collection_map import CollectionMap, MapStep, library_version, make_map
from vectorstore.mapping.map_cache import read_map, write_map
from vectorstore.snapshot import Snapshot

LOWEST_PRIORITY = 19
LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class MapState:
    """The latest map, if there is one, and what is going on.

    `is_current` says that it is the map of the library's papers as they are now. If it is not,
    `step` is what is being done to have one, or None where that failed; it is not tried again until
    papers change.
    """

    map: CollectionMap | None
    is_current: bool
    step: MapStep | None


class MapMaker:
    """The map of one library, made when it is first asked for."""

    def __init__(self, library: Library, make: Callable[..., CollectionMap] = make_map) -> None:
        """Take a library that stays open as long as this is used, and what makes its map."""
        self._library = library
        self._make = make
        self._guard = Lock()
        self._map: CollectionMap | None = None
        self._tried = ""  # the version that the thread makes, made, or could not make
        self._seen: tuple[Snapshot, str] | None = None
        self._step = MapStep.PLACING
        self._thread: Thread | None = None

    def state(self) -> MapState:
        """Return the map as far as it is, and begin to make it where it is not of these papers.

        Raises LibraryError if the library cannot be read.
        """
        version = self._version()
        with self._guard:
            is_current = self._map is not None and self._map.version == version
            is_busy = self._thread is not None and self._thread.is_alive()
            if not is_current and not is_busy and self._tried != version:
                self._tried, self._step, is_busy = version, MapStep.PLACING, True
                self._thread = Thread(target=self._work, args=(version,), daemon=True)
                self._thread.start()
            return MapState(
                self._map, is_current, None if is_current or not is_busy else self._step
            )

    def wait(self) -> None:
        """Return when no map is being made."""
        if thread := self._thread:
            thread.join()

    def _version(self) -> str:
        """Return the library's version, which is worked out once for each state of its papers."""
        snapshot = self._library.snapshot()
        seen = self._seen
        if seen is None or seen[0] is not snapshot:
            self._seen = seen = snapshot, library_version(self._library)
        return seen[1]

    def _work(self, version: str) -> None:
        _step_back()
        try:
            made = read_map(self._library.home, version)
            if made is None:
                made = self._make(self._library, self._begin)
                write_map(self._library.home, made)
        except PaperchatError as error:
            LOG.warning("The map cannot be made: %s", error)
        except Exception:  # a failure of ours, which must not end in a thread that nobody looks at
            LOG.exception("The map could not be made")
        else:
            with self._guard:
                # Papers may have changed before they were read: then it is another version's.
                self._map, self._tried = made, made.version

    def _begin(self, step: MapStep) -> None:
        with self._guard:
            self._step = step


def _step_back() -> None:
    """Have the system run this thread when no other wants to, where it has priorities by thread."""
    try:
        os.setpriority(os.PRIO_PROCESS, get_native_id(), LOWEST_PRIORITY)
    except (AttributeError, OSError):  # Windows has no such call, and macOS none for threads
        LOG.debug("The map is made at normal priority")
