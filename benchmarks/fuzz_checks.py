"""What must hold of whatever comes out: plans, answers, texts.

A check raises UnfitError, which ends the run that found it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.answer import Answer, Block, Citation, Plan
    from vectorstore.records import Span

UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
# What would pass for a citation of the answer.
MARKER = re.compile(r"[\[【［〔⟦][^\w\[\]【】［］〔〕⟦⟧]*\d+[^\w\[\]【】［］〔〕⟦⟧]*[\]】］〕⟧]")


class UnfitError(Exception):
    """What came out breaks a promise."""


def insist(holds: object, promise: str, *shown: object) -> None:
    """Raise UnfitError unless the promise is kept."""
    if not holds:
        raise UnfitError(f"{promise}: {', '.join(map(ascii, shown))}")


def check_storable(*texts: str) -> None:
    """Insist that texts can be stored and shown."""
    for text in texts:
        insist(not UNSTORABLE.search(text), "a text that cannot be stored", text)


def check_one_line(*texts: str) -> None:
    """Insist that nothing in the texts begins another line."""
    for text in texts:
        insist(len(text.splitlines()) <= 1, "more than a line", text)


def check_spans(spans: Iterable[Span], text: str) -> None:
    """Insist that spans lie in the text, in order and apart."""
    end = 0
    for span in spans:
        insist(end <= span.start <= span.end <= len(text), "a span out of place", span, text)
        end = span.end


def letters(text: str) -> str:
    """Return the letters and digits of a text."""
    return "".join(sign for sign in text if sign.isalnum())


def check_plan(plan: Plan, question: str, known: Collection[str]) -> None:
    """Insist that a plan makes sense; `known` are the ids of all papers."""
    from assistant.answer import UNSEARCHED
    from assistant.planning.plan_words import plan_chips, plan_sentence, plan_without, topic_chip
    from vectorstore.filters import Filters

    filters = plan.filters
    insist(plan.question == question, "another question", plan.question)
    check_one_line(plan.topic, plan.standalone, plan.context, *plan.sides)
    check_one_line(filters.organization, filters.author, filters.category, filters.venue)
    dates = [day for day in (filters.published_from, filters.published_to) if day]
    insist(dates == sorted(dates), "a range upside down", dates)
    authors = [count for count in (filters.min_authors, filters.max_authors) if count is not None]
    insist(authors == sorted(authors) and all(n >= 0 for n in authors), "no number", authors)
    named = [paper_id for each in plan.named for paper_id in each.paper_ids]
    insist(all(each.paper_ids for each in plan.named), "a name of no paper", plan.named)
    insist({*named, *plan.excluded, *plan.scope} <= set(known), "an unknown paper", plan)
    insist(len(plan.sides) != 1, "one side", plan.sides)
    if plan.intent in UNSEARCHED:
        insist(not named and filters == Filters(), "limits on what is not searched", plan)
    chips = [*plan_chips(plan), *filter(None, [topic_chip(plan)])]
    check_one_line(plan_sentence(plan), *(chip.words for chip in chips))
    for chip in chips:
        insist(chip.name in plan_without(plan, chip.name).taken_off, "a chip stays", chip)


def check_answer(answer: Answer) -> None:
    """Insist on the promises of an answer: exact quotes, and numbers that are citations."""
    numbers = [citation.number for citation in answer.citations]
    check_claims(answer.blocks, answer.citations)
    insist(len(set(numbers)) == len(numbers), "a number twice", numbers)
    for hit in (*answer.ranking, *answer.borderline):
        for sentence in hit.sentences:
            check_spans([sentence.span], hit.paper.abstract)


def check_claims(blocks: Iterable[Block], citations: Iterable[Citation]) -> None:
    """Insist that every claim rests on quotes that stand in their abstracts."""
    quoted = set()
    for citation in citations:
        insist(citation.quotes, "a citation without a quote", citation)
        for quote in citation.quotes:
            check_spans([quote.span], citation.paper.abstract)
            stored = citation.paper.abstract[quote.span.start : quote.span.end]
            insist(stored == quote.text != "", "no exact quote", quote, stored)
            quoted.add((citation.number, quote.span))
    numbers = {number for number, _ in quoted}
    for claim in (claim for block in blocks for claim in block.all_claims()):
        insist(numbers >= set(claim.citations), "a citation of nothing", claim)
        insist(quoted >= set(claim.quotes), "a claim on no quote", claim)
