"""The planner on any question, alone and in a conversation, and what finds phrases in one."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from benchmarks.fuzz_checks import check_answer, check_plan, check_spans, insist, letters
from benchmarks.fuzz_input import Draw
from benchmarks.fuzz_library import TODAY, conversation, papers, small_library
from benchmarks.fuzz_seeds import QUESTIONS, disguised
from benchmarks.fuzz_target import Check, Target

LONGEST = 600  # bytes of a question; it may have several times as many, and seldom has
WITH_MODEL_MB = 2_048


def targets() -> tuple[Target, ...]:
    """Return the targets."""
    seeds = partial(disguised, QUESTIONS)

    def few_seeds() -> list[bytes]:
        return seeds()[::10]  # an answer takes long, and all are tried before the time begins

    return (
        Target("phrases", _phrases, seeds, LONGEST),
        Target("planner", _planner, seeds, LONGEST, WITH_MODEL_MB),
        Target("answers", _answers, few_seeds, LONGEST, WITH_MODEL_MB),
    )


def _phrases() -> Check:
    from assistant.planning.author_phrases import find_authors
    from assistant.planning.comparison import MOST_SIDES, SIDE_WORDS, sides_of
    from assistant.planning.date_phrases import find_dates
    from assistant.planning.intent import intents_of
    from assistant.planning.moves import read_move
    from assistant.planning.name_phrases import find_names
    from assistant.planning.order_phrases import find_order
    from assistant.planning.plan_filters import read_filters
    from assistant.planning.reference_words import tidy, without_lead_in
    from assistant.planning.topic_lead_in import bare_topic, without_start_over
    from assistant.planning.typed_words import spelled_out
    from vectorstore.name_filters import NameKind

    organizations = [paper.organization for paper in papers() if paper.organization]

    def known(_kind: NameKind, name: str, *, whole: bool = True) -> bool:
        return len(name) % 3 == 0 or not whole

    def check(data: bytes) -> None:
        draw = Draw(data)
        text = spelled_out(" ".join(draw.text().split()))
        today = TODAY - timedelta(days=30 * draw.number(256))
        if dates := find_dates(text, today):
            check_spans(dates.spans, text)
            ends = [day for day in (dates.first, dates.last) if day]
            insist(ends == sorted(ends) and all(isinstance(day, date) for day in ends), text)
        if authors := find_authors(text):
            check_spans([authors.span], text)
        if ordered := find_order(text):
            check_spans(ordered[1], text)
        for name in find_names(text, known):
            check_spans([name.span], text)
            insist(name.name.strip() and name.name in text, "another name", name, text)
        rest = read_filters(text, today, organizations, known).rest
        left = iter(letters(text))
        insist(all(sign in left for sign in letters(rest)), "more than there was", text, rest)
        sides = sides_of(text)
        insist(len(sides) in {0, *range(2, MOST_SIDES + 1)}, "too many sides", sides)
        insist(all(0 < len(side.split()) <= SIDE_WORDS for side in sides), "no side", sides)
        insist([*intents_of(text)], "no intent", text)
        insist(bool(bare_topic(text)) == bool(text), "no topic left", text)
        read_move(text)
        tidy(without_lead_in(without_start_over(text)))

    return check


def _planner() -> Check:
    from assistant.planning.plan import make_plan

    library = small_library()
    turns = conversation(library)
    known = {paper.id for paper in papers()}

    def check(data: bytes) -> None:
        draw = Draw(data)
        question = draw.text().strip()
        if not question:
            return
        history = turns[: draw.number(len(turns) + 1)]
        plan = make_plan(question, history, TODAY, library)
        check_plan(plan, question, known)
        if not draw.number(8):
            again = make_plan(question, history, TODAY, library)
            insist(plan == again, "another plan the second time", plan, again)

    return check


def _answers() -> Check:
    from assistant.answer import AnswerLength, Asking
    from assistant.answering import Assistant
    from assistant.planning.plan_words import FILTER_NAMES
    from vectorstore.errors import PaperchatError

    library = small_library()
    turns = conversation(library)
    known = [paper.id for paper in papers()]
    assistant = Assistant(library, today=lambda: TODAY)

    def check(data: bytes) -> None:
        draw = Draw(data)
        asking = Asking(
            draw.text(),
            turns[: draw.number(len(turns) + 1)],
            without=tuple(draw.pick(FILTER_NAMES) for _ in range(draw.number(3))),
            within=tuple(draw.pick([*known, draw.text()]) for _ in range(draw.number(3))),
            length=draw.pick(list(AnswerLength)),
        )
        try:
            *_, answer = assistant.answer(asking)
        except PaperchatError as error:
            insist(error.problem and str(error).isprintable(), "no problem told", error)
            return
        insist(answer.complete, "half an answer", asking.question)
        check_answer(answer)

    return check
