"""How much later than the model's server a reader sees the first word.

A server on this machine speaks the protocol with a reply written beforehand, one word at a time,
and notes when it sends the first. What lies between that and the first snapshot with a word of it
is ours: the connection, the parser and the verifier.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

from assistant.answer import Answer
from assistant.answering import Assistant
from assistant.model.chat_model import ChatModel, ChatModelSettings
from assistant.writing.compose_with_model import ModelComposer
from benchmarks.retrieval_metrics import percentile
from tests.fakes import FakeModelServer, Script
from vectorstore.library import Library

ANSWERS = 20
WORD_DELAY_S = 0.02  # fifty words a second: quick for a model
# The first is a word that nothing else in an answer has.
WORDS = ("Wordfirstly", " it", " proposes", " a", " method", " that", " helps", ".")


class NotedWords(tuple[str, ...]):
    """The words of a reply; `sent_at` is when the server last took the first, to send it."""

    sent_at = 0.0

    def __iter__(self) -> Iterator[str]:
        """Note the time."""
        self.sent_at = time.perf_counter()
        return super().__iter__()


def added_ms(library: Library, answers: int = ANSWERS) -> list[float]:
    """Return the milliseconds added to the answers to questions on as many papers.

    Answers that the model did not write are left out. One question more is asked before, which
    loads what a first question loads.
    """
    words = NotedWords(WORDS)
    titles = library.catalog.titles()[: answers + 1]
    with FakeModelServer(Script(words, chunk_delay_s=WORD_DELAY_S)) as server:
        settings = ChatModelSettings("scripted", server.base_url)
        assistant = Assistant(library, ModelComposer(ChatModel(settings)))
        seen = [(_seen_at(assistant, title), words.sent_at) for title in titles]
    return [(first - sent) * 1_000 for first, sent in seen[1:] if first is not None]


def stream_line(added: Sequence[float]) -> str:
    """Return what to print of the milliseconds."""
    if not added:
        return "no answer was streamed"
    p50, p95 = (percentile(added, percent) for percent in (50, 95))
    return (
        f"added before the first word, of {len(added)} answers: p50 {p50:.1f} ms, p95 {p95:.1f} ms"
    )


def _seen_at(assistant: Assistant, title: str) -> float | None:
    """Return when the first word of the reply was there to be read, None where none came."""
    seen = None
    for answer in assistant.stream(f"What is the idea of {title}?"):
        if seen is None and _has(answer, WORDS[0].strip()):
            seen = time.perf_counter()
    return seen


def _has(answer: Answer, word: str) -> bool:
    return any(word in claim.text for block in answer.blocks for claim in block.all_claims())
