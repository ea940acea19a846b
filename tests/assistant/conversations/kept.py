"""Small exchanges to keep, and a clock to keep them by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from papers import SOUP

from assistant.answer import Answer, Block, BlockKind, Citation, Claim, Intent, Outcome, Plan, Quote
from assistant.conversations.exchange_record import StoredExchange
from vectorstore.records import Span

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
QUOTE = Quote(Span(0, 16), "Soup needs salt.")


def exchange(question: str, says: str = "Soup needs salt.") -> StoredExchange:
    """Return an exchange whose answer says this of soup, and cites it."""
    block = Block(BlockKind.PARAGRAPH, (Claim(says, (1,)),))
    answer = Answer(
        Plan(question, Intent.LIST, question),
        Outcome.ANSWERED,
        (block,),
        (Citation(1, SOUP, (QUOTE,)),),
        (),
        "extractive",
        complete=True,
    )
    return StoredExchange(question, answer=answer)


def planned(kept: StoredExchange, plan: Plan) -> StoredExchange:
    """Return the exchange with its question understood as `plan`."""
    assert kept.answer is not None
    return replace(kept, answer=replace(kept.answer, plan=plan))


def clock(*minutes: int) -> Callable[[], datetime]:
    """Return a clock that shows these minutes after noon, and then the last one."""
    times = [NOON + timedelta(minutes=each) for each in minutes]
    return lambda: times.pop(0) if len(times) > 1 else times[0]
