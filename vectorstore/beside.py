"""Work done on another core while the caller does its own.

Owns the threads, which live as long as the process: starting one for each question takes longer
than what it is to do, on a busy machine ten times as long.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from functools import cache
from typing import TypeVar

Result = TypeVar("Result")


@contextmanager
def beside(work: Callable[[], Result]) -> Iterator[Callable[[], Result]]:
    """Begin the work, and give a function that waits for what it returns or raises.

    Work that no thread has begun until then is done by the one that asks for it: nobody waits for
    the work of others, and work may ask for work. None goes on after the block.
    """
    begun: Future[Result] = _threads().submit(work)
    try:
        yield lambda: work() if begun.cancel() else begun.result()
    finally:
        if not begun.cancel():
            wait([begun])


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="beside")
