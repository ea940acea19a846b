"""The words of a question that carry its meaning, for the lexical half of a search."""

from __future__ import annotations

import re

from vectorstore.normal_forms import normalised

# Function words, and the words people use to ask about papers, which say nothing of the topic.
STOP_WORDS = frozenset(
    """
    a about above after again against all also am an and any are as at be because been before being
    below between both but by can could did do does doing down during each few for from further had
    has have having he her here hers him his how i if in into is it its itself just know let me more
    most my no nor not now of off on once only or other our out over own same she should show so
    some such tell than that the their them then there these they this those through to too under
    until up us use used uses using very was we were what when where which while who whom whose why
    will with would you your
    abstract abstracts anybody anyone anything article articles collection cover covers covering
    deal deals discuss discusses explain find give have list listed mention mentions paper papers
    publication publications read say says something studies study summarise summarize summary
    talk talks work works write wrote
    """.split()
)


def question_words(question: str) -> tuple[str, ...]:
    """Return the distinct words of `question`, lower case, in order, without stop words."""
    # An accent typed as a character of its own would cut its word in two. Lower case and not
    # casefold, because the lexical index keeps letters that casefold spells out, such as "ß".
    words = re.findall(r"[^\W_]+", normalised("NFKC", question).lower())
    return tuple(dict.fromkeys(word for word in words if word not in STOP_WORDS))
