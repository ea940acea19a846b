"""The plan of a question that does something with an earlier answer.

Owns which earlier answer is meant, and what of its plan stays: the topic does, nearly always.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.answer import Intent, Plan, Turn
from assistant.planning.moves import Move, MoveFound
from assistant.planning.phrases import one_of
from assistant.planning.plan_words import without
from assistant.planning.shown_papers import (
    ON_ONE_PAPER,
    cited_papers,
    in_focus,
    latest_list,
    paper_shown,
    searched,
    subject_turn,
)
from vectorstore.filters import Filters

MOST_COMPARED = 4  # papers side by side; more are summarised
_PLACES = ("first", "second", "third", "fourth", "fifth")
_BEFORE_THE_LAST = ("previous", "earlier", "last", "")
_SEVERAL = one_of(r"\b(?:them|these|those)\b")
# The chips that a kind of filter is shown as, by the first letters of what people call it.
_CHIP_NAMES = {
    "dat": ("dates",),
    "year": ("dates",),
    "tim": ("dates",),
    "period": ("dates",),
    "org": ("organization",),
    "comp": ("organization",),
    "auth": ("author", "authors"),
    "categ": ("category",),
    "venue": ("venue",),
    "journ": ("venue",),
    "conf": ("venue",),
    "sour": ("source",),
    "file": ("source",),
    "ord": ("order",),
    "sort": ("order",),
}


def moved_plan(question: str, found: MoveFound, history: Sequence[Turn]) -> Plan | None:
    """Return the plan of a question that makes a move after `history`; None where it cannot.

    `history` must have a turn that searched for papers.
    """
    if found.move is Move.REJECT:
        return Plan(question, Intent.SMALL_TALK)
    if found.move is Move.BACK:
        return _again(question, _earlier_turn(found.which, history).answer.plan)
    last = searched(history)[0]
    if found.move in {Move.SHORTER, Move.SIDE_BY_SIDE} and _SEVERAL.search(question):
        last = latest_list(history) or last
    on_the_topic = _ON_THE_TOPIC.get(found.move)
    if on_the_topic is None or (found.move is Move.MORE and found.which and in_focus(history)):
        return _over_the_same(question, last, found.move)
    return on_the_topic(question, subject_turn(history) or last, found.which, history)


def _again(question: str, plan: Plan) -> Plan:
    standalone = plan.standalone or plan.question
    return replace(plan, question=question, standalone=standalone, taken_off=())


def _earlier_turn(which: str, history: Sequence[Turn]) -> Turn:
    """Return the turn that is called the first, second, last and so on."""
    turns = searched(history)
    if which in _BEFORE_THE_LAST:
        return turns[min(1, len(turns) - 1)]
    at = _PLACES.index(which) if which in _PLACES else 0
    return turns[::-1][min(at, len(turns) - 1)]


def _more(question: str, subject: Turn, _which: str, _history: Sequence[Turn]) -> Plan:
    """Return the plan for the papers on the topic that were not shown yet."""
    plan = subject.answer.plan
    shown = tuple(dict.fromkeys((*plan.excluded, *cited_papers(subject.answer))))
    again = _again(question, plan)
    if set(plan.scope) <= set(shown):  # no other is left among them
        again = replace(again, filters=replace(plan.filters, scope=()))
    return replace(again, intent=Intent.LIST, excluded=shown, named=(), sides=())


def _similar(question: str, subject: Turn, which: str, history: Sequence[Turn]) -> Plan:
    ids = in_focus(history) or cited_papers(searched(history)[0].answer)
    papers = (paper_shown(history, paper_id) for paper_id in ids)
    titles = [paper.title for paper in papers if paper]
    if 0 < len(titles) <= MOST_COMPARED:
        return like_papers(question, titles, ids)
    return _more(question, subject, which, history)


def like_papers(question: str, titles: Sequence[str], ids: tuple[str, ...]) -> Plan:
    """Return the plan for papers like those with the titles, which are not among them."""
    called = "; ".join(titles)
    standalone = f"{question} (like: {called})"
    return Plan(question, Intent.LIST, called, standalone, excluded=ids)


def _others(question: str, subject: Turn, which: str, history: Sequence[Turn]) -> Plan:
    """Return the plan for the papers of a list that the answers after it left out."""
    turns = searched(history)
    last = set(cited_papers(turns[0].answer))
    sets = (turn for turn in turns[1:] if last < set(cited_papers(turn.answer)))
    turn = next(sets, None)
    if turn is None or not last:
        return _more(question, subject, which, history)
    left = tuple(paper for paper in cited_papers(turn.answer) if paper not in last)
    return _within(_again(question, turn.answer.plan), left, Intent.LIST)


def _lifted(question: str, subject: Turn, kind: str, history: Sequence[Turn]) -> Plan:
    """Return the plan without its filters of one kind; without any where the kind is not told.

    An answer to a question of fact that has none of them is not given again: the list is.
    """
    plan = subject.answer.plan
    kept = _kept(plan.filters, kind)
    listed = latest_list(history)
    if kept == plan.filters and plan.intent in ON_ONE_PAPER and listed:
        plan = listed.answer.plan
        kept = _kept(plan.filters, kind)
    return _again(question, replace(plan, filters=kept))


def _kept(filters: Filters, kind: str) -> Filters:
    chips = next((names for start, names in _CHIP_NAMES.items() if kind.startswith(start)), ())
    for chip in chips:
        filters = without(filters, chip)
    return filters if chips else Filters(scope=filters.scope)


def _counted(question: str, subject: Turn, _which: str, _history: Sequence[Turn]) -> Plan:
    again = _again(question, subject.answer.plan)
    return replace(again, intent=Intent.COUNT, context=again.context or again.topic)


def _everywhere(question: str, subject: Turn, _which: str, _history: Sequence[Turn]) -> Plan:
    plan = subject.answer.plan
    topics = (plan.topic, plan.context if plan.narrowed else "")
    topic = " ".join(dict.fromkeys(filter(None, topics)))
    again = _again(question, replace(plan, filters=replace(plan.filters, scope=())))
    return replace(again, intent=Intent.LIST, topic=topic, context=plan.context or plan.topic)


def _over_the_same(question: str, last: Turn, move: Move) -> Plan:
    """Return the last plan over the papers that it was answered with, maybe told otherwise."""
    plan, papers = last.answer.plan, cited_papers(last.answer)
    again = _again(question, plan)
    if not papers:
        return again
    intent = plan.intent
    several = len(papers) > 1
    if move is Move.LISTED:
        intent = Intent.LIST
    elif move is Move.SHORTER and intent not in ON_ONE_PAPER:
        intent = Intent.SUMMARY if several else Intent.TITLE
    elif move is Move.SIDE_BY_SIDE and several:
        intent = Intent.COMPARE if len(papers) <= MOST_COMPARED else Intent.SUMMARY
    return _within(again, papers, intent)


def _within(plan: Plan, papers: tuple[str, ...], intent: Intent) -> Plan:
    """Return the plan over some papers of its answer; it asks nothing new of them."""
    filters = Filters(scope=papers, order=plan.filters.order)
    kept = replace(plan, named=(), sides=(), excluded=())
    return replace(kept, intent=intent, filters=filters, context=plan.topic)


_ON_THE_TOPIC: dict[Move, Callable[[str, Turn, str, Sequence[Turn]], Plan]] = {
    Move.MORE: _more,
    Move.SIMILAR: _similar,
    Move.OTHERS: _others,
    Move.COUNT: _counted,
    Move.LIFT: _lifted,
    Move.EVERYWHERE: _everywhere,
}
