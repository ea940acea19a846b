"""What is to be known of an answer as a whole, in few words; the same wherever it is shown."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.answer import UNSEARCHED, Answer, Intent, Outcome, Usage, Verdict

BORDERLINE = "Borderline, perhaps of interest"
OUTCOMES = {
    Outcome.NOT_FOUND: "Not found in this collection",
    Outcome.NOT_STATED: "The abstract does not say",
}
COST_DIGITS = 4
SHORT_S = 0.1  # an extractive answer takes less


def is_abstention(answer: Answer) -> bool:
    """Tell whether the question was left without an answer from the papers."""
    return answer.outcome in OUTCOMES or answer.plan.intent is Intent.OUT_OF_SCOPE


def outcome_line(answer: Answer) -> str:
    """Return what to say above an answer that is none; empty where nothing was looked for."""
    if answer.plan.intent in UNSEARCHED:
        return ""
    return OUTCOMES.get(answer.outcome, "")


def answer_facts(answer: Answer) -> Iterator[str]:
    """Yield how a complete answer came about: sources, doubts, mode, time and usage."""
    if answer.plan.intent not in UNSEARCHED or answer.citations:
        yield counted(len(answer.citations), "source")
    verdicts = [claim.verdict for block in answer.blocks for claim in block.all_claims()]
    doubtful = len(verdicts) - verdicts.count(Verdict.SUPPORTED)
    if doubtful:
        yield f"{doubtful} of {counted(len(verdicts), 'claim')} not borne out"
    if answer.dropped_citations:
        dropped = counted(answer.dropped_citations, "reference")
        yield f"{dropped} to unknown sentences left out"
    yield answer.mode
    yield f"{answer.seconds:.{1 if answer.seconds >= SHORT_S else 2}f} s"
    yield from _usage(answer.usage)


def counted(count: int, noun: str) -> str:
    """Return "1 paper", "2 papers"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _usage(usage: Usage) -> Iterator[str]:
    """Yield the tokens of prompt and reply, and the cost, whose currency nobody told."""
    if usage.prompt_tokens or usage.reply_tokens:
        yield f"{usage.prompt_tokens:,} + {usage.reply_tokens:,} tokens"
    if usage.cost is not None:
        yield f"cost {_amount(usage.cost)}"


def _amount(cost: float) -> str:
    least = 10**-COST_DIGITS
    if 0 < cost < least:
        return f"under {least:.{COST_DIGITS}f}"
    return f"{cost:.{COST_DIGITS}f}".rstrip("0").rstrip(".")
