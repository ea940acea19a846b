"""The JSON contract, value by value."""

from __future__ import annotations

from answers import ANSWER

from ingest.entries import Skipped
from ingest.ingesting import IngestReport
from ui.answer_json import (
    answer_object,
    failed_turn_object,
    hit_object,
    report_object,
    stats_object,
)
from ui.answer_markdown import answer_markdown
from vectorstore.catalog import CatalogCounts


def test_a_turn() -> None:
    assert answer_object(ANSWER) == {
        "question": "How much salt?",
        "answer": answer_markdown(ANSWER),
        "abstained": False,
        "citations": [
            {
                "number": 1,
                "paper_id": "p1",
                "title": "Salt [for] *Soup*",
                "quotes": ["12 grams are enough."],
            }
        ],
        "ranking": ["Salt [for] *Soup*"],
        "mode": "extractive",
        "notice": "The model failed.",
        "seconds": 0.1235,
    }


def test_a_failed_turn_has_the_fields_of_a_turn_and_is_no_abstention() -> None:
    failed = failed_turn_object("q", "it broke")
    assert set(answer_object(ANSWER)) | {"error"} == set(failed)
    assert (failed["abstained"], failed["error"]) == (False, "it broke")


def test_a_hit() -> None:
    assert hit_object(ANSWER.ranking[0]) == {
        "paper_id": "p1",
        "title": "Salt [for] *Soup*",
        "relevance": 0.9123,
        "published": "2024-05-06",
        "organization": "Kitchen",
    }


def test_a_report() -> None:
    report = IngestReport(1, 2, 1, 0, 0, 1, (Skipped("a.txt", 7, "cut off"),), 0.12345)
    assert report_object(report) == {
        "files": 1,
        "entries": 2,
        "new": 1,
        "updated": 0,
        "unchanged": 0,
        "duplicates": 1,
        "skipped": ({"file": "a.txt", "line": 7, "reason": "cut off"},),
        "seconds": 0.123,
    }


def test_stats() -> None:
    assert stats_object(CatalogCounts(5, 1, 9, 4, 3, 2), "model", "/home") == {
        "papers": 5,
        "passages": 9,
        "dated": 4,
        "with_author_count": 3,
        "with_organization": 2,
        "embedding_model": "model",
        "home": "/home",
    }
