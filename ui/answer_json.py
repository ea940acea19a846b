"""What `--json` prints: one object a line, in a form that programs can rely on."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from assistant.answer import Answer, Claim, Plan, Usage
from assistant.planning.plan_words import filter_chips
from assistant.wording import uncovered
from ui.answer_facts import is_abstention
from ui.export.answer_markdown import answer_markdown
from vectorstore.catalog import CatalogCounts
from vectorstore.records import DatePrecision, Hit, Paper, WordMatch

if TYPE_CHECKING:  # these come with all that a search needs
    from assistant.explaining.score_shares import PartShare
    from assistant.explaining.why import Explanation
    from ingest.entries import Noted, Skipped
    from ingest.report import IngestReport
    from vectorstore.search import SearchResult

DIGITS = 4
DATES = ("published_from", "published_to")


def answer_object(answer: Answer) -> dict[str, object]:
    """Return a turn as `ask --json` prints it."""
    return {
        "question": answer.plan.question,
        "intent": answer.plan.intent.value,
        "plan": _plan(answer.plan),
        "corrections": [asdict(correction) for correction in answer.corrections],
        "answer": answer_markdown(answer),
        "outcome": answer.outcome.value,
        "abstained": is_abstention(answer),
        "uncovered": list(answer.uncovered),
        "claims": [_claim(claim) for block in answer.blocks for claim in block.all_claims()],
        "unsupported_share": round(answer.unsupported_share, DIGITS),
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
        "borderline": [_paper_found(hit) for hit in answer.borderline],
        "mode": answer.mode,
        "notice": answer.notice,
        "usage": asdict(answer.usage),
        "seconds": round(answer.seconds, DIGITS),
    }


def failed_turn_object(question: str, reason: str) -> dict[str, object]:
    """Return a turn that has no answer; a failure is not an abstention."""
    return {
        "question": question,
        "intent": "",
        "plan": {},
        "corrections": [],
        "answer": "",
        "outcome": "",
        "abstained": False,
        "uncovered": [],
        "claims": [],
        "unsupported_share": 0.0,
        "citations": [],
        "ranking": [],
        "borderline": [],
        "mode": "",
        "notice": "",
        "usage": asdict(Usage()),
        "seconds": 0.0,
        "error": reason,
    }


def hit_object(hit: Hit) -> dict[str, object]:
    """Return a hit as `search --json` prints it."""
    return _paper_found(hit) | {
        **_record(hit.paper),
        "parts": {name: round(score, DIGITS) for name, score in asdict(hit.parts).items()},
        "words": [_word(word) for word in hit.words],
        **({"near_copies": list(hit.copies)} if hit.copies else {}),
    }


def search_notes_object(result: SearchResult) -> dict[str, object]:
    """Return what `search --json` prints of the whole search; empty if there is nothing to tell."""
    missing = uncovered(result.facets)
    if not (result.corrections or result.filtered.undated or missing):
        return {}
    return {
        "corrections": [asdict(correction) for correction in result.corrections],
        "left_out_undated": result.filtered.undated,
        "uncovered": list(missing),
    }


def explanation_object(explanation: Explanation) -> dict[str, object]:
    """Return an explanation as `why --json` prints it."""
    words = [
        *(_word(word) | {"answered": True} for word in explanation.answered),
        *(_word(word) | {"answered": False} for word in explanation.unanswered),
    ]
    return {
        "question": explanation.question,
        **_paper_found(explanation.hit),
        "standing": explanation.standing.value,
        "reason": explanation.reason,
        "rank": explanation.rank,
        "ranked": explanation.ranked,
        "list_relevance": explanation.list_relevance,
        "borderline_relevance": explanation.borderline_relevance,
        "fused": round(explanation.hit.fused, DIGITS),
        "parts": {share.part.value: _share(share) for share in explanation.parts},
        "best": _paper_found(explanation.best),
        "words": words,
        "corrections": [asdict(correction) for correction in explanation.corrections],
        "uncovered": list(explanation.uncovered),
        "sentence": explanation.sentence,
    }


def _plan(plan: Plan) -> dict[str, object]:
    filters = asdict(plan.filters)
    dates = {name: filters[name] and filters[name].isoformat() for name in DATES}
    return {
        "topic": plan.topic,
        "standalone": plan.standalone,
        "filters": filters | dates | {"scope": list(plan.scope)},
        "filter_words": {chip.name: chip.words for chip in filter_chips(plan.filters)},
        "taken_off": list(plan.taken_off),
        "named": [{"name": named.name, "paper_ids": list(named.paper_ids)} for named in plan.named],
        "planner": plan.planner,
    }


def _claim(claim: Claim) -> dict[str, object]:
    return {
        "text": claim.text,
        "citations": list(claim.citations),
        "verdict": claim.verdict.value,
        "missing": list(claim.missing),
    }


def _paper_found(hit: Hit) -> dict[str, object]:
    return {
        "paper_id": hit.paper.id,
        "title": hit.paper.title,
        "relevance": round(hit.relevance, DIGITS),
    }


def _record(paper: Paper) -> dict[str, object]:
    """Return what is known of a paper beside its texts; a date is of a day unless it says less."""
    precision = paper.date_precision
    return {
        "published": paper.published.isoformat() if paper.published else None,
        **({} if precision is DatePrecision.DAY else {"date_precision": precision.value}),
        "authors": list(paper.authors),
        "organization": paper.organization,
        "venue": paper.venue,
        "categories": list(paper.categories),
        "arxiv_id": paper.arxiv_id,
        "doi": paper.doi,
        "language": paper.language,
        "suspicious": list(paper.suspicious),
    }


def _word(word: WordMatch) -> dict[str, object]:
    return {
        "word": word.word,
        "rarity": round(word.rarity, DIGITS),
        "match": round(word.match, DIGITS),
    }


def _share(share: PartShare) -> dict[str, float]:
    return {
        "weight": share.weight,
        "score": round(share.score, DIGITS),
        "contribution": round(share.contribution, DIGITS),
        "best_score": round(share.other_score, DIGITS),
        "best_contribution": round(share.other_contribution, DIGITS),
    }


def report_object(report: IngestReport) -> dict[str, object]:
    """Return the report as `ingest --json` prints it: counts, what was skipped, what was noted."""
    return {
        "files": report.files,
        "entries": report.entries,
        "new": report.new,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "duplicates": report.duplicates,
        "skipped": [_place(each) | {"key": each.key} for each in report.skipped],
        "skipped_count": report.skipped_count,
        "notes": [_place(each) for each in report.notes],
        "note_count": report.note_count,
        "same_abstract": report.same_abstract,
        "suspicious": report.suspicious,
        "seconds": round(report.seconds, 3),
    }


def _place(place: Skipped | Noted) -> dict[str, object]:
    return {"file": place.file, "line": place.line, "reason": place.reason}


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
