"""A few papers of one organisation or author, side by side: "compare the two X papers".

Owns the words for it, and what becomes of it where they have one paper or many.
"""

from __future__ import annotations

from assistant.answer import Intent, Named, Plan
from assistant.planning.intent import intents_of
from assistant.planning.moved_plan import MOST_COMPARED
from assistant.planning.phrases import one_of
from vectorstore.browse import browse
from vectorstore.filters import Filters
from vectorstore.library import Library

# Nothing but how many and whose: "compare the two papers from X", "contrast both X papers".
_FEW_OF = one_of(
    r"^\W*(?:please )?(?:compare|contrast) (?:(?:the|all|both|two|three|four|these|of) )*"
    r"(?:[\w.&'’-]+ ){0,4}?(?:papers|articles|preprints|works)\b"
    r"(?: (?:from|by|of)(?: [\w.&'’-]+){1,4})?\W*$"
)


def some_of_organization(question: str, filters: Filters, library: Library) -> Plan | None:
    """Return the plan to compare the papers of an organisation or an author, or to list them if not
    so few.
    """
    if not (filters.organization or filters.author) or Intent.COMPARE not in intents_of(question):
        return None
    if not _FEW_OF.search(question):
        return None
    papers = [hit.paper for hit in browse(library, MOST_COMPARED + 1, filters).hits]
    if not 1 < len(papers) <= MOST_COMPARED:
        return Plan(question, Intent.LIST, "", question, filters=filters)
    named = tuple(Named(paper.title, (paper.id,)) for paper in papers)
    return Plan(question, Intent.COMPARE, question, question, filters=filters, named=named)
