"""Answers without a language model: whole sentences of the abstracts, chosen and arranged.

Owns how each kind of answer is laid out. What it writes of its own are remarks and headings; every
statement about a paper is a sentence of its abstract, cited, and none comes twice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from threading import Event

from assistant.answer import EXTRACTIVE, AnswerLength, BlockKind, Intent, Plan
from assistant.draft import Piece, Remark, SourcePaper, SourceSentence, StartBlock, Task, Theme
from assistant.writing.overview_table import compared_sentences, table_pieces
from assistant.writing.page_words import SHORT, first_within, most_words, words_of
from assistant.writing.paper_items import item, items, quoted, record_item
from assistant.writing.remarks import (
    introduction,
    not_stated,
    nothing_covers,
    nothing_found,
    small_talk,
)
from assistant.writing.sentence_choice import best_sentences, headline, purpose, with_roles
from assistant.writing.sentence_roles import Role, has_figure

# What tells best why a paper is on a list, and what it found: not the field's background.
OWN_WORK = ({Role.CONTRIBUTION}, {Role.METHOD, Role.RESULT})
_ANYTHING = ()
_FINDINGS = ({Role.RESULT, Role.CONTRIBUTION}, {Role.METHOD})
FULLY_COUNTED = 8  # papers that an answer to "how many" quotes
FULLY_COMPARED = 2  # papers of which there is room for as many sentences as it takes
COMPARED_SENTENCES = 2  # of each of more papers, beside what the table says
LONG_SENTENCES = 5  # of a paper, where a long answer is asked for
# Of the best paper, to be tried in this order; None takes as many as the answer needs.
_FACT_SENTENCES: dict[AnswerLength, tuple[int | None, ...]] = {
    AnswerLength.SHORT: (1,),
    AnswerLength.NORMAL: (None, 2, 1),
    AnswerLength.LONG: (LONG_SENTENCES, 4, None, 2, 1),
}


class ExtractiveComposer:
    """Quotes the sentences that answer the question, in the layout of its kind."""

    @property
    def mode(self) -> str:
        """Return "extractive"."""
        return EXTRACTIVE

    def compose(self, task: Task, stop: Event) -> Iterator[Piece]:
        """Yield an introduction, what the papers say, and what none of them covers."""
        for piece in _draft(task):
            if stop.is_set():
                return
            yield piece

    def compose_closest(self, task: Task) -> Iterator[Piece]:
        """Yield the draft that nothing answers the question, with the papers that come closest."""
        return _instead(nothing_found(task), task)

    def compose_not_stated(self, task: Task) -> Iterator[Piece]:
        """Yield the draft that the papers asked about do not say, with what they say instead."""
        return _instead(not_stated(task), task)

    def compose_talk(self, plan: Plan) -> Iterator[Piece]:
        """Yield what to say where no paper was asked for."""
        yield StartBlock(BlockKind.PARAGRAPH)
        yield Remark(small_talk(plan))


def telling_sentence(
    source: SourcePaper, topic: str, roles: Sequence[Collection[Role]] = OWN_WORK
) -> list[SourceSentence]:
    """Return the sentence that tells why a paper belongs: of the first of `roles` that it has.

    None where the abstract is empty.
    """
    for wanted in roles:
        if own := with_roles(source.sentences, wanted):
            return best_sentences(own, 1, topic)
    return best_sentences(source.sentences, 1, topic)


def _draft(task: Task) -> Iterator[Piece]:
    opening, ending = _opening(task), _ending(task)
    most = most_words(task.plan.intent, task.length)
    room = most - words_of([*opening, *ending, *table_pieces(task)])
    yield from opening
    yield from _papers(task, room)
    yield from ending


def _opening(task: Task) -> tuple[Piece, ...]:
    begin = StartBlock(BlockKind.PARAGRAPH)
    # A fact is said at once.
    return (begin,) if task.plan.intent is Intent.FACT else (begin, Remark(introduction(task)))


def _ending(task: Task) -> tuple[Piece, ...]:
    if not task.uncovered:
        return ()
    return StartBlock(BlockKind.PARAGRAPH), Remark(nothing_covers(task))


def _instead(said: str, task: Task) -> Iterator[Piece]:
    """Yield what is said in place of an answer, and of each paper what comes closest to one."""
    opening = (StartBlock(BlockKind.PARAGRAPH), Remark(said))
    yield from opening
    for each in items(task.sources, _closest(task.sources, task.plan), SHORT - words_of(opening)):
        yield from each


def _papers(task: Task, room: int) -> Iterator[Piece]:
    """Yield what the papers say, in the layout of the intent."""
    match task.plan.intent:
        case Intent.FACT if task.sources[0].sentences:
            return _fact(task, room)
        case Intent.COMPARE if len(task.sources) > 1:
            return _comparison(task, room)
        case Intent.TITLE | Intent.COMPARE:
            return _titles(task, room)
        case Intent.SUMMARY:
            return _list(task, _FINDINGS, room)
        case _:
            # Who counts wants the number; the list behind it is long enough with its titles.
            short = task.plan.intent is Intent.COUNT and len(task.sources) > FULLY_COUNTED
            return _list(task, _list_roles(task.plan), 0 if short else room)


def _list_roles(plan: Plan) -> Sequence[Collection[Role]]:
    """Return the roles of sentences that tell why a paper is on a list.

    Any, where a list is narrowed down or a figure is looked for: any sentence may have it.
    """
    return _ANYTHING if plan.narrowed or has_figure(plan.topic) else OWN_WORK


def _fact(task: Task, room: int) -> Iterator[Piece]:
    """Yield the answer of the best paper as a paragraph, then what others have to say on it."""
    first, *others = task.sources
    also = (StartBlock(BlockKind.PARAGRAPH), Remark("Also on this:")) if others else ()
    closest = _closest(others, task.plan)
    titles = (piece for each in items(others, closest, 0) for piece in each)
    room -= words_of([*also, *titles])
    counts = _FACT_SENTENCES[task.length]
    texts = (best_sentences(first.sentences, count, _asked(task.plan)) for count in counts)
    answer = first_within(room, ([*quoted(text)] for text in texts))
    yield from answer
    yield from also
    for each in items(others, closest, room - words_of(answer)):
        yield from each


def _titles(task: Task, room: int) -> Iterator[Piece]:
    """Yield what is known of papers that were looked for, and what tells most of each."""
    for source in task.sources:
        asked = best_sentences(source.sentences, 1, _asked(task.plan))
        telling = [purpose(source.sentences), headline(source.sentences), *asked]
        wanted = list(dict.fromkeys(sentence for sentence in telling if sentence))
        shorter = (wanted[:count] for count in range(len(wanted), -1, -1))
        drafts = ([*record_item(source, sentences, task.plan.question)] for sentences in shorter)
        yield from first_within(room // len(task.sources), drafts)


def _comparison(task: Task, room: int) -> Iterator[Piece]:
    """Yield what the papers say on the question beside what is in the table that follows."""
    most = None if len(task.sources) <= FULLY_COMPARED else COMPARED_SENTENCES
    counts = (LONG_SENTENCES, most, 1, 0) if task.length is AnswerLength.LONG else (most, 1, 0)
    for source in task.sources:
        in_table = compared_sentences(source)
        texts = (best_sentences(source.sentences, count, _asked(task.plan)) for count in counts)
        beside = ([sentence for sentence in text if sentence not in in_table] for text in texts)
        drafts = ([*item(source, text)] if text else [] for text in beside)
        yield from first_within(room // len(task.sources), drafts)


def _list(task: Task, roles: Sequence[Collection[Role]], room: int) -> Iterator[Piece]:
    """Yield an item for each source, under the headings of the themes if there are any."""
    chosen = [_on_list(source, task, roles) for source in task.sources]
    headings = [_heading(theme) for theme in task.themes]
    papers = items(task.sources, chosen, room - sum(map(words_of, headings)))
    if not task.themes:
        yield from (piece for each in papers for piece in each)
    by_paper = {source.paper.id: each for source, each in zip(task.sources, papers, strict=True)}
    for theme, heading in zip(task.themes, headings, strict=True):
        yield from heading
        for paper_id in theme.paper_ids:
            yield from by_paper[paper_id]


def _on_list(
    source: SourcePaper, task: Task, roles: Sequence[Collection[Role]]
) -> list[SourceSentence]:
    """Return what a list quotes of a paper: a long one what it does and what it found as well."""
    telling = telling_sentence(source, task.plan.topic, roles)
    if task.length is not AnswerLength.LONG:
        return telling
    wanted = [*telling, purpose(source.sentences), headline(source.sentences)]
    return [sentence for sentence in source.sentences if sentence in wanted]


def _heading(theme: Theme) -> tuple[Piece, ...]:
    return StartBlock(BlockKind.HEADING), Remark(theme.label or "Others")


def _closest(sources: Sequence[SourcePaper], plan: Plan) -> list[list[SourceSentence]]:
    return [best_sentences(source.sentences, 1, _asked(plan)) for source in sources]


def _asked(plan: Plan) -> str:
    return plan.topic or plan.question
