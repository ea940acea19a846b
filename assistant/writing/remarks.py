"""The sentences that an extractive answer has of its own: how many papers, and what is missing."""

from __future__ import annotations

from assistant.answer import Intent, Plan
from assistant.draft import Count, Task
from assistant.planning.intent import intents_of
from assistant.planning.plan_words import filter_chips
from assistant.wording import alternatives, shortened
from assistant.writing.overview_table import short_name
from vectorstore.filters import Order

GREETING = (
    "Hello. I answer questions about the papers in this collection, and every statement shows the"
    " sentence it rests on. Ask which papers cover a topic, what one of them found, how two"
    " compare, or for a summary; limits such as “2025 only” or “newest first” work too."
)
THANKS = "You are welcome. What else would you like to know about these papers?"
NO_TOPIC = "What is it that you would like to know? Name a topic, a method or a paper."
OUT_OF_SCOPE = (
    "That is nothing that paper abstracts can answer. I find papers in this collection and say what"
    " their abstracts say."
)
_THANKED = (
    "thank",
    "thx",
    "cheers",
    "great",
    "nice",
    "cool",
    "perfect",
    "good",
    "well",
    "ok",
    "bye",
)


def small_talk(plan: Plan) -> str:
    """Return what to say where no paper was asked for."""
    if plan.intent is Intent.OUT_OF_SCOPE:
        return OUT_OF_SCOPE
    said = plan.question.strip().lower()
    if said.startswith(_THANKED) or "thank" in said:
        return THANKS
    return GREETING if next(intents_of(said)) is Intent.SMALL_TALK else NO_TOPIC


def introduction(task: Task) -> str:
    """Return the sentence in front of the papers."""
    shown = Count(len(task.sources))
    match task.plan.intent:
        case Intent.SUMMARY:
            told = f"What {_papers(task, shown)} {'reports' if shown.number == 1 else 'report'}"
            return f"{told}{_limits(task)}:"
        case Intent.COMPARE:
            return _comparison(task)
        case Intent.TITLE:
            return "This is the paper:" if shown.number == 1 else "These are the papers:"
        case _:
            return _list_introduction(task, task.matching or shown)


def nothing_found(task: Task) -> str:
    """Return the sentences in front of the closest papers, where nothing answers the question."""
    if not task.sources:
        none = _nothing(task, "No paper in this collection")
        return f"{none} is within these limits{_limits(task)}."
    closest = "The closest are:" if task.plan.scope else "The closest papers are:"
    if len(task.plan.chosen) == 1:
        closest = "What comes closest:"
    said = f"covers {alternatives(task.uncovered)}" if task.uncovered else "seems to answer that"
    return f"{_nothing(task, 'Nothing in this collection')} {said}{_limits(task)}. {closest}"


def not_stated(task: Task) -> str:
    """Return the sentence that the papers asked about are here, and do not tell."""
    titles = [shortened(source.paper.title) for source in task.sources]
    about = f" anything about {alternatives(task.uncovered)}" if task.uncovered else " that"
    if len(titles) == 1:
        return f"The abstract of {alternatives(titles)} does not say{about}. What comes closest:"
    return f"The abstracts of these papers do not say{about}. What comes closest:"


def nothing_covers(task: Task) -> str:
    """Return the sentence that names what an answer leaves open."""
    return f"{_nothing(task, 'Nothing here')} covers {alternatives(task.uncovered)}."


def copies_words(task: Task) -> str:
    """Return whether a list counts near copies of its papers; empty where there are none."""
    if task.copies_counted:
        return "near copies are counted, and shown once"
    if not task.copies.number:
        return ""
    copies = "near copy of them is" if task.copies.number == 1 else "near copies of them are"
    return f"{_number(task.copies)} {copies} not counted"


def _comparison(task: Task) -> str:
    for named in task.plan.named:
        bearing = [each for each in task.sources if each.paper.id in named.paper_ids]
        if len(bearing) > 1:
            return f"{len(bearing)} papers here go by the name “{shortened(named.name)}”:"
    names = [short_name(source.paper.title) for source in task.sources]
    if len(names) == 1:
        return "There is only one paper here to compare:"
    return f"{' and '.join((', '.join(names[:-1]), names[-1]))}, side by side:"


def _list_introduction(task: Task, matching: Count) -> str:
    text = f"{_papers(task, matching)} {'matches' if matching.number == 1 else 'match'}"
    text += _in_brackets(_limit_words(task), _borderline(task), copies_words(task))
    if len(task.sources) < matching.number:
        ranked = task.plan.topic and task.plan.filters.order is Order.RELEVANCE
        which = "best" if ranked else "first"
        text += f"; the {which} {len(task.sources)} are"
    return f"{text[0].upper()}{text[1:]}:"


def _borderline(task: Task) -> str:
    if task.borderline is None or not task.borderline.number:
        return ""
    are = "is" if task.borderline.number == 1 else "are"
    return f"{_number(task.borderline)} more {are} borderline"


def _limits(task: Task) -> str:
    return _in_brackets(_limit_words(task))


def _in_brackets(*texts: str) -> str:
    said = "; ".join(text for text in texts if text)
    return f" ({said})" if said else ""


def _limit_words(task: Task) -> str:
    """Return the filters in words, and how many papers they could not judge."""
    chips = filter_chips(task.plan.filters)
    words = [chip.words for chip in chips if chip.name != "scope"]
    if task.undated:
        have = "paper without a date is" if task.undated == 1 else "papers without a date are"
        words.append(f"{task.undated} {have} left out")
    return ", ".join(words)


def _papers(task: Task, count: Count) -> str:
    if task.plan.narrowed:
        return f"{_number(count)} of those papers"
    if task.plan.chosen:
        return _of_chosen(len(task.plan.chosen), count)
    return f"{_number(count)} {'paper' if count.number == 1 else 'papers'} in this collection"


def _of_chosen(chosen: int, count: Count) -> str:
    if chosen == 1:
        return "the chosen paper"
    if count.number == chosen:
        return f"the {chosen} chosen papers"
    return f"{_number(count)} of the {chosen} chosen papers"


def _number(count: Count) -> str:
    return f"at least {count.number}" if count.at_least else str(count.number)


def _nothing(task: Task, elsewhere: str) -> str:
    if task.plan.narrowed:
        return "None of those papers"
    return "No chosen paper" if task.plan.chosen else elsewhere
