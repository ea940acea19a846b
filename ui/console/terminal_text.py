"""Words about papers for a terminal, which nothing in them can steer."""

from __future__ import annotations

from assistant.paper_dates import paper_date
from ui.html.plain_text import readable
from ui.paper_facts import foreign_language, identifiers, shortened, suspicion
from vectorstore.records import Paper

NAMED_AUTHORS = 3
NAMED_CATEGORIES = 3


def terminal_text(text: str) -> str:
    """Return `text` on one line, without anything that could steer a terminal."""
    return " ".join("".join(c if c.isprintable() else " " for c in readable(text)).split())


def details(paper: Paper) -> str:
    """Return by whom, where and when the paper appeared, and as what, in brackets; empty where
    nothing is known.
    """
    known = (
        _names(paper.authors, NAMED_AUTHORS),
        *(paper.venue, paper.organization, paper_date(paper)),
        *identifiers(paper),
        _names(paper.categories, NAMED_CATEGORIES),
        *(foreign_language(paper), suspicion(paper)),
    )
    shown = ", ".join(terminal_text(detail) for detail in known if detail)
    return f"  ({shown})" if shown else ""


def _names(names: tuple[str, ...], most: int) -> str:
    named, more = shortened(names, most)
    return f"{', '.join(named)}{more}"
