"""From a draft to an answer: sentence ids become numbered citations with exact quotes.

The one place where citations are made, for every composer. Owns the checks: a quote must stand in
the stored abstract character for character, an id must be one that was handed out, and a claim's
figures must occur in the sentences it cites.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from assistant.answer import Block, BlockKind, Citation, Claim, Quote, Verdict
from assistant.draft import Cite, Piece, Remark, SourcePaper, SourceSentence, StartBlock, Text
from vectorstore.records import Paper

_LOOKS_CITED = re.compile(r"[\[【［〔⟦][^\w\[\]]*(\d+)[^\w\[\]]*[\]】］〕⟧]")
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")


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
        self._finished: list[Block] = []
        self._open: StartBlock | None = None
        self._claims: list[Claim] = []
        self._text = ""
        self._numbers: dict[str, int] = {}
        self._quoted: dict[str, dict[str, SourceSentence]] = {}
        self.dropped_citations = 0

    def feed(self, piece: Piece) -> None:
        """Take in the next piece of the draft."""
        match piece:
            case StartBlock():
                self.finish()
                self._open = piece
            case Text(text):
                self._text += text
            case Cite(sentence_ids):
                self._end_claim(sentence_ids)
            case Remark(text):
                self._claims.append(Claim(text))

    def finish(self) -> None:
        """End the block that is open: text without a citation in it stands as it is."""
        if self._text.strip():
            self._end_claim(())
        self._text = ""
        if self._claims or (self._open and self._open.lead):
            self._finished.append(self._open_block())
        self._open = None
        self._claims = []

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Return the blocks so far, the open one with the text it has."""
        block = self._open_block()
        if self._text.strip():
            unfinished = Claim(_tidy(self._text))
            block = Block(block.kind, (*block.claims, unfinished), block.lead)
        shown = (block,) if block.claims or block.lead else ()
        return (*self._finished, *shown)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Return the citations so far, by number; each has at least one quote."""
        papers = {paper.id: paper for paper, _ in self._cited_by_id.values()}
        return tuple(
            Citation(number, papers[paper_id], _quotes(self._quoted[paper_id].values()))
            for paper_id, number in self._numbers.items()
        )

    def _open_block(self) -> Block:
        start = self._open or StartBlock(BlockKind.PARAGRAPH)
        return Block(start.kind, tuple(self._claims), start.lead)

    def _end_claim(self, sentence_ids: Sequence[str]) -> None:
        known = [self._cited_by_id[name] for name in sentence_ids if name in self._cited_by_id]
        self.dropped_citations += len(sentence_ids) - len(known)
        numbers = tuple(dict.fromkeys(self._cite(paper, sentence) for paper, sentence in known))
        text = _tidy(self._text)
        self._text = ""
        if text or numbers:
            quoted = " ".join(sentence.text for _, sentence in known)
            self._claims.append(Claim(text, numbers, self._verdict(text, quoted)))

    def _cite(self, paper: Paper, sentence: SourceSentence) -> int:
        self._quoted.setdefault(paper.id, {})[sentence.id] = sentence
        return self._numbers.setdefault(paper.id, len(self._numbers) + 1)

    def _verdict(self, text: str, quoted: str) -> Verdict:
        """Return whether the quoted sentences have the figures of the text.

        Headings, and lines that introduce what follows, need none as long as they give no figures.
        """
        if quoted:
            known = _figures(text) <= _figures(quoted)
            return Verdict.SUPPORTED if known else Verdict.WEAK
        heading = self._open is not None and self._open.kind is BlockKind.HEADING
        stated = not (heading or text.endswith(":")) or bool(_figures(text))
        return Verdict.UNSUPPORTED if stated else Verdict.SUPPORTED


def _stands_in(sentence: SourceSentence, paper: Paper) -> bool:
    return bool(sentence.text.strip()) and (
        paper.abstract[sentence.span.start : sentence.span.end] == sentence.text
    )


def _quotes(sentences: Iterable[SourceSentence]) -> tuple[Quote, ...]:
    in_order = sorted(sentences, key=lambda sentence: sentence.span.start)
    return tuple(Quote(sentence.span, sentence.text) for sentence in in_order)


def _figures(text: str) -> frozenset[str]:
    return frozenset(figure.replace(",", "") for figure in _FIGURE.findall(text))


def _tidy(text: str) -> str:
    """Return the text on one line, with a number in brackets set in round ones.

    It would pass for a citation of this answer. Quotes keep theirs.
    """
    return _LOOKS_CITED.sub(r"(\1)", " ".join(text.split()))
