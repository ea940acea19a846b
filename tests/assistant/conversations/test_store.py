"""Saved conversations: where exchanges go, who sees them, what is found, and broken files."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from kept import NOON, clock, exchange

from assistant.conversations.conversation_file import (
    CONVERSATIONS_FILE,
    ConversationError,
    ConversationGoneError,
)
from assistant.conversations.exchange_record import Ending, StoredExchange
from assistant.conversations.saved import (
    ConversationSummary,
    Place,
    SavedConversation,
    SavedExchange,
)
from assistant.conversations.store import ConversationStore

ANN, BEN = "ann-9f2c", "ben-77d0"
ROOT = Path(__file__).parents[3]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / CONVERSATIONS_FILE


@pytest.fixture
def store(file: Path) -> Iterator[ConversationStore]:
    opened = ConversationStore(file, clock(0))
    yield opened
    opened.close()


def saved(store: ConversationStore, *questions: str, visitor: str = ANN) -> list[Place]:
    """Save a conversation of these questions and return their places."""
    places = [store.save(visitor, exchange(questions[0]))]
    for position, question in enumerate(questions[1:], start=1):
        there = places[0].conversation
        places.append(store.save(visitor, exchange(question), there, position))
    return places


def questions(store: ConversationStore, conversation: str, visitor: str = ANN) -> list[str]:
    return [each.exchange.question for each in store.read(visitor, conversation).exchanges]


def titles(store: ConversationStore, words: str = "", visitor: str = ANN) -> list[str]:
    return [each.title for each in store.summaries(visitor, words)]


def test_nothing_is_made_before_something_is_saved(store: ConversationStore, file: Path) -> None:
    assert store.summaries(ANN) == ()
    with pytest.raises(ConversationGoneError):
        store.read(ANN, "soup")
    assert not file.exists()
    saved(store, "How much salt?")
    assert file.exists()


def test_a_conversation_is_read_as_it_was_saved(store: ConversationStore) -> None:
    first, second = saved(store, "How much salt?", "And pepper?")
    assert first.conversation == second.conversation
    assert store.read(ANN, first.conversation) == SavedConversation(
        first.conversation,
        "How much salt?",
        (
            SavedExchange(first, NOON, exchange("How much salt?")),
            SavedExchange(second, NOON, exchange("And pepper?")),
        ),
    )
    assert store.read_exchange(ANN, first.conversation, 1) == SavedExchange(
        second, NOON, exchange("And pepper?")
    )
    assert store.summaries(ANN) == (
        ConversationSummary(first.conversation, "How much salt?", NOON, 2, 2),
    )


def test_it_is_there_when_the_program_is_started_again(
    store: ConversationStore, file: Path
) -> None:
    [place] = saved(store, "How much salt?")
    store.close()
    again = ConversationStore(file)
    assert questions(again, place.conversation) == ["How much salt?"]
    again.close()


def test_another_visitor_sees_and_changes_nothing(store: ConversationStore) -> None:
    [place] = saved(store, "How much salt?")
    there = place.conversation
    assert store.summaries(BEN) == ()
    refused: list[Callable[[], object]] = [
        lambda: store.read(BEN, there),
        lambda: store.read_exchange(BEN, there, 0),
        lambda: store.rename(BEN, there, "Mine"),
        lambda: store.delete(BEN, there),
    ]
    for attempt in refused:
        with pytest.raises(ConversationGoneError):
            attempt()
    assert store.save(BEN, exchange("Mine"), there, 1).conversation != there
    assert store.replace(BEN, exchange("Mine"), place).conversation != there
    assert titles(store) == ["How much salt?"]
    assert questions(store, there) == ["How much salt?"]


def test_nothing_is_kept_of_nobody(store: ConversationStore, file: Path) -> None:
    with pytest.raises(ConversationError, match="it is not known whose they are"):
        saved(store, "How much salt?", visitor="")
    assert not file.exists()


def test_asked_again_the_last_exchange_is_replaced(store: ConversationStore) -> None:
    first, last = saved(store, "How much salt?", "And pepper?")
    again = store.replace(ANN, exchange("And pepper?", "None."), last)
    assert again == Place(last.conversation, 1, last.number + 1)
    read = store.read(ANN, first.conversation)
    assert [each.exchange for each in read.exchanges] == [
        exchange("How much salt?"),
        exchange("And pepper?", "None."),
    ]


@pytest.mark.parametrize("meanwhile", ["appended", "replaced"])
def test_what_another_tab_wrote_is_never_replaced(store: ConversationStore, meanwhile: str) -> None:
    first, last = saved(store, "How much salt?", "And pepper?")
    if meanwhile == "appended":
        store.save(ANN, exchange("And dill?"), last.conversation, 2)
    else:
        store.replace(ANN, exchange("And dill?"), last)
    before = questions(store, first.conversation)
    branch = store.replace(ANN, exchange("And mint?"), last)
    assert questions(store, first.conversation) == before
    assert questions(store, branch.conversation) == ["How much salt?", "And mint?"]


def test_two_tabs_that_go_on_get_a_conversation_each(store: ConversationStore) -> None:
    [first] = saved(store, "How much salt?")
    one = store.save(ANN, exchange("And pepper?"), first.conversation, 1)
    other = store.save(ANN, exchange("And dill?"), first.conversation, 1)
    assert one.conversation == first.conversation != other.conversation
    assert questions(store, one.conversation) == ["How much salt?", "And pepper?"]
    assert questions(store, other.conversation) == ["How much salt?", "And dill?"]
    assert titles(store) == ["How much salt?", "How much salt?"]


def test_another_first_question_begins_a_conversation_of_its_own(store: ConversationStore) -> None:
    first, _ = saved(store, "How much salt?", "And pepper?")
    other = store.save(ANN, exchange("How much dill?"), first.conversation, 0)
    assert questions(store, other.conversation) == ["How much dill?"]
    assert titles(store) == ["How much dill?", "How much salt?"]


def test_what_was_deleted_stays_deleted_when_its_tab_goes_on(store: ConversationStore) -> None:
    [first] = saved(store, "How much salt?")
    store.delete(ANN, first.conversation)
    place = store.save(ANN, exchange("And pepper?"), first.conversation, 1)
    assert place.position == 0
    assert questions(store, place.conversation) == ["And pepper?"]


def test_the_list_has_what_changed_last_first_whatever_the_clock_says(file: Path) -> None:
    store = ConversationStore(file, clock(0, 0, 5, 5, -60))
    [salt] = saved(store, "How much salt?")
    saved(store, "How much dill?")
    store.save(ANN, exchange("And pepper?"), salt.conversation, 1)
    assert titles(store) == ["How much salt?", "How much dill?"]
    store.close()


def test_the_list_comes_in_pages(store: ConversationStore) -> None:
    for number in range(5):
        saved(store, f"Question {number}")
    first = store.summaries(ANN, limit=2)
    second = store.summaries(ANN, before=first[-1].change, limit=2)
    third = store.summaries(ANN, before=second[-1].change, limit=2)
    assert [[each.title for each in page] for page in (first, second, third)] == [
        ["Question 4", "Question 3"],
        ["Question 2", "Question 1"],
        ["Question 0"],
    ]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", ["Brûlée", "How much salt?"]),
        ("SALT", ["Brûlée", "How much salt?"]),
        ("brulee", ["Brûlée"]),
        ("pepper much", ["How much salt?"]),
        ("12 gram", ["How much salt?"]),
        ("pepper brulee", []),
        ("100%", []),
        ("' OR 1=1 --", []),
        ("needs", ["Brûlée"]),
        ("custard", ["Brûlée"]),
    ],
)
def test_a_search_looks_in_titles_questions_and_answers(
    store: ConversationStore, words: str, found: list[str]
) -> None:
    place = store.save(ANN, exchange("How much salt?", "12 grams."))
    store.save(ANN, exchange("And pepper?", "A pinch."), place.conversation, 1)
    saved(store, "Is custard sweet?")
    saved(store, "Brûlée needs salt?", visitor=BEN)
    custard = store.summaries(ANN)[0]
    store.rename(ANN, custard.id, "Brûlée")
    assert titles(store, words) == found


def test_a_new_title_is_one_line_and_stays_when_the_conversation_goes_on(
    store: ConversationStore,
) -> None:
    [place] = saved(store, "How much salt?")
    assert store.rename(ANN, place.conversation, " Salty \n soups ") == "Salty soups"
    store.save(ANN, exchange("And pepper?"), place.conversation, 1)
    assert titles(store) == ["Salty soups"]


def test_what_is_deleted_is_in_no_file_any_more(store: ConversationStore, tmp_path: Path) -> None:
    [kept] = saved(store, "How much salt?")
    [place] = saved(store, "marzipan " * 2000)
    store.delete(ANN, place.conversation)
    with pytest.raises(ConversationGoneError):
        store.read(ANN, place.conversation)
    assert questions(store, kept.conversation) == ["How much salt?"]
    left = b"".join(each.read_bytes() for each in tmp_path.iterdir())
    assert b"marzipan" not in left
    assert b"How much salt?" in left


def test_a_journal_that_cannot_be_emptied_does_not_undo_a_deletion(
    store: ConversationStore, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    [place] = saved(store, "How much salt?")

    def fail(*_: object) -> list[object]:
        raise ConversationError("The disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(store.file, "rows", fail)
        store.delete(ANN, place.conversation)
    assert titles(store) == []
    assert caplog.messages == [
        "the journal of the conversations was not emptied: The disk is full."
    ]


def test_a_damaged_exchange_is_told_and_the_others_are_shown(
    store: ConversationStore, file: Path
) -> None:
    first, second = saved(store, "How much salt?", "And pepper?")
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE exchanges SET record = x'00' WHERE position = 0")
    connection.close()
    read = store.read(ANN, first.conversation)
    assert [each.exchange for each in read.exchanges] == [
        StoredExchange(
            "How much salt?",
            Ending.FAILED,
            problem="The saved answer cannot be read: its end is missing",
            hint="Ask the question again.",
        ),
        exchange("And pepper?"),
    ]
    assert titles(store) == ["How much salt?"]
    assert store.read_exchange(ANN, first.conversation, 1).place == second


def test_a_time_that_cannot_be_read_does_not_break_the_list(
    store: ConversationStore, file: Path
) -> None:
    saved(store, "How much salt?")
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE conversations SET changed_at = 'noon'")
    connection.close()
    [summary] = store.summaries(ANN)
    assert summary.changed_at.year == 1970


def test_half_a_character_can_be_saved(store: ConversationStore) -> None:
    [place] = saved(store, "salt \ud800")
    assert questions(store, place.conversation) == ["salt ?"]
    assert titles(store) == ["salt"]


def test_threads_share_a_store(store: ConversationStore) -> None:
    [place] = saved(store, "How much salt?")

    def ask(number: int) -> Place:
        return store.save(ANN, exchange(f"Question {number}"), place.conversation, 1)

    with ThreadPoolExecutor(8) as threads:
        places = list(threads.map(ask, range(16)))
    assert len({each.conversation for each in places}) == 16
    assert len(store.summaries(ANN)) == 16
    assert {tuple(questions(store, each.conversation)) for each in places} == {
        ("How much salt?", f"Question {number}") for number in range(16)
    }


def test_two_processes_share_a_file(store: ConversationStore, file: Path) -> None:
    script = (
        "import sys; sys.path[:0] = ['tests/assistant', 'tests/assistant/conversations'];"
        "from pathlib import Path; from kept import exchange;"
        "from assistant.conversations.store import ConversationStore;"
        "store = ConversationStore(Path(sys.argv[1]));"
        f"[store.save({ANN!r}, exchange(f'Theirs {{n}}')) for n in range(20)]"
    )
    other = subprocess.Popen([sys.executable, "-c", script, str(file)], cwd=ROOT)
    for number in range(20):
        saved(store, f"Ours {number}")
    assert other.wait(60) == 0
    assert set(titles(store)) == {f"{whose} {n}" for whose in ("Ours", "Theirs") for n in range(20)}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    store = ConversationStore(tmp_path / CONVERSATIONS_FILE)
    try:
        assert store.summaries(ANN) == ()
        with pytest.raises(ConversationError, match="unable to open database file"):
            saved(store, "How much salt?")
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"soup " * 1000, "The saved conversations cannot be used: file is not a database"),
        (None, "The saved conversations cannot be used: unable to open database file"),
    ],
)
def test_a_file_that_cannot_be_used_is_told(
    store: ConversationStore, file: Path, content: bytes | None, reason: str
) -> None:
    if content is None:
        file.mkdir()
    else:
        file.write_bytes(content)
    for attempt in (lambda: store.summaries(ANN), lambda: saved(store, "How much salt?")):
        with pytest.raises(ConversationError) as raised:
            attempt()
        assert (raised.value.problem, raised.value.where) == (reason, str(file))


def test_a_file_of_another_version_is_left_alone(store: ConversationStore, file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA user_version = 7")
    connection.close()
    before = file.read_bytes()
    with pytest.raises(ConversationError, match="have version 7, and this paperchat reads"):
        saved(store, "How much salt?")
    assert file.read_bytes() == before


def test_places_are_told_without_reading_what_is_there(store: ConversationStore) -> None:
    first, second, third = saved(store, "How much salt?", "And pepper?", "And dill?")
    there = first.conversation
    assert store.places(ANN, there, 1, 3) == (second, third)
    assert store.places(ANN, there, 0, 1) == (first,)
    assert store.places(BEN, there, 0, 3) == ()
    assert store.places(ANN, "gone", 0, 3) == ()
