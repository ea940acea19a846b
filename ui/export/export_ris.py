"""The sources of an answer as RIS, for programs that keep references.

RIS has no escaping. Invariant: a value is one line, so nothing in it is read as a tag.
"""

from __future__ import annotations

from collections.abc import Iterator

from assistant.answer import Answer, Citation
from ui.export.export_sources import exported_sources, plain_line


def answer_ris(answer: Answer) -> str:
    """Return a record for each source, in the order of the numbers; every quote is a note."""
    return "\r\n".join(_record(source) for source in exported_sources(answer))


def _record(source: Citation) -> str:
    lines = [f"{tag}  - {line}" for tag, text in _tags(source) if (line := plain_line(text))]
    # What is known is an abstract, not where it was published: of no more special type.
    return "\r\n".join(("TY  - GEN", *lines, "ER  - ", ""))


def _tags(source: Citation) -> Iterator[tuple[str, str]]:
    paper = source.paper
    yield "ID", paper.id
    yield "TI", paper.title
    for author in paper.authors:
        yield "AU", author
    if paper.published:
        yield "PY", f"{paper.published.year:04}"
        yield "DA", f"{paper.published.isoformat().replace('-', '/')}/"
    yield "PB", paper.organization or ""
    yield "UR", paper.url or ""
    for quote in source.quotes:
        yield "N1", quote.text
