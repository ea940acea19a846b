"""The quotes of an answer as a table for spreadsheets.

Owns what keeps a spreadsheet from calculating with words of a paper. Invariant: no cell begins as a
formula does.
"""

from __future__ import annotations

import csv
import io
import re

from assistant.answer import Answer
from ui.export.export_sources import exported_sources, plain_line

COLUMNS = (
    *("number", "paper_id", "title", "authors", "published", "organization", "url"),
    *("quote", "quote_start", "quote_end"),
)
# Spreadsheets look behind blanks and quotation marks, and some take wide signs for narrow ones.
_FORMULA = re.compile(r"[\s'\"]*[=+\-@|%\uff1d\uff0b\uff0d\uff20]")


def answer_csv(answer: Answer) -> str:
    """Return a line for each quote, below one of names; `quote_start` and `quote_end` are its place
    in the abstract, in characters.
    """
    table = io.StringIO()
    lines = csv.writer(table, quoting=csv.QUOTE_ALL)  # by RFC 4180, with CR LF
    lines.writerow(COLUMNS)
    for source in exported_sources(answer):
        paper = source.paper
        published = paper.published.isoformat() if paper.published else ""
        known = (paper.id, paper.title, "; ".join(paper.authors), published)
        more = (paper.organization or "", paper.url or "")
        for quote in source.quotes:
            cells = [_cell(text) for text in (*known, *more, quote.text)]
            lines.writerow((source.number, *cells, quote.span.start, quote.span.end))
    return table.getvalue()


def _cell(text: str) -> str:
    """Return `text` with an apostrophe before what a spreadsheet would take for a formula.

    One goes before an apostrophe that stands there already, so that taking the first one off gives
    the text again.
    """
    line = plain_line(text)
    return f"'{line}" if _FORMULA.match(line) else line
