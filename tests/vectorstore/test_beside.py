from __future__ import annotations

from threading import Event, get_ident

import pytest

from vectorstore import beside as module
from vectorstore.beside import beside

THREADS = module._threads()._max_workers


def test_it_runs_on_another_thread() -> None:
    ran, begun = [], Event()

    def work() -> str:
        ran.append(get_ident())
        begun.set()
        return "done"

    with beside(work) as result:
        assert begun.wait(10)
        assert result() == "done"
    assert ran != [get_ident()]


def test_what_no_thread_has_begun_is_done_by_who_asks() -> None:
    release = Event()
    others = [module._threads().submit(release.wait, 10) for _ in range(THREADS)]
    try:
        with beside(get_ident) as result:
            assert result() == get_ident()
    finally:
        release.set()
    assert all(other.result() for other in others)


def test_what_it_raises_is_raised_where_it_is_asked_for() -> None:
    def work() -> None:
        raise ValueError("bread")

    with beside(work) as result, pytest.raises(ValueError, match="bread"):
        result()


def test_nothing_goes_on_after_the_block() -> None:
    begun, ended = Event(), []

    def work() -> None:
        begun.set()
        Event().wait(0.05)
        ended.append(True)

    with pytest.raises(KeyError), beside(work):  # noqa: PT012 - the work must have begun
        assert begun.wait(10)
        raise KeyError
    assert ended == [True]
