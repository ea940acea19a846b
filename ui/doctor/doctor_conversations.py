"""Check of the conversations that are kept beside the library."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ui.answer_facts import counted
from ui.doctor.doctor_check import Check, failed, ok, problem
from vectorstore.errors import PaperchatError

NAME = "conversations"


def conversation_checks(home: Path) -> Iterator[Check]:
    """Yield whether those in `home` can be read, or nothing where none were ever kept.

    Nothing mends them: there is nothing that they could be made of again.
    """
    from assistant.conversations.conversation_file import CONVERSATIONS_FILE
    from assistant.conversations.conversation_health import conversation_count

    file = home / CONVERSATIONS_FILE
    try:
        count = conversation_count(file)
    except PaperchatError as error:
        yield failed(NAME, error)
    except OSError as error:
        hint = "Make the folder and the file readable."
        yield problem(NAME, f"{file} cannot be looked at: {error.strerror or error}", hint)
    else:
        if count is not None:
            yield ok(NAME, f"{counted(count, 'conversation')}, which can be read")
