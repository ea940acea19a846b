"""Answers under way can be stopped, even before they begin."""

from __future__ import annotations

from ui.page.desk import RunningAnswers


def test_an_answer_is_stopped_by_its_visitor_alone() -> None:
    running = RunningAnswers()
    stop = running.begin("ann", "first")
    running.stop("ben", "first")
    assert not stop.is_set()
    running.stop("ann", "first")
    assert stop.is_set()


def test_one_that_waits_for_its_turn_never_begins() -> None:
    running = RunningAnswers()
    running.stop("ann", "first")
    assert running.begin("ann", "first").is_set()
    running.end("ann", "first")
    assert not running.begin("ann", "first").is_set()


def test_nobody_makes_an_answer_unstoppable_by_stopping_others() -> None:
    running = RunningAnswers(remembered=2)
    stop = running.begin("ann", "first")
    for name in ("first", "second", "third"):
        running.stop("ben", name)
    running.stop("ann", "first")
    assert stop.is_set()


def test_stops_of_what_never_began_are_forgotten_at_last() -> None:
    running = RunningAnswers(remembered=2)
    for name in ("first", "second", "third"):
        running.stop("ann", name)
    assert not running.begin("ann", "first").is_set()
    assert running.begin("ann", "third").is_set()
