"""Shows claims on a terminal: their text, the numbers of their sources, and doubts about them."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from assistant.answer import Claim
from ui.console.terminal_text import terminal_text
from ui.verdicts import verdict


def claims_text(claims: Sequence[Claim], style: str = "") -> Text:
    """Return the claims as running text; `style` is that of their own words."""
    return Text(" ").join(_claim(claim, style) for claim in claims)


def _claim(claim: Claim, style: str) -> Text:
    parts = [Text(terminal_text(claim.text), style=style)] if claim.text else []
    parts += [Text(f"[{number}]", style="cyan") for number in claim.citations]
    if doubt := verdict(claim):
        parts.append(Text(f"({terminal_text(doubt)})", style="yellow"))
    return Text(" ").join(parts)
