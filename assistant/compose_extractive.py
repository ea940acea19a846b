"""Answers without a language model: whole sentences of the abstracts, chosen and arranged.

Owns which sentences are taken. What it writes of its own is layout; every statement about a paper
is a sentence of its abstract, cited.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from threading import Event

from assistant.answer import EXTRACTIVE, BlockKind, Intent
from assistant.draft import Cite, Piece, Remark, SourcePaper, SourceSentence, StartBlock, Task, Text
from assistant.remarks import introduction, nothing_covers, nothing_found
from vectorstore.question_words import question_words

SENTENCES_OF_FIRST = 3  # of the paper that most likely has the fact
SUMMARY_SENTENCES = 16  # of all papers together: about a page
SUMMARY_SENTENCES_EACH = 4  # where there are few papers, as in a comparison

# What a sentence does, told by its words. Similarities of one abstract's sentences differ by about
# a tenth, so these turn a close race and nothing more, except that a link says nothing of a paper.
_CONTRIBUTION = re.compile(
    r"\b(?:we|this (?:paper|work|study|article)|our \w+)\b.{0,40}\b(?:propos|present|introduc|"
    r"develop|describ|design|show|find|investigat|analy[sz]|demonstrat|explor|study|studies)",
    re.IGNORECASE,
)
_AVAILABILITY = re.compile(
    r"https?://|\bavailable (?:at|here|on)\b|\bopen-?sourced? (?:at|here)\b", re.I
)
CONTRIBUTION_BONUS = 0.08
AVAILABILITY_PENALTY = 0.5
# A sentence's vector knows the abstract around it, so that neighbours are close; the question's own
# words, where a sentence has them, show better which one speaks of it.
WORDS_BONUS = 0.3
STEM_LETTERS = 5


class ExtractiveComposer:
    """Quotes the sentences that are nearest to the question."""

    @property
    def mode(self) -> str:
        """Return "extractive"."""
        return EXTRACTIVE

    def compose(self, task: Task, stop: Event) -> Iterator[Piece]:
        """Yield an introduction, an item for each paper, and what none of them covers."""
        yield StartBlock(BlockKind.PARAGRAPH)
        yield Remark(introduction(task))
        question, intent = task.plan.question, task.plan.intent
        for position, source in enumerate(task.sources):
            if stop.is_set():
                return
            count = _sentence_count(task, position)
            yield from _item(source, best_sentences(source.sentences, count, intent, question))
        if task.uncovered:
            yield StartBlock(BlockKind.PARAGRAPH)
            yield Remark(nothing_covers(task))

    def compose_closest(self, task: Task) -> Iterator[Piece]:
        """Yield the draft that nothing answers the question, with the papers that come closest."""
        yield StartBlock(BlockKind.PARAGRAPH)
        yield Remark(nothing_found(task))
        for source in task.sources:
            best = best_sentences(source.sentences, 1, Intent.FACT, task.plan.question)
            yield from _item(source, best)


def _sentence_count(task: Task, position: int) -> int:
    match task.plan.intent:
        case Intent.LIST:
            return 1
        case Intent.FACT:
            return SENTENCES_OF_FIRST if position == 0 else 1
        case Intent.SUMMARY:
            return min(SUMMARY_SENTENCES_EACH, SUMMARY_SENTENCES // len(task.sources))


def _stems(text: str) -> frozenset[str]:
    """Return the beginnings of the words that carry meaning, so that inflections are alike."""
    return frozenset(word[:STEM_LETTERS] for word in question_words(text))


def _item(source: SourcePaper, sentences: Sequence[SourceSentence]) -> Iterator[Piece]:
    yield StartBlock(BlockKind.ITEM, lead=source.paper.title)
    for sentence in sentences:
        yield Text(sentence.text)
        yield Cite((sentence.id,))


def best_sentences(
    sentences: Sequence[SourceSentence], count: int, intent: Intent, question: str
) -> list[SourceSentence]:
    """Return the `count` best sentences for the question, in the order of the abstract."""
    stems = _stems(question)
    by_worth = sorted(sentences, key=lambda one: _worth(one, intent, stems), reverse=True)
    return sorted(by_worth[:count], key=lambda sentence: sentence.span.start)


def _worth(sentence: SourceSentence, intent: Intent, stems: frozenset[str]) -> float:
    """Return the similarity to the question, raised or lowered for the sentence's words.

    Who asks for a fact wants the sentence that has it, whatever else it does.
    """
    worth = sentence.similarity
    if stems:
        worth += WORDS_BONUS * len(stems & _stems(sentence.text)) / len(stems)
    if intent is not Intent.FACT and _CONTRIBUTION.search(sentence.text):
        worth += CONTRIBUTION_BONUS
    if _AVAILABILITY.search(sentence.text):
        worth -= AVAILABILITY_PENALTY
    return worth
