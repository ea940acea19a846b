"""Opens what the page is made of, one thing after another, and closes it in the end.

Not at once in several threads: importing is work for one core, and took longer that way.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from tempfile import TemporaryDirectory
from threading import Thread
from typing import TYPE_CHECKING

from ui.server.loading import LOADING_PAGE, MadePage
from ui.wiring import opened_library
from vectorstore.errors import PaperchatError

if TYPE_CHECKING:
    from ui.environment import Environment
    from ui.page.desk import Desk


@contextmanager
def opened_page(
    environment: Environment, tell: Callable[[str], None], *, shared: bool = False
) -> Iterator[MadePage]:
    """Give the page while the library is open; `tell` hears what is being loaded.

    On a page that is `shared` with other machines nobody changes the chat model.
    """
    tell("Opening the library")
    from assistant.answer import EXTRACTIVE
    from assistant.conversations.conversation_file import CONVERSATIONS_FILE
    from assistant.conversations.store import ConversationStore

    with (
        _own_folder_for_gradio(),
        opened_library(environment) as library,
        closing(ConversationStore(library.home / CONVERSATIONS_FILE)) as store,
    ):
        tell(LOADING_PAGE)
        _load_gradio()
        from ui.page.assistant_choice import AssistantChoice
        from ui.page.desk import Desk
        from ui.page.page import build_page
        from ui.server.lines import make_lines

        choice = AssistantChoice(environment, library, locked=shared)
        lines = make_lines(environment.max_waiting, lambda: choice.mode != EXTRACTIVE)
        desk = Desk(library, store, choice, lines)
        with _first_questions(desk):
            yield MadePage(build_page(desk), lines)


def _load_gradio() -> None:
    """Import Gradio, but not the library for MCP servers, which this page is none of.

    Gradio imports it where it is installed, which takes a sixth of its time.
    """
    absent = "mcp" not in sys.modules
    if absent:
        # How Python is told that there is none.
        sys.modules["mcp"] = None  # type: ignore[assignment]
    try:
        import gradio  # noqa: F401
    finally:
        if absent:
            del sys.modules["mcp"]


@contextmanager
def _first_questions(desk: Desk) -> Iterator[None]:
    """Make the first questions while the browser still loads the page that will show them.

    Nobody waits then for the model, nor for what search reads of the library.
    """

    def make() -> None:
        with suppress(PaperchatError):  # told to whoever asks for them
            desk.examples()

    making = Thread(target=make, name="first questions", daemon=True)
    making.start()
    try:
        yield
    finally:
        making.join()  # or it would find the library closed


@contextmanager
def _own_folder_for_gradio() -> Iterator[None]:
    """Have Gradio write to a folder that is this user's alone, and gone in the end.

    Its own is one for all users of the machine, and belongs to whoever came first. It reads the
    name once, when it is imported.
    """
    with TemporaryDirectory(prefix="paperchat-") as folder:
        os.environ["GRADIO_TEMP_DIR"] = folder
        yield
