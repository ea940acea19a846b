"""A lock that is shared or held alone, watched from several threads."""

from __future__ import annotations

from threading import Event, Thread
from time import monotonic, sleep

import pytest

from vectorstore.shared_lock import SharedLock

SOON, NEVER = 5.0, 0.1  # seconds until what must happen has, and until what must not would have


def _until_waiting(lock: SharedLock, threads: int) -> None:
    """Wait until so many threads wait for the lock."""
    ends = monotonic() + SOON
    while len(lock._condition._waiters) < threads:  # type: ignore[attr-defined]
        assert monotonic() < ends
        sleep(0.001)


def test_shares_at_once_and_one_within_another() -> None:
    lock, inside = SharedLock(), Event()

    def take_one_too() -> None:
        with lock.shared():
            inside.set()

    with lock.shared(), lock.shared():
        Thread(target=take_one_too).start()
        assert inside.wait(SOON)


def test_alone_waits_for_every_share() -> None:
    lock, alone = SharedLock(), Event()

    def take_it_alone() -> None:
        with lock.alone():
            alone.set()

    thread = Thread(target=take_it_alone)
    with lock.shared():
        thread.start()
        assert not alone.wait(NEVER)
        with lock.shared():  # whoever has a share gets another, although somebody waits
            pass
        assert not alone.wait(NEVER)
    assert alone.wait(SOON)
    thread.join()


def test_those_who_come_later_wait_behind_it() -> None:
    lock, turns = SharedLock(), list[str]()

    def take_it_alone() -> None:
        with lock.alone():
            turns.append("alone")

    def share() -> None:
        with lock.shared():
            turns.append("shared")

    threads = [Thread(target=take_it_alone), Thread(target=share)]
    with lock.shared():
        for waiting, thread in enumerate(threads, start=1):
            thread.start()
            _until_waiting(lock, waiting)
        assert turns == []
    for thread in threads:
        thread.join(SOON)
    assert turns == ["alone", "shared"]


def test_shares_wait_for_the_one() -> None:
    lock, inside = SharedLock(), Event()

    def share() -> None:
        with lock.shared():
            inside.set()

    thread = Thread(target=share)
    with lock.alone():
        thread.start()
        assert not inside.wait(NEVER)
    assert inside.wait(SOON)
    thread.join()


def test_error_gives_it_back() -> None:
    lock = SharedLock()
    for hold in (lock.shared, lock.alone, lock.shared):
        with pytest.raises(ValueError, match="broken"), hold():
            raise ValueError("broken")
    with lock.alone():
        pass
