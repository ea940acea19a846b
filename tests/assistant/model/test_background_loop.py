"""A loop that is left ends by itself, however long its connections take to close."""

from __future__ import annotations

import asyncio
import gc
import time

import pytest

from assistant.model.background_loop import background_loop

SLOW_S = 1.2


async def closes_slowly(begun: asyncio.Event) -> None:
    begun.set()
    try:
        await asyncio.sleep(60)
    finally:
        await asyncio.sleep(SLOW_S)


async def fails_to_close(begun: asyncio.Event) -> None:
    begun.set()
    try:
        await asyncio.sleep(60)
    finally:
        raise ConnectionResetError


@pytest.mark.parametrize("task", [closes_slowly, fails_to_close], ids=["slowly", "failing"])
def test_the_caller_goes_on_and_the_loop_ends_in_good_order(
    task: object, caplog: pytest.LogCaptureFixture
) -> None:
    assert callable(task)
    with background_loop() as loop:
        begun = asyncio.Event()
        asyncio.run_coroutine_threadsafe(task(begun), loop)
        asyncio.run_coroutine_threadsafe(begun.wait(), loop).result(10)
        left = time.monotonic()
    assert time.monotonic() - left < SLOW_S
    deadline = time.monotonic() + 10
    while not loop.is_closed():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    gc.collect()
    assert caplog.records == []
