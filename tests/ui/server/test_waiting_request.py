"""A request that waits: what it sends meanwhile, and that nothing goes on once its client left."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable

import pytest

from ui.server.waiting_request import (
    LOOK_S,
    MOST_HELD_BYTES,
    ClientLeftError,
    TooMuchToHoldError,
    WaitingRequest,
)

LEFT = {"type": "http.disconnect"}


def part(body: bytes, *, more: bool = True) -> dict[str, object]:
    return {"type": "http.request", "body": body, "more_body": more}


def sends(messages: Iterable[dict[str, object]]) -> Callable[[], Awaitable[dict[str, object]]]:
    """Return a `receive` that gives the messages, then nothing."""
    left = iter(messages)

    async def receive() -> dict[str, object]:
        for message in left:
            return message
        await asyncio.Event().wait()
        raise AssertionError

    return receive


async def after(seconds: float) -> str:
    await asyncio.sleep(seconds)
    return "done"


@pytest.mark.parametrize("seconds", [0, 3 * LOOK_S], ids=["at once", "after a while"])
def test_what_is_sent_meanwhile_is_read_in_its_order(seconds: float) -> None:
    parts = [part(b"flour"), part(b"salt"), part(b"water", more=False)]

    async def read() -> tuple[str, list[dict[str, object]]]:
        request = WaitingRequest(sends(parts))
        first = [await request.receive()]
        result = await request.result_of(after(seconds))
        return result, first + [await request.receive() for _ in parts[1:]]

    assert asyncio.run(read()) == ("done", parts)


@pytest.mark.parametrize(
    ("messages", "error"),
    [
        ([LEFT], ClientLeftError),
        ([part(b"flour", more=False), LEFT], ClientLeftError),
        ([part(b"x" * MOST_HELD_BYTES), LEFT], ClientLeftError),
        ([part(b"x" * MOST_HELD_BYTES), part(b"x"), LEFT], TooMuchToHoldError),
    ],
    ids=["before its body", "after its body", "as much as is held", "more than is held"],
)
def test_nothing_goes_on_that_nobody_waits_for(
    messages: list[dict[str, object]], error: type[Exception]
) -> None:
    ended: list[str] = []

    async def work() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append("work")

    async def wait() -> None:
        with pytest.raises(error):
            await WaitingRequest(sends(messages)).result_of(work())

    asyncio.run(asyncio.wait_for(wait(), 10))
    assert ended == ["work"]


def test_an_error_of_the_work_is_raised() -> None:
    async def work() -> None:
        raise ZeroDivisionError

    async def wait() -> None:
        with pytest.raises(ZeroDivisionError):
            await WaitingRequest(sends([])).result_of(work())

    asyncio.run(wait())
