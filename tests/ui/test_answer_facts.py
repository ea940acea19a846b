"""What is said of an answer as a whole, and of its doubtful claims."""

from __future__ import annotations

from dataclasses import replace

import pytest
from scripted_assistant import COMPARED, TWO_PAPERS, TWO_SOURCES, answer

from assistant.answer import Answer, Claim, Intent, Outcome, Usage, Verdict
from ui.answer_facts import answer_facts, is_abstention, outcome_line
from ui.verdicts import verdict

PLAIN = answer("?", TWO_PAPERS[:1])


def of_intent(intent: Intent, outcome: Outcome = Outcome.ANSWERED) -> Answer:
    return replace(PLAIN, plan=replace(PLAIN.plan, intent=intent), outcome=outcome)


@pytest.mark.parametrize(
    ("whole", "facts"),
    [
        (PLAIN, ["0 sources", "extractive", "0.4 s"]),
        (replace(PLAIN, seconds=0.021), ["0 sources", "extractive", "0.02 s"]),
        (
            answer("?", (COMPARED,), citations=TWO_SOURCES, mode="m", dropped_citations=1),
            [
                "2 sources",
                "2 of 9 claims not borne out",
                "1 reference to unknown sentences left out",
                "m",
                "0.4 s",
            ],
        ),
        (
            replace(PLAIN, usage=Usage(1204, 310, 0.002)),
            ["0 sources", "extractive", "0.4 s", "1,204 + 310 tokens", "cost 0.002"],
        ),
        (replace(PLAIN, usage=Usage(7)), ["0 sources", "extractive", "0.4 s", "7 + 0 tokens"]),
        (of_intent(Intent.SMALL_TALK), ["extractive", "0.4 s"]),
        (of_intent(Intent.OUT_OF_SCOPE), ["extractive", "0.4 s"]),
    ],
)
def test_facts(whole: Answer, facts: list[str]) -> None:
    assert list(answer_facts(whole)) == facts


@pytest.mark.parametrize(
    ("cost", "words"),
    [
        (0.0, "cost 0"),
        (0.00001, "cost under 0.0001"),
        (0.00126, "cost 0.0013"),
        (20.0, "cost 20"),
    ],
)
def test_cost(cost: float, words: str) -> None:
    assert list(answer_facts(replace(PLAIN, usage=Usage(cost=cost))))[-1] == words


@pytest.mark.parametrize(
    ("whole", "line", "abstained"),
    [
        (PLAIN, "", False),
        (of_intent(Intent.LIST, Outcome.NOT_FOUND), "Not found in this collection", True),
        (of_intent(Intent.FACT, Outcome.NOT_STATED), "The abstract does not say", True),
        (of_intent(Intent.SMALL_TALK), "", False),
        (of_intent(Intent.OUT_OF_SCOPE), "", True),
        (of_intent(Intent.OUT_OF_SCOPE, Outcome.NOT_FOUND), "", True),
    ],
)
def test_outcomes(whole: Answer, line: str, abstained: bool) -> None:
    assert (outcome_line(whole), is_abstention(whole)) == (line, abstained)


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        (Claim("a", (1,)), ""),
        (
            Claim("a", (1,), Verdict.WEAK, ("82%", "T4")),
            "not all of it is in the cited sentence: 82%, T4",
        ),
        (Claim("a", (1,), Verdict.WEAK), "not all of it is in the cited sentence"),
        (Claim("a", (1,), Verdict.UNSUPPORTED), "not borne out by the cited sentence"),
        (Claim("a", (), Verdict.UNSUPPORTED), "no source says this"),
    ],
)
def test_doubts(claim: Claim, words: str) -> None:
    assert verdict(claim) == words
