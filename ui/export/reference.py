"""A paper as a reference in running text, as one would paste it into a note."""

from __future__ import annotations

from assistant.paper_dates import paper_date
from ui.export.export_sources import plain_line
from ui.paper_facts import identifiers
from vectorstore.records import Paper

NAMED_AUTHORS = 6


def reference(paper: Paper) -> str:
    """Return authors, title, venue, organisation, date, identifiers and address, as far as they are
    known, on one line.
    """
    origin = (paper.venue or "", paper.organization or "", paper_date(paper))
    known = (_authors(paper), paper.title, *origin, *identifiers(paper))
    sentences = [plain_line(part).rstrip(".") for part in known if plain_line(part)]
    address = plain_line(paper.url or "")
    return ". ".join(sentences) + "." + (f" {address}" if address else "")


def _authors(paper: Paper) -> str:
    named = ", ".join(paper.authors[:NAMED_AUTHORS])
    return f"{named}, et al" if len(paper.authors) > NAMED_AUTHORS else named
