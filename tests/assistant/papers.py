"""Small papers, hits and sources to build answers from."""

from __future__ import annotations

from datetime import date

from assistant.draft import SourcePaper, SourceSentence
from vectorstore.records import Hit, Paper, ScoreParts, SentenceHit, Source, Span

BREAD_ABSTRACT = (
    "Bread rises slowly in cold kitchens. We present Levain, a starter that rises 3.5 times faster."
    " Code is available at https://example.org/levain."
)
SOUP_ABSTRACT = "Soup needs salt. We show that 12 grams are enough for 40 bowls."

BREAD = Paper(
    id="bread",
    title="Levain: Bread in a Hurry",
    abstract=BREAD_ABSTRACT,
    published=date(2024, 5, 6),
    organization="Bakery Lab",
    sources=(Source("page.txt", 7),),
)
SOUP = Paper(id="soup", title="Salt for Soup", abstract=SOUP_ABSTRACT)


def sentence_spans(abstract: str) -> tuple[Span, ...]:
    """Return the spans of sentences that end in a full stop and a blank, or at the end."""
    starts = [0]
    while (end := abstract.find(". ", starts[-1])) != -1:
        starts.append(end + 2)
    ends = [start - 1 for start in starts[1:]] + [len(abstract)]
    return tuple(Span(start, end) for start, end in zip(starts, ends, strict=True))


def hit(paper: Paper, relevance: float, *similarities: float) -> Hit:
    """Return a hit whose sentences have these similarities, and 0 where there are more of them."""
    spans = sentence_spans(paper.abstract)
    padded = [*similarities, *[0.0] * (len(spans) - len(similarities))]
    sentences = tuple(SentenceHit(*pair) for pair in zip(spans, padded, strict=True))
    return Hit(paper, relevance, relevance, ScoreParts(relevance), sentences)


def source(paper: Paper, *similarities: float, relevance: float = 0.9) -> SourcePaper:
    """Return a source whose sentences have the ids "bread-0", "bread-1" and so on."""
    sentences = hit(paper, relevance, *similarities).sentences
    return SourcePaper(
        paper,
        relevance,
        tuple(
            SourceSentence(
                f"{paper.id}-{number}",
                sentence.span,
                paper.abstract[sentence.span.start : sentence.span.end],
                sentence.similarity,
            )
            for number, sentence in enumerate(sentences)
        ),
    )
