from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.answers_questions import JudgedQuestion, QuestionsError, read_questions

BREAD, TEA = "Levain: Bread in a Hurry", "Tea, Twice"


def test_questions_are_read_with_their_titles_as_keys(tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    row = {
        "id": "q1",
        "kind": "followup",
        "turns": ["Bread?", "Which\u2028of those?"],
        "relevant": {BREAD: 2},
        "must_not": [TEA],
        "points": [{"fact": "It rises.", "papers": [BREAD]}],
    }
    file.write_text(f"{json.dumps(row, ensure_ascii=False)}\n\n", "utf-8")
    assert read_questions(file) == (
        JudgedQuestion(
            "q1",
            "followup",
            ("Bread?", "Which\u2028of those?"),
            {"levain bread in a hurry": 2},
            frozenset({"tea twice"}),
            ("It rises.",),
        ),
    )


HINT = 'Each line is {"id", "kind", "turns", "relevant", "must_not", "points"}.'
MISSING = "The turns or the count are missing"
JUDGED = '"relevant": {"A": 2}, "must_not": [], "points": []'
COUNT = f'{{"id": "q", "kind": "count", "turns": ["?"], {JUDGED}}}'


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "There are no questions ({file})"),
        ('{"kind": "fact"}', "Not a judged question: KeyError('id') ({file}, line 1)"),
        (f"\n{COUNT}", f"{MISSING} ({{file}}, line 2)"),
        (COUNT.replace('["?"]', "[]"), f"{MISSING} ({{file}}, line 1)"),
    ],
)
def test_what_is_no_judged_question_is_named_with_its_place(
    tmp_path: Path, text: str, problem: str
) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text(text, "utf-8")
    with pytest.raises(QuestionsError) as caught:
        read_questions(file)
    assert str(caught.value) == f"{problem.format(file=file)}. {HINT}"


@pytest.mark.parametrize("line", ["[]", "nothing", '{"id": 1, "kind": 2, "turns": 3}'])
def test_a_line_of_another_kind_is_named_too(tmp_path: Path, line: str) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text(line, "utf-8")
    with pytest.raises(QuestionsError, match=r"Not a judged question: .* line 1\)"):
        read_questions(file)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(QuestionsError, match="The questions cannot be read"):
        read_questions(tmp_path / "questions.jsonl")
