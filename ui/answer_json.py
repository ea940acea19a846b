"""What `--json` prints: one object a line, in a form that programs can rely on."""

from __future__ import annotations

from dataclasses import asdict

from assistant.answer import Answer, Outcome
from ingest.ingesting import IngestReport
from ui.answer_markdown import answer_markdown
from vectorstore.catalog import CatalogCounts
from vectorstore.records import Hit


def answer_object(answer: Answer) -> dict[str, object]:
    """Return a turn as `ask --json` prints it."""
    return {
        "question": answer.plan.question,
        "answer": answer_markdown(answer),
        "abstained": answer.outcome is Outcome.NOT_FOUND,
        "citations": [
            {
                "number": citation.number,
                "paper_id": citation.paper.id,
                "title": citation.paper.title,
                "quotes": [quote.text for quote in citation.quotes],
            }
            for citation in answer.citations
        ],
        "ranking": [hit.paper.title for hit in answer.ranking],
        "mode": answer.mode,
        "notice": answer.notice,
        "seconds": round(answer.seconds, 4),
    }


def failed_turn_object(question: str, reason: str) -> dict[str, object]:
    """Return a turn that has no answer; a failure is not an abstention."""
    return {
        "question": question,
        "answer": "",
        "abstained": False,
        "citations": [],
        "ranking": [],
        "mode": "",
        "notice": "",
        "seconds": 0.0,
        "error": reason,
    }


def hit_object(hit: Hit) -> dict[str, object]:
    """Return a hit as `search --json` prints it."""
    return {
        "paper_id": hit.paper.id,
        "title": hit.paper.title,
        "relevance": round(hit.relevance, 4),
        "published": hit.paper.published.isoformat() if hit.paper.published else None,
        "organization": hit.paper.organization,
    }


def report_object(report: IngestReport) -> dict[str, object]:
    """Return the report as `ingest --json` prints it."""
    return asdict(report) | {"seconds": round(report.seconds, 3)}


def stats_object(counts: CatalogCounts, embedding_model: str, home: str) -> dict[str, object]:
    """Return the figures as `stats --json` prints them."""
    return {
        "papers": counts.papers,
        "passages": counts.passages,
        "dated": counts.dated,
        "with_author_count": counts.with_author_count,
        "with_organization": counts.with_organization,
        "embedding_model": embedding_model,
        "home": home,
    }
