"""Uploads on their way into the library: whose they are, how much may come, and in which order."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from threading import Event

import pytest
from embedders import WordEmbedder

from ingest.report import IngestReport
from ingest.uploads import Upload
from ui.page.upload_queue import UploadError, UploadQueue
from ui.page.upload_state import Phase, UploadLimits, UploadState
from vectorstore.errors import PaperchatError
from vectorstore.library import Library, open_library

BREAD = "On Bread\n\nDough rises.\n\n  • 4 authors\n·\nJul 2, 2024\n\n".encode()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with open_library(tmp_path, WordEmbedder()) as library:
        yield library


@pytest.fixture
def queue(library: Library) -> UploadQueue:
    limits = UploadLimits(file_bytes=100, upload_bytes=150, files=3, held_bytes=250)
    return UploadQueue(library, limits)


def send(queue: UploadQueue, visitor: str, *contents: bytes) -> str:
    upload = queue.begin(visitor, len(contents))
    for number, content in enumerate(contents):
        queue.receive(visitor, upload, Upload(f"{number}.txt", content))
    return upload


def ended(queue: UploadQueue, visitor: str) -> tuple[UploadState, ...]:
    """Wait for all uploads of a visitor to end, and return them."""
    give_up = time.monotonic() + 10
    while not all(state.ended for state in queue.states(visitor)):
        assert time.monotonic() < give_up
        time.sleep(0.01)
    return queue.states(visitor)


def test_upload_becomes_papers(queue: UploadQueue, library: Library) -> None:
    upload = send(queue, "ann", BREAD, b"milk")
    assert queue.states("ann") == (UploadState(upload, 2, ("0.txt", "1.txt")),)
    queue.start("ann", upload)
    [state] = ended(queue, "ann")
    assert (state.phase, state.indexed, state.to_index) == (Phase.DONE, 1, 1)
    assert state.report is not None
    assert (state.report.new, len(state.report.skipped)) == (1, 1)
    assert library.counts().papers == 1
    queue.dismiss("ann", upload)
    assert queue.states("ann") == ()


def test_visitors_know_their_own_alone(queue: UploadQueue) -> None:
    upload = send(queue, "ann", BREAD)
    assert queue.states("ben") == ()
    queue.dismiss("ben", upload)
    with pytest.raises(UploadError, match="This upload is not known"):
        queue.receive("ben", upload, Upload("b.txt", BREAD))
    with pytest.raises(UploadError, match="This upload is not known"):
        queue.start("ben", upload)
    assert [state.phase for state in queue.states("ann")] == [Phase.RECEIVING]


@pytest.mark.parametrize("files", [0, 4])
def test_number_of_files(queue: UploadQueue, files: int) -> None:
    with pytest.raises(UploadError) as caught:
        queue.begin("ann", files)
    assert str(caught.value) == (
        f"An upload has 1 to 3 files, and this has {files}. Add some of them now and the others"
        " after."
    )


@pytest.mark.parametrize(
    ("contents", "problem"),
    [
        ([b"x" * 101], "A file may have 0 MB"),
        ([b"x" * 80, b"x" * 80], "The files of an upload may have 0 MB together"),
    ],
)
def test_upload_that_is_too_much_is_forgotten(
    queue: UploadQueue, contents: list[bytes], problem: str
) -> None:
    with pytest.raises(UploadError) as caught:
        send(queue, "ann", *contents)
    assert (caught.value.problem, caught.value.hint) == (
        problem,
        "Add fewer or smaller files at once.",
    )
    assert queue.states("ann") == ()


def test_more_files_than_were_announced(queue: UploadQueue) -> None:
    upload = send(queue, "ann", BREAD)
    with pytest.raises(UploadError):
        queue.receive("ann", upload, Upload("b.txt", b""))


def test_more_than_is_held(queue: UploadQueue) -> None:
    send(queue, "ann", b"x" * 100)
    mine = send(queue, "ben", b"x" * 100)
    with pytest.raises(UploadError, match="Too many files are waiting to be read"):
        send(queue, "cy", b"x" * 100)
    queue.dismiss("ben", mine)
    send(queue, "cy", b"x" * 100)


@pytest.mark.parametrize(
    "use",
    [
        lambda queue, _: queue.begin("ben", 1),
        lambda queue, other: queue.receive("ben", other, Upload("b.txt", BREAD)),
        lambda queue, _: queue.states("ben"),
    ],
)
def test_uploads_that_were_given_up_are_forgotten(
    library: Library, monkeypatch: pytest.MonkeyPatch, use: Callable[[UploadQueue, str], object]
) -> None:
    queue = UploadQueue(library)
    done = send(queue, "ann", BREAD)
    queue.start("ann", done)
    ended(queue, "ann")
    send(queue, "ann", BREAD)
    now = time.monotonic() + queue.limits.given_up_s + 1
    other = queue.begin("ben", 1)
    queue._held[other].touched = now
    monkeypatch.setattr("ui.page.upload_queue.time.monotonic", lambda: now)
    use(queue, other)
    assert [held.state.id for held in queue._held.values() if held.visitor == "ann"] == [done]


Ingest = Callable[..., IngestReport]


def replaced(monkeypatch: pytest.MonkeyPatch, ingest: Ingest) -> None:
    monkeypatch.setattr("ui.page.upload_queue.ingest_uploads", ingest)


def test_one_after_another(queue: UploadQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[bytes] = []
    begun, go_on = Event(), Event()

    def slowly(_library: object, uploads: list[Upload], _: object) -> IngestReport:
        order.append(uploads[0].data)
        begun.set()
        assert go_on.wait(10)
        return IngestReport(1, 0, 0, 0, 0, 0, (), 0.1)

    replaced(monkeypatch, slowly)
    for content in (b"1", b"2", b"3"):
        queue.start("ann", send(queue, "ann", content))
    assert begun.wait(10)
    assert [state.phase for state in queue.states("ann")] == [
        Phase.READING,
        Phase.WAITING,
        Phase.WAITING,
    ]
    [first, second, _] = queue.states("ann")
    for state in (first, second):
        queue.dismiss("ann", state.id)  # neither is what dismissing is for
        with pytest.raises(UploadError):
            queue.start("ann", state.id)
    go_on.set()
    assert [state.phase for state in ended(queue, "ann")] == [Phase.DONE] * 3
    assert order == [b"1", b"2", b"3"]


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            PaperchatError("No model", where="there", hint="Start it."),
            ("No model (there)", "Start it."),
        ),
        (RuntimeError("broken"), ("Something went wrong inside paperchat (error *", "")),
    ],
)
def test_failure_is_told_and_the_next_one_goes_on(
    queue: UploadQueue,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    told: tuple[str, str],
) -> None:
    def fail(*_: object) -> IngestReport:
        raise error

    with monkeypatch.context() as patch, caplog.at_level(logging.ERROR):
        replaced(patch, fail)
        queue.start("ann", send(queue, "ann", BREAD))
        [state] = ended(queue, "ann")
    assert (state.phase, state.hint) == (Phase.FAILED, told[1])
    assert fnmatchcase(state.problem, told[0])
    assert ("broken" in caplog.text) == isinstance(error, RuntimeError)
    queue.start("ann", send(queue, "ann", BREAD))
    assert ended(queue, "ann")[1].phase is Phase.DONE
