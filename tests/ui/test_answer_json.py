"""The JSON contract, value by value."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

from answers import ANSWER, EXPLANATION, HIT, PAPER, SEARCH, TABLE

from assistant.answer import Intent, Named, Outcome, Plan, Usage
from ingest.entries import Noted, Skipped
from ingest.report import IngestReport
from ui.answer_json import (
    answer_object,
    explanation_object,
    failed_turn_object,
    hit_object,
    report_object,
    search_notes_object,
    stats_object,
)
from ui.export.answer_markdown import answer_markdown
from vectorstore.catalog import CatalogCounts
from vectorstore.filters import FilterReport, Filters, Order
from vectorstore.records import DatePrecision
from vectorstore.search import SearchResult


def test_a_turn() -> None:
    assert answer_object(ANSWER) == {
        "question": "How much salt?",
        "intent": "fact",
        "plan": {
            "topic": "How much salt?",
            "standalone": "",
            "filters": {
                "published_from": None,
                "published_to": None,
                "organization": "",
                "min_authors": None,
                "max_authors": None,
                "source": "",
                "author": "",
                "category": "",
                "venue": "",
                "scope": [],
                "order": "relevance",
            },
            "filter_words": {},
            "taken_off": [],
            "named": [],
            "planner": "rules",
        },
        "corrections": [],
        "answer": answer_markdown(ANSWER),
        "outcome": "answered",
        "abstained": False,
        "uncovered": [],
        "claims": [
            {"text": "Salt", "citations": [], "verdict": "supported", "missing": []},
            {"text": "The abstracts say:", "citations": [], "verdict": "supported", "missing": []},
            {
                "text": "12 grams are enough.",
                "citations": [1],
                "verdict": "supported",
                "missing": [],
            },
            {"text": "See [2] and \x1b[31m<b>", "citations": [], "verdict": "weak", "missing": []},
            {"text": "Done", "citations": [1], "verdict": "supported", "missing": []},
        ],
        "unsupported_share": 0.3333,
        "citations": [
            {
                "number": 1,
                "paper_id": "p1",
                "title": "Salt [for] *Soup*",
                "quotes": ["12 grams are enough."],
            }
        ],
        "ranking": ["Salt [for] *Soup*"],
        "borderline": [],
        "mode": "extractive",
        "notice": "The model failed.",
        "usage": {"prompt_tokens": 0, "reply_tokens": 0, "cost": None},
        "seconds": 0.1235,
    }


def test_a_turn_whose_question_was_narrowed_and_misspelt() -> None:
    filters = Filters(
        published_from=date(2025, 1, 1),
        published_to=date(2025, 12, 31),
        scope=("a", "b"),
        order=Order.NEWEST,
    )
    plan = Plan(
        "And the newest?",
        Intent.COMPARE,
        "slat",
        "The newest on slat?",
        filters=filters,
        named=(Named("Soup", ("p1", "p2")),),
        taken_off=("authors",),
        planner="some/model",
    )
    turn = answer_object(
        replace(
            ANSWER,
            plan=plan,
            outcome=Outcome.NOT_STATED,
            blocks=(TABLE,),
            corrections=SEARCH.corrections,
            uncovered=("gene therapy",),
            usage=Usage(1204, 310, 0.002),
        )
    )
    assert turn["plan"] == {
        "topic": "slat",
        "standalone": "The newest on slat?",
        "filters": {
            "published_from": "2025-01-01",
            "published_to": "2025-12-31",
            "organization": "",
            "min_authors": None,
            "max_authors": None,
            "source": "",
            "author": "",
            "category": "",
            "venue": "",
            "scope": ["a", "b"],
            "order": "newest",
        },
        "filter_words": {
            "dates": "2025 only",
            "order": "newest first",
            "scope": "among 2 papers of the earlier search",
        },
        "taken_off": ["authors"],
        "named": [{"name": "Soup", "paper_ids": ["p1", "p2"]}],
        "planner": "some/model",
    }
    assert (turn["intent"], turn["outcome"], turn["abstained"]) == ("compare", "not stated", True)
    assert turn["corrections"] == [{"typed": "slat", "used": "salt"}]
    assert turn["uncovered"] == ["gene therapy"]
    assert turn["usage"] == {"prompt_tokens": 1204, "reply_tokens": 310, "cost": 0.002}
    claims = turn["claims"]
    assert isinstance(claims, list)
    assert [claim["text"] for claim in claims] == [
        "Soup",
        "12 grams\nof salt",
        "or a|b.",
        "Fine: 82%.",
        "Bread",
        "Dull.",
    ]
    assert claims[3]["missing"] == ["82%"]
    assert turn["unsupported_share"] == 0.5
    json.dumps(turn)


def test_a_turn_with_papers_below_the_line() -> None:
    assert answer_object(replace(ANSWER, borderline=(HIT,)))["borderline"] == [
        {"paper_id": "p1", "title": "Salt [for] *Soup*", "relevance": 0.9123}
    ]


def test_a_failed_turn_has_the_fields_of_a_turn_and_is_no_abstention() -> None:
    failed = failed_turn_object("q", "it broke")
    assert set(answer_object(ANSWER)) | {"error"} == set(failed)
    assert (failed["abstained"], failed["error"]) == (False, "it broke")


def test_a_hit() -> None:
    assert hit_object(HIT) == {
        "paper_id": "p1",
        "title": "Salt [for] *Soup*",
        "relevance": 0.9123,
        "published": "2024-05-06",
        "authors": [],
        "organization": "Kitchen",
        "venue": None,
        "categories": [],
        "arxiv_id": None,
        "doi": None,
        "language": None,
        "suspicious": [],
        "parts": {"pooled": 0.5, "late": 0.75, "lexical": 1.0, "title": 0.0},
        "words": [
            {"word": "salt", "rarity": 1.5, "match": 0.9},
            {"word": "<much>", "rarity": 0.25, "match": 0.1235},
        ],
    }


def test_a_hit_of_which_all_is_known() -> None:
    paper = replace(
        PAPER,
        date_precision=DatePrecision.MONTH,
        authors=("Ada Löwe",),
        venue="Crumb & Crust",
        categories=("food.BR",),
        arxiv_id="2405.00001",
        doi="10.1234/rye",
        language="de",
        suspicious=("hidden",),
    )
    found = hit_object(replace(HIT, paper=paper))
    assert {name: value for name, value in found.items() if value != hit_object(HIT).get(name)} == {
        "date_precision": "month",
        "authors": ["Ada Löwe"],
        "venue": "Crumb & Crust",
        "categories": ["food.BR"],
        "arxiv_id": "2405.00001",
        "doi": "10.1234/rye",
        "language": "de",
        "suspicious": ["hidden"],
    }
    assert list(found)[3:5] == ["published", "date_precision"]


def test_a_search_as_a_whole() -> None:
    assert search_notes_object(SEARCH) == {
        "corrections": [{"typed": "slat", "used": "salt"}],
        "left_out_undated": 3,
        "uncovered": ["gene therapy"],
    }


def test_a_search_with_nothing_to_tell_as_a_whole() -> None:
    assert search_notes_object(SearchResult((HIT,), filtered=FilterReport(1))) == {}


def test_an_explanation() -> None:
    assert explanation_object(EXPLANATION) == {
        "question": "How much slat?",
        "paper_id": "p1",
        "title": "Salt [for] *Soup*",
        "relevance": 0.9123,
        "standing": "below the line",
        "reason": "It is below the line of the list.",
        "rank": 2,
        "ranked": 365,
        "list_relevance": 0.95,
        "borderline_relevance": 0.92,
        "fused": 0.9,
        "parts": {
            "pooled": {
                "weight": 0.5,
                "score": 0.5,
                "contribution": 0.25,
                "best_score": 1.0,
                "best_contribution": 0.5,
            },
            "lexical": {
                "weight": 0.1,
                "score": 1.0,
                "contribution": 0.1,
                "best_score": 0.5,
                "best_contribution": 0.05,
            },
        },
        "best": {"paper_id": "p2", "title": "[bold]Best[/bold]", "relevance": 0.96},
        "words": [
            {"word": "salt", "rarity": 1.5, "match": 0.9, "answered": True},
            {"word": "<much>", "rarity": 0.25, "match": 0.1235, "answered": False},
        ],
        "corrections": [{"typed": "slat", "used": "salt"}],
        "uncovered": ["gene therapy"],
        "sentence": "12 grams are enough.",
    }


def test_a_report() -> None:
    report = IngestReport(
        *(1, 2, 1, 0, 0, 1),
        (Skipped("a.bib", 7, "cut off", "rye2024", ends_file=True),),
        0.12345,
        ("p1",),
        skipped_count=20_000,
        notes=(Noted("a.bib", 1, "read as Latin-1"),),
        note_count=30_000,
        same_abstract=4,
        suspicious=5,
    )
    assert report_object(report) == {
        "files": 1,
        "entries": 2,
        "new": 1,
        "updated": 0,
        "unchanged": 0,
        "duplicates": 1,
        "skipped": [{"file": "a.bib", "line": 7, "reason": "cut off", "key": "rye2024"}],
        "skipped_count": 20_000,
        "notes": [{"file": "a.bib", "line": 1, "reason": "read as Latin-1"}],
        "note_count": 30_000,
        "same_abstract": 4,
        "suspicious": 5,
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
