"""Questions that go back to an earlier topic: "back to soup: which ones use salt?".

Owns which earlier list is meant. What is asked then is asked as if that list had come last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answer import Turn
from assistant.planning.moves import read_move
from assistant.planning.ordinals import read_places
from assistant.planning.phrases import one_of
from assistant.planning.reference_words import refers_to_a_set
from assistant.planning.shown_papers import ON_ONE_PAPER, cited_papers, searched
from assistant.planning.topic_words import topic_words

STEM = 6  # letters of a word that its other forms have too

_THEN = r"(?: ?[:;,?.!–-]+ (?P<{}>.*)|\W*$)"
_BACK = one_of(
    r"^\W*(?:(?:and|but|so|ok(?:ay)?|now|please|let['’]?s|let us|can we|could we|i want to)[ ,]+)*"
    r"(?:go(?:ing)? |com(?:e|ing) |get(?:ting)? )?(?:back|return(?:ing)?) to (?!back\b)"
    r"(?P<topic>[^:;,?.!]{2,80}?)(?: again)?" + _THEN.format("then"),
    r"^\W*(?:and |now |so )?(?:about|on) (?P<again>[^:;,?.!]{2,80}?) again" + _THEN.format("next"),
)


@dataclass(frozen=True, slots=True)
class TakenUp:
    """What is asked of an earlier topic, and the turns that it is asked after."""

    question: str
    history: tuple[Turn, ...]


def taken_up_again(question: str, history: Sequence[Turn]) -> TakenUp | None:
    """Return what `question` asks of an earlier topic that it names; None where it names none.

    Where no list was on that topic, it is a new one.
    """
    match = _BACK.search(question)
    if match is None or not searched(history) or read_move(question):
        return None
    topic, asked = match["topic"] or match["again"], match["then"] or match["next"] or ""
    if not topic_words(topic) or refers_to_a_set(topic) or read_places(topic, history):
        return None
    turn = _list_on(topic, history)
    if turn is None:
        return TakenUp(f"{topic}: {asked}" if topic_words(asked) else topic, ())
    return TakenUp(asked, (turn,)) if topic_words(asked) else TakenUp(turn.question, ())


def _list_on(topic: str, history: Sequence[Turn]) -> Turn | None:
    """Return the latest list whose topic has the words of `topic`; rather one that stood alone."""
    words = topic_words(topic)
    lists = [turn for turn in searched(history) if _is_list(turn)]
    on_it = [turn for turn in lists if _has(turn, words)]
    return next(filter(_stood_alone, on_it), next(iter(on_it), None))


def _stood_alone(turn: Turn) -> bool:
    return not (turn.answer.plan.narrowed or turn.answer.plan.context)


def _is_list(turn: Turn) -> bool:
    several = len(cited_papers(turn.answer)) > 1
    return several and turn.answer.plan.intent not in ON_ONE_PAPER


def _has(turn: Turn, words: Sequence[str]) -> bool:
    plan = turn.answer.plan
    about = set(map(_stem, topic_words(f"{plan.topic} {plan.context}")))
    return about.issuperset(map(_stem, words))


def _stem(word: str) -> str:
    return word.rstrip("s")[:STEM]
