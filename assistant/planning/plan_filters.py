"""The filters in a question: when, from whom, by how many authors, in which order.

Owns how they are put together, who papers may be from, and what is left of a question without its
filters. A word that only may be meant as a filter stays a word of the topic.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from assistant.planning.author_phrases import find_authors
from assistant.planning.date_phrases import find_dates
from assistant.planning.name_phrases import FoundName, KnownNames, find_names
from assistant.planning.order_phrases import find_order
from assistant.planning.phrases import one_of, spaced
from vectorstore.english_words import english_rank
from vectorstore.filters import Filters
from vectorstore.library import Library
from vectorstore.name_filters import NameKind, is_known
from vectorstore.records import Span

_SOURCE = one_of(
    r"\b(?:(?:listed )?(?:in|from|on) )?(?:the )?(?:(?:file|page) )?"
    r"(?P<file>[\w-]+\.(?:txt|md|html?|json[l]?|csv|bib|xml))\b"
)
# "From Apple", "by the people at Google": in front of an organisation, then behind it.
_FROM = (
    r"\b(?:(?:from|by|out of|(?<=papers\s)of|(?<=work\s)of) (?:the )?"
    r"(?:(?:people|researchers?|folks|authors|teams?) (?:at|from) )?"
    r"|(?:people|researchers?|folks|authors|teams?|work|done|papers|published) at )"
)
_ENDS = (
    r"(?= ?(?:$|[,.;:?!)]|(?:about|after|and|before|came|covers?|deals?|do|does|for|have|here|in|is"
    r"|on|only|or|papers?|please|published|since|that|there|use|which|with|work)\b))"
)
_BEHIND = (
    r"(?P<behind>(?:['’]s)? )(?:papers?|works?|publications?|researchers|research|authors|people"
    r"|published|publish|released|articles|preprints)\b"
)
MIN_ORGANIZATION = 3  # letters; shorter names are words of other things
# What a filter that is cut out may leave in front of it.
# Possessive, so that a long run of them is gone through once.
_DANGLING = one_of(
    r"(?:\b(?:from|in|by|of|published|came out|released|dated|written|and|but|only|with|stuff from"
    r"|are|were|that|order)\b ?)++(?=[?.!,]*+ ?$)"
)


@dataclass(frozen=True, slots=True)
class FoundFilters:
    """What a question asks to be limited to, and its words without those that say so."""

    filters: Filters
    rest: str

    @property
    def any(self) -> bool:
        """Tell whether anything was found."""
        return self.filters != Filters()


def read_filters(
    question: str, today: date, organizations: Iterable[str], known: KnownNames
) -> FoundFilters:
    """Return the filters of `question`.

    `organizations` are the lower-case names there are; `known` tells which other names there are.
    """
    names = find_names(question, known)
    question = _without(question, [found.span for found in names]) if names else question
    filters, spans = _of_names(names), list[Span]()
    if dates := find_dates(question, today):
        filters = replace(filters, published_from=dates.first, published_to=dates.last)
        spans.extend(dates.spans)
    if authors := find_authors(question):
        filters = replace(filters, min_authors=authors.fewest, max_authors=authors.most)
        spans.append(authors.span)
    if ordered := find_order(question):
        filters = replace(filters, order=ordered[0])
        spans.extend(ordered[1])
    if source := _SOURCE.search(question):
        filters = replace(filters, source=source["file"])
        spans.append(Span(*source.span()))
    if organization := _find_organization(question, organizations):
        filters = replace(filters, organization=organization[0])
        spans.append(organization[1])
    return FoundFilters(filters, _without(question, spans))


def known_names(library: Library) -> KnownNames:
    """Return what tells which authors, venues and categories a library has."""
    return partial(is_known, library.catalog.file)


def names_known(filters: Filters, known: KnownNames) -> bool:
    """Tell whether papers have the author, the category and the venue, where there are any."""
    asked = (
        (NameKind.AUTHOR, filters.author),
        (NameKind.CATEGORY, filters.category),
        (NameKind.VENUE, filters.venue),
    )
    return all(known(kind, name, whole=False) for kind, name in asked if name)


def organization_called(text: str, organizations: Iterable[str]) -> str:
    """Return the organisation that `text` is nothing but the name of; empty where it is none."""
    named = " ".join(re.findall(r"\w+", text.lower()))
    return named if named in _names_of(organizations) else ""


def _of_names(names: Sequence[FoundName]) -> Filters:
    called = {found.kind: found.name for found in names}
    return Filters(
        author=called.get(NameKind.AUTHOR, ""),
        category=called.get(NameKind.CATEGORY, ""),
        venue=called.get(NameKind.VENUE, ""),
    )


def _find_organization(question: str, organizations: Iterable[str]) -> tuple[str, Span] | None:
    """Return the organisation that the question limits its papers to, if there is such a one.

    It may be called by its first word, unless that is one of English, or by what it is a part of,
    as "AI at Meta" is.
    """
    said = " ".join(question.lower().split())
    named = (name for name in _names_of(organizations) if name in said)
    for name in sorted(named, key=lambda name: (-len(name), name)):
        called = rf"{' '.join(map(re.escape, name.split()))}(?!\w)"
        pattern = spaced(rf"{_FROM}{called}{_ENDS}|(?<!\w)(?P<name>{called}){_BEHIND}")
        match = re.search(pattern, question, re.IGNORECASE)
        if match and not _is_word_of_topic(match["name"]):
            end = match.end("behind") if match["behind"] else match.end()
            return name, Span(match.start(), end)
    return None


def _is_word_of_topic(typed: str | None) -> bool:
    """Tell "vision papers" from "Apple papers" and "nvidia papers"."""
    return typed is not None and typed.islower() and english_rank(typed) is not None


def _names_of(organizations: Iterable[str]) -> set[str]:
    names: set[str] = set()
    for organization in organizations:
        first = re.match(r"\w+", organization)
        alone = first is not None and english_rank(first.group()) is None
        parts = (
            organization,
            *organization.split(" at ")[1:],
            first.group() if alone and first else "",
        )
        names.update(name for name in parts if len(name) >= MIN_ORGANIZATION)
    return names


def _without(text: str, spans: Sequence[Span]) -> str:
    """Return `text` without the parts at `spans`, and without the joints they leave."""
    kept, end = [], 0
    for span in sorted(spans, key=lambda span: span.start):
        kept.append(text[end : max(end, span.start)])
        end = max(end, span.end)
    rest = " ".join((" ".join((*kept, text[end:]))).split())
    if spans:
        rest = _DANGLING.sub("", rest)
        rest = re.sub(r"\s+([,.;:?!])", r"\1", rest)
        rest = re.sub(r"(?:[,;:]\s*)+([,;:.?!])", r"\1", rest)
    return rest.strip(" ,;:–-")
