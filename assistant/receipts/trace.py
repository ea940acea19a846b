"""Records how one answer was made, for its receipt.

A recorder for one question and the only value of the package that changes; without one, nothing is
recorded.
"""

from __future__ import annotations

from assistant.answer import Plan
from assistant.draft import Piece, Received, Sent, SourcePaper, Spent, Text
from assistant.model.chat_model import Message


class Trace:
    """What the assistant tells while it answers.

    `messages` is the last request to the chat model as it was sent, `reply` what came back, word
    for word, also where it was given up in the end. `draft` is what the verifier was fed, texts
    that follow one another as one.
    """

    def __init__(self) -> None:
        self.plan: Plan | None = None
        self.sources: tuple[SourcePaper, ...] = ()
        self.messages: tuple[Message, ...] = ()
        self._reply: list[str] = []
        self._draft: list[Piece] = []
        self._texts: list[str] = []  # of the text that the draft ends in

    @property
    def reply(self) -> str:
        """Return the model's reply so far, empty where none was asked."""
        return "".join(self._reply)

    @property
    def draft(self) -> tuple[Piece, ...]:
        """Return the draft of the composer that was last to begin."""
        return (*self._draft, *self._open_text())

    def selected(self, plan: Plan, sources: tuple[SourcePaper, ...]) -> None:
        """Take in what a composer begins with; one that takes over begins a draft of its own."""
        self.plan, self.sources = plan, sources
        self._draft, self._texts = [], []

    def piece(self, piece: Piece) -> None:
        """Take in the next piece, the composer's words or what passed between it and its model."""
        match piece:
            case Sent(messages):
                self.messages, self._reply = messages, []
            case Received(text):
                self._reply.append(text)
            case Text(text):
                self._texts.append(text)
            case Spent():
                pass
            case _:
                self._draft += (*self._open_text(), piece)
                self._texts = []

    def _open_text(self) -> tuple[Piece, ...]:
        return (Text("".join(self._texts)),) if self._texts else ()
