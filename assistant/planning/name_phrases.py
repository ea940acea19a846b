"""Authors, venues and categories as a question names them: "by A. Baker", "at ICML", "in cs.CL".

Owns the words around a name, and how far it goes: as far as the collection knows one. Invariant:
what no paper has is no name, so that a word of the topic ("latency by caching") stays one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from assistant.planning.phrases import one_of
from vectorstore.name_filters import NameKind
from vectorstore.question_words import STOP_WORDS
from vectorstore.records import Span


class KnownNames(Protocol):
    """Tells what the collection has, as `vectorstore.name_filters.is_known` does of its file."""

    def __call__(self, kind: NameKind, name: str, *, whole: bool = True) -> bool:
        """Tell whether there is such a name; where not `whole`, of which this is a part."""


@dataclass(frozen=True, slots=True)
class FoundName:
    """A name as it is typed, and the words that limit the question to it."""

    kind: NameKind
    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class _Lead:
    """Words in front of a name; what is cut out with it begins at their group "cut", if any.

    A name has so many words at least, and may have to be typed in capitals or be known by a part.
    """

    words: re.Pattern[str]
    capitals: bool = False
    fewest: int = 1
    behind: re.Pattern[str] | None = None
    whole: bool = True


_INITIAL = r"[^\W\d_]\.(?:-?[^\W\d_]\.)*"
_WORD = rf"(?:{_INITIAL}|[^\W_][\w'’&/().:-]*[^\W_]|[^\W_])"
_MOST_WORDS = 10
_AUTHOR_WORDS = 4
_NAME = re.compile(rf"{_WORD}(?:,?\s+{_WORD}){{0,{_MOST_WORDS - 1}}}")
_LAST_WORDS = re.compile(rf"(?:{_WORD}\s+){{0,{_AUTHOR_WORDS - 1}}}{_WORD}$")
_LONGEST = 200  # characters of a name
_MOST_PLACES = 8  # where a phrase is looked at; a page pasted in would take a second else
_END = one_of(
    r" ?(?:$|[,.;:?!)])| (?:\d{4}|about|after|and|are|as|before|covers?|deals?|discuss(?:es)?|do"
    r"|does|find|for|from|has|have|here|in|is|of|on|only|or|papers?|please|published|say|since|that"
    r"|there|to|use|was|were|where|which|who|with|work|wrote)\b"
)
_PAPERS = (
    r"(?:papers?|articles?|works?|publications?|preprints?|stud(?:y|ies)|research|anything"
    r"|something|everything|stuff)"
)
_ADVERB = r" (?:ever |already |recently )?"
_AUTHOR_LEADS = (
    _Lead(one_of(rf"\b{_PAPERS} (?P<cut>by) ")),
    _Lead(one_of(r"\b(?P<cut>(?:written|co-?authored|authored|published|released|done) by) ")),
    _Lead(one_of(r"\b(?P<cut>(?:whose )?authors?(?::| is| are| named| called)) ")),
    _Lead(one_of(r"\b(?P<cut>by) "), capitals=True),
    _Lead(one_of(rf"\b{_PAPERS} (?P<cut>from|of) "), capitals=True, fewest=2),
    _Lead(
        one_of(r"\b(?:did|has|have|does) "),
        capitals=True,
        behind=one_of(rf"{_ADVERB}(?:write|written|publish(?:ed)?|authored|co-?authored)\b"),
    ),
    _Lead(
        one_of(r"\b(?:did|has|have|does) "),
        capitals=True,
        fewest=2,
        behind=one_of(
            rf"{_ADVERB}(?:find|found|sa(?:y|id)|shown?|proposed?|stud(?:y|ied)|report(?:ed)?"
            r"|discover(?:ed)?|work(?:ed)? on)\b"
        ),
    ),
)
_VENUE_LEADS = (
    _Lead(one_of(r"\b(?P<cut>(?:published|appeared|appearing|printed) in) (?:the )?")),
    _Lead(one_of(r"\b(?P<cut>venue(?::| is| called)?) ")),
    _Lead(one_of(rf"\b{_PAPERS} (?P<cut>in|from) (?:the )?"), capitals=True),
    _Lead(
        one_of(
            r"\b(?P<cut>(?:published|appeared|appearing|presented|accepted) (?:at|by|to)) (?:the )?"
        ),
        capitals=True,
        whole=False,
    ),
    _Lead(one_of(rf"\b(?:{_PAPERS} )?(?P<cut>at) (?:the )?"), capitals=True, whole=False),
)
_CATEGORY_LEADS = (
    _Lead(
        one_of(r"(?P<cut>(?:\b(?:in|from|under|of) )?(?:the )?\bcategor(?:y|ies):?) "), whole=False
    ),
)
_DOTTED = r"(?<![\w.-])[a-z]+(?:-[a-z]+)?\.[a-z]{2}(?:-[a-z]+)?(?![\w-]|\.\w)"
_CATEGORIES = one_of(
    r"(?:\b(?:in|from|under|of) )?(?:the )?(?:\barxiv )?(?:\bcategor(?:y|ies):? )?"
    rf"(?P<name>{_DOTTED})(?: category\b)?",
    r"\b(?:in|from|under) (?P<joined>[a-z]+-[a-z]+)\b",
)
_ET_AL = one_of(r",? et ?al\b\.?(?:['’]s\b)?")
_OWN = one_of(
    r"['’]s? (?=(?:(?:recent|latest|newest|own|other|first|last|\d{4}) ){0,2}"
    r"(?:papers?|works?|publications?|research|articles?|preprints?)\b)"
)
_IN_FRONT = one_of(r"\b(?:by|from|of) $")
_PAPERS_BEHIND = one_of(r" (?=(?:papers?|articles?|publications?|preprints?)\b)")
_ABBREVIATION = re.compile(r"[^\W_]*(?:[A-Z][^\W_]*){2}")
_PARTICLES = frozenset("al bin da de del den der di dos du el ibn la le ter van von".split())
# "Papers by date" are asked for in an order, whoever may be called so.
_ORDERS = frozenset("author authors date name number relevance title topic venue year".split())


def find_names(question: str, known: KnownNames) -> tuple[FoundName, ...]:
    """Return the category, the author and the venue that `question` limits its papers to."""
    found: list[FoundName] = []
    for names in (
        _categories(question, known),
        _authors(question, known),
        _venues(question, known),
    ):
        first = next(names, None)
        if first and not any(_overlap(first.span, other.span) for other in found):
            found.append(first)
    return tuple(found)


def author_called(text: str, known: KnownNames) -> str:
    """Return the author that `text` is nothing but the name of; empty where it is none.

    Of more than one word, and as names are typed: "Green AI" and "green ai" are topics.
    """
    name = text.strip(" ?!,;:")
    words = name.split()
    typed = 1 < len(words) <= _AUTHOR_WORDS and _is_author_like(name, capitals=True)
    shouted = any(len(word) > 1 and word.isupper() for word in words)
    return name if typed and not shouted and known(NameKind.AUTHOR, name) else ""


def _authors(question: str, known: KnownNames) -> Iterator[FoundName]:
    for pattern in (_ET_AL, _OWN):
        for match in islice(pattern.finditer(question), _MOST_PLACES):
            yield from _ending_at(question, match, known)
    for lead in _AUTHOR_LEADS:
        for span, name in _behind(question, lead):
            if _is_author_like(name, capitals=lead.capitals) and known(NameKind.AUTHOR, name):
                yield FoundName(NameKind.AUTHOR, name, span)
    if alone := author_called(question, known):
        yield FoundName(NameKind.AUTHOR, alone, Span(0, len(question)))


def _venues(question: str, known: KnownNames) -> Iterator[FoundName]:
    for lead in _VENUE_LEADS:
        for span, name in _behind(question, lead):
            typed = not lead.capitals or (name[0].isupper() or _ABBREVIATION.match(name))
            if typed and known(NameKind.VENUE, name, whole=lead.whole):
                yield FoundName(NameKind.VENUE, name, span)
    for match in islice(_PAPERS_BEHIND.finditer(question), _MOST_PLACES):
        before = _words_before(question, match.start()).split()
        if before and _ABBREVIATION.fullmatch(before[-1]) and known(NameKind.VENUE, before[-1]):
            start = match.start() - len(before[-1])
            yield FoundName(NameKind.VENUE, before[-1], Span(start, match.start()))


def _categories(question: str, known: KnownNames) -> Iterator[FoundName]:
    for match in islice(_CATEGORIES.finditer(question), _MOST_PLACES):
        name = match["name"] or match["joined"]
        if known(NameKind.CATEGORY, name):
            yield FoundName(NameKind.CATEGORY, name, Span(*match.span()))
    for lead in _CATEGORY_LEADS:
        for span, name in _behind(question, lead):
            if known(NameKind.CATEGORY, name, whole=lead.whole):
                yield FoundName(NameKind.CATEGORY, name, span)


def _behind(question: str, lead: _Lead) -> Iterator[tuple[Span, str]]:
    """Yield what may be a name behind the words of a lead, the longest first."""
    for match in islice(lead.words.finditer(question), _MOST_PLACES):
        start = match.end()
        words = _NAME.match(question, start, start + _LONGEST)
        if words is None:
            continue
        gaps = [gap.start() for gap in re.finditer(r",?\s+", words[0])]
        cut = match.start("cut") if "cut" in match.re.groupindex else start
        for end in (words.end(), *(start + gap for gap in reversed(gaps))):
            name = question[start:end]
            if len(name.split()) >= lead.fewest and (lead.behind or _END).match(question, end):
                yield Span(cut, end), name


def _ending_at(question: str, match: re.Match[str], known: KnownNames) -> Iterator[FoundName]:
    """Yield the author whose name ends where a match begins, with all of it that is known."""
    words = _words_before(question, match.start())
    starts = [start.start() for start in re.finditer(r"(?<!\S)\S", words)]
    for name in (words[start:] for start in starts):
        if _is_author_like(name, capitals=name != name.lower()) and known(NameKind.AUTHOR, name):
            start = match.start() - len(name)
            lead = _IN_FRONT.search(question[:start])
            yield FoundName(
                NameKind.AUTHOR, name, Span(lead.start() if lead else start, match.end())
            )


def _words_before(question: str, end: int) -> str:
    found = _LAST_WORDS.search(question[max(0, end - _LONGEST) : end])
    return found[0] if found else ""


def _is_author_like(name: str, *, capitals: bool) -> bool:
    """Tell whether an author may be called so; of "Baker about bread" only "Baker" is a name."""
    words = name.replace(",", " ").split()
    if len(words) > _AUTHOR_WORDS or name.lower() in _ORDERS:
        return False
    if any(word.lower() in STOP_WORDS and len(word) > 1 for word in words):
        return False
    return not capitals or all(word[0].isupper() or word in _PARTICLES for word in words)


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
