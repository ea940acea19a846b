"""Shows claims in HTML: their text, numbered markers for their sources, and doubts about them.

Invariant: every text appears as that text, and every marker names the exchange and the citation
that it belongs to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answer import Answer, Claim, Verdict
from ui.html.plain_text import escaped, text_html
from ui.verdicts import verdict

# What a claim may begin with and still follow the one before without a space.
CLOSING = ",.;:!?)]}’”%"


@dataclass(frozen=True, slots=True)
class Markers:
    """Makes the markers of one answer, the exchange number `turn`, from titles by number."""

    turn: int
    titles: dict[int, str]

    @classmethod
    def of(cls, answer: Answer, turn: int) -> Markers:
        """Return the markers of `answer`."""
        titles = {citation.number: citation.paper.title for citation in answer.citations}
        return cls(turn, titles)

    def html(self, claim: Claim) -> str:
        """Return a button for each source of the claim."""
        return "".join(self._marker(number) for number in claim.citations)

    def _marker(self, number: int) -> str:
        title = escaped(self.titles.get(number, ""))
        return (
            f'<button type="button" class="cite" data-turn="{self.turn}" data-number="{number}" '
            f'aria-label="Source {number}: {title}">[{number}]</button>'
        )


def claims_html(claims: Sequence[Claim], markers: Markers) -> str:
    """Return the claims as running text."""
    text = ""
    for claim in claims:
        if text and claim.text and not claim.text.startswith(tuple(CLOSING)):
            text += " "
        text += _claim(claim, markers)
    return text


def _claim(claim: Claim, markers: Markers) -> str:
    text = text_html(claim.text) if claim.text else ""
    said = f"{text}{markers.html(claim)}"
    if claim.verdict is Verdict.SUPPORTED:
        return f'<span class="claim">{said}</span>'
    flag = f'<span class="flag">{text_html(verdict(claim))}</span>'
    return f'<span class="claim {claim.verdict.value}">{said} {flag}</span>'
