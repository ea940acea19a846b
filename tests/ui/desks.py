"""Desks for tests of the page: an assistant by script, and a library of the papers it cites."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from embedders import WordEmbedder
from scripted_assistant import HOSTILE, SCHEDULING, SERVING, ScriptedAssistant

from assistant.conversations.store import ConversationStore
from ingest.indexing import index_pending
from ui.environment import Environment
from ui.page.assistant_choice import AssistantChoice
from ui.page.desk import Desk
from vectorstore.library import open_library
from vectorstore.records import Paper

CITED = (SERVING, SCHEDULING, HOSTILE)


@contextmanager
def scripted_desk(
    assistant: ScriptedAssistant,
    folder: Path,
    papers: tuple[Paper, ...] = CITED,
    *,
    locked: bool = False,
) -> Iterator[Desk]:
    """Open a library of `papers` in `folder`, with `assistant` to answer.

    `locked` as where others can open the page.
    """
    with open_library(folder, WordEmbedder()) as library:
        library.add(papers)
        index_pending(library)
        store = ConversationStore(folder / "conversations.sqlite3")
        choice = AssistantChoice(
            Environment(folder), library, locked=locked, make=lambda *_: assistant
        )
        yield Desk(library, store, choice)
        store.close()
