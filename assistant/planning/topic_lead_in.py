"""What stands in front of a topic and says nothing of it: "how many papers are there about".

Owns the words for it. What they ask for, a list or a count, `assistant.planning.intent` reads.
"""

from __future__ import annotations

from assistant.planning.phrases import one_of
from assistant.planning.topic_words import topic_words

_PAPERS = r"(?:papers|articles|publications|preprints)"
_ON = r"(?:about|on|covering|dealing with)"
_START_OVER = one_of(
    r"^(?:\W*(?:(?:ok(?:ay)?|now|please|let['’]?s) ?,? ?)*(?:something (?:else|different)"
    r"|(?:start|starting) (?:over|afresh|again)|new (?:topic|question|search)"
    r"|(?:on )?(?:a|to a) (?:different|new) (?:topic|note)) ?[:;,.–-]+ )+"
)
_ASKS_FOR = one_of(
    rf"^\W*(?:so |and )?how many {_PAPERS} (?:are (?:there )?|do you have |have you got "
    rf"|does the collection have )?(?:here |in the collection )?{_ON} ",
    rf"^\W*(?:(?:list|show|find|give) (?:me )?)?(?:all |some |any |the )*{_PAPERS} {_ON} ",
)


def without_start_over(question: str) -> str:
    """Return a question without the words that begin a new topic: "something else: "."""
    return _less(_START_OVER.sub("", question), question)


def bare_topic(topic: str) -> str:
    """Return the topic of a list or a count without what asks for one; never no topic."""
    bare = _ASKS_FOR.sub("", topic)
    return topic if bare == topic else _less(bare.rstrip(" ?.!"), topic)


def _less(rest: str, text: str) -> str:
    return rest if topic_words(rest) else text
