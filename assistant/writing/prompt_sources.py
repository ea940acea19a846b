"""The sources of a prompt: each paper with its sentences and their ids, as many as there is room
for.

Owns what becomes of text from outside on its way into a prompt. Invariants: sources are cut by
whole sentences, the least relevant first; text from a paper can neither end the list of sources nor
look like the id of a sentence.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest

from assistant.checking.sentence_ids import SENTENCE_ID
from assistant.draft import SourcePaper, SourceSentence
from assistant.paper_dates import paper_date
from vectorstore.records import Paper

_DELIMITER = re.compile(r"[<＜﹤]\s*(?=/?\s*(?:sources|paper)\b|\|)", re.IGNORECASE)
_INVISIBLE = frozenset({"Cc", "Cf", "Cn", "Co", "Cs"})


def plain(text: str) -> str:
    """Return text as one line that neither delimits nor names anything in the prompt.

    Signs that nobody sees go as well; they have been used to hide instructions.
    """
    line = " ".join(text.split())
    seen = "".join(sign for sign in line if not is_invisible(sign))
    return SENTENCE_ID.sub(_spelled_apart, _DELIMITER.sub("‹", seen))


def is_invisible(sign: str) -> bool:
    """Tell whether a character is none that a reader sees: a control or format sign, say."""
    return unicodedata.category(sign) in _INVISIBLE


def fitting(
    sources: Sequence[SourcePaper], room: int, count: Callable[[str], int]
) -> tuple[SourcePaper, ...]:
    """Return the sources less the sentences that there is no room for.

    Lines are counted one by one: no token of the encoding reaches over the end of a line.
    """
    kept: dict[int, list[SourceSentence]] = {}
    for index, sentence in _by_importance(sources):
        if index not in kept:
            room -= count(source_text(replace(sources[index], sentences=())))
        room -= count(_sentence(sentence))
        if room < 0:
            break
        kept.setdefault(index, []).append(sentence)
    return tuple(_with(sources[index], kept[index]) for index in sorted(kept))


def source_text(source: SourcePaper) -> str:
    """Return a paper as a prompt shows it."""
    sentences = "".join(map(_sentence, source.sentences))
    return (
        f"<paper>\nTitle: {plain(source.paper.title)}\n{_origin(source.paper)}{sentences}</paper>\n"
    )


def unused_ids(sources: Sequence[SourcePaper]) -> Iterator[str]:
    """Yield ids that no sentence of `sources` has, always the same for most.

    For examples: whoever copies one cites a sentence that the model was never shown.
    """
    used = {sentence.id for source in sources for sentence in source.sentences}
    names = (f"s{number}" for number in range(2222, 10_000))
    return (name for name in names if SENTENCE_ID.fullmatch(name) and name not in used)


def _by_importance(sources: Sequence[SourcePaper]) -> list[tuple[int, SourceSentence]]:
    """Return every sentence with its paper's index: the best one of each paper, because a list of
    papers needs them all, then the second best of each, and so on.
    """
    ranked = [
        sorted(source.sentences, key=lambda sentence: -sentence.similarity) for source in sources
    ]
    rounds = zip_longest(*ranked)
    return [(index, each) for best in rounds for index, each in enumerate(best) if each]


def _with(source: SourcePaper, sentences: Sequence[SourceSentence]) -> SourcePaper:
    in_order = sorted(sentences, key=lambda sentence: sentence.span.start)
    return replace(source, sentences=tuple(in_order))


def _origin(paper: Paper) -> str:
    """Return the line that says when and by whom a paper was published, where that is known."""
    known = (paper_date(paper), plain(paper.organization or ""))
    told = ", ".join(part for part in known if part)
    return f"Published: {told}\n" if told else ""


def _sentence(sentence: SourceSentence) -> str:
    return f"[{sentence.id}] {plain(sentence.text)}\n"


def _spelled_apart(found: re.Match[str]) -> str:
    return f"{found[0][0]}-{found[0][1:]}"
