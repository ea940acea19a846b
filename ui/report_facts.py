"""What a report of ingest found among the new papers, in the words that all views share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ui.answer_facts import counted

if TYPE_CHECKING:
    from ingest.report import IngestReport


def findings(report: IngestReport) -> Iterator[str]:
    """Yield a clause for each thing that a reader of the papers would want to know."""
    if report.same_abstract:
        papers = counted(report.same_abstract, "new paper")
        yield f"{papers} with the abstract of another paper, under another title"
    if report.suspicious:
        papers = counted(report.suspicious, "new paper")
        yield f"{papers} with hidden text, or text that addresses a model"
