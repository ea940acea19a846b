"""In which order a question wants its papers: "newest first", "the latest work on", "oldest".

Owns when such a word is said of papers. "The latest GPUs" and "earliest-finish-time" are not.
"""

from __future__ import annotations

from assistant.planning.phrases import one_of
from vectorstore.filters import Order
from vectorstore.records import Span

_PAPERS = (
    r"(?:papers?|articles?|stud(?:y|ies)|publications?|preprints?|surveys?|reviews?|works?|research"
    r"|literature|ones?|results|advances|progress|developments|findings)\b"
)
# What may follow an order of papers, within a few words: the papers, or the end of the question.
_SAID_OF_PAPERS = (
    rf"\b(?=\W*$|[?!.,;:)]| \d| first\b| (?:and|or|in|on|about|from|by|of|here)\b"
    rf"| (?:[\w-]+ ){{0,3}}?{_PAPERS})"
)
_AHEAD = (
    r"(?:,? ?(?:(?:sort|order|rank|list|and|with)(?:ed)? (?:them )?(?:by |the )?)+)?\b(?:the )?"
)
_FIRST = r"(?: (?:(?:papers?|ones?|results) )?first)?"
_SORTED = r"\b(?:sort|order|rank|list)(?:ed)? (?:\w+ ){0,2}?by"
_ORDERS = (
    (
        Order.NEWEST,
        one_of(
            rf"{_AHEAD}(?:newest|latest|most recent){_SAID_OF_PAPERS}{_FIRST}",
            rf"{_AHEAD}recent (?:(?:papers?|ones?|results) )?first",
            rf"\b(?:more )?recent(?= (?:[\w-]+ ){{0,2}}?{_PAPERS})|\b(?:more )?recent(?=\W*$)",
            r"\bnew(?= (?:papers?|articles?|publications?|preprints?|work|research)\b)"
            r"|^\W*what(?:['’]s| is) new\b|\banything new\b",
            rf"\brecently (?:published|released|appeared)\b|{_SORTED} (?:date|recency|year"
            rf"|newest)\b",
            r"\breverse chronological(?:ly)?(?: order)?\b",
        ),
    ),
    (
        Order.OLDEST,
        one_of(
            rf"{_AHEAD}(?:oldest|earliest){_SAID_OF_PAPERS}{_FIRST}",
            rf"\b(?:in )?chronological(?:ly)?(?: order)?\b|{_SORTED} (?:oldest|age)\b",
        ),
    ),
    (
        Order.DISCUSSED,
        one_of(
            rf"{_AHEAD}(?:most|best)[- ](?:discussed|commented(?:[- ]on)?"
            rf"|talked[- ]about){_FIRST}\b",
            rf"\bwith (?:the )?most (?:comments|discussion)\b"
            rf"|{_SORTED} (?:number of )?(?:comments|discussion)\b",
        ),
    ),
)


def find_order(text: str) -> tuple[Order, tuple[Span, ...]] | None:
    """Return the order that `text` asks for and the words for it, None where it asks for none."""
    for order, pattern in _ORDERS:
        if spans := tuple(Span(*match.span()) for match in pattern.finditer(text)):
            return order, spans
    return None
