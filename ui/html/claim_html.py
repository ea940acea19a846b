"""Shows claims in HTML: their text, numbered markers for their sources, and doubts about them.

Invariant: every text appears as that text, and every marker names the paper it stands for and the
sentences of it that its claim rests on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answer import Answer, Citation, Claim, Verdict
from ui.html.plain_text import escaped, text_html
from ui.verdicts import verdict
from vectorstore.records import Span

# What a claim may begin with and still follow the one before without a space.
CLOSING = ",.;:!?)]}’”%"
# The last of several words; a longer one may break.
_LAST_WORD = re.compile(r"(?<=[!-~] )[!-~]{1,20}\Z")


@dataclass(frozen=True, slots=True)
class Markers:
    """Makes the markers of one answer from its citations by number."""

    citations: dict[int, Citation]

    @classmethod
    def of(cls, answer: Answer) -> Markers:
        """Return the markers of `answer`."""
        return cls({citation.number: citation for citation in answer.citations})

    def html(self, claim: Claim) -> str:
        """Return a button for each source of the claim."""
        return "".join(self._marker(number, claim) for number in claim.citations)

    def _marker(self, number: int, claim: Claim) -> str:
        """Return the button; it carries the sentences that this claim rests on, and their places,
        so that they can be shown before the source is opened.
        """
        citation = self.citations.get(number)
        if citation is None:
            return f'<span class="cite">[{number}]</span>'
        spans = claim_spans(claim, citation)
        quoted = " … ".join(citation.paper.abstract[span.start : span.end] for span in spans)
        places = ",".join(f"{span.start}-{span.end}" for span in spans)
        return (
            f'<button type="button" class="cite" data-number="{number}" '
            f'data-paper="{escaped(citation.paper.id)}" data-spans="{places}" '
            f'data-quote="{escaped(quoted)}" '
            f'aria-label="Source {number}: {escaped(citation.paper.title)}">[{number}]</button>'
        )


def claim_spans(claim: Claim, citation: Citation) -> tuple[Span, ...]:
    """Return where the sentences of a source are that a claim rests on; all that are quoted of it
    where nothing is known of the claim's own.
    """
    own = tuple(span for number, span in claim.quotes if number == citation.number)
    return own or tuple(quote.span for quote in citation.quotes)


def claims_html(claims: Sequence[Claim], markers: Markers) -> str:
    """Return the claims as running text."""
    text = ""
    for claim in claims:
        if text and claim.text and not claim.text.startswith(tuple(CLOSING)):
            text += " "
        text += _claim(claim, markers)
    return text


def _claim(claim: Claim, markers: Markers) -> str:
    said = _marked(claim.text, markers.html(claim))
    if claim.verdict is Verdict.SUPPORTED:
        return f'<span class="claim">{said}</span>'
    flag = f'<span class="flag">{text_html(verdict(claim))}</span>'
    return f'<span class="claim {claim.verdict.value}">{said} {flag}</span>'


def _marked(text: str, marked: str) -> str:
    """Return text and markers, the first of them on one line with the last word."""
    last = _LAST_WORD.search(text) if marked else None
    if last is None:
        return (text_html(text) if text else "") + marked
    # Elsewhere than among Latin letters, cutting a text in two could change its direction.
    tail = f'<span class="tail">{escaped(last[0])}{marked}</span>'
    return f"{text_html(text[: last.start()])}{tail}"
