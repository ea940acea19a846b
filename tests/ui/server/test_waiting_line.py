"""The line: who is next, which place each has, who leaves, who is refused, how long it takes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.server.waiting_line import RECENT, LineFullError, Place, Turn, WaitingLine, duration


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def line_of(*visitors: str, places: int = 1, most: int = 100) -> tuple[WaitingLine, list[Turn]]:
    line = WaitingLine(places, most, clock=count().__next__)
    return line, [line.join(visitor) for visitor in visitors]


def served(turns: list[Turn]) -> list[int]:
    """End what is answered, again and again; return the turns in the order in which they came."""
    came: list[int] = []
    while len(came) < len(turns):
        fresh = [at for at, turn in enumerate(turns) if turn.came.done() and at not in came]
        assert fresh
        came += fresh
        for at in fresh:
            turns[at].leave()
    return came


def numbers(turns: list[Turn]) -> list[int | None]:
    """Return the numbers of the turns' places."""
    return [turn.place.number if turn.place else None for turn in turns]


def test_who_finds_a_free_place_does_not_wait() -> None:
    _, turns = line_of("ann", "ben", "carl", places=2)
    assert [turn.came.done() for turn in turns] == [True, True, False]
    assert numbers(turns) == [None, None, 1]


def test_first_come_first_served() -> None:
    line, turns = line_of("ann", "ben", "carl", "dora")
    assert numbers(turns) == [None, 1, 2, 3]
    assert line.waiting == 3
    assert served(turns) == [0, 1, 2, 3]


def test_a_visitor_with_many_questions_takes_turns_with_the_others() -> None:
    _, turns = line_of("ann", "ann", "ann", "ann", "ben", "ben", "carl")
    assert numbers(turns) == [None, 1, 4, 6, 2, 5, 3]
    assert served(turns) == [0, 1, 4, 6, 2, 5, 3]


def test_who_was_served_comes_after_those_who_wait() -> None:
    line, turns = line_of("ann", "ann", "ann", "ben")
    turns[0].leave()
    turns.append(line.join("carl"))
    turns.append(line.join("ann"))
    assert served(turns[1:]) == [0, 2, 1, 3, 4]


def test_who_leaves_makes_room_once() -> None:
    _, turns = line_of("ann", "ben", "carl", "dora")
    turns[1].leave()
    turns[1].leave()
    assert numbers(turns) == [None, None, 1, 2]
    with turns[0]:
        pass
    assert [turn.came.done() for turn in turns] == [True, False, True, False]
    turns[0].leave()
    assert numbers(turns) == [None, None, None, 1]


def test_waiting_takes_as_long_as_the_last_answers_took() -> None:
    clock = Clock()
    line = WaitingLine(2, 100, expected_s=3.0, clock=clock)
    first = [line.join(visitor) for visitor in ("ann", "ben")]
    waiting = [line.join(visitor) for visitor in ("carl", "dora", "emil")]
    assert [turn.place for turn in waiting] == [Place(1, 1.5), Place(2, 3.0), Place(3, 4.5)]
    clock.now = 9.0
    first[0].leave(ended=True)
    assert [turn.place for turn in waiting] == [None, Place(1, 3.0), Place(2, 6.0)]


@pytest.mark.parametrize(
    ("visitors", "asks", "said", "visitor"),
    [
        (
            ("ann", "ben", "carl", "dora", "emil"),
            "fay",
            "Too many questions of all visitors are waiting already (4). Ask again in about 8 s.",
            False,
        ),
        (
            ("ann", "ben", "ben", "carl"),
            "ben",
            "Too many questions of yours are waiting already (2). Ask again in about 6 s.",
            True,
        ),
    ],
)
def test_who_finds_no_room_is_told_when_to_come_back(
    visitors: tuple[str, ...], asks: str, said: str, visitor: bool
) -> None:
    line = WaitingLine(1, 4, expected_s=2.0)
    turns = [line.join(each) for each in visitors]
    assert str(line.refusal(asks)) == said
    with pytest.raises(LineFullError) as refused:
        line.join(asks)
    assert (str(refused.value), refused.value.visitor) == (said, visitor)
    turns[1].leave()
    assert line.refusal(asks) is None


def test_nobody_waits_where_none_may() -> None:
    line = WaitingLine(1, 0, expected_s=10.0)
    with line.join("ann"):
        assert str(line.refusal("ben")) == (
            "Too many questions of all visitors are waiting already (0). Ask again in about 10 s."
        )
    assert line.refusal("ben") is None


def test_what_was_given_up_tells_nothing_of_how_long_an_answer_takes() -> None:
    line = WaitingLine(1, 3, expected_s=10.0, clock=Clock())
    for _ in range(RECENT):
        with line.join("ann"):
            pass
    turns = [line.join(visitor) for visitor in ("ann", "ben", "carl")]
    assert [turn.place for turn in turns] == [None, Place(1, 10.0), Place(2, 20.0)]


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.0, "1 s"), (0.2, "1 s"), (3.2, "4 s"), (89.9, "90 s"), (90.0, "2 min"), (121.0, "3 min")],
)
def test_a_time_is_told_in_round_numbers(seconds: float, said: str) -> None:
    assert duration(seconds) == said


@given(st.lists(st.sampled_from("abc"), max_size=12), st.integers(1, 3), st.randoms())
def test_places_are_never_idle_nor_shared_and_all_are_served(
    visitors: list[str], places: int, random: Random
) -> None:
    line, turns = line_of(*visitors, places=places)
    left: list[Turn] = []
    while len(left) < len(turns):
        here = [turn for turn in turns if turn not in left]
        answered = [turn for turn in here if turn.came.done()]
        assert len(answered) == min(places, len(here))
        waiting = sorted(filter(None, numbers(here)))
        assert waiting == list(range(1, len(here) - len(answered) + 1))
        gone = random.choice(here)
        gone.leave()
        left.append(gone)
    assert line.refusal("a") is None
