from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from assistant.answer import (
    Answer,
    Block,
    BlockKind,
    Citation,
    Claim,
    Intent,
    Outcome,
    Plan,
    Quote,
    Turn,
)
from benchmarks.answers_plain import PlainAssistant
from benchmarks.answers_questions import JudgedQuestion
from benchmarks.answers_results import (
    Contestant,
    Conversation,
    Result,
    as_json,
    ask_all,
    comparison,
    has_words,
    items,
    results_file,
    table,
)
from ui.answer_json import answer_object
from vectorstore.library import Library
from vectorstore.search import search


def judged(name: str, kind: str, *turns: str, **grades: int) -> JudgedQuestion:
    return JudgedQuestion(name, kind, turns, grades, frozenset(), ("warm bread",))


def answer_to(question: str, text: str) -> Answer:
    blocks = (Block(BlockKind.PARAGRAPH, (Claim(text),)),) if text else ()
    return Answer(Plan(question, Intent.FACT), Outcome.ANSWERED, blocks, (), (), "scripted")


class Scripted:
    """Repeats the question, and tells what it was asked after which questions."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, ...]] = []

    def stream(self, question: str, history: Sequence[Turn]) -> Iterator[Answer]:
        self.heard.append((*(turn.question for turn in history), question))
        for text in ("", question, f"{question}!"):
            yield answer_to(question, text)


BREAD = judged("q1", "fact", "Warm bread?", bread=2)
TEA = judged("q2", "none", "Is it tea?", "Or coffee?")
UNSURE = {"unsupported claims": 0.0, "markers resolve": 1.0, "within length": 1.0}
NOT_FOUND = {
    "ndcg@10": 0.0,
    "recall@20": 0.0,
    "cited precision": 0.0,
    "cited recall": 0.0,
    "cited f1": 0.0,
}


def test_every_conversation_is_held_once_after_one_question_more() -> None:
    scripted = Scripted()
    result = ask_all(Contestant("scripted", scripted.stream), [BREAD, TEA], "")
    assert scripted.heard == [
        ("Warm bread?",),
        ("Warm bread?",),
        ("Is it tea?",),
        ("Is it tea?", "Or coffee?"),
    ]
    assert result.name == "scripted"
    untimed = tuple(replace(each, first_ms=0.0, end_ms=0.0) for each in result.conversations)
    bread, tea, coffee = (
        answer_object(answer_to(question, f"{question}!"))
        for question in ("Warm bread?", "Is it tea?", "Or coffee?")
    )
    found = {"ANSWER SCORE": 1.0, "answered": 1.0, "points covered": 1.0} | NOT_FOUND | UNSURE
    assert untimed == (
        Conversation(BREAD, (bread,), found, 0.0, 0.0),
        Conversation(TEA, (tea, coffee), {"ANSWER SCORE": 0.0, "abstained": 0.0} | UNSURE, 0, 0),
    )
    assert all(0 < each.first_ms < each.end_ms for each in result.conversations)


TURN = {"notice": ""}
RESULT = Result(
    "ours",
    (
        Conversation(BREAD, (TURN,), {"ANSWER SCORE": 1.0, "answered": 1.0}, 2.0, 4.0),
        Conversation(BREAD, ({"notice": "It failed."},), {"ANSWER SCORE": 0.0}, 4.0, 8.0),
        Conversation(TEA, (TURN, TURN), {"ANSWER SCORE": 0.5, "abstained": 1.0}, 6.0, 16.0),
    ),
)


def rows(printed: str) -> list[list[str]]:
    lines = [line for line in printed.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells if any(row[1:])]  # without figures that nothing has


def test_a_table_has_the_means_by_kind() -> None:
    printed = table(RESULT)
    assert printed.splitlines()[0] == "### ours: 3 questions, 1 of them not as configured"
    assert rows(printed) == [
        ["", "fact (2)", "none (1)", "all (3)"],
        ["---", "---:", "---:", "---:"],
        ["ANSWER SCORE", "0.500", "0.500", "0.500"],
        ["answered", "1.000", "", "1.000"],
        ["abstained", "", "1.000", "1.000"],
    ]


def test_contestants_stand_side_by_side_with_their_times() -> None:
    slow = Result("slow", (replace(RESULT.conversations[0], first_ms=10.0, end_ms=20.0),))
    assert rows(comparison([RESULT, slow])) == [
        ["", "ours", "slow"],
        ["---", "---:", "---:"],
        ["ANSWER SCORE", "0.500", "1.000"],
        ["answered", "1.000", "1.000"],
        ["abstained", "1.000", ""],
        ["first words, p50 ms", "4.0", "10.0"],
        ["first words, p95 ms", "5.8", "10.0"],
        ["end, p50 ms", "8.0", "20.0"],
        ["end, p95 ms", "15.2", "20.0"],
    ]


def test_items_have_a_line_each() -> None:
    assert items(RESULT).splitlines() == [
        "q1 fact      1.00      4.0 ms  Warm bread?",
        "q1 fact      0.00      8.0 ms  Warm bread?",
        "q2 none      0.50     16.0 ms  Or coffee?",
    ]


def test_answers_are_written_a_conversation_a_line() -> None:
    written = [json.loads(line) for line in results_file(RESULT).splitlines()]
    assert written[1:] == [
        {"id": "q1", "turns": [{"notice": "It failed."}]},
        {"id": "q2", "turns": [TURN, TURN]},
    ]


def test_figures_are_written_with_their_questions() -> None:
    written = as_json(replace(RESULT, conversations=RESULT.conversations[2:]))
    figures = {"ANSWER SCORE": 0.5, "abstained": 1.0}
    question = {"id": "q2", "kind": "none", "figures": figures, "first_ms": 6.0, "end_ms": 16.0}
    assert written == {"contestant": "ours", "questions": [question]}


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        ((), False),
        ((Block(BlockKind.PARAGRAPH),), False),
        ((Block(BlockKind.PARAGRAPH, (Claim(""),)),), False),
        ((Block(BlockKind.ITEM, lead="A title"),), True),
        ((Block(BlockKind.PARAGRAPH, (Claim("A"),)),), True),
        ((Block(BlockKind.TABLE, columns=("",), rows=(((Claim("A"),),),)),), True),
    ],
)
def test_words_are_what_can_be_read(blocks: tuple[Block, ...], expected: bool) -> None:
    assert has_words(replace(answer_to("?", ""), blocks=blocks)) is expected


def test_the_plain_assistant_quotes_the_best_sentence_of_the_five_best(
    shipped_library: Library,
) -> None:
    question = shipped_library.catalog.titles()[0]
    ranking = search(shipped_library, question, 50).hits
    spans = [max(hit.sentences, key=lambda each: each.similarity).span for hit in ranking[:5]]
    citations = tuple(
        Citation(at + 1, hit.paper, (Quote(span, hit.paper.abstract[span.start : span.end]),))
        for at, (hit, span) in enumerate(zip(ranking[:5], spans, strict=True))
    )
    items = tuple(
        Block(BlockKind.ITEM, (Claim(each.quotes[0].text, (each.number,)),), each.paper.title)
        for each in citations
    )
    assert list(PlainAssistant(shipped_library).stream(question, ())) == [
        Answer(
            Plan(question, Intent.LIST, topic=question),
            Outcome.ANSWERED,
            items,
            citations,
            ranking,
            "plain",
            complete=True,
        )
    ]
