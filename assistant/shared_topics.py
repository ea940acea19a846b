"""Topics that several titles share, in words of theirs.

Owns when a phrase is a topic: more than one title must have it, mostly by itself. What one title
says in the singular and another in the plural is one topic.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.title_phrases import stemmed, topic_phrases
from vectorstore.question_words import question_words
from vectorstore.snapshot import Snapshot

LEAST_TITLES = 2
MOSTLY = 0.75
COMMON_SHARE = 0.3  # of the papers; what more of them speak of is the field and not a topic
COMMON_COUNT = 3  # where there are few papers


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic, and the places of the titles that have it."""

    name: str
    titles: tuple[int, ...]


def shared_topics(titles: Sequence[str]) -> tuple[Topic, ...]:
    """Return the topics that at least two titles have.

    Those of most titles come first, of these the longest, then by alphabet. A part of a longer one
    is no topic where most of its titles have the longer one.
    """
    having: defaultdict[str, dict[int, None]] = defaultdict(dict)
    typed: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for at, title in enumerate(titles):
        for words in topic_phrases(title):
            key = stemmed(" ".join(words))
            having[key][at] = None
            typed[key][" ".join(map(_uncapitalised, words))] += 1
    shared = {key: (*at,) for key, at in having.items() if len(at) >= LEAST_TITLES}
    topics = [Topic(_usual(typed[key]), shared[key]) for key in _widest(shared)]
    return tuple(sorted(topics, key=lambda each: (-len(each.titles), -len(each.name), each.name)))


def is_telling(topic: Topic, snapshot: Snapshot) -> bool:
    """Tell whether a topic is one among others in a collection, and not its whole field."""
    having = map(snapshot.vocabulary.papers_with, question_words(topic.name))
    common = max(COMMON_COUNT, COMMON_SHARE * len(snapshot.index))
    return min(having, default=0) <= common


def distinct(topics: Iterable[Topic]) -> Iterator[Topic]:
    """Yield the topics that have no word of one before."""
    taken: set[str] = set()
    for topic in topics:
        words = set(stemmed(topic.name).split())
        if taken.isdisjoint(words):
            taken |= words
            yield topic


def _widest(shared: dict[str, tuple[int, ...]]) -> Iterator[str]:
    """Yield the phrases that mostly stand by themselves, and not as a part of a longer one."""
    within: Counter[str] = Counter()
    for key, titles in shared.items():
        for part in _parts(key):
            within[part] = max(within[part], len(titles))
    return (key for key, titles in shared.items() if within[key] < MOSTLY * len(titles))


def _parts(key: str) -> Iterator[str]:
    words = key.split()
    for length in range(1, len(words)):
        for start in range(len(words) - length + 1):
            yield f" {' '.join(words[start : start + length])} "


def _usual(spellings: Counter[str]) -> str:
    """Return the commonest spelling; of equally common ones the longest, which is the plural."""
    return max(spellings, key=lambda text: (spellings[text], len(text), text))


def _uncapitalised(word: str) -> str:
    """Return a word of a title as it stands in a sentence: "LLM" and "LoRA" as they are."""
    parts = word.replace("/", "-").split("-")
    plain = all(part[1:].islower() or len(part) == 1 for part in parts if part)
    return word.lower() if plain else word
