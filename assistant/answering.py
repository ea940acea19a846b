"""A question from beginning to end: plan, search, select, compose, verify.

Owns the order of the steps; who writes, and what is said where there is nothing to write, is for
`assistant.writing.composing` to say. Keeps nothing between questions: the conversation so far comes
in as an argument.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from threading import Event

from assistant.answer import UNSEARCHED, Answer, Asking, Outcome, Plan, Timings, Turn, Usage
from assistant.draft import Composer, Task
from assistant.explaining.why import Explanation, explain
from assistant.find_papers import find_papers
from assistant.growing import Growing
from assistant.planning.chosen_papers import read_chosen
from assistant.planning.limited_further import merged
from assistant.planning.plan import make_plan
from assistant.planning.plan_filters import known_names, names_known
from assistant.planning.plan_with_model import ModelPlanner
from assistant.planning.plan_words import plan_without
from assistant.planning.shown_papers import earlier_hits
from assistant.question_check import checked_question
from assistant.receipts.trace import Trace
from assistant.select import is_answerable, select_borderline, select_hits
from assistant.settings import AssistantSettings, sized
from assistant.tasks import answer_task, closest_task, is_stated
from assistant.writing.compose_extractive import ExtractiveComposer
from assistant.writing.composing import composed, declined, talked
from assistant.writing.earlier_turns import earlier_line
from assistant.writing.kept_out import kept_out, speaks_of_suspicious, without_titles
from vectorstore.filters import Filters
from vectorstore.library import Library
from vectorstore.near_copies import search_distinct
from vectorstore.search import SearchResult
from vectorstore.search_by_author import with_papers_by_author
from vectorstore.search_by_identifier import with_papers_identified

logger = logging.getLogger(__name__)


class Assistant:
    """Answers questions over one library. Safe to share between threads."""

    def __init__(
        self,
        library: Library,
        composer: Composer | None = None,
        settings: AssistantSettings | None = None,
        planner: ModelPlanner | None = None,
        today: Callable[[], date] = date.today,
    ) -> None:
        """Answer from `library`, in the words of `composer` (extractive where there is none).

        Plans are made by rules, and refined by `planner` where there is one.
        """
        self._library = library
        self._composer = composer or ExtractiveComposer()
        self._settings = settings or AssistantSettings()
        self._planner = planner
        self._today = today

    @property
    def settings(self) -> AssistantSettings:
        """Return the values that it chooses and writes by."""
        return self._settings

    @property
    def mode(self) -> str:
        """Return "extractive" or the model's name."""
        return self._composer.mode

    def search(self, query: str, limit: int, filters: Filters | None = None) -> SearchResult:
        """Return the papers that best match `query`. Raises as `answer` does."""
        text = checked_question(query, self._library, self._settings)
        found = search_distinct(self._library, text, limit, filters, self._settings.search)
        found = with_papers_by_author(self._library, text, limit, filters, found)
        return with_papers_identified(self._library, text, limit, filters, found)

    def explain(self, question: str, title: str, filters: Filters | None = None) -> Explanation:
        """Return why the paper that `title` names is on the list for `question`, or is not.

        Raises as `answer` does, and AssistantError where no paper is named, or more than one.
        """
        text = checked_question(question, self._library, self._settings)
        plan = make_plan(text, (), self._today(), self._library)
        within = merged(plan.filters, filters or Filters())
        return explain(self._library, plan.topic or text, title, within, self._settings)

    def ask(
        self, question: str, history: Sequence[Turn] = (), trace: Trace | None = None
    ) -> Answer:
        """Return the whole answer. Raises what `answer` raises."""
        *_, answer = self.answer(Asking(question, tuple(history)), trace=trace)
        return answer

    def answer(
        self, asking: Asking, stop: Event | None = None, trace: Trace | None = None
    ) -> Iterator[Answer]:
        """Yield the answer as it grows; the last one is complete, unless `stop` was set before.

        `trace` is told what the answer is made from. Raises QuestionError on a question that is
        empty or too long, AssistantError if there are no papers or none of the chosen ones is here,
        LibraryError if the library fails.
        """
        started = time.perf_counter()
        stop = stop or Event()
        text = checked_question(asking.question, self._library, self._settings)
        chosen = read_chosen(asking, self._library)
        history = chosen.history(asking.history)
        plan, usage = self._plan(text, history, stop)
        plan = chosen.limited(plan)
        for name in asking.without:
            plan = plan_without(plan, name)
        begun = Answer(plan, Outcome.ANSWERED, (), (), (), self.mode, usage=usage)
        growing = Growing(begun, stop, trace)
        planned = time.perf_counter()
        snapshots = self._answered(growing, replace(asking, history=history))
        found_s = time.perf_counter() - planned
        for snapshot in snapshots:
            timings = Timings(planned - started, found_s, growing.writing_s, growing.checking_s)
            yield replace(snapshot, seconds=time.perf_counter() - started, timings=timings)

    def stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        stop: Event | None = None,
        without: tuple[str, ...] = (),
        trace: Trace | None = None,
    ) -> Iterator[Answer]:
        """Yield the answer to a question of all papers, as `answer` does."""
        return self.answer(Asking(question, tuple(history), without), stop, trace)

    def _plan(self, question: str, history: Sequence[Turn], stop: Event) -> tuple[Plan, Usage]:
        """Return how the question is understood, and what a model took for it."""
        today = self._today()
        plan, usage = make_plan(question, history, today, self._library), Usage()
        if self._planner is not None and not self._spoken_of(plan, history):
            refined = self._planner.refine(plan, history, today, stop)
            usage = refined.usage
            if refined.failure is not None:
                logger.info("the model did not plan", exc_info=refined.failure)
            if names_known(refined.plan.filters, known_names(self._library)):
                plan = refined.plan
            else:
                logger.info("the model planned with a name that no paper has")
        return plan, usage

    def _answered(self, growing: Growing, asking: Asking) -> Iterator[Answer]:
        """Return the snapshots of the answer to the plan of `growing`."""
        plan, settings = growing.answer.plan, sized(self._settings, asking.length)
        if plan.intent in UNSEARCHED:
            return talked(growing)
        earlier = earlier_hits(asking.history, plan)
        found = find_papers(self._library, plan, settings, earlier)
        growing.answer = replace(
            growing.answer, ranking=found.ranking, corrections=found.result.corrections
        )
        hits = select_hits(plan, found, settings)
        if not (hits and is_answerable(plan, found, settings)):
            return declined(growing, closest_task(self._library, plan, found, settings))
        task = answer_task(self._library, plan, found, hits, settings)
        task = replace(task, length=asking.length)
        if task.borderline and task.borderline.number:
            shown = select_borderline(found.ranking, settings)
            growing.answer = replace(growing.answer, borderline=shown)
        for_model = self._for_model(task, asking.history)
        return composed(growing, task, for_model, self._composer, stated=is_stated(task, found))

    def _for_model(self, task: Task, history: Sequence[Turn]) -> Task:
        """Return the task as a model gets it, with the conversation so far."""
        if self._settings.keep_out_suspicious:
            task = kept_out(task, spoken_of=self._spoken_of(task.plan, history))
            history = tuple(map(without_titles, history))
        return replace(task, earlier_questions=tuple(map(earlier_line, history)))

    def _spoken_of(self, plan: Plan, history: Sequence[Turn]) -> bool:
        """Tell whether a question is about papers that are to be kept from a model."""
        return self._settings.keep_out_suspicious and speaks_of_suspicious(
            plan, history, self._library
        )
