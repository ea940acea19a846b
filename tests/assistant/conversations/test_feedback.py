"""Thumbs up and down: kept, changed, taken back, and exported as judged questions."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from kept import NOON, clock, exchange, planned
from papers import SOUP

from assistant.answer import Intent, Outcome, Plan
from assistant.conversations.conversation_file import CONVERSATIONS_FILE, ConversationGoneError
from assistant.conversations.exchange_record import Ending, StoredExchange
from assistant.conversations.feedback import NOTE_CHARACTERS, Feedback, FeedbackStore
from assistant.conversations.judgement import Rating, question_kind
from assistant.conversations.saved import Place
from assistant.conversations.store import ConversationStore
from assistant.planning.plan_words import Chip
from vectorstore.filters import Filters, Order

ANN, BEN = "ann-9f2c", "ben-77d0"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ConversationStore]:
    opened = ConversationStore(tmp_path / CONVERSATIONS_FILE, clock(0))
    yield opened
    opened.close()


@pytest.fixture
def feedback(store: ConversationStore) -> FeedbackStore:
    return FeedbackStore(store)


@pytest.fixture
def place(store: ConversationStore) -> Place:
    """Return the place of an answer that is the second of its conversation."""
    first = store.save(ANN, exchange("How much salt?"))
    second = replace(
        exchange("And pepper?"), taken_off=(Chip("date", "from 2024"),), within=("soup",)
    )
    return store.save(ANN, second, first.conversation, 1)


def judged(number: int, **differing: object) -> dict[str, object]:
    return {
        "id": f"feedback-{number}",
        "kind": "followup",
        "turns": ["How much salt?", "And pepper?"],
        "relevant": {SOUP.title: 2},
        "must_not": [],
        "points": [],
        "rating": "up",
        "note": "",
        "cited": [SOUP.title],
        "within": ["soup"],
        "taken_off": ["date"],
        "given_at": NOON.isoformat(),
        **differing,
    }


def test_a_thumb_up_says_that_what_was_cited_is_relevant(
    feedback: FeedbackStore, place: Place
) -> None:
    assert feedback.rate(ANN, place, Rating.UP) == Feedback(Rating.UP, "")
    assert list(feedback.judged_questions()) == [judged(place.number)]
    assert json.loads(json.dumps(judged(place.number))) == judged(place.number)


def test_a_thumb_down_says_nothing_of_papers(feedback: FeedbackStore, place: Place) -> None:
    feedback.rate(ANN, place, Rating.DOWN, " No pepper in it. ")
    assert list(feedback.judged_questions()) == [
        judged(place.number, relevant={}, rating="down", note="No pepper in it.")
    ]


def test_a_rating_can_be_changed_and_taken_back(feedback: FeedbackStore, place: Place) -> None:
    there = place.conversation
    first = Place(there, 0, place.number - 1)
    feedback.rate(ANN, place, Rating.UP)
    feedback.rate(ANN, place, Rating.DOWN, "Too short.")
    assert feedback.of_conversation(ANN, there) == (
        (first, None),
        (place, Feedback(Rating.DOWN, "Too short.")),
    )
    assert feedback.count(ANN) == 1
    feedback.remove(ANN, place)
    feedback.remove(ANN, place)
    assert feedback.of_conversation(ANN, there) == ((first, None), (place, None))
    assert feedback.count(ANN) == 0
    assert list(feedback.judged_questions()) == []


def test_a_rating_outlives_its_conversation(
    store: ConversationStore, feedback: FeedbackStore, place: Place
) -> None:
    feedback.rate(ANN, place, Rating.UP)
    store.delete(ANN, place.conversation)
    assert list(feedback.judged_questions()) == [judged(place.number)]


def test_another_answer_to_the_question_has_no_rating(
    store: ConversationStore, feedback: FeedbackStore, place: Place
) -> None:
    feedback.rate(ANN, place, Rating.DOWN)
    again = store.replace(ANN, exchange("And pepper?", "None."), place)
    assert feedback.of_conversation(ANN, place.conversation)[1] == (again, None)
    assert feedback.count(ANN) == 1
    with pytest.raises(ConversationGoneError, match="This answer is not there any more"):
        feedback.rate(ANN, place, Rating.UP)


def test_another_visitor_rates_and_sees_nothing(feedback: FeedbackStore, place: Place) -> None:
    feedback.rate(ANN, place, Rating.UP)
    with pytest.raises(ConversationGoneError):
        feedback.rate(BEN, place, Rating.DOWN)
    feedback.remove(BEN, place)
    assert feedback.of_conversation(BEN, place.conversation) == ()
    assert feedback.count(BEN) == 0
    assert list(feedback.judged_questions(BEN)) == []
    assert list(feedback.judged_questions(ANN)) == [judged(place.number)]


def test_a_long_note_is_cut_and_half_a_character_replaced(
    feedback: FeedbackStore, place: Place
) -> None:
    note = feedback.rate(ANN, place, Rating.UP, "\ud800" + "n" * 9_999).note
    assert note == "?" + "n" * (NOTE_CHARACTERS - 1)


def test_a_damaged_rating_is_left_out(
    feedback: FeedbackStore, place: Place, tmp_path: Path
) -> None:
    feedback.rate(ANN, place, Rating.UP)
    with sqlite3.connect(tmp_path / CONVERSATIONS_FILE) as connection:
        connection.execute("UPDATE feedback SET judgement = '{}'")
    connection.close()
    assert feedback.of_conversation(ANN, place.conversation)[1] == (place, None)
    assert list(feedback.judged_questions()) == []


def test_an_exchange_that_failed_can_be_rated(
    store: ConversationStore, feedback: FeedbackStore
) -> None:
    place = store.save(ANN, StoredExchange("Salt?", Ending.FAILED, problem="No salt."))
    feedback.rate(ANN, place, Rating.DOWN)
    [question] = feedback.judged_questions()
    assert (question["kind"], question["cited"]) == ("which", [])


@pytest.mark.parametrize(
    ("plan", "outcome", "turns", "rating", "kind"),
    [
        (Plan("q", Intent.LIST), Outcome.ANSWERED, 1, Rating.UP, "which"),
        (Plan("q", Intent.FACT), Outcome.ANSWERED, 1, Rating.UP, "fact"),
        (Plan("q", Intent.SUMMARY), Outcome.ANSWERED, 1, Rating.UP, "summary"),
        (Plan("q", Intent.COMPARE), Outcome.ANSWERED, 1, Rating.UP, "compare"),
        (Plan("q", Intent.COUNT), Outcome.ANSWERED, 1, Rating.UP, "count"),
        (Plan("q", Intent.TITLE), Outcome.ANSWERED, 1, Rating.UP, "title"),
        (Plan("q", Intent.SMALL_TALK), Outcome.ANSWERED, 1, Rating.DOWN, "none"),
        (Plan("q", Intent.OUT_OF_SCOPE), Outcome.ANSWERED, 2, Rating.UP, "none"),
        (Plan("q", Intent.LIST), Outcome.ANSWERED, 2, Rating.UP, "followup"),
        (Plan("q", Intent.LIST), Outcome.NOT_FOUND, 2, Rating.UP, "none"),
        (Plan("q", Intent.LIST), Outcome.NOT_FOUND, 1, Rating.DOWN, "which"),
        (
            Plan("q", Intent.LIST, filters=Filters(order=Order.NEWEST)),
            Outcome.ANSWERED,
            1,
            Rating.UP,
            "filter",
        ),
        (
            Plan("q", Intent.LIST, filters=Filters(scope=("soup",))),
            Outcome.ANSWERED,
            1,
            Rating.UP,
            "which",
        ),
        (
            Plan("q", Intent.COUNT, filters=Filters(organization="Bakery")),
            Outcome.ANSWERED,
            1,
            Rating.UP,
            "count",
        ),
    ],
)
def test_the_kind_of_a_rated_question(
    plan: Plan, outcome: Outcome, turns: int, rating: Rating, kind: str
) -> None:
    answer = planned(exchange("q"), plan).answer
    assert answer is not None
    assert question_kind(replace(answer, outcome=outcome), turns, rating) == kind
