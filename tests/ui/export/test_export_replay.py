"""What a replay found, as it is shown."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from rich.console import Console

from assistant.answer import Intent, Outcome, Plan, Usage
from assistant.receipts.receipt import LastTurn, Models, Receipt
from assistant.receipts.receipt_changes import Change, Part
from assistant.receipts.receipt_corpus import Corpus
from assistant.receipts.recheck import LostQuote
from assistant.receipts.replay import Replay
from ui.console.replay_output import LINES_SHOWN, NOT_ASKED, replay_object, show_replay
from vectorstore.catalog import CatalogCounts

RECEIPT = Receipt(
    format="paperchat receipt",
    version=1,
    paperchat="0.1\x1b[31m",
    made_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    questions=("How much salt?",),
    corpus=Corpus(0, "", {}),
    counts=CatalogCounts(0, 0, 0, 0, 0, 0),
    models=Models("words", "", "extractive", "rules"),
    settings={},
    turn=LastTurn(
        *(Plan("q", Intent.FACT), (), (), (), "", (), (), (), Outcome.ANSWERED, "extractive", ""),
        *((), (), 0, Usage(), 0.0),
    ),
)
HEAD = "Receipt of 2026-01-02 03:04 UTC, by paperchat 0.1 [31m\n"
FOUND = Replay(
    asked_again=False,
    changes=(
        Change(Part.PAPERS, "p1", "a", "b"),
        Change(Part.PAPERS, "p2", "", "b"),
        Change(Part.PAPERS, "p3", "a", ""),
        Change(Part.PAPERS, "", "20 a", "21 b"),
        Change(Part.MODELS, "chat", "tiny", "large"),
        Change(Part.TEXT, "", "", "New [bold]line[/bold]"),
        Change(Part.TEXT, "", "Old\x1b[31m line", ""),
    ),
    rechecked=(Change(Part.VERDICTS, "Salt.", "supported", "weak"),),
    lost=(
        LostQuote("p1", "Soup", "12 grams.", is_here=True),
        LostQuote("p3", "Bread", "It rises.", is_here=False),
    ),
)
SHOWN = f"""{HEAD}{NOT_ASKED}

Quotes that no longer stand in the stored abstracts
“12 grams.”, Soup
“It rises.”, Bread (the paper is gone)

Changed: papers
p1 reads otherwise
p2 is new
p3 is gone
20 a → 21 b

Changed: models
chat: tiny → large

Changed: text
+ New [bold]line[/bold]
- Old [31m line

The recorded answer, checked again: verdicts
Salt.: supported → weak
"""
MANY = tuple(Change(Part.RANKING, f"Title {n}", str(n), "") for n in range(LINES_SHOWN + 3))


@pytest.mark.parametrize(
    ("found", "shown"),
    [
        (FOUND, SHOWN),
        (Replay(True, (), (), ()), f"{HEAD}Nothing changed.\n"),
        (
            Replay(True, MANY, (), ()),
            f"{HEAD}\nChanged: ranking\n"
            + "".join(f"- Title {n}: {n}\n" for n in range(LINES_SHOWN))
            + "and 3 more; --json lists them all\n",
        ),
    ],
)
def test_on_a_terminal(found: Replay, shown: str) -> None:
    screen = io.StringIO()
    show_replay(Console(file=screen, width=200), RECEIPT, found)
    assert screen.getvalue() == shown


def test_as_json() -> None:
    assert replay_object(RECEIPT, FOUND) == {
        "same": False,
        "recorded_at": "2026-01-02T03:04:05+00:00",
        "recorded_with": "0.1\x1b[31m",
        "questions": ["How much salt?"],
        "asked_again": False,
        "changes": [
            {
                "part": change.part,
                "what": change.what,
                "before": change.before,
                "after": change.after,
            }
            for change in FOUND.changes
        ],
        "rechecked": [
            {"part": "verdicts", "what": "Salt.", "before": "supported", "after": "weak"}
        ],
        "lost_quotes": [
            {"paper_id": "p1", "title": "Soup", "text": "12 grams.", "is_here": True},
            {"paper_id": "p3", "title": "Bread", "text": "It rises.", "is_here": False},
        ],
    }
