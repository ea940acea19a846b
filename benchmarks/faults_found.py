"""What was tried, what was shown, and what must not have been: the rows of the table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from benchmarks.faults_process import Ended

_MESSAGE = re.compile(r"^(?:Error: |problem +|warning +)(.{,600}?)(?: \(/|$|\. )", re.MULTILINE)
HEADINGS = ("fault", "tried", "message shown", "intact")


@dataclass(frozen=True, slots=True)
class Found:
    """One trial: the fault, what the user was shown, and breaches, of which there should be none.

    `detail` says where exactly the fault was, for whoever looks into a breach.
    """

    fault: str
    detail: str
    messages: tuple[str, ...] = ()
    breaches: tuple[str, ...] = ()


def messages(ended: Ended) -> tuple[str, ...]:
    """Return what a command said was wrong, without the places."""
    said = _MESSAGE.findall(f"{ended.complaints}\n{ended.shown}")
    return tuple(dict.fromkeys(" ".join(each.split()) for each in said))


def misbehaviour(ended: Ended, *, located_by: str = "") -> Iterator[str]:
    """Yield what no command may do, whatever is the matter.

    One that fails has to say what, and to name `located_by`.
    """
    if ended.code is None:
        yield "it hangs"
    elif ended.code not in (0, 1):
        yield f"it ends with {ended.code}: {ended.message[-200:]}"
    text = f"{ended.complaints}\n{ended.shown}"
    if "Traceback (most recent call last)" in text or "panicked at" in text:
        yield f"a traceback: {text.strip().splitlines()[-1]}"
    if "Something went wrong inside paperchat" in text:
        yield f"an error that nobody foresaw: {ended.message[-300:]}"
    if ended.code == 1 and not messages(ended):
        yield "it fails and says nothing"
    places = (located_by, "(paper ", "(catalog.sqlite3)")
    if ended.code == 1 and not any(place in text for place in places):
        yield f"it does not say where: {ended.message[:200]}"


def rows(found: Iterable[Found]) -> Iterator[list[str]]:
    """Yield a row of the table for each fault that follows another."""
    for fault, group in groupby(found, attrgetter("fault")):
        yield _row(fault, list(group))


def _row(fault: str, tried: Sequence[Found]) -> list[str]:
    shown = dict.fromkeys(message for each in tried for message in each.messages)
    intact = sum(not each.breaches for each in tried)
    told = "; ".join(list(shown)[:3]) + (f"; and {len(shown) - 3} others" if len(shown) > 3 else "")
    return [fault, str(len(tried)), told, "all" if intact == len(tried) else str(intact)]
