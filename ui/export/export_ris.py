"""Papers as RIS, for programs that keep references: the sources of an answer, or each of a library.

RIS has no escaping. Invariant: a value is one line, so nothing in it is read as a tag.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from assistant.answer import Answer
from ui.export.export_sources import exported_sources, plain_line, plain_paper, without_controls
from vectorstore.records import DatePrecision, Paper

_END_OF_LINE = "\r\n"


def answer_ris(answer: Answer) -> str:
    """Return a record for each source, in the order of the numbers; every quote is a note."""
    return _END_OF_LINE.join(
        _record(
            plain_paper(source.paper), [("N1", plain_line(quote.text)) for quote in source.quotes]
        )
        for source in exported_sources(answer)
    )


def library_ris(paper: Paper) -> str:
    """Return the record of a paper of a library, from which it is read back as it is."""
    # White space in JSON says something, so that line is not folded.
    more = (("AB", _folded(paper.abstract)), ("C1", f"paperchat: {_exactly(paper)}"))
    return f"{_record(paper, more)}{_END_OF_LINE}"


def _record(paper: Paper, more: Iterable[tuple[str, str]]) -> str:
    tags = ((tag, _folded(text)) for tag, text in _tags(paper))
    lines = [f"{tag}  - {line}" for tag, line in (*tags, *more) if line]
    # What is known without a venue is an abstract, not where it appeared: of no special type.
    kind = "JOUR" if paper.venue else "GEN"
    return _END_OF_LINE.join((f"TY  - {kind}", *lines, "ER  - ", ""))


def _tags(paper: Paper) -> Iterator[tuple[str, str]]:
    yield "ID", paper.id
    yield "TI", paper.title
    yield from (("AU", author) for author in paper.authors)
    yield from _date(paper)
    yield "T2", paper.venue or ""
    yield "PB", paper.organization or ""
    yield "DO", paper.doi or ""
    yield "AN", f"arXiv:{paper.arxiv_id}" if paper.arxiv_id else ""
    yield "UR", paper.url or ""
    yield from (("KW", category) for category in paper.categories)


def _date(paper: Paper) -> Iterator[tuple[str, str]]:
    """Yield as much of the date as is known: year/month/day/, of which the end may be missing."""
    if paper.published is None:
        return
    day = paper.published
    yield "PY", f"{day.year:04}"
    if paper.date_precision is not DatePrecision.YEAR:
        known_day = f"{day.day:02}" if paper.date_precision is DatePrecision.DAY else ""
        yield "DA", f"{day.year:04}/{day.month:02}/{known_day}/"


def _exactly(paper: Paper) -> str:
    """Return as JSON what RIS has no tag for, and the texts whose white space a line loses."""
    exact: dict[str, object] = {"id": paper.id}
    exact |= {
        name: value
        for name in ("author_count", "comment_count", "organization")
        if (value := getattr(paper, name)) is not None
    }
    exact |= {
        name: text
        for name, text in (("title", paper.title), ("abstract", paper.abstract))
        if _folded(text) != text
    }
    if any("," in author for author in paper.authors):  # read as a last name, then the first
        exact["authors"] = paper.authors
    return json.dumps(exact)


def _folded(text: str) -> str:
    return " ".join(without_controls(text).split())
