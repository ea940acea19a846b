"""The sentences that an extractive answer has of its own: how many papers, and what is missing."""

from __future__ import annotations

from assistant.answer import Intent
from assistant.draft import Count, Task
from assistant.wording import alternatives


def introduction(task: Task) -> str:
    """Return the sentence in front of the papers."""
    shown = Count(len(task.sources))
    match task.plan.intent:
        case Intent.LIST:
            return _list_introduction(task, task.matching or shown)
        case Intent.SUMMARY:
            return f"What {_papers(task, shown)} {'reports' if shown.number == 1 else 'report'}:"
        case Intent.FACT:
            return "The abstracts say:"


def nothing_found(task: Task) -> str:
    """Return the sentences in front of the closest papers, where nothing answers the question."""
    closest = "The closest are:" if task.plan.scope else "The closest papers are:"
    said = f"covers {alternatives(task.uncovered)}" if task.uncovered else "seems to answer that"
    return f"{_nothing(task, 'Nothing in this collection')} {said}. {closest}"


def nothing_covers(task: Task) -> str:
    """Return the sentence that names what an answer leaves open."""
    return f"{_nothing(task, 'Nothing here')} covers {alternatives(task.uncovered)}."


def _list_introduction(task: Task, matching: Count) -> str:
    text = f"{_papers(task, matching)} {'matches' if matching.number == 1 else 'match'}"
    if task.borderline and task.borderline.number:
        are = "is" if task.borderline.number == 1 else "are"
        text += f" ({_number(task.borderline)} more {are} borderline)"
    if len(task.sources) < matching.number:
        text += f"; the best {len(task.sources)} are"
    return f"{text[0].upper()}{text[1:]}:"


def _papers(task: Task, count: Count) -> str:
    if task.plan.scope:
        return f"{_number(count)} of those papers"
    return f"{_number(count)} {'paper' if count.number == 1 else 'papers'} in this collection"


def _number(count: Count) -> str:
    return f"at least {count.number}" if count.at_least else str(count.number)


def _nothing(task: Task, elsewhere: str) -> str:
    return "None of those papers" if task.plan.scope else elsewhere
