"""What is known of a paper beside its abstract, in a line."""

from __future__ import annotations

import re

from assistant.paper_dates import DateForm, paper_date
from vectorstore.records import Paper

NAMED_AUTHORS = 6
_AUTHORS_ASKED = re.compile(r"\bwho (?:wrote|made|published)\b|\bauthors?\b", re.IGNORECASE)
_DATE_ASKED = re.compile(r"\bwhen\b|\b(?:which|what) (?:year|date)\b|\bdate\b", re.IGNORECASE)
_ORGANIZATION_ASKED = re.compile(
    r"\b(?:organi[sz]ation|company|institution|affiliation)\b", re.IGNORECASE
)


def record(paper: Paper) -> str:
    """Return when, by whom and from where a paper is, as far as that is known."""
    parts = (_published(paper), _authors(paper), paper.organization or "")
    return " · ".join(part for part in parts if part)


def unknown(paper: Paper, question: str) -> str:
    """Return what a question asks of the record that is not known; empty where all is."""
    asked = (
        ("by whom it is", _AUTHORS_ASKED, bool(paper.authors)),
        ("when it was published", _DATE_ASKED, paper.published is not None),
        ("which organisation it is from", _ORGANIZATION_ASKED, bool(paper.organization)),
    )
    missing = [what for what, pattern, known in asked if not known and pattern.search(question)]
    return f"It is not known here {' or '.join(missing)}." if missing else ""


def _published(paper: Paper) -> str:
    when = paper_date(paper, DateForm.LONG)
    return f"Published {when}" if when else ""


def _authors(paper: Paper) -> str:
    named = ", ".join(paper.authors[:NAMED_AUTHORS])
    if named:
        return f"{named} and others" if len(paper.authors) > NAMED_AUTHORS else named
    if paper.author_count is None:
        return ""
    return "1 author" if paper.author_count == 1 else f"{paper.author_count} authors"
