"""From a draft to an answer: sentence ids become numbered citations with exact quotes.

The one place where citations are made, for every composer. Owns the checks: a quote must stand in
the stored abstract character for character, an id must be one that was handed out, and every claim
gets a verdict. How support is judged is `assistant.checking.support`'s, where a claim without a
citation may come from `assistant.checking.attribution`'s, and how blocks grow
`assistant.checking.open_block`'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from assistant.answer import Block, BlockKind, Citation, Claim, Quote, Verdict
from assistant.checking.attribution import Attribution, split_claims
from assistant.checking.figures import figures_in
from assistant.checking.nothing_stated import states_nothing
from assistant.checking.open_block import OpenBlock
from assistant.checking.support import judge
from assistant.draft import (
    Cite,
    Piece,
    Received,
    Remark,
    Sent,
    SourcePaper,
    SourceSentence,
    Spent,
    StartBlock,
    StartCell,
    StartRow,
    StartTable,
    Text,
)
from vectorstore.records import Paper

# Nothing between may be a bracket, so that a run of open ones is read once.
_BESIDE_NUMBER = r"[^\w\[\]【】［］〔〕⟦⟧]*"
_LOOKS_CITED = re.compile(rf"[\[【［〔⟦]{_BESIDE_NUMBER}(\d+){_BESIDE_NUMBER}[\]】］〕⟧]")
# Characters. All of an open claim is read again with each piece, and no claim is as long.
_LONGEST_CLAIM = 4_000


class Verifier:
    """Takes a draft piece by piece; `blocks` and `citations` are good at any moment between."""

    def __init__(self, sources: Sequence[SourcePaper]) -> None:
        """Accept citations of sentences of `sources` alone."""
        self._cited_by_id: Mapping[str, tuple[Paper, SourceSentence]] = {
            sentence.id: (source.paper, sentence)
            for source in sources
            for sentence in source.sentences
            if _stands_in(sentence, source.paper)
        }
        self._attribution = Attribution(sources)
        self._finished: list[Block] = []
        self._open = OpenBlock()
        self._text = ""
        self._numbers: dict[str, int] = {}
        self._quoted: dict[str, dict[str, SourceSentence]] = {}
        self.dropped_citations = 0

    def feed(self, piece: Piece) -> None:
        """Take in the next piece of the draft."""
        match piece:
            case StartBlock(kind, lead):
                self._start(OpenBlock(kind, lead=_unmarked(lead)))
            case StartTable(columns):
                self._start(OpenBlock(BlockKind.TABLE, columns=tuple(map(_unmarked, columns))))
            case StartRow():
                self._end_claims()
                self._open.start_row()
            case StartCell():
                self._end_claims()
                self._open.start_cell()
            case Text(text):
                self._write(text)
            case Cite(sentence_ids):
                self._end_claim(sentence_ids)
            case Remark(text):
                self._end_claims()
                self._open.add(Claim(_tidy(text)))
            case Spent() | Sent() | Received():
                pass

    def finish(self) -> None:
        """End the block that is open."""
        self._start(OpenBlock())

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Return the blocks so far, the open one with the text it has."""
        text = _tidy(self._text)
        block = self._open.block(Claim(text) if text else None)
        return (*self._finished, block) if block else tuple(self._finished)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Return the citations so far, by number; each has at least one quote."""
        papers = {paper.id: paper for paper, _ in self._cited_by_id.values()}
        return tuple(
            Citation(number, papers[paper_id], _quotes(self._quoted[paper_id].values()))
            for paper_id, number in self._numbers.items()
        )

    def _start(self, block: OpenBlock) -> None:
        self._end_claims()
        self._open.fill_row()
        if finished := self._open.block():
            self._finished.append(finished)
        self._open = block

    def _write(self, text: str) -> None:
        """Add to the claim that is open; one that never ends is ended, at a space if it has one."""
        self._text += text
        while len(self._text) > _LONGEST_CLAIM:
            at = self._text.rfind(" ", 1, _LONGEST_CLAIM)
            at = at if at > 0 else _LONGEST_CLAIM
            self._text, rest = self._text[:at], self._text[at:]
            self._end_claims()
            self._text = rest

    def _end_claim(self, sentence_ids: Sequence[str]) -> None:
        """End the claim that cites these sentences; with none of them known, it cites nothing."""
        known = [name for name in sentence_ids if name in self._cited_by_id]
        self.dropped_citations += len(sentence_ids) - len(known)
        if not known:
            self._end_claims()
            return
        text, self._text = _tidy(self._text), ""
        self._open.add(self._cited(text, known))

    def _end_claims(self) -> None:
        """End the claims of the text that came without a citation, one for each sentence."""
        text, self._text = _tidy(self._text), ""
        for sentence in [text] if text and self._open.is_label else split_claims(text):
            self._open.add(self._uncited(sentence))

    def _cited(self, text: str, ids: Sequence[str]) -> Claim:
        known = [self._cited_by_id[name] for name in ids]
        quotes = tuple(
            dict.fromkeys((self._cite(paper, sentence), sentence.span) for paper, sentence in known)
        )
        numbers = tuple(dict.fromkeys(number for number, _ in quotes))
        if not text or states_nothing(text):
            return Claim(text, numbers, quotes=quotes)
        papers = {paper.id: paper for paper, _ in known}
        found = judge(text, [sentence.text for _, sentence in known], tuple(papers.values()))
        return Claim(text, numbers, found.verdict, found.missing, quotes)

    def _uncited(self, text: str) -> Claim:
        if self._open.is_label or _introduces(text):
            # These need no source as long as they give no figures.
            stated = any(figure.certain for figure in figures_in(text))
            return Claim(text, verdict=Verdict.UNSUPPORTED if stated else Verdict.SUPPORTED)
        if states_nothing(text):
            return Claim(text)
        found = self._attribution.find(text)
        if found is None or found.id not in self._cited_by_id:
            return Claim(text, verdict=Verdict.UNSUPPORTED)
        return self._cited(text, [found.id])

    def _cite(self, paper: Paper, sentence: SourceSentence) -> int:
        self._quoted.setdefault(paper.id, {})[sentence.id] = sentence
        return self._numbers.setdefault(paper.id, len(self._numbers) + 1)


def _introduces(text: str) -> bool:
    return text.endswith((":", "："))


def _stands_in(sentence: SourceSentence, paper: Paper) -> bool:
    return bool(sentence.text.strip()) and (
        paper.abstract[sentence.span.start : sentence.span.end] == sentence.text
    )


def _quotes(sentences: Iterable[SourceSentence]) -> tuple[Quote, ...]:
    in_order = sorted(sentences, key=lambda sentence: sentence.span.start)
    return tuple(Quote(sentence.span, sentence.text) for sentence in in_order)


def _tidy(text: str) -> str:
    """Return the text on one line, with a number in brackets set in round ones."""
    return _unmarked(" ".join(text.split()))


def _unmarked(text: str) -> str:
    """Return the text with a number in brackets set in round ones.

    It would pass for a citation of this answer. Quotes keep theirs.
    """
    return _LOOKS_CITED.sub(r"(\1)", text)
