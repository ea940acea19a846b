"""Papers by their places in an earlier answer: "the second one", "the first two", "#3", "both".

Owns the words for places, and which answer they count in: the latest that shows so many papers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.alike_letters import plain_letters
from assistant.answer import Turn
from assistant.planning.phrases import one_of
from assistant.planning.shown_papers import (
    in_focus,
    last_few,
    latest_set,
    latest_with,
    numbered_papers,
    searched,
)

_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
_NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_NTH = rf"(?:{'|'.join(_ORDINALS)}|1st|2nd|3rd|[4-9]th|10th)"
_FEW = rf"(?:{'|'.join(_NUMBERS)}|[2-6])"
_PAPERS = r"(?:ones?|papers?|results?|hits?|articles?|of (?:them|those|these))"
_VERBS = (
    r"(?:about|are|claims?|compare|differ|did|do|does|finds?|gets?|has|have|is|perform|proposes?"
    r"|reports?|says?|shows?|uses?|was|were)"
)
_END = rf"(?=\W*$|[,.;:?!]| (?:and|or|in more|in detail|please|with|vs\.?|versus|{_VERBS})\b)"

_FIRST_FEW = one_of(
    rf"\b(?:the )?(?P<end>first|top|last|best) (?P<few>{_FEW})(?: {_PAPERS}\b|{_END})"
)
_THESE_FEW = one_of(
    rf"\b(?:these|those|the|all) (?P<few>{_FEW})\b(?: (?:papers|ones))?|\b(?P<both>both)\b"
    r"(?: (?:of (?:them|these|those)|papers))?"
)
_THE_NTH = one_of(
    rf"\b(?:the )?(?P<nth>{_NTH}) {_PAPERS}\b|\bthe (?P<alone>{_NTH}){_END}",
    r"\b(?:paper|number|no\.?|nr\.?|result|source|citation|item) ?#? ?(?P<number>\d{1,2})\b"
    r"|#(?P<hash>\d{1,2})\b|\[(?P<bracket>\d{1,2})\]",
)
_LATTER = one_of(
    rf"\bthe (?:latter(?: {_PAPERS})?|last(?: {_PAPERS}\b|{_END}))|\bthe former(?: {_PAPERS})?"
)
_THE_OTHER = one_of(rf"\bthe other(?: {_PAPERS}\b|{_END})")
# Words beside which numbers alone are those of papers: "compare 1 and 3".
_BESIDE_NUMBERS = frozenset(
    "a about and are between can compare contrast could describe detail details"
    " difference do does elaborate explain give in is let me more no nr number numbers"
    " of on open or paper papers please read say show summarise summarize tell than the"
    " u versus vs what with you".split()
)


@dataclass(frozen=True, slots=True)
class Places:
    """The ids of papers that a question counts out, the turn that shows them, and the words."""

    papers: tuple[str, ...]
    turn: Turn
    words: str


def read_places(question: str, history: Sequence[Turn]) -> Places | None:
    """Return the papers that `question` names by their places; None where it names none."""
    for read in (_first_few, _numbered, _these_few, _former_or_latter):
        if places := read(question, history):
            return places
    return None


def without_places(question: str) -> str:
    """Return the question without the words for places."""
    for pattern in (_FIRST_FEW, _THE_NTH, _THESE_FEW, _LATTER, _THE_OTHER):
        question = pattern.sub(" ", question)
    return re.sub(r"\d", " ", question) if _bare_numbers(question) else question


def _first_few(question: str, history: Sequence[Turn]) -> Places | None:
    match = _FIRST_FEW.search(question)
    count = _few(match["few"]) if match else 0
    turn = latest_with(history, count) if match else None
    if match is None or turn is None:
        return None
    shown = numbered_papers(turn.answer)
    papers = shown[-count:] if match["end"].lower() == "last" else shown[:count]
    return Places(papers, turn, match.group().strip())


def _numbered(question: str, history: Sequence[Turn]) -> Places | None:
    """Return the papers at places such as "the second one", "#2", or "1 and 3" alone."""
    matches = list(_THE_NTH.finditer(question))
    places = [_place(match) for match in matches] or _bare_numbers(question)
    if not places or min(places) < 1:
        return None
    # "The first one" counts in a list, though the last answer be on one paper; "[1]" does not.
    by_number = not any(match["nth"] or match["alone"] for match in matches)
    least = max(places) if by_number else max(2, *places)
    turn = latest_with(history, least) or latest_with(history, max(places))
    if turn is None:
        return None
    shown = numbered_papers(turn.answer)
    papers = tuple(dict.fromkeys(shown[place - 1] for place in places))
    words = " and ".join(match.group().strip() for match in matches)
    return Places(papers, turn, words or " and ".join(map(str, places)))


def _these_few(question: str, history: Sequence[Turn]) -> Places | None:
    match = _THESE_FEW.search(question)
    if match is None:
        return None
    papers = last_few(history, 2 if match["both"] else _few(match["few"]))
    return Places(papers, searched(history)[0], match.group().strip()) if papers else None


def _former_or_latter(question: str, history: Sequence[Turn]) -> Places | None:
    turn = latest_set(history)
    match = _LATTER.search(question) or _THE_OTHER.search(question)
    if turn is None or match is None:
        return None
    shown = numbered_papers(turn.answer)
    words = match.group().strip()
    if "other" in words.lower():
        shown = tuple(paper for paper in shown if paper not in in_focus(history))
        return Places(shown, turn, words) if len(shown) == 1 else None
    pair = shown if "last" in words.lower() else last_few(history, 2) or shown
    return Places(pair[:1] if "former" in words.lower() else pair[-1:], turn, words)


def _place(match: re.Match[str]) -> int:
    number = match["number"] or match["hash"] or match["bracket"]
    nth = number or match["nth"] or match["alone"]
    digits = re.sub(r"\D", "", nth)
    return int(digits) if digits else _ORDINALS.index(plain_letters(nth).lower()) + 1


def _few(typed: str) -> int:
    return _NUMBERS.get(plain_letters(typed).lower()) or int(typed)


def _bare_numbers(question: str) -> list[int]:
    """Return the numbers of a question that has no other words than go with numbers of papers."""
    words = re.findall(r"\w+", question.lower())
    numbers = [int(word) for word in words if re.fullmatch(r"[0-9]{1,2}", word)]
    others = {word for word in words if not word.isdigit()}
    return numbers if others <= _BESIDE_NUMBERS else []
