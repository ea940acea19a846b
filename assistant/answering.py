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

from assistant.answer import Answer, Intent, Outcome, Turn
from assistant.compose_extractive import ExtractiveComposer
from assistant.draft import Composer, Piece, Spent, Task
from assistant.errors import ModelError
from assistant.plan import make_plan
from assistant.question_check import checked_question
from assistant.select import as_sources, count_listing, select_borderline, select_hits
from assistant.settings import AssistantSettings
from assistant.verify import Verifier
from assistant.why import Explanation, explain
from assistant.wording import uncovered
from vectorstore.filters import Filters
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

    def search(self, query: str, limit: int, filters: Filters | None = None) -> SearchResult:
        """Return the papers that best match `query`. Raises as `stream` does."""
        text = checked_question(query, self._library, self._settings)
        return search(self._library, text, limit, filters, self._settings.search)

    def explain(self, question: str, title: str, filters: Filters | None = None) -> Explanation:
        """Return why the paper that `title` names is on the list for `question`, or is not.

        Raises as `stream` does, and AssistantError where no paper is named, or more than one.
        """
        text = checked_question(question, self._library, self._settings)
        return explain(self._library, text, title, filters, self._settings)

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
        text = checked_question(question, self._library, self._settings)
        plan = make_plan(text, history)
        limit, settings = self._settings.ranking_papers, self._settings.search
        found = search(self._library, plan.topic, limit, plan.filters, settings)
        answer = Answer(plan, Outcome.ANSWERED, (), (), found.hits, self.mode)
        hits = select_hits(plan.intent, found.hits, self._settings)
        if not hits or (not plan.scope and self._is_unanswerable(found)):
            snapshots = self._decline(answer, uncovered(found.facets))
        else:
            earlier = tuple(turn.question for turn in history)
            partly = any(facet.covered for facet in found.facets)
            missing = uncovered(found.facets) if partly else ()
            task = Task(plan, as_sources(hits), earlier, uncovered=missing)
            snapshots = self._compose(*self._with_borderline(answer, task), stop)
        for snapshot in snapshots:
            yield replace(snapshot, seconds=time.perf_counter() - started)

    def _is_unanswerable(self, found: SearchResult) -> bool:
        """Tell whether the whole collection most likely has no answer.

        Not for a scope: the floor was not fitted to a few papers.
        """
        return found.answerability < self._settings.answerability_floor

    def _with_borderline(self, answer: Answer, task: Task) -> tuple[Answer, Task]:
        """Return both with the papers just below the line, where the answer is a list."""
        if task.plan.intent is not Intent.LIST:
            return answer, task
        matching, borderline = count_listing(answer.ranking, self._settings)
        shown = select_borderline(answer.ranking, self._settings)
        task = replace(task, matching=matching, borderline=borderline)
        return replace(answer, borderline=shown), task

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

    def _decline(self, answer: Answer, missing: tuple[str, ...]) -> Iterator[Answer]:
        """Yield the answer that nothing here answers the question, and the closest papers."""
        hits = answer.ranking[: self._settings.closest_papers]
        sources = as_sources(hits)
        declined = replace(answer, outcome=Outcome.NOT_FOUND, mode=self._extractive.mode)
        pieces = self._extractive.compose_closest(Task(answer.plan, sources, uncovered=missing))
        return _grow(declined, Verifier(sources), pieces, Event())


def _grow(
    answer: Answer, verifier: Verifier, pieces: Iterator[Piece], stop: Event
) -> Iterator[Answer]:
    """Yield `answer` with what the verifier makes of each further piece."""
    for piece in pieces:
        verifier.feed(piece)
        if isinstance(piece, Spent):
            answer = replace(answer, usage=piece.usage)
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
