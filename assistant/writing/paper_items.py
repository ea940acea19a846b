"""Papers as items of an extractive answer: a title and sentences of the abstract, cited.

Owns how much of them there is room for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from assistant.answer import BlockKind
from assistant.draft import Cite, Piece, Remark, SourcePaper, SourceSentence, StartBlock, Text
from assistant.writing.page_words import first_within, words_of
from assistant.writing.paper_facts import record, unknown


def items(
    sources: Sequence[SourcePaper], chosen: Sequence[Sequence[SourceSentence]], room: int
) -> list[Sequence[Piece]]:
    """Return an item for each source with its chosen sentences, the first ones first.

    Once `room` is taken, items are cut to their titles; their sentences are cited all the same.
    """
    fitted: list[Sequence[Piece]] = []
    both = list(zip(sources, chosen, strict=True))
    titles = [[*item(source, sentences, in_full=False)] for source, sentences in both]
    room -= sum(map(words_of, titles))
    for title, (source, sentences) in zip(titles, both, strict=True):
        room += words_of(title)
        fitted.append(first_within(room, ([*item(source, sentences)], title)))
        room -= words_of(fitted[-1])
    return fitted


def item(
    source: SourcePaper, sentences: Sequence[SourceSentence], *, in_full: bool = True
) -> Iterator[Piece]:
    """Yield an item with these sentences, or with citations of them alone."""
    yield StartBlock(BlockKind.ITEM, lead=source.paper.title)
    if in_full:
        yield from quoted(sentences)
    else:
        yield Cite(tuple(sentence.id for sentence in sentences))
    if source.copies:
        yield Remark(copies_of(source))


def copies_of(source: SourcePaper) -> str:
    """Return the sentence that a paper stands for near copies of it."""
    if source.copies == 1:
        return "Another paper is a near copy of it."
    return f"{source.copies:,} other papers are near copies of it."


def quoted(sentences: Sequence[SourceSentence]) -> Iterator[Piece]:
    """Yield these sentences, each cited."""
    for sentence in sentences:
        yield Text(sentence.text)
        yield Cite((sentence.id,))


def record_item(
    source: SourcePaper, wanted: Collection[SourceSentence], question: str
) -> Iterator[Piece]:
    """Yield an item with what is known of a paper, and what is asked of it and not, and these
    sentences in their order.
    """
    yield StartBlock(BlockKind.ITEM, lead=source.paper.title)
    if known := record(source.paper):
        yield Remark(f"{known}.")
    if missing := unknown(source.paper, question):
        yield Remark(missing)
    yield from quoted([sentence for sentence in source.sentences if sentence in wanted])
