"""Faults put into commands: a removal at every third of its writes, and what is told of all."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from benchmarks.faults_at_writes import at_every_write
from benchmarks.faults_found import Found, messages, misbehaviour, rows
from benchmarks.faults_process import Ended
from benchmarks.faults_scenes import Scene, removal
from benchmarks.faults_writes import Fault


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return removal(tmp_path_factory.mktemp("removal"))


@pytest.mark.parametrize("fault", [Fault.KILL, Fault.FULL])
def test_a_removal_at_every_third_write(scene: Scene, fault: Fault) -> None:
    found = list(at_every_write(scene, fault, step=3))
    assert [each for each in found if each.breaches] == []
    assert len(found) >= 3
    assert any(each.messages for each in found) == (fault is Fault.FULL)


def breaches(ended: Ended) -> Iterator[str]:
    return misbehaviour(ended, located_by="/home/bread")


TRACE = 'Traceback (most recent call last):\n  File "x.py"\nKeyError: 1\n'


@pytest.mark.parametrize(
    ("ended", "told"),
    [
        (Ended(0, "1 paper", ""), []),
        (Ended(1, "", "Error: The disk is full (/home/bread)\nFree some."), []),
        (Ended(1, "problem  catalog: it is damaged (/home/bread)", ""), []),
        (Ended(None, "", ""), ["it hangs"]),
        (Ended(-11, "", "no memory"), ["it ends with -11: no memory"]),
        (
            Ended(1, "", TRACE),
            [
                "a traceback: KeyError: 1",
                "it fails and says nothing",
                'it does not say where: Traceback (most recent call last): File "x.py" KeyError: 1',
            ],
        ),
        (Ended(1, "", "Error: No."), ["it does not say where: Error: No."]),
    ],
    ids=["well", "told", "told by doctor", "hangs", "killed", "traceback", "nowhere"],
)
def test_what_a_command_may_not_do(ended: Ended, told: list[str]) -> None:
    assert list(breaches(ended)) == told


def test_messages_are_told_without_places() -> None:
    ended = Ended(1, "problem  lock: in use\n", "Error: It is full (/home/bread)\nFree some.")
    assert messages(ended) == ("It is full", "lock: in use")


def test_the_rows_of_the_table() -> None:
    found = (
        Found("ingest: killed", "write 1"),
        Found("ingest: killed", "write 2", ("It is full",), ("lost: Bread",)),
        Found("sync: killed", "write 1", ("A", "B", "C", "D", "E")),
    )
    assert list(rows(found)) == [
        ["ingest: killed", "2", "It is full", "1"],
        ["sync: killed", "1", "A; B; C; and 2 others", "all"],
    ]
