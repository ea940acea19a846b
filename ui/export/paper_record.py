"""A paper of a library as a record: what exports write of it, and JSON lines whole.

Where it was read is not in it, and neither is what is found out anew when it is read again.
"""

from __future__ import annotations

import json

from vectorstore.records import Paper

NAMES = (
    *("paper_id", "title", "abstract", "authors", "published", "date_precision", "author_count"),
    *("organization", "comment_count", "url", "arxiv_id", "doi", "venue", "categories"),
)


def paper_record(paper: Paper) -> dict[str, object]:
    """Return what is known by its name, in the order of `NAMES`; lists are lists of texts."""
    known = {
        "paper_id": paper.id,
        "authors": list(paper.authors) or None,
        "published": paper.published.isoformat() if paper.published else None,
        "date_precision": paper.date_precision.value,
        "categories": list(paper.categories) or None,
    }
    values = {name: known[name] if name in known else getattr(paper, name) for name in NAMES}
    return {name: value for name, value in values.items() if value is not None}


def library_json(paper: Paper) -> str:
    """Return the record as a line of JSON, in ASCII."""
    return f"{json.dumps(paper_record(paper))}\n"
