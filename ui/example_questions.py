"""First questions to try, drawn from the titles of the papers that are there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import islice

from vectorstore.question_words import STOP_WORDS
from vectorstore.records import title_key

TOPIC_WORDS = 3  # two are often half of a term, four are rarely shared by two titles
BROADEST_SHARE = 0.05  # of the titles; what more of them name is the field and not a topic
BROADEST_COUNT = 3  # where there are few titles
PHRASINGS = (
    "Which papers cover {}?",
    "Summarise the work on {}",
    "What problems does work on {} report?",
)


def example_questions(titles: Collection[str]) -> tuple[str, ...]:
    """Return questions about the commonest topics of the titles that share no word."""
    topics = islice(_distinct(_commonest(titles)), len(PHRASINGS))
    return tuple(phrasing.format(topic) for phrasing, topic in zip(PHRASINGS, topics, strict=False))


def _commonest(titles: Collection[str]) -> list[str]:
    """Return the topics that some titles share, those of most titles first, then by alphabet.

    A topic and its plural are one, and shown as the plural.
    """
    counts = Counter(topic for title in titles for topic in set(_topics(title)))
    together = {topic: counts[topic] + counts[f"{topic}s"] for topic in counts}
    plurals = {topic: f"{topic}s" for topic in counts if f"{topic}s" in counts}
    broadest = max(BROADEST_COUNT, BROADEST_SHARE * len(titles))
    shared = [topic for topic, count in together.items() if 1 < count <= broadest]
    by_count = sorted(shared, key=lambda topic: (-together[topic], topic))
    return list(dict.fromkeys(plurals.get(topic, topic) for topic in by_count))


def _topics(title: str) -> Iterator[str]:
    words = title_key(title).split()
    for start in range(len(words) - TOPIC_WORDS + 1):
        topic = words[start : start + TOPIC_WORDS]
        if all(len(word) > 1 and word not in STOP_WORDS for word in topic):
            yield " ".join(topic)


def _distinct(topics: Sequence[str]) -> Iterator[str]:
    taken: set[str] = set()
    for topic in topics:
        if taken.isdisjoint(topic.split()):
            taken.update(topic.split())
            yield topic
