"""Which papers a question names, and whether it is about them.

Owns when a name holds the answer to its paper. A question that merely has one in it, "what happened
to the loaf that was baked with Levain?", is mostly about another paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.answer import Named
from assistant.planning.described_paper import described_papers
from assistant.planning.identified_papers import identified_papers
from assistant.planning.namesakes import Content, meant_of, ruled_out, without_ruling_out
from assistant.planning.phrases import one_of
from vectorstore.library import Library
from vectorstore.named_papers import NamedPaper, named_papers
from vectorstore.question_words import question_words

SURE_NAME = 0.6  # what a question on a title's topic may repeat of it stays below
SURE_LETTERS = 4  # of a name; what is shorter also stands for other things
MOST_NAMES = 6

# In front of a name that the question is about, unlike "with Levain" and "faster than Crumb".
_SPEAKS_OF = one_of(
    r"^\W*(?:and |so |what about |how about )?$",
    r"\b(?:about|are|between|by|called|can|compare|contrast|could|describe|did|do|does|explain|has"
    r"|have|in|is|named|of|paper|summari[sz]e|versus|vs\.?|was|were|will)[ :]+(?:the )?[\"'“‘]?$",
)
# Between two names that are spoken of together: "Levain or Crumb", "Levain faster than Crumb".
_JOINT = one_of(
    r"^,? ?(?:(?:\w+ )?(?:and|or|vs\.?|versus|with|to|than|from|against) )?(?:the )?$|^ ?[/&] ?$"
)
_PAPER_BEHIND = one_of(r"^['’]?s?[\"'”’]? (?:white ?paper|paper|article|study|preprint)\b")
_EXCLUDED = one_of(r"\b(?:not|except(?: for)?|excluding|other than|besides|apart from) (?:the )?$")
_LIKENED = one_of(
    r"\b(?:like|similar to|related to|resembling|comparable to|along the lines of) (?:the )?$"
)
# Joined to a name, these leave it the name that it is: "a Levain-based method", but "S-Levain".
# In front of the last word of an institution's name: "from Nowhere Institute".
_INSTITUTION = re.compile(r"\b(?:from|by|at)\s+(?:the\s+)?(?:[A-Z][\w'’-]*\s+)+$")
_OWN_SUFFIX = one_of(r"^-(?:based|inspired|like|paper|style|type)\b")


@dataclass(frozen=True, slots=True)
class FoundNames:
    """The papers that a question is about, those it rules out, and those it wants others like.

    `rest` are its words without what it rules out, and `words` all of them; titles stand there in
    place of identifiers.
    """

    named: tuple[Named, ...]
    excluded: tuple[str, ...]
    likened: tuple[str, ...]
    rest: str
    words: str


@dataclass(frozen=True, slots=True)
class _Mention:
    """A name, where it stands, and the words on either side of it."""

    named: Named
    start: int
    end: int
    before: str
    after: str


def read_names(question: str, library: Library) -> FoundNames:
    """Return which papers `question` names; several of one name are told apart where it does."""
    identified = identified_papers(question, library)
    question = identified.question
    titled = [paper for paper in named_papers(library, question) if paper.score >= SURE_NAME]
    found = [*identified.papers, *titled]
    by_identifier = {paper.name for paper in identified.papers}
    content = Content(library, question)
    rest = without_ruling_out(question)
    named, excluded, likened = list[Named](), list[str](), list[str]()
    mentions = _mentions(found, question, content)
    groups = _joined(mentions, question)
    about = [
        each
        for group in groups
        if any(_is_about(one, mentions, question, content) for one in group)
        for each in group
    ]
    for each in mentions:
        ids = each.named.paper_ids
        if _EXCLUDED.search(each.before) and not ruled_out(question):
            excluded += ids
            rest = _without(each, rest)
        elif _LIKENED.search(each.before):
            likened += ids
        elif each in about or each.named.name in by_identifier:
            named.append(each.named)
            excluded += _others(found, each.named) if rest != question else ()
    if not (named or excluded or likened):
        named += described_papers(rest, library)
    kept = rest if named or excluded else question
    return FoundNames(tuple(named), tuple(excluded), tuple(likened), kept, question)


def _mentions(found: Iterable[NamedPaper], question: str, content: Content) -> tuple[_Mention, ...]:
    """Return the names in the order of the question."""
    mentions = (_mention(question, papers, content) for papers in _by_name(found))
    found_there = sorted((each for each in mentions if each), key=lambda each: each.start)
    return tuple(found_there[:MOST_NAMES])


def _by_name(found: Iterable[NamedPaper]) -> Iterator[list[NamedPaper]]:
    """Yield the papers of each name; a paper has the name that it is surest by."""
    best: dict[str, NamedPaper] = {}
    for paper in found:
        known = best.get(paper.paper_id)
        if known is None or paper.score > known.score:
            best[paper.paper_id] = paper
    by_name: dict[str, list[NamedPaper]] = {}
    for paper in best.values():
        by_name.setdefault(paper.name.lower(), []).append(paper)
    yield from by_name.values()


def _mention(question: str, papers: Sequence[NamedPaper], content: Content) -> _Mention | None:
    """Return where a name stands and what it means; None inside of another name.

    Who writes a name in two ways, "LEVAIN vs Levain", means several papers.
    """
    name = papers[0].name
    words = r"[\W_]*".join(map(re.escape, name.split()))
    pattern = rf"(?<![^\W_]){words}(?![^\W_])"
    found = [
        match
        for match in re.finditer(pattern, question, re.IGNORECASE)
        if not _is_inside(question[: match.start()], question[match.end() :])
    ]
    if not found:
        return None
    first = found[0]
    ids = tuple(paper.paper_id for paper in papers)
    meant = ids if len(found) > 1 else meant_of(papers, question, content)
    before, after = question[: first.start()], question[first.end() :]
    return _Mention(Named(name, meant), first.start(), first.end(), before, after)


def _is_inside(before: str, after: str) -> bool:
    """Tell whether what stands between is a part of a longer name, such as "S-LoRA"."""
    if _INSTITUTION.search(before):
        return True
    joined_on = re.match(r"[-.]\w", after) and not _OWN_SUFFIX.match(after)
    return bool(re.search(r"\w-$", before) or joined_on)


def _joined(mentions: Sequence[_Mention], question: str) -> list[list[_Mention]]:
    """Return the names in groups of those that are spoken of together."""
    groups: list[list[_Mention]] = []
    for each in mentions:
        if groups and _JOINT.search(question[groups[-1][-1].end : each.start]):
            groups[-1].append(each)
        else:
            groups.append([each])
    return groups


def _is_about(
    mention: _Mention, mentions: Sequence[_Mention], question: str, content: Content
) -> bool:
    """Tell whether the question is about the paper of a name that it has.

    It is where it speaks of the paper, where it has hardly another word, and where no paper's text
    is nearer to it.
    """
    if _SPEAKS_OF.search(mention.before) or _PAPER_BEHIND.search(mention.after):
        return True
    names = {word for each in mentions for word in question_words(each.named.name)}
    others = set(question_words(question)) - names
    letters = len("".join(mention.named.name.split()))
    return len(others) <= 1 or (
        letters >= SURE_LETTERS and content.nearest in mention.named.paper_ids
    )


def _others(found: Iterable[NamedPaper], named: Named) -> Iterator[str]:
    """Yield the papers of a name that the question does not mean."""
    for paper in found:
        if paper.name.lower() == named.name.lower() and paper.paper_id not in named.paper_ids:
            yield paper.paper_id


def _without(mention: _Mention, rest: str) -> str:
    before = re.sub(r"[\s,;(]*(?:but\s+)?$", "", _EXCLUDED.sub("", mention.before))
    return f"{before}{mention.after}".strip() if mention.before in rest else rest
