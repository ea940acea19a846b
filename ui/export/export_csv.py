"""Tables for spreadsheets: the quotes of an answer, or the papers of a library.

Owns what keeps a spreadsheet from calculating with words of a paper. Invariant: no cell begins as a
formula does.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence

from assistant.answer import Answer
from assistant.paper_dates import paper_date
from ui.export.export_sources import exported_sources, plain_line, plain_paper, without_controls
from ui.export.paper_record import NAMES, paper_record
from vectorstore.records import Paper

COLUMNS = (
    *("number", "paper_id", "title", "authors", "published", "organization", "url"),
    *("arxiv_id", "doi", "venue", "categories"),
    *("quote", "quote_start", "quote_end"),
)
# Spreadsheets look behind blanks and quotation marks, and some take wide signs for narrow ones.
_FORMULA = re.compile(r"[\s'\"]*[=+\-@|%\uff1d\uff0b\uff0d\uff20]")


def answer_csv(answer: Answer) -> str:
    """Return a line for each quote, below one of names; `quote_start` and `quote_end` are its place
    in the abstract, in characters.
    """
    rows = [_row(COLUMNS)]
    for source in exported_sources(answer):
        known = _known(plain_paper(source.paper))
        for quote in source.quotes:
            place = (quote.span.start, quote.span.end)
            rows.append(_row((source.number, *known, plain_line(quote.text), *place)))
    return "".join(rows)


def library_csv_head() -> str:
    """Return the line of names above a library."""
    return _row(NAMES)


def library_csv(paper: Paper) -> str:
    """Return the line of a paper of a library, from which it is read back as it is."""
    record = paper_record(paper)
    return _row(_cell(record.get(name, "")) for name in NAMES)


def _known(paper: Paper) -> tuple[str, ...]:
    return (
        *(paper.id, paper.title, "; ".join(paper.authors), paper_date(paper)),
        *(paper.organization or "", paper.url or "", paper.arxiv_id or "", paper.doi or ""),
        *(paper.venue or "", "; ".join(paper.categories)),
    )


def _cell(value: object) -> object:
    return _joined(value) if isinstance(value, list) else value


def _joined(items: Sequence[str]) -> str:
    """Return the items between semicolons, or as a JSON list where that could be misread."""
    misread = items[0].startswith("[") or any(";" in item for item in items)
    return json.dumps(items, ensure_ascii=False) if misread else "; ".join(items)


def _row(cells: Iterable[object]) -> str:
    row = io.StringIO()
    guarded = [
        _guarded(without_controls(cell)) if isinstance(cell, str) else cell for cell in cells
    ]
    csv.writer(row, quoting=csv.QUOTE_ALL).writerow(guarded)  # by RFC 4180, with CR LF
    return row.getvalue()


def _guarded(text: str) -> str:
    """Return `text` with an apostrophe before what a spreadsheet would take for a formula.

    One goes before an apostrophe that stands there already, so that taking the first one off gives
    the text again.
    """
    return f"'{text}" if _FORMULA.match(text) else text
