"""What a question sets side by side: "A versus B", "compare A and B", "how does A compare with B".

Owns where a side begins and ends. A side is a text to search for, or words that name a paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.planning.phrases import one_of

SIDE_WORDS = 16  # more are a question of their own
MOST_SIDES = 4

_EXPLICIT = one_of(
    r"^\W*(?:(?:can|could|would) (?:you|u) )?(?:please )?(?:kindly )?(?:give me |show me |make )?"
    r"(?:(?:what(?:['’]s| is| are) )?(?:the |a |any )?(?:main |key )?)?"
    r"(?:compare|contrast|comparison (?:of|between)|differences? between) (?P<sides>.+)"
)
_ASKED_HOW = one_of(
    r"\bhow (?:do|does|did|is|are|was|were) (?P<one>.+?) (?:compare|differ|different|stack up)\b"
    r"(?: (?:in|on) [^,;?]{1,40}?)??(?: (?:with|to|from|against|than) (?P<other>.+)|[?.!\s]*$)"
)
_VERSUS = one_of(r" (?:versus|vs\.?|v\.?s\.?) ")
# "Compare A to B", but not "approaches to B".
_TO = r"(?<!approach)(?<!approaches)(?<!methods)(?<!ways)(?<!solutions)(?<!how)(?<!related) to "
_BETWEEN_SIDES = one_of(
    r" ?, ?(?:and |or |with )?", r" (?:and|with|or|versus|vs\.?|against|&) ", _TO
)
# Where the sides end and what is asked of them begins.
_END = one_of(
    r"[:;?!.] |[?!.]$| [-–—] |[ ,]+please\b|, (?:how|what|which|who|when|why|where|in|on|with|by"
    r"|for)\b",
    r" (?:in terms of|with respect to|with regard to|regarding|on how|as to|for|w\.?r\.?t\.?) ",
)
_LEAD_IN = one_of(
    r"^\W*(?:(?:what|which|how|is|are|does|do|did|the|please|so|and|papers?|both|between|of"
    r"|results? of|methods? of|approach(?:es)? of) )+"
)
_SELF = frozenset({"itself", "themselves", "each other", "one another"})
_NAME_LIKE = re.compile(r"^(?=\S*[A-Z0-9])\S+$")


def compares_explicitly(question: str) -> bool:
    """Tell whether the question asks for a comparison in so many words."""
    return bool(_EXPLICIT.search(question))


def sides_of(question: str) -> tuple[str, ...]:
    """Return the texts that the question sets side by side, in its order; fewer than two: none."""
    tidied = (
        _LEAD_IN.sub("", f"{side.strip()} ").strip(" ,.?!'\"“”") for side in _cut(f"{question} ")
    )
    sides = (side for side in tidied if side.lower() not in _SELF)
    kept = tuple(side for side in sides if side and len(side.split()) <= SIDE_WORDS)
    return kept[:MOST_SIDES] if len(kept) > 1 else ()


def is_like_a_name(side: str) -> bool:
    """Tell whether a side is one word with a capital or a figure, such as "vLLM"."""
    return bool(_NAME_LIKE.match(side))


def _cut(question: str) -> Iterator[str]:
    if explicit := _EXPLICIT.search(question):
        yield from _BETWEEN_SIDES.split(_before_end(explicit["sides"]))
    elif asked := _ASKED_HOW.search(question):
        yield from _BETWEEN_SIDES.split(asked["one"])
        if asked["other"]:
            yield _before_end(asked["other"])
    else:
        before, *after = _VERSUS.split(question, maxsplit=MOST_SIDES - 1)
        yield _END.split(before)[-1]
        yield from map(_before_end, after)


def _before_end(text: str) -> str:
    return _END.split(text, maxsplit=1)[0]
