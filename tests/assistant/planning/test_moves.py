"""Questions that do something with an earlier answer, and those that ask for something."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.planning.moves import Move, MoveFound, read_move


@pytest.mark.parametrize(
    ("question", "move", "which"),
    [
        ("go back to the first question", Move.BACK, "first"),
        ("ok, back to my previous topic please", Move.BACK, "previous"),
        ("go back", Move.BACK, ""),
        ("show more", Move.MORE, ""),
        ("any others?", Move.MORE, ""),
        ("what else is there?", Move.MORE, ""),
        ("more papers please", Move.MORE, ""),
        ("more", Move.MORE, "more"),
        ("next", Move.MORE, ""),
        ("who else works on this", Move.MORE, ""),
        ("show the ones you have not shown yet", Move.MORE, ""),
        ("more like that", Move.SIMILAR, ""),
        ("are there any similar papers?", Move.SIMILAR, ""),
        ("Give me please another papers which are similar to this", Move.SIMILAR, ""),
        ("the others?", Move.OTHERS, ""),
        ("what about the rest of them", Move.OTHERS, ""),
        ("which papers?", Move.LISTED, ""),
        ("list them", Move.LISTED, ""),
        ("in one sentence", Move.SHORTER, ""),
        ("shorter please", Move.SHORTER, ""),
        ("can you summarise these", Move.SHORTER, ""),
        ("summarize them in one sentence", Move.SHORTER, ""),
        ("compare them", Move.SIDE_BY_SIDE, ""),
        ("in a table", Move.SIDE_BY_SIDE, ""),
        ("give me a table of these", Move.SIDE_BY_SIDE, ""),
        ("why?", Move.AGAIN, ""),
        ("are you sure?", Move.AGAIN, ""),
        ("tell me more", Move.AGAIN, ""),
        ("in simpler words", Move.AGAIN, ""),
        ("how many are there?", Move.COUNT, ""),
        ("so how many of them", Move.COUNT, ""),
        ("how many was that?", Move.COUNT, ""),
        ("how many is that in all?", Move.COUNT, ""),
        ("how many ones are those altogether", Move.COUNT, ""),
        ("drop the date filter", Move.LIFT, "date"),
        ("no date limit", Move.LIFT, "date"),
        ("without the filters", Move.LIFT, ""),
        ("ok all companies", Move.LIFT, "companies"),
        ("any number of authors", Move.LIFT, "authors"),
        ("regardless of the year", Move.LIFT, "year"),
        ("in the whole collection", Move.EVERYWHERE, ""),
        ("not just those", Move.EVERYWHERE, ""),
        ("hmm not really what I wanted", Move.REJECT, ""),
        ("that's wrong", Move.REJECT, ""),
        ("no not that one", Move.REJECT, ""),
    ],
)
def test_moves(question: str, move: Move, which: str) -> None:
    assert read_move(question) == MoveFound(move, which)


@pytest.mark.parametrize(
    "question",
    [
        "back propagation",
        "more efficient ovens",
        "any other papers on bread?",
        "papers like GPTQ",
        "why is attention slow?",
        "summarise the work on bread",
        "compare rye and wheat",
        "how many papers are there?",
        "how many papers are about bread?",
        "training without labels",
        "no free lunch theorems",
        "wrong answers of language models",
        "which papers use steam?",
        "tables",
        "next token prediction",
        "",
    ],
)
def test_questions_that_ask_for_something(question: str) -> None:
    assert read_move(question) is None


@given(st.text(max_size=300))
def test_any_text_makes_a_move_or_none(question: str) -> None:
    found = read_move(question)
    assert found is None or found.which == found.which.lower()
