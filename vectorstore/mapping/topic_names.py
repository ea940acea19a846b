"""Names topics by phrases of titles that many of their papers have and few others.

A phrase is worth as much as having it tells that a paper is of the topic (the F-measure), and more
where it is in titles or has several words. Phrases of one name have no word in common, nor do an
abbreviation and what it stands for; no phrase is in two names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from vectorstore.mapping.phrase_usage import PaperPhrases, PhraseUsage
from vectorstore.mapping.phrases import PHRASE_WORDS, Stems, stems_of
from vectorstore.records import Paper

NAME_PHRASES = 2
NO_NAME = "Other papers"
LEAST_PAPERS = 2  # of a topic that have a phrase, and
LEAST_SHARE = 0.1  # of its papers
LEAST_LIFT = 2.0  # times as usual in the topic as elsewhere
PRECISION_BETA = 0.8  # below 1: that others lack it tells more than that all of these have it
WORD_BONUS = 0.3  # for each further word: "code generation" says more than "code"
COVERED_WORTH = 0.3  # of a further phrase, if all its papers have an earlier one of the name


@dataclass(frozen=True, slots=True)
class _Topic:
    """The papers of a topic, and how many of them have a phrase, anywhere or in their titles."""

    papers: tuple[PaperPhrases, ...]
    having: Counter[Stems]
    titled: Counter[Stems]


def name_topics(
    papers: Sequence[Paper],
    topics: Sequence[int],
    count: int,
    abbreviations: Iterable[tuple[str, str]] = (),
) -> tuple[str, ...]:
    """Return the names of topics 0 to `count` - 1, where `topics` has the one of each paper.

    `abbreviations` are short and long forms. A topic whose papers have no phrase in common is named
    by what one of them is about; one without words, by `NO_NAME`.
    """
    usage = PhraseUsage()
    texts = [usage.read(paper) for paper in papers]
    everywhere = Counter(phrase for text in texts for phrase in text.everywhere)
    long_forms = {stems_of(short): stems_of(long) for short, long in abbreviations}
    names, used = [], set[Stems]()
    for number in range(count):
        topic = _topic([text for text, of in zip(texts, topics, strict=True) if of == number])
        fit = {p for p in topic.titled if usage.is_whole(p) and min(map(len, p)) > 1} - used
        telling = _telling(topic, fit, everywhere, len(texts))
        chosen = _choose(topic, _worth(topic, telling, everywhere), long_forms)
        used.update(chosen)
        names.append(_written([usage.typed(phrase) for phrase in chosen]))
    return tuple(names)


def _topic(texts: Sequence[PaperPhrases]) -> _Topic:
    return _Topic(
        papers=tuple(texts),
        having=Counter(phrase for text in texts for phrase in text.everywhere),
        titled=Counter(phrase for text in texts for phrase in text.title),
    )


def _telling(
    topic: _Topic, fit: Collection[Stems], everywhere: Mapping[Stems, int], papers: int
) -> Collection[Stems]:
    """Return the phrases that are usual in the topic and rarer elsewhere, or what comes nearest."""
    own, others = len(topic.papers), papers - len(topic.papers)
    common = [p for p in fit if topic.having[p] >= max(LEAST_PAPERS, LEAST_SHARE * own)]
    if not others:
        return common or fit
    # As if one more of two other papers had each: what nobody else has is not infinitely telling.
    elsewhere = {p: (everywhere[p] - topic.having[p] + 1) / (others + 2) for p in common}
    return (
        [p for p in common if topic.having[p] / own >= LEAST_LIFT * elsewhere[p]] or common or fit
    )


def _worth(
    topic: _Topic, phrases: Iterable[Stems], everywhere: Mapping[Stems, int]
) -> dict[Stems, float]:
    square = PRECISION_BETA**2
    found = {}
    for phrase in phrases:
        having = topic.having[phrase]
        likeness = (1 + square) * having / (square * len(topic.papers) + everywhere[phrase])
        length = 1 + WORD_BONUS * (min(len(phrase), PHRASE_WORDS) - 1)
        found[phrase] = likeness * length * (1 + topic.titled[phrase] / having)
    return found


def _choose(
    topic: _Topic, worth: Mapping[Stems, float], long_forms: Mapping[Stems, Stems]
) -> list[Stems]:
    """Return the best phrase, and those that add most to it."""
    chosen: list[Stems] = []
    left = topic.papers
    while worth and len(chosen) < NAME_PHRASES:
        new = Counter(phrase for text in left for phrase in text.everywhere)
        added = {
            phrase: of * (COVERED_WORTH + new[phrase] / topic.having[phrase])
            for phrase, of in worth.items()
        }
        best = max(added, key=lambda phrase: (added[phrase], phrase))
        chosen.append(best)
        left = tuple(text for text in left if best not in text.everywhere)
        taken = _spelled_out(best, long_forms)
        worth = {p: of for p, of in worth.items() if taken.isdisjoint(_spelled_out(p, long_forms))}
    return chosen


def _spelled_out(phrase: Stems, long_forms: Mapping[Stems, Stems]) -> set[str]:
    """Return the stems of a phrase and of what its abbreviations stand for."""
    return {*phrase, *(part for stem in phrase for part in long_forms.get((stem,), ()))}


def _written(phrases: Sequence[str]) -> str:
    name = ", ".join(phrases)
    return name[:1].upper() + name[1:] or NO_NAME
