"""The verifier on any draft of any abstract, and the matching that its verdicts rest on."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from benchmarks.fuzz_checks import MARKER, check_claims, check_one_line, insist, letters
from benchmarks.fuzz_input import Draw
from benchmarks.fuzz_seeds import CLAIMS, disguised, numbered
from benchmarks.fuzz_target import Check, Target

if TYPE_CHECKING:
    from assistant.answer import Claim
    from assistant.checking.verify import Verifier
    from assistant.draft import Piece, SourcePaper

MOST_PIECES = 24
SENTENCES = 4  # of an abstract
IDS = tuple(f"{paper}-{at}" for paper in "ab" for at in range(SENTENCES + 1))


def targets() -> tuple[Target, ...]:
    """Return the targets."""
    return (
        Target("verifier", _verifier, partial(numbered, CLAIMS)),
        Target("text-matching", _matching, partial(disguised, CLAIMS)),
    )


def _verifier() -> Check:
    from assistant.checking.verify import Verifier
    from assistant.draft import Cite, Remark, Text

    def check(data: bytes) -> None:
        draw = Draw(data)
        sources = [_source(name, draw) for name in "ab"]
        real = {s.id for of in sources for s in of.sentences[:-1] if s.text.strip()}
        verifier, said, unknown = Verifier(sources), list[str](), 0
        for _ in range(draw.number(MOST_PIECES)):
            piece = _piece(draw, sources)
            verifier.feed(piece)
            if isinstance(piece, Text | Remark):
                said.append(piece.text)
            if isinstance(piece, Cite):
                unknown += sum(name not in real for name in piece.sentence_ids)
        check_claims(verifier.blocks, verifier.citations)
        verifier.finish()
        insist(verifier.dropped_citations == unknown, "dropped", verifier.dropped_citations)
        _check_verified(verifier, said)

    return check


def _source(name: str, draw: Draw) -> SourcePaper:
    """Return a paper and sentences of it, of which the last does not stand in it."""
    from assistant.draft import SourcePaper, SourceSentence
    from vectorstore.records import Paper, Span

    texts = [draw.text() for _ in range(1 + draw.number(SENTENCES))]
    abstract, sentences, start = " ".join(texts), list[SourceSentence](), 0
    for at, text in enumerate(texts):
        span = Span(start, start + len(text))
        sentences.append(SourceSentence(f"{name}-{at}", span, text, 0.5))
        start = span.end + 1
    forged = SourceSentence(f"{name}-{SENTENCES}", Span(0, 5), f"{abstract[:5]}?", 0.9)
    return SourcePaper(Paper(name, draw.text(), abstract), 0.9, (*sentences, forged))


def _piece(draw: Draw, sources: list[SourcePaper]) -> Piece:
    from assistant.answer import BlockKind
    from assistant.draft import Cite, Remark, StartBlock, StartCell, StartRow, StartTable, Text

    makers = (
        lambda: Text(draw.text()),
        lambda: Text(draw.pick(draw.pick(sources).sentences).text),
        lambda: Cite(tuple(draw.pick([*IDS, "x"]) for _ in range(draw.number(4)))),
        lambda: Cite((draw.pick(IDS),)),
        lambda: StartBlock(draw.pick(list(BlockKind)), draw.text()),
        lambda: StartTable(tuple(draw.text() for _ in range(draw.number(4)))),
        StartRow,
        StartCell,
        lambda: Remark(draw.text()),
    )
    return draw.pick(makers)()


def _check_verified(verifier: Verifier, said: list[str]) -> None:
    check_claims(verifier.blocks, verifier.citations)
    numbers = [citation.number for citation in verifier.citations]
    insist(numbers == list(range(1, len(numbers) + 1)), "numbers with gaps", numbers)
    claims = [claim for block in verifier.blocks for claim in block.all_claims()]
    kept = letters("".join(claim.text for claim in claims))
    insist(kept == letters("".join(said)), "words are lost", said, claims)
    cited = {number for claim in claims for number in claim.citations}
    insist(cited == set(numbers), "a source that nothing cites", numbers)
    for claim in claims:
        _check_claim(claim)
    for block in verifier.blocks:
        insist(all(len(row) == len(block.columns) for row in block.rows), "a short row", block)


def _check_claim(claim: Claim) -> None:
    from assistant.answer import Verdict

    check_one_line(claim.text)
    insist(not MARKER.search(claim.text), "it passes for a citation", claim)
    insist(bool(claim.missing) == (claim.verdict is Verdict.WEAK), "weak?", claim)
    insist(claim.citations or not claim.quotes, "quotes of nothing", claim)


def _matching() -> Check:
    from assistant.answer import Verdict
    from assistant.checking.attribution import Attribution, split_claims
    from assistant.checking.nothing_stated import states_nothing
    from assistant.checking.support import is_quote, judge, without_title
    from assistant.draft import SourcePaper, SourceSentence
    from vectorstore.records import Paper, Span

    def check(data: bytes) -> None:
        draw = Draw(data)
        claim = " ".join(draw.text().split())
        sentence = " ".join(draw.text().split()) or claim
        paper = Paper("p", draw.text(), sentence)
        _check_parts(claim)
        found = judge(claim, [sentence], [paper])
        insist(bool(found.missing) == (found.verdict is Verdict.WEAK), "weak?", found)
        insist(all(each in claim for each in found.missing), "never said", found, claim)
        quote = is_quote(claim, sentence)
        insist(not quote or claim.strip("… ") in sentence, "no quote", claim, sentence)
        insist(not quote or found.verdict is Verdict.SUPPORTED, "a quote is doubted", claim)
        insist(without_title(claim, paper.title) in claim, "words of its own", claim)
        cut = split_claims(claim)
        insist("".join("".join(cut).split()) == "".join(claim.split()), "lost", claim)
        states_nothing(claim)
        source = SourceSentence("s", Span(0, len(sentence)), sentence, 0.5)
        Attribution([SourcePaper(paper, 0.9, (source,))]).find(claim)

    return check


def _check_parts(claim: str) -> None:
    """Insist that figures and names stand where they say, and that a text has its own."""
    from assistant.checking.figures import figures_in
    from assistant.checking.names import NamesOf, names_in
    from assistant.checking.support import missing_from

    for figure in figures_in(claim):
        insist(claim.startswith(figure.text, figure.start), "elsewhere", figure, claim)
        insist(figure.value.is_finite() and figure.value >= 0, "no figure", figure)
    own = NamesOf(claim)
    for name in names_in(claim):
        insist(claim.startswith(name.text, name.start), "elsewhere", name, claim)
        insist(own.has(name.text), "a text lacks its own name", name, claim)
    insist(not missing_from(claim, claim), "a text lacks what it says", claim)
