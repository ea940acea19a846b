"""The words of a question that say what it is about."""

from __future__ import annotations

from vectorstore.question_words import question_words

# Beyond the stop words of search: what is left of "only the newest ones, please".
_NO_TOPIC = frozenset(
    """
    actually add alone appear appeared available came can cant collection come compare compared
    comparison contain contains contrast cool count d date dated dates differ difference
    differences else entire everything exist existing first full get give got great hello here
    hey hi hmm i im include instead interested list ll m many mean meant new nice no number ok
    okay one ones order ordered paper papers please publish published rather re recent recently
    s same see shown sort sorted stuff t thank thanks then there thing things total u ve want
    wanted well whole year years yes
    """.split()
)


def topic_words(text: str) -> tuple[str, ...]:
    """Return the words of `text` that say what it is about, in lower case."""
    return tuple(word for word in question_words(text) if word not in _NO_TOPIC)
