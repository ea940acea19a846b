"""What earlier turns showed: which answer is spoken of, and which papers it put before the reader.

Owns how far back a question may refer. Papers are counted as they are numbered on the page: the
citations of an answer in order, and for a set its borderline papers behind them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from assistant.answer import UNSEARCHED, Answer, Intent, Outcome, Plan, Turn
from vectorstore.records import Hit, Paper

ON_ONE_PAPER = frozenset({Intent.FACT, Intent.TITLE})


def searched(history: Sequence[Turn]) -> list[Turn]:
    """Return the turns that searched for papers, newest first.

    Follow-ups that found nothing are passed over: who asks on means what was there before.
    """
    turns = [turn for turn in reversed(history) if turn.answer.plan.intent not in UNSEARCHED]
    return [turn for turn in turns if not _failed(turn.answer)] or turns


def subject_turn(history: Sequence[Turn]) -> Turn | None:
    """Return the turn whose topic a follow-up carries on; None where nothing was searched for.

    A look at one paper is no new topic.
    """
    turns = searched(history)
    topics = (turn for turn in turns if not _looks_at_one(turn.answer))
    return next(topics, turns[0] if turns else None)


def cited_papers(answer: Answer) -> tuple[str, ...]:
    """Return the ids of the papers that an answer rests on; none where it found nothing."""
    return () if answer.outcome is Outcome.NOT_FOUND else numbered_papers(answer)


def numbered_papers(answer: Answer) -> tuple[str, ...]:
    """Return the ids of the papers that bear a number on the page, in the order of the numbers."""
    return tuple(citation.paper.id for citation in answer.citations)


def all_shown(answer: Answer) -> tuple[str, ...]:
    """Return the papers that an answer rests on, and the borderline ones that it shows beside."""
    cited = cited_papers(answer)
    behind = (hit.paper.id for hit in answer.borderline) if cited else ()
    return tuple(dict.fromkeys((*cited, *behind)))


def latest_with(history: Sequence[Turn], least: int) -> Turn | None:
    """Return the latest turn that shows so many numbered papers."""
    turns = (turn for turn in reversed(history) if len(numbered_papers(turn.answer)) >= least)
    return next(turns, None)


def latest_set(history: Sequence[Turn], *, whole: bool = False) -> Turn | None:
    """Return the latest turn whose answer rests on several papers, maybe only a `whole` list.

    A list of some papers of an earlier one is not a whole one.
    """
    turns = [turn for turn in searched(history) if len(cited_papers(turn.answer)) > 1]
    unscoped = (turn for turn in turns if whole and not turn.answer.plan.narrowed)
    return next(unscoped, next(iter(turns), None))


def latest_list(history: Sequence[Turn], *, whole: bool = False) -> Turn | None:
    """Return the latest turn that put several papers before the reader as such.

    An answer to a question of fact rests on several papers without showing them as a list; it will
    do only where there is no list.
    """
    lists = [turn for turn in history if turn.answer.plan.intent not in ON_ONE_PAPER]
    return latest_set(lists, whole=whole) or latest_set(history, whole=whole)


def in_focus(history: Sequence[Turn]) -> tuple[str, ...]:
    """Return the one paper that the last answer is about, or no id."""
    turns = searched(history)
    return _focus(turns[0].answer) if turns else ()


def held_to_one(answer: Answer) -> bool:
    """Tell whether one paper was asked about, rather than that one happened to answer."""
    plan = answer.plan
    return bool(plan.named) or len(plan.scope) == 1 or plan.intent is Intent.TITLE


def last_few(history: Sequence[Turn], count: int) -> tuple[str, ...]:
    """Return as many papers as were last spoken of together or one after the other.

    These are the papers of the last answer if it has so many, else those that the last turns looked
    at, oldest first, else the first of the last answer. None where there are too few.
    """
    turns = searched(history)
    last = cited_papers(turns[0].answer) if turns else ()
    if len(last) == count:
        return last
    looked_at = tuple(dict.fromkeys(_each_in_focus(turns)))[:count]
    if len(looked_at) == count:
        return looked_at[::-1]
    return last[:count] if len(last) > count else ()


def paper_shown(history: Sequence[Turn], paper_id: str) -> Paper | None:
    """Return a paper that an earlier answer cited or ranked."""
    papers = (paper for turn in reversed(history) for paper in _papers_of(turn.answer))
    return next((paper for paper in papers if paper.id == paper_id), None)


def earlier_hits(history: Sequence[Turn], plan: Plan) -> tuple[Hit, ...]:
    """Return the ranking that the scope of `plan` is from, which need not be the last one.

    The ranking of an answer to the very same question is not: to narrow it down twice would leave
    fewer papers.
    """
    for turn in searched(history):
        ranked = {hit.paper.id for hit in turn.answer.ranking}
        last = turn.answer.plan
        if (last.topic, last.scope) == (plan.topic, plan.scope):
            continue
        if plan.scope and ranked.issuperset(plan.scope):
            return turn.answer.ranking
    return ()


def _papers_of(answer: Answer) -> Iterator[Paper]:
    yield from (citation.paper for citation in answer.citations)
    yield from (hit.paper for hit in answer.ranking)


def _focus(answer: Answer) -> tuple[str, ...]:
    cited, plan = cited_papers(answer), answer.plan
    on_one = plan.intent in ON_ONE_PAPER and not (plan.narrowed and plan.scope[1:])
    return cited[:1] if on_one or len(cited) == 1 else ()


def _each_in_focus(turns: Iterable[Turn]) -> Iterator[str]:
    """Yield the papers that the turns looked at one after the other, up to the first list."""
    for turn in turns:
        focus = _focus(turn.answer)
        if not focus:
            return
        yield from focus


def _looks_at_one(answer: Answer) -> bool:
    plan = answer.plan
    return plan.intent in ON_ONE_PAPER and len(plan.scope) == 1


def _failed(answer: Answer) -> bool:
    plan = answer.plan
    follows_up = plan.context or plan.narrowed or plan.excluded
    return answer.outcome is Outcome.NOT_FOUND and bool(follows_up)
