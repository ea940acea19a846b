"""Uploads on their way into the library: received file by file, ingested one upload at a time.

Owns what is held of them and for how long. It is all in memory, so nothing is left behind on disk,
whatever happens. Invariant: a visitor sees and changes their own uploads alone.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from queue import SimpleQueue
from threading import Lock, Thread

from ingest.uploads import Upload, ingest_uploads
from ui.logs.unexpected import unexpected
from ui.page.upload_state import Phase, UploadLimits, UploadState, megabytes
from ui.told_errors import told
from vectorstore.errors import PaperchatError
from vectorstore.library import Library


class UploadError(PaperchatError):
    """An upload cannot be taken."""


@dataclass
class _Held:
    visitor: str
    state: UploadState
    content: list[Upload] = field(default_factory=list)
    touched: float = field(default_factory=time.monotonic)

    @property
    def idle(self) -> bool:
        """Tell whether the server has nothing to do for it."""
        return self.state.ended or self.state.phase is Phase.RECEIVING

    @property
    def size(self) -> int:
        return sum(len(upload.data) for upload in self.content)


class UploadQueue:
    """The uploads of all visitors. Safe to share between threads."""

    def __init__(
        self, library: Library, limits: UploadLimits | None = None, *, shared: bool = False
    ) -> None:
        """Begin with none. On a page that is `shared` a failure names no place."""
        self.limits = limits or UploadLimits()
        self._library, self._shared = library, shared
        self._guard = Lock()
        self._held: dict[str, _Held] = {}
        self._waiting: SimpleQueue[_Held] = SimpleQueue()
        self._worker: Thread | None = None

    def begin(self, visitor: str, files: int) -> str:
        """Return the id of a new upload of so many files.

        Raises ReaderError where this home follows the library of another, and UploadError where
        there are too many files, or too many uploads already.
        """
        self._library.require_writer()
        if not 0 < files <= self.limits.files:
            raise UploadError(
                f"An upload has 1 to {self.limits.files:,} files, and this has {files:,}",
                hint="Add some of them now and the others after.",
            )
        upload_id = secrets.token_urlsafe(16)
        with self._guard:
            self._forget_old()
            self._check_count(visitor)
            self._held[upload_id] = _Held(visitor, UploadState(upload_id, files))
        return upload_id

    def receive(self, visitor: str, upload_id: str, upload: Upload) -> None:
        """Add a file to an upload."""
        with self._guard:
            self._forget_old()
            held = self._own(visitor, upload_id, Phase.RECEIVING)
            held.content.append(upload)
            try:
                self._check_limits(held)
            except UploadError:
                del self._held[upload_id]
                raise
            names = (*held.state.received, upload.name)
            held.state, held.touched = replace(held.state, received=names), time.monotonic()

    def start(self, visitor: str, upload_id: str) -> None:
        """Have an upload ingested when those before it are done."""
        with self._guard:
            held = self._own(visitor, upload_id, Phase.RECEIVING)
            held.state = replace(held.state, phase=Phase.WAITING)
            self._waiting.put(held)
            if self._worker is None:
                self._worker = Thread(target=self._work, name="uploads", daemon=True)
                self._worker.start()

    def states(self, visitor: str) -> tuple[UploadState, ...]:
        """Return a visitor's uploads, those that began first first."""
        with self._guard:
            self._forget_old()
            return tuple(held.state for held in self._held.values() if held.visitor == visitor)

    def dismiss(self, visitor: str, upload_id: str) -> None:
        """Forget an upload that has ended, or is still being sent."""
        with self._guard:
            held = self._held.get(upload_id)
            if held and held.visitor == visitor and held.idle:
                del self._held[upload_id]

    def _own(self, visitor: str, upload_id: str, phase: Phase) -> _Held:
        held = self._held.get(upload_id)
        if held is None or held.visitor != visitor or held.state.phase is not phase:
            raise UploadError("This upload is not known", hint="Add the files again.")
        return held

    def _check_count(self, visitor: str) -> None:
        """Make room for one more where there is none, or raise UploadError."""
        own = [held for held in self._held.values() if held.visitor == visitor]
        if len(own) >= self.limits.uploads:
            self._drop(held for held in own if held.state.ended)
        elif len(self._held) >= self.limits.held_uploads:
            self._drop(held for held in self._held.values() if held.idle and not held.content)

    def _drop(self, spare: Iterable[_Held]) -> None:
        """Forget the first of these, which is there for longest."""
        first = next(iter(spare), None)
        if first is None:
            raise UploadError(
                "Too many uploads are under way",
                hint="Add more when those before are done, or more files at once.",
            )
        del self._held[first.state.id]

    def _check_limits(self, held: _Held) -> None:
        limits, hint = self.limits, "Add fewer or smaller files at once."
        if len(held.content[-1].data) > limits.file_bytes:
            raise UploadError(f"A file may have {megabytes(limits.file_bytes)}", hint=hint)
        if len(held.content) > held.state.files or held.size > limits.upload_bytes:
            problem = f"The files of an upload may have {megabytes(limits.upload_bytes)} together"
            raise UploadError(problem, hint=hint)
        if sum(each.size for each in self._held.values()) > limits.held_bytes:
            raise UploadError(
                "Too many files are waiting to be read",
                hint="Try again when the uploads before yours are done.",
            )

    def _forget_old(self) -> None:
        now = time.monotonic()
        for upload_id, held in list(self._held.items()):
            is_sent = held.state.phase is Phase.RECEIVING
            kept_s = self.limits.given_up_s if is_sent else self.limits.forgotten_s
            if held.idle and now - held.touched > kept_s:
                del self._held[upload_id]

    def _work(self) -> None:
        while True:
            self._ingest(self._waiting.get())

    def _ingest(self, held: _Held) -> None:
        def tell(**changes: object) -> None:
            with self._guard:
                held.state = replace(held.state, **changes)  # type: ignore[arg-type]
                held.touched = time.monotonic()

        def on_progress(done: int, total: int) -> None:
            tell(phase=Phase.INDEXING, indexed=done, to_index=total)

        tell(phase=Phase.READING)
        try:
            report = ingest_uploads(self._library, held.content, on_progress)
            tell(phase=Phase.DONE, report=report)
        except PaperchatError as error:
            problem, hint = told(error, shared=self._shared)
            tell(phase=Phase.FAILED, problem=problem, hint=hint)
        except Exception as error:  # noqa: BLE001 - logged
            said = unexpected(error, "an upload could not be ingested")
            tell(phase=Phase.FAILED, problem=said)
        finally:
            held.content.clear()
