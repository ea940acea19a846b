"""The reply to one request, as far as it has arrived: its length, its end, and what it took."""

from __future__ import annotations

from assistant.answer import Usage
from assistant.model import model_failures
from assistant.model.chat_request import ChatRequest
from assistant.model.model_connection import Chunk
from assistant.model.token_usage import counted_tokens, usage_of


class ArrivedReply:
    """Takes the chunks of a reply in."""

    def __init__(self, request: ChatRequest, longest: int) -> None:
        """Expect a reply to `request` of at most `longest` characters, thoughts included."""
        self._request = request
        self._longest = longest
        self._written: list[str] = []
        self._thoughts: list[str] = []
        self._length = 0
        self._chunks = 0
        self._tokens: tuple[int, int] | None = None
        self._finish_reason: str | None = None

    @property
    def begun(self) -> bool:
        """Tell whether anything has arrived."""
        return self._chunks > 0

    @property
    def reported(self) -> bool:
        """Tell whether the server has counted the tokens."""
        return self._tokens is not None

    @property
    def text(self) -> str:
        """Return the reply without thoughts."""
        return "".join(self._written)

    def take(self, chunk: Chunk) -> None:
        """Take a chunk in; raises ModelError once the reply is too long to be one."""
        self._chunks += 1
        self._length += len(chunk.text) + len(chunk.thought)
        # Chunks count as well: some servers send empty ones while there is nothing to send.
        if max(self._length, self._chunks) > self._longest:
            raise model_failures.endless(self._request.settings)
        self._written.append(chunk.text)
        self._thoughts.append(chunk.thought)
        self._finish_reason = chunk.finish_reason or self._finish_reason
        self._tokens = chunk.tokens or self._tokens

    def check_end(self) -> None:
        """Raise ModelError unless the reply ended as a whole one does, and says something."""
        text_seen = any(piece.strip() for piece in self._written)
        settings = self._request.settings
        model_failures.check_end(self._finish_reason, self._length, text_seen, settings)

    def usage(self) -> Usage:
        """Return what it took: as the server counts, else as we do, thoughts included."""
        messages = [message.text for message in self._request.messages]
        written = "".join([*self._thoughts, *self._written])
        tokens = self._tokens or counted_tokens(messages, written)
        return usage_of(tokens, self._request.settings.prices)
