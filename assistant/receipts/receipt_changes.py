"""What is different between two receipts of the same questions, part by part.

Owns what counts as a change. Times, ids of sentences, and scores that leave the order as it is
differ with every run or machine, and are not compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import zip_longest

from assistant.answer import Block, Claim
from assistant.receipts.named_values import Setting, named_values
from assistant.receipts.receipt import CitedPaper, LastTurn, Receipt

RANKING_COMPARED = 10  # further down close scores trade places, and nobody reads


class Part(StrEnum):
    """What a change is of."""

    PAPERS = "papers"
    MODELS = "models"
    SETTINGS = "settings"
    PLAN = "plan"
    RANKING = "ranking"
    OUTCOME = "outcome"
    TEXT = "text"
    CITATIONS = "citations"
    VERDICTS = "verdicts"


@dataclass(frozen=True, slots=True)
class Change:
    """What was one way and is another; `before` is empty for what is new, `after` for what is gone.

    `what` names a paper, a claim, a setting and so on; empty where the two say it themselves.
    """

    part: Part
    what: str
    before: str
    after: str


def paper_changes(before: Receipt, after: Receipt) -> Iterator[Change]:
    """Yield the papers that came, went, or read otherwise, by id; with digests for states.

    Of libraries too large to be listed, that they differ is one change.
    """
    if before.corpus.fingerprint == after.corpus.fingerprint:
        return
    was, now = before.corpus.digests, after.corpus.digests
    if was is None or now is None:
        states = (f"{each.papers} {each.fingerprint}" for each in (before.corpus, after.corpus))
        yield Change(Part.PAPERS, "", *states)
    else:
        yield from named_changes(Part.PAPERS, was.items(), now.items())


def understanding_changes(before: LastTurn, after: LastTurn) -> Iterator[Change]:
    """Yield what changed in the plan and among the best papers, whose states are their ranks."""
    yield from named_changes(Part.PLAN, named_values(before.plan), named_values(after.plan))
    ranks, ranks_now = _ranks(before), _ranks(after)
    titles = {each.paper_id: each.title for each in (*before.ranking, *after.ranking)}
    best = [*_best(ranks_now), *_best(ranks)]
    for paper_id in dict.fromkeys(best):
        rank, rank_now = (str(found.get(paper_id, "")) for found in (ranks, ranks_now))
        if rank != rank_now:
            yield Change(Part.RANKING, titles[paper_id], rank, rank_now)


def answer_changes(before: LastTurn, after: LastTurn) -> Iterator[Change]:
    """Yield what changed in how the question ended and in what was said."""
    yield from named_changes(Part.OUTCOME, _outcome(before), _outcome(after))
    lines, lines_now = _lines(before.blocks), _lines(after.blocks)
    matched = SequenceMatcher(None, lines, lines_now, autojunk=False)
    for tag, start, end, start_now, end_now in matched.get_opcodes():
        if tag != "equal":
            changed = zip_longest(lines[start:end], lines_now[start_now:end_now], fillvalue="")
            yield from (Change(Part.TEXT, "", *pair) for pair in changed)
    yield from quote_changes(before.citations, after.citations)
    yield from verdict_changes(before.blocks, after.blocks)


def quote_changes(before: Sequence[CitedPaper], after: Sequence[CitedPaper]) -> Iterator[Change]:
    """Yield the quotes that only one of the two has, under the titles of their papers."""
    titles = {each.paper_id: each.title for each in (*before, *after)}
    was, now = _quotes(before), _quotes(after)
    for paper_id, text in was:
        if (paper_id, text) not in now:
            yield Change(Part.CITATIONS, titles[paper_id], text, "")
    for paper_id, text in now:
        if (paper_id, text) not in was:
            yield Change(Part.CITATIONS, titles[paper_id], "", text)


def verdict_changes(before: Sequence[Block], after: Sequence[Block]) -> Iterator[Change]:
    """Yield the verdicts that changed on claims that are in both."""
    was, now = _verdicts(before), _verdicts(after)
    for claim, verdict in was.items():
        if now.get(claim, verdict) != verdict:
            yield Change(Part.VERDICTS, claim[0], verdict, now[claim])


def named_changes(
    part: Part, before: Iterable[tuple[str, Setting]], after: Iterable[tuple[str, Setting]]
) -> Iterator[Change]:
    """Yield the names whose values differ; one without a value is as one that is not there."""
    was, now = _texts(before), _texts(after)
    for name in dict.fromkeys((*was, *now)):
        if was.get(name, "") != now.get(name, ""):
            yield Change(part, name, was.get(name, ""), now.get(name, ""))


def _texts(values: Iterable[tuple[str, Setting]]) -> Mapping[str, str]:
    return {name: "" if value is None else str(value) for name, value in values}


def _ranks(turn: LastTurn) -> dict[str, int]:
    return {each.paper_id: rank for rank, each in enumerate(turn.ranking, start=1)}


def _best(ranks: Mapping[str, int]) -> Iterator[str]:
    return (paper_id for paper_id, rank in ranks.items() if rank <= RANKING_COMPARED)


def _outcome(turn: LastTurn) -> Iterator[tuple[str, Setting]]:
    yield from (("outcome", turn.outcome), ("mode", turn.mode), ("notice", turn.notice))
    yield from named_values(turn.corrections, "corrections")
    yield from named_values(turn.uncovered, "uncovered")


def _lines(blocks: Sequence[Block]) -> list[str]:
    """Return a line for each block, and for each row of a table."""
    lines: list[str] = []
    for block in blocks:
        lines.append(": ".join(filter(None, (block.lead, _words(block.claims)))))
        lines.append(" | ".join(block.columns))
        lines += [" | ".join(map(_words, row)) for row in block.rows]
    return [line for line in lines if line]


def _words(claims: Iterable[Claim]) -> str:
    return " ".join(claim.text for claim in claims)


def _quotes(citations: Sequence[CitedPaper]) -> dict[tuple[str, str], None]:
    return {(cited.paper_id, quote.text): None for cited in citations for quote in cited.quotes}


def _verdicts(blocks: Sequence[Block]) -> dict[tuple[str, int], str]:
    """Return the verdicts by the claim's text and how often that came before."""
    seen: Counter[str] = Counter()
    verdicts: dict[tuple[str, int], str] = {}
    for claim in (claim for block in blocks for claim in block.all_claims()):
        lacks = f", without {', '.join(claim.missing)}" if claim.missing else ""
        verdicts[claim.text, seen[claim.text]] = f"{claim.verdict.value}{lacks}"
        seen[claim.text] += 1
    return verdicts
