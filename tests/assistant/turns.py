"""Earlier turns of a conversation, as short to write as their papers are to name."""

from __future__ import annotations

from papers import hit

from assistant.answer import Answer, Citation, Intent, Outcome, Plan, Quote, Turn
from vectorstore.filters import Filters
from vectorstore.records import Paper, Span

TOPIC = "papers on ovens"
LISTING = Plan(TOPIC, Intent.LIST, TOPIC)


def paper(letter: str) -> Paper:
    """Return a paper with this id."""
    return Paper(letter, f"Paper {letter}", f"Ovens are hot, says {letter}.")


def turn(
    cited: str,
    plan: Plan = LISTING,
    *,
    borderline: str = "",
    ranked: str = "",
    outcome: Outcome = Outcome.ANSWERED,
) -> Turn:
    """Return a turn that cites, shows and ranks the papers whose ids are these letters."""
    quotes = (Quote(Span(0, 5), "Ovens"),)
    citations = tuple(Citation(n, paper(each), quotes) for n, each in enumerate(cited, 1))
    ranking = tuple(hit(paper(each), 0.5) for each in ranked or f"{cited}{borderline}")
    shown = tuple(hit(paper(each), 0.2) for each in borderline)
    answer = Answer(
        plan, outcome, (), citations, ranking, "extractive", complete=True, borderline=shown
    )
    return Turn(plan.question, answer)


def looked_at(letter: str, intent: Intent = Intent.FACT) -> Turn:
    """Return a turn that was about one paper alone."""
    question = f"how hot is {letter}?"
    return turn(letter, Plan(question, intent, question, filters=Filters(scope=(letter,))))


def found_nothing(plan: Plan, closest: str = "") -> Turn:
    """Return a turn that found nothing, and showed these papers as the closest."""
    return turn(closest, plan, outcome=Outcome.NOT_FOUND)


def talked() -> Turn:
    """Return a turn that searched for nothing."""
    return turn("", Plan("thanks", Intent.SMALL_TALK))
