"""Opens what the page is made of, one thing after another, and closes it in the end.

Not at once in several threads: importing is work for one core, and took longer that way.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from ui.wiring import opened_library

if TYPE_CHECKING:
    import gradio as gr

    from ui.environment import Environment


@contextmanager
def opened_page(
    environment: Environment, tell: Callable[[str], None], *, shared: bool = False
) -> Iterator[gr.Blocks]:
    """Give the page while the library is open; `tell` hears what is being loaded.

    On a page that is `shared` with other machines nobody changes the chat model.
    """
    tell("Opening the library")
    from assistant.conversations.conversation_file import CONVERSATIONS_FILE
    from assistant.conversations.store import ConversationStore

    with (
        _own_folder_for_gradio(),
        opened_library(environment) as library,
        closing(ConversationStore(library.home / CONVERSATIONS_FILE)) as store,
    ):
        tell("Loading the page")
        from ui.page.assistant_choice import AssistantChoice
        from ui.page.desk import Desk
        from ui.page.page import build_page

        choice = AssistantChoice(environment, library, locked=shared)
        yield build_page(Desk(library, store, choice))


@contextmanager
def _own_folder_for_gradio() -> Iterator[None]:
    """Have Gradio write to a folder that is this user's alone, and gone in the end.

    Its own is one for all users of the machine, and belongs to whoever came first. It reads the
    name once, when it is imported.
    """
    with TemporaryDirectory(prefix="paperchat-") as folder:
        os.environ["GRADIO_TEMP_DIR"] = folder
        yield
