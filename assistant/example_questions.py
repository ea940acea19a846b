"""First questions to try, drawn from the papers that are there, one of a kind.

Owns what is asked about which topics. Invariant: each question was asked, and has an answer in
this collection.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice

from assistant.answer import Outcome
from assistant.answering import Assistant
from assistant.paper_names import short_name_of
from assistant.shared_topics import Topic, distinct, is_telling, shared_topics
from vectorstore.library import Library
from vectorstore.snapshot import Snapshot

READ_TITLES = 5_000  # the ones added last; those of a large library would take seconds
TOPICS = 12  # the commonest; what follows is shared by few
NAMED_FROM = 6  # papers of a topic of which two are compared
TRIED = 3  # questions of a kind, until one has an answer


def example_questions(library: Library) -> tuple[str, ...]:
    """Return up to four questions on different topics: which, compare, summarise, how many.

    Raises LibraryError where the library fails.
    """
    assistant, snapshot = Assistant(library), library.snapshot()  # whose rows the topics speak of
    topics = _topics(snapshot)
    questions: list[str] = []
    for kind in (_which, _compare, _summarise, _how_many):
        asked = (
            (topic, question) for topic in topics if (question := kind(library, snapshot, topic))
        )
        for topic, question in islice(asked, TRIED):
            if assistant.ask(question).outcome is Outcome.ANSWERED:
                questions.append(question)
                topics = [each for each in topics if each != topic]
                break
    return tuple(questions)


def _topics(snapshot: Snapshot) -> list[Topic]:
    """Return the commonest topics, by rows of the snapshot."""
    titles = snapshot.index.titles[-READ_TITLES:]
    first = len(snapshot.index) - len(titles)
    telling = (
        Topic(topic.name, tuple(at + first for at in topic.titles))
        for topic in shared_topics(titles)
        if is_telling(topic, snapshot)
    )
    return list(islice(distinct(telling), TOPICS))


def _which(_library: Library, _snapshot: Snapshot, topic: Topic) -> str:
    return f"Which papers cover {topic.name}?"


def _compare(library: Library, snapshot: Snapshot, topic: Topic) -> str:
    """Return the comparison of two papers that have short names; empty where there are not two."""
    names = list(islice(_names(library, snapshot, topic.titles[:NAMED_FROM]), 2))
    return f"Compare {names[0]} and {names[1]}" if len(names) > 1 else ""


def _names(library: Library, snapshot: Snapshot, rows: Sequence[int]) -> Iterator[str]:
    numbers = snapshot.index.numbers[list(rows)].tolist()
    papers = library.catalog.papers_by_number(numbers)
    return (name for paper in papers if (name := short_name_of(paper, library)))


def _summarise(_library: Library, _snapshot: Snapshot, topic: Topic) -> str:
    return f"Summarise the work on {topic.name}"


def _how_many(_library: Library, snapshot: Snapshot, topic: Topic) -> str:
    """Return how many papers are from the year that most of them are; empty without dates."""
    published = snapshot.index.published[list(topic.titles)].tolist()
    years = Counter(date.fromordinal(day).year for day in published if day > 0).most_common(1)
    return f"How many papers on {topic.name} are from {years[0][0]}?" if years else ""
