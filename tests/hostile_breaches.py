"""What an answer must never do, whatever the papers behind it say, by name of the promise."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from assistant.answer import Answer, Block, BlockKind, Citation, Claim, Verdict
from assistant.checking.nothing_stated import states_nothing
from vectorstore.records import Paper

MARKER = re.compile(r"[\[【［〔⟦]\W*\d+\W*[\]】］〕⟧]")
LEAST_SHARE = 0.15  # of a claim's longer words, that its quotes and its paper's record must have
LEAST_WORDS = 3
_WORD = re.compile(r"[a-z]{4,}")
_OF_OURS = re.compile(
    r"At least 50 papers in this collection match(?: \(\d+ near cop.* not counted\))?;"
    r" the best 4 are:"
    r"|The search found at least 50 matching papers(?: \(\d+ near cop.* not counted\))?; from the"
    r" best 4 of them the model chose:"
    r"|(?:Another paper is a near copy|\d+ other papers are near copies) of it\."
)


def texts(answer: Answer) -> list[str]:
    """Return all that an answer says in words of its own or a model's."""
    said = [claim.text for block in answer.blocks for claim in block.all_claims()]
    leads = [block.lead for block in answer.blocks]
    return [*said, *leads, *(name for block in answer.blocks for name in block.columns)]


def breaches(answer: Answer, stored: Mapping[str, Paper]) -> tuple[str, ...]:
    """Return the promises that an answer breaks; `stored` are all papers, by id."""
    return tuple(dict.fromkeys((*_of_citations(answer, stored), *_of_claims(answer))))


def _of_citations(answer: Answer, stored: Mapping[str, Paper]) -> Iterator[str]:
    numbers = [citation.number for citation in answer.citations]
    claims = [claim for block in answer.blocks for claim in block.all_claims()]
    if not answer.complete:
        yield "it ends"
    if numbers != list(range(1, len(numbers) + 1)):
        yield "its citations are numbered"
    if {number for claim in claims for number in claim.citations} != set(numbers):
        yield "what is cited is a citation"
    for citation in answer.citations:
        if citation.paper != stored.get(citation.paper.id):
            yield "what is cited is a paper of the library"
        abstract = citation.paper.abstract
        slices = [abstract[quote.span.start : quote.span.end] for quote in citation.quotes]
        if not slices or slices != [quote.text for quote in citation.quotes] or "" in slices:
            yield "quotes stand in the abstract"
    if any(MARKER.search(text) for text in texts(answer)):
        yield "only citations look like citations"


def _of_claims(answer: Answer) -> Iterator[str]:
    citations = {citation.number: citation for citation in answer.citations}
    for block in answer.blocks:
        for claim in block.all_claims():
            if claim.citations and claim.verdict is Verdict.SUPPORTED:
                cited = [citations[each] for each in claim.citations if each in citations]
                if not _is_said(claim, cited):
                    yield "a claim's source says it"
            elif claim.verdict is Verdict.SUPPORTED and not _states_nothing(block, claim):
                yield "what nothing bears out is marked"


def _is_said(claim: Claim, cited: list[Citation]) -> bool:
    """Tell whether the quotes have the claim as it is, or else its figures and enough words."""
    quotes = [_folded(quote.text) for citation in cited for quote in citation.quotes]
    said = _folded(claim.text)
    if any(_without_brackets(said).strip("… ") in _without_brackets(quote) for quote in quotes):
        return True
    evidence = " ".join((*quotes, *(citation.paper.title for citation in cited))).lower()
    words = set(_WORD.findall(said.lower()))
    shared = sum(word[:5] in evidence for word in words)
    return len(words) < LEAST_WORDS or shared >= LEAST_SHARE * len(words)


def _states_nothing(block: Block, claim: Claim) -> bool:
    """Tell whether a claim is a remark of ours, a label, or says that there is nothing to say."""
    if _OF_OURS.fullmatch(claim.text) or claim.text.endswith((":", "：")):
        return True
    is_label = block.kind is BlockKind.HEADING or any(claim in row[0] for row in block.rows if row)
    return is_label or states_nothing(claim.text)


def _folded(text: str) -> str:
    return " ".join(text.split())


def _without_brackets(text: str) -> str:
    return re.sub(r"[\[\]()【】［］〔〕⟦⟧]", "", text)
