"""A restore that is killed anywhere: the library before, or the one restored, and never a mixture.

The process is killed at each thing that it asks of the system in turn: opening a file, making,
renaming or removing one.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from backed_up import BREAD, DATABASES, SOUP, TEA, papers_in, talks_in, write_home

from vectorstore.backup import make_backup
from vectorstore.errors import LibraryBusyError
from vectorstore.library_state import read_state
from vectorstore.lock import LibraryLock
from vectorstore.restore import restore
from vectorstore.restore_swap import finish_restore, put_in_place

STEPS = ("open", "os.mkdir", "os.rename", "os.rmdir", "os.remove", "sqlite3.connect")
FORMER = ({"tea": TEA}, ["How long?"])
RESTORED = ({"bread": BREAD, "soup": SOUP}, ["How much salt?"])
KILLED = 9


@pytest.fixture(scope="module")
def backup(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("backed up")
    make_backup(write_home(folder / "library"), folder / "library.backup", DATABASES)
    return folder / "library.backup"


def killed_at(step: int, home: Path, work: Callable[[], object]) -> bool:
    """Do the work in a process that dies at this step in the home; tell whether it came to it."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == KILLED
    left = step

    def die(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal left
        if event in STEPS and str(home) in str(arguments[0]):
            left -= 1
            if left < 0:
                os._exit(KILLED)

    sys.addaudithook(die)
    with suppress(BaseException):
        work()
        os._exit(0)
    os._exit(1)


@pytest.fixture(scope="module")
def former(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a library, to be copied."""
    return write_home(tmp_path_factory.mktemp("former") / "library", [TEA], FORMER[1])


def test_killed_anywhere(backup: Path, former: Path, tmp_path: Path) -> None:
    found = []
    for step in range(1000):
        home = shutil.copytree(former, tmp_path / str(step))
        if not killed_at(step, home, partial(restore, home, backup, DATABASES, replace=True)):
            break
        read_state(home)  # as any command does
        found.append((papers_in(home), talks_in(home)))
        assert found[-1] in (FORMER, RESTORED)
        if found[-1] == RESTORED:
            [aside] = home.glob("replaced-*")
            assert (papers_in(aside), talks_in(aside)) == FORMER
        else:
            restore(home, backup, DATABASES, replace=True)
            assert (papers_in(home), talks_in(home)) == RESTORED
        assert not list(home.glob("restore.*"))
    assert (found[0], found[-1]) == (FORMER, RESTORED)
    assert found == sorted(found, key=lambda state: state == RESTORED)
    assert step > 20


def test_killed_while_it_is_finished(
    backup: Path, former: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for step in range(1000):
        home = shutil.copytree(former, tmp_path / str(step))
        with monkeypatch.context() as patch:
            patch.setattr("vectorstore.restore_swap._finish", None)
            with pytest.raises(TypeError):
                restore(home, backup, DATABASES, replace=True)
        if not killed_at(step, home, partial(finish_restore, home)):
            break
        read_state(home)
        assert (papers_in(home), talks_in(home)) == RESTORED
        [aside] = home.glob("replaced-*")
        assert (papers_in(aside), talks_in(aside)) == FORMER
    assert step > 5


def test_another_process_waits_for_one_that_goes_on(tmp_path: Path) -> None:
    home = write_home(tmp_path / "library")
    (home / "restore.moving-in").mkdir()
    lock = LibraryLock(home)
    try:
        with pytest.raises(LibraryBusyError):
            read_state(home)
    finally:
        lock.release()
    read_state(home)
    assert not (home / "restore.moving-in").exists()


def test_what_was_not_unpacked_to_its_end_goes(tmp_path: Path) -> None:
    home = write_home(tmp_path / "library")
    (home / "restore.unpacking" / "new").mkdir(parents=True)
    put_in_place(home)
    assert (papers_in(home), (home / "restore.unpacking").exists()) == (RESTORED[0], False)
