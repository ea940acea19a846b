"""Shows what a replay found, on a terminal or as JSON.

Invariant: as everywhere on the terminal, text of papers and of receipts is shown as text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby

from rich.console import Console
from rich.text import Text

from assistant.receipts.receipt import Receipt
from assistant.receipts.receipt_changes import Change, Part
from assistant.receipts.recheck import LostQuote
from assistant.receipts.replay import Replay
from ui.console.terminal_text import terminal_text

LINES_SHOWN = 12  # of a section

NOT_ASKED = (
    "The model that answered is not configured here: its answer was checked again, not asked for"
    " again."
)


def replay_object(receipt: Receipt, found: Replay) -> dict[str, object]:
    """Return what was found as `replay --json` prints it."""
    return {
        "same": found.same,
        "recorded_at": receipt.made_at.isoformat(),
        "recorded_with": receipt.paperchat,
        "questions": list(receipt.questions),
        "asked_again": found.asked_again,
        "changes": [asdict(change) for change in found.changes],
        "rechecked": [asdict(change) for change in found.rechecked],
        "lost_quotes": [asdict(quote) for quote in found.lost],
    }


def show_replay(console: Console, receipt: Receipt, found: Replay) -> None:
    """Print what changed, part by part, or that nothing did."""
    when = f"{receipt.made_at:%Y-%m-%d %H:%M %Z}".strip()
    made = f"Receipt of {when}, by paperchat {receipt.paperchat}"
    _print(console, terminal_text(made), "dim")
    if not found.asked_again:
        _print(console, NOT_ASKED, "yellow")
    for heading, lines in _sections(found):
        _print(console, f"\n{heading}", "bold")
        for line in lines[:LINES_SHOWN]:
            _print(console, terminal_text(line))
        if len(lines) > LINES_SHOWN:
            _print(console, f"and {len(lines) - LINES_SHOWN:,} more; --json lists them all")
    if found.same:
        _print(console, "Nothing changed.", "green")


def _sections(found: Replay) -> Iterator[tuple[str, list[str]]]:
    """Yield headings and the lines below them."""
    if found.lost:
        yield "Quotes that no longer stand in the stored abstracts", [*map(_lost, found.lost)]
    for part, changes in groupby(found.changes, key=lambda change: change.part):
        yield f"Changed: {part}", [*map(_change, changes)]
    for part, changes in groupby(found.rechecked, key=lambda change: change.part):
        yield f"The recorded answer, checked again: {part}", [*map(_change, changes)]


def _change(change: Change) -> str:
    if change.part is Part.PAPERS and change.what:
        return f"{change.what} {_state(change)}"  # its states are digests, which nobody reads
    what = f"{change.what}: " if change.what else ""
    if not change.before:
        return f"+ {what}{change.after}"
    if not change.after:
        return f"- {what}{change.before}"
    return f"{what}{change.before} → {change.after}"


def _state(change: Change) -> str:
    if change.before and change.after:
        return "reads otherwise"
    return "is gone" if change.before else "is new"


def _lost(quote: LostQuote) -> str:
    gone = "" if quote.is_here else " (the paper is gone)"
    return f"“{quote.text}”, {quote.title}{gone}"


def _print(console: Console, line: str, style: str = "") -> None:
    console.print(Text(line, style=style), soft_wrap=True)
