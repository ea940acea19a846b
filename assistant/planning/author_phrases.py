"""How many authors a question asks for: "single-author", "3-5 authors", "more than twenty authors".

Owns the words and the range that they mean. People are authors only where papers are by them: "two
people dancing" is a topic.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.alike_letters import plain_letters
from assistant.planning.phrases import one_of
from vectorstore.records import Span

_NUMBER_WORDS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen twenty"
).split()
_NUMBER = rf"(?:\d{{1,4}}|{'|'.join(_NUMBER_WORDS)})"
_WITH = (
    r"(?:(?:with|from|having|have|has|(?P<by>(?:written )?by)|of|and|only|just|exactly|an?) ){0,4}"
)
_AUTHORS = (
    r"[ -]?(?:(?:co-?)?(?:authors?\b(?: (?:papers?|only|each|alone))?|authored\b|writers?\b)"
    r"|(?P<people>people|persons?|researchers?|scientists?)\b(?: (?:only|alone))?)"
)
# The lowest and the highest number as groups; at most one of the two may be missing.
_COUNTS = tuple(
    one_of(rf"\b{_WITH}{count}{_AUTHORS}")
    for count in (
        r"(?P<one>single|sole|solo|lone)",
        rf"between (?P<low>{_NUMBER}) and (?P<high>{_NUMBER})",
        rf"(?P<low>{_NUMBER}) ?(?:-|–|to) ?(?P<high>{_NUMBER})",
        rf"(?:at least|no fewer than|no less than|minimum of) (?P<low>{_NUMBER})",
        rf"(?P<low>{_NUMBER}) ?(?:\+|or more)",
        rf"(?:at most|up to|no more than|maximum of) (?P<high>{_NUMBER})",
        rf"(?P<high>{_NUMBER}) or (?:fewer|less)",
        rf"(?:more than|over|>) ?(?P<above>{_NUMBER})",
        rf"(?:fewer than|less than|under|<) ?(?P<below>{_NUMBER})",
        rf"(?P<exact>{_NUMBER})",
    )
)
_SOLO_PAPERS = one_of(r"\bsolo (?=papers?\b|works?\b|articles?\b)")


@dataclass(frozen=True, slots=True)
class AuthorPhrase:
    """What a question says about the number of authors, None where open, and the words for it."""

    fewest: int | None
    most: int | None
    span: Span


def find_authors(text: str) -> AuthorPhrase | None:
    """Return the number of authors that `text` asks for, None where it asks for none."""
    if match := _SOLO_PAPERS.search(text):
        return AuthorPhrase(1, 1, Span(*match.span()))
    for pattern in _COUNTS:
        match = pattern.search(text)
        if match and (match["by"] or not match["people"]):
            return AuthorPhrase(*_range(match.groupdict()), Span(*match.span()))
    return None


def _range(typed: dict[str, str | None]) -> tuple[int | None, int | None]:
    number = {name: _number(value) for name, value in typed.items() if value}
    if "one" in typed or "exact" in number:
        exact = number.get("exact", 1)
        return exact, exact
    low = number.get("low") or (number["above"] + 1 if "above" in number else None)
    high = number.get("high") or (number["below"] - 1 if "below" in number else None)
    return (high, low) if low and high and low > high else (low, high)


def _number(typed: str) -> int:
    word = plain_letters(typed).lower()
    return (
        _NUMBER_WORDS.index(word) + 1
        if word in _NUMBER_WORDS
        else int(re.sub(r"\D", "", word) or 0)
    )
