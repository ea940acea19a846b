from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from vectorstore.errors import LibraryBusyError, LibraryError
from vectorstore.lock import HOLDER_FILE, LOCK_FILE, LibraryLock

HOLD = """
import sys
from pathlib import Path
from vectorstore.lock import LibraryLock

lock = LibraryLock(Path(sys.argv[2]))
print("held", flush=True)
sys.stdin.read()
lock.release()
"""


@contextmanager
def holder(home: Path) -> Iterator[subprocess.Popen[str]]:
    """Run a process that holds the lock until its input ends."""
    command = [sys.executable, "-c", HOLD, "serve", str(home)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        yield process


def test_second_process_is_told_who_has_it(tmp_path: Path) -> None:
    with holder(tmp_path) as process:
        with pytest.raises(LibraryBusyError) as caught:
            LibraryLock(tmp_path)
        assert str(caught.value) == (
            f"Another process is using this library: process {process.pid}, paperchat serve"
            f" ({tmp_path}). Stop it first, or set PAPERCHAT_HOME to another folder."
        )
    LibraryLock(tmp_path).release()


def test_holder_killed(tmp_path: Path) -> None:
    with holder(tmp_path) as process:
        process.kill()
        process.wait()
        assert (tmp_path / HOLDER_FILE).exists()
        lock = LibraryLock(tmp_path)
        assert f"process {os.getpid()}" in (tmp_path / HOLDER_FILE).read_text("utf-8")
        lock.release()
    assert not (tmp_path / HOLDER_FILE).exists()


def test_same_process_cannot_take_it_twice(tmp_path: Path) -> None:
    lock = LibraryLock(tmp_path)
    with pytest.raises(LibraryBusyError) as caught:
        LibraryLock(tmp_path)
    assert caught.value.problem.startswith(
        f"Another process is using this library: process {os.getpid()}, paperchat"
    )
    lock.release()
    LibraryLock(tmp_path).release()


def test_holder_without_a_name(tmp_path: Path) -> None:
    lock = LibraryLock(tmp_path)
    (tmp_path / HOLDER_FILE).unlink()
    with pytest.raises(LibraryBusyError) as caught:
        LibraryLock(tmp_path)
    assert caught.value.problem == (
        "Another process is using this library: its process left no name"
    )
    lock.release()


def test_released_by_another_thread(tmp_path: Path) -> None:
    lock = LibraryLock(tmp_path)
    thread = Thread(target=lock.release)
    thread.start()
    thread.join()
    LibraryLock(tmp_path).release()


def test_folder_that_cannot_be_written_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:

        def fail(*_: object) -> None:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))

        patch.setattr("vectorstore.lock.Path.write_text", fail)
        with pytest.raises(LibraryError) as caught:
            LibraryLock(tmp_path)
    assert (caught.value.problem, caught.value.where, caught.value.hint) == (
        "The library's folder cannot be written to: Read-only file system",
        str(tmp_path),
        "Make it writable, or set PAPERCHAT_HOME to another folder.",
    )
    # A lock that could not be taken in full is not kept.
    LibraryLock(tmp_path).release()


def link(place: Path) -> None:
    place.symlink_to(place.with_name("elsewhere"))


@pytest.mark.parametrize("put", [Path.mkdir, os.mkfifo, link], ids=["folder", "pipe", "link"])
@pytest.mark.parametrize("name", [LOCK_FILE, HOLDER_FILE])
def test_what_is_in_the_place_of_its_files_is_named(
    tmp_path: Path, name: str, put: Callable[[Path], object]
) -> None:
    put(tmp_path / name)
    with pytest.raises(LibraryError) as caught:
        LibraryLock(tmp_path)
    assert str(caught.value) == (
        f"{name} is no file, and paperchat keeps one of that name in a library ({tmp_path / name})."
        " Move away what is there, and try again: nothing of the library is in it."
    )
    assert [place.name for place in tmp_path.iterdir()] == [name]


def test_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LibraryError, match="cannot be written to: File exists"):
        LibraryLock(tmp_path / "file")
