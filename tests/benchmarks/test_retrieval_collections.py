from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.retrieval_collections import (
    Collection,
    Query,
    question_groups,
    read_beir,
    read_judged,
)
from vectorstore.records import Paper

PAPERS = (Paper("1", "Serving: Fast & Slow", "…"), Paper("2", "Caching", "…"))


def write_rows(file: Path, rows: list[dict[str, Any]]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")


def write_beir(folder: Path, **judgments: str) -> Path:
    write_rows(
        folder / "corpus.jsonl",
        [
            {"_id": "d/1", "title": "Wings", "text": "Lift."},
            {"_id": "d2", "text": "A line\u2028in two."},
        ],
    )
    write_rows(
        folder / "queries.jsonl",
        [{"_id": "q1", "text": "lift of wings"}, {"_id": "q2", "text": "drag"}],
    )
    (folder / "qrels").mkdir()
    for split, lines in judgments.items():
        (folder / "qrels" / f"{split}.tsv").write_text(f"query-id\tcorpus-id\tscore\n{lines}")
    return folder


def test_a_beir_folder_is_read_with_the_questions_that_are_judged(tmp_path: Path) -> None:
    folder = write_beir(tmp_path / "wings", test="q1\td/1\t2\nq1\td2\t1\nq2\td2\t0\n")
    assert read_beir(folder) == Collection(
        "wings",
        (Paper("d%2F1", "Wings", "Lift."), Paper("d2", "", "A line\u2028in two.")),
        (Query("lift of wings", {"d%2F1": 2, "d2": 1}, frozenset({"d%2F1", "d2"})),),
    )


def test_only_the_test_questions_are_asked_where_they_are_set_apart(tmp_path: Path) -> None:
    folder = write_beir(tmp_path, train="q1\td2\t1\n", test="q2\td2\t1\n")
    assert [query.text for query in read_beir(folder).queries] == ["drag"]


def test_all_judgments_count_where_none_are_set_apart(tmp_path: Path) -> None:
    folder = write_beir(tmp_path, dev="q1\td2\t1\n", train="q2\td2\t1\n")
    assert [query.text for query in read_beir(folder).queries] == ["lift of wings", "drag"]


def test_the_last_turn_of_a_judged_question_is_asked(tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    relevant = {"serving – fast slow": 1, "Caching": 2}
    rows = [
        {"kind": "followup", "turns": ["And caching?", "Which of those?"], "relevant": relevant},
        {"kind": "none", "turns": ["Football?"], "relevant": {}},
        {"question": "caches", "relevant": {"caching": 1}},
    ]
    write_rows(file, rows)
    assert list(read_judged(file, PAPERS)) == [
        Query("Which of those?", {"1": 1, "2": 2}, frozenset({"2"}), "followup"),
        Query("caches", {"2": 1}, frozenset({"2"}), "listing"),
    ]


def test_a_title_that_no_paper_has_is_named_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    write_rows(file, [{"question": "?", "relevant": {"Unheard Of": 2}}])
    with pytest.raises(ValueError, match=r"questions\.jsonl:1: no paper is called 'unheard of'"):
        list(read_judged(file, PAPERS))


@pytest.mark.parametrize(
    ("kinds", "groups"),
    [
        ([""], [""]),
        (["which", "fact"], ["which", "fact", "fact+summary+compare+title+which"]),
        (
            ["which", "fact", "count"],
            ["which", "fact", "count", "fact+summary+compare+title+which", "all with judgments"],
        ),
        (["listing"], ["listing"]),
    ],
)
def test_figures_are_of_each_kind_and_of_groups_that_differ(
    kinds: list[str], groups: list[str]
) -> None:
    queries = tuple(Query("?", {"1": 2}, frozenset({"1"}), kind) for kind in kinds)
    assert list(question_groups(Collection("judged", PAPERS, queries))) == groups
