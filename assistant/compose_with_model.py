"""The composer that lets a chat model write, and passes on what it writes as pieces of a draft.

Owns the order of the steps: prompt, stream, parse. Whether a citation is true is for
`assistant.verify` to find out.
"""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

from assistant import model_failures
from assistant.chat_model import ChatModel
from assistant.answer import Usage
from assistant.draft import Piece, Spent, Task, Text
from assistant.prompt import build_prompt
from assistant.reply import ReplyParser


class ModelComposer:
    """Writes a draft with a chat model."""

    def __init__(self, model: ChatModel) -> None:
        self._model = model

    @property
    def mode(self) -> str:
        """Return the model's name."""
        return self._model.settings.model

    def compose(self, task: Task, stop: Event) -> Iterator[Piece]:
        """Yield the size of the prompt, then the draft as the model writes it.

        Ends within a second after `stop` is set. Raises ModelError where the reply fails, possibly
        after some pieces, and where it has no text.
        """
        settings = self._model.settings
        prompt = build_prompt(task, settings.prompt_tokens)
        yield Spent(Usage(prompt.tokens))
        parser = ReplyParser()
        written = False
        for chunk in self._model.stream(prompt.messages, stop):
            pieces = parser.feed(chunk)
            written = written or _has_text(pieces)
            yield from pieces
        if stop.is_set():
            # What the parser holds back may be half a citation.
            return
        pieces = parser.finish()
        yield from pieces
        if not (written or _has_text(pieces)):
            raise model_failures.empty(settings)


def _has_text(pieces: list[Piece]) -> bool:
    return any(isinstance(piece, Text) for piece in pieces)
