"""What a question refers to in the turns before it: single papers, a set of them, or their topic.

Owns which turn and which papers are meant, and when a question stands alone although it has a word
that refers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.answer import Intent, Turn
from assistant.planning.intent import intents_of
from assistant.planning.ordinals import read_places, without_places
from assistant.planning.reference_words import (
    ABOUT,
    ABOUT_IT,
    GOES_ON,
    INSTEAD,
    OWN_WORDS,
    SET,
    SUCH_ONE,
    THEY,
    WHICH,
    asks_for_a_part,
    asks_for_any,
    has_own_topic,
    is_condition,
    is_short,
    tidy,
    without_instead,
    without_lead_in,
    without_set,
    without_them,
    word_for_it,
)
from assistant.planning.shown_papers import (
    all_shown,
    cited_papers,
    held_to_one,
    in_focus,
    last_few,
    latest_set,
    searched,
    subject_turn,
)
from assistant.planning.topic_words import topic_words
from vectorstore.question_words import question_words

A_FEW = 4  # papers that a question may speak of one by one
STEM = 6  # letters of a word that its other forms have too


class Kind(StrEnum):
    """What a question refers to."""

    ONE = "one paper"
    SOME = "papers that it counts"
    ALL = "all papers of an answer"
    TOPIC = "the topic"


@dataclass(frozen=True, slots=True)
class Reference:
    """What of the conversation a question builds on.

    `papers` are the ids that it is limited to, none for a topic. `turn` is the one that is referred
    to. `words` are those that refer, or the like of them, empty where they are left out; `rest` is
    the question without them. With `instead` the topic takes the place of the earlier one; with
    `one_of_them` one of the papers is meant, which `rest` describes.
    """

    kind: Kind
    turn: Turn
    rest: str
    papers: tuple[str, ...] = ()
    words: str = ""
    instead: bool = False
    one_of_them: bool = False

    @property
    def context(self) -> str:
        """Return the topic that the earlier turn was about."""
        return self.turn.answer.plan.context or self.turn.answer.plan.topic


def read_reference(question: str, history: Sequence[Turn]) -> Reference | None:
    """Return what `question` refers to in the turns before it; None where it stands alone."""
    subject = subject_turn(history)
    if subject is None:
        return None
    own = has_own_topic(question)
    found = _to_what_it_is(question, history, subject)
    if found:
        return found
    if not own:
        found = _to_places(question, history)
    if found is None and not has_own_topic(SET.sub(" ", question)):
        found = _to_a_set(question, history)
    found = found or _to_one(question, history)
    return found or (None if own else _to_the_topic(question, history, subject))


def _to_what_it_is(question: str, history: Sequence[Turn], subject: Turn) -> Reference | None:
    """Return the reference to a topic that is not one paper: "which papers are about it?"."""
    if not ABOUT_IT.search(question) or held_to_one(searched(history)[0].answer):
        return None
    return Reference(Kind.TOPIC, subject, "", words="it")


def _to_places(question: str, history: Sequence[Turn]) -> Reference | None:
    """Return the reference to papers by their places: "the second one"."""
    places = read_places(question, history)
    if places is None:
        return None
    kind = Kind.ONE if len(places.papers) == 1 else Kind.SOME
    rest = tidy(without_places(question))
    return Reference(kind, places.turn, rest, places.papers, places.words)


def _to_a_set(question: str, history: Sequence[Turn]) -> Reference | None:
    """Return the reference to all papers of an answer: "which of those", "do they"."""
    one = SUCH_ONE.search(question)
    if not (one or SET.search(question) or asks_for_any(question)):
        return _to_them(question, history) or _to_which(question, history)
    turn = latest_set(history, whole=asks_for_any(question))
    if turn is None:
        return None
    papers, rest = all_shown(turn.answer), without_set(question)
    return Reference(Kind.ALL, turn, rest, papers, "those", one_of_them=bool(one))


def _to_them(question: str, history: Sequence[Turn]) -> Reference | None:
    """Return the reference to the papers of the last answer: "how do they differ"."""
    turn = searched(history)[0]
    papers = cited_papers(turn.answer)
    if not papers or not THEY.search(question):
        return None
    if len(papers) == 1 and Intent.COMPARE in intents_of(question):
        papers = last_few(history, 2) or papers
    several = Kind.SOME if len(papers) <= A_FEW else Kind.ALL
    kind = several if len(papers) > 1 else Kind.ONE
    return Reference(kind, turn, without_them(question), papers, "they")


def _to_which(question: str, history: Sequence[Turn]) -> Reference | None:
    """Return the reference that "which is the fastest" leaves out."""
    turn = latest_set(history)
    if turn is None or not WHICH.search(question) or len(topic_words(question)) > OWN_WORDS:
        return None
    return Reference(Kind.ALL, turn, question, all_shown(turn.answer))


def _to_one(question: str, history: Sequence[Turn]) -> Reference | None:
    """Return the reference to the paper, or the papers, that the last answer is about: "it"."""
    turn, focus = searched(history)[0], in_focus(history)
    said = word_for_it(question)
    if not (said or asks_for_a_part(question) or (focus and is_short(question))):
        return None
    papers = focus or cited_papers(turn.answer)
    kind = Kind.ONE if focus else Kind.ALL
    rest = without_lead_in(question)
    return Reference(kind, turn, rest, papers, said or "the paper") if papers else None


def _to_the_topic(question: str, history: Sequence[Turn], subject: Turn) -> Reference | None:
    """Return the reference to what an elliptic question goes on about: "and on CPU?"."""
    if not _is_elliptic(question):
        return None
    rest = without_instead(question)
    last, focus = searched(history)[0], in_focus(history)
    aspect = is_condition(question) or _is_aspect(rest, last)
    one_word = len(topic_words(rest)) <= 1
    if focus and held_to_one(last.answer) and (aspect or one_word) and not ABOUT.search(question):
        return Reference(Kind.ONE, last, rest, focus)
    if aspect and last.answer.plan.intent is Intent.COMPARE:
        return Reference(Kind.SOME, last, rest, cited_papers(last.answer))
    return Reference(Kind.TOPIC, subject, rest, instead=not (aspect or _is_aspect(rest, subject)))


def _is_elliptic(question: str) -> bool:
    """Tell whether a question lacks what it is about: "and on CPU?", "what about FPGAs"."""
    if INSTEAD.search(question):
        return True
    begins = any(pattern.search(question) for pattern in (GOES_ON, ABOUT))
    return (begins or is_condition(question)) and len(
        topic_words(without_lead_in(question))
    ) <= OWN_WORDS


def _is_aspect(text: str, turn: Turn) -> bool:
    """Tell whether papers of an answer have the words of `text`, so that it may be said of them."""
    shown = " ".join(
        f"{citation.paper.title} {citation.paper.abstract}".lower()
        for citation in turn.answer.citations
    )
    return all(word[:STEM] in shown for word in question_words(text))
