"""What the page's script may ask."""

from __future__ import annotations

from pathlib import Path

import pytest
from desks import scripted_desk
from scripted_assistant import ScriptedAssistant

from assistant.conversations.saved import Place
from assistant.errors import QuestionError
from ui.logs.question_log import By, QuestionLog
from ui.page.asking import LONGEST_QUESTION, Asker, read_request
from ui.page.conversation import Request

ASKER = Asker("a" * 43, "first", Place("", 0, 0), QuestionLog(By.PAGE))


def test_a_question_that_is_far_too_long_is_told_as_one_that_is_too_long(tmp_path: Path) -> None:
    with scripted_desk(ScriptedAssistant(), tmp_path) as desk:
        longest = "x" * LONGEST_QUESTION
        assert read_request(desk, ASKER, {"question": longest}) == Request(longest)
        with pytest.raises(QuestionError) as caught:
            read_request(desk, ASKER, {"question": f"{longest}x"})
    assert str(caught.value) == (
        "The question has 20,001 characters; at most 4,000 can be used. Ask a shorter one."
    )
