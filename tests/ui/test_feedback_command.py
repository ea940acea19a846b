"""`paperchat feedback`: rated answers, written as judged questions."""

from __future__ import annotations

import json
from pathlib import Path

from answers import ANSWER, PAPER
from processes import paperchat

from assistant.conversations.conversation_file import CONVERSATIONS_FILE
from assistant.conversations.exchange_record import StoredExchange
from assistant.conversations.feedback import FeedbackStore
from assistant.conversations.judgement import Rating
from assistant.conversations.store import ConversationStore


def test_ratings_of_all_visitors_are_written(tmp_path: Path) -> None:
    store = ConversationStore(tmp_path / CONVERSATIONS_FILE)
    for visitor, rating in (("ann", Rating.UP), ("ben", Rating.DOWN)):
        place = store.save(visitor, StoredExchange("How much salt?", answer=ANSWER))
        FeedbackStore(store).rate(visitor, place, rating)
    file = tmp_path / "[judged].jsonl"
    result = paperchat("feedback", str(file), home=tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == f"2 rated answers written to {file}\n"
    questions = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert [(each["turns"], each["relevant"], each["rating"]) for each in questions] == [
        (["How much salt?"], {PAPER.title: 2}, "up"),
        (["How much salt?"], {}, "down"),
    ]
    store.close()


def test_where_nothing_was_rated_the_file_is_empty(tmp_path: Path) -> None:
    file = tmp_path / "judged.jsonl"
    result = paperchat("feedback", str(file), home=tmp_path / "none")
    assert (result.returncode, result.stdout) == (0, f"0 rated answers written to {file}\n")
    assert file.read_text("utf-8") == ""
    assert not (tmp_path / "none").exists()


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    result = paperchat("feedback", str(tmp_path / "no" / "judged.jsonl"), home=tmp_path)
    assert result.returncode == 1
    assert "The file cannot be written" in result.stderr
