"""A paper as a reference in running text, as one would paste it into a note."""

from __future__ import annotations

from ui.export.export_sources import plain_line
from vectorstore.records import Paper

NAMED_AUTHORS = 6


def reference(paper: Paper) -> str:
    """Return authors, title, organisation, date and address, as far as they are known, on one
    line.
    """
    published = paper.published.isoformat() if paper.published else ""
    known = (_authors(paper), paper.title, paper.organization or "", published)
    sentences = [plain_line(part).rstrip(".") for part in known if plain_line(part)]
    address = plain_line(paper.url or "")
    return ". ".join(sentences) + "." + (f" {address}" if address else "")


def _authors(paper: Paper) -> str:
    named = ", ".join(paper.authors[:NAMED_AUTHORS])
    return f"{named}, et al" if len(paper.authors) > NAMED_AUTHORS else named
