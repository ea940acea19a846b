"""A question from beginning to end: plan, search, select, compose, verify.

Owns the order of the steps and what happens when one has nothing or fails. Keeps nothing between
questions: the conversation so far comes in as an argument.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from threading import Event

from assistant.answer import Answer, Outcome, Turn
from assistant.compose_extractive import ExtractiveComposer
from assistant.draft import Composer, Piece, PromptSize, Task
from assistant.errors import AssistantError, ModelError, QuestionError
from assistant.plan import make_plan
from assistant.select import as_sources, select_hits
from assistant.settings import AssistantSettings
from assistant.verify import Verifier
from vectorstore.library import Library
from vectorstore.search import SearchResult, search

logger = logging.getLogger(__name__)


class Assistant:
    """Answers questions over one library. Safe to share between threads."""

    def __init__(
        self,
        library: Library,
        composer: Composer | None = None,
        settings: AssistantSettings | None = None,
    ) -> None:
        """Answer from `library`, in the words of `composer` (extractive where there is none)."""
        self._library = library
        self._extractive = ExtractiveComposer()
        self._composer = composer or self._extractive
        self._settings = settings or AssistantSettings()

    @property
    def mode(self) -> str:
        """Return "extractive" or the model's name."""
        return self._composer.mode

    def search(self, query: str, limit: int) -> SearchResult:
        """Return the papers that best match `query`. Raises as `stream` does."""
        return search(self._library, self._checked(query), limit)

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """Return the whole answer. Raises what `stream` raises."""
        *_, answer = self.stream(question, history)
        return answer

    def stream(
        self, question: str, history: Sequence[Turn] = (), stop: Event | None = None
    ) -> Iterator[Answer]:
        """Yield the answer as it grows; the last one is complete, unless `stop` was set before.

        `history` holds the turns so far, oldest first. Raises QuestionError on a question that is
        empty or too long, AssistantError if there are no papers, LibraryError if the library fails.
        """
        started = time.perf_counter()
        stop = stop or Event()
        plan = make_plan(self._checked(question), history)
        found = search(self._library, plan.search_text, self._settings.ranking_papers, plan.scope)
        answer = Answer(plan, Outcome.ANSWERED, (), (), found.hits, self.mode)
        hits = select_hits(plan.intent, found.hits, self._settings)
        if not hits or found.answerability < self._settings.answerability_floor:
            snapshots = self._decline(answer)
        else:
            earlier = tuple(turn.question for turn in history)
            snapshots = self._compose(answer, Task(plan, as_sources(hits), earlier), stop)
        for snapshot in snapshots:
            yield replace(snapshot, seconds=time.perf_counter() - started)

    def _checked(self, question: str) -> str:
        """Return the question without surrounding white space, or raise."""
        text = question.strip()
        limit = self._settings.question_characters
        if not text:
            raise QuestionError("The question is empty", hint="Type what you want to know.")
        if len(text) > limit:
            raise QuestionError(
                f"The question has {len(text):,} characters; at most {limit:,} can be used",
                hint="Ask a shorter one.",
            )
        if not self._library.catalog.paper_count():
            raise AssistantError(
                "There are no papers to answer from yet",
                where=str(self._library.home),
                hint="Run `paperchat ingest PATH` with your listing pages first.",
            )
        return text

    def _compose(self, answer: Answer, task: Task, stop: Event) -> Iterator[Answer]:
        """Yield snapshots of the composer's answer, or of the extractive one if it fails."""
        try:
            yield from self._verified(answer, task, self._composer, stop)
        except ModelError as error:
            logger.info("the model failed", exc_info=error)
            reason = f"{error.problem}, so this answer quotes the abstracts instead."
            notice = f"{reason} {error.hint}".rstrip()
            fallback = replace(answer, mode=self._extractive.mode, notice=notice)
            yield from self._verified(fallback, task, self._extractive, stop)

    def _verified(
        self, answer: Answer, task: Task, composer: Composer, stop: Event
    ) -> Iterator[Answer]:
        return _grow(answer, Verifier(task.sources), composer.compose(task, stop), stop)

    def _decline(self, answer: Answer) -> Iterator[Answer]:
        """Yield the answer that nothing here answers the question, and the closest papers."""
        hits = answer.ranking[: self._settings.closest_papers]
        sources = as_sources(hits)
        declined = replace(answer, outcome=Outcome.NOT_FOUND, mode=self._extractive.mode)
        pieces = self._extractive.compose_closest(Task(answer.plan, sources))
        return _grow(declined, Verifier(sources), pieces, Event())


def _grow(
    answer: Answer, verifier: Verifier, pieces: Iterator[Piece], stop: Event
) -> Iterator[Answer]:
    """Yield `answer` with what the verifier makes of each further piece."""
    for piece in pieces:
        verifier.feed(piece)
        if isinstance(piece, PromptSize):
            answer = replace(answer, prompt_tokens=piece.tokens)
        yield _snapshot(answer, verifier)
    verifier.finish()
    yield replace(_snapshot(answer, verifier), complete=not stop.is_set())


def _snapshot(answer: Answer, verifier: Verifier) -> Answer:
    return replace(
        answer,
        blocks=verifier.blocks,
        citations=verifier.citations,
        dropped_citations=verifier.dropped_citations,
    )
