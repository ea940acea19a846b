"""Questions that an answer invites: what to ask next of its papers, or of what is near them.

Owns which there are for each kind of answer. Drawn by rules from the answer itself, without a
search. Invariant: each is read by the planner as it is meant, and is about what the collection has:
papers that were just shown, or words that several titles share.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import islice

from assistant.answer import LISTS, UNSEARCHED, Answer, Intent, Outcome, Plan, Turn
from assistant.paper_names import short_name_of
from assistant.planning.plan import make_plan
from assistant.planning.plan_intent import named_ids
from assistant.planning.shown_papers import ON_ONE_PAPER, in_focus
from assistant.shared_topics import Topic, distinct, is_telling, shared_topics
from assistant.writing.sentence_roles import Role, role_of
from vectorstore.library import Library
from vectorstore.question_words import question_words
from vectorstore.records import Hit, Paper, Span

MOST = 3
NAMED_FROM = 6  # of a list's first papers, two are compared
NEAREST = 10  # papers in whose titles a topic must be, where nothing was found

Fits = Callable[[Plan], bool]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A question, and whether a plan is what it is meant to be."""

    text: str
    fits: Fits


def next_questions(history: Sequence[Turn], library: Library, today: date) -> tuple[str, ...]:
    """Return up to three questions that may follow the last turn of `history`.

    Raises what a search of `library` raises.
    """
    if not history or not history[-1].answer.complete:
        return ()
    asked = {turn.question for turn in history}
    fitting = (
        each.text
        for each in _candidates(history, library)
        if each.text not in asked and each.fits(make_plan(each.text, history, today, library))
    )
    return tuple(islice(fitting, MOST))


def _candidates(history: Sequence[Turn], library: Library) -> Iterator[_Candidate]:
    answer = history[-1].answer
    papers = [citation.paper for citation in answer.citations]
    if answer.plan.intent in UNSEARCHED:
        return iter(())
    if answer.outcome is Outcome.NOT_FOUND or not papers:
        return _after_nothing(answer, library)
    if answer.plan.intent is Intent.COMPARE:
        return _after_comparison(history, papers, library)
    if answer.plan.intent in ON_ONE_PAPER or len(papers) == 1:
        return _after_one(history, papers[0], library)
    return _after_list(answer, papers, library)


def _after_list(answer: Answer, papers: Sequence[Paper], library: Library) -> Iterator[_Candidate]:
    yield _comparing(papers, library)
    if year := _telling_year(papers):
        yield _Candidate(f"Which of those are from {year}?", _is_scoped)
    if answer.plan.intent in LISTS:
        yield _Candidate("Summarise those", _is_scoped)
    yield from _on_topic(answer, papers[0], library)


def _after_one(history: Sequence[Turn], paper: Paper, library: Library) -> Iterator[_Candidate]:
    yield from islice(_untold(history, paper, library), MOST - 1)
    yield from _on_topic(history[-1].answer, paper, library)


def _after_comparison(
    history: Sequence[Turn], papers: Sequence[Paper], library: Library
) -> Iterator[_Candidate]:
    for paper in papers[: MOST - 1]:
        yield from islice(_untold(history, paper, library), 1)
    yield from _on_topic(history[-1].answer, papers[0], library)


def _after_nothing(answer: Answer, library: Library) -> Iterator[_Candidate]:
    """Yield what there is on topics of the closest papers, and what the closest one is about."""
    titles = [hit.paper.title for hit in answer.ranking]
    near = (topic for topic in _topics(titles, library) if topic.titles[0] < NEAREST)
    yield from map(_which, near)
    for hit in answer.ranking[:1]:
        if name := short_name_of(hit.paper, library):
            yield _Candidate(f"What is {name} about?", partial(_is_on, (hit.paper.id,)))


def _untold(history: Sequence[Turn], paper: Paper, library: Library) -> Iterator[_Candidate]:
    """Yield the questions on a paper to which its abstract has an answer that was not quoted."""
    answer = history[-1].answer
    quoted = {
        quote.span for each in answer.citations if each.paper == paper for quote in each.quotes
    }
    hit = next((hit for hit in answer.ranking if hit.paper == paper), None)
    name = short_name_of(paper, library)
    if hit is None or not (name or in_focus(history) == (paper.id,)):
        return
    roles = {role_of(_text(paper, span), at) for span, at in _placed(hit) if span not in quoted}
    for role, question in _ON_ROLES:
        if role in roles:
            yield _Candidate(question.format(name or "this paper"), partial(_is_on, (paper.id,)))


def _placed(hit: Hit) -> Iterator[tuple[Span, float]]:
    """Yield the sentences with their places, from 0 for the first to 1 for the last."""
    last = max(1, len(hit.sentences) - 1)
    return ((sentence.span, at / last) for at, sentence in enumerate(hit.sentences))


def _text(paper: Paper, span: Span) -> str:
    return paper.abstract[span.start : span.end]


def _comparing(papers: Sequence[Paper], library: Library) -> _Candidate:
    """Return the comparison of the first two papers that have names, or of the first two."""
    named = ((short_name_of(paper, library), paper.id) for paper in papers[:NAMED_FROM])
    pair = list(islice(((name, paper_id) for name, paper_id in named if name), 2))
    if not pair[1:]:
        return _Candidate("Compare the first two", _is_scoped)
    (one, first), (other, second) = pair
    return _Candidate(f"Compare {one} and {other}", partial(_is_on, (first, second)))


def _telling_year(papers: Sequence[Paper]) -> int | None:
    """Return the latest year that some of the papers are from, and not all."""
    years = Counter(paper.published.year for paper in papers if paper.published)
    some = [year for year, count in years.items() if count < len(papers)]
    return max(some, default=None)


def _on_topic(answer: Answer, paper: Paper, library: Library) -> Iterator[_Candidate]:
    """Yield what there is on topics of a paper that the question did not name."""
    others = [hit.paper.title for hit in answer.ranking if hit.paper != paper]
    said = set(question_words(answer.plan.topic))
    for topic in _topics([paper.title, *others], library):
        if topic.titles[0] == 0 and not said.issuperset(question_words(topic.name)):
            yield _which(topic)


def _topics(titles: Sequence[str], library: Library) -> Iterator[Topic]:
    snapshot = library.snapshot()
    return distinct(topic for topic in shared_topics(titles) if is_telling(topic, snapshot))


def _which(topic: Topic) -> _Candidate:
    return _Candidate(f"Which papers cover {topic.name}?", _is_list)


def _is_list(plan: Plan) -> bool:
    return plan.intent is Intent.LIST and not plan.scope


def _is_scoped(plan: Plan) -> bool:
    return bool(plan.scope)


def _is_on(paper_ids: tuple[str, ...], plan: Plan) -> bool:
    return set(named_ids(plan.named) or plan.scope) == set(paper_ids)


# What every abstract that has such a sentence answers, in the order of asking.
_ON_ROLES = (
    (Role.RESULT, "What are the main results of {}?"),
    (Role.PROBLEM, "What problem does {} solve?"),
    (Role.CONTRIBUTION, "What does {} propose?"),
)
